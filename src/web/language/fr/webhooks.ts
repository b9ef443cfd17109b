/** Words of webhooks: other software that is told what happened. */
export const webhooks = {
  title: 'Prévenir vos autres logiciels', text: 'Votre ERP ou votre CRM est prévenu dès qu’il se passe quelque chose ici : un message est parti, une promesse est donnée ou manquée, un litige s’ouvre ou se ferme, une facture est soldée.',
  none: 'Aucun logiciel n’est prévenu', noneText: 'Donnez l’adresse que votre ERP, votre CRM ou votre outil d’automatisation vous indique (« webhook »). Chaque appel est signé ; il porte des codes clients, des numéros de pièces et des montants, jamais de coordonnées ni de texte libre.',
  add: 'Ajouter un webhook', addTitle: 'Ajouter un webhook', url: 'Adresse du destinataire', urlHint: 'Elle commence par https://.', urlNeeded: 'Donnez l’adresse du destinataire.', events: 'Ce dont il est prévenu', eventsNeeded: 'Choisissez au moins un événement.', all: 'Tout cocher', noneOf: 'Tout décocher', create: 'Ajouter',
  full: 'Il y a déjà {{count}} webhooks : retirez-en un pour en ajouter un autre.', ownerAdds: 'Seuls les propriétaires de l’organisation ajoutent ou changent un webhook.',
  group: { messages: 'Messages', promises: 'Promesses de paiement', plans: 'Échéanciers', disputes: 'Litiges', items: 'Factures' },
  event: {
    email: { sent: 'Un e-mail est parti' }, letter: { made: 'Un courrier est prêt à imprimer' },
    promise: { given: 'Promesse notée', kept: 'Promesse tenue', broken: 'Promesse non tenue, ou en partie', ended: 'Promesse levée par une personne', reopened: 'Promesse close qui reprend' },
    plan: { accepted: 'Échéancier accepté', completed: 'Échéancier soldé', defaulted: 'Échéancier rompu', ended: 'Échéancier arrêté par une personne', reopened: 'Échéancier clos qui reprend' },
    dispute: { opened: 'Litige ouvert', decided: 'Litige tranché', closed: 'Litige clos', reopened: 'Litige rouvert' },
    items: { settled: 'Facture soldée par un lettrage ou un abandon', reopened: 'Facture soldée qui se rouvre' },
  },
  everything: 'Tous les événements', count_one: '{{count}} événement : {{names}}', count_other: '{{count}} événements : {{names}}', change: 'Événements', changeTitle: 'Ce dont il est prévenu', changed: 'Événements enregistrés : ils valent pour tout ce qui n’a pas encore été transmis.',
  secretTitle: 'Le secret de ce webhook', secretText: 'Copiez-le chez le destinataire, qui vérifie avec lui que les appels viennent bien d’ici. Il n’est montré que cette fois.', secret: 'Secret', copy: 'Copier', copied: 'Copié', secretDone: 'Je l’ai copié',
  secretFormer: 'L’ancien secret signe aussi pendant 24 heures : changez-le chez le destinataire d’ici là.',
  on: 'En marche', off: 'Arrêté', retrying: 'En échec', silent: { sample: 'C’est une société d’exemple : rien n’en part, aucun webhook n’est appelé.', frozen: 'Les envois sont gelés : aucun webhook n’est appelé avant qu’ils reprennent.' },
  because: {
    person: 'Arrêté par une personne le {{at}}. Ce qui se passe depuis attend.', gone: 'Arrêté le {{at}} : le destinataire a répondu qu’il n’en veut plus (410). Ce qui se passe depuis attend.',
    failing: 'Arrêté le {{at}}, après trois jours d’échecs. Ce qui se passe depuis attend.', unsure: 'Arrêté le {{at}} : un appel est resté sans réponse trop longtemps pour être répété sans vous. Le destinataire l’a peut-être déjà reçu.',
    restored: 'Arrêté le {{at}} : la base a été restaurée ou copiée. Vérifiez l’adresse et le secret, puis remettez-le en marche si cette base est la vraie.',
  },
  outcome: {
    taken: 'reçu ({{status}})', refused: 'refusé ({{status}})', timeout: 'pas de réponse en dix secondes', broken: 'coupé avant la réponse', lost: 'interrompu de notre côté', connection: 'destinataire injoignable', tls: 'certificat ou chiffrement refusé',
    dns: 'nom introuvable', address: 'l’adresse n’est pas permise (elle mène à un réseau interne, ou l’administrateur ne la permet plus)',
  },
  lastCall: 'Dernier appel le {{at}} : {{outcome}}.', noCall: 'Pas encore d’appel.', nextTry: 'Nouvel essai le {{at}}.', waiting_one: '{{count}} appel attend.', waiting_other: '{{count}} appels attendent.', more: 'D’autres événements suivent.', formerUntil: 'L’ancien secret signe aussi jusqu’au {{at}}.',
  test: 'Essayer', testOf: 'Essayer {{address}}', tested: 'Essai {{outcome}}', rotate: 'Nouveau secret', rotateTitle: 'Donner un nouveau secret', rotateText: 'Le nouveau secret signe tout de suite, l’ancien à côté de lui pendant 24 heures : le destinataire accepte l’un et l’autre, rien ne se perd.',
  switchOff: 'Arrêter', switchedOff: 'Arrêté : ce qui se passe attend.', switchOn: 'Remettre en marche', switchOnTitle: 'Remettre en marche', switchedOn: 'Remis en marche.', from: 'D’où reprendre ?',
  fromHere: 'Là où il s’est arrêté', fromHereText: 'Tout ce qui s’est passé depuis est envoyé, dans l’ordre.', fromNow: 'À partir de maintenant', fromNowText: 'Ce qui attend, et ce qui s’est passé depuis, n’est jamais envoyé.', fromUnsure: 'Un destinataire qui aurait oublié l’appel resté sans réponse le prendrait pour nouveau.',
  remove: 'Retirer', removeOf: 'Retirer {{address}}', removeTitle: 'Retirer ce webhook ?', removeText: 'Il n’est plus appelé, son secret est effacé et ce qui attend n’est jamais envoyé. Cela ne se défait pas.', removed: 'Webhook retiré.',
  notice_one: '{{count}} logiciel n’est plus prévenu : son webhook s’est arrêté de lui-même.', notice_other: '{{count}} logiciels ne sont plus prévenus : leurs webhooks se sont arrêtés d’eux-mêmes.', noticeGo: 'Voir et reprendre',
} as const;

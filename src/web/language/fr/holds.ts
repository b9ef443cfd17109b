/** Words of holds: why not to chase now. */
export const holds = {
  panelTitle: 'Suspendre les relances : {{customer}}', kindLabel: 'Motif de la suspension',
  kinds: { promise: 'Promesse', dispute: 'Litige', plan: 'Échéancier', pause: 'Pause', insolvency: 'Procédure collective' },
  menu: { promise: 'Promesse de paiement…', dispute: 'Litige…', plan: 'Échéancier…', pause: 'Pause…' },
  about: 'Porte sur', noneChosen: 'Aucune pièce choisie', andMore: ' et {{count}} autres', chooseDocuments: 'Choisir les pièces', hideDocuments: 'Masquer la liste', allDocuments: 'Toutes les pièces ouvertes',
  document: 'Pièce', documents_one: '{{count}} pièce', documents_other: '{{count}} pièces', wholeAccount: 'Tout le compte', currency: 'Devise', currencyHint: 'Ce client doit en plusieurs devises : une promesse ou un échéancier est dans une seule.',
  note: 'Note (facultatif)', nothingOpen: 'Ce client ne doit rien', nothingOpenText: 'Aucune pièce n’est ouverte. Une pause ou une procédure collective restent possibles.',
  channels: { phone: 'Téléphone', email: 'E-mail', letter: 'Courrier', portal: 'Portail', inPerson: 'De vive voix' },
  fault: {
    amount: 'Écrivez un montant positif en {{currency}}.', overOpen: 'C’est plus que ce qui est ouvert ({{open}}).', day: 'Indiquez un jour.', past: 'Ce jour est passé : choisissez-en un à venir.', toCome: 'Le jugement ne peut pas être à venir.',
    publishedBefore: 'La publication ne peut pas précéder le jugement.', documents: 'Choisissez au moins une pièce.', tooMany: 'Choisissez {{count}} pièces au plus.', reason: 'Dites pourquoi en quelques mots.',
  },
  promise: {
    amount: 'Montant promis ({{currency}})', until: 'Payé au plus tard le', by: 'Promis par (facultatif)', channel: 'Comment', save: 'Enregistrer la promesse', saved: 'Promesse de {{customer}} enregistrée.',
    follows_one: 'Ces pièces ne sont plus relancées. Si l’argent n’est pas là le {{day}} ({{count}} jour ouvré de grâce), la relance reprend, plus ferme.', follows_other: 'Ces pièces ne sont plus relancées. Si l’argent n’est pas là le {{day}} ({{count}} jours ouvrés de grâce), la relance reprend, plus ferme.',
  },
  dispute: {
    amount: 'Montant contesté ({{currency}})', amountHint: 'Tout ce qui reste dû, ou la part contestée : le reste est relancé.', reason: 'Objet du litige', plainReasons: 'En clair', eInvoice: 'e-facture', noReason: 'Aucun motif ne correspond.',
    owner: 'Responsable (facultatif)', ownerHint: 'Qui fait avancer le litige, même hors de la comptabilité.', ownerEmail: 'Son e-mail (facultatif)', deadline: 'À régler avant le', follows_one: 'Plan d’action de {{count}} étape. D’abord : {{first}}.', follows_other: 'Plan d’action de {{count}} étapes. D’abord : {{first}}.',
    save: 'Ouvrir le litige', saved: 'Litige ouvert sur {{document}}.',
  },
  plan: {
    mode: 'Comment répartir', regular: 'Par rythme', byHand: 'À la main', count: 'Échéances', every: 'Chaque', periods: { month: 'mois', week: 'semaine', days: 'N jours' }, days: 'Jours', firstOn: 'La première le',
    preview: 'Aperçu de l’échéancier', number: 'N°', dueOn: 'Le', amount: 'Montant', dueOnOf: 'Jour de l’échéance {{number}}', amountOf: 'Montant de l’échéance {{number}}', remove: 'Retirer l’échéance {{number}}', add: 'Ajouter une échéance',
    sum: 'Total : {{sum}} sur {{total}}', left: 'il reste {{amount}} à répartir', over: '{{amount}} de trop', accepted: 'Le client a donné son accord', acceptedHint: 'Sans accord, l’échéancier est seulement proposé et ne suspend rien.', acceptedBy: 'Accord donné par', whoNeeded: 'Dites qui a donné l’accord.',
    save: 'Enregistrer l’échéancier', propose: 'Proposer l’échéancier', saved: 'Échéancier de {{customer}} enregistré.', proposed: 'Échéancier proposé à {{customer}} : imprimez-le depuis la fiche, puis notez l’accord.',
    pdf: 'Échéancier (PDF)', accept: 'Noter l’accord', acceptTitle: 'Accord du client', acceptText: 'À partir de maintenant, les pièces de cet échéancier ne sont plus relancées tant que chaque échéance est payée.', acceptedDone: 'Accord noté : les pièces de l’échéancier ne sont plus relancées.',
  },
  pause: { until: 'Jusqu’au', untilHint: 'Ce jour compris ; la relance reprend le lendemain.', reason: 'Pourquoi ?', reasonExample: 'Négociation en cours, vacances du client…', save: 'Mettre en pause', saved: 'Relances en pause jusqu’au {{day}}.' },
  insolvency: {
    follows: 'Toutes les relances et les pénalités de ce client s’arrêtent, sans date de fin. Les dettes d’avant le jugement ne peuvent plus être payées : il faut déclarer la créance.', judgment: 'Jour du jugement d’ouverture', court: 'Tribunal (facultatif)', courtExample: 'Tribunal de commerce de Nantes',
    published: 'Publié au BODACC le', publishedHint: 'Facultatif maintenant : le délai court à partir de ce jour.', filed: 'Créance déclarée le', save: 'Enregistrer la procédure', saved: 'Procédure collective de {{customer}} enregistrée : tout est suspendu.',
    claimBy: 'Créance à déclarer au plus tard le {{day}}', claimSource: 'Selon', unreviewed: 'Règle lue par nos soins, non relue par un juriste : vérifiez auprès du mandataire.', complete: 'Publication, déclaration…', changed: 'Procédure complétée.',
  },
  ends: { enteredByMistake: 'saisie par erreur, annulée aussitôt', replanned: 'remplacé par un autre échéancier', importUndone: 'import annulé' },
  receivedOf: '{{received}} reçus sur {{amount}}', promisedFor: 'À payer au plus tard le {{day}}', nextInstalment: 'Prochaine échéance : {{amount}} le {{day}}', acceptedOn: 'Accord du {{day}}, {{by}}', nobody: 'Sans responsable', deadlineOn: 'À régler avant le {{day}}', deadlineLate: 'Aurait dû être réglé le {{day}}',
  pausedUntil: 'Jusqu’au {{day}}', judgedOn: 'Jugement du {{day}}', publishedOn: 'Publié au BODACC le {{day}}', filedOn: 'Créance déclarée le {{day}}', late: 'délai dépassé', noAmount: 'Sans montant', count_one: '{{count}} dossier', count_other: '{{count}} dossiers',
  open: 'Ouvrir', openOf: 'Ouvrir : {{name}}', end: 'Terminer', endOf: 'Terminer : {{name}}', endWhy: 'Pourquoi ?', endText: 'La relance reprend dès le prochain passage. Vous pourrez revenir en arrière aujourd’hui.', endProposedText: 'La proposition est retirée : elle ne suspendait rien.',
  endTitle: { promise: 'Terminer la promesse', dispute: 'Retirer le litige', plan: 'Terminer l’échéancier', pause: 'Terminer la pause', insolvency: 'Terminer la procédure' }, ended: 'Suspension terminée.', resume: 'Reprendre', resumed: 'La suspension est de nouveau en cours.', takenBack: 'La saisie est annulée.',
  comments: { title: 'Commentaires', none: 'Aucun commentaire.', new: 'Nouveau commentaire', add: 'Ajouter', added: 'Commentaire ajouté.' },
  files: {
    title: 'Fichiers', none: 'Aucun fichier.', join: 'Joindre un fichier', limits: 'PDF, images, Word, Excel ou texte ; {{megabytes}} Mo par fichier, {{files}} fichiers au plus.', full: 'Les {{count}} fichiers possibles sont joints.', tooLarge: '« {{name}} » dépasse {{count}} Mo : réduisez-le, puis joignez-le de nouveau.',
    sending: 'Envoi de {{name}} : {{share}} %', joined: '{{name}} est joint.',
  },
} as const;

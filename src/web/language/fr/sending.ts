/** Words of what leaves: settings of sending, the stop of everything, what came back. */
export const sending = {
  save: 'Enregistrer l’envoi', saved: 'Réglages d’envoi enregistrés.', testsCancelled_one: '{{count}} action faite en test est annulée.', testsCancelled_other: '{{count}} actions faites en test sont annulées.', backForApproval_one: '{{count}} mise en demeure attend une seconde approbation.', backForApproval_other: '{{count}} mises en demeure attendent une seconde approbation.',
  fault: { whole: 'Écrivez un nombre entier, 1 au moins.', reason: 'Dites pourquoi, en {{count}} caractères au moins.' },
  stop: {
    title: 'Tout arrêter', text: 'Plus rien n’est proposé et rien ne part, par aucun canal ; ce qui est approuvé attend. Chacun voit pourquoi, sur toutes les pages.', stopped: 'Tout est arrêté : la raison est en haut de chaque page.', why: 'Pourquoi ? (lu par toute l’équipe)', button: 'Tout arrêter', confirm: 'Tout arrêter maintenant', done: 'Tout est arrêté.',
    end: 'Reprendre', ended: 'Les relances reprennent.', whoEnds: 'Le propriétaire, ou qui a tout arrêté, peut reprendre.', banner: 'Toutes les relances sont arrêtées', since: 'Depuis le {{at}}, par {{by}}.',
  },
  breaker: {
    title: 'E-mails', closed: 'Les e-mails partent', open: 'E-mails arrêtés', stoppedOn: 'Arrêtés d’eux-mêmes le {{at}}', cause: { bounces: '{{bounces}} adresses refusées sur {{mails}} envois : continuer ferait classer tous vos messages en indésirables. Corrigez les adresses ci-dessous, puis reprenez.', complaints: '{{complaints}} plaintes sur {{mails}} envois : continuer ferait bloquer vos messages. Voyez à qui l’on écrit, puis reprenez.' },
    noMail: 'Aucun e-mail n’a encore été compté.', latest_one: 'Le dernier e-mail : {{bounces}} adresse refusée, {{complaints}} plainte.', latest_other: 'Les {{count}} derniers e-mails : {{bounces}} adresses refusées, {{complaints}} plaintes.', why: 'Pourquoi reprendre ?', resume: 'Reprendre les e-mails', resumed: 'Les e-mails reprennent ; le compte repart de zéro.', ownerResumes: 'Seul le propriétaire peut reprendre.',
    limits: 'Coupe-circuit', limitsText: 'Les e-mails s’arrêtent d’eux-mêmes au-delà de ces parts des 1 000 derniers. Elles ne peuvent être que plus strictes.', bounces: 'Adresses refusées, pour 1 000', bouncesText: 'Au plus {{percent}} %.', complaints: 'Plaintes, pour 100 000', complaintsText: 'Au plus {{percent}} %.',
  },
  hours: {
    title: 'Heures et fréquence', text: 'E-mails, SMS et appels attendent ces heures, à l’heure du client. Les courriers partent à toute heure. Week-ends et jours fériés sont exclus d’office.', business: 'Professionnels et acheteurs publics', consumer: 'Particuliers', closed: 'fermé', from: '{{day}}, plage {{number}}, de', until: '{{day}}, plage {{number}}, à', remove: 'Retirer la plage {{number}} du {{day}}',
    add: '+ plage', addOn: 'Ajouter une plage le {{day}}', copy: 'Lundi pour toute la semaine', defaults: 'Revenir aux heures proposées', save: 'Enregistrer les heures', saved: 'Heures et fréquence enregistrées.',
  },
  days: { monday: 'Lundi', tuesday: 'Mardi', wednesday: 'Mercredi', thursday: 'Jeudi', friday: 'Vendredi', saturday: 'Samedi', sunday: 'Dimanche' },
  cap: { switch: 'Limiter le nombre de contacts par client', text: 'Tous canaux confondus, appels notés à la main compris.' },
  test: {
    title: 'Mode test', on: 'Mode test en cours', switch: 'Envoyer à mon adresse de test, jamais aux clients', address: 'Adresse de test', addressNeeded: 'Indiquez l’adresse qui reçoit les essais.',
    changes: { mail: 'Chaque e-mail va à cette adresse ; l’objet et la première ligne disent à qui il était destiné.', letters: 'Les courriers vont au dossier d’impression sous le nom TEST-….', counts: 'Rien ne compte comme envoyé : aucune étape n’avance.', leaving: 'En quittant le mode test, ce qui attend encore est annulé, puis proposé de nouveau au prochain passage.' },
  },
  approvals: { title: 'Approbations', fourEyes: 'Deux personnes pour une mise en demeure', fourEyesText: 'La seconde ne peut pas être la première. Celles qu’une personne a déjà approuvées attendront la seconde.', days: 'Une approbation vaut (jours)', daysText: 'Au-delà, l’action est réexaminée avant de partir, ou expire avec sa raison.' },
  rates: { title: 'Rythme d’envoi', switch: 'Limiter le nombre d’e-mails', text: 'À régler selon ce que votre serveur d’e-mail accepte. Sans limite : aussi vite qu’il les prend.', perHour: 'Par heure', perDay: 'Par jour', perDomainHour: 'Par heure et par domaine', perDomainDay: 'Par jour et par domaine' },
  bank: { title: 'Fraîcheur de la banque', switch: 'Attendre les relevés bancaires importés régulièrement', text: 'Si un relevé se fait attendre, rien n’est relancé : un client pourrait avoir payé.', days: 'Ancienneté maximale (jours ouvrés)', accounts: 'Comptes attendus', none: 'Aucun compte n’est encore importé régulièrement : aucun n’est attendu.', leftOut: 'pas attendu', lastOn_zero: 'dernier relevé au {{day}}, à jour', lastOn_one: 'dernier relevé au {{day}}, {{count}} jour ouvré', lastOn_other: 'dernier relevé au {{day}}, {{count}} jours ouvrés' },
  returns: {
    title: 'Retours d’e-mails', none: 'Aucun retour', noneText: 'Une adresse refusée ou une plainte s’afficherait ici.', address: 'Adresse', what: 'Quoi', kinds: { hard: 'adresse morte', blocked: 'message bloqué', soft: 'retard', complaint: 'plainte' }, note: 'Noter une adresse', addressNeeded: 'Indiquez l’adresse.', save: 'Noter', noted_zero: 'Noté. Aucun contact ne porte cette adresse.', noted_one: 'Noté : {{count}} contact ne sera plus écrit à cette adresse.', noted_other: 'Noté : {{count}} contacts ne seront plus écrits à cette adresse.',
    lift: 'Redonner sa chance', liftOf: 'Redonner sa chance à {{address}}', liftTitle: 'Écrire de nouveau à cette adresse', liftText: 'Les prochaines relances pourront aller à {{address}}.', liftWhy: 'Comment savez-vous qu’elle est bonne ?', lifted: '{{address}} peut de nouveau recevoir.', liftedAt: 'levé le {{at}}',
  },
  refusals: { title: 'Refus de contact', none: 'Aucun refus', noneText: 'Un contact qui ne veut plus être joint par un canal se note sur sa fiche.', refuses: 'refuse : {{channel}}', lift: 'Lever le refus', liftOf: 'Lever le refus : {{customer}}', lifted: 'Refus levé : {{customer}} peut de nouveau être contacté.' },
} as const;

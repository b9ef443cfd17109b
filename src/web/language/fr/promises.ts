/** Words of the page of promises and plans. */
export const promises = {
  title: 'Promesses et échéanciers', one: 'Promesse ou échéancier', show: 'Promesses et échéanciers affichés', shown: { open: 'En cours', proposed: 'À accepter', late: 'En retard', failed: 'Non tenus', kept: 'Tenus', all: 'Tous' }, kind: 'Nature', kinds: { both: 'Promesses et échéanciers', promise: 'Promesses', plan: 'Échéanciers' },
  customer: 'Client', state: 'État', when: 'Prochaine date', amount: 'Montant', grace_zero: 'sans délai de grâce', grace_one: '+ {{count}} jour ouvré de grâce', grace_other: '+ {{count}} jours ouvrés de grâce', graceText_zero: 'Sans délai de grâce.', graceText_one: '{{count}} jour ouvré de grâce après ce jour.', graceText_other: '{{count}} jours ouvrés de grâce après ce jour.', since: 'depuis le {{day}}',
  received: '{{amount}} reçus', share: '{{name}} : {{share}} % reçus', none: 'Aucune promesse en cours', noneText: 'Une promesse ou un échéancier s’enregistre depuis la fiche d’un client ; Acquit dit de lui-même s’il est tenu.', noMatch: 'Rien ne correspond.', clear: 'Effacer les filtres',
  instalments: 'Échéances', paid: 'Payé', lastDay: 'grâce jusqu’au {{day}}', instalmentStates: { paid: 'payée', due: 'à venir', late: 'en retard', missed: 'manquée' }, items: 'Pièces couvertes', openThen: 'Ouvert alors', openNow: 'Ouvert aujourd’hui',
} as const;

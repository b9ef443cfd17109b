/** Words of the disputes page. */
export const disputes = {
  title: 'Litiges', one: 'Litige', show: 'Litiges affichés', shown: { open: 'En cours', mine: 'À moi', late: 'En retard', nobody: 'Sans responsable', all: 'Tous, terminés compris' }, anyReason: 'Tous les motifs', anyOwner: 'Tous les responsables', groupBy: 'Regrouper',
  groups: { none: 'Plus anciens d’abord', owner: 'Par responsable', age: 'Par ancienneté' }, ageGroup: '{{days}} jours', customer: 'Client', reason: 'Objet', owner: 'Responsable', deadline: 'À régler avant', ageColumn: 'Âge', age_one: '{{count}} j', age_other: '{{count}} j', amount: 'Montant', lateSince: 'en retard depuis le {{day}}',
  none: 'Aucun litige en cours', noneText: 'Un litige s’ouvre depuis la fiche d’un client ou le menu d’une pièce ; la pièce n’est alors plus relancée.', noMatch: 'Aucun litige ne correspond.', clear: 'Effacer les filtres', toCustomers: 'Voir les clients',
  statistics: 'Causes des litiges', statisticsBy: 'Compter', by: { reason: 'Par motif', owner: 'Par responsable', age: 'Par ancienneté' }, openCount: 'En cours', endedCount: 'Terminés', resolved: 'Durée moyenne', ofWhichLate: 'dont {{count}} en retard', daysMean: '{{days}} j', filterBy: 'Afficher les litiges : {{name}}', shareOf: 'Nombre de litiges : {{name}}',
  statisticsNone: 'Rien à compter pour l’instant.', statisticsSince: 'Litiges en cours, et ceux terminés depuis le {{day}}. La durée moyenne porte sur les terminés.',
  amountOf: '{{amount}} sur {{open}} restant dus', openedOn: 'Ouvert', openedBy: '{{day}}, par {{by}}', endedOn: 'Terminé', withdraw: 'Retirer le litige…', edit: 'Modifier le litige', amountEmpty: 'Vide : toute la pièce.', changed: 'Litige modifié.',
  plan: 'Plan d’action', planDone: '{{done}} sur {{total}}', stepBy: 'avant le {{day}}', stepLate: 'en retard : c’était pour le {{day}}', stepDone: 'fait par {{by}}, {{at}}',
  decision: 'Décision', decisionAgain: 'Changer la décision', outcomes: { accepted: 'Le client a raison : un avoir sera fait', partly: 'Le client a raison en partie', rejected: 'La facture est maintenue' }, granted: 'Montant accordé ({{currency}})', decisionNote: 'Pourquoi (facultatif, ajouté aux commentaires)',
  thenTitle: 'Ce qui va suivre', follows: {
    accepted: '{{amount}} restent hors relance jusqu’à l’avoir. S’il n’est pas au grand livre le {{day}}, on vous le demandera. Vous pourrez changer d’avis d’ici là.', partly: '{{granted}} restent hors relance jusqu’à l’avoir, attendu d’ici au {{day}}. Le reste, {{rest}}, est relancé de nouveau dès le prochain passage.',
    partlyUnknown: 'Indiquez le montant accordé : il reste hors relance jusqu’à l’avoir, le reste est relancé de nouveau.', rejected: 'Le litige se termine et les {{amount}} restant dus sont relancés de nouveau dès le prochain passage, à l’étape qui suit la dernière faite.',
  },
  decide: { accepted: 'Accepter', partly: 'Accepter en partie', rejected: 'Maintenir la facture' }, decided: { accepted: 'Litige accepté : l’avoir est attendu.', partly: 'Litige accepté en partie : le reste est de nouveau relancé.', rejected: 'Facture maintenue : la relance reprend.' },
} as const;

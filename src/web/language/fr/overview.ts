/** Words of the first screen. */
export const overview = {
  title: 'Vue d’ensemble', on: 'Au {{day}}', outstanding: 'Encours', outstandingHint: 'Tout ce que vos clients vous doivent, échu ou non', overdue: 'En retard', overdueHint: '{{share}} de l’encours',
  credits: 'Crédits non lettrés', creditsHint: 'Avoirs et règlements à rapprocher', balance: 'Solde du compte clients', balanceHint: 'Encours moins crédits : égal à votre compte 411',
  agedTitle: 'Balance âgée', chart: 'Graphique', table: 'Tableau', currency: 'Devise', bucket: 'Ancienneté', amount: 'Montant', share: 'Part', total: 'Total', chartLabel: 'Balance âgée en {{currency}} : {{text}}',
  noOpen: 'Aucune facture ouverte : tout est réglé.',
  todayTitle: 'À faire aujourd’hui', toApprove_one: '{{count}} relance à approuver', toApprove_other: '{{count}} relances à approuver', approveNow: 'Voir et approuver',
  outbox_one: '{{count}} message dans la boîte d’envoi', outbox_other: '{{count}} messages dans la boîte d’envoi', seeOutbox: 'Voir la boîte d’envoi',
  parked_one: '{{count}} envoi incertain : est-il arrivé ?', parked_other: '{{count}} envois incertains : sont-ils arrivés ?', decide: 'Décider', failed_one: '{{count}} envoi en échec', failed_other: '{{count}} envois en échec', seeFailed: 'Voir pourquoi',
  sentToday_one: '{{count}} message envoyé aujourd’hui', sentToday_other: '{{count}} messages envoyés aujourd’hui', nothing: 'Rien n’attend votre décision.',
  run: 'Chercher les relances du jour', running: 'Examen des comptes…', runDone_one: '{{count}} relance proposée.', runDone_other: '{{count}} relances proposées.', runNone: 'Aucune nouvelle relance à proposer aujourd’hui.',
  runStale: 'Le grand livre est trop ancien : importez-le avant de relancer.', runBank: 'Les relevés bancaires sont trop anciens : importez-les avant de relancer.', halt: { bounces: 'Les e-mails sont arrêtés depuis le {{day}} : {{bounces}} adresses refusées sur {{mails}} envois.', complaints: 'Les e-mails sont arrêtés depuis le {{day}} : {{complaints}} plaintes sur {{mails}} envois.' }, runStop: 'Les relances sont arrêtées dans les réglages.',
  lastRun: 'Dernier passage le {{day}}', neverRun: 'Aucun passage pour l’instant',
  freshTitle: 'Grand livre', importedOn: 'Importé le {{day}}', neverImported: 'Aucun import', fresh: 'À jour', stale: 'Trop ancien pour relancer', staleText: 'Au-delà de {{limit}} jours ouvrés sans import, aucune relance ne part : un client pourrait avoir payé.', importNow: 'Importer',
  largestTitle: 'Plus gros retards', lateBy: '{{count}} j de retard', seeAll: 'Tous les clients en retard', noneLate: 'Aucun client en retard.',
  setupTitle: 'Avant le premier envoi', missingIban: 'Indiquez votre IBAN : il figure sur chaque relance.', missingSender: 'Indiquez l’adresse e-mail qui envoie vos relances.', missingAddress: 'Indiquez votre adresse postale : la loi la veut sur vos courriers.',
  missingPassword: 'Choisissez un mot de passe pour revenir sans lien.', missingMail: 'Aucun serveur d’e-mail n’est réglé (ACQUIT_SMTP_URL) : les e-mails attendent dans la boîte d’envoi.', complete: 'Compléter',
  mute_one: '{{count}} client en retard n’a pas d’adresse e-mail', mute_other: '{{count}} clients en retard n’ont pas d’adresse e-mail', haltGo: 'Voir et reprendre', seeMute: 'Voir lesquels',
} as const;

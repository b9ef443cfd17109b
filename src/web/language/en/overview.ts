import type { overview as french } from '../fr/overview.ts';
import type { Same } from '../same.ts';

/** Words of the first screen. */
export const overview: Same<typeof french> = {
  title: 'Overview', on: 'As of {{day}}', outstanding: 'Outstanding', outstandingHint: 'All that your customers owe you, due or not', overdue: 'Overdue', overdueHint: '{{share}} of the outstanding',
  credits: 'Unallocated credits', creditsHint: 'Credit notes and receipts to be matched', balance: 'Balance of the customer account', balanceHint: 'Outstanding less credits: equal to your ledger account',
  agedTitle: 'Aged balance', chart: 'Chart', table: 'Table', currency: 'Currency', bucket: 'Age', amount: 'Amount', share: 'Share', total: 'Total', chartLabel: 'Aged balance in {{currency}}: {{text}}',
  noOpen: 'No open invoice: everything is paid.',
  todayTitle: 'To do today', toApprove_one: '{{count}} reminder to approve', toApprove_other: '{{count}} reminders to approve', approveNow: 'See and approve',
  outbox_one: '{{count}} message in the outbox', outbox_other: '{{count}} messages in the outbox', seeOutbox: 'See the outbox',
  parked_one: '{{count}} uncertain sending: did it arrive?', parked_other: '{{count}} uncertain sendings: did they arrive?', decide: 'Decide', failed_one: '{{count}} failed sending', failed_other: '{{count}} failed sendings', seeFailed: 'See why',
  sentToday_one: '{{count}} message sent today', sentToday_other: '{{count}} messages sent today', nothing: 'Nothing waits for your decision.',
  run: 'Find today’s reminders', running: 'Looking at the accounts…', runDone_one: '{{count}} reminder proposed.', runDone_other: '{{count}} reminders proposed.', runNone: 'No new reminder to propose today.',
  runStale: 'The ledger is too old: import it before sending reminders.', runBank: 'The bank statements are too old: import them before chasing.', halt: { bounces: 'E-mail has been stopped since {{day}}: {{bounces}} addresses refused out of {{mails}} sent.', complaints: 'E-mail has been stopped since {{day}}: {{complaints}} complaints out of {{mails}} sent.' }, runStop: 'Reminders are stopped in the settings.',
  lastRun: 'Last run on {{day}}', neverRun: 'No run yet',
  freshTitle: 'Ledger', importedOn: 'Imported on {{day}}', neverImported: 'Never imported', fresh: 'Up to date', stale: 'Too old to send reminders', staleText: 'After {{limit}} working days without an import nothing is sent: a customer may have paid.', importNow: 'Import',
  largestTitle: 'Largest overdue', lateBy: '{{count}} d late', seeAll: 'All overdue customers', noneLate: 'No customer is late.',
  setupTitle: 'Before the first sending', missingIban: 'Give your IBAN: it stands on every reminder.', missingSender: 'Give the e-mail address that sends your reminders.', missingAddress: 'Give your postal address: the law wants it on your letters.',
  missingPassword: 'Choose a password to come back without a link.', missingMail: 'No mail server is set (ACQUIT_SMTP_URL): e-mails wait in the outbox.', complete: 'Complete',
  mute_one: '{{count}} overdue customer has no e-mail address', mute_other: '{{count}} overdue customers have no e-mail address', haltGo: 'See and go on', seeMute: 'See which',
};

import type { drops as french } from '../fr/drops.ts';
import type { Same } from '../same.ts';

/** Words of files dropped together and of what became of each. */
export const drops: Same<typeof french> = {
  folder: 'Choose a folder',
  order: 'In this order: ledgers and tables, invoices, invoice statuses, then bank statements. A refused file does not stop the others.',
  sending: 'Sending: {{done}} of {{total}} files', reading: 'Reading: {{done}} of {{total}} files', mayLeave: 'You may leave this page and come back: the server goes on.', stay: 'Keep this tab open until everything is sent.',
  cancel: 'Cancel what waits', list: 'Files', progressOf: 'Progress of {{file}}', totalProgress: 'Progress of the whole',
  state: { waiting: 'Waiting', sending: 'Sending', arrived: 'Arrived', reading: 'Reading', done: 'Read', failed: 'Failed', cancelled: 'Cancelled', unsent: 'Not sent' },
  stage: { applied: 'Applied', unchanged: 'Already known', refused: 'Refused', toConfirm: 'To confirm', undone: 'Undone' },
  paused: 'Sending has stopped', pausedText_one: '{{done}} of {{total}} files has arrived. Once the connection is back, go on where it was.', pausedText_other: '{{done}} of {{total}} files have arrived. Once the connection is back, go on where it was.', resume: 'Go on sending',
  cut: 'Sending was interrupted', cutText_one: '{{done}} of {{total}} files arrived before the page was closed; the rest must be dropped again.', cutText_other: '{{done}} of {{total}} files arrived before the page was closed; the rest must be dropped again.', startArrived_one: 'Import the file that arrived', startArrived_other: 'Import the {{count}} files that arrived', giveUp: 'Give up',
  offline: 'The server does not answer. Reading goes on over there; this page asks again until it answers.',
  lost: 'This drop is no longer followed', lostText: 'The server has restarted since. What was applied stays applied; a file that was being read is not. From the history:', lostApplied: 'applied', lostAgain: 'to be dropped again', understoodIt: 'Understood',
  summary_one: '{{count}} file', summary_other: '{{count}} files', applied_one: '{{count}} applied', applied_other: '{{count}} applied', unchanged_one: '{{count}} already known', unchanged_other: '{{count}} already known', refused_one: '{{count}} refused', refused_other: '{{count}} refused',
  toConfirm_one: '{{count}} to confirm', toConfirm_other: '{{count}} to confirm', failed_one: '{{count}} failed', failed_other: '{{count}} failed', cancelled_one: '{{count}} cancelled', cancelled_other: '{{count}} cancelled',
  filter: { label: 'Files shown', all: 'All', problems: 'With remarks', refused: 'Refused' }, noneShown: 'No file in this choice.', more: 'Show the next files',
  matched: { line: 'Matching: {{parts}}.', applied_one: '{{count}} payment placed by itself', applied_other: '{{count}} payments placed by themselves', linked_one: '{{count}} in the ledger already', linked_other: '{{count}} in the ledger already', left_one: '{{count}} line to place', left_other: '{{count}} lines to place', see: 'Open matching' },
  atLine: 'Line {{line}}', summaryLine: '{{files}}: {{parts}}', results: 'Results', others: 'Import other files', allRemarks: 'Download all remarks', remarks: 'Download the remarks', allOf: 'Show all remarks ({{count}})', archive_one: 'Archive: {{count}} file', archive_other: 'Archive: {{count}} files',
  unchangedBy: 'Already imported on {{at}} by {{by}}: nothing changed.', refusedText: 'Nothing of this file was imported.', foreign: 'It is our account', foreignHint: 'The account will be known as one of yours and the statement imported.', columns: 'Check the columns', hideColumns: 'Close the columns', retry: 'Try again', customer: 'See the customer', toReview: 'Set aside: to be checked', undo: 'Undo', undoOf: 'Undo the import of {{file}}',
  format: {
    fec: 'FEC ledger', csv: 'CSV table', xlsx: 'Excel workbook', camt052: 'Intraday report camt.052', camt053: 'Bank statement camt.053', camt054: 'Credit and debit notice camt.054', cfonb120: 'Bank statement CFONB 120', cfonb240: 'Returned operations CFONB 240',
    mt940: 'Bank statement MT940', ofx: 'Bank statement OFX', cii: 'E-invoice CII', ubl: 'E-invoice UBL', facturx: 'E-invoice Factur-X', cdar: 'Invoice status', zip: 'Archive of files', bankTable: 'Bank statement as a table', unknown: 'File not recognised',
  },
  bankLines_zero: 'No new bank line', bankLines_one: '{{count}} new bank line', bankLines_other: '{{count}} new bank lines', known_one: '{{count}} already known', known_other: '{{count}} already known',
  takenBack_one: '{{count}} returned payment', takenBack_other: '{{count}} returned payments', moneyInOut: 'In {{in}} · out {{out}}', account: 'Account {{account}}', closing: 'closing balance {{amount}}', period: '{{from}} to {{until}}', onDay: 'as of {{day}}',
  invoiceFor: '{{kind}} {{number}} for {{customer}}', due: '{{amount}} to be paid', credited: '{{amount}} in the customer’s favour', dueOn: 'due on {{day}}', statusIs: 'status: {{status}}', statusOf: '{{number}}: {{status}} on {{day}}', statusMore: 'and {{count}} more',
  statusUnknown: 'invoice not known yet', holdsOpened_one: '{{count}} invoice is no longer chased', holdsOpened_other: '{{count}} invoices are no longer chased', holdsEnded_one: '{{count}} invoice is chased again', holdsEnded_other: '{{count}} invoices are chased again',
  history: 'On {{day}} by {{by}}',
};

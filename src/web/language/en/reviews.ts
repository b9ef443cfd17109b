import type { reviews as french } from '../fr/reviews.ts';
import type { Same } from '../same.ts';

/** Words of what imports set aside until a person has looked. */
export const reviews: Same<typeof french> = {
  status: 'E-invoice: {{status}} ({{day}})', fileOf: '{{type}} of {{document}}',
  title: 'To check', subtitle: 'What imports set aside: nothing of it is chased or allocated before you decide.', emptyTitle: 'Nothing to check', emptyText: 'Statements and invoices that contradict themselves will show here.', toImport: 'Import files',
  statement: 'Bank statement', invoice: 'E-invoice', from: 'From {{file}}', account: 'Account', period: 'Period', lines: 'Number of movements', opening: 'Opening balance', movement: 'Sum of movements', closing: 'Stated balance', difference: 'Difference',
  buyer: 'Customer', issuedOn: 'Date', dueOn: 'Due', gross: 'Total incl. VAT', due: 'To be paid', why: 'Why', noReason: 'Set aside by the import.',
  accept: 'Accept', discard: 'Discard', undoImport: 'Undo this import', acceptOf: 'Accept {{name}}', discardOf: 'Discard {{name}}', undoOf: 'Undo the import of {{name}}',
  confirmStatement: 'Accept this statement?', confirmStatementText: 'Its movements will count as they are written, in spite of what is said of it.', confirmInvoice: 'Accept this invoice?', confirmInvoiceText: '{{amount}} will be owed by {{buyer}}, as the invoice says.',
  confirmDiscard: 'Discard this invoice?', confirmDiscardText: 'It stays on file and nothing of it will be owed. To go back, undo its import.', accepted: 'Accepted.', discarded: 'Discarded.',
};

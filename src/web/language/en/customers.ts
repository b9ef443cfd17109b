import type { customers as french } from '../fr/customers.ts';
import type { Same } from '../same.ts';

/** Words of the customers list and of the customer page. */
export const customers: Same<typeof french> = {
  title: 'Customers', search: 'Search a customer, code, e-mail, invoice number', sortLabel: 'Sort by', sort: { overdue: 'Overdue amount', balance: 'Balance', oldest: 'Oldest overdue', name: 'Name' },
  filterLabel: 'Show', filter: { all: 'All', overdue: 'Overdue', withoutEmail: 'Without e-mail', held: 'On hold', credit: 'With a credit' },
  count_one: '{{count}} customer', count_other: '{{count}} customers', customer: 'Customer', balance: 'Balance', overdue: 'Overdue', late: 'Late', noEmail: 'No e-mail', held: 'On hold', none: 'No customer matches.',
  noneText: 'Change the search or the filter.', emptyTitle: 'No customer yet', emptyText: 'Customers come with the import of your ledger.', toImport: 'Import my ledger', daysLate_one: '{{count}} day', daysLate_other: '{{count}} days',
  back: 'All customers', items: 'Documents', credits: 'Unallocated credits', creditsText: 'These amounts are never chased; they count against what is overdue before any decision.', timeline: 'History', record: 'Record', contacts: 'Contacts', holds: 'Holds',
  document: 'Document', issuedOn: 'Date', dueOn: 'Due', amount: 'Amount', open: 'Open', status: 'Status', why: 'Why?', whyOf: 'Why {{document}}?', whyToday: 'Today', whyBefore: 'Past decisions', whyThen: 'Another day', whyDay: 'On', whyDayText: 'The answer comes from what was known on that day: payments, holds, settings and scenario of then.', whyNoRun: 'No run took place on that day: this is what it would have decided.', whyNoHistory: 'No run has decided on this document yet.',
  settled: 'Settled', dueShort: 'due {{day}}', estimated: 'reconstructed', estimatedText: 'The file gave no detail: the balance of the account is exact, this document is a reconstruction.', openOnly: 'Open', allItems: 'All', noItems: 'No open document: this customer owes nothing.', truncated: 'Only the first 1,000 documents are shown.',
  nextStep: 'Step {{step}} on {{day}}', stepNow: 'Step {{step}} to send', pending_one: '{{count}} action waiting', pending_other: '{{count}} actions waiting', legal: 'Legal case open',
  addContact: 'Add a contact', contactTitle: 'Contact', contactName: 'Name', contactEmail: 'E-mail address', contactPhone: 'Phone', contactRoles: 'Roles', role: { accountsPayable: 'Accounts payable', buyer: 'Buyer', management: 'Management', legal: 'Legal' },
  contactRefuses: 'No longer wants to be reached by', contactRefusesHint: 'From now on nothing leaves by these channels.', noContact: 'No contact: without an e-mail address, reminders of this customer leave by letter, or not at all.', bounced: 'address in error', contactRemoved: 'Contact removed.', contactSaved: 'Contact saved.',
  recordTitle: 'Customer record', name: 'Name', kind: 'Kind', kinds: { business: 'Business', consumer: 'Consumer', public: 'Public buyer' }, languageLabel: 'Language of messages', siren: 'SIREN', vat: 'VAT number', address1: 'Address', address2: 'Address, second line', postalCode: 'Postal code', city: 'City', country: 'Country (2 letters)',
  terms: 'Payment terms', termsHint: 'For example: 30 jours, 45 jours fin de mois. Empty: those of your company.', scenario: 'Dunning scenario', scenarioDefault: 'The company’s', recordSaved: 'Record saved.', recordMoved_one: 'Record saved: {{count}} due date computed again.', recordMoved_other: 'Record saved: {{count}} due dates computed again.', noAddress: 'Postal address unknown', code: 'Code',
  addHold: 'Hold reminders', addHoldShort: 'Hold', holdKinds: { dispute: 'Dispute', promise: 'Promise to pay', plan: 'Payment plan', pause: 'Pause', insolvency: 'Insolvency' }, 
  holdKey: 'holds; from the row of a document, for it alone.', noHolds: 'No hold in force.', 
  event: { proof: 'Proof', proofOf: 'Proof: {{what}}, {{on}}',
    action: '{{channel}}, step {{step}}: {{state}}', actionOf: '{{amount}} · {{documents}}', hold: 'Hold: {{kind}}', holdEnded: 'End of hold: {{kind}}', import_one: 'Import: {{count}} line', import_other: 'Import: {{count}} lines', receipt: '{{kind}} of {{amount}}',
    change: { changed: 'Record changed', contactSaved: 'Contact saved', contactRemoved: 'Contact removed' }, none: 'Nothing has happened with this customer yet.',
  },
};

import type { Same } from '../same.ts';
import type { disputes as french } from '../fr/disputes.ts';

/** Words of the disputes page. */
export const disputes: Same<typeof french> = {
  title: 'Disputes', one: 'Dispute', show: 'Disputes shown', shown: { open: 'In force', mine: 'Mine', late: 'Late', nobody: 'No owner', all: 'All, ended ones too' }, anyReason: 'Any reason', anyOwner: 'Any owner', groupBy: 'Group',
  groups: { none: 'Oldest first', owner: 'By owner', age: 'By age' }, ageGroup: '{{days}} days', customer: 'Customer', reason: 'About', owner: 'Owner', deadline: 'Settle by', ageColumn: 'Age', age_one: '{{count}} d', age_other: '{{count}} d', amount: 'Amount', lateSince: 'late since {{day}}',
  none: 'No dispute in force', noneText: 'A dispute is opened from a customer’s page or from the menu of a document; the document is then no longer chased.', noMatch: 'No dispute matches.', clear: 'Clear the filters', toCustomers: 'See the customers',
  statistics: 'Causes of disputes', statisticsBy: 'Count', by: { reason: 'By reason', owner: 'By owner', age: 'By age' }, openCount: 'In force', endedCount: 'Ended', resolved: 'Mean time', ofWhichLate: '{{count}} late', daysMean: '{{days}} d', filterBy: 'Show the disputes: {{name}}', shareOf: 'Number of disputes: {{name}}',
  statisticsNone: 'Nothing to count yet.', statisticsSince: 'Disputes in force, and those ended since {{day}}. The mean time is of those that ended.',
  amountOf: '{{amount}} of {{open}} open', openedOn: 'Opened', openedBy: '{{day}}, by {{by}}', endedOn: 'Ended', withdraw: 'Withdraw the dispute…', edit: 'Change the dispute', amountEmpty: 'Empty: the whole document.', changed: 'Dispute changed.',
  plan: 'Action plan', planDone: '{{done}} of {{total}}', stepBy: 'by {{day}}', stepLate: 'late: was for {{day}}', stepDone: 'done by {{by}}, {{at}}',
  decision: 'Decision', decisionAgain: 'Change the decision', outcomes: { accepted: 'The customer is right: a credit note will be made', partly: 'The customer is right in part', rejected: 'The invoice is upheld' }, granted: 'Amount granted ({{currency}})', decisionNote: 'Why (optional, added to the comments)',
  thenTitle: 'What will follow', follows: {
    accepted: '{{amount}} stay out of reminders until the credit note. If it is not in the ledger by {{day}}, you will be asked. You can change your mind until then.', partly: '{{granted}} stay out of reminders until the credit note, expected by {{day}}. The rest, {{rest}}, is chased again from the next run.',
    partlyUnknown: 'Give the amount granted: it stays out of reminders until the credit note, the rest is chased again.', rejected: 'The dispute ends and the {{amount}} open are chased again from the next run, with the step after the last one done.',
  },
  decide: { accepted: 'Accept', partly: 'Accept in part', rejected: 'Uphold the invoice' }, decided: { accepted: 'Dispute accepted: the credit note is expected.', partly: 'Dispute accepted in part: the rest is chased again.', rejected: 'Invoice upheld: reminders go on.' },
};

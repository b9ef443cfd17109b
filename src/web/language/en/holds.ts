import type { Same } from '../same.ts';
import type { holds as french } from '../fr/holds.ts';

/** Words of holds: why not to chase now. */
export const holds: Same<typeof french> = {
  panelTitle: 'Hold reminders: {{customer}}', kindLabel: 'Why to hold',
  kinds: { promise: 'Promise', dispute: 'Dispute', plan: 'Payment plan', pause: 'Pause', insolvency: 'Insolvency' },
  menu: { promise: 'Promise to pay…', dispute: 'Dispute…', plan: 'Payment plan…', pause: 'Pause…' },
  about: 'About', noneChosen: 'No document chosen', andMore: ' and {{count}} more', chooseDocuments: 'Choose documents', hideDocuments: 'Hide the list', allDocuments: 'All open documents',
  document: 'Document', documents_one: '{{count}} document', documents_other: '{{count}} documents', wholeAccount: 'The whole account', currency: 'Currency', currencyHint: 'This customer owes in several currencies: a promise or a plan is in one.',
  note: 'Note (optional)', nothingOpen: 'This customer owes nothing', nothingOpenText: 'No document is open. A pause or insolvency can still be entered.',
  channels: { phone: 'Phone', email: 'E-mail', letter: 'Letter', portal: 'Portal', inPerson: 'In person' },
  fault: {
    amount: 'Write a positive amount in {{currency}}.', overOpen: 'That is more than what is open ({{open}}).', day: 'Give a day.', past: 'That day is over: choose one to come.', toCome: 'The judgment cannot be to come.',
    publishedBefore: 'The publication cannot be before the judgment.', documents: 'Choose at least one document.', tooMany: 'Choose {{count}} documents at most.', reason: 'Say why in a few words.',
  },
  promise: {
    amount: 'Promised amount ({{currency}})', until: 'Paid by', by: 'Promised by (optional)', channel: 'How', save: 'Save the promise', saved: 'Promise of {{customer}} saved.',
    follows_one: 'These documents are no longer chased. If the money is not there on {{day}} ({{count}} working day of grace), reminders go on, firmer.', follows_other: 'These documents are no longer chased. If the money is not there on {{day}} ({{count}} working days of grace), reminders go on, firmer.',
  },
  dispute: {
    amount: 'Disputed amount ({{currency}})', amountHint: 'All that is open, or the disputed part: the rest is chased.', reason: 'What it is about', plainReasons: 'In plain words', eInvoice: 'e-invoice', noReason: 'No reason matches.',
    owner: 'Owner (optional)', ownerHint: 'Who moves the dispute forward, outside finance too.', ownerEmail: 'Their e-mail (optional)', deadline: 'To be settled by', follows_one: 'Action plan of {{count}} step. First: {{first}}.', follows_other: 'Action plan of {{count}} steps. First: {{first}}.',
    save: 'Open the dispute', saved: 'Dispute opened on {{document}}.',
  },
  plan: {
    mode: 'How to spread', regular: 'By a rhythm', byHand: 'By hand', count: 'Instalments', every: 'Every', periods: { month: 'month', week: 'week', days: 'N days' }, days: 'Days', firstOn: 'The first on',
    preview: 'Preview of the plan', number: 'No.', dueOn: 'On', amount: 'Amount', dueOnOf: 'Day of instalment {{number}}', amountOf: 'Amount of instalment {{number}}', remove: 'Remove instalment {{number}}', add: 'Add an instalment',
    sum: 'Total: {{sum}} of {{total}}', left: '{{amount}} left to spread', over: '{{amount}} too much', accepted: 'The customer has agreed', acceptedHint: 'Without agreement the plan is only proposed and suspends nothing.', acceptedBy: 'Agreed by', whoNeeded: 'Say who agreed.',
    save: 'Save the plan', propose: 'Propose the plan', saved: 'Plan of {{customer}} saved.', proposed: 'Plan proposed to {{customer}}: print it from their page, then record the agreement.',
    pdf: 'Schedule (PDF)', accept: 'Record agreement', acceptTitle: 'Agreement of the customer', acceptText: 'From now on the documents of this plan are no longer chased as long as each instalment is paid.', acceptedDone: 'Agreement recorded: the documents of the plan are no longer chased.',
  },
  pause: { until: 'Until', untilHint: 'That day included; reminders go on the day after.', reason: 'Why?', reasonExample: 'Negotiation under way, customer on holiday…', save: 'Pause', saved: 'Reminders paused until {{day}}.' },
  insolvency: {
    follows: 'All reminders and interest of this customer stop, without an end. Debts from before the judgment may no longer be paid: the claim has to be filed.', judgment: 'Day of the opening judgment', court: 'Court (optional)', courtExample: 'Tribunal de commerce de Nantes',
    published: 'Published in the BODACC on', publishedHint: 'Optional for now: the time to file runs from this day.', filed: 'Claim filed on', save: 'Save the proceedings', saved: 'Insolvency of {{customer}} saved: everything is on hold.',
    claimBy: 'Claim to be filed by {{day}}', claimSource: 'According to', unreviewed: 'Rule read by us, reviewed by no lawyer: check with the administrator.', complete: 'Publication, filing…', changed: 'Proceedings completed.',
  },
  ends: { enteredByMistake: 'entered by mistake, taken back at once', replanned: 'replaced by another plan', importUndone: 'import undone' },
  receivedOf: '{{received}} received of {{amount}}', promisedFor: 'To be paid by {{day}}', nextInstalment: 'Next instalment: {{amount}} on {{day}}', acceptedOn: 'Agreed on {{day}}, {{by}}', nobody: 'No owner', deadlineOn: 'To be settled by {{day}}', deadlineLate: 'Should have been settled on {{day}}',
  pausedUntil: 'Until {{day}}', judgedOn: 'Judgment of {{day}}', publishedOn: 'Published in the BODACC on {{day}}', filedOn: 'Claim filed on {{day}}', late: 'deadline over', noAmount: 'No amount', count_one: '{{count}} case', count_other: '{{count}} cases',
  open: 'Open', openOf: 'Open: {{name}}', end: 'End', endOf: 'End: {{name}}', endWhy: 'Why?', endText: 'Reminders go on with the next run. You can take it back today.', endProposedText: 'The proposal is withdrawn: it suspended nothing.',
  endTitle: { promise: 'End the promise', dispute: 'Withdraw the dispute', plan: 'End the plan', pause: 'End the pause', insolvency: 'End the proceedings' }, ended: 'Hold ended.', resume: 'Resume', resumed: 'The hold is in force again.', takenBack: 'What was entered is taken back.',
  comments: { title: 'Comments', none: 'No comment.', new: 'New comment', add: 'Add', added: 'Comment added.' },
  files: {
    title: 'Files', none: 'No file.', join: 'Join a file', limits: 'PDF, images, Word, Excel or text; {{megabytes}} MB each, {{files}} files at most.', full: 'All {{count}} files are joined.', tooLarge: '"{{name}}" is over {{count}} MB: make it smaller, then join it again.',
    sending: 'Sending {{name}}: {{share}}%', joined: '{{name}} is joined.',
  },
};

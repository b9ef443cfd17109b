import type { actions as french } from '../fr/actions.ts';
import type { Same } from '../same.ts';

/** Words of the actions of the day. */
export const actions: Same<typeof french> = {
  title: 'Today’s actions', tabs: { proposed: 'To approve', approved: 'Outbox', unknown: 'Uncertain', failed: 'Failed', sent: 'Sent', cancelled: 'Cancelled' }, tabsLabel: 'Lists of actions',
  run: 'Find today’s reminders', running: 'Looking at the accounts…', dryRun: 'Dry run', dryRunDone_one: 'Dry run: {{count}} reminder would be proposed.', dryRunDone_other: 'Dry run: {{count}} reminders would be proposed.', outcomeTitle: 'Result of the run of {{day}}', outcomeText: '{{decisions}} invoices looked at.',
  search: 'Filter by customer or document', channelLabel: 'Channel', anyChannel: 'All channels', selectAll: 'Select all', select: 'Select {{customer}}', selected_one: '{{count}} selected', selected_other: '{{count}} selected', total: '{{total}} in all',
  customer: 'Customer', step: 'Step', channel: 'Channel', documents: 'Documents', amount: 'Amount', on: 'On', reason: 'Reason', formalNotice: 'Formal notice', firmer: 'Broken promise', stepShort: 'Step {{step}}',
  approve_one: 'Approve', approve_other: 'Approve ({{count}})', approveAll: 'Approve all ({{count}})', approved_one: '{{count}} reminder approved.', approved_other: '{{count}} reminders approved.', unapprove: 'Take approval back', unapproved_one: '{{count}} reminder to approve again.', unapproved_other: '{{count}} reminders to approve again.',
  cancel: 'Cancel the reminder', cancelled_one: '{{count}} reminder cancelled. It will be proposed again at the next run.', cancelled_other: '{{count}} reminders cancelled. They will be proposed again at the next run.',
  send: 'Send now', sending: 'Sending…', sendDone: 'Sent: {{sent}}. Waiting: {{waiting}}. Failed: {{failed}}. Uncertain: {{unknown}}. Cancelled: {{cancelled}}.',
  noMail: 'No mail server is set: e-mails stay here. Set ACQUIT_SMTP_URL (for example smtps://user:password@server) and restart Acquit; they will leave then.', noMailTitle: 'E-mails are waiting',
  parkedTitle: 'Did it arrive?', parkedText: 'The mail server did not confirm these sendings. Acquit never sends them again by itself, so that no customer gets the same reminder twice. Check in your mailbox or with the customer, then decide.',
  arrived: 'It arrived', notArrived: 'It did not arrive', resolvedArrived: 'Noted as sent.', resolvedNot: 'Put back in the outbox.',
  empty: {
    proposed: 'No reminder to approve', proposedText: 'Start the search: every account is looked at, and what is to be chased shows here.', approved: 'The outbox is empty', approvedText: 'What you approve waits here to leave.',
    unknown: 'No uncertain sending', unknownText: 'A sending whose answer was lost would show here.', failed: 'No failure', failedText: 'A message refused by the mail server would show here with its reason.', sent: 'Nothing sent yet', sentText: 'Your reminders will show here once they have left.', cancelled: 'Nothing cancelled', cancelledText: 'A reminder that has become useless is cancelled by itself, for example when the customer pays.',
  },
  noMatch: 'No action matches the filter.', truncated: 'The latest 1,000 are shown; "Approve all" means all of them.',
  previewTitle: 'Preview', previewNone: 'Choose an action to read its message.', to: 'To', from: 'From', subject: 'Subject', storedNote: 'Frozen message: exactly what leaves or has left.', composedNote: 'Preview composed just now with today’s amounts.', pdf: 'Download the letter (PDF)', eml: 'Download the e-mail (.eml)', frameTitle: 'Message', postal: 'Postal address', noRecipient: 'No recipient', problemsTitle: 'This message cannot leave as it is',
  openCustomer: 'Open the customer', textVersion: 'Text',
  helpTitle: 'Keyboard shortcuts', help: { move: 'Next, previous action', select: 'Select', approve: 'Approve the selection', preview: 'Read the preview', all: 'Select all', help: 'Show this help' }, helpButton: 'Keyboard shortcuts', list: 'Actions, arrows to browse',
};

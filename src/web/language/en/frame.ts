import type { frame as french } from '../fr/frame.ts';
import type { Same } from '../same.ts';

/** Words of every page. */
export const frame: Same<typeof french> = {
  skip: 'Skip to content', menu: 'Main menu', openMenu: 'Open the menu', nav: { overview: 'Overview', customers: 'Customers', matching: 'Matching', actions: 'Today’s actions', disputes: 'Disputes', promises: 'Promises', scenarios: 'Scenarios', imports: 'Import', review: 'To check', settings: 'Settings' },
  account: 'My account', signOut: 'Sign out', switchTo: 'Switch company', sample: 'Sample', sampleBanner: 'You are in the sample company: nothing you do here is real.',
  language: 'Language', french: 'Français', english: 'English',
  retry: 'Try again', loading: 'Loading…', close: 'Close', cancel: 'Cancel', save: 'Save', saved: 'Saved', undo: 'Undo', undone: 'Undone', edit: 'Edit', remove: 'Remove', add: 'Add',
  yes: 'Yes', no: 'No', optional: 'optional', more: 'Show more', failedTitle: 'That did not work', notFoundTitle: 'Page not found', notFoundText: 'This address leads nowhere.', home: 'Back to the overview',
  crashTitle: 'This page ran into an error', crashText: 'Nothing is lost: what was saved is saved. Reload the page to go on.', reload: 'Reload the page',
  documentTitle: '{{page}} · Acquit', days_one: '{{count}} day', days_other: '{{count}} days',
  testMode: 'Test mode: nothing reaches a customer, every e-mail goes to {{address}}.',
  channel: { email: 'E-mail', letter: 'Letter', registeredLetter: 'Registered letter', sms: 'Text message', call: 'Call', visit: 'Visit', check: 'Check' },
  state: {
    proposed: 'To approve', approved: 'In the outbox', claimed: 'Leaving', sent: 'Sent', delivered: 'Delivered', bounced: 'Returned', replied: 'Answered',
    cancelled: 'Cancelled', failed: 'Failed', unknown: 'Uncertain', expired: 'Expired',
  },
  reason: {
    paid: 'Paid', notDue: 'Not due', insolvent: 'Insolvency', legal: 'Legal case', paused: 'Paused', disputed: 'Disputed', planned: 'Payment plan', promised: 'Promised',
    paymentPending: 'Payment under way', creditCovers: 'Covered by a credit', belowMinimum: 'Below the minimum', stepDone: 'Already reminded', noContact: 'No contact', channelRefused: 'Channel refused',
    capReached: 'Too many contacts', closedDay: 'Closed day', ledgerStale: 'Ledger too old', awaitingApproval: 'Action waiting', stepDue: 'To remind', thankYou: 'Thanks',
  },
  cancelReason: {
    person: 'cancelled by a person', paid: 'paid meanwhile', amountChanged: 'amount changed meanwhile', contactChanged: 'contact changed meanwhile', held: 'held meanwhile',
    changed: 'situation changed meanwhile', confirmedByPerson: 'arrival confirmed by a person', deniedByPerson: 'did not arrive: to be sent again', workerLost: 'the mail server’s answer was lost',
    sentElsewhere: 'left otherwise, by the send journal', sendJournal: 'known from the send journal', testSent: 'test sent to the test address', testUnknown: 'test whose answer was lost', testModeLeft: 'test, cancelled when test mode ended', originalEnded: 'the message it was a copy of is no longer to be sent', doneByPerson: 'done by a person', notDone: 'not done', contactErased: 'contact erased', erased: 'data erased',
  },
  bucket: { notDue: 'Not due', '1-30': '1-30 d', '31-60': '31-60 d', '61-90': '61-90 d', '91-120': '91-120 d', '121+': '> 120 d' },
  kind: { invoice: 'Invoice', deposit: 'Deposit', debitNote: 'Debit note', creditNote: 'Credit note', receipt: 'Receipt', refund: 'Refund', opening: 'Opening balance', writeOff: 'Write-off', other: 'Other' },
};

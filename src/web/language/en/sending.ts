import type { sending as french } from '../fr/sending.ts';
import type { Same } from '../same.ts';

/** Words of what leaves: settings of sending, the stop of everything, what came back. */
export const sending: Same<typeof french> = {
  save: 'Save sending', saved: 'Sending settings saved.', testsCancelled_one: '{{count}} action made in test mode is cancelled.', testsCancelled_other: '{{count}} actions made in test mode are cancelled.', backForApproval_one: '{{count}} formal notice waits for a second approval.', backForApproval_other: '{{count}} formal notices wait for a second approval.',
  fault: { whole: 'Write a whole number, 1 at least.', reason: 'Say why, in {{count}} characters at least.' },
  stop: {
    title: 'Stop everything', text: 'Nothing more is proposed and nothing leaves, by any channel; what is approved waits. Everybody sees why, on every page.', stopped: 'Everything is stopped: the reason is at the top of every page.', why: 'Why? (read by the whole team)', button: 'Stop everything', confirm: 'Stop everything now', done: 'Everything is stopped.',
    end: 'Go on', ended: 'Reminders go on.', whoEnds: 'The owner, or whoever stopped everything, can let it go on.', banner: 'All reminders are stopped', since: 'Since {{at}}, by {{by}}.',
  },
  breaker: {
    title: 'E-mail', closed: 'E-mail goes', open: 'E-mail stopped', stoppedOn: 'Stopped by itself on {{at}}', cause: { bounces: '{{bounces}} addresses refused of {{mails}} sent: going on would have all your messages called spam. Correct the addresses below, then go on.', complaints: '{{complaints}} complaints of {{mails}} sent: going on would have your messages blocked. See whom is written to, then go on.' },
    noMail: 'No e-mail has been counted yet.', latest_one: 'The last e-mail: {{bounces}} address refused, {{complaints}} complaint.', latest_other: 'The last {{count}} e-mails: {{bounces}} addresses refused, {{complaints}} complaints.', why: 'Why go on?', resume: 'Let e-mail go on', resumed: 'E-mail goes on; the count begins anew.', ownerResumes: 'Only the owner can let it go on.',
    limits: 'Breaker', limitsText: 'E-mail stops by itself beyond these shares of the last 1,000. They can be made stricter only.', bounces: 'Refused addresses, per 1,000', bouncesText: 'At most {{percent}}%.', complaints: 'Complaints, per 100,000', complaintsText: 'At most {{percent}}%.',
  },
  hours: {
    title: 'Hours and frequency', text: 'E-mails, SMS and calls wait for these hours, in the customer’s own time. Letters leave at any hour. Week-ends and public holidays are left out anyway.', business: 'Businesses and public buyers', consumer: 'Consumers', closed: 'closed', from: '{{day}}, window {{number}}, from', until: '{{day}}, window {{number}}, until', remove: 'Remove window {{number}} of {{day}}',
    add: '+ window', addOn: 'Add a window on {{day}}', copy: 'Monday for the whole week', defaults: 'Back to the offered hours', save: 'Save the hours', saved: 'Hours and frequency saved.',
  },
  days: { monday: 'Monday', tuesday: 'Tuesday', wednesday: 'Wednesday', thursday: 'Thursday', friday: 'Friday', saturday: 'Saturday', sunday: 'Sunday' },
  cap: { switch: 'Limit the number of contacts per customer', text: 'Over all channels, calls noted by hand included.' },
  test: {
    title: 'Test mode', on: 'Test mode is on', switch: 'Send to my test address, never to customers', address: 'Test address', addressNeeded: 'Give the address that gets the tests.',
    changes: { mail: 'Every e-mail goes to this address; its subject and first line say whom it was for.', letters: 'Letters go to the print folder under the name TEST-….', counts: 'Nothing counts as sent: no step moves on.', leaving: 'Leaving test mode cancels what still waits; the next run proposes it again.' },
  },
  approvals: { title: 'Approvals', fourEyes: 'Two persons for a formal notice', fourEyesText: 'The second cannot be the first. Those one person has approved already will wait for the second.', days: 'An approval holds for (days)', daysText: 'After that the action is looked at again before it leaves, or expires with its reason.' },
  rates: { title: 'Speed', switch: 'Limit the number of e-mails', text: 'Set it to what your mail server takes. Without a limit: as fast as it takes them.', perHour: 'Per hour', perDay: 'Per day', perDomainHour: 'Per hour and domain', perDomainDay: 'Per day and domain' },
  bank: { title: 'Freshness of the bank', switch: 'Wait for bank statements that are imported regularly', text: 'When a statement is late nothing is chased: a customer might have paid.', days: 'Oldest allowed (working days)', accounts: 'Accounts waited for', none: 'No account is imported regularly yet: none is waited for.', leftOut: 'not waited for', lastOn_zero: 'last statement of {{day}}, up to date', lastOn_one: 'last statement of {{day}}, {{count}} working day', lastOn_other: 'last statement of {{day}}, {{count}} working days' },
  returns: {
    title: 'E-mails that came back', none: 'Nothing came back', noneText: 'A refused address or a complaint would show here.', address: 'Address', what: 'What', kinds: { hard: 'dead address', blocked: 'message blocked', soft: 'late', complaint: 'complaint' }, note: 'Note an address', addressNeeded: 'Give the address.', save: 'Note', noted_zero: 'Noted. No contact bears this address.', noted_one: 'Noted: {{count}} contact will no longer be written to there.', noted_other: 'Noted: {{count}} contacts will no longer be written to there.',
    lift: 'Give another chance', liftOf: 'Give {{address}} another chance', liftTitle: 'Write to this address again', liftText: 'The next reminders may go to {{address}}.', liftWhy: 'How do you know that it works?', lifted: '{{address}} can be written to again.', liftedAt: 'lifted on {{at}}',
  },
  refusals: { title: 'Refused contacts', none: 'No refusal', noneText: 'A contact that no longer wants to be reached by a channel is noted on the customer’s page.', refuses: 'refuses: {{channel}}', lift: 'Lift the refusal', liftOf: 'Lift the refusal: {{customer}}', lifted: 'Refusal lifted: {{customer}} can be contacted again.' },
};

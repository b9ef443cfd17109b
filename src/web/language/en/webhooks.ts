import type { webhooks as french } from '../fr/webhooks.ts';
import type { Same } from '../same.ts';

/** Words of webhooks: other software that is told what happened. */
export const webhooks: Same<typeof french> = {
  title: 'Tell your other software', text: 'Your ERP or CRM is told as soon as something happens here: a message left, a promise was given or broken, a dispute opened or closed, an invoice was settled.',
  none: 'No software is told', noneText: 'Enter the address that your ERP, your CRM or your automation tool gives you (“webhook”). Each call is signed; it carries customer codes, document numbers and amounts, never contact details or free text.',
  add: 'Add a webhook', addTitle: 'Add a webhook', url: 'Address of the receiver', urlHint: 'It begins with https://.', urlNeeded: 'Give the address of the receiver.', events: 'What it is told', eventsNeeded: 'Choose at least one event.', all: 'Tick all', noneOf: 'Untick all', create: 'Add',
  full: 'There are {{count}} webhooks already: remove one to add another.', ownerAdds: 'Only the owners of the organisation add or change a webhook.',
  group: { messages: 'Messages', promises: 'Promises to pay', plans: 'Payment plans', disputes: 'Disputes', items: 'Invoices' },
  event: {
    email: { sent: 'An e-mail left' }, letter: { made: 'A letter is ready to print' },
    promise: { given: 'Promise noted', kept: 'Promise kept', broken: 'Promise broken, or kept in part', ended: 'Promise lifted by a person', reopened: 'Closed promise in force again' },
    plan: { accepted: 'Plan accepted', completed: 'Plan paid in full', defaulted: 'Plan defaulted', ended: 'Plan ended by a person', reopened: 'Closed plan in force again' },
    dispute: { opened: 'Dispute opened', decided: 'Dispute decided', closed: 'Dispute closed', reopened: 'Dispute reopened' },
    items: { settled: 'Invoice settled by a match or a write-off', reopened: 'Settled invoice open again' },
  },
  everything: 'All events', count_one: '{{count}} event: {{names}}', count_other: '{{count}} events: {{names}}', change: 'Events', changeTitle: 'What it is told', changed: 'Events saved: they count for all that was not told yet.',
  secretTitle: 'The secret of this webhook', secretText: 'Copy it to the receiver, which checks with it that calls come from here. It is shown this once.', secret: 'Secret', copy: 'Copy', copied: 'Copied', secretDone: 'I have copied it',
  secretFormer: 'The former secret signs as well for 24 hours: change it at the receiver until then.',
  on: 'On', off: 'Off', retrying: 'Failing', silent: { sample: 'This is a sample company: nothing leaves it, no webhook is called.', frozen: 'Sending is frozen: no webhook is called before it goes on.' },
  because: {
    person: 'Switched off by a person on {{at}}. What happens since then waits.', gone: 'Off since {{at}}: the receiver answered that it wants no more (410). What happens since then waits.',
    failing: 'Off since {{at}}, after three days of failure. What happens since then waits.', unsure: 'Off since {{at}}: a call has been without an answer for too long to be repeated without you. The receiver may have it already.',
    restored: 'Off since {{at}}: the database was restored or copied. Check the address and the secret, then switch it on again if this database is the true one.',
  },
  outcome: {
    taken: 'taken ({{status}})', refused: 'refused ({{status}})', timeout: 'no answer within ten seconds', broken: 'cut before the answer', lost: 'broken off on our side', connection: 'receiver cannot be reached', tls: 'certificate or encryption refused',
    dns: 'name not found', address: 'the address is not allowed (it leads to an internal network, or the administrator allows it no more)',
  },
  lastCall: 'Last call on {{at}}: {{outcome}}.', noCall: 'No call yet.', nextTry: 'Next try on {{at}}.', waiting_one: '{{count}} call waits.', waiting_other: '{{count}} calls wait.', more: 'More events follow.', formerUntil: 'The former secret signs as well until {{at}}.',
  test: 'Test', testOf: 'Test {{address}}', tested: 'Test {{outcome}}', rotate: 'New secret', rotateTitle: 'Give it a new secret', rotateText: 'The new secret signs at once, the former one beside it for 24 hours: the receiver accepts either, nothing is lost.',
  switchOff: 'Switch off', switchedOff: 'Off: what happens waits.', switchOn: 'Switch on', switchOnTitle: 'Switch on again', switchedOn: 'On again.', from: 'From where?',
  fromHere: 'Where it stopped', fromHereText: 'All that happened since is sent, in order.', fromNow: 'From now', fromNowText: 'What waits, and what happened since, is never sent.', fromUnsure: 'A receiver that has forgotten the call without an answer would take it for a new one.',
  remove: 'Remove', removeOf: 'Remove {{address}}', removeTitle: 'Remove this webhook?', removeText: 'It is called no more, its secret is erased and what waits is never sent. This cannot be undone.', removed: 'Webhook removed.',
  notice_one: '{{count}} program is no longer told: its webhook switched itself off.', notice_other: '{{count}} programs are no longer told: their webhooks switched themselves off.', noticeGo: 'See and go on',
};

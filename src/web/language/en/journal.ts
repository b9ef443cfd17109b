import type { journal as french } from '../fr/journal.ts';
import type { Same } from '../same.ts';

/** Words of the send journal: what left, kept outside the database. */
export const journal: Same<typeof french> = {
  title: 'Send journal', text: 'Each message is written down outside the database before it leaves. If the database is restored or copied, the journal knows what has left already: nothing is sent twice.',
  flowing: 'Messages leave', frozen: 'Sending frozen', disagrees: 'They disagree', notBegun: 'Nothing has left from here yet: the journal begins with the first sending.', agrees: 'The journal and the database agree.',
  banner: 'Sending is frozen', bannerLink: 'See and decide', since: 'Since {{at}}.', sinceBy: 'Since {{at}}, by {{by}}.', nothingLeaves: 'No e-mail and no letter leaves; everything else works.',
  because: {
    restored: 'The database is no longer the one that the journal followed: it was restored or copied.', copied: 'The database has a history that the journal does not know: it is a copy, or the journal is that of another one.',
    failedOver: 'Another database server answers, or the same one after a fail-over or a restore.', journalAhead: 'The journal knows of sends that the database does not: it was restored.',
    journalMissing: 'The database has sent before, and its journal is not here.', journalCopied: 'The journal is a copy: the original may still be in use elsewhere.', person: 'A person asked for it.',
  },
  willFreeze: 'The next sending will freeze everything for this reason.', where: 'Folder of the journal: {{where}}', torn_one: '{{count}} line was broken off and is set aside: nothing of it left.', torn_other: '{{count}} lines were broken off and are set aside: nothing of them left.',
  waiting_one: '{{count}} send taken over before waits for its customer or invoices; it is placed as soon as they are imported.', waiting_other: '{{count}} sends taken over before wait for their customer or invoices; they are placed as soon as these are imported.',
  sends: 'Left, unknown to the database', none: 'Nothing unknown', noneText: 'The database knows all that the journal says for your organisation.', notFrozenText: 'Everything that left is in the database.',
  count_one: '{{count}} send', count_other: '{{count}} sends', others_one: '{{count}} send of another organisation will be dealt with at the same time.', others_other: '{{count}} sends of other organisations will be dealt with at the same time.', truncated: 'The first {{shown}} of {{count}}; "acquit reconcile" gives them all.',
  line: '{{day}} · {{channel}} · step {{step}}', customerUnknown: 'customer not imported yet', test: 'Test', outcome: { accepted: 'Left', refused: 'Refused', unknown: 'Uncertain' },
  apply: 'Write down and go on', thaw: 'Let sending go on', thawWhat: 'The database knows all that the journal says: what is approved leaves again.', applyTitle: 'Write these sends down and go on', applyWhat: { sent: 'What left counts as sent, with its step: the customer is not reminded twice.', unknown: 'What has no known end waits for your decision among the uncertain ones.', elsewhere: 'What is about a customer or an invoice that is no longer in the database is taken up as soon as they are imported again.', waiting: 'Waiting reminders that were proposed without knowing what had left are withdrawn: the next run proposes what is still due.', bytes: 'The messages themselves cannot be made again: their SHA-256 is kept.' },
  adopt: 'Take the database over in my name', adoptTitle: 'Take this database over without full proof', adoptWhat: { answer: 'No journal here proves all that left: you answer for it.', known: 'What the journal at hand knows is written down, and reminders proposed without knowing it are withdrawn.', asked: 'Everything approved is to be approved again: nothing leaves by itself.', original: 'If the original still runs, stop it, or put this one into test mode.' },
  freeze: 'Freeze all sending', freezeTitle: 'Freeze all sending', freezeText: 'Nothing leaves any more, of any organisation, until somebody lets sending go on here. To be done before a fail-over or a restore.',
  byName: 'In your name: {{name}}.', why: 'Why?', confirm: { applied: 'Write down and go on sending', adopted: 'I answer for it, go on', freeze: 'Freeze now' }, thawed: 'Sending goes on.', frozenNow: 'All sending is frozen.',
  applied: 'Sending goes on. Taken over: {{sent}}, uncertain: {{parked}}, to place: {{waiting}}, waiting reminders withdrawn: {{dropped}}.', adopted: 'The database is taken over. Written down: {{sent}}, to approve again: {{back}}, waiting reminders withdrawn: {{dropped}}.', whoMay: 'Only who owns every organisation of this installation can decide here; the administrator of the machine can too (acquit reconcile).',
};

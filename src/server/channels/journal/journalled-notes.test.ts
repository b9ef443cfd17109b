import { expect, test } from 'vitest';
import type { SendFacts } from '#core/dunning/send-facts.ts';
import { day } from '#core/kernel/day.ts';
import { parseId } from '#core/kernel/id.ts';
import type { ActionId } from '#core/kernel/id.ts';
import { manualClock } from '#server/plumbing/clock.ts';
import type { Attempt } from '../attempts.ts';
import type { SendLedger } from '../send-ledger.ts';
import type { Closed } from './guard.ts';
import { JournalledNotes } from './journalled-notes.ts';

const NOW = manualClock('2026-03-02T08:00:00.000Z').now();
const FULL: Closed = { stopped: 'journal', said: { fr: 'Disque plein.', en: 'The disk is full.' } };

function id(number: string): ActionId {
  const parsed = parseId<'action'>(number);
  if (parsed === null) throw new Error('bad number');
  return parsed;
}

/** As much of the facts as notes look at. */
const facts = (action: string): [ActionId, SendFacts] => [id(action), { organisation: 'a', action, fence: 1 } as unknown as SendFacts];
const attempt = (action: string): Attempt => ({ action: id(action), fence: 1 });

/** Notes whose journal answers, one write after the other, when the test says so. */
function watched(): { notes: JournalledNotes; answers: ((closed: Closed | null) => void)[]; unstarted: string[]; noted: string[] } {
  const answers: ((closed: Closed | null) => void)[] = [];
  const unstarted: string[] = [];
  const noted: string[] = [];
  const ledger: Pick<SendLedger, 'note' | 'writeJournal' | 'unstart'> = {
    note: async ({ starting }) => {
      for (const { action } of starting) noted.push(action);
      return new Set(starting.map(({ action }) => action));
    },
    writeJournal: () => new Promise((resolve) => answers.push(resolve)),
    unstart: async (attempts) => {
      for (const { action } of attempts) unstarted.push(action);
    },
  };
  const notes = new JournalledNotes(ledger, () => ({ now: NOW, today: day('2026-03-02') }));
  notes.expect(new Map(['1', '2', '3'].map(facts)));
  return { notes, answers, unstarted, noted };
}

test('a journal that failed for one note stays closed; the note beside it that it took leaves, or the journal would be ahead of the database', async () => {
  const { notes, answers, unstarted } = watched();
  const [one, other] = [notes.note({ starting: [attempt('1')], ended: [] }), notes.note({ starting: [attempt('2')], ended: [] })];
  await new Promise(setImmediate);
  answers[0]?.(FULL);
  expect(await one).toEqual(new Set());
  answers[1]?.(null);
  expect(await other).toEqual(new Set(['2']));
  expect(await notes.note({ starting: [attempt('3')], ended: [] })).toEqual(new Set());
  expect(unstarted).toEqual(['1']);
  expect(notes.closed).toEqual(FULL);
});

test('what the database noted while the journal failed beside it is taken back', async () => {
  const { notes, answers, unstarted, noted } = watched();
  const one = notes.note({ starting: [attempt('1')], ended: [] });
  await new Promise(setImmediate);
  // The first fails while the second is with the database.
  answers[0]?.(FULL);
  const other = notes.note({ starting: [attempt('2')], ended: [] });
  expect([await one, await other]).toEqual([new Set(), new Set()]);
  expect(answers.length).toBe(1);
  expect(await notes.note({ starting: [attempt('3')], ended: [] })).toEqual(new Set());
  expect(noted).toEqual(['1', '2']);
  expect(unstarted.toSorted()).toEqual(['1', '2']);
});

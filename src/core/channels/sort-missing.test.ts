import { expect, test } from 'vitest';
import type { Instant } from '../kernel/clock.ts';
import type { MissingSend } from './compare-journal.ts';
import { aSend } from './given-journal.ts';
import { refOf } from './journal-lines.ts';
import { numbersFrom, sortMissing } from './sort-missing.ts';

const missing = (action: string, end: MissingSend['end'], test = false): MissingSend => {
  const send = aSend({ action, test });
  return { ref: refOf({ epoch: 'e', ...send }), epoch: 'e', organisation: send.organisation, action, fence: 1, send, end, tries: 1 };
};

test('what reached somebody or may have is placed, once; of what the database began itself only the end is written', () => {
  const all = [missing('1', 'accepted'), missing('2', null), missing('3', 'unknown'), missing('4', 'refused'), missing('5', 'accepted', true), missing('6', 'accepted')];
  const begun = all.filter(({ action }) => action === '6');
  const { ends, place, refused, tests } = sortMissing(all, begun);
  expect(place.map(({ send, outcome }) => `${send.action} ${outcome}`)).toEqual(['1 accepted', '2 unknown', '3 unknown']);
  expect(ends).toMatchObject([{ action: '6', fence: 1, outcome: 'accepted' }]);
  expect({ refused, tests }).toEqual({ refused: 1, tests: 1 });
});

const at = '2026-03-02T08:00:00.000Z' as Instant;
const MICROSECONDS = 1_772_438_400_000_000n;

test.each([
  ['restored, what left has higher numbers', { unproven: false, unknown: ['9', '120'] }, 120n],
  ['nothing left: no number is skipped', { unproven: false, unknown: [] }, 0n],
  ['nobody knows what left: the microseconds lie ahead', { unproven: true, unknown: ['120'] }, MICROSECONDS],
  ['what is known lies further ahead', { unproven: true, unknown: [String(MICROSECONDS + 7n)] }, MICROSECONDS + 7n],
] as const)('numbers of a frozen installation: %s', (_name, { unproven, unknown }, from) => {
  expect(numbersFrom({ unproven, unknown: unknown.map((action) => ({ action })), at })).toBe(from);
});

type Rule = (at: Instant) => bigint;

/**
 * A database lost without its journal, one time after another: each time the backup that is put back knows of nothing since. Gives how many numbers were given twice to what left; each
 * loss comes so many milliseconds after the freeze before, when so many actions were made and handed over since.
 */
function givenTwice(rule: Rule, losses: readonly { readonly afterMs: number; readonly made: number }[]): bigint {
  let twice = 0n;
  let highest = 0n;
  let now = Date.parse(at);
  for (const { afterMs, made } of losses) {
    const from = rule(new Date(now).toISOString() as Instant);
    if (highest > from) twice += highest - from;
    highest = from + BigInt(made);
    now += afterMs;
  }
  return twice;
}

const ruled: Rule = (now) => numbersFrom({ unproven: true, unknown: [], at: now });
/** Planted: the rule that was here before. */
const bySeconds: Rule = (now) => BigInt(Math.floor(Date.parse(now) / 1000));

test.each([
  ['ten thousand in an hour', [{ afterMs: 3_600_000, made: 10_000 }, { afterMs: 3_600_000, made: 10_000 }], 6_400n],
  ['a run of a hundred thousand, lost when ten seconds are over', [{ afterMs: 10_000, made: 100_000 }, { afterMs: 10_000, made: 1 }], 99_990n],
  ['a burst as fast as a database writes, over and over', Array.from({ length: 5 }, () => ({ afterMs: 1_000, made: 20_000 })), 79_996n],
] as const)('no number is given twice in histories that know nothing of each other: %s; by seconds some are', (_name, losses, bySecond) => {
  expect(givenTwice(ruled, losses)).toBe(0n);
  expect(givenTwice(bySeconds, losses)).toBe(bySecond);
});

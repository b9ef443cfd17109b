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
const SECONDS = 1_772_438_400n;

test.each([
  ['restored, what left has higher numbers', { unproven: false, unknown: ['9', '120'] }, 120n],
  ['nothing left: no number is skipped', { unproven: false, unknown: [] }, 0n],
  ['nobody knows what left: the seconds lie ahead', { unproven: true, unknown: ['120'] }, SECONDS],
  ['what is known lies further ahead', { unproven: true, unknown: [String(SECONDS + 7n)] }, SECONDS + 7n],
] as const)('numbers of a frozen installation: %s', (_name, { unproven, unknown }, from) => {
  expect(numbersFrom({ unproven, unknown: unknown.map((action) => ({ action })), at })).toBe(from);
});

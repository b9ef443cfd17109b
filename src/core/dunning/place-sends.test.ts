import { expect, test } from 'vitest';
import { aSend } from '../channels/given-journal.ts';
import { day } from '../kernel/day.ts';
import { parseId } from '../kernel/id.ts';
import type { Id } from '../kernel/id.ts';
import { placingsOf, planPlacing, standsAfterEnd, withKeys } from './place-sends.ts';
import type { Here, StandingAction, WaitingSend } from './place-sends.ts';

const id = <Kind extends string>(text: string): Id<Kind> => {
  const parsed = parseId<Kind>(text);
  if (parsed === null) throw new Error(`not an id: ${text}`);
  return parsed;
};
const here: Here = { customers: new Map([['C1', id('3')]]), items: new Map([['C1|FA1', id('11')]]) };
const waiting = (changed: Partial<WaitingSend> = {}): WaitingSend => ({ row: '1', ref: 'e/duval/7/1', outcome: 'accepted', action: null, send: aSend(), ...changed });
const listed = { amount: 12_000n, creditedStep: 2, creditedOffset: 5 };
const standing = (changed: Partial<StandingAction> = {}): StandingAction => ({ action: id('40'), state: 'approved', test: false, fence: 0, items: new Map([[id('11'), listed]]), sha256: null, ...changed });
const [one] = withKeys(placingsOf([waiting()], here));

const planned = (there: StandingAction | null): string => {
  if (one === undefined) throw new Error('nothing to place');
  const { taken, made, overtaken } = planPlacing([one], there === null ? new Map() : new Map([[one.key, there]]));
  return [...taken.map(() => 'taken'), ...overtaken.map(() => 'cancelled'), ...made.map(({ key }) => (key === one.key ? 'made' : 'made under another key'))].join(', ');
};

test.each([
  ['nothing stands here for it', null, 'made'],
  ['an action that says the same', standing(), 'taken'],
  ['one that is parked', standing({ state: 'unknown' }), 'taken'],
  ['another amount', standing({ items: new Map([[id('11'), { ...listed, amount: 11_999n }]]) }), 'cancelled, made'],
  ['one item more', standing({ items: new Map([[id('11'), listed], [id('12'), listed]]) }), 'cancelled, made'],
  // Proposed while frozen, of an item whose latest step the database did not know: taken for what left, it would let that step leave again.
  ['the same amounts, an item at another step', standing({ items: new Map([[id('11'), { ...listed, creditedStep: 1 }]]) }), 'cancelled, made'],
  ['the same step, of another day after the due date', standing({ items: new Map([[id('11'), { ...listed, creditedOffset: 4 }]]) }), 'cancelled, made'],
  ['a test', standing({ test: true }), 'cancelled, made'],
  ['one that left here too', standing({ state: 'sent' }), 'made under another key'],
] as const)('what becomes of a send: %s', (_name, there, becomes) => {
  expect(planned(there)).toBe(becomes);
});

test('a send waits for its customer and its items; with a part of them it is placed and grows', () => {
  expect(placingsOf([waiting()], { ...here, customers: new Map() })).toEqual([]);
  expect(placingsOf([waiting()], { ...here, items: new Map() })).toEqual([]);
  const more = waiting({ send: aSend({ items: ['C1|FA1', 'C1|FA2'].flatMap((naturalKey) => aSend().items.map((item) => ({ ...item, naturalKey }))) }) });
  expect(placingsOf([more], here)).toMatchObject([{ whole: false, anchor: '11', items: [{ naturalKey: 'C1|FA1' }] }]);
});

test.each([
  ['accepted, on the day of the journal', 'accepted', '2026-03-03', false, 'sent sendJournal 2026-03-03'],
  ['accepted, on a day that the journal does not say', 'accepted', null, false, 'sent sendJournal 2026-03-02'],
  ['refused: it leaves again', 'refused', '2026-03-03', false, 'approved - -'],
  ['nobody knows: a person decides', 'unknown', '2026-03-03', false, 'unknown sendJournal -'],
  ['a test that was accepted reached nobody', 'accepted', '2026-03-03', true, 'cancelled testSent -'],
  ['a test of which nobody knows needs nobody', 'unknown', '2026-03-03', true, 'cancelled testUnknown -'],
  ['a test that was refused is tried again', 'refused', null, true, 'approved - -'],
] as const)('how an action stands after an end that only the journal knew: %s', (...[, outcome, on, isTest, stands]) => {
  const { state, reason, sentOn } = standsAfterEnd({ action: '7', fence: 1, outcome, day: on === null ? null : day(on) }, { test: isTest, today: day('2026-03-02') });
  expect(`${state} ${reason ?? '-'} ${sentOn ?? '-'}`).toBe(stands);
});

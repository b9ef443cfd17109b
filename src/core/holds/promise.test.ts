import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, day } from '../kernel/day.ts';
import { lastDayOf } from './grace.ts';
import { promiseStanding } from './promise.ts';
import type { PromiseToPay } from './promise.ts';
import type { Received } from './received.ts';

const PARIS = { country: 'FR', postalCode: '75011' };
const STRASBOURG = { country: 'FR', postalCode: '67000' };

test.each([
  ['no grace: its own day, a Sunday too', '2026-03-15', 0, PARIS, '2026-03-15'],
  ['two working days after a Thursday pass the week-end', '2026-03-12', 2, PARIS, '2026-03-16'],
  ['Easter Monday is none', '2026-04-03', 2, PARIS, '2026-04-08'],
  ['Good Friday is none in Alsace', '2026-04-02', 1, STRASBOURG, '2026-04-07'],
  ['and is one in Paris', '2026-04-02', 1, PARIS, '2026-04-03'],
  ['the year goes on: 31 December and two', '2026-12-31', 2, PARIS, '2027-01-05'],
] as const)('%s', (...[, until, grace, place, last]) => expect(lastDayOf(day(until), grace, place)).toBe(last));

/** 500.00 for Thursday 12 March 2026, two working days of grace: until Monday 16. */
const PROMISE: PromiseToPay = { amount: 500_00n, until: day('2026-03-12'), graceDays: 2, place: PARIS };
const money = (...moves: readonly (readonly [string, bigint])[]): Received[] => moves.map(([on, minor]) => ({ on: day(on), minor }));
const state = (received: Received[], asOf: string, promise = PROMISE): string => {
  const { state: now, on, received: sum } = promiseStanding(promise, received, day(asOf));
  return [now, on ?? '', String(sum)].join(' ').replace('  ', ' ');
};

test.each<[string, Received[], string, string]>([
  ['nothing yet', [], '2026-03-10', 'open 0'],
  ['nothing on the last day of grace', [], '2026-03-16', 'open 0'],
  ['nothing the day after', [], '2026-03-17', 'broken 2026-03-17 0'],
  ['a part is still open', money(['2026-03-10', 200_00n]), '2026-03-16', 'open 20000'],
  ['a part the day after', money(['2026-03-10', 200_00n]), '2026-03-17', 'partly 2026-03-17 20000'],
  ['a cent short', money(['2026-03-10', 499_99n]), '2026-03-17', 'partly 2026-03-17 49999'],
  ['all at once, days before', money(['2026-03-09', 500_00n]), '2026-03-09', 'kept 2026-03-09 50000'],
  ['the moment the sum is reached', money(['2026-03-09', 200_00n], ['2026-03-11', 300_00n]), '2026-03-13', 'kept 2026-03-11 50000'],
  ['more than promised', money(['2026-03-11', 900_00n]), '2026-03-13', 'kept 2026-03-11 90000'],
  ['on the last day of grace', money(['2026-03-16', 500_00n]), '2026-03-20', 'kept 2026-03-16 50000'],
  ['a day too late', money(['2026-03-17', 500_00n]), '2026-03-20', 'broken 2026-03-17 0'],
  ['the rest too late', money(['2026-03-10', 200_00n], ['2026-03-17', 300_00n]), '2026-03-20', 'partly 2026-03-17 20000'],
  ['not asked about the future', money(['2026-03-11', 500_00n]), '2026-03-10', 'open 0'],
  ['the direct debit bounced', money(['2026-03-11', 500_00n], ['2026-03-20', -500_00n]), '2026-03-21', 'broken 2026-03-17 0'],
  ['bounced, and then paid again too late: what was kept stays kept', money(['2026-03-11', 500_00n], ['2026-03-20', -500_00n], ['2026-03-25', 500_00n]), '2026-03-26', 'kept 2026-03-11 50000'],
  ['bounced and paid again in time', money(['2026-03-10', 500_00n], ['2026-03-11', -500_00n], ['2026-03-13', 500_00n]), '2026-03-14', 'kept 2026-03-13 50000'],
])('%s', (...[, received, asOf, expected]) => expect(state(received, asOf)).toBe(expected));

test('a promise of nobody knows how much is kept by no sum', () => {
  expect(state(money(['2026-03-10', 999_00n]), '2026-03-17', { ...PROMISE, amount: null })).toBe('partly 2026-03-17 99900');
});

const RANK = { broken: 0, partly: 1, open: 1, kept: 2 } as const;
type Standing = typeof promiseStanding;
type Given = { readonly promise: PromiseToPay; readonly received: readonly Received[]; readonly asOf: Received['on'] };
type Rule = (standing: Standing, given: Given) => boolean;

const anyCase = fc.record({
  amount: fc.bigInt({ min: 1n, max: 900n }), grace: fc.integer({ min: 0, max: 4 }), asOf: fc.integer({ min: -3, max: 15 }),
  moves: fc.array(fc.record({ on: fc.integer({ min: -3, max: 15 }), minor: fc.bigInt({ min: 1n, max: 600n }) }), { maxLength: 4 }),
});

const rules: { readonly [name: string]: Rule } = {
  'kept exactly when the sum was reached by the last day': (standing, { promise, received, asOf }) => {
    const { state: now, lastDay } = standing(promise, received, asOf);
    const inTime = received.filter(({ on }) => on <= lastDay && on <= asOf).reduce((sum, { minor }) => sum + minor, 0n);
    return (now === 'kept') === (inTime >= (promise.amount ?? 0n));
  },
  'open until its last day, and never after': (standing, { promise, received, asOf }) => {
    const { state: now, lastDay } = standing(promise, received, asOf);
    return lastDay === lastDayOf(promise.until, promise.graceDays, promise.place) && (now === 'kept' || (now === 'open') === (asOf <= lastDay));
  },
  'more money never makes it worse': (standing, { promise, received, asOf }) => {
    const before = standing(promise, received, asOf);
    const after = standing(promise, [...received, { on: promise.until, minor: 100n }], asOf);
    return RANK[after.state] >= RANK[before.state] && after.received >= before.received;
  },
};

const check = (rule: Rule, standing: Standing): void => fc.assert(fc.property(anyCase, ({ amount, grace, asOf, moves }) =>
  rule(standing, {
    promise: { ...PROMISE, amount, graceDays: grace }, received: moves.map(({ on, minor }) => ({ on: addDays(PROMISE.until, on), minor })), asOf: addDays(PROMISE.until, asOf),
  })), { numRuns: 1000, seed: 20261122 });

test.each(Object.entries(rules))('%s', (_, rule) => expect(() => check(rule, promiseStanding)).not.toThrow());

const planted: readonly (readonly [string, string, Standing])[] = [
  ['kept exactly', 'a cent short is near enough', (promise, received, asOf) => promiseStanding({ ...promise, amount: (promise.amount ?? 0n) - 100n > 0n ? (promise.amount ?? 0n) - 100n : 1n }, received, asOf)],
  ['kept exactly', 'money after the last day counts', (promise, received, asOf) => {
    const all = received.filter(({ on }) => on <= asOf).reduce((sum, { minor }) => sum + minor, 0n);
    const standing = promiseStanding(promise, received, asOf);
    return all >= (promise.amount ?? 0n) ? { ...standing, state: 'kept' } : standing;
  }],
  ['open until', 'the grace forgotten', (promise, received, asOf) => promiseStanding({ ...promise, graceDays: 0 }, received, asOf)],
  ['open until', 'over on its own last day', (promise, received, asOf) => promiseStanding(promise, received, addDays(asOf, 1))],
  ['more money', 'an overpayment is taken for a mistake', (promise, received, asOf) => {
    const standing = promiseStanding(promise, received, asOf);
    return standing.received > (promise.amount ?? 0n) + 50n ? { ...standing, state: 'broken', received: 0n } : standing;
  }],
];

test.each(planted)('"%s" finds the planted bug: %s', (name, _, standing) => {
  const rule = Object.entries(rules).find(([one]) => one.startsWith(name))?.[1];
  if (rule === undefined) throw new Error(name);
  expect(() => check(rule, standing)).toThrow(/Property failed/);
});

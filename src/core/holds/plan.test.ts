import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, day } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import { must } from '../kernel/result.ts';
import { lastDayOf } from './grace.ts';
import { planStanding, planTotal } from './plan.ts';
import type { Plan, PlanInstalment, PlanState } from './plan.ts';
import { buildPlan, planFault, PLAN_INSTALMENTS_MAX } from './plan-builder.ts';
import type { PlanPeriod, PlanWanted } from './plan-builder.ts';
import { receivedBy } from './received.ts';
import type { Received } from './received.ts';

const MONTH: PlanPeriod = { every: 'month' };
const built = (rest: Partial<PlanWanted> = {}): readonly PlanInstalment[] => must(buildPlan({ total: 100_00n, count: 3, firstOn: day('2026-01-31'), period: MONTH, ...rest }));
const said = (instalments: readonly PlanInstalment[]): string[] => instalments.map(({ dueOn, minor }) => `${dueOn} ${minor}`);

test.each<[string, Partial<PlanWanted>, string[]]>([
  ['months keep the day where they have it, rounding in the last', {}, ['2026-01-31 3333', '2026-02-28 3333', '2026-03-31 3334']],
  ['a leap year', { firstOn: day('2028-01-30'), count: 2 }, ['2028-01-30 5000', '2028-02-29 5000']],
  ['100.00 over seven', { count: 7, period: { every: 'week' } }, ['2026-01-31 1428', '2026-02-07 1428', '2026-02-14 1428', '2026-02-21 1428', '2026-02-28 1428', '2026-03-07 1428', '2026-03-14 1432']],
  ['every ten days', { count: 2, period: { every: 'days', days: 10 } }, ['2026-01-31 5000', '2026-02-10 5000']],
  ['one', { count: 1 }, ['2026-01-31 10000']],
  ['a cent each', { total: 2n, count: 2 }, ['2026-01-31 1', '2026-02-28 1']],
])('%s', (...[, wanted, expected]) => expect(said(built(wanted))).toEqual(expected));

test.each<[string, Partial<PlanWanted>, string]>([
  ['none', { count: 0 }, 'hold.planCount'], ['61', { count: 61 }, 'hold.planCount'], ['half an instalment', { count: 1.5 }, 'hold.planCount'], ['nothing owed', { total: 0n }, 'hold.planNothing'],
  ['instalments of nothing', { total: 2n, count: 3 }, 'hold.planTooSmall'], ['every 0 days', { period: { every: 'days', days: 0 } }, 'hold.planPeriod'],
  ['every half day', { period: { every: 'days', days: 0.5 } }, 'hold.planPeriod'], ['thirty years', { count: 60, period: { every: 'days', days: 183 } }, 'hold.planTooFar'],
])('refused: %s', (...[, wanted, code]) => {
  const result = buildPlan({ total: 100_00n, count: 3, firstOn: day('2026-01-31'), period: MONTH, ...wanted });
  expect(result.ok ? null : result.error.code).toBe(code);
});

const typed = (...pairs: readonly (readonly [string, bigint])[]): PlanInstalment[] => pairs.map(([on, minor]) => ({ dueOn: day(on), minor }));
test.each<[string, PlanInstalment[], string | null]>([
  ['right', typed(['2026-02-01', 40_00n], ['2026-03-01', 60_00n]), null],
  ['a cent short', typed(['2026-02-01', 40_00n], ['2026-03-01', 59_99n]), 'hold.planSum'], ['a cent over', typed(['2026-02-01', 100_01n]), 'hold.planSum'],
  ['all in the first, nothing in the rest', typed(['2026-02-01', 100_00n], ['2026-03-01', 0n]), 'hold.planInstalment'],
  ['one negative', typed(['2026-02-01', 130_00n], ['2026-03-01', -30_00n]), 'hold.planInstalment'],
  ['two on one day', typed(['2026-02-01', 40_00n], ['2026-02-01', 60_00n]), 'hold.planDays'], ['backwards', typed(['2026-03-01', 40_00n], ['2026-02-01', 60_00n]), 'hold.planDays'],
  ['in the past', typed(['2026-01-14', 100_00n]), 'hold.planPast'], ['none', [], 'hold.planCount'], ['a typing mistake in the year', typed(['2062-02-01', 100_00n]), 'hold.planTooFar'],
  ['a thousand', Array.from({ length: 1000 }, (_, index) => ({ dueOn: addDays(day('2026-02-01'), index), minor: 10n })), 'hold.planCount'],
])('typed by hand: %s', (...[, instalments, code]) => expect(planFault(instalments, { open: money(100_00n, 'EUR'), from: day('2026-01-15') })?.code ?? null).toBe(code));

/** 300.00 in three months from Monday 2 March 2026, two working days of grace, agreed on 20 February. */
const PLAN: Plan = {
  instalments: typed(['2026-03-02', 100_00n], ['2026-04-02', 100_00n], ['2026-05-04', 100_00n]), graceDays: 2, place: { country: 'FR', postalCode: '75011' }, acceptedOn: day('2026-02-20'),
};
const moves = (...pairs: readonly (readonly [string, bigint])[]): Received[] => pairs.map(([on, minor]) => ({ on: day(on), minor }));
const standing = (received: Received[], asOf: string, plan = PLAN): string => {
  const { state, on, instalments, next } = planStanding(plan, received, day(asOf));
  return `${state}${on === null ? '' : ` ${on}`}: ${instalments.map((one) => `${one.state} ${one.paid}`).join(', ')}${next === null ? '' : `; next ${next.dueOn}`}`;
};

test.each<[string, Received[], string, string]>([
  ['before the first', [], '2026-02-25', 'current: due 0, due 0, due 0; next 2026-03-02'],
  ['on its day', [], '2026-03-02', 'current: due 0, due 0, due 0; next 2026-03-02'],
  ['late within its grace', [], '2026-03-04', 'late: late 0, due 0, due 0; next 2026-03-02'],
  ['past its grace the plan ends by itself', [], '2026-03-05', 'defaulted 2026-03-05: missed 0, due 0, due 0; next 2026-03-02'],
  ['paid late ends it too', moves(['2026-03-05', 100_00n]), '2026-03-06', 'defaulted 2026-03-05: missed 10000, due 0, due 0; next 2026-04-02'],
  ['paid in its grace does not', moves(['2026-03-04', 100_00n]), '2026-03-06', 'current: paid 10000, due 0, due 0; next 2026-04-02'],
  ['two payments for one', moves(['2026-02-27', 60_00n], ['2026-03-03', 40_00n]), '2026-03-06', 'current: paid 10000, due 0, due 0; next 2026-04-02'],
  ['the oldest first', moves(['2026-03-02', 150_00n]), '2026-03-06', 'current: paid 10000, due 5000, due 0; next 2026-04-02'],
  ['a cent short', moves(['2026-03-02', 99_99n]), '2026-03-05', 'defaulted 2026-03-05: missed 9999, due 0, due 0; next 2026-03-02'],
  ['ahead of time', moves(['2026-03-02', 300_00n]), '2026-03-06', 'completed 2026-03-02: paid 10000, paid 10000, paid 10000'],
  ['to the end', moves(['2026-03-02', 100_00n], ['2026-04-03', 100_00n], ['2026-05-04', 100_00n]), '2026-07-01', 'completed 2026-05-04: paid 10000, paid 10000, paid 10000'],
  ['the second missed', moves(['2026-03-02', 100_00n]), '2026-04-09', 'defaulted 2026-04-08: paid 10000, missed 0, due 0; next 2026-04-02'],
  ['a bounce re-opens what it paid, and ends it', moves(['2026-03-02', 100_00n], ['2026-03-09', -100_00n]), '2026-03-09', 'defaulted 2026-03-05: missed 0, due 0, due 0; next 2026-03-02'],
])('%s', (...[, received, asOf, expected]) => expect(standing(received, asOf)).toBe(expected));

test('a plan that nobody accepted is only proposed, even past its days', () => {
  expect(standing([], '2026-06-01', { ...PLAN, acceptedOn: null })).toMatch(/^proposed/);
  expect(standing([], '2026-02-19')).toMatch(/^proposed/);
});

const RANK: { readonly [S in PlanState]: number } = { proposed: 0, defaulted: 0, late: 1, current: 2, completed: 3 };
type Build = typeof buildPlan;
type Stand = typeof planStanding;
type Case = { readonly wanted: PlanWanted; readonly received: readonly Received[]; readonly asOf: Day };
type Rule = (of: { build: Build; stand: Stand }, given: Case) => boolean;

const anyCase: fc.Arbitrary<Case> = fc.record({
  total: fc.bigInt({ min: 60n, max: 1_000_000n }), count: fc.integer({ min: 1, max: PLAN_INSTALMENTS_MAX }), first: fc.integer({ min: 0, max: 800 }),
  period: fc.constantFrom<PlanPeriod[]>({ every: 'month' }, { every: 'week' }, { every: 'days', days: 10 }),
  paid: fc.array(fc.record({ on: fc.integer({ min: 0, max: 400 }), part: fc.bigInt({ min: 1n, max: 60n }) }), { maxLength: 5 }), asOf: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 6 })),
}).map(({ total, count, first, period, paid, asOf }) => {
  const firstOn = addDays(day('2026-01-01'), first);
  return { wanted: { total, count, firstOn, period }, received: paid.map(({ on, part }) => ({ on: addDays(firstOn, on), minor: (total * part) / 60n + 1n })), asOf: addDays(firstOn, asOf) };
});

const planOf = (instalments: readonly PlanInstalment[], firstOn: Day): Plan => ({ ...PLAN, instalments, acceptedOn: firstOn });
const rules: { readonly [name: string]: Rule } = {
  'E10 instalments sum to the total, the rounding in the last, the days rise': ({ build }, { wanted }) => {
    const instalments = must(build(wanted));
    const parts = instalments.slice(0, -1).map(({ minor }) => minor);
    return planTotal(instalments) === wanted.total && instalments.length === wanted.count && parts.every((minor) => minor === parts[0]) && instalments.every(({ minor }) => minor > 0n) &&
      instalments.every(({ dueOn }, index) => index === 0 || dueOn > (instalments[index - 1]?.dueOn ?? dueOn));
  },
  'E10 planned again, what came in and the new instalments make the old total': ({ build, stand }, { wanted, received, asOf }) => {
    const { received: paid, instalments } = stand(planOf(must(build(wanted)), wanted.firstOn), received, asOf);
    const left = wanted.total - (paid < wanted.total ? paid : wanted.total);
    const settled = instalments.reduce((sum, one) => sum + one.paid, 0n);
    if (left < 60n) return settled + left === wanted.total;
    return settled + planTotal(must(build({ ...wanted, total: left }))) === wanted.total;
  },
  'money goes to the oldest instalment first, and none is lost': ({ build, stand }, { wanted, received, asOf }) => {
    const { instalments } = stand(planOf(must(build(wanted)), wanted.firstOn), received, asOf);
    const partial = instalments.findIndex(({ paid, minor }) => paid < minor);
    const paid = instalments.reduce((sum, one) => sum + one.paid, 0n);
    const came = receivedBy(received, asOf);
    return (partial === -1 || instalments.slice(partial + 1).every((one) => one.paid === 0n)) && paid === (came < wanted.total ? came : wanted.total);
  },
  'defaulted exactly when an instalment was short at the end of its grace': ({ build, stand }, { wanted, received, asOf }) => {
    const { state, instalments } = stand(planOf(must(build(wanted)), wanted.firstOn), received, asOf);
    let due = 0n;
    const short = instalments.some(({ minor, dueOn }) => {
      due += minor;
      const lastDay = lastDayOf(dueOn, PLAN.graceDays, PLAN.place);
      return lastDay < asOf && receivedBy(received, lastDay) < due;
    });
    return (state === 'defaulted') === short;
  },
  'more money never makes it worse': ({ build, stand }, { wanted, received, asOf }) => {
    const plan = planOf(must(build(wanted)), wanted.firstOn);
    return RANK[stand(plan, [...received, { on: wanted.firstOn, minor: 500n }], asOf).state] >= RANK[stand(plan, received, asOf).state];
  },
};

const real = { build: buildPlan, stand: planStanding };
const check = (rule: Rule, of: { build: Build; stand: Stand }): void => fc.assert(fc.property(anyCase, (given) => rule(of, given)), { numRuns: 400, seed: 20261122 });
test.each(Object.entries(rules))('%s', (_, rule) => expect(() => check(rule, real)).not.toThrow());

const rebuilt = (change: (instalments: readonly PlanInstalment[], wanted: PlanWanted) => PlanInstalment[]): { build: Build; stand: Stand } => ({
  ...real, build: (wanted) => ({ ok: true, value: change(must(buildPlan(wanted)), wanted) }),
});
const restood = (change: (plan: Plan) => Plan): { build: Build; stand: Stand } => ({ ...real, stand: (plan, received, asOf) => planStanding(change(plan), received, asOf) });
const planted: readonly (readonly [string, string, { build: Build; stand: Stand }])[] = [
  ['E10 instalments', 'the odd cents dropped', rebuilt((instalments) => instalments.map(({ dueOn }) => ({ dueOn, minor: instalments[0]?.minor ?? 0n })))],
  ['E10 instalments', 'the rounding in the first', rebuilt((instalments) => instalments.map((one, index) => ({ ...one, minor: instalments[instalments.length - 1 - index]?.minor ?? 0n })))],
  ['E10 instalments', 'months chained from a clamped day, a day too many', rebuilt((instalments) => instalments.map((one, index) => (index === 2 ? { ...one, dueOn: instalments[1]?.dueOn ?? one.dueOn } : one)))],
  ['E10 planned again', 'what came in twice over', { ...real, stand: (plan, received, asOf) => planStanding(plan, received.concat(received), asOf).state === 'completed'
    ? planStanding(plan, received, asOf) : { ...planStanding(plan, received, asOf), received: planStanding(plan, received, asOf).received * 2n } }],
  ['money goes', 'the latest instalment first', { ...real, stand: (plan, received, asOf) => {
    const found = planStanding(plan, received, asOf);
    return { ...found, instalments: found.instalments.toReversed() };
  } }],
  ['defaulted', 'no grace', restood((plan) => ({ ...plan, graceDays: 0 }))],
  ['defaulted', 'checked by what is paid now, not by then', { ...real, stand: (plan, received, asOf) => {
    const found = planStanding(plan, received, asOf);
    return found.state === 'defaulted' && found.instalments.every(({ state, paid, minor }) => state !== 'missed' || paid === minor) ? { ...found, state: 'current' } : found;
  } }],
  ['more money', 'an early payment confuses the first instalment', { ...real, stand: (plan, received, asOf) => planStanding(plan, received.filter(({ on, minor }) => minor !== 500n || on > (plan.acceptedOn ?? on)).slice(0, received.some(({ minor }) => minor === 500n) ? 0 : 9), asOf) }],
];
test.each(planted)('"%s" finds the planted bug: %s', (name, _, of) => {
  const rule = Object.entries(rules).find(([one]) => one.startsWith(name))?.[1];
  if (rule === undefined) throw new Error(name);
  expect(() => check(rule, of)).toThrow(/Property failed/);
});

import { addDays, addMonths } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { decimal, money } from '../kernel/money.ts';
import type { Money } from '../kernel/money.ts';
import type { Problem } from '../kernel/problem.ts';
import { err, never, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { holdProblem } from './hold-problems.ts';
import { planTotal } from './plan.ts';
import type { PlanInstalment } from './plan.ts';

/** Five years of monthly instalments; the database refuses more. */
export const PLAN_INSTALMENTS_MAX = 60;
/** Longest time between two instalments: a year. */
export const PLAN_PERIOD_DAYS_MAX = 366;
/** A plan that ends later than this is a typing mistake; the limitation of a claim between professionals is five years. */
export const PLAN_YEARS_MAX = 10;

/** How far instalments are apart. */
export type PlanPeriod = { readonly every: 'month' } | { readonly every: 'week' } | { readonly every: 'days'; readonly days: number };

/** What a plan is built from: its total in minor units, how many instalments, the day of the first, and the time between them. */
export type PlanWanted = { readonly total: bigint; readonly count: number; readonly firstOn: Day; readonly period: PlanPeriod };

const MONTHS_PER_YEAR = 12;
const DAYS_PER_WEEK = 7;

/**
 * Equal instalments that sum to the total to the minor unit, rounded down, the last one taking what is left. Months count from the first
 * day, so that the 31st stays the 31st wherever the month has one: 31 January, 28 February, 31 March.
 */
export function buildPlan(wanted: PlanWanted): Result<readonly PlanInstalment[], Problem> {
  const { total, count, firstOn, period } = wanted;
  if (!Number.isInteger(count) || count < 1 || count > PLAN_INSTALMENTS_MAX) return err(holdProblem('planCount', { count, max: PLAN_INSTALMENTS_MAX }));
  if (period.every === 'days' && (!Number.isInteger(period.days) || period.days < 1 || period.days > PLAN_PERIOD_DAYS_MAX)) {
    return err(holdProblem('planPeriod', { max: PLAN_PERIOD_DAYS_MAX }));
  }
  if (total <= 0n) return err(holdProblem('planNothing', {}));
  const part = total / BigInt(count);
  if (part === 0n) return err(holdProblem('planTooSmall', { count }));
  const instalments = Array.from({ length: count }, (_, index): PlanInstalment => ({
    dueOn: dayOfInstalment(firstOn, period, index), minor: index === count - 1 ? total - part * BigInt(count - 1) : part,
  }));
  const last = instalments.at(-1);
  return last !== undefined && last.dueOn > farthest(firstOn) ? err(holdProblem('planTooFar', { years: PLAN_YEARS_MAX })) : ok(instalments);
}

const farthest = (from: Day): Day => addMonths(from, PLAN_YEARS_MAX * MONTHS_PER_YEAR);

function dayOfInstalment(firstOn: Day, period: PlanPeriod, index: number): Day {
  switch (period.every) {
    case 'month': return addMonths(firstOn, index);
    case 'week': return addDays(firstOn, index * DAYS_PER_WEEK);
    case 'days': return addDays(firstOn, index * period.days);
    default: return never(period);
  }
}

/** Why instalments typed by a person make no plan from a day on over items that are open for `open`; null when they do. */
export function planFault(instalments: readonly PlanInstalment[], of: { readonly open: Money; readonly from: Day }): Problem | null {
  const count = instalments.length;
  if (count < 1 || count > PLAN_INSTALMENTS_MAX) return holdProblem('planCount', { count, max: PLAN_INSTALMENTS_MAX });
  if (of.open.minor <= 0n) return holdProblem('planNothing', {});
  let before: Day | null = null;
  for (const [index, { dueOn, minor }] of instalments.entries()) {
    if (minor <= 0n) return holdProblem('planInstalment', { place: index + 1 });
    if (before === null && dueOn < of.from) return holdProblem('planPast', { day: dueOn });
    if (before !== null && dueOn <= before) return holdProblem('planDays', { place: index + 1 });
    before = dueOn;
  }
  if (before !== null && before > farthest(of.from)) return holdProblem('planTooFar', { years: PLAN_YEARS_MAX });
  const sum = planTotal(instalments);
  if (sum === of.open.minor) return null;
  return holdProblem('planSum', { instalments: decimal(money(sum, of.open.currency)), items: decimal(of.open) });
}

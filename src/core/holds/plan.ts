import { addDays } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { Place } from '../ledger/calendar.ts';
import { lastDayOf } from './grace.ts';
import { heldBy, reachedOn, receivedBy } from './received.ts';
import type { Received } from './received.ts';

/** An amount (minor units, > 0) and the day it is due. */
export type PlanInstalment = { readonly dueOn: Day; readonly minor: bigint };

/** A payment plan: its instalments in the order of their days, the working days each may be late, and when it was accepted (null: not yet). */
export type Plan = { readonly instalments: readonly PlanInstalment[]; readonly graceDays: number; readonly place: Place; readonly acceptedOn: Day | null };

/** `late`: an instalment is past its day but within its grace. `defaulted`: one was not paid by the end of its grace; the plan ended by itself. */
export type PlanState = 'proposed' | 'current' | 'late' | 'defaulted' | 'completed';

/** An instalment as of a day: what of it is paid, its last day with grace. `missed` ended the plan. */
export type InstalmentStanding = PlanInstalment & { readonly paid: bigint; readonly lastDay: Day; readonly state: 'paid' | 'due' | 'late' | 'missed' };

/** Where a plan stands, since when (null while it goes on), what came in for it, its instalments, and the earliest unpaid one. */
export type PlanStanding = {
  readonly state: PlanState; readonly on: Day | null; readonly received: bigint; readonly instalments: readonly InstalmentStanding[]; readonly next: InstalmentStanding | null;
};

/** Sum of instalments in minor units. */
export const planTotal = (instalments: readonly PlanInstalment[]): bigint => instalments.reduce((sum, { minor }) => sum + minor, 0n);

/**
 * The state of a plan as of a day, from the dated allocations of its items since it was made; money goes to the oldest instalment first.
 * An instalment late by more than its grace ends the plan, whatever comes later.
 */
export function planStanding(plan: Plan, received: readonly Received[], asOf: Day): PlanStanding {
  const now = receivedBy(received, asOf);
  let left = now;
  let due = 0n;
  let missedAt: Day | null = null;
  const instalments: InstalmentStanding[] = [];
  for (const { dueOn, minor } of plan.instalments) {
    due += minor;
    const lastDay = lastDayOf(dueOn, plan.graceDays, plan.place);
    const paid = left < minor ? left : minor;
    left -= paid;
    const missed = asOf > lastDay && heldBy(received, lastDay, asOf) < due;
    if (missed) missedAt ??= addDays(lastDay, 1);
    const state = missed ? 'missed' : paid === minor ? 'paid' : asOf > dueOn ? 'late' : 'due';
    instalments.push({ dueOn, minor, paid, lastDay, state });
  }
  const next = instalments.find(({ paid, minor }) => paid < minor) ?? null;
  const standing = { received: now, instalments, next };
  if (plan.acceptedOn === null || asOf < plan.acceptedOn) return { ...standing, state: 'proposed', on: null };
  if (missedAt !== null) return { ...standing, state: 'defaulted', on: missedAt };
  if (next === null) return { ...standing, state: 'completed', on: reachedOn(received.filter(({ on }) => on <= asOf), due) };
  return { ...standing, state: next.state === 'late' ? 'late' : 'current', on: null };
}

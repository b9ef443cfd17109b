import { addDays } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { Place } from '../ledger/calendar.ts';
import { lastDayOf } from './grace.ts';
import { heldBy, reachedOn } from './received.ts';
import type { Received } from './received.ts';

/** How a promise was made. */
export const PROMISE_CHANNELS = ['phone', 'email', 'letter', 'portal', 'inPerson'] as const;
/** One of them. */
export type PromiseChannel = (typeof PROMISE_CHANNELS)[number];

/** A promise to pay an amount (minor units; null: nobody can say how much) by a day. */
export type PromiseToPay = { readonly amount: bigint | null; readonly until: Day; readonly graceDays: number; readonly place: Place };

/** `partly`: its day is over and only a part came in. */
export type PromiseState = 'open' | 'kept' | 'partly' | 'broken';

/** Where a promise stands: its state, since when (null while open), what came in for it, and its last day, grace included. */
export type PromiseStanding = { readonly state: PromiseState; readonly on: Day | null; readonly received: bigint; readonly lastDay: Day };

/**
 * The state of a promise as of a day, from the dated allocations of what it covers. Kept the moment its sum is reached; what comes after
 * its last day changes nothing of it, and what bounced does not count.
 */
export function promiseStanding(promise: PromiseToPay, received: readonly Received[], asOf: Day): PromiseStanding {
  const lastDay = lastDayOf(promise.until, promise.graceDays, promise.place);
  const held = heldBy(received, lastDay, asOf);
  const { amount } = promise;
  if (amount !== null && held >= amount) return { state: 'kept', on: keptOn(received, amount, lastDay), received: held, lastDay };
  if (asOf <= lastDay) return { state: 'open', on: null, received: held, lastDay };
  return { state: held > 0n ? 'partly' : 'broken', on: addDays(lastDay, 1), received: held, lastDay };
}

function keptOn(received: readonly Received[], amount: bigint, lastDay: Day): Day {
  return reachedOn(received.filter(({ on }) => on <= lastDay), amount) ?? lastDay;
}

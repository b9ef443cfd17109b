import type { Day } from '../kernel/day.ts';

/** What came in on the covered items on a day, in minor units; negative when an allocation was reversed. */
export type Received = { readonly on: Day; readonly minor: bigint };

/** Sum of what came in up to a day, that day included; never below nothing. */
export function receivedBy(received: readonly Received[], day: Day): bigint {
  let sum = 0n;
  for (const { on, minor } of received) if (on <= day) sum += minor;
  return sum > 0n ? sum : 0n;
}

/**
 * What came in by a last day and is still there on the day asked: a payment that bounced afterwards does not count, one that came too
 * late does not either.
 */
export function heldBy(received: readonly Received[], lastDay: Day, asOf: Day): bigint {
  const inTime = receivedBy(received, lastDay < asOf ? lastDay : asOf);
  const now = receivedBy(received, asOf);
  return inTime < now ? inTime : now;
}

/** First day from which the sum reached an amount (> 0); null when it never did. Any order of entries. */
export function reachedOn(received: readonly Received[], amount: bigint): Day | null {
  let sum = 0n;
  let reached: Day | null = null;
  for (const { on, minor } of received.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))) {
    sum += minor;
    if (sum >= amount) reached ??= on;
    else reached = null;
  }
  return reached;
}

import type { Instant } from '../kernel/clock.ts';
import type { Day } from '../kernel/day.ts';

const MINUTE_MS = 60_000;

/**
 * Minutes after its claim in which a hand-off may begin: the lease less the longest a hand-off lasts (smtp-settings), less one. A process that was
 * stopped in between (a suspended machine), or a server that is slow, must not make a message leave on facts of long ago, or under a claim that is in
 * other hands by then.
 */
export const BEGIN_MINUTES = 4;
/** Minutes after its claim in which the last byte may leave: well within the lease, so that nobody takes the message for lost before. */
export const END_MINUTES = 15;
/** What the last byte needs to be seen by who looks at the mail server. */
const SEEN_MINUTES = 1;

/**
 * Minutes for which a message whose worker was lost may still be under way: the worker may live, cut off from the database alone. Nobody can say before they
 * are over that it did not arrive. Zero: nothing of it leaves any more.
 */
function mayArriveFor(claimedAt: Instant, now: Instant): number {
  const left = Date.parse(claimedAt) + (END_MINUTES + SEEN_MINUTES) * MINUTE_MS - Date.parse(now);
  return left <= 0 ? 0 : Math.ceil(left / MINUTE_MS);
}

/** Reasons of a parked action whose worker may be at it still. */
const MAY_BE_UNDER_WAY: ReadonlySet<string | null> = new Set(['workerLost', 'sendJournal']);

/** Minutes for which a parked action may still be under way, by why it was parked; claims of which nothing is known are over. */
export const underWayFor = ({ reason, claimedAt }: { readonly reason: string | null; readonly claimedAt: Instant | null }, now: Instant): number =>
  (claimedAt === null || !MAY_BE_UNDER_WAY.has(reason) ? 0 : mayArriveFor(claimedAt, now));

/** The day on which a parked action counts as sent when a person says that it arrived: that of the word, but not before it was claimed; a clock may have been set back since. */
export const arrivedOn = (today: Day, claimedOn: Day | null): Day => (claimedOn !== null && claimedOn > today ? claimedOn : today);

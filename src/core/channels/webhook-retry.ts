import type { Instant } from '../kernel/clock.ts';
import { afterUnknownEnd } from './channel-class.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY_MS = 24 * HOUR * 1000;

/** Seconds between a failed try and the next: the example schedule of the Standard Webhooks specification, a little more than three days in all. */
export const RETRY_SECONDS: readonly number[] = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
/** How long a receiver is asked to remember ids (docs/operate/webhooks.md), with a day to spare behind the last try: later a repeat could be taken for news. */
export const WINDOW_DAYS = 5;
/** The share of a wait that chance adds to it: receivers that fail at once are not all called again at once. */
const JITTER = 0.1;

/** How a call ended. `taken`: answered with 2xx. `refused`: with another status. Then those without an answer, of which `timeout`, `broken` and `lost` (the worker was) may have arrived. */
export const CALL_OUTCOMES = ['taken', 'refused', 'timeout', 'broken', 'lost', 'connection', 'tls', 'dns', 'address'] as const;
/** One of them. */
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

const UNKNOWN: ReadonlySet<CallOutcome> = new Set(['timeout', 'broken', 'lost']);
const GONE = 410;

/** Why a webhook is off: a person, the receiver asked for it (410), it failed for three days, or nobody can know whether a repeat would still be recognised. */
export type OffBecause = 'person' | 'gone' | 'failing' | 'unsure';

/** A call that was tried: how often, since when, and how the last try ended. */
export type TriedCall = { readonly outcome: Exclude<CallOutcome, 'taken'>; readonly status: number | null; readonly tries: number; readonly firstAt: Instant };

/** What follows a try that was not taken: another one after a while, or the end of the webhook's calls until a person looks. */
export type AfterCall = { readonly next: 'again'; readonly afterMs: number } | { readonly next: 'off'; readonly because: Exclude<OffBecause, 'person'> };

/** What follows a failed try; `chance` is from 0 to 1. */
export function afterFailedCall(call: TriedCall, now: Instant, chance: number): AfterCall {
  if (call.status === GONE) return { next: 'off', because: 'gone' };
  const windowOver = Date.parse(now) - Date.parse(call.firstAt) > WINDOW_DAYS * DAY_MS;
  if (UNKNOWN.has(call.outcome) && afterUnknownEnd({ class: 'deduplicating', windowOver }) === 'park') return { next: 'off', because: 'unsure' };
  const seconds = RETRY_SECONDS[call.tries - 1];
  if (seconds === undefined) return { next: 'off', because: 'failing' };
  return { next: 'again', afterMs: Math.round(seconds * 1000 * (1 + JITTER * chance)) };
}

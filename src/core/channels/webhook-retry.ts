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

/** Those after which nobody knows whether the call arrived. */
export const UNKNOWN_ENDS: readonly CallOutcome[] = ['timeout', 'broken', 'lost'];
const GONE = 410;

/**
 * Why a webhook is off: a person, the receiver asked for it (410), it failed for three days, nobody can know whether a repeat would still be recognised, or the database
 * was restored or copied: it may have forgotten whom it should tell no more, and a copy must not tell others what is only played in it.
 */
export const OFF_BECAUSE = ['person', 'gone', 'failing', 'unsure', 'restored'] as const;
/** One of them. */
export type OffBecause = (typeof OFF_BECAUSE)[number];

/** A call that was tried: how often, since when, how the last try ended, and whether that one or one before it may have arrived. */
export type TriedCall = { readonly outcome: Exclude<CallOutcome, 'taken'>; readonly status: number | null; readonly tries: number; readonly firstAt: Instant; readonly mayHaveArrived: boolean };

/** What follows a try that was not taken: another one after a while, or the end of the webhook's calls until a person looks. */
export type AfterCall = { readonly next: 'again'; readonly afterMs: number } | { readonly next: 'off'; readonly because: Exclude<OffBecause, 'person' | 'restored'> };

/** The earliest first try of a call that may have arrived and may be repeated now. It is looked at when a try ends and again when the next one begins: a machine may have been off for weeks between. */
export const repeatableSince = (now: Instant): Instant => new Date(Date.parse(now) - WINDOW_DAYS * DAY_MS).toISOString() as Instant;

/** What follows a failed try; `chance` is from 0 to 1. */
export function afterFailedCall(call: TriedCall, now: Instant, chance: number): AfterCall {
  if (call.status === GONE) return { next: 'off', because: 'gone' };
  const windowOver = call.firstAt < repeatableSince(now);
  if (call.mayHaveArrived && afterUnknownEnd({ class: 'deduplicating', windowOver }) === 'park') return { next: 'off', because: 'unsure' };
  const seconds = RETRY_SECONDS[call.tries - 1];
  if (seconds === undefined) return { next: 'off', because: 'failing' };
  return { next: 'again', afterMs: Math.round(seconds * 1000 * (1 + JITTER * chance)) };
}

import type { Day } from './day.ts';

declare const brand: unique symbol;

/** A point in time: ISO 8601 in UTC with milliseconds, "2026-11-22T08:00:00.000Z". */
export type Instant = string & { readonly [brand]: 'instant' };

/** The only source of time; the real one is made at the edge, tests pass their own. */
export type Clock = {
  /** Now, in UTC. */
  now(): Instant;
  /** The calendar day it is now in an IANA time zone ("Europe/Paris"). */
  today(timeZone: string): Day;
};

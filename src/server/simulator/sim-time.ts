import type { Clock, Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import { dayAt, minuteOfDay } from '#server/plumbing/clock.ts';

const MINUTE_MS = 60_000;

/** The one clock of a simulated seed, in milliseconds since 1970. Nothing but the simulation moves it. */
export class SimTime implements Clock {
  ms: number;
  /** The business day of an instant is asked for far more often than it changes. */
  readonly #days = new Map<string, { from: number; until: number; day: Day }>();

  constructor(start: string) {
    this.ms = Date.parse(start);
  }

  now(): Instant {
    return new Date(this.ms).toISOString() as Instant;
  }

  today(timeZone: string): Day {
    const known = this.#days.get(timeZone);
    if (known !== undefined && this.ms >= known.from && this.ms < known.until) return known.day;
    const day = dayAt(timeZone, this.now());
    // Within the same quarter of an hour the day is the same: zones and their changes keep to quarters.
    const from = this.ms - (this.ms % (15 * MINUTE_MS));
    this.#days.set(timeZone, { from, until: from + 15 * MINUTE_MS, day });
    return day;
  }

  minute(timeZone: string): number {
    return minuteOfDay(timeZone, this.now());
  }

  pass(ms: number): void {
    this.ms += ms;
  }
}

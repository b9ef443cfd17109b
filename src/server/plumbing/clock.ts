import type { Clock, Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseDay } from '#core/kernel/day.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function dayIn(timeZone: string, at: Date): Day {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  const day = parseDay(format.format(at));
  if (day === null) throw new Error(`the clock is outside 1900-9999: ${at.toISOString()}`);
  return day;
}

/** The machine's clock: the one place that asks what time it is. */
export const systemClock: Clock = {
  now: () => new Date().toISOString() as Instant,
  today: (timeZone) => dayIn(timeZone, new Date()),
};

/** A clock whose business day is set by hand (`--today`), its instants the machine's: evidence keeps the true time. */
export function clockOn(day: Day): Clock {
  return { now: () => systemClock.now(), today: () => day };
}

/** A clock that stands still at an instant ("2026-03-02T08:00:00.000Z") until `set` moves it; for tests and simulations. */
export function manualClock(start: string): Clock & { set(instant: string): void } {
  let at = new Date(start);
  return {
    now: () => at.toISOString() as Instant,
    today: (timeZone) => dayIn(timeZone, at),
    set: (instant) => {
      at = new Date(instant);
    },
  };
}

/** The day of an instant in a time zone. */
export const dayAt = (timeZone: string, instant: Instant): Day => dayIn(timeZone, new Date(instant));

/** Minutes since midnight in a time zone, for opening hours. */
export function minuteOfDay(timeZone: string, instant: Instant): number {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, hour: '2-digit', minute: '2-digit' }).format(new Date(instant));
  const [hours = '0', minutes = '0'] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}

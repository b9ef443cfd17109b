import { dayOf } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { MAX_CACHED_DAYS } from '../limits.ts';

/** Days already made, by their digits as one number: a year of statements writes the same few hundred over and over. */
const made = new Map<number, Day>();

/** The day of these parts as `dayOf` makes it, null when the calendar has no such day; parts are whole numbers, days and months below 100. */
export function frequentDay(year: number, month: number, dayOfMonth: number): Day | null {
  const key = (year * 100 + month) * 100 + dayOfMonth;
  const known = made.get(key);
  if (known !== undefined) return known;
  const found = dayOf(year, month, dayOfMonth);
  if (found !== null && made.size < MAX_CACHED_DAYS) made.set(key, found);
  return found;
}

const ZERO = 0x30;

/** Number of the two digits at a place of a text; -1 when they are not two digits. */
export function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

declare const brand: unique symbol;

/** A calendar day, "YYYY-MM-DD", from 1900-01-01 to 9999-12-31. Texts compare as days do (`<`, `>`). */
export type Day = string & { readonly [brand]: 'day' };

const DAY_TEXT = /^(\d{4})-(\d{2})-(\d{2})$/;
const FIRST_YEAR = 1900;

/** Days in a month (1-12) of the Gregorian calendar. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const pad = (value: number, width: number): string => value.toString().padStart(width, '0');

/** The day of these parts, or null when the calendar has no such day (31 February) or the year is before 1900. */
export function dayOf(year: number, month: number, day: number): Day | null {
  const whole = Number.isInteger(year) && Number.isInteger(month) && Number.isInteger(day);
  if (!whole || year < FIRST_YEAR || year > 9999 || month < 1 || month > 12) return null;
  if (day < 1 || day > daysInMonth(year, month)) return null;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}` as Day;
}

/** Reads "YYYY-MM-DD"; null when malformed or no such day. */
export function parseDay(text: string): Day | null {
  const match = DAY_TEXT.exec(text);
  return match === null ? null : dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** Reads a day written in the source; throws when wrong. For constants and tests. */
export function day(text: string): Day {
  const parsed = parseDay(text);
  if (parsed === null) throw new Error(`not a day: ${text}`);
  return parsed;
}

/** Year, month (1-12) and day of month. */
export function partsOf(value: Day): { year: number; month: number; day: number } {
  return { year: Number(value.slice(0, 4)), month: Number(value.slice(5, 7)), day: Number(value.slice(8, 10)) };
}

/** Days whose numbers are kept: a run asks for those of a few years, millions of times. */
const KEPT_MAX = 20_000;
const numbers = new Map<Day, number>();

/** Days since 1970-01-01 (negative before). */
export function dayNumber(value: Day): number {
  const known = numbers.get(value);
  if (known !== undefined) return known;
  if (numbers.size >= KEPT_MAX) numbers.clear();
  const count = countDays(value);
  numbers.set(value, count);
  return count;
}

/** The civil-calendar formula with March-based years. */
function countDays(value: Day): number {
  const { year, month, day: dayOfMonth } = partsOf(value);
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** The day of a number made by `dayNumber`; throws outside 1900-9999. */
export function dayFromNumber(count: number): Day {
  const shifted = count + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leapFree = dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor(leapFree / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const dayOfMonth = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const result = dayOf(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth);
  if (result === null) throw new Error(`day out of range: ${count}`);
  return result;
}

/** The day `count` days later (earlier when negative). */
export const addDays = (value: Day, count: number): Day => dayFromNumber(dayNumber(value) + count);

/** Same day of the month `count` months later, or that month's last day when it is shorter. */
export function addMonths(value: Day, count: number): Day {
  const { year, month, day: dayOfMonth } = partsOf(value);
  const months = year * 12 + (month - 1) + count;
  return clampedDay(Math.floor(months / 12), (months % 12) + 1, dayOfMonth);
}

/** Day `dayOfMonth` of a month, or its last day when the month is shorter; throws outside 1900-9999. */
export function clampedDay(year: number, month: number, dayOfMonth: number): Day {
  const result = dayOf(year, month, Math.min(dayOfMonth, daysInMonth(year, month)));
  if (result === null) throw new Error(`day out of range: ${year}-${month}-${dayOfMonth}`);
  return result;
}

/** Last day of the month. */
export function endOfMonth(value: Day): Day {
  const { year, month } = partsOf(value);
  return clampedDay(year, month, 31);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number => dayNumber(to) - dayNumber(from);

/** 1 Monday … 7 Sunday (ISO 8601). */
export const weekday = (value: Day): number => ((((dayNumber(value) + 3) % 7) + 7) % 7) + 1;

/** The earlier of two days. */
export const earlier = (a: Day, b: Day): Day => (a < b ? a : b);

/** The later of two days. */
export const later = (a: Day, b: Day): Day => (a > b ? a : b);

import { addDays, clampedDay, dayNumber, parseDay, partsOf, weekday } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { Place } from '../ledger/calendar.ts';

/** Minutes ahead of UTC in winter, and whether the place keeps the summer time of the European Union (directive 2000/84/EC). */
type Zone = { readonly minutes: number; readonly summer: boolean };

const HOUR = 60;
const central: Zone = { minutes: HOUR, summer: true };
const western: Zone = { minutes: 0, summer: true };
const eastern: Zone = { minutes: 2 * HOUR, summer: true };
const fixed = (hours: number): Zone => ({ minutes: hours * HOUR, summer: false });

/** Countries that keep one time everywhere people are dunned; the others are taken for Paris time, and their hours to be set with that in mind. */
const COUNTRIES: ReadonlyMap<string, Zone> = new Map([
  ...['FR', 'MC', 'BE', 'LU', 'NL', 'DE', 'AT', 'CH', 'LI', 'IT', 'ES', 'DK', 'SE', 'NO', 'PL', 'CZ', 'SK', 'HU', 'SI', 'HR', 'MT', 'AD', 'SM'].map((code) => [code, central] as const),
  ...['GB', 'IE', 'PT'].map((code) => [code, western] as const),
  ...['FI', 'EE', 'LV', 'LT', 'GR', 'RO', 'BG', 'CY'].map((code) => [code, eastern] as const),
  ['MA', fixed(1)], ['DZ', fixed(1)], ['TN', fixed(1)], ['SN', fixed(0)], ['CI', fixed(0)], ['TR', fixed(3)],
  ['GP', fixed(-4)], ['MQ', fixed(-4)], ['GF', fixed(-3)], ['RE', fixed(4)], ['YT', fixed(3)], ['NC', fixed(11)], ['PF', fixed(-10)],
]);

/** Overseas France by the beginning of the postal code; Polynesia is that of Tahiti. */
const OVERSEAS: ReadonlyMap<string, Zone> = new Map([
  ['971', fixed(-4)], ['972', fixed(-4)], ['973', fixed(-3)], ['974', fixed(4)], ['976', fixed(3)], ['977', fixed(-4)], ['978', fixed(-4)],
  ['986', fixed(12)], ['987', fixed(-10)], ['988', fixed(11)],
]);

const PREFIX_LENGTH = 3;
const SUNDAY = 7;
const MINUTES_A_DAY = 24 * HOUR;

function zoneOf({ country, postalCode }: Place): Zone {
  const overseas = country === 'FR' && postalCode !== null ? OVERSEAS.get(postalCode.trim().slice(0, PREFIX_LENGTH)) : undefined;
  return overseas ?? COUNTRIES.get(country) ?? central;
}

/** The last Sunday of a month. */
function lastSunday(year: number, month: number): Day {
  const last = clampedDay(year, month, 31);
  return addDays(last, -(weekday(last) % SUNDAY));
}

/** Summer time runs from the last Sunday of March to that of October, changing everywhere at 1:00 UTC. */
function inSummer(day: Day, minute: number): boolean {
  const { year } = partsOf(day);
  const at = dayNumber(day) * MINUTES_A_DAY + minute;
  const change = (month: number): number => dayNumber(lastSunday(year, month)) * MINUTES_A_DAY + HOUR;
  return at >= change(3) && at < change(10);
}

/** The day and the minute of the day that it is at a place at an instant in UTC ("2026-03-02T08:00:00.000Z"); throws when that is no instant. */
export function localTime(place: Place, instant: string): { day: Day; minute: number } {
  const utcDay = parseDay(instant.slice(0, 10));
  const clock = /^T(\d{2}):(\d{2})/.exec(instant.slice(10));
  if (utcDay === null || clock === null) throw new Error(`not an instant: ${instant}`);
  const utcMinute = Number(clock[1]) * HOUR + Number(clock[2]);
  const { minutes, summer } = zoneOf(place);
  const minute = utcMinute + minutes + (summer && inSummer(utcDay, utcMinute) ? HOUR : 0);
  const days = Math.floor(minute / MINUTES_A_DAY);
  return { day: days === 0 ? utcDay : addDays(utcDay, days), minute: minute - days * MINUTES_A_DAY };
}

import type { Day } from '../kernel/day.ts';
import { addDays, weekday } from '../kernel/day.ts';
import type { Bilingual } from '../kernel/text.ts';
import { isWorkingDay } from '../ledger/calendar.ts';
import type { Place } from '../ledger/calendar.ts';
import { localTime } from './local-time.ts';
import type { CustomerKind, PolicyFacts } from './facts.ts';

/** Minutes of the day, the second not included: 540 to 1140 is 9:00 to 19:00. */
export type Window = readonly [from: number, until: number];

/** The windows of each day from Monday to Sunday; a day without one is quiet. */
export type WeekHours = readonly (readonly Window[])[];

/** Hours in which customers may be contacted, by what law applies to them. */
export type ContactHours = { readonly business: WeekHours; readonly consumer: WeekHours };

const WEEKDAYS = 5;
const WEEK = 7;
const week = (windows: readonly Window[]): WeekHours => Array.from({ length: WEEK }, (_, index) => (index < WEEKDAYS ? windows : []));

/**
 * No statute fixes hours for a creditor who chases its own debt; these keep clear of harassment (docs/law, HAR-02): firms from 9 to 19,
 * consumers from 10 to 13 and from 14 to 19, Monday to Friday.
 */
export const DEFAULT_CONTACT_HOURS: ContactHours = { business: week([[9 * 60, 19 * 60]]), consumer: week([[10 * 60, 13 * 60], [14 * 60, 19 * 60]]) };

const DAY_MINUTES = 24 * 60;
/** Morning, afternoon, evening: nobody needs more. */
const WINDOWS_MAX = 3;

/** Whether somebody may be contacted at an instant; if not, why, and from which day and minute of their own time they may. */
export type Contactable =
  | { readonly may: true }
  | { readonly may: false; readonly because: 'weekend' | 'publicHoliday' | 'organisation' | 'hours'; readonly next: { readonly day: Day; readonly minute: number } | null };

/** Days looked ahead for the next open one: the longest closure anybody enters is a summer. */
const LOOK_AHEAD_DAYS = 120;

/** Where somebody is, and which law applies (a professional when it is not said). */
export type Whereabouts = Place & { readonly kind?: CustomerKind };

/**
 * Whether a message may leave, or a call be made, at an instant ("2026-03-02T08:00:00.000Z"): on a day that is open at the customer's place,
 * within the hours of the policy, in the customer's own time. It is for what reaches somebody at once (e-mail, SMS, calls, visits); a letter
 * is read when it is opened.
 */
export function mayContactAt(policy: Pick<PolicyFacts, 'closedDays' | 'contactHours'>, at: Whereabouts, instant: string): Contactable {
  const { day, minute } = localTime(at, instant);
  const hours = (policy.contactHours ?? DEFAULT_CONTACT_HOURS)[at.kind === 'consumer' ? 'consumer' : 'business'];
  const closed = closedBecause(policy.closedDays, at, day);
  const windows = windowsOf(hours, day);
  if (closed === null && windows.some(([from, until]) => minute >= from && minute < until)) return { may: true };
  const later = closed === null ? windows.find(([from]) => from > minute) : undefined;
  const next = later === undefined ? nextOpening(policy.closedDays, at, { after: day, hours }) : { day, minute: later[0] };
  return { may: false, because: closed ?? 'hours', next };
}

const windowsOf = (hours: WeekHours, day: Day): readonly Window[] => hours[weekday(day) - 1] ?? [];

function nextOpening(closedDays: readonly Day[], place: Place, of: { after: Day; hours: WeekHours }): { day: Day; minute: number } | null {
  for (let ahead = 1; ahead <= LOOK_AHEAD_DAYS; ahead += 1) {
    const day = addDays(of.after, ahead);
    const [first] = windowsOf(of.hours, day);
    if (first !== undefined && closedBecause(closedDays, place, day) === null) return { day, minute: first[0] };
  }
  return null;
}

const FIRST_WEEKEND_DAY = 6;

/** Why nothing goes out to a place on a day; null when it is open. */
export function closedBecause(closedDays: readonly Day[], place: Place, day: Day): 'weekend' | 'publicHoliday' | 'organisation' | null {
  if (closedDays.includes(day)) return 'organisation';
  if (isWorkingDay(day, place)) return null;
  return weekday(day) >= FIRST_WEEKEND_DAY ? 'weekend' : 'publicHoliday';
}

/** What cannot be used in hours a person gave; none: they can. */
export function contactHoursProblems(hours: ContactHours): Bilingual[] {
  const found: Bilingual[] = [];
  for (const days of [hours.business, hours.consumer]) {
    const whole = days.length === WEEK && days.every((windows) => windows.length <= WINDOWS_MAX && ordered(windows));
    if (!whole) {
      found.push({
        fr: `Donnez pour chacun des ${WEEK} jours au plus ${WINDOWS_MAX} plages horaires, dans l’ordre et sans chevauchement, entre 0 h et 24 h.`,
        en: `Give for each of the ${WEEK} days at most ${WINDOWS_MAX} windows, in order and apart, between 0:00 and 24:00.`,
      });
    } else if (days.every((windows) => windows.length === 0)) {
      found.push({ fr: 'Gardez au moins une plage dans la semaine : sinon rien ne partirait jamais.', en: 'Keep at least one window in the week: else nothing would ever go out.' });
    }
  }
  return found;
}

function ordered(windows: readonly Window[]): boolean {
  let end = 0;
  for (const [from, until] of windows) {
    if (!Number.isInteger(from) || !Number.isInteger(until) || from < end || until <= from || until > DAY_MINUTES) return false;
    end = until;
  }
  return true;
}

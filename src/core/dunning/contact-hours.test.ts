import { expect, test } from 'vitest';
import { day } from '../kernel/day.ts';
import { contactHoursProblems, DEFAULT_CONTACT_HOURS, mayContactAt } from './contact-hours.ts';
import type { ContactHours, Whereabouts } from './contact-hours.ts';
import { localTime } from './local-time.ts';

const paris: Whereabouts = { country: 'FR', postalCode: '75011' };
const consumer: Whereabouts = { ...paris, kind: 'consumer' };
const at = (where: Whereabouts, instant: string, closedDays: string[] = []): string => {
  const answer = mayContactAt({ closedDays: closedDays.map(day) }, where, instant);
  return answer.may ? 'may' : `${answer.because}, ${answer.next === null ? 'never' : `${answer.next.day} ${Math.floor(answer.next.minute / 60)}:${String(answer.next.minute % 60).padStart(2, '0')}`}`;
};

// Paris is one hour ahead of UTC in winter, two in summer; 2026-03-02 is a Monday.
test.each<[string, Whereabouts, string, string]>([
  ['nine sharp in winter', paris, '2026-03-02T08:00:00.000Z', 'may'],
  ['a minute before nine', paris, '2026-03-02T07:59:59.000Z', 'hours, 2026-03-02 9:00'],
  ['nine sharp in summer', paris, '2026-07-01T07:00:00.000Z', 'may'],
  ['the last minute', paris, '2026-03-02T17:59:00.000Z', 'may'],
  ['seven in the evening', paris, '2026-03-02T18:00:00.000Z', 'hours, 2026-03-03 9:00'],
  ['Friday evening', paris, '2026-03-06T19:00:00.000Z', 'hours, 2026-03-09 9:00'],
  ['Saturday', paris, '2026-03-07T10:00:00.000Z', 'weekend, 2026-03-09 9:00'],
  ['Sunday', paris, '2026-03-08T10:00:00.000Z', 'weekend, 2026-03-09 9:00'],
  ['Easter Monday', paris, '2026-04-06T10:00:00.000Z', 'publicHoliday, 2026-04-07 9:00'],
  ['Good Friday in Strasbourg', { country: 'FR', postalCode: '67000' }, '2026-04-03T10:00:00.000Z', 'publicHoliday, 2026-04-07 9:00'],
  ['Good Friday in Paris', paris, '2026-04-03T10:00:00.000Z', 'may'],
  ['a consumer at noon', consumer, '2026-03-02T11:00:00.000Z', 'may'],
  ['a consumer at lunch', consumer, '2026-03-02T12:30:00.000Z', 'hours, 2026-03-02 14:00'],
  ['a consumer at nine', consumer, '2026-03-02T08:30:00.000Z', 'hours, 2026-03-02 10:00'],
  ['La Réunion is four hours ahead', { country: 'FR', postalCode: '97400' }, '2026-03-02T05:00:00.000Z', 'may'],
  ['where it is evening by then', { country: 'FR', postalCode: '97400' }, '2026-03-02T15:30:00.000Z', 'hours, 2026-03-03 9:00'],
  ['Guadeloupe is four hours behind', { country: 'FR', postalCode: '97110' }, '2026-03-02T12:59:00.000Z', 'hours, 2026-03-02 9:00'],
  ['Sunday here, Monday in Nouméa', { country: 'FR', postalCode: '98800' }, '2026-03-01T22:30:00.000Z', 'may'],
  ['London', { country: 'GB', postalCode: null }, '2026-03-02T08:30:00.000Z', 'hours, 2026-03-02 9:00'],
])('%s', (...[, where, instant, expected]) => expect(at(where, instant)).toBe(expected));

test('a closing day of the company', () => expect(at(paris, '2026-03-02T10:00:00.000Z', ['2026-03-02', '2026-03-03'])).toBe('organisation, 2026-03-04 9:00'));

test.each([
  ['2026-03-29T00:59:00.000Z', 'FR', '2026-03-29 119'], ['2026-03-29T01:00:00.000Z', 'FR', '2026-03-29 180'], ['2026-10-25T00:59:00.000Z', 'FR', '2026-10-25 179'],
  ['2026-10-25T01:00:00.000Z', 'FR', '2026-10-25 120'], ['2026-12-31T23:30:00.000Z', 'FR', '2027-01-01 30'], ['2026-06-30T23:30:00.000Z', 'PT', '2026-07-01 30'], ['2026-03-01T02:00:00.000Z', 'GP', '2026-02-28 1320'],
])('%s in %s', (instant, country, expected) => {
  const { day: on, minute } = localTime({ country, postalCode: null }, instant);
  expect(`${on} ${minute}`).toBe(expected);
});

test('summer time is that of the machine’s own table, every hour of two years', () => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'short' });
  for (let hour = 0; hour < 2 * 365 * 24; hour += 1) {
    const instant = new Date(Date.UTC(2026, 0, 1, hour));
    const { day: on, minute } = localTime(paris, instant.toISOString());
    expect(`${on} ${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`).toBe(format.format(instant));
  }
});

const business = (windows: [number, number][]): ContactHours => ({ ...DEFAULT_CONTACT_HOURS, business: [windows, [], [], [], [], [], []] });
test.each<[string, ContactHours, number]>([
  ['the hours of the product', DEFAULT_CONTACT_HOURS, 0], ['crossed', business([[600, 540]]), 1], ['overlapping', business([[540, 720], [700, 800]]), 1], ['past midnight', business([[540, 1441]]), 1],
  ['four windows', business([[0, 1], [2, 3], [4, 5], [6, 7]]), 1], ['never', business([]), 1], ['a week of six days', { ...DEFAULT_CONTACT_HOURS, consumer: DEFAULT_CONTACT_HOURS.consumer.slice(1) }, 1],
])('hours: %s', (_, hours, count) => expect(contactHoursProblems(hours)).toHaveLength(count));

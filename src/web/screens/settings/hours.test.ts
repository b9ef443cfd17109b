import { expect, test } from 'vitest';
import { contactHoursProblems, DEFAULT_CONTACT_HOURS } from '#core/dunning/contact-hours.ts';
import { hoursOf, minutesOf, nextWindow, weekRows } from './hours.ts';

test('the hours of the product are shown and given back as they are, the end of the day too', () => {
  for (const hours of [DEFAULT_CONTACT_HOURS.business, DEFAULT_CONTACT_HOURS.consumer, [[[0, 1440]], [], [], [], [], [], []] as const]) expect(hoursOf(weekRows(hours))).toEqual(hours);
});

test.each([['09:30', 'from', 570], ['00:00', 'from', 0], ['00:00', 'until', 1440], ['24:00', 'until', null], ['', 'from', null], ['9h', 'from', null]] as const)('%s as %s is %s', (clock, end, minutes) => {
  expect(minutesOf(clock, end)).toBe(minutes);
});

test('a window that is not filled in, or runs backwards, is refused by the same rule as on the server', () => {
  const { consumer } = DEFAULT_CONTACT_HOURS;
  for (const wrong of [{ id: 0, from: '', until: '12:00' }, { id: 0, from: '14:00', until: '12:00' }]) {
    const week = weekRows(consumer).map((windows, day) => (day === 0 ? [wrong] : windows));
    expect(contactHoursProblems({ business: hoursOf(week), consumer })).toHaveLength(1);
  }
});

test('one more window comes after the last', () => {
  expect([nextWindow([]), nextWindow([{ id: 4, from: '09:00', until: '12:00' }]), nextWindow([{ id: 0, from: '09:00', until: '00:00' }])]).toEqual([
    { id: 0, from: '09:00', until: '12:00' }, { id: 5, from: '13:00', until: '15:00' }, { id: 1, from: '09:00', until: '12:00' },
  ]);
});

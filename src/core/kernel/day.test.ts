import { expect, test } from 'vitest';
import { addDays, addMonths, day, dayFromNumber, dayNumber, daysBetween, endOfMonth, parseDay, weekday } from './day.ts';

test('every day from 1900 to 2200 has its own number and comes back', () => {
  const first = dayNumber(day('1900-01-01'));
  const last = dayNumber(day('2200-12-31'));
  let previous = '';
  for (let count = first; count <= last; count += 1) {
    const value = dayFromNumber(count);
    if (dayNumber(value) !== count || value <= previous) throw new Error(`day ${count} is ${value}`);
    previous = value;
  }
  expect(last - first + 1).toBe(109_938);
});

test.each(['2026-02-29', '2026-13-01', '0000-00-00', '2026-1-1', '1899-12-31', '2026-04-31', ''])('%s is no day', (text) => {
  expect(parseDay(text)).toBeNull();
});

test('months are clamped, days counted whole across clock changes', () => {
  expect(addMonths(day('2024-01-31'), 1)).toBe('2024-02-29');
  expect(addMonths(day('2024-03-31'), -13)).toBe('2023-02-28');
  expect(endOfMonth(day('2024-02-10'))).toBe('2024-02-29');
  expect(daysBetween(day('2014-03-28'), day('2014-03-31'))).toBe(3);
  expect(addDays(day('1969-12-31'), 1)).toBe('1970-01-01');
  expect(weekday(day('2026-11-22'))).toBe(7);
});

import { expect, test } from 'vitest';
import { day } from '../kernel/day.ts';
import { calendarLimitation, easterSunday, isWorkingDay, nextWorkingDay, publicHolidays, workingDaysBetween } from './calendar.ts';

const paris = { country: 'FR', postalCode: '75011' };
const strasbourg = { country: 'FR', postalCode: '67000' };

test('Easter of years whose date is known, the earliest and the latest among them', () => {
  const known = ['1961-04-02', '1981-04-19', '2008-03-23', '2011-04-24', '2016-03-27', '2024-03-31', '2025-04-20', '2026-04-05', '2027-03-28', '2038-04-25', '2049-04-18', '2285-03-22'];
  for (const easter of known) expect(easterSunday(Number(easter.slice(0, 4)))).toBe(easter);
});

test('the 11 holidays of France in 2026', () => {
  expect(publicHolidays(paris, 2026).map(({ on }) => on)).toEqual([
    '2026-01-01', '2026-04-06', '2026-05-01', '2026-05-08', '2026-05-14', '2026-05-25', '2026-07-14', '2026-08-15', '2026-11-01', '2026-11-11', '2026-12-25',
  ]);
});

test.each(['57000', '67000', '68100'])('Alsace-Moselle (%s) has 13, Good Friday and 26 December more', (postalCode) => {
  const days = publicHolidays({ country: 'FR', postalCode }, 2026).map(({ on }) => on);
  expect(days).toHaveLength(13);
  expect(days).toEqual(expect.arrayContaining(['2026-04-03', '2026-12-26']));
});

test.each([
  ['2026-11-20', paris, true],
  ['2026-11-21', paris, false],
  ['2026-11-22', paris, false],
  ['2026-11-11', paris, false],
  ['2026-04-03', paris, true],
  ['2026-04-03', strasbourg, false],
  ['2025-12-26', strasbourg, false],
  ['2025-12-26', paris, true],
  ['2026-05-27', { country: 'FR', postalCode: '97110' }, false],
  ['2026-05-22', { country: 'FR', postalCode: '97200' }, false],
  ['2026-07-14', { country: 'BE', postalCode: '1000' }, true],
  ['2026-07-18', { country: 'BE', postalCode: '1000' }, false],
] as const)('%s in %o: working day %s', (on, place, open) => expect(isWorkingDay(day(on), place)).toBe(open));

test('the fast test and the list agree every day of thirty years, and the next working day skips bridges of holidays', () => {
  for (let year = 2010; year < 2040; year += 1) {
    const holidays = new Set(publicHolidays(strasbourg, year).map(({ on }) => on as string));
    for (const { on } of publicHolidays(strasbourg, year)) expect(isWorkingDay(on, strasbourg)).toBe(false);
    const working = workingDaysBetween(day(`${year - 1}-12-31`), day(`${year}-12-31`), strasbourg);
    const weekdays = workingDaysBetween(day(`${year - 1}-12-31`), day(`${year}-12-31`), { country: 'XX', postalCode: null });
    const onWeekdays = [...holidays].filter((on) => isWorkingDay(day(on), { country: 'XX', postalCode: null })).length;
    expect(working).toBe(weekdays - onWeekdays);
  }
  expect(nextWorkingDay(day('2026-04-03'), strasbourg)).toBe('2026-04-07');
  expect(nextWorkingDay(day('2026-04-03'), paris)).toBe('2026-04-03');
  expect(workingDaysBetween(day('2026-11-20'), day('2026-11-20'), paris)).toBe(0);
});

test('what is not known is said', () => {
  expect(calendarLimitation(paris)).toBeNull();
  expect(calendarLimitation({ country: 'BE', postalCode: '1000' })?.fr).toContain('BE');
  expect(calendarLimitation({ country: 'FR', postalCode: null })?.en).toContain('postal code');
  expect(publicHolidays({ country: 'BE', postalCode: null }, 2026)).toEqual([]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, day, dayFromNumber, dayNumber } from '../kernel/day.ts';
import { must } from '../kernel/result.ts';
import { dueDate, parsePaymentDays, parseTerms, printTerms } from './terms.ts';
import type { TermStep } from './terms.ts';

const due = (terms: string, issued: string): string => dueDate(day(issued), must(parseTerms(terms)));

test.each([
  ['30d', '2022-01-01 2022-01-31, 2022-01-15 2022-02-14, 2022-01-31 2022-03-02'],
  ['30d,eom', '2022-01-01 2022-01-31, 2022-01-15 2022-02-28, 2022-01-31 2022-03-31'],
  ['1m,eom', '2022-01-01 2022-02-28, 2022-01-15 2022-02-28, 2022-01-31 2022-02-28'],
  ['30d,eom,next 10', '2022-01-01 2022-02-10, 2022-01-15 2022-03-10, 2022-01-31 2022-04-10'],
  ['90d,eom,next 10', '2022-01-01 2022-05-10, 2022-01-15 2022-05-10, 2022-01-31 2022-06-10'],
  ['3m,eom,next 10', '2022-01-01 2022-05-10, 2022-01-15 2022-05-10, 2022-01-31 2022-05-10'],
  ['1m,15d,eom,45d', '2022-01-01 2022-04-14, 2022-01-15 2022-05-15, 2022-01-31 2022-05-15'],
  ['on 10', '2022-01-01 2022-01-10, 2022-01-09 2022-01-10, 2022-01-10 2022-01-10, 2022-01-15 2022-02-10, 2022-01-31 2022-02-10'],
  ['eom,15d', '2019-01-01 2019-02-15, 2019-01-15 2019-02-15, 2019-01-31 2019-02-15'],
  ['eom', '2019-01-01 2019-01-31, 2019-01-15 2019-01-31, 2019-01-31 2019-01-31, 2024-02-10 2024-02-29'],
  ['next 1', '2019-01-01 2019-02-01, 2019-01-15 2019-02-01, 2019-01-31 2019-02-01'],
  ['0d', '2019-01-01 2019-01-01, 2019-01-15 2019-01-15, 2019-01-31 2019-01-31'],
  ['eom,45d', '2019-01-01 2019-03-17, 2019-01-15 2019-03-17, 2019-01-31 2019-03-17'],
  ['31d,on 15', '2019-01-01 2019-02-15, 2019-01-15 2019-02-15, 2019-01-31 2019-03-15'],
  ['30d,eom,next 10', '2023-12-12 2024-02-10'],
  ['30d,eom,next 31', '2023-12-12 2024-02-29'],
  ['0d,eom,next 29', '2024-05-23 2024-06-29'],
  ['0d,eom,next 31', '2024-05-23 2024-06-30'],
  ['15d,eom,next 30', '2024-05-24 2024-07-30'],
  ['15d,eom,next 31', '2024-05-23 2024-07-31'],
  ['30d,eom,next 0', '2024-04-22 2024-05-31'],
  ['2m,eom', '2015-01-30 2015-03-31'],
  ['eom,5d', '2021-01-15 2021-02-05'],
  ['eom,2w', '2021-01-15 2021-02-14'],
  ['eom,2m', '2021-01-15 2021-03-31'],
  ['5d,on 5', '2020-01-01 2020-02-05'],
  ['on 5,10', '2020-01-01 2020-01-05, 2020-01-06 2020-01-10'],
  ['on 15 20', '2020-01-01 2020-01-15, 2020-01-18 2020-01-20, 2020-01-25 2020-02-15'],
  ['on 15 20,on 5-10', '2020-01-01 2020-02-05, 2020-01-18 2020-02-05, 2020-01-25 2020-03-05'],
  ['1m,eom', '2016-01-22 2016-02-29, 2017-01-22 2017-02-28'],
  ['30d', '2016-01-22 2016-02-21, 2017-01-22 2017-02-21'],
  ['45d,eom', '2024-01-01 2024-02-29, 2024-01-30 2024-03-31, 2024-06-15 2024-07-31, 2024-06-17 2024-08-31, 2025-01-15 2025-03-31, 2024-12-16 2025-01-31'],
  ['eom,45d', '2024-01-01 2024-03-16, 2024-01-30 2024-03-16, 2024-06-15 2024-08-14, 2024-06-17 2024-08-14, 2025-01-15 2025-03-17, 2024-12-16 2025-02-14'],
  ['60d,eom', '2024-12-31 2025-03-31, 2025-01-31 2025-04-30, 2024-01-31 2024-03-31'],
  ['2m,eom', '2024-12-31 2025-02-28, 2025-01-31 2025-03-31, 2024-01-31 2024-03-31'],
  ['30d,eom', '2024-01-30 2024-02-29, 2024-01-31 2024-03-31, 2024-12-31 2025-01-31, 2025-01-31 2025-03-31'],
  ['30d,eom,next 10', '2024-01-01 2024-02-10, 2024-01-31 2024-04-10, 2024-12-15 2025-02-10, 2024-12-31 2025-02-10'],
  ['eom,next 10', '2024-01-31 2024-02-10, 2024-02-29 2024-03-10, 2024-11-30 2024-12-10, 2024-12-31 2025-01-10'],
  ['45d', '2024-11-30 2025-01-14, 2024-12-31 2025-02-14'],
  ['60d', '2024-11-30 2025-01-29, 2024-12-31 2025-03-01, 2024-01-01 2024-03-01, 2024-01-30 2024-03-30, 2025-01-15 2025-03-16'],
  ['45d,eom,10d', '2024-01-15 2024-03-10'],
])('%s', (terms, rows) => {
  for (const row of rows.split(', ')) {
    const [issued = '', expected] = row.split(' ');
    expect(`${issued} ${due(terms, issued)}`).toBe(`${issued} ${expected}`);
  }
});

test('the six most discriminating dates', () => {
  const terms = ['30d', '30d,eom', '45d,eom', 'eom,45d', '60d,eom', 'eom,next 10', '30d,eom,next 10', '2m,eom'];
  const table = [
    ['2024-01-30', '2024-02-29', '2024-02-29', '2024-03-31', '2024-03-16', '2024-03-31', '2024-02-10', '2024-03-10', '2024-03-31'],
    ['2024-01-31', '2024-03-01', '2024-03-31', '2024-03-31', '2024-03-16', '2024-03-31', '2024-02-10', '2024-04-10', '2024-03-31'],
    ['2024-02-29', '2024-03-30', '2024-03-31', '2024-04-30', '2024-04-14', '2024-04-30', '2024-03-10', '2024-04-10', '2024-04-30'],
    ['2024-06-17', '2024-07-17', '2024-07-31', '2024-08-31', '2024-08-14', '2024-08-31', '2024-07-10', '2024-08-10', '2024-08-31'],
    ['2024-12-31', '2025-01-30', '2025-01-31', '2025-02-28', '2025-02-14', '2025-03-31', '2025-01-10', '2025-02-10', '2025-02-28'],
    ['2025-01-31', '2025-03-02', '2025-03-31', '2025-03-31', '2025-03-17', '2025-04-30', '2025-02-10', '2025-04-10', '2025-03-31'],
  ];
  for (const [issued = '', ...expected] of table) expect([issued, ...terms.map((text) => due(text, issued))]).toEqual([issued, ...expected]);
});

test.each([
  ['45 jours fin de mois', '45d,eom'],
  ['45 JOURS FDM', '45d,eom'],
  ['45j fdm', '45d,eom'],
  ['45 FDM', '45d,eom'],
  ['fin de mois + 45 jours', 'eom,45d'],
  ['Fin de mois +45j', 'eom,45d'],
  ['fin de mois puis 45 jours', 'eom,45d'],
  ['30 jours fin de mois le 10', '30d,eom,next 10'],
  ['30 jours, fin de mois, le 10', '30d,eom,next 10'],
  ['30 jours fin de mois le 10 du mois suivant', '30d,eom,next 10'],
  ['30 FDM 10', '30d,eom,next 10'],
  ['30 jours FDM 15', '30d,eom,next 15'],
  ['fin de mois le 31', 'eom,next 31'],
  ['60 jours nets', '60d'],
  ['60 jours net', '60d'],
  ['net 30', '30d'],
  ['30', '30d'],
  ['Net 60 days', '60d'],
  ['à réception', '0d'],
  ['À réception de facture', '0d'],
  ['comptant', '0d'],
  ['Paiement comptant à réception', '0d'],
  ['Due on receipt', '0d'],
  ['30 jours date de facture', '30d'],
  ['30 jours à compter de la date de facture', '30d'],
  ["30 jours date d'émission de la facture", '30d'],
  ['30 jours date d’émission', '30d'],
  ['30 jours DF', '30d'],
  ['Paiement à 30 jours', '30d'],
  ['sous 15 jours', '15d'],
  ['2 mois fin de mois', '2m,eom'],
  ['60 jours fin de mois', '60d,eom'],
  ['EOM + 30', 'eom,30d'],
  ['end of month + 45 days', 'eom,45d'],
  ['45 days end of month', '45d,eom'],
  ['30 days EOM the 10th', '30d,eom,next 10'],
  ['30 days from invoice date', '30d'],
  ['le 10 du mois suivant', 'next 10'],
  ['le 15', 'on 15'],
  ['30 jours le 10', '30d,on 10'],
  ['fin du mois suivant', '1m,eom'],
  ['end of next month', '1m,eom'],
  ['2 semaines', '14d'],
])('« %s » is %s', (wording, steps) => {
  expect(printTerms(must(parseTerms(wording)))).toBe(steps);
});

test.each([
  ['', 'notUnderstood'],
  ['demain', 'notUnderstood'],
  ['30 jours fin de décade', 'notUnderstood'],
  ['30 jours après réception des marchandises', 'notUnderstood'],
  ['30 jours +', 'notUnderstood'],
  ['comptant 30 jours', 'notUnderstood'],
  ['on 5,40', 'outOfRange'],
  ['on 0', 'outOfRange'],
  ['next 32', 'outOfRange'],
  ['le 45', 'outOfRange'],
  ['1000d', 'outOfRange'],
  ['25m', 'outOfRange'],
  ['1d,1d,1d,1d,1d,1d,1d,1d,1d', 'tooManySteps'],
  ['x'.repeat(201), 'tooLong'],
])('« %s » is refused: %s', (text, code) => {
  const parsed = parseTerms(text);
  expect(parsed.ok ? null : parsed.error.code).toBe(`terms.${code}`);
});

test('the error names what is not understood, in both languages', () => {
  const parsed = parseTerms('30 jours fin de décade');
  expect(parsed).toMatchObject({ error: { message: { fr: expect.stringContaining('« fin de decade »'), en: expect.stringContaining('"fin de decade"') } } });
});

test.each([['5,10', [5, 10]], ['5-10', [5, 10]], ['10 5', [5, 10]], ['5 10', [5, 10]], ['31', [31]], ['0', null], ['32,5', null], ['five', null], ['', null]])(
  'payment days "%s"',
  (text, days) => expect(parsePaymentDays(text)).toEqual(days),
);

const anyStep: fc.Arbitrary<TermStep> = fc.oneof(
  fc.integer({ min: 0, max: 120 }).map((days) => ({ kind: 'addDays' as const, days })),
  fc.integer({ min: 0, max: 24 }).map((months) => ({ kind: 'addMonths' as const, months })),
  fc.constant({ kind: 'monthEnd' as const }),
  fc.integer({ min: 1, max: 31 }).map((day) => ({ kind: 'nextMonthDay' as const, day })),
  fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 1, maxLength: 3 }).map((days) => ({ kind: 'onDay' as const, days: days.sort((a, b) => a - b) })),
);
const anyDay = fc.integer({ min: dayNumber(day('2000-01-01')), max: dayNumber(day('2060-12-31')) }).map(dayFromNumber);

test('what is printed is read back, a due date never precedes its invoice, and a later invoice is never due earlier', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 1, maxLength: 5 }), anyDay, (steps, issued) => {
      expect(must(parseTerms(printTerms(steps)))).toEqual(steps);
      const on = dueDate(issued, steps);
      expect(on >= issued).toBe(true);
      expect(dueDate(addDays(issued, 1), steps) >= on).toBe(true);
    }),
    { numRuns: 500, seed: 20261122 },
  );
});

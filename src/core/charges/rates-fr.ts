import { day } from '../kernel/day.ts';
import type { HalfYear } from './half-year.ts';

/**
 * How sure a value is: `high` primary text or two agreeing sources; `medium` one good source; `check` sources differ by a hundredth.
 * None was reviewed by a lawyer.
 */
export type RateConfidence = 'high' | 'medium' | 'check';

/** The day the values were last compared with their sources. */
export const RATES_CHECKED_ON = day('2026-11-21');

/**
 * Half-year; ECB main refinancing rate in force on its first day; legal interest rate when the creditor is a professional ("autres cas");
 * the same when the creditor is a natural person not acting professionally. Percent. Sources and history: docs/law/rates-fr.md.
 */
export const HALF_YEAR_RATES: readonly (readonly [HalfYear, string, string, string, RateConfidence])[] = [
  ['2014-S1', '0.25', '0.04', '0.04', 'high'],
  ['2014-S2', '0.15', '0.04', '0.04', 'high'],
  ['2015-S1', '0.05', '0.93', '4.06', 'high'],
  ['2015-S2', '0.05', '0.99', '4.29', 'high'],
  ['2016-S1', '0.05', '1.01', '4.54', 'high'],
  ['2016-S2', '0.00', '0.93', '4.35', 'high'],
  ['2017-S1', '0.00', '0.90', '4.16', 'high'],
  ['2017-S2', '0.00', '0.90', '3.94', 'high'],
  ['2018-S1', '0.00', '0.89', '3.73', 'check'],
  ['2018-S2', '0.00', '0.88', '3.60', 'high'],
  ['2019-S1', '0.00', '0.86', '3.40', 'check'],
  ['2019-S2', '0.00', '0.87', '3.26', 'high'],
  ['2020-S1', '0.00', '0.87', '3.15', 'high'],
  ['2020-S2', '0.00', '0.84', '3.11', 'high'],
  ['2021-S1', '0.00', '0.79', '3.14', 'high'],
  ['2021-S2', '0.00', '0.76', '3.12', 'high'],
  ['2022-S1', '0.00', '0.76', '3.13', 'high'],
  ['2022-S2', '0.00', '0.77', '3.15', 'high'],
  ['2023-S1', '2.50', '2.06', '4.47', 'high'],
  ['2023-S2', '4.00', '4.22', '6.82', 'high'],
  ['2024-S1', '4.50', '5.07', '8.01', 'high'],
  ['2024-S2', '4.25', '4.92', '8.16', 'high'],
  ['2025-S1', '3.15', '3.71', '7.21', 'high'],
  ['2025-S2', '2.15', '2.76', '6.65', 'high'],
  ['2026-S1', '2.15', '2.62', '6.67', 'high'],
  ['2026-S2', '2.40', '2.75', '6.84', 'medium'],
];

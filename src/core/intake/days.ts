import { dayOf } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { trimSpaces } from './fold.ts';
import { FIRST_LEDGER_YEAR, LAST_LEDGER_YEAR } from './limits.ts';

/** Order of day and month in dates that do not begin with the year. */
export type DayOrder = 'dmy' | 'mdy';

/** Why a text is no day: no date shape, no such day in the calendar, or an order nothing has proved. */
export type DayFault = 'malformed' | 'noSuchDay' | 'ambiguous';

/** What a date's writing says of the order of its file. `fixed`: year first, or day and month alike. */
export type DayEvidence = DayOrder | 'fixed' | 'ambiguous' | 'notDay';

const COMPACT = /^(\d{4})(\d{2})(\d{2})$/u;
const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{2}:\d{2}.*)?$/u;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T ]\d{1,2}:\d{2}.*)?$/u;
const MAX_DAY_CHARS = 40;

type Parts = { readonly yearFirst: boolean; readonly a: number; readonly b: number; readonly year: number };

function split(text: string): Parts | null {
  const body = trimSpaces(text);
  if (body.length > MAX_DAY_CHARS) return null;
  const compact = COMPACT.exec(body);
  if (compact !== null) return { yearFirst: true, year: Number(compact[1]), a: Number(compact[2]), b: Number(compact[3]) };
  const first = YEAR_FIRST.exec(body);
  if (first !== null) return { yearFirst: true, year: Number(first[1]), a: Number(first[3]), b: Number(first[4]) };
  const last = YEAR_LAST.exec(body);
  return last === null ? null : { yearFirst: false, year: Number(last[4]), a: Number(last[1]), b: Number(last[3]) };
}

function ledgerDay(year: number, month: number, dayOfMonth: number): Result<Day, DayFault> {
  const found = year < FIRST_LEDGER_YEAR || year > LAST_LEDGER_YEAR ? null : dayOf(year, month, dayOfMonth);
  return found === null ? err('noSuchDay') : ok(found);
}

/** What one date's writing proves of the order of day and month in its file. */
export function dayEvidence(text: string): DayEvidence {
  const parts = split(text);
  if (parts === null) return 'notDay';
  const { a, b } = parts;
  if (!parts.yearFirst && a > 12 && b > 12) return 'notDay';
  if (parts.yearFirst || a === b) return 'fixed';
  if (a > 12) return 'dmy';
  return b > 12 ? 'mdy' : 'ambiguous';
}

/** Reads AAAAMMJJ, AAAA-MM-JJ, and JJ/MM/AAAA or MM/DD/YYYY in the order given; a time behind is ignored. Years 1980 to 2099. */
export function readDay(text: string, order: DayOrder | null): Result<Day, DayFault> {
  const parts = split(text);
  if (parts === null) return err('malformed');
  const { a, b, year } = parts;
  if (parts.yearFirst) return ledgerDay(year, a, b);
  if (order === null) return a === b ? ledgerDay(year, a, b) : err('ambiguous');
  return order === 'dmy' ? ledgerDay(year, b, a) : ledgerDay(year, a, b);
}

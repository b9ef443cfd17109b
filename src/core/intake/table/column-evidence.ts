import { decimalEvidence, looksNumeric } from '../amounts.ts';
import { bareAmount, longDay } from '../bank/table-values.ts';
import { dayEvidence } from '../days.ts';
import type { Cell } from './table-row.ts';
import { cellText } from './table-row.ts';

/** The first value that shows something, with its line. */
export type Witness = { readonly text: string; readonly line: number };

const EMAIL = /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]{2,}$/u;
const SIREN = /^\d{3} ?\d{3} ?\d{3}(?: ?\d{5})?$/u;
const VAT = /^[A-Z]{2} ?[0-9A-Z]{2}[0-9 ]{6,13}$/u;
const CURRENCY = /^(?:EUR|USD|GBP|CHF|CAD|JPY|€|[A-Z]{3})$/u;

/** What the values of one column look like, counted over all rows; memory does not grow with them. */
export class ColumnEvidence {
  filled = 0;
  numbers = 0;
  /** Amounts with a currency or apostrophe around them, and days with two digits of the year: banks write both, lists of invoices need not. */
  markedNumbers = 0;
  shortDays = 0;
  days = 0;
  emails = 0;
  sirens = 0;
  vatNumbers = 0;
  currencies = 0;
  comma: Witness | null = null;
  point: Witness | null = null;
  ambiguousAmount: Witness | null = null;
  dayFirst: Witness | null = null;
  monthFirst: Witness | null = null;
  ambiguousDay: Witness | null = null;

  /** Looks at one cell of the column. */
  see(cell: Cell, line: number): void {
    const text = cellText(cell);
    if (text === '') return;
    this.filled += 1;
    if (typeof cell !== 'string') {
      if ('day' in cell) this.days += 1;
      else this.numbers += 1;
      if (SIREN.test(text)) this.sirens += 1;
      return;
    }
    if (looksNumeric(text)) this.#number(text, line);
    else if (EMAIL.test(text)) this.emails += 1;
    else if (CURRENCY.test(text)) this.currencies += 1;
    else if (VAT.test(text)) this.vatNumbers += 1;
    else this.#marked(text, line);
    this.#day(text, line);
    if (SIREN.test(text)) this.sirens += 1;
  }

  #number(text: string, line: number): void {
    this.numbers += 1;
    this.#decimal(text, line);
  }

  #marked(text: string, line: number): void {
    const bare = bareAmount(text).text;
    if (!looksNumeric(bare)) return;
    this.markedNumbers += 1;
    this.#decimal(bare, line);
  }

  #decimal(text: string, line: number): void {
    const evidence = decimalEvidence(text);
    if (evidence === 'comma') this.comma ??= { text, line };
    if (evidence === 'point') this.point ??= { text, line };
    if (evidence === 'ambiguous') this.ambiguousAmount ??= { text, line };
  }

  #day(text: string, line: number): void {
    const long = longDay(text);
    const evidence = dayEvidence(long);
    if (evidence === 'notDay') return;
    if (long === text) this.days += 1;
    else this.shortDays += 1;
    if (evidence === 'dmy') this.dayFirst ??= { text, line };
    if (evidence === 'mdy') this.monthFirst ??= { text, line };
    if (evidence === 'ambiguous') this.ambiguousDay ??= { text, line };
  }

  /** Share (0 to 1) of the filled cells that are of a sort. */
  share(sort: 'numbers' | 'markedNumbers' | 'days' | 'shortDays' | 'emails' | 'sirens' | 'vatNumbers' | 'currencies'): number {
    return this.filled === 0 ? 0 : this[sort] / this.filled;
  }
}

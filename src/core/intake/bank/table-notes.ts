import { currencyDigits } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseIban } from '#core/kernel/iban.ts';
import { readAmount } from '../amounts.ts';
import { dayEvidence, readDay } from '../days.ts';
import { fold } from '../fold.ts';
import type { TableMapping } from '../table/mapping.ts';
import { cellText } from '../table/table-row.ts';
import type { Cell, TableRow } from '../table/table-row.ts';
import type { BankBalance } from './bank-line.ts';
import { bareAmount, currencyOf, longDay } from './table-values.ts';

/** An account as rows around a table name it. */
export type NotedAccount = { readonly iban: string | null; readonly other: string | null };

const OPENING = /^(?:solde(?:initial|precedent|anterieur|audebut|debut|douverture)|anciensolde|openingbalance|startingbalance|balanceatstart|startbalance)/u;
const CLOSING = /^(?:solde|nouveausolde|closingbalance|endingbalance|balanceatend|endbalance|balance)/u;
/** La Banque Postale still writes its balance in francs too. */
const OTHER_MONEY = /francs/u;
const DAY_IN_TEXT = /\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}/gu;
/** An amount at the end of a text, digits in groups, its currency behind. */
const AMOUNT_AT_END = /([-+−]?\s?\d[\d\u00a0\u202f\u2009 .,]*)(?:\s*(?:€|EUR|euros?))?\s*$/iu;
const NUMBER_AT_END = /(?<![/\d])([\d*][\d* ]{3,}[\dA-Z]{1,3})\s*$/u;
/** An account number standing alone: at least three digits, mostly digits, stars where the bank hides some. */
const NUMBER_ALONE = /^[*\dA-Z][*\dA-Z -]{3,33}$/u;
const QUOTED_NUMBER = /^="?([\dA-Z]{5,34})"?$/u;
const IBAN_IN_TEXT = /\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]){11,30}\b/u;

/** Account, currency and balances that a bank writes above and below the movements. */
export class TableNotes {
  readonly #mapping: TableMapping;
  account: NotedAccount | null = null;
  currency: Currency | null = null;
  opening: BankBalance | null = null;
  closing: BankBalance | null = null;
  #on: Day | null = null;

  constructor(mapping: TableMapping) {
    this.#mapping = mapping;
  }

  /** Takes what a row above the movements says. */
  above(row: TableRow): void {
    const texts = row.cells.map(cellText);
    this.account ??= accountOf(texts);
    if (texts.some((text) => /compte|account|devise|currency/iu.test(text))) {
      this.currency ??= texts.map((text) => currencyOf(text.replace(/^:\s*/u, ''))).find((found) => found !== null) ?? null;
    }
    const [first = '', second = ''] = texts;
    if (fold(first) === 'date' && dayEvidence(second) !== 'notDay') this.#on ??= this.#day(second);
    if (!this.balance(row) && fold(first).startsWith('compte')) this.#accountBalance(row);
  }

  /** Takes a row that names a balance; false when it names none. */
  balance(row: TableRow): boolean {
    const cell = row.cells.find((one) => cellText(one) !== '');
    const words = fold(cellText(cell));
    const opens = OPENING.test(words);
    if ((!opens && !CLOSING.test(words)) || OTHER_MONEY.test(words)) return false;
    const minor = this.#amount(row);
    if (minor === null) return false;
    const signed = words.includes('debiteur') && minor > 0n ? -minor : minor;
    if (opens) this.opening ??= { minor: signed, on: this.#dayIn(row) };
    else this.closing ??= { minor: signed, on: this.#dayIn(row) ?? this.#on };
    return true;
  }

  /** Takes the last row of an export that ends with day, balance and account. */
  last(row: TableRow, balance: BankBalance): void {
    this.closing = balance;
    const text = row.cells.map(cellText).slice(2).find(isNumberAlone);
    this.account ??= text === undefined ? null : named(text);
  }

  /** "Compte…; ****1234; day; ; balance" on one row. */
  #accountBalance(row: TableRow): void {
    const on = this.#dayIn(row);
    const minor = on === null ? null : this.#amount(row);
    if (minor !== null) this.closing ??= { minor, on };
  }

  #day(text: string): Day | null {
    const read = readDay(longDay(text), this.#mapping.dayOrder);
    return read.ok ? read.value : null;
  }

  #dayIn(row: TableRow): Day | null {
    for (const cell of row.cells) {
      if (typeof cell === 'object' && 'day' in cell) return cell.day;
      for (const [text] of cellText(cell).matchAll(DAY_IN_TEXT)) {
        const found = this.#day(text);
        if (found !== null) return found;
      }
    }
    return null;
  }

  /** The last amount of the row in a cell of its own, else the one at the end of its first text. */
  #amount(row: TableRow): bigint | null {
    const first = row.cells.findIndex((cell) => cellText(cell) !== '');
    for (const cell of row.cells.slice(first + 1).toReversed()) {
      const minor = this.#minor(cell);
      if (minor !== null) return minor;
    }
    const text = cellText(row.cells[first]).replaceAll(DAY_IN_TEXT, ' ');
    const found = AMOUNT_AT_END.exec(text)?.[1]?.trim();
    return found === undefined ? null : this.#minor(found);
  }

  #minor(cell: Cell): bigint | null {
    const text = cellText(cell);
    if (text === '' || (typeof cell === 'object' && 'day' in cell)) return null;
    const read = readAmount(bareAmount(text).text, { digits: currencyDigits(this.currency ?? 'EUR'), style: typeof cell === 'object' ? 'point' : this.#mapping.decimalStyle });
    return read.ok ? read.value : null;
  }
}

const isNumberAlone = (text: string): boolean => NUMBER_ALONE.test(text) && /\d{3}/u.test(text) && dayEvidence(longDay(text)) === 'notDay';

/** An account number as an account: an IBAN when its check digits say so. */
export function named(text: string): NotedAccount {
  const iban = parseIban(text);
  return iban.ok ? { iban: iban.value, other: null } : { iban: null, other: text.replaceAll(/\s+/gu, ' ').trim() };
}

function accountOf(texts: readonly string[]): NotedAccount | null {
  for (const text of texts) {
    const found = IBAN_IN_TEXT.exec(text)?.[0];
    const iban = found === undefined ? null : parseIban(found);
    if (iban?.ok === true) return { iban: iban.value, other: null };
  }
  const quoted = QUOTED_NUMBER.exec(texts[0] ?? '')?.[1];
  if (quoted !== undefined) return named(quoted);
  const at = texts.findIndex((text) => /compte|account/iu.test(text));
  if (at < 0) return null;
  const text = NUMBER_AT_END.exec(texts[at] ?? '')?.[1] ?? texts.slice(at + 1).find(isNumberAlone);
  return text === undefined ? null : named(text);
}

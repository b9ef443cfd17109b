import type { Currency } from '#core/kernel/currency.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { Day } from '#core/kernel/day.ts';
import { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import type { BankReader, BankSink, BankSummary } from './bank-line.ts';
import { cfonbCurrency, cfonbDecimals, cfonbMinor, frenchIban, readCfonbAmount, readCfonbDay } from './cfonb-fields.ts';
import { RecordSplitter } from './cfonb-records.ts';
import type { CfonbRecord } from './cfonb-records.ts';
import { MAX_CFONB_DETAILS, movementLine } from './cfonb120-movement.ts';
import type { CfonbMovement } from './cfonb120-movement.ts';
import { StatementBook } from './statement-book.ts';
import { StatementChain } from './statement-chain.ts';

/** Characters of a record of the French account statement ("relevé de compte sur support informatique"). */
export const CFONB120_WIDTH = 120;

const RECORD_CODES: readonly string[] = ['01', '04', '05', '07'];

const startsRecord = (text: string): boolean => RECORD_CODES.includes(text.slice(0, 2));

/** Starts the reading of a CFONB 120 file: opening balance (01), movements (04) with details (05), closing balance (07). */
export function createCfonb120Reader(sink: BankSink): BankReader {
  return new Reading(sink);
}

/** What of the opening record the following ones must repeat. */
type OpenStatement = {
  readonly at: CfonbRecord;
  readonly bank: string;
  readonly account: string;
  readonly currency: Currency;
  /** Bank code at 2, then branch, currency and account from 11: what every record of the statement has in the same places. */
  readonly bankCode: string;
  readonly accountPart: string;
  branchWarned: boolean;
};

const VALUE_DAY: Bilingual = { fr: 'date de valeur', en: 'value date' };
const BALANCE_DAY: Bilingual = { fr: 'date de solde', en: 'balance date' };

class Reading implements BankReader {
  readonly #problems = new ProblemList();
  readonly #chain = new StatementChain(this.#problems);
  readonly #book: StatementBook;
  readonly #splitter: RecordSplitter;
  #open: OpenStatement | null = null;
  #movement: CfonbMovement | null = null;
  /** The movement before could not be read and has been reported: its details are passed over. */
  #passDetails = false;

  constructor(sink: BankSink) {
    this.#book = new StatementBook({ sink: this.#chain.watch(sink), problems: this.#problems, format: 'CFONB 120' });
    this.#splitter = new RecordSplitter({
      width: CFONB120_WIDTH, startsRecord,
      record: (record) => this.#record(record),
      wrongLength: ({ line, record, length }) => {
        this.#problems.add('cfonbRecordLength', line, { record, length, expected: CFONB120_WIDTH });
        // In one string of records everything behind is shifted too; the next line of a file of lines is not.
        return record === null;
      },
    });
  }

  push(text: string): boolean {
    return this.#splitter.push(text) && !this.#chain.full;
  }

  end(): BankSummary {
    this.#splitter.end();
    this.#flush();
    if (this.#open !== null) {
      const { line, record } = this.#open.at;
      this.#problems.add('cfonbClosingMissing', line, { record });
      this.#book.end({ closing: null });
      this.#open = null;
    }
    this.#chain.report();
    return this.#book.summary();
  }

  #record(record: CfonbRecord): boolean {
    const code = record.text.slice(0, 2);
    if (code !== '05') this.#flush();
    if (code === '01') this.#opening(record);
    else if (code === '04') this.#readMovement(record);
    else if (code === '05') this.#detail(record);
    else if (code === '07') this.#closing(record);
    else if (record.text.trim() === '\u001a') return true;
    else {
      this.#problems.add('cfonbRecordUnknown', record.line, { record: record.record, code: quoted(code), expected: RECORD_CODES.join(', ') });
      return record.record === null;
    }
    return true;
  }

  #opening(record: CfonbRecord): void {
    const { text } = record;
    if (this.#open !== null) {
      const { at } = this.#open;
      this.#problems.add('cfonbStatementOpen', record.line, { record: record.record, opened: at.record ?? at.line });
      this.#book.end({ closing: null });
    }
    this.#passDetails = false;
    // A refused file goes on being read for its other problems: what cannot be read stands for zero or EUR there.
    const currency = this.#currency(record) ?? 'EUR';
    const account = text.slice(21, 32);
    const bank = bankOf(text);
    this.#open = { at: record, bank, account, currency, bankCode: text.slice(2, 7), accountPart: text.slice(11, 32), branchWarned: false };
    const other = [text.slice(2, 7), text.slice(11, 16), account].map((part) => part.trim()).filter((part) => part !== '').join(' ');
    this.#book.begin({
      line: record.record ?? record.line, identification: null, sequence: null,
      account: { iban: frenchIban(text.slice(2, 7), text.slice(11, 16), account), other: other === '' ? null : other, bic: null, name: null, currency },
      opening: { minor: this.#money(record, currency) ?? 0n, on: this.#softDay(record, text.slice(34, 40), BALANCE_DAY) },
    });
  }

  #readMovement(record: CfonbRecord): void {
    const open = this.#open;
    this.#passDetails = true;
    if (open === null) return this.#problems.add('cfonbMovementOutside', record.line, { record: record.record });
    const { text } = record;
    const same = this.#sameAccount(record, open);
    const minor = this.#money(record, open.currency);
    const bookedOn = readCfonbDay(text.slice(34, 40));
    const valueOn = this.#softDay(record, text.slice(42, 48), VALUE_DAY);
    if (bookedOn === null || bookedOn === 'blank') {
      return this.#problems.add('cfonbDay', record.line, { record: record.record, text: quoted(text.slice(34, 40)) });
    }
    if (!same || minor === null) return undefined;
    this.#passDetails = false;
    this.#movement = { line: record.record ?? record.line, bookedOn, valueOn, minor, currency: open.currency, text, details: [] };
    this.#movementAt = record;
    return undefined;
  }

  #movementAt: CfonbRecord | null = null;

  #detail(record: CfonbRecord): void {
    const movement = this.#movement;
    if (movement === null) {
      if (!this.#passDetails) this.#problems.add('cfonbDetailOutside', record.line, { record: record.record });
      return;
    }
    if (this.#open !== null && !this.#sameAccount(record, this.#open)) return;
    if (movement.details.length === MAX_CFONB_DETAILS) this.#problems.add('cfonbDetailsCut', record.line, { record: record.record, limit: MAX_CFONB_DETAILS });
    if (movement.details.length >= MAX_CFONB_DETAILS) {
      this.#flush();
      this.#passDetails = true;
      return;
    }
    movement.details.push({ qualifier: record.text.slice(45, 48), text: record.text.slice(48, 118) });
  }

  #closing(record: CfonbRecord): void {
    const open = this.#open;
    if (open === null) return this.#problems.add('cfonbClosingOutside', record.line, { record: record.record });
    this.#sameAccount(record, open);
    const minor = this.#money(record, open.currency);
    const on = this.#softDay(record, record.text.slice(34, 40), BALANCE_DAY);
    this.#book.end({ closing: minor === null ? null : { minor, on } });
    this.#open = null;
    this.#passDetails = false;
    return undefined;
  }

  /** Gives the movement waiting for its details. */
  #flush(): void {
    const movement = this.#movement;
    if (movement === null) return;
    this.#movement = null;
    const { line, badOriginal } = movementLine(movement, this.#book.ordinal);
    if (badOriginal !== null && this.#movementAt !== null) {
      this.#problems.add('cfonbOriginalIgnored', this.#movementAt.line, { record: this.#movementAt.record, text: quoted(badOriginal) });
    }
    this.#book.give(line);
  }

  /** True when a record is of the open statement; another bank or branch only warns, banks put the one that processed the operation. */
  #sameAccount(record: CfonbRecord, open: OpenStatement): boolean {
    const { text } = record;
    if (text.startsWith(open.bankCode, 2) && text.startsWith(open.accountPart, 11)) return true;
    const currency = cfonbCurrency(text.slice(16, 19));
    if (text.slice(21, 32) !== open.account || currency !== open.currency) {
      this.#problems.add('cfonbOtherAccount', record.line, {
        record: record.record, found: quoted(`${text.slice(21, 32).trim()} ${currency ?? text.slice(16, 19)}`), expected: quoted(`${open.account.trim()} ${open.currency}`),
      });
      return false;
    }
    if (bankOf(text) !== open.bank && !open.branchWarned) {
      open.branchWarned = true;
      this.#problems.add('cfonbOtherBranch', record.line, { record: record.record, found: quoted(bankOf(text)), expected: quoted(open.bank) });
    }
    return true;
  }

  #currency(record: CfonbRecord): Currency | null {
    const text = record.text.slice(16, 19);
    const currency = cfonbCurrency(text);
    if (currency === null) this.#problems.add('cfonbCurrency', record.line, { record: record.record, text: quoted(text) });
    return currency;
  }

  /** The amount at 90-103 in minor units; null after reporting why it cannot be read. */
  #money(record: CfonbRecord, currency: Currency): bigint | null {
    const { text } = record;
    const written = text.slice(90, 104);
    const value = readCfonbAmount(written);
    if (value === null) {
      this.#problems.add('cfonbAmount', record.line, { record: record.record, text: quoted(written) });
      return null;
    }
    const decimals = cfonbDecimals(text.charAt(19), currency);
    const minor = decimals === null ? null : cfonbMinor(value, decimals, currency);
    if (minor === null) this.#problems.add('cfonbDecimals', record.line, { record: record.record, text: quoted(text.charAt(19)), currency });
    return minor;
  }

  /** A day whose absence loses nothing: null with a warning when impossible. */
  #softDay(record: CfonbRecord, text: string, what: Bilingual): Day | null {
    const day = readCfonbDay(text);
    if (day === null) this.#problems.add('cfonbDayIgnored', record.line, { record: record.record, text: quoted(text), what });
    return day === 'blank' ? null : day;
  }
}

/** Bank and branch codes of a record. */
const bankOf = (text: string): string => `${text.slice(2, 7)} ${text.slice(11, 16)}`;

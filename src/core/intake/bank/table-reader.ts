import type { Currency } from '#core/kernel/currency.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import { FIELD_NAMES } from '../table/field-words.ts';
import { isKnownTitle } from '../table/header-row.ts';
import type { TableMapping } from '../table/mapping.ts';
import { cellText, isBlankRow } from '../table/table-row.ts';
import type { TableRow } from '../table/table-row.ts';
import { foldWords } from '../fold.ts';
import { quoted } from '../problems.ts';
import { ProblemList } from '../problem-list.ts';
import type { BankAccount, BankLine, BankSink, BankSummary } from './bank-line.ts';
import { StatementBook } from './statement-book.ts';
import { BANK_FIELDS } from './table-fields.ts';
import { hasAmount, isDated, isWordless, readMove } from './table-move.ts';
import type { MoveContext, UnsettledMove } from './table-move.ts';
import { named, TableNotes } from './table-notes.ts';
import { saysReturned } from './table-returns.ts';
import { oldestFirst, runningBalances } from './table-statement.ts';
import type { TableMove } from './table-statement.ts';

/** Most movements of one table, which are held until the order of the file is known: a year of 500 a day. */
export const MAX_BANK_TABLE_ROWS = 200_000;

/** How a bank table is read: its mapping, and under what its lines are kept when the file names no account. */
export type BankTableOptions = { readonly mapping: TableMapping; readonly source: string };

/** Reads the rows of a bank table; false from `push` when no more may follow. */
export type BankTableReader = { push(row: TableRow): boolean; end(): BankSummary };

/** Starts reading a bank table with a mapping that a person or `guessMapping` made; lines reach the sink at `end()`, oldest first, and count only when it accepts. */
export function createBankTableReader(options: BankTableOptions, sink: BankSink): BankTableReader {
  return new Reading(options, sink);
}

const TOTAL_WORDS = new Set(['total', 'totaux', 'totals', 'soustotal', 'subtotal', 'cumul']);

class Reading implements BankTableReader {
  readonly #mapping: TableMapping;
  readonly #source: string;
  readonly #problems = new ProblemList();
  readonly #book: StatementBook;
  readonly #notes: TableNotes;
  readonly #context: MoveContext;
  readonly #moves: UnsettledMove[] = [];
  #headers: readonly string[] = [];
  /** The row before, kept back where the last row is a balance. */
  #held: TableRow | null = null;

  constructor({ mapping, source }: BankTableOptions, sink: BankSink) {
    this.#mapping = mapping;
    this.#source = source;
    this.#book = new StatementBook({ sink, problems: this.#problems, format: 'CSV' });
    this.#notes = new TableNotes(mapping);
    this.#context = { mapping, problems: this.#problems, header: (column) => this.#headers[column] ?? `${column + 1}`, debitSigns: { minus: null, plain: null } };
    this.#checkFields();
  }

  push(row: TableRow): boolean {
    if (isBlankRow(row)) return true;
    if (row.line <= this.#mapping.headerLine) {
      if (row.line === this.#mapping.headerLine) this.#setHeaders(row);
      this.#notes.above(row);
      return true;
    }
    if (this.#moves.length >= MAX_BANK_TABLE_ROWS) {
      this.#problems.add('tooManyLines', row.line, { limit: MAX_BANK_TABLE_ROWS });
      return false;
    }
    if (this.#mapping.lastRowBalance !== true) this.#take(row);
    else {
      if (this.#held !== null) this.#take(this.#held);
      this.#held = row;
    }
    return true;
  }

  #checkFields(): void {
    const { columns } = this.#mapping;
    if (columns.bookedOn === undefined && columns.valueOn === undefined) this.#problems.add('tableFieldMissing', 0, { field: FIELD_NAMES.bookedOn });
    if (columns.amount === undefined && columns.debit === undefined && columns.credit === undefined) this.#problems.add('tableFieldMissing', 0, { field: FIELD_NAMES.amount });
  }

  #setHeaders(row: TableRow): void {
    this.#headers = row.cells.map(cellText);
    for (const field of BANK_FIELDS) {
      const column = this.#mapping.columns[field];
      if (column !== undefined && (column < 0 || column >= row.cells.length) && this.#headers.some(isKnownTitle)) {
        this.#problems.add('tableColumnOutOfRange', 0, { field: FIELD_NAMES[field], column: column + 1 });
      }
    }
  }

  #take(row: TableRow): void {
    if (this.#isHeaderAgain(row)) return this.#problems.add('tableHeaderRepeated', row.line, {});
    const width = this.#headers.length;
    if (this.#headers.some(isKnownTitle) && row.cells.slice(width).some((cell) => cellText(cell) !== '')) {
      return this.#problems.add('tableExtraCells', row.line, { found: row.cells.length, expected: width });
    }
    if (!isDated(row, this.#mapping)) {
      const first = cellText(row.cells.find((cell) => cellText(cell) !== ''));
      if (TOTAL_WORDS.has(foldWords(first)[0] ?? '')) return this.#problems.add('tableTotalSkipped', row.line, { text: quoted(first) });
      // Banks write balances and remarks below the movements too.
      if (this.#notes.balance(row) || !hasAmount(row, this.#mapping)) return;
    }
    const move = readMove(row, this.#context);
    if (move !== null) this.#moves.push(move);
  }

  #isHeaderAgain(row: TableRow): boolean {
    return this.#headers.some(isKnownTitle) && row.cells.every((cell, index) => cellText(cell) === this.#headers[index]);
  }

  end(): BankSummary {
    if (this.#held !== null) this.#takeLast(this.#held);
    if (!this.#problems.refused) for (const moves of this.#byAccount()) this.#write(moves);
    return this.#book.summary();
  }

  #takeLast(row: TableRow): void {
    if (!isWordless(row, this.#mapping)) return this.#take(row);
    const balance = readMove(row, { ...this.#context, problems: new ProblemList() });
    if (balance !== null) this.#notes.last(row, { minor: balance.minor, on: balance.bookedOn });
  }

  /** Movements by account and currency, each in the order of the file. */
  #byAccount(): readonly (readonly TableMove[])[] {
    const currency = this.#fileCurrency();
    const groups = new Map<string, TableMove[]>();
    for (const move of this.#moves) {
      const settled: TableMove = { ...move, currency: move.currency ?? currency };
      const key = `${settled.account}\u0000${settled.currency}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [settled]);
      else group.push(settled);
    }
    return [...groups.values()];
  }

  /** Currency of rows that name none: that of the account, else the only one that other rows name, else the euro. */
  #fileCurrency(): Currency {
    const named = new Set(this.#moves.flatMap((move) => move.currency ?? []));
    const [only] = named;
    // Amounts were read with the digits of the euro.
    return this.#notes.currency ?? (named.size === 1 && only !== undefined && currencyDigits(only) === currencyDigits('EUR') ? only : 'EUR');
  }

  #write(moves: readonly TableMove[]): void {
    const ordered = oldestFirst(moves);
    const [first] = ordered;
    if (first === undefined) return;
    const running = runningBalances(ordered, this.#problems);
    const alone = moves.length === this.#moves.length;
    this.#book.begin({ line: moves[0]?.line ?? first.line, account: this.#accountOf(first), identification: null, sequence: null, opening: running.opening ?? (alone ? this.#notes.opening : null) });
    for (const move of ordered) this.#book.add(lineOf(move));
    this.#book.end({ closing: running.closing ?? (alone ? this.#notes.closing : null) });
  }

  #accountOf(move: TableMove): BankAccount {
    const known = move.account === '' ? this.#notes.account : named(move.account);
    if (known === null && this.#problems.count('bankTableAccountUnknown') === 0) this.#problems.add('bankTableAccountUnknown', 0, { account: quoted(accountName(this.#source)) });
    return { iban: known?.iban ?? null, other: known === null ? accountName(this.#source) : known.other, bic: null, name: null, currency: move.currency };
  }
}

/**
 * The account of a file that names none: that of its bank's profile, else one for all such files. A key of their titles would make
 * another account, and double lines, of an export that gained a column.
 */
const accountName = (source: string): string => (source.startsWith('columns-') ? 'compte sans numéro' : source);

function lineOf(move: TableMove): Omit<BankLine, 'statement'> {
  const account = move.counterpartyAccount === '' ? null : named(move.counterpartyAccount);
  const { line, status, bookedOn, valueOn, minor, currency } = move;
  return {
    line, status, bookedOn, valueOn, minor, currency, original: null,
    counterparty: { name: move.counterparty === '' ? null : move.counterparty, iban: account?.iban ?? null, account: account?.other ?? null, bic: null, ultimateName: null },
    endToEndId: null, mandateId: null, bankReference: move.reference === '' ? null : move.reference, creditorReference: null, documents: [],
    remittance: move.detail, label: move.label, transactionCode: null,
    returned: saysReturned(`${move.label} ${move.detail}`, minor) ? { code: null, text: move.label } : null, reversal: false, batch: null, raw: move.raw,
  };
}

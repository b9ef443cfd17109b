import type { Problem } from '#core/kernel/problem.ts';
import { MAX_TABLE_ROWS } from '../limits.ts';
import { quoted } from '../problems.ts';
import { ProblemList } from '../problem-list.ts';
import { FIELD_NAMES } from './field-words.ts';
import type { TableMapping } from './mapping.ts';
import { isKnownTitle } from './header-row.ts';
import { TARGET_FIELDS } from './open-item-row.ts';
import type { OpenItemRow } from './open-item-row.ts';
import { readItem } from './read-item.ts';
import type { ItemContext } from './read-item.ts';
import { roleOf } from './row-roles.ts';
import type { GroupCustomer, RowRole } from './row-roles.ts';
import { TotalCheck } from './total-check.ts';
import { cellText, isBlankRow } from './table-row.ts';
import type { TableRow } from './table-row.ts';

/** Receives the rows of a table as typed items, in order. */
export type OpenItemSink = { item(row: OpenItemRow): void };

/** What a whole table was; totals are minor units per currency. */
export type TableSummary = {
  /** False when any problem is an error: nothing of the file may be applied. */
  readonly accepted: boolean;
  readonly rows: number;
  readonly items: number;
  readonly totals: readonly { readonly currency: string; readonly debit: bigint; readonly credit: bigint; readonly open: bigint }[];
  readonly problems: readonly Problem[];
};

/** Turns rows into typed items with a mapping, row by row; false from `push` when no more may follow. */
export type TableReader = { push(row: TableRow): boolean; end(): TableSummary };

/** Facts that a mapping cannot say: the currency of rows that name none. */
export type TableOptions = { readonly mapping: TableMapping; readonly currency: ItemContext['defaultCurrency'] };

/** Starts reading a table with a mapping that a person or `guessMapping` made; items count only when `end()` accepts. */
export function createTableReader(options: TableOptions, sink: OpenItemSink): TableReader {
  return new Reading(options, sink);
}

/** Reads rows at hand with a mapping; the same as pushing each one. */
export function applyMapping(options: TableOptions, rows: Iterable<TableRow>): { readonly items: readonly OpenItemRow[]; readonly summary: TableSummary } {
  const items: OpenItemRow[] = [];
  const reader = createTableReader(options, { item: (row) => items.push(row) });
  for (const row of rows) if (!reader.push(row)) break;
  return { items, summary: reader.end() };
}

type Total = { debit: bigint; credit: bigint; open: bigint };

class Reading implements TableReader {
  readonly #mapping: TableMapping;
  readonly #sink: OpenItemSink;
  readonly #problems = new ProblemList();
  readonly #context: ItemContext;
  readonly #totals = new Map<string, Total>();
  /** Line of each item by customer, document and due day; line and customer of each document. */
  readonly #items = new Map<string, number>();
  readonly #documents = new Map<string, { readonly customer: string; readonly line: number }>();
  #headers: readonly string[] = [];
  #width = 0;
  #rows = 0;
  #count = 0;
  #above: GroupCustomer | null = null;
  readonly #check: TotalCheck;

  constructor({ mapping, currency }: TableOptions, sink: OpenItemSink) {
    this.#mapping = mapping;
    this.#sink = sink;
    this.#context = {
      mapping, defaultCurrency: currency, problems: this.#problems, header: (column) => this.#headers[column] ?? `${column + 1}`, above: () => this.#above,
    };
    this.#check = new TotalCheck(this.#context);
    if (Object.keys(mapping.columns).length === 0) this.#problems.add('tableNothingMapped', 0, {});
  }

  push(row: TableRow): boolean {
    if (row.line < this.#mapping.headerLine || isBlankRow(row)) return true;
    if (row.line === this.#mapping.headerLine) {
      this.#headers = row.cells.map(cellText);
      this.#width = row.cells.length;
      this.#checkColumns();
      return true;
    }
    if (this.#rows >= MAX_TABLE_ROWS) {
      this.#problems.add('tooManyLines', row.line, { limit: MAX_TABLE_ROWS });
      return false;
    }
    if (this.#isHeaderAgain(row)) {
      this.#problems.add('tableHeaderRepeated', row.line, {});
      return true;
    }
    this.#rows += 1;
    if (this.#width > 0 && row.cells.length > this.#width && row.cells.slice(this.#width).some((cell) => cellText(cell) !== '')) {
      this.#problems.add('tableExtraCells', row.line, { found: row.cells.length, expected: this.#width });
      return true;
    }
    const role = roleOf(row, this.#mapping);
    if (role === null) this.#read(row);
    else this.#note(row, role);
    return true;
  }

  #read(row: TableRow): void {
    const read = readItem(row, this.#context);
    if (read === null) return;
    this.#check.add(read);
    if (this.#isNew(read.item)) this.#give(read.item);
  }

  #note(row: TableRow, role: RowRole): void {
    if (role.role === 'total') {
      this.#problems.add('tableTotalSkipped', row.line, { text: quoted(role.text) });
      this.#check.total(row, role.grand);
    } else if (role.role === 'opening') this.#problems.add('tableOpeningLeftOut', row.line, { text: quoted(role.text) });
    else if (role.role === 'customer') this.#above = role.customer;
  }

  #checkColumns(): void {
    for (const field of TARGET_FIELDS) {
      const column = this.#mapping.columns[field];
      if (column !== undefined && (column < 0 || column >= this.#width)) {
        this.#problems.add('tableColumnOutOfRange', 0, { field: FIELD_NAMES[field], column: column + 1 });
      }
    }
  }

  #isHeaderAgain(row: TableRow): boolean {
    if (this.#headers.length === 0 || typeof row.cells[0] !== 'string') return false;
    return row.cells.every((cell, index) => cellText(cell) === this.#headers[index]) && row.cells.some((cell) => isKnownTitle(cellText(cell)));
  }

  /** Refuses the same document with the same due day twice; another due day is an instalment. */
  #isNew(item: OpenItemRow): boolean {
    if (item.document === '') return true;
    const key = JSON.stringify([item.customerCode, item.document, item.dueOn, item.kind === 'receipt' ? item.line : '']);
    const earlier = this.#items.get(key);
    if (earlier !== undefined) {
      this.#problems.add('tableDocumentTwice', item.line, { document: quoted(item.document), earlier });
      return false;
    }
    this.#items.set(key, item.line);
    if (item.kind === 'receipt' || item.kind === 'other' || item.kind === 'opening') return true;
    const other = this.#documents.get(item.document);
    if (other === undefined) this.#documents.set(item.document, { customer: item.customerCode, line: item.line });
    else if (other.customer !== item.customerCode) {
      this.#problems.add('tableDocumentTwoCustomers', item.line, { document: quoted(item.document), earlier: other.line });
    }
    return true;
  }

  #give(item: OpenItemRow): void {
    this.#count += 1;
    const total = this.#totals.get(item.currency) ?? { debit: 0n, credit: 0n, open: 0n };
    total[item.side] += item.amount;
    const open = item.openAmount ?? item.amount;
    total.open += item.side === 'debit' ? open : -open;
    this.#totals.set(item.currency, total);
    this.#sink.item(item);
  }

  end(): TableSummary {
    if (this.#rows === 0) this.#problems.add('tableNoRows', 0, {});
    if (this.#problems.count('tableRowLeftOut') + this.#problems.count('tableOpeningLeftOut') === 0) this.#check.end();
    const totals = [...this.#totals].map(([currency, total]) => ({ currency, ...total }));
    return { accepted: !this.#problems.refused, rows: this.#rows, items: this.#count, totals, problems: this.#problems.list() };
  }
}

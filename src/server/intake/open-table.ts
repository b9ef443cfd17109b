import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { createTableReader } from '#core/intake/table/apply-mapping.ts';
import type { TableSummary } from '#core/intake/table/apply-mapping.ts';
import { readPartyRow } from '#core/intake/table/read-party.ts';
import { guessMapping } from '#core/intake/table/guess-mapping.ts';
import type { TableGuess } from '#core/intake/table/guess-mapping.ts';
import { isBankMapping } from '#core/intake/table/mapping.ts';
import type { TableMapping } from '#core/intake/table/mapping.ts';
import type { OpenItemRow } from '#core/intake/table/open-item-row.ts';
import { cellText, isBlankRow } from '#core/intake/table/table-row.ts';
import type { TableRow } from '#core/intake/table/table-row.ts';
import type { PartyRow } from './parties.ts';
import { readCsvRows, surveyCsvFile } from './read-text.ts';
import type { CsvGuess, Progress } from './read-text.ts';
import { readXlsxFile } from './read-xlsx.ts';

/** Who receives the rows of a table: items, or, when it only describes customers, those. */
export type TableSink = { item(row: OpenItemRow): void; party(row: PartyRow): void };

/** A table surveyed and ready to be read with a mapping. */
export type OpenedTable = {
  readonly guess: TableGuess;
  /** The first rows as texts, to show beside the mapping. */
  readonly sample: readonly (readonly string[])[];
  /** No column holds an amount, but some describe customers: a list of customers and contacts. */
  readonly customersOnly: boolean;
  readonly warnings: readonly Problem[];
  read(mapping: TableMapping, sink: TableSink): Promise<TableSummary>;
  /** Gives all rows in order until `row` returns false, and what is wrong in the file's bytes or quoting. */
  each(row: (row: TableRow) => boolean): Promise<readonly Problem[]>;
};

/** Rows shown as a sample. */
const SAMPLE_ROWS = 5;

const AMOUNTS = ['amount', 'openAmount', 'debit', 'credit'] as const;
const DESCRIPTIONS = ['email', 'phone', 'addressLine1', 'postalCode', 'city', 'siren', 'vatNumber', 'terms', 'contactName'] as const;

/** True when a mapping describes customers and names no amount. */
export function describesCustomers(mapping: TableMapping): boolean {
  const { columns, buckets = [] } = mapping;
  return !isBankMapping(mapping) && buckets.length === 0 && AMOUNTS.every((field) => columns[field] === undefined) && DESCRIPTIONS.some((field) => columns[field] !== undefined)
    && (columns.customerCode !== undefined || columns.customerName !== undefined);
}

/** Surveys a CSV or XLSX file. The error says why it cannot be read as a table at all. */
export async function openTable(options: { path: string; format: 'csv' | 'xlsx'; progress?: Progress }): Promise<Result<OpenedTable, readonly Problem[]>> {
  if (options.format === 'xlsx') {
    const sheet = await readXlsxFile(options.path);
    if (!sheet.ok) return err([sheet.error]);
    const { rows, warnings } = sheet.value;
    return ok(opened(guessMapping(rows), rows.slice(0, 100), { warnings, each: async (row) => feed(rows, row) }));
  }
  const surveyed = await surveyCsvFile(options.path);
  if (!surveyed.ok) return surveyed;
  const guess: CsvGuess = surveyed.value;
  const file = { path: options.path, delimiter: guess.delimiter, ...(options.progress === undefined ? {} : { progress: options.progress }) };
  const head: TableRow[] = [];
  await readCsvRows(file, (row) => head.push(row) < 100);
  return ok(opened(guess, head, { warnings: [], each: (row) => readCsvRows(file, row) }));
}

type Rows = { warnings: readonly Problem[]; each(row: (row: TableRow) => boolean): Promise<readonly Problem[]> };

function feed(rows: readonly TableRow[], take: (row: TableRow) => boolean): readonly Problem[] {
  for (const row of rows) if (!take(row)) break;
  return [];
}

function opened(guess: TableGuess, head: readonly TableRow[], rows: Rows): OpenedTable {
  const data = head.filter((row) => row.line > guess.mapping.headerLine && !isBlankRow(row));
  return {
    guess, warnings: rows.warnings, customersOnly: describesCustomers(guess.mapping), each: (row) => rows.each(row),
    sample: data.slice(0, SAMPLE_ROWS).map((row) => row.cells.map((cell) => cellText(cell).slice(0, 80))),
    read: (mapping, sink) => (describesCustomers(mapping) ? readParties(mapping, rows, sink) : readItems(mapping, rows, sink)),
  };
}

const hasError = (problems: readonly Problem[]): boolean => problems.some((one) => one.severity === 'error');

async function readItems(mapping: TableMapping, rows: Rows, sink: TableSink): Promise<TableSummary> {
  const reader = createTableReader({ mapping, currency: 'EUR' }, { item: (row) => sink.item(row) });
  const found = await rows.each((row) => reader.push(row));
  const summary = reader.end();
  return { ...summary, accepted: summary.accepted && !hasError(found), problems: [...found, ...summary.problems] };
}

async function readParties(mapping: TableMapping, rows: Rows, sink: TableSink): Promise<TableSummary> {
  let count = 0;
  const problems: Problem[] = [];
  const found = await rows.each((row) => {
    if (row.line <= mapping.headerLine || isBlankRow(row)) return true;
    count += 1;
    const party = readPartyRow(row, mapping);
    if (party.ok) sink.party(party.value);
    else problems.push(party.error);
    return true;
  });
  const all = [...found, ...problems];
  return { accepted: !hasError(all), rows: count, items: 0, totals: [], problems: all };
}

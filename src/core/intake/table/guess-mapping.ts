import type { Problem } from '#core/kernel/problem.ts';
import { MAX_HEADER_SEARCH_ROWS } from '../limits.ts';
import { looksNumeric } from '../amounts.ts';
import { quoted } from '../problems.ts';
import { ProblemList } from '../problem-list.ts';
import { bucketColumns } from './aged-columns.ts';
import { ColumnEvidence } from './column-evidence.ts';
import { FIELD_NAMES } from './field-words.ts';
import { AMOUNT_FIELDS, DAY_FIELDS, guessFields, reportUnbelieved } from './guess-fields.ts';
import type { FieldGuess, Seen } from './guess-fields.ts';
import { sourceKeyOf } from './header-row.ts';
import type { MappedField, RowGroups, TableMapping } from './mapping.ts';
import type { ProfileName } from './profile.ts';
import { proveDayOrder, proveDecimal } from './prove-formats.ts';
import { recogniseLayout } from './table-layout.ts';
import type { TableLayout } from './table-layout.ts';
import { cellText, isBlankRow } from './table-row.ts';
import type { TableRow } from './table-row.ts';

/** What a table seems to be. `uncertain` is what a person must settle (errors) or confirm (warnings). */
export type TableGuess = {
  readonly mapping: TableMapping;
  readonly headers: readonly string[];
  readonly sourceKey: string;
  readonly guesses: readonly FieldGuess[];
  readonly uncertain: readonly Problem[];
  readonly rows: number;
  /** The export recognised; null when the table is none that is known. */
  readonly profile: ProfileName | null;
};

/** Looks at the rows of a table one by one and then guesses its mapping; every value may be the one that proves a format. */
export type TableSurvey = { push(row: TableRow): void; end(): TableGuess };

/** Starts a survey. */
export function createTableSurvey(): TableSurvey {
  const early: TableRow[] = [];
  const evidence: ColumnEvidence[] = [];
  let layout: TableLayout | null = null;
  let rows = 0;
  let lonelyRows = 0;
  const see = (row: TableRow): void => {
    if (isBlankRow(row)) return;
    rows += 1;
    if (isLonely(row)) lonelyRows += 1;
    for (const [index, cell] of row.cells.entries()) (evidence[index] ??= new ColumnEvidence()).see(cell, row.line);
  };
  const settle = (): TableLayout => {
    const found = recogniseLayout(early);
    const headerLine = headerLineOf(found);
    for (const row of early) if (row.line > headerLine) see(row);
    return found;
  };
  return {
    push(row) {
      if (layout !== null) return see(row);
      early.push(row);
      if (early.length >= MAX_HEADER_SEARCH_ROWS) layout = settle();
      return undefined;
    },
    end() {
      layout ??= settle();
      const { kind, header, profile, shape } = layout;
      const headers = header === null ? evidence.map(() => '') : header.cells.map(cellText);
      while (evidence.length < headers.length) evidence.push(new ColumnEvidence());
      // Without titles the first row tells the source: another file of as many columns must not inherit its mapping.
      const untitled = shape === null ? (early.find((row) => !isBlankRow(row))?.cells.map(cellText) ?? []) : [shape.key];
      return conclude({ kind, headerLine: headerLineOf(layout), headers, source: header === null ? untitled : headers, evidence, rows, lonelyRows, profile, shape });
    },
  };
}

const headerLineOf = ({ header, shape }: TableLayout): number => header?.line ?? shape?.mapping.headerLine ?? 0;

function isLonely(row: TableRow): boolean {
  const filled = row.cells.filter((cell) => cellText(cell) !== '');
  return filled.length === 1 && typeof filled[0] === 'string' && !looksNumeric(filled[0]);
}

/** Guesses the mapping from rows already at hand; for a whole file use `createTableSurvey`, whose proofs come from every row. */
export function guessMapping(rows: readonly TableRow[]): TableGuess {
  const survey = createTableSurvey();
  for (const row of rows) survey.push(row);
  return survey.end();
}

type Columns = Partial<Record<MappedField, number>>;

function conclude(seen: Seen): TableGuess {
  const problems = new ProblemList();
  const guesses = guessFields(seen);
  reportUnbelieved(seen, guesses, problems);
  const columns: Columns = {};
  for (const guess of guesses) columns[guess.field] = guess.column;
  if (seen.headerLine === 0 && seen.shape === null) problems.add('tableHeaderMissing', 0, {});
  if (seen.rows === 0) problems.add('tableNoRows', 0, {});
  const extra = seen.kind === 'bank' ? bankExtra(seen, columns, problems) : itemExtra(seen, columns, problems);
  for (const guess of guesses) {
    if (guess.confidence === 'certain') continue;
    problems.add('tableFieldUncertain', seen.headerLine, { field: FIELD_NAMES[guess.field], header: quoted(guess.header), reason: guess.reason });
  }
  const buckets = extra.buckets ?? [];
  const decimalStyle = proveDecimal([...columnsOf(seen, columns, AMOUNT_FIELDS), ...buckets.flatMap((column) => seen.evidence[column] ?? [])], problems);
  const dayOrder = proveDayOrder(columnsOf(seen, columns, DAY_FIELDS), problems, seen.profile?.dayOrder ?? seen.shape?.dayOrder ?? null);
  const known = seen.profile ?? seen.shape;
  return {
    mapping: { headerLine: seen.headerLine, columns, decimalStyle, dayOrder, ...extra }, headers: seen.headers, sourceKey: sourceKeyOf(seen.source), guesses,
    uncertain: problems.list(), rows: seen.rows, profile: known === null ? null : { key: known.key, name: known.name },
  };
}

const AMOUNTS: readonly MappedField[] = ['amount', 'openAmount', 'debit', 'credit'];

type Extra = Pick<TableMapping, 'kind' | 'groups' | 'buckets' | 'lastRowBalance'>;

function bankExtra(seen: Seen, columns: Columns, problems: ProblemList): Extra {
  if (columns.bookedOn === undefined) problems.add('tableFieldMissing', 0, { field: FIELD_NAMES.bookedOn });
  if (AMOUNTS.every((field) => columns[field] === undefined)) problems.add('tableFieldMissing', 0, { field: FIELD_NAMES.amount });
  return { kind: 'bank', ...(seen.shape?.mapping.lastRowBalance === true ? { lastRowBalance: true } : {}) };
}

function itemExtra(seen: Seen, columns: Columns, problems: ProblemList): Extra {
  const groups = groupsOf(seen, columns);
  const taken = new Set(Object.values(columns));
  const buckets = bucketColumns(seen.headers).filter((column) => !taken.has(column));
  const aged = buckets.length >= 2;
  if (groups !== 'customer' && columns.customerCode === undefined && columns.customerName === undefined) problems.add('tableFieldMissing', 0, { field: FIELD_NAMES.customerName });
  if (!aged && AMOUNTS.every((field) => columns[field] === undefined)) problems.add('tableFieldMissing', 0, { field: FIELD_NAMES.amount });
  if (aged && !isFilled(seen, columns.document) && !isFilled(seen, columns.dueOn)) problems.add('tableAgedTotalsOnly', 0, {});
  else if (aged && !isFilled(seen, columns.dueOn)) problems.add('tableAgedDueUnknown', 0, {});
  if (groups === 'customer' && seen.profile === null) problems.add('tableCustomersAbove', 0, {});
  return { ...(groups === null ? {} : { groups }), ...(aged ? { buckets } : {}) };
}

const isFilled = (seen: Seen, column: number | undefined): boolean => column !== undefined && (seen.evidence[column]?.filled ?? 0) > 0;

/** Whether customers stand above their rows: known of the export, or no column names them and some rows are but a text. */
function groupsOf(seen: Seen, columns: Columns): RowGroups | null {
  const filled = (column: number | undefined): number => (column === undefined ? 0 : (seen.evidence[column]?.filled ?? 0));
  // Headings and totals name no document either.
  const documents = columns.document === undefined ? seen.rows : filled(columns.document);
  const named = [columns.customerCode, columns.customerName].some((column) => column !== undefined && filled(column) * 2 > documents);
  if (seen.profile !== null) return seen.profile.groups === undefined ? null : named ? 'ignored' : seen.profile.groups;
  const anyCustomer = columns.customerCode !== undefined || columns.customerName !== undefined;
  return !anyCustomer && seen.lonelyRows > 0 && columns.issuedOn !== undefined && columns.document !== undefined ? 'customer' : null;
}

function columnsOf(seen: Seen, columns: Columns, fields: readonly MappedField[]): ColumnEvidence[] {
  return fields.flatMap((field) => {
    const found = seen.evidence[columns[field] ?? -1];
    return found === undefined ? [] : [found];
  });
}

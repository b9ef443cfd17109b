import type { Problem } from '#core/kernel/problem.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { DecimalStyle } from '../amounts.ts';
import type { DayOrder } from '../days.ts';
import { MAX_HEADER_SEARCH_ROWS } from '../limits.ts';
import { quoted } from '../problems.ts';
import { ProblemList } from '../problem-list.ts';
import { ColumnEvidence } from './column-evidence.ts';
import type { Witness } from './column-evidence.ts';
import { FIELD_NAMES } from './field-words.ts';
import { findHeaderRow, matchTitle, sourceKeyOf } from './header-row.ts';
import type { TargetField } from './open-item-row.ts';
import { TARGET_FIELDS } from './open-item-row.ts';
import type { TableMapping } from './mapping.ts';
import { cellText, isBlankRow } from './table-row.ts';
import type { TableRow } from './table-row.ts';

/** Why a column was taken for a field. */
export type FieldGuess = {
  readonly field: TargetField;
  readonly column: number;
  readonly header: string;
  /** `certain`: known title and fitting values; `likely`: one of the two is weak; `weak`: values only. */
  readonly confidence: 'certain' | 'likely' | 'weak';
  readonly reason: Bilingual;
};

/** What a table of open items seems to be. `uncertain` is what a person must settle (errors) or confirm (warnings). */
export type TableGuess = {
  readonly mapping: TableMapping;
  readonly headers: readonly string[];
  readonly sourceKey: string;
  readonly guesses: readonly FieldGuess[];
  readonly uncertain: readonly Problem[];
  readonly rows: number;
};

/** Looks at the rows of a table one by one and then guesses its mapping; every value may be the one that proves a format. */
export type TableSurvey = { push(row: TableRow): void; end(): TableGuess };

const AMOUNT_FIELDS: readonly TargetField[] = ['amount', 'openAmount', 'debit', 'credit'];
const DAY_FIELDS: readonly TargetField[] = ['issuedOn', 'dueOn', 'paidOn'];
/** Below this share of fitting values a title is not believed. */
const FIT_MIN = 0.5;
/** At or above this share a column without a known title is taken by its values. */
const VALUES_MIN = 0.8;

/** Starts a survey. */
export function createTableSurvey(): TableSurvey {
  const early: TableRow[] = [];
  const evidence: ColumnEvidence[] = [];
  let header: TableRow | null = null;
  let settled = false;
  let rows = 0;
  const see = (row: TableRow): void => {
    if (isBlankRow(row)) return;
    rows += 1;
    for (const [index, cell] of row.cells.entries()) (evidence[index] ??= new ColumnEvidence()).see(cell, row.line);
  };
  const settle = (): void => {
    settled = true;
    header = findHeaderRow(early);
    for (const row of early) if (header === null || row.line > header.line) see(row);
  };
  return {
    push(row) {
      if (settled) return see(row);
      early.push(row);
      if (early.length >= MAX_HEADER_SEARCH_ROWS) settle();
      return undefined;
    },
    end() {
      if (!settled) settle();
      const headers = header === null ? evidence.map(() => '') : header.cells.map(cellText);
      while (evidence.length < headers.length) evidence.push(new ColumnEvidence());
      // Without titles the first row tells the source: another file of as many columns must not inherit its mapping.
      const source = header === null ? (early.find((row) => !isBlankRow(row))?.cells.map(cellText) ?? []) : headers;
      return conclude({ headerLine: header?.line ?? 0, headers, source, evidence, rows });
    },
  };
}

/** Guesses the mapping from rows already at hand; for a whole file use `createTableSurvey`, whose proofs come from every row. */
export function guessMapping(rows: readonly TableRow[]): TableGuess {
  const survey = createTableSurvey();
  for (const row of rows) survey.push(row);
  return survey.end();
}

type Seen = { readonly headerLine: number; readonly headers: readonly string[]; readonly source: readonly string[]; readonly evidence: readonly ColumnEvidence[]; readonly rows: number };

function conclude(seen: Seen): TableGuess {
  const problems = new ProblemList();
  const guesses = guessFields(seen);
  reportUnbelieved(seen, guesses, problems);
  const columns: Partial<Record<TargetField, number>> = {};
  for (const guess of guesses) columns[guess.field] = guess.column;
  if (seen.headerLine === 0) problems.add('tableHeaderMissing', 0, {});
  if (seen.rows === 0) problems.add('tableNoRows', 0, {});
  if (columns.customerCode === undefined && columns.customerName === undefined) problems.add('tableFieldMissing', 0, { field: FIELD_NAMES.customerName });
  if (AMOUNT_FIELDS.every((field) => columns[field] === undefined)) problems.add('tableFieldMissing', 0, { field: FIELD_NAMES.amount });
  for (const guess of guesses) {
    if (guess.confidence === 'certain') continue;
    problems.add('tableFieldUncertain', seen.headerLine, { field: FIELD_NAMES[guess.field], header: quoted(guess.header), reason: guess.reason });
  }
  const decimalStyle = proveDecimal(columnsOf(seen, columns, AMOUNT_FIELDS), problems);
  const dayOrder = proveDayOrder(columnsOf(seen, columns, DAY_FIELDS), problems);
  return {
    mapping: { headerLine: seen.headerLine, columns, decimalStyle, dayOrder },
    headers: seen.headers, sourceKey: sourceKeyOf(seen.source), guesses, uncertain: problems.list(), rows: seen.rows,
  };
}

function columnsOf(seen: Seen, columns: Partial<Record<TargetField, number>>, fields: readonly TargetField[]): ColumnEvidence[] {
  return fields.flatMap((field) => {
    const found = seen.evidence[columns[field] ?? -1];
    return found === undefined ? [] : [found];
  });
}

function firstWitness(columns: readonly ColumnEvidence[], pick: (column: ColumnEvidence) => Witness | null): Witness | null {
  return columns.map(pick).filter((witness) => witness !== null).sort((a, b) => a.line - b.line)[0] ?? null;
}

function proveDecimal(columns: readonly ColumnEvidence[], problems: ProblemList): DecimalStyle | null {
  const comma = firstWitness(columns, (column) => column.comma);
  const point = firstWitness(columns, (column) => column.point);
  const ambiguous = firstWitness(columns, (column) => column.ambiguousAmount);
  if (comma !== null && point !== null) {
    problems.add('tableDecimalMixed', Math.max(comma.line, point.line), { first: quoted(comma.text), second: quoted(point.text) });
    return null;
  }
  if (comma !== null || point !== null) return comma === null ? 'point' : 'comma';
  if (ambiguous !== null) problems.add('tableDecimalUnproven', ambiguous.line, { text: quoted(ambiguous.text) });
  return null;
}

function proveDayOrder(columns: readonly ColumnEvidence[], problems: ProblemList): DayOrder | null {
  const dayFirst = firstWitness(columns, (column) => column.dayFirst);
  const monthFirst = firstWitness(columns, (column) => column.monthFirst);
  const ambiguous = firstWitness(columns, (column) => column.ambiguousDay);
  if (dayFirst !== null && monthFirst !== null) {
    problems.add('tableDayOrderMixed', Math.max(dayFirst.line, monthFirst.line), { first: quoted(dayFirst.text), second: quoted(monthFirst.text) });
    return null;
  }
  if (dayFirst !== null || monthFirst !== null) return dayFirst === null ? 'mdy' : 'dmy';
  if (ambiguous !== null) problems.add('tableDayOrderUnproven', ambiguous.line, { text: quoted(ambiguous.text) });
  return null;
}

/** How well the values of a column fit a field; 1 when the field takes any text or the column is empty. */
function fit(field: TargetField, column: ColumnEvidence): number {
  if (column.filled === 0) return 1;
  if (AMOUNT_FIELDS.includes(field)) return column.share('numbers');
  if (DAY_FIELDS.includes(field)) return column.share('days');
  if (field === 'email') return column.share('emails');
  if (field === 'siren') return column.share('sirens');
  return 1;
}

const REASONS = {
  title: { fr: 'titre connu', en: 'known title' },
  nearTitle: { fr: 'titre approchant', en: 'similar title' },
  titleNotValues: { fr: 'titre connu, mais une partie des valeurs ne convient pas', en: 'known title, but part of the values do not fit' },
  values: { fr: 'd\'après ses valeurs', en: 'from its values' },
} as const satisfies Record<string, Bilingual>;

function guessFields(seen: Seen): FieldGuess[] {
  const taken = new Set<number>();
  const guesses = new Map<TargetField, FieldGuess>();
  const take = (guess: FieldGuess): void => {
    if (guesses.has(guess.field) || taken.has(guess.column)) return;
    guesses.set(guess.field, guess);
    taken.add(guess.column);
  };
  for (const exact of [true, false]) {
    for (const [column, header] of seen.headers.entries()) {
      const match = matchTitle(header);
      const values = seen.evidence[column];
      if (match === null || match.exact !== exact || values === undefined) continue;
      const share = fit(match.field, values);
      if (share < FIT_MIN) continue;
      const sure = exact && share >= VALUES_MIN;
      const reason = exact ? (sure ? REASONS.title : REASONS.titleNotValues) : REASONS.nearTitle;
      take({ field: match.field, column, header, confidence: sure ? 'certain' : 'likely', reason });
    }
  }
  for (const [column, values] of seen.evidence.entries()) {
    const field = fieldOfValues(values);
    if (field !== null) take({ field, column, header: seen.headers[column] ?? '', confidence: 'weak', reason: REASONS.values });
  }
  return TARGET_FIELDS.flatMap((field) => guesses.get(field) ?? []);
}

/** Says which columns have a known title but values that do not fit, so that none is left out in silence. */
function reportUnbelieved(seen: Seen, guesses: readonly FieldGuess[], problems: ProblemList): void {
  for (const [column, header] of seen.headers.entries()) {
    const match = matchTitle(header);
    const values = seen.evidence[column];
    if (match?.exact !== true || values === undefined || guesses.some((guess) => guess.column === column)) continue;
    if (fit(match.field, values) < FIT_MIN) problems.add('tableColumnUnbelieved', seen.headerLine, { field: FIELD_NAMES[match.field], header: quoted(header) });
  }
}

/** Only sorts of values that can be nothing else are mapped without a title. */
function fieldOfValues(column: ColumnEvidence): TargetField | null {
  if (column.share('emails') >= VALUES_MIN) return 'email';
  return column.share('vatNumbers') >= VALUES_MIN ? 'vatNumber' : null;
}

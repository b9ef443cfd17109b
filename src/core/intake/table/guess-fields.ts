import type { Bilingual } from '#core/kernel/text.ts';
import { BANK_FIELDS } from '../bank/table-fields.ts';
import { fold } from '../fold.ts';
import { quoted } from '../problems.ts';
import type { ProblemList } from '../problem-list.ts';
import { bucketColumns } from './aged-columns.ts';
import type { ColumnEvidence } from './column-evidence.ts';
import { FIELD_NAMES } from './field-words.ts';
import { matchBankTitle, matchTitle } from './header-row.ts';
import type { TitleMatch } from './header-row.ts';
import type { MappedField, TableKind } from './mapping.ts';
import { TARGET_FIELDS } from './open-item-row.ts';
import type { ShapeMatch, TableProfile } from './profile.ts';

/** Why a column was taken for a field. */
export type FieldGuess = {
  readonly field: MappedField;
  readonly column: number;
  readonly header: string;
  /** `certain`: known title and fitting values; `likely`: one of the two is weak; `weak`: values only. */
  readonly confidence: 'certain' | 'likely' | 'weak';
  readonly reason: Bilingual;
};

/** What a survey saw of a table once all rows have passed. */
export type Seen = {
  readonly kind: TableKind;
  readonly headerLine: number;
  readonly headers: readonly string[];
  readonly source: readonly string[];
  readonly evidence: readonly ColumnEvidence[];
  readonly rows: number;
  /** Rows with one filled cell, a text. */
  readonly lonelyRows: number;
  readonly profile: TableProfile | null;
  readonly shape: ShapeMatch | null;
};

/** Fields that hold amounts, of either kind of table. */
export const AMOUNT_FIELDS: readonly MappedField[] = ['amount', 'openAmount', 'debit', 'credit', 'balance', 'fee'];
/** Fields that hold days. */
export const DAY_FIELDS: readonly MappedField[] = ['issuedOn', 'dueOn', 'paidOn', 'bookedOn', 'valueOn'];
/** Below this share of fitting values a title is not believed. */
const FIT_MIN = 0.5;
/** At or above this share a column without a known title is taken by its values. */
const VALUES_MIN = 0.8;

const REASONS = {
  title: { fr: 'titre connu', en: 'known title' },
  nearTitle: { fr: 'titre approchant', en: 'similar title' },
  titleNotValues: { fr: 'titre connu, mais une partie des valeurs ne convient pas', en: 'known title, but part of the values do not fit' },
  values: { fr: 'd\'après ses valeurs', en: 'from its values' },
  profile: { fr: 'export reconnu', en: 'export recognised' },
} as const satisfies Record<string, Bilingual>;

/** Share of the values of a column that fit a field; 1 when the field takes any text or the column is empty. */
function fit(seen: Seen, field: MappedField, column: ColumnEvidence): number {
  if (column.filled === 0) return 1;
  const bank = seen.kind === 'bank';
  if (AMOUNT_FIELDS.includes(field)) return column.share('numbers') + (bank ? column.share('markedNumbers') : 0);
  if (DAY_FIELDS.includes(field)) return column.share('days') + (bank ? column.share('shortDays') : 0);
  if (field === 'email') return column.share('emails');
  if (field === 'siren') return column.share('sirens');
  return 1;
}

/** Fields taken so far, each with one column and each column with one field. */
class Taken {
  readonly columns = new Set<number>();
  readonly guesses = new Map<MappedField, FieldGuess>();

  add(guess: FieldGuess): void {
    if (this.guesses.has(guess.field) || this.columns.has(guess.column)) return;
    this.guesses.set(guess.field, guess);
    this.columns.add(guess.column);
  }

  drop(field: MappedField): void {
    const guess = this.guesses.get(field);
    if (guess === undefined) return;
    this.guesses.delete(field);
    this.columns.delete(guess.column);
  }
}

/** The field of each column that can be told, in the order of the fields. */
export function guessFields(seen: Seen): FieldGuess[] {
  const taken = new Taken();
  if (seen.profile !== null) takeProfile(seen, seen.profile, taken);
  if (seen.shape !== null) {
    for (const [field, column] of Object.entries(seen.shape.mapping.columns)) {
      taken.add({ field: field as MappedField, column, header: '', confidence: 'certain', reason: REASONS.profile });
    }
  }
  // What a bank's own export means is known to the last column.
  const closed = seen.kind === 'bank' && (seen.profile !== null || seen.shape !== null);
  if (!closed) takeTitles(seen, taken);
  if (seen.kind === 'items') takeValues(seen, taken);
  const open = taken.guesses.get('openAmount');
  // Beside debit and credit a "balance" is what the account came to, not what a document still owes.
  if (open?.confidence === 'likely' && taken.guesses.has('debit') && taken.guesses.has('credit')) taken.drop('openAmount');
  const order: readonly MappedField[] = seen.kind === 'bank' ? BANK_FIELDS : TARGET_FIELDS;
  return order.flatMap((field) => taken.guesses.get(field) ?? []);
}

function takeProfile(seen: Seen, profile: TableProfile, taken: Taken): void {
  const titles = seen.headers.map(fold);
  for (const [field, wanted] of Object.entries(profile.columns) as [MappedField, readonly string[]][]) {
    for (const title of wanted) {
      const column = titles.findIndex((one, index) => one === title && !taken.columns.has(index));
      const values = seen.evidence[column];
      if (values === undefined || fit(seen, field, values) === 0) continue;
      taken.add({ field, column, header: seen.headers[column] ?? '', confidence: 'certain', reason: REASONS.profile });
      break;
    }
  }
}

const matcherOf = (kind: TableKind): ((title: string) => TitleMatch<MappedField> | null) => (kind === 'bank' ? matchBankTitle : matchTitle);

function takeTitles(seen: Seen, taken: Taken): void {
  const match = matcherOf(seen.kind);
  const buckets = seen.kind === 'items' ? bucketColumns(seen.headers) : [];
  for (const exact of [true, false]) {
    for (const [column, header] of seen.headers.entries()) {
      const found = match(header);
      const values = seen.evidence[column];
      if (found === null || found.exact !== exact || values === undefined || buckets.includes(column)) continue;
      // A known export has its amounts where its profile says; another column with a fitting title is something else.
      if (seen.profile !== null && (AMOUNT_FIELDS.includes(found.field) || (seen.profile.ignored ?? []).includes(fold(header)))) continue;
      const share = fit(seen, found.field, values);
      if (share < FIT_MIN) continue;
      const sure = exact && share >= VALUES_MIN;
      const reason = exact ? (sure ? REASONS.title : REASONS.titleNotValues) : REASONS.nearTitle;
      taken.add({ field: found.field, column, header, confidence: sure ? 'certain' : 'likely', reason });
    }
  }
}

function takeValues(seen: Seen, taken: Taken): void {
  for (const [column, values] of seen.evidence.entries()) {
    const field = fieldOfValues(values);
    if (field !== null) taken.add({ field, column, header: seen.headers[column] ?? '', confidence: 'weak', reason: REASONS.values });
  }
}

/** Says which columns have a known title but values that do not fit, so that none is left out in silence. */
export function reportUnbelieved(seen: Seen, guesses: readonly FieldGuess[], problems: ProblemList): void {
  const match = matcherOf(seen.kind);
  for (const [column, header] of seen.headers.entries()) {
    const found = match(header);
    const values = seen.evidence[column];
    if (found?.exact !== true || values === undefined || guesses.some((guess) => guess.column === column)) continue;
    if (seen.profile !== null && (seen.profile.ignored ?? []).includes(fold(header))) continue;
    if (fit(seen, found.field, values) < FIT_MIN) problems.add('tableColumnUnbelieved', seen.headerLine, { field: FIELD_NAMES[found.field], header: quoted(header) });
  }
}

/** Only sorts of values that can be nothing else are mapped without a title. */
function fieldOfValues(column: ColumnEvidence): MappedField | null {
  if (column.share('emails') >= VALUES_MIN) return 'email';
  return column.share('vatNumbers') >= VALUES_MIN ? 'vatNumber' : null;
}

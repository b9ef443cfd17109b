import { BANK_FIELDS } from '../bank/table-fields.ts';
import type { BankField } from '../bank/table-fields.ts';
import { BANK_FIELD_WORDS } from '../bank/table-words.ts';
import { fold } from '../fold.ts';
import { FIELD_WORDS } from './field-words.ts';
import type { FieldWords } from './field-words.ts';
import { TARGET_FIELDS } from './open-item-row.ts';
import type { TargetField } from './open-item-row.ts';
import { cellText } from './table-row.ts';
import type { TableRow } from './table-row.ts';

/** How surely a column title means a field. */
export type TitleMatch<Field extends string = TargetField> = { readonly field: Field; readonly exact: boolean };

type Dictionary<Field extends string> = { readonly exact: ReadonlyMap<string, Field>; readonly near: ReadonlyMap<string, Field> };

function dictionary<Field extends string>(fields: readonly Field[], words: Readonly<Record<Field, FieldWords>>): Dictionary<Field> {
  const of = (sort: keyof FieldWords): Map<string, Field> => new Map(fields.flatMap((field) => words[field][sort].map((word): [string, Field] => [word, field])));
  return { exact: of('exact'), near: of('near') };
}

const ITEM_TITLES = dictionary<TargetField>(TARGET_FIELDS, FIELD_WORDS);
const BANK_TITLES = dictionary<BankField>(BANK_FIELDS, BANK_FIELD_WORDS);

/** Units that editors append to a title: "Montant TTC (EUR)". */
const UNIT_TAIL = /(?:eneuros|eneur|euros|euro|eur)$/u;

function lookUp<Field extends string>(title: string, known: Dictionary<Field>): TitleMatch<Field> | null {
  const folded = fold(title);
  if (folded === '') return null;
  for (const word of [folded, folded.replace(UNIT_TAIL, '')]) {
    const exact = known.exact.get(word);
    if (exact !== undefined) return { field: exact, exact: true };
    const near = known.near.get(word);
    if (near !== undefined) return { field: near, exact: false };
  }
  return null;
}

/** The field of an open item that a column title means; null when unknown. */
export const matchTitle = (title: string): TitleMatch | null => lookUp(title, ITEM_TITLES);

/** The field of a bank line that a column title means; null when unknown. */
export const matchBankTitle = (title: string): TitleMatch<BankField> | null => lookUp(title, BANK_TITLES);

/** True when a text is the title of a column of either kind of table. */
export const isKnownTitle = (title: string): boolean => matchTitle(title) !== null || matchBankTitle(title) !== null;

/** Titles that a row must have to be the header: two different fields, one of them by an exact word. */
const FIELDS_MIN = 2;

/** The row that best reads as column titles, by different fields recognised; null when no row has two. */
export function findHeaderRow(rows: readonly TableRow[], match: (title: string) => TitleMatch<string> | null = matchTitle): TableRow | null {
  let best: TableRow | null = null;
  let bestScore = 0;
  for (const row of rows) {
    const matches = row.cells.map((cell) => (typeof cell === 'string' ? match(cellText(cell)) : null)).filter((found) => found !== null);
    const fields = new Set(matches.map((found) => found.field));
    const exact = new Set(matches.filter((found) => found.exact).map((found) => found.field)).size;
    const score = fields.size + exact;
    if (fields.size >= FIELDS_MIN && exact >= 1 && score > bestScore) {
      best = row;
      bestScore = score;
    }
  }
  return best;
}

const FNV_PRIME = 0x100000001b3n;
const FNV_OFFSET = 0xcbf29ce484222325n;
const MASK_64 = 0xffffffffffffffffn;

/** Fingerprint of the titles of a source (64-bit FNV-1a of the folded titles), under which a corrected mapping is remembered. */
export function sourceKeyOf(headers: readonly string[]): string {
  let hash = FNV_OFFSET;
  for (const character of headers.map(fold).join('|')) {
    hash = ((hash ^ BigInt(character.codePointAt(0) ?? 0)) * FNV_PRIME) & MASK_64;
  }
  return `columns-${headers.length}-${hash.toString(16).padStart(16, '0')}`;
}

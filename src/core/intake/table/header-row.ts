import { fold } from '../fold.ts';
import { FIELD_WORDS } from './field-words.ts';
import { TARGET_FIELDS } from './open-item-row.ts';
import type { TargetField } from './open-item-row.ts';
import { cellText } from './table-row.ts';
import type { TableRow } from './table-row.ts';

/** How surely a column title means a field. */
export type TitleMatch = { readonly field: TargetField; readonly exact: boolean };

const EXACT: ReadonlyMap<string, TargetField> = new Map(TARGET_FIELDS.flatMap((field) => FIELD_WORDS[field].exact.map((word): [string, TargetField] => [word, field])));
const NEAR: ReadonlyMap<string, TargetField> = new Map(TARGET_FIELDS.flatMap((field) => FIELD_WORDS[field].near.map((word): [string, TargetField] => [word, field])));

/** Units that editors append to a title: "Montant TTC (EUR)". */
const UNIT_TAIL = /(?:eneuros|eneur|euros|euro|eur)$/u;

/** The field a column title means; null when unknown. */
export function matchTitle(title: string): TitleMatch | null {
  const folded = fold(title);
  if (folded === '') return null;
  for (const word of [folded, folded.replace(UNIT_TAIL, '')]) {
    const exact = EXACT.get(word);
    if (exact !== undefined) return { field: exact, exact: true };
    const near = NEAR.get(word);
    if (near !== undefined) return { field: near, exact: false };
  }
  return null;
}

/** Titles that a row must have to be the header: two different fields, one of them by an exact word. */
const FIELDS_MIN = 2;

/** The row that best reads as column titles, by different fields recognised; null when no row has two. */
export function findHeaderRow(rows: readonly TableRow[]): TableRow | null {
  let best: TableRow | null = null;
  let bestScore = 0;
  for (const row of rows) {
    const matches = row.cells.map((cell) => (typeof cell === 'string' ? matchTitle(cellText(cell)) : null)).filter((match) => match !== null);
    const fields = new Set(matches.map((match) => match.field));
    const exact = new Set(matches.filter((match) => match.exact).map((match) => match.field)).size;
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

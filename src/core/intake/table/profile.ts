import type { Bilingual } from '#core/kernel/text.ts';
import type { DayOrder } from '../days.ts';
import { fold } from '../fold.ts';
import { bucketColumns } from './aged-columns.ts';
import type { MappedField, RowGroups, TableKind, TableMapping } from './mapping.ts';
import { cellText } from './table-row.ts';
import type { TableRow } from './table-row.ts';

/**
 * What is known of one export of one program or bank: the titles that prove it and what its columns mean. Titles are folded; '' is a
 * column without title.
 */
export type TableProfile = {
  readonly key: string;
  readonly kind: TableKind;
  readonly name: Bilingual;
  /** Of each group one title must be there. */
  readonly proof: readonly (readonly string[])[];
  /** Titles of each field, the best first. Fields left out are recognised as in any other table. */
  readonly columns: Readonly<Partial<Record<MappedField, readonly string[]>>>;
  /** Titles that mean something in other tables and nothing here (running balances, amounts in another currency). */
  readonly ignored?: readonly string[];
  /** Rows that stand between the others; `customer` holds only while no column names the customer, they are `ignored` then. */
  readonly groups?: RowGroups;
  /** It has columns of an aged balance. */
  readonly aged?: boolean;
  /** Order of its dates while none proves another. */
  readonly dayOrder?: DayOrder;
};

/** A profile recognised, as people are told. */
export type ProfileName = { readonly key: string; readonly name: Bilingual };

/** A recognised profile and the row of its titles. */
export type ProfileMatch = { readonly profile: TableProfile; readonly header: TableRow };

/** What the shape of a table without titles proves: how to read it, under which name. */
export type ShapeMatch = ProfileName & { readonly mapping: Pick<TableMapping, 'kind' | 'headerLine' | 'columns' | 'lastRowBalance'>; readonly dayOrder: DayOrder };

function proves(profile: TableProfile, titles: readonly string[], row: TableRow): boolean {
  const known = new Set(titles);
  if (!profile.proof.every((group) => group.some((title) => known.has(title)))) return false;
  return profile.aged !== true || bucketColumns(row.cells.map(cellText)).length > 0;
}

/** Columns of an aged balance tell as much as this many titles. */
const AGED_WEIGHT = 3;

const weightOf = (profile: TableProfile): number => profile.proof.length + (profile.aged === true ? AGED_WEIGHT : 0);

/** The profile that the titles of some row prove; of several the one that asks for most. Null when none does. */
export function matchProfile(rows: readonly TableRow[], profiles: readonly TableProfile[]): ProfileMatch | null {
  let best: ProfileMatch | null = null;
  for (const header of rows) {
    const titles = header.cells.map((cell) => (typeof cell === 'string' ? fold(cell) : '\u0000'));
    for (const profile of profiles) {
      if ((best === null || weightOf(profile) > weightOf(best.profile)) && proves(profile, titles, header)) best = { profile, header };
    }
  }
  return best;
}

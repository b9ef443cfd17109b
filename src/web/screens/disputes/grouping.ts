import type { HoldSummary } from '#core/api/holds.ts';

/** Ways a list of disputes is put together. */
export const GROUPINGS = ['none', 'owner', 'age'] as const;
/** One of them. */
export type Grouping = (typeof GROUPINGS)[number];

/** Upper bounds in days of the groups by age, included; older ones are in a last group. The server counts by the same. */
export const AGE_BOUNDS = [7, 15, 30, 60] as const;

/** A group of rows; its key is an owner's name ("" for nobody) or a stretch of days. */
export type DisputeGroup = { readonly key: string; readonly rows: readonly HoldSummary[] };

function ageKey(days: number): string {
  let from = 0;
  for (const bound of AGE_BOUNDS) {
    if (days <= bound) return `${from}-${bound}`;
    from = bound + 1;
  }
  return `${from}+`;
}

const keyOf = (row: HoldSummary, by: Grouping): string => (by === 'owner' ? (row.dispute?.ownerName ?? row.dispute?.ownerEmail ?? '') : by === 'age' ? ageKey(row.ageDays) : '');

const order = (by: Grouping) => (a: DisputeGroup, b: DisputeGroup): number => {
  if (by === 'age') return Number.parseInt(b.key, 10) - Number.parseInt(a.key, 10);
  // Those nobody looks after come first: somebody has to take them.
  return a.key === '' ? -1 : b.key === '' ? 1 : a.key.localeCompare(b.key);
};

/** Rows in groups, the ones that ask for attention first: nobody's, then by name; or the oldest ones. */
export function grouped(rows: readonly HoldSummary[], by: Grouping): DisputeGroup[] {
  if (by === 'none') return rows.length === 0 ? [] : [{ key: '', rows }];
  return [...Map.groupBy(rows, (row) => keyOf(row, by))].map(([key, found]) => ({ key, rows: found })).toSorted(order(by));
}

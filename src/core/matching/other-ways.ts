import type { Credit, Debit } from './accounts.ts';
import type { Search } from './search.ts';
import { EVERY_COMBINATION_ITEMS, SET_ITEMS_MAX, subsetsThatMake } from './subset-search.ts';

/** What was looked through, and the sets that were found and are proposed: how many items each has. */
type Found = { readonly debits: readonly Debit[]; readonly credits: readonly Credit[]; readonly minor: number; readonly sizes: readonly number[] };

/**
 * Says that the search is not complete when another set of as few items makes the amount, or may. What people usually pay together is found without
 * trying every combination; somebody who reads that nothing else fits must be able to rely on it.
 */
export function noteOtherWays(search: Search, { debits, credits, minor, sizes }: Found): void {
  const fewest = Math.min(...sizes);
  // All that is open, nothing taken off: any other set is less.
  if (!search.complete || sizes.length === 0 || (fewest === debits.length && credits.length === 0)) return;
  const isSmall = debits.length + credits.length <= EVERY_COMBINATION_ITEMS;
  const amounts = [...debits.map(({ open }) => open), ...(isSmall ? credits.map(({ open }) => -open) : [])];
  const { sets, complete } = isSmall || (fewest <= SET_ITEMS_MAX && credits.length === 0) ? subsetsThatMake(amounts, minor, search.work) : { sets: [], complete: false };
  if (!complete || (sets[0]?.length ?? fewest) < fewest) search.complete = false;
}

import type { Day } from '../kernel/day.ts';
import { lastDayOf } from '../holds/grace.ts';
import type { Place } from '../ledger/calendar.ts';
import type { AccountFacts, HoldFacts, ItemFacts } from './facts.ts';

/** The holds that bear on one item today. */
export type HoldsOnItem = {
  readonly insolvency: HoldFacts | null;
  readonly pause: HoldFacts | null;
  /** A dispute of the whole item, or parts that add up to it. */
  readonly dispute: HoldFacts | null;
  readonly plan: HoldFacts | null;
  readonly promise: HoldFacts | null;
  /** Minor units of the item that are disputed, never more than what is open. */
  readonly disputedPart: bigint;
  /** A promise or a plan was broken, and no step was done since. */
  readonly broken: boolean;
};

type Found = { -readonly [Name in keyof HoldsOnItem]: HoldsOnItem[Name] };

const NONE: HoldsOnItem = { insolvency: null, pause: null, dispute: null, plan: null, promise: null, disputedPart: 0n, broken: false };

/** Last day a hold suspends, its grace included; null when only a person ends it. */
export function lastDayHeld(hold: HoldFacts, place: Place): Day | null {
  return hold.until === null ? null : lastDayOf(hold.until, hold.graceDays, place);
}

/** Whether a hold is on an item. Insolvency of one item is on all: it is the debtor who is insolvent. */
function covers(hold: HoldFacts, item: ItemFacts): boolean {
  if (hold.kind === 'insolvency') return true;
  return hold.items === null ? hold.itemId === null || hold.itemId === item.itemId : hold.items.has(item.itemId);
}

/** Sorts the account's holds out for one item. */
export function holdsOn(account: AccountFacts, item: ItemFacts, today: Day): HoldsOnItem {
  if (account.holds.length === 0) return NONE;
  const found: Found = { ...NONE };
  const { place } = account.customer;
  for (const hold of account.holds) {
    if (hold.from > today || !covers(hold, item)) continue;
    const last = lastDayHeld(hold, place);
    if (last !== null && today > last) {
      if (isBreakable(hold) && noStepSince(item, last)) found.broken = true;
      continue;
    }
    if (hold.kind === 'insolvency') found.insolvency = hold;
    else if (hold.kind === 'dispute') {
      const part = hold.itemId === null || hold.amount === null ? item.open : hold.amount;
      found.disputedPart = smaller(item.open, found.disputedPart + part);
      if (found.disputedPart >= item.open) found.dispute = hold;
    } else found[hold.kind] = lasting(found[hold.kind], hold, place);
  }
  return found;
}

const isBreakable = (hold: HoldFacts): boolean => hold.kind === 'promise' || hold.kind === 'plan';

const noStepSince = (item: ItemFacts, last: Day): boolean => item.lastStepDone === null || item.lastStepDone.doneOn <= last;

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Of two holds of one kind, the one that suspends longest. */
function lasting(a: HoldFacts | null, b: HoldFacts, place: Place): HoldFacts {
  const [lastA, lastB] = [a === null ? null : lastDayHeld(a, place), lastDayHeld(b, place)];
  if (a === null || lastB === null) return b;
  return lastA === null || lastA >= lastB ? a : b;
}

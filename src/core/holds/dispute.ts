import { addDays } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';

/** What became of a dispute: agreed (a credit note is to come), agreed in part, or turned down (dunning resumes). */
export const DISPUTE_OUTCOMES = ['accepted', 'partly', 'rejected'] as const;
/** One of them. */
export type DisputeOutcome = (typeof DISPUTE_OUTCOMES)[number];

/** Days a promised credit note may take before a person is asked about it: a month-end and the time to book it. */
export const CREDIT_NOTE_DAYS = 30;

/** A dispute of an item and what the ledger says of it as of a day; amounts in minor units. */
export type DisputeFacts = {
  /** The part disputed or, once decided, the part agreed; null is all of the item. */
  readonly amount: bigint | null;
  readonly outcome: DisputeOutcome | null;
  readonly outcomeOn: Day | null;
  /** Null for a dispute of the whole account, which nothing ends by itself. */
  readonly item: { readonly amount: bigint; readonly open: bigint; readonly credited: bigint; readonly settledOn: Day | null } | null;
};

/** `awaitingCredit`: agreed, out of dunning until the credit note comes; `creditLate`: it has not come in time, a person is asked. */
export type DisputeState = 'open' | 'awaitingCredit' | 'creditLate' | 'paid' | 'credited' | 'rejected';

/** Where a dispute stands, and since when (null while it is open). */
export type DisputeStanding = { readonly state: DisputeState; readonly on: Day | null };

/**
 * The state of a dispute as of a day. It ends by itself when credit notes reach its part, or when nothing of the item is open; a credit note
 * agreed and not come keeps the item out of dunning and asks a person.
 */
export function disputeStanding(dispute: DisputeFacts, asOf: Day): DisputeStanding {
  const { item, outcome, outcomeOn } = dispute;
  if (outcome === 'rejected') return { state: 'rejected', on: outcomeOn };
  if (item !== null) {
    const disputed = dispute.amount ?? item.amount;
    if (item.credited > 0n && item.credited >= smaller(disputed, item.amount)) return { state: 'credited', on: item.settledOn };
    if (item.open <= 0n) return { state: item.credited > 0n ? 'credited' : 'paid', on: item.settledOn };
  }
  if (outcome === null || outcomeOn === null) return { state: 'open', on: null };
  const lastDay = addDays(outcomeOn, CREDIT_NOTE_DAYS);
  return asOf > lastDay ? { state: 'creditLate', on: addDays(lastDay, 1) } : { state: 'awaitingCredit', on: outcomeOn };
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

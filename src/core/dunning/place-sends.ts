import type { Day } from '../kernel/day.ts';
import type { ActionId, CustomerId, ItemId } from '../kernel/id.ts';
import { keyHere } from './send-facts.ts';
import type { SendFacts, SentItem } from './send-facts.ts';

/** A message that left according to the send journal, and that this database does not know. */
export type SendToPlace = { readonly ref: string; readonly outcome: 'accepted' | 'unknown'; readonly send: SendFacts };

/** The end of a hand-off that this database began and whose end only the journal knows. */
export type EndToWrite = { readonly action: string; readonly fence: number; readonly outcome: 'accepted' | 'refused' | 'unknown'; readonly day: Day | null };

/** A send that was noted and is not placed whole; `action` stands for it already, with the items that were here then. */
export type WaitingSend = SendToPlace & { readonly row: string; readonly action: ActionId | null };

/** Customers by code and items by natural key, as far as they are in this database. */
export type Here = { readonly customers: ReadonlyMap<string, CustomerId>; readonly items: ReadonlyMap<string, ItemId> };

/** A send with the rows of this database that it is about. */
export type Placing = WaitingSend & {
  readonly customer: CustomerId;
  /** At least one. */
  readonly items: readonly (SentItem & { readonly itemId: ItemId })[];
  /** Null: not here. */
  readonly anchor: ItemId | null;
  readonly payment: ItemId | null;
  /** Nothing of it is missing. */
  readonly whole: boolean;
};

/** Those of the sends that something can be written of: their customer is here, and an item at least. The others wait. */
export function placingsOf(waiting: readonly WaitingSend[], here: Here): Placing[] {
  return waiting.flatMap((one): Placing[] => {
    const { send } = one;
    const customer = here.customers.get(send.customer);
    const items = send.items.flatMap((item) => {
      const id = here.items.get(item.naturalKey);
      return id === undefined ? [] : [{ ...item, itemId: id }];
    });
    if (customer === undefined || items.length === 0) return [];
    const anchor = here.items.get(send.anchor) ?? null;
    const payment = send.payment === null ? null : (here.items.get(send.payment) ?? null);
    return [{ ...one, customer, items, anchor, payment, whole: items.length === send.items.length }];
  });
}

/** With the key of its intent in this database. */
export type Keyed = Placing & { readonly key: string };

/** The key of each intent in this database; the line of the journal where the item it hangs on is not here, or another send has that key already. */
export function withKeys(placings: readonly Placing[]): Keyed[] {
  const seen = new Set<string>();
  return placings.map((one) => {
    const known = one.anchor !== null && (one.send.payment === null || one.payment !== null);
    const key = known ? keyHere(one.send, { customer: one.customer, anchor: one.anchor ?? '', payment: one.payment }) : one.ref;
    const free = seen.has(key) ? `${key}/${one.ref}` : key;
    seen.add(free);
    return { ...one, key: free };
  });
}

/** What an action asks for of an item, and the step that the item has done with it. */
export type StandingItem = Pick<SentItem, 'amount' | 'creditedStep' | 'creditedOffset'>;

/** A live action of this database as placing sees it; `sha256` is of its bytes, if it has any. */
export type StandingAction = {
  readonly action: ActionId; readonly state: string; readonly test: boolean; readonly fence: number; readonly items: ReadonlyMap<ItemId, StandingItem>; readonly sha256: string | null;
};

/** What is to be written of each send. */
export type PlacingPlan = {
  /** An action of the same intent that asks for the same takes the state of the send. */
  readonly taken: readonly (Keyed & { readonly there: StandingAction })[];
  /** Nothing here stands for it: an action is made. */
  readonly made: readonly Keyed[];
  /** Actions of the same intent that ask for something else than what was said: cancelled. */
  readonly overtaken: readonly ActionId[];
};

/** States of an action that did not leave yet as far as this database knows. */
const NOT_GONE: ReadonlySet<string> = new Set(['proposed', 'approved', 'claimed', 'unknown']);

/**
 * Makes each send an action that stands as sent, or as parked. An action of the same intent with the same items takes that state; one with other items is cancelled,
 * since what was said was something else.
 */
export function planPlacing(fresh: readonly Keyed[], standing: ReadonlyMap<string, StandingAction>): PlacingPlan {
  const taken: (Keyed & { readonly there: StandingAction })[] = [];
  const made: Keyed[] = [];
  const overtaken: ActionId[] = [];
  for (const one of fresh) {
    const there = standing.get(one.key);
    if (there === undefined) made.push(one);
    else if (NOT_GONE.has(there.state) && !there.test && listsSame(there, one)) taken.push({ ...one, there });
    else {
      if (NOT_GONE.has(there.state)) overtaken.push(there.action);
      made.push(NOT_GONE.has(there.state) ? one : { ...one, key: `${one.key}/${one.ref}` });
    }
  }
  return { taken, made, overtaken };
}

/**
 * Whether an action says the same as what left: the same amounts of the same items, and each item at the same step. One that was proposed before the sends of the lost days were
 * placed may give its items steps that they had left behind.
 */
function listsSame(there: StandingAction, { items, whole }: Placing): boolean {
  return whole && items.length === there.items.size && items.every(({ itemId, amount, creditedStep, creditedOffset }) => {
    const here = there.items.get(itemId);
    return here?.amount === amount && here.creditedStep === creditedStep && here.creditedOffset === creditedOffset;
  });
}

/** The state that a placed send gives its action. */
export const placedState = ({ outcome }: SendToPlace): 'sent' | 'unknown' => (outcome === 'accepted' ? 'sent' : 'unknown');

/** The day a placed send counts as sent on; null: nobody knows whether it arrived. */
export const placedOn = ({ outcome, send }: SendToPlace): Day | null => (outcome === 'accepted' ? send.day : null);

/** How an action stands. */
export type Stands = { readonly state: 'sent' | 'approved' | 'unknown' | 'cancelled'; readonly reason: string | null; readonly sentOn: Day | null };

/** How an action stands when the journal told the end of its hand-off; of a test nothing reached anybody. `today` is the day it was last planned for, where the journal does not say the day. */
export function standsAfterEnd({ outcome, day }: EndToWrite, { test, today }: { readonly test: boolean; readonly today: Day }): Stands {
  if (outcome === 'refused') return { state: 'approved', reason: null, sentOn: null };
  if (test) return { state: 'cancelled', reason: outcome === 'accepted' ? 'testSent' : 'testUnknown', sentOn: null };
  return outcome === 'accepted' ? { state: 'sent', reason: 'sendJournal', sentOn: day ?? today } : { state: 'unknown', reason: 'sendJournal', sentOn: null };
}

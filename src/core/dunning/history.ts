import type { Currency } from '../kernel/currency.ts';
import type { Day } from '../kernel/day.ts';
import type { ActionId, ContactId, CustomerId, HoldId, ItemId } from '../kernel/id.ts';
import type { DisputeOutcome } from '../holds/dispute.ts';
import type { PlanInstalment } from '../holds/plan.ts';
import type { Segment } from '../risk/segment.ts';
import type { Assignment } from './assignment.ts';
import type { Purpose } from './decision.ts';
import type { ContactFacts, CustomerFacts, HoldFacts, ItemFacts, PolicyFacts } from './facts.ts';
import type { HoldOut } from './hold-out.ts';
import type { Channel, ScenarioVersion } from './scenario.ts';

/** A point in time as milliseconds since 1970 in UTC: a year of an account compares millions of them. */
export type At = number;

/** Before anything was ever learnt. */
export const ALWAYS: At = Number.NEGATIVE_INFINITY;

/** From when on something was known here, and until when (excluded; null: it still is). */
export type Span = { readonly from: At; readonly until: At | null };

/** What held from a point in time on; lists of them are in the order of time. */
export type Dated<Value> = { readonly at: At; readonly value: Value };

/** A day as it was lived: what had been learnt by an instant of it. `run` leaves out what that run and later ones did. */
export type Moment = { readonly today: Day; readonly at: At; readonly run?: bigint };

/** Money or a credit note set against a debit: the day it counts from, and when this was learnt. A reversal is negative. */
export type AllocationHistory = {
  readonly id: bigint; readonly credit: ItemId; readonly by: 'receipt' | 'creditNote' | 'other'; readonly amount: bigint; readonly on: Day; readonly at: At; readonly reverses: bigint | null;
};

/** One debit item with everything that was ever learnt of it. */
export type ItemHistory = Pick<ItemFacts, 'itemId' | 'document' | 'kind' | 'currency' | 'amount' | 'issuedOn' | 'firstSeenOn' | 'estimated'> & {
  readonly known: Span;
  readonly dueOn: readonly Dated<Day>[];
  /** The scenario a person chose for it. */
  readonly scenario: readonly Dated<string | null>[];
  readonly allocations: readonly AllocationHistory[];
};

/** One credit item: a receipt, a credit note. */
export type CreditHistory = {
  readonly itemId: ItemId; readonly currency: Currency; readonly amount: bigint; readonly issuedOn: Day; readonly known: Span; readonly allocations: readonly AllocationHistory[];
};

/** A hold with what people said of it and when. What became of a promise or a plan by itself is derived from the allocations. */
export type HoldHistory = Pick<HoldFacts, 'itemId' | 'from' | 'until' | 'graceDays' | 'kind'> & {
  readonly holdId: HoldId; readonly madeAt: At; readonly currency: Currency | null;
  readonly amount: readonly Dated<bigint | null>[];
  readonly covered: readonly { readonly item: ItemId; readonly open: bigint; readonly carriedFrom: ItemId | null }[] | null;
  readonly instalments: readonly PlanInstalment[];
  readonly accepted: Dated<Day> | null;
  readonly outcome: readonly Dated<{ readonly outcome: DisputeOutcome; readonly on: Day } | null>[];
  /** Days on which people ended it; null: it goes on. */
  readonly ended: readonly Dated<Day | null>[];
};

/** A contact with its changes; `bounced` are the times its address did not work. */
export type ContactHistory = { readonly contactId: ContactId; readonly known: Span; readonly facts: readonly Dated<ContactFacts>[]; readonly bounced: readonly Span[] };

/** An action that was really proposed, and what became of it. */
export type ActionHistory = {
  readonly actionId: ActionId; readonly run: bigint; readonly proposedOn: Day; readonly proposedAt: At; readonly purpose: Purpose; readonly channel: Channel; readonly currency: Currency; readonly step: number;
  readonly scenarioCode: string; readonly scenarioVersion: number; readonly anchorItemId: ItemId; readonly formalNotice: boolean; readonly needsApproval: boolean; readonly approvedOn: Day | null;
  /** Cancelled, failed or expired. */
  readonly endedAt: At | null;
  readonly accepted: { readonly on: Day; readonly at: At } | null;
  readonly unknown: boolean;
  readonly items: readonly { readonly itemId: ItemId; readonly step: number | null; readonly offset: number | null; readonly key: string | null }[];
};

/** Money in the bank, or announced by it, that was likely the customer's and that nobody had placed. */
export type BankHistory = { readonly currency: Currency; readonly amount: bigint; readonly bookedOn: Day; readonly announced: boolean; readonly known: Span };

/** Everything ever learnt of one customer account, dated: what the account looked like on any day follows from it. */
export type AccountHistory = {
  readonly customerId: CustomerId;
  readonly known: Span;
  readonly customer: readonly Dated<CustomerFacts>[];
  readonly inLegalCase: boolean;
  /** A person's choice. */
  readonly scenario: readonly Dated<string | null>[];
  /** A person's word first, then the rule's. */
  readonly segment: readonly Dated<Segment | null>[];
  readonly items: readonly ItemHistory[];
  readonly credits: readonly CreditHistory[];
  readonly holds: readonly HoldHistory[];
  readonly contacts: readonly ContactHistory[];
  readonly contactsMade: readonly { readonly channel: Channel; readonly on: Day; readonly known: Span }[];
  readonly actions: readonly ActionHistory[];
  readonly bank: readonly BankHistory[];
  /** Tests that a person's choice took the customer out of. */
  readonly leftHoldOuts: readonly { readonly holdOut: string; readonly at: At }[];
};

/** What held for the whole organisation at a moment. */
export type Ground = {
  readonly policy: PolicyFacts;
  /** The version in force of each scenario. */
  readonly scenarios: ReadonlyMap<string, ScenarioVersion>;
  readonly standardScenario: string;
  readonly assignment: Assignment;
  readonly holdOuts: readonly HoldOut[];
};

/** The value in force at a point in time; the first one before that. Throws on an empty list. */
export function valueAt<Value>(dated: readonly Dated<Value>[], at: At): Value {
  let found = dated[0];
  for (let index = 1; index < dated.length; index += 1) {
    const next = dated[index];
    if (next === undefined || next.at > at) break;
    found = next;
  }
  if (found === undefined) throw new Error('nothing dated');
  return found.value;
}

/** Whether something was known at a point in time. */
export const knownAt = (span: Span, at: At): boolean => span.from <= at && (span.until === null || at < span.until);

/** Minor units of an item that allocations had settled by a moment: those learnt by then, effective by its day. */
export function settledBy(allocations: readonly AllocationHistory[], { today, at }: Moment): bigint {
  let sum = 0n;
  for (const one of allocations) if (one.at <= at && one.on <= today) sum += one.amount;
  return sum;
}

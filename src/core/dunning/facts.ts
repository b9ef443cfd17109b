import type { Currency } from '../kernel/currency.ts';
import type { Day } from '../kernel/day.ts';
import type { ActionId, ContactId, CustomerId, HoldId, ItemId } from '../kernel/id.ts';
import type { Language } from '../kernel/text.ts';
import type { Place } from '../ledger/calendar.ts';
import type { Segment } from '../risk/segment.ts';
import type { ScenarioChoice } from './assignment.ts';
import type { ContactHours } from './contact-hours.ts';
import type { Arm } from './hold-out.ts';
import type { Channel, ContactRole, ScenarioVersion } from './scenario.ts';

/** Which law applies to a customer: between professionals, with a consumer, with a public body. */
export type CustomerKind = 'business' | 'consumer' | 'public';

/** The customer as dunning needs to know it. */
export type CustomerFacts = {
  readonly id: CustomerId;
  /** Its auxiliary account. */
  readonly code: string;
  readonly name: string;
  readonly kind: CustomerKind;
  readonly language: Language;
  readonly place: Place;
  /** A letter can be sent to the customer's own address when no contact has one. */
  readonly hasPostalAddress: boolean;
};

/** The last step whose action was accepted by its channel for an item, or waived by a named person. */
export type StepDone = {
  readonly number: number;
  /** Days after the due date that step stood for when it was done; where its key is not known no earlier or equal one is sent again. */
  readonly offsetDays: number;
  /** Its key in that scenario; absent for what was done before steps had one. */
  readonly key?: string;
  readonly doneOn: Day;
  readonly scenarioCode: string;
  readonly scenarioVersion: number;
};

/** An action that already stands for an item: nothing else is proposed until it ends. */
export type PendingAction = {
  readonly actionId: ActionId;
  readonly state: 'proposed' | 'approved' | 'claimed' | 'unknown';
  readonly step: number;
  /** How it is to reach the customer, and the business day it was proposed: it is that day's one action on that channel. Absent: not known, then it is no day's. */
  readonly channel?: Channel;
  readonly proposedOn?: Day;
};

/** One open debit item. */
export type ItemFacts = {
  readonly itemId: ItemId;
  readonly document: string;
  readonly kind: 'invoice' | 'depositInvoice' | 'debitNote' | 'openingDebit' | 'other';
  readonly currency: Currency;
  /** Minor units, as issued. */
  readonly amount: bigint;
  /** Minor units still open today. */
  readonly open: bigint;
  readonly issuedOn: Day;
  readonly dueOn: Day;
  /** The day the item entered the ledger here (its import), from which its age at entry is counted. */
  readonly firstSeenOn: Day;
  /** The source gave no item detail: the balance is exact, this item is a reconstruction. */
  readonly estimated: boolean;
  readonly lastStepDone: StepDone | null;
  readonly pendingAction: PendingAction | null;
  /** How many actions anchored on this item ended without being accepted (cancelled, failed, expired): the next one gets another key. */
  readonly round: number;
  /** Every step done to it, as `doneKey` names them; absent: only `lastStepDone` is known. */
  readonly doneKeys?: readonly string[];
  /** The most days after the due date that a step done to it stood for, under any scenario. */
  readonly furthestOffset?: number;
  /** The scenario a person chose for this item alone; absent: that of the account. */
  readonly scenario?: ScenarioVersion;
  /** Money settled it and nobody was thanked yet: it asks for nothing but thanks. `open` is then 0. */
  readonly settled?: Settled;
};

/** How an item was settled: the receipt that paid the last of it, and when. */
export type Settled = { readonly payment: string; readonly on: Day };

/** A copy that stands and waits to be handed over beside the message it is a copy of. */
export type StandingCopy = {
  readonly key: string;
  readonly channel: Channel;
  readonly contactId: ContactId | null;
  readonly role: ContactRole | null;
  readonly step: number;
  readonly items: readonly { readonly itemId: ItemId; readonly amount: bigint }[];
};

/**
 * A reason not to chase. Only holds that nobody ended, plans that were accepted, and promises that were not kept are given. A promise or a
 * plan whose `until` and grace have passed is therefore a broken one, however much of it came in: it covers nothing more.
 */
export type HoldFacts = {
  readonly holdId: HoldId;
  readonly kind: 'dispute' | 'promise' | 'plan' | 'pause' | 'insolvency';
  /** Null when it covers the whole account, or the items of `items`. */
  readonly itemId: ItemId | null;
  /** The items a promise or a plan covers, and no others; null when `itemId` says it. */
  readonly items: ReadonlySet<ItemId> | null;
  /** Disputes of one item: the part disputed, in minor units; null is all of it. Promises: the amount promised, for the record. */
  readonly amount: bigint | null;
  readonly from: Day;
  /** Last day it holds: promised day, due day of the plan's earliest unpaid instalment, end of the pause. Null: until somebody ends it. */
  readonly until: Day | null;
  /** Working days of the customer's place left after `until` for the money to arrive (promises and plans). */
  readonly graceDays: number;
  /** A dispute that was accepted: its credit note is to come. */
  readonly creditNoteExpected: boolean;
};

/** Money on its way: a portal payment started, a direct debit presented, a pending bank entry. It suspends until its last day, included. */
export type PendingPayment = {
  readonly kind: 'portal' | 'directDebit' | 'bank';
  /** Null when it is for the account. */
  readonly itemId: ItemId | null;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly until: Day;
};

/** A person or mailbox of the customer, and how it can be reached. */
export type ContactFacts = {
  readonly contactId: ContactId;
  readonly roles: readonly ContactRole[];
  readonly email: string | null;
  readonly phone: string | null;
  readonly hasPostalAddress: boolean;
  /** Channels the contact refused (opt-out). */
  readonly refusedChannels: readonly Channel[];
  /** Channels whose address failed for good (hard bounce, letter returned). */
  readonly bouncedChannels: readonly Channel[];
};

/** A contact already made with the customer, whoever made it. */
export type ContactMade = {
  readonly channel: Channel;
  readonly on: Day;
  /** The currency of the dunning action it was; null for anything else (a call by hand, a thank-you). */
  readonly currency: Currency | null;
};

/** Credits not allocated yet (receipts, credit notes) in one currency. */
export type CreditFacts = { readonly currency: Currency; readonly amount: bigint };

/** One customer account as of today: everything a decision is taken on. */
export type AccountFacts = {
  readonly customer: CustomerFacts;
  readonly scenario: ScenarioVersion;
  readonly items: readonly ItemFacts[];
  readonly credits: readonly CreditFacts[];
  readonly pendingPayments: readonly PendingPayment[];
  readonly holds: readonly HoldFacts[];
  readonly contacts: readonly ContactFacts[];
  readonly inLegalCase: boolean;
  /** Contacts of at least the cap's window, today included; order is free. */
  readonly recentContacts: readonly ContactMade[];
  /** How the customer pays, a person's word first; absent or null: not known. */
  readonly segment?: Segment | null;
  /** What chose the scenario; told with every decision. */
  readonly chosen?: ScenarioChoice;
  /** The customer is in a test of its scenario; `scenario` is then that of its arm. */
  readonly arm?: Arm;
  /** The number of that test. */
  readonly holdOut?: string;
  /** Copies to be looked at again before they are handed over; a run has none. */
  readonly copies?: readonly StandingCopy[];
};

/** Age of a source against its limit, in working days; null when it was never imported. */
export type Freshness = { readonly ageDays: number | null; readonly limitDays: number };

/** What holds for the whole organisation today. */
export type PolicyFacts = {
  readonly today: Day;
  readonly ledger: Freshness;
  /** Null when the organisation follows no bank account here. */
  readonly bank: Freshness | null;
  /** Days the organisation itself sends nothing, beside weekends and public holidays of the customer's place. */
  readonly closedDays: readonly Day[];
  /** At most `contacts` contacts with a customer in any `windowDays` days; null for no cap. */
  readonly contactCap: { readonly contacts: number; readonly windowDays: number } | null;
  /** A person stopped all dunning. */
  readonly globalStop: boolean;
  /** When in the day a customer may be contacted; absent: the hours of the product. */
  readonly contactHours?: ContactHours;
};

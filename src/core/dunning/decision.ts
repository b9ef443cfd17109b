import type { Currency } from '../kernel/currency.ts';
import type { Day } from '../kernel/day.ts';
import type { ContactId, CustomerId, ItemId } from '../kernel/id.ts';
import type { Approval, Channel, ContactRole, StepKind, Tone } from './scenario.ts';

/** Why an item waits, in the order of the checks: the first that applies wins. */
export const WAIT_REASONS = [
  'paid', 'notDue', 'insolvent', 'legal', 'paused', 'disputed', 'planned', 'promised', 'paymentPending', 'creditCovers', 'belowMinimum',
  'stepDone', 'noContact', 'channelRefused', 'capReached', 'closedDay', 'ledgerStale', 'awaitingApproval',
] as const;
/** One reason to wait. */
export type WaitReason = (typeof WAIT_REASONS)[number];
/** The reason of a decision; `stepDue` is that of a decision to chase, `thankYou` of one to thank for a payment. */
export type Reason = WaitReason | 'stepDue' | 'thankYou';

/** The facts behind a decision: JSON-safe; amounts are decimal texts, days "YYYY-MM-DD". */
export type DecisionFacts = { readonly [name: string]: string | number | boolean };

/** What is decided for one open debit item in one run. */
export type Decision = {
  readonly customerId: CustomerId;
  readonly itemId: ItemId;
  readonly document: string;
  readonly do: 'act' | 'wait';
  readonly reason: Reason;
  /** The step done, or waited for; null when no step is in question. */
  readonly step: number | null;
  /** The first day this wait can end by itself, when known. */
  readonly until: Day | null;
  /** Key of the action that carries it out; null when the item waits. */
  readonly actionKey: string | null;
  readonly facts: DecisionFacts;
};

/** An item as an action cites it. */
export type ListedItem = {
  readonly itemId: ItemId;
  readonly document: string;
  /** Minor units asked for: what is open less its disputed part. */
  readonly amount: bigint;
  readonly dueOn: Day;
  /** Days after the due date; negative before it. */
  readonly daysLate: number;
  /** The step this item will have done once the action is accepted; null when it is only listed (its own next step is not due yet). */
  readonly creditedStep: number | null;
  /** Its key, and the days after the due date it stands for. */
  readonly creditedKey: string | null;
  readonly creditedOffset: number | null;
};

/** What an action is for: a step, a copy of a step's message to somebody else of the customer, or thanks. */
export type Purpose = 'dunning' | 'copy' | 'thankYou';

/** What a decision asks for. The same facts give the same key however often they are decided on. */
export type ProposedAction = {
  /** customer/currency/scenario/step/channel/anchor item.round/role, and the item for scope `item`. */
  readonly key: string;
  readonly customerId: CustomerId;
  readonly scenarioCode: string;
  readonly scenarioVersion: number;
  readonly purpose: Purpose;
  /** Key of the action it is a copy of. */
  readonly copyOf: string | null;
  readonly kind: StepKind;
  readonly channel: Channel;
  /** Null when a letter goes to the customer's own address. */
  readonly contactId: ContactId | null;
  readonly role: ContactRole | null;
  /** 0 for thanks. */
  readonly step: number;
  /** Days after the due date that the step stands for. */
  readonly offsetDays: number;
  readonly template: string;
  readonly tone: Tone;
  /** A promise or a plan was broken since the last step: the text says so. */
  readonly firmer: boolean;
  /** The item whose step it is. */
  readonly anchorItemId: ItemId;
  readonly items: readonly ListedItem[];
  readonly currency: Currency;
  /** Minor units: the sum of the listed amounts. */
  readonly total: bigint;
  /** Credits of the customer in this currency that are not allocated: shown apart, not deducted. */
  readonly unallocatedCredits: bigint;
  readonly needsApproval: boolean;
  /** How many different persons. */
  readonly approval: Approval;
  readonly formalNotice: boolean;
  /** False for a consumer: neither interest between professionals nor the fixed indemnity may be claimed (law-fr.md IND-04). */
  readonly chargesAllowed: boolean;
};

/** Everything decided for one account: one decision for each open debit item, and the actions they ask for. */
export type AccountDecisions = { readonly decisions: readonly Decision[]; readonly actions: readonly ProposedAction[] };

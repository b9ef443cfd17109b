import type { CustomerKind } from '#core/dunning/facts.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, ItemId } from '#core/kernel/id.ts';
import type { Place } from '#core/ledger/calendar.ts';
import type { SendLedger } from '#server/channels/send-ledger.ts';
import type { TrueHold } from './truth.ts';

/** A debtor as its ledger is told of it. */
export type NewDebtor = { readonly code: string; readonly kind: CustomerKind; readonly place: Place; readonly email: string | null; readonly hasAddress: boolean };
/** A debit as the ledger is told of it. */
export type NewItem = { readonly customer: string; readonly document: string; readonly currency: Currency; readonly amount: bigint; readonly issuedOn: Day; readonly dueOn: Day };
/** Money or a credit note as the ledger is told of it. */
export type NewCredit = { readonly customer: string; readonly document: string; readonly currency: Currency; readonly amount: bigint; readonly on: Day; readonly by: 'receipt' | 'creditNote' };
/** A credit set against a debit. */
export type NewAllocation = { readonly handle: string; readonly customer: string; readonly debit: string; readonly credit: string; readonly amount: bigint; readonly on: Day };

/** Settings a person may change. */
export type Settings = { readonly globalStop: boolean; readonly contactCap: { readonly contacts: number; readonly windowDays: number } | null; readonly closedDays: readonly Day[]; readonly approveEverything: boolean };

/** An action as people see it in a list. */
export type SeenAction = { readonly id: ActionId; readonly customer: string; readonly state: string; readonly reason: string | null; readonly approvedOn: Day | null;
  /** Hash of the message it stands for, when the send journal told of it; null: nothing did. */
  readonly journalled: string | null; readonly items: readonly { readonly document: string; readonly step: number | null; readonly offset: number | null; readonly scenario: string }[] };

/**
 * The ledger of one tenant: what the world tells it, what people do with it, and what sending asks of it. In memory for tens of thousands of
 * seeds, on PostgreSQL through the use cases of the product for some of them: both must come to the same state.
 */
export type Books = {
  /** Its send ledger as a process uses it. */
  ledger(process: string): SendLedger;
  documentOf(item: ItemId): string;
  /** The words of a message as its debtor reads them; null where they cannot be read here (pages). */
  wordsOf(bytes: Buffer): Promise<string | null>;
  addDebtor(debtor: NewDebtor): Promise<void>;
  addItem(item: NewItem): Promise<void>;
  addCredit(credit: NewCredit): Promise<void>;
  allocate(allocation: NewAllocation): Promise<void>;
  takeBack(handle: string, on: Day): Promise<void>;
  addHold(customer: string, hold: TrueHold): Promise<void>;
  endHold(handle: string, on: Day): Promise<void>;
  setEmail(customer: string, email: string | null): Promise<void>;
  refuse(customer: string): Promise<void>;
  setScenario(customer: string, code: string | null): Promise<void>;
  setSettings(settings: Settings): Promise<void>;
  imported(on: Day): Promise<void>;
  noteCall(customer: string, on: Day): Promise<void>;
  /** A delivery report that the mailbox of an action's message is dead. */
  bounce(action: ActionId): Promise<void>;
  /** The day's run; gives how many actions it proposed. `everybody`: also those whose decisions cannot have changed since the last run. */
  plan(today: Day, everybody: boolean): Promise<number>;
  approveAll(): Promise<void>;
  cancel(action: ActionId): Promise<void>;
  resolve(action: ActionId, arrived: boolean): Promise<boolean>;
  actions(): Promise<readonly SeenAction[]>;
  /** Some of them; those that are none are left out. */
  actionsOf(ids: readonly string[]): Promise<readonly SeenAction[]>;
  /** Those that nobody knows the end of. */
  parked(): Promise<readonly string[]>;
  /** Those that wait for a person's approval. */
  proposed(): Promise<readonly string[]>;
  /** Whether sending would find anything: actions that are approved or in some worker's hands. */
  hasWork(): Promise<boolean>;
  /** The state of the tenant's ledger, the same on every kind of books. */
  stateLines(): Promise<string[]>;
};

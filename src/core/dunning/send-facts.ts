import type { Currency } from '../kernel/currency.ts';
import type { Day } from '../kernel/day.ts';
import type { Instant } from '../kernel/clock.ts';
import type { Channel, Tone } from './scenario.ts';

/** An item as a message listed it, named so that another database can find it. Amounts are minor units. */
export type SentItem = {
  readonly naturalKey: string; readonly amount: bigint; readonly dueOn: Day;
  readonly creditedStep: number | null; readonly creditedKey: string | null; readonly creditedOffset: number | null;
};

/**
 * All that is needed to recognise a message that left, in a database whose rows may have other numbers. No address, name or free text: people
 * are named by the customer's code and hashes.
 */
export type SendFacts = {
  readonly organisation: string;
  /** Number and fence in the database that sent it. */
  readonly action: string; readonly fence: number; readonly actionKey: string;
  readonly customer: string; readonly channel: Channel; readonly role: string | null; readonly purpose: 'dunning' | 'copy' | 'thankYou';
  readonly scenario: string; readonly scenarioVersion: number; readonly step: number; readonly stepKey: string | null; readonly offsetDays: number;
  readonly template: string; readonly tone: Tone; readonly formalNotice: boolean; readonly chargesAllowed: boolean;
  readonly currency: Currency; readonly total: bigint;
  /** Natural key of the item whose step it was, and, of thanks, of the payment. */
  readonly anchor: string; readonly payment: string | null;
  readonly items: readonly SentItem[];
  readonly messageId: string; readonly sha256: string;
  /** Of the installation's id and the address in lower case; null for what is printed. */
  readonly recipientSha256: string | null;
  readonly day: Day; readonly at: Instant; readonly test: boolean;
};

/** The same as JSON holds it: amounts as texts. */
export type WrittenSend = Omit<SendFacts, 'total' | 'items'> & { readonly total: string; readonly items: readonly (Omit<SentItem, 'amount'> & { readonly amount: string })[] };

/** Reads a send that was written as JSON. */
export const sendRead = (send: WrittenSend): SendFacts => ({ ...send, total: BigInt(send.total), items: send.items.map((item) => ({ ...item, amount: BigInt(item.amount) })) });

/** A send as JSON. */
export const sendWritten = (send: SendFacts): WrittenSend => ({ ...send, total: send.total.toString(), items: send.items.map((item) => ({ ...item, amount: item.amount.toString() })) });

/** Where the parts that are ids stand in the key of a reminder, `customer/currency/scenario/step/channel/item.round/role`, for one item `/item` after it. */
const CYCLE = 5;
const ITEM = 7;
/** And in the key of thanks, `customer/currency/thanks/payment/channel`. */
const PAYMENT = 3;

/** Ids of the rows that a key names, in this database. */
export type KeyIds = { readonly customer: string; readonly anchor: string; readonly payment: string | null };

/**
 * The key that the same intent has in a database whose rows have these ids, so that it meets an action of its own that was not sent yet. The contact of a copy keeps its
 * number: a copy is only ever proposed with its message.
 */
export function keyHere({ actionKey, purpose }: Pick<SendFacts, 'actionKey' | 'purpose'>, ids: KeyIds): string {
  const parts = actionKey.split('/');
  parts[0] = ids.customer;
  if (purpose === 'thankYou') {
    if (ids.payment !== null) parts[PAYMENT] = ids.payment;
    return parts.join('/');
  }
  const round = (parts[CYCLE] ?? '').split('.')[1] ?? '0';
  parts[CYCLE] = `${ids.anchor}.${round}`;
  if (parts[ITEM] !== undefined && parts[ITEM] !== 'copy') parts[ITEM] = ids.anchor;
  return parts.join('/');
}

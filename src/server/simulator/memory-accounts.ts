import { accountAt, contactsSince } from '#core/dunning/account-then.ts';
import { credit, entryOf } from '#core/dunning/done-so-far.ts';
import type { DoneSoFar } from '#core/dunning/done-so-far.ts';
import type { AccountFacts, ContactFacts } from '#core/dunning/facts.ts';
import { ALWAYS } from '#core/dunning/history.ts';
import type { AccountHistory, AllocationHistory, ContactHistory, CreditHistory, Dated, Ground, HoldHistory, ItemHistory } from '#core/dunning/history.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseId } from '#core/kernel/id.ts';
import type { ContactId, CustomerId, Id, ItemId } from '#core/kernel/id.ts';
import type { NewAllocation, NewCredit, NewDebtor, NewItem } from './books.ts';
import type { ActionRow } from './memory-actions.ts';
import type { TrueHold } from './truth.ts';
import { GRACE } from './truth.ts';

type Open<T> = { -readonly [Key in keyof T]: T[Key] };
type MutableContact = Open<ContactHistory>;

/** An account as the memory ledger keeps it: what the database would hold, written in the same way. */
export type Account = {
  readonly history: AccountHistory; readonly items: ItemHistory[]; readonly credits: CreditHistory[]; readonly holds: Open<HoldHistory>[]; readonly contact: MutableContact;
  readonly scenario: Dated<string | null>[]; readonly calls: Open<AccountHistory['contactsMade'][number]>[];
  /** What the last run decided on stays so until then, or until something changes. */
  quietUntil: number;
};

const id = <Kind extends string>(count: number): Id<Kind> => {
  const made = parseId<Kind>(String(count));
  if (made === null) throw new Error(`not an id: ${count}`);
  return made;
};

const PENDING = new Set(['proposed', 'approved', 'claimed', 'unknown']);
const ACCEPTED = new Set(['sent', 'delivered', 'bounced', 'replied']);

/** All that the tables of accounts hold. */
export type AccountTables = {
  readonly byCode: Map<string, Account>; readonly byId: Map<string, Account>; readonly documents: Map<ItemId, string>; readonly items: Map<string, { item: ItemHistory; account: Account }>;
  readonly credits: Map<string, CreditHistory>; readonly allocations: Map<string, { debit: AllocationHistory[]; credit: AllocationHistory[]; made: AllocationHistory; account: Account }>;
  readonly dead: Set<string>; readonly numbers: { next: number };
};

const emptyAccounts = (): AccountTables => ({ byCode: new Map(), byId: new Map(), documents: new Map(), items: new Map(), credits: new Map(), allocations: new Map(), dead: new Set(), numbers: { next: 1 } });

/** The accounts of one tenant in memory. */
export class MemoryAccounts {
  readonly tables: AccountTables;
  readonly byCode: AccountTables['byCode'];
  readonly byId: AccountTables['byId'];
  readonly documents: AccountTables['documents'];
  readonly #items: AccountTables['items'];
  readonly #credits: AccountTables['credits'];
  readonly #allocations: AccountTables['allocations'];
  readonly #dead: Set<string>;

  constructor(tables: AccountTables = emptyAccounts()) {
    this.tables = tables;
    ({ byCode: this.byCode, byId: this.byId, documents: this.documents, items: this.#items, credits: this.#credits, allocations: this.#allocations, dead: this.#dead } = tables);
  }

  #number<Kind extends string>(): Id<Kind> {
    this.tables.numbers.next += 1;
    return id<Kind>(this.tables.numbers.next);
  }

  /** The item of a document; null: it is not here. */
  itemOf(document: string): ItemHistory | null {
    return this.#items.get(document)?.item ?? null;
  }

  add(debtor: NewDebtor): void {
    const customerId = this.#number<'customer'>();
    const facts: ContactFacts = { contactId: this.#number<'contact'>(), roles: ['accountsPayable'], email: debtor.email, phone: null, hasPostalAddress: false, refusedChannels: [], bouncedChannels: [] };
    const contact: MutableContact = { contactId: facts.contactId, known: { from: ALWAYS, until: null }, facts: [{ at: ALWAYS, value: facts }], bounced: [] };
    const customer = { id: customerId, code: debtor.code, name: debtor.code, kind: debtor.kind, language: 'fr' as const, place: debtor.place, hasPostalAddress: debtor.hasAddress };
    const parts = { items: [] as ItemHistory[], credits: [] as CreditHistory[], holds: [] as Open<HoldHistory>[], scenario: [{ at: ALWAYS, value: null }] as Dated<string | null>[], calls: [] as Account['calls'] };
    const history: AccountHistory = {
      customerId, known: { from: ALWAYS, until: null }, customer: [{ at: ALWAYS, value: customer }], inLegalCase: false, scenario: parts.scenario, segment: [{ at: ALWAYS, value: null }],
      items: parts.items, credits: parts.credits, holds: parts.holds, contacts: [contact], contactsMade: parts.calls, actions: [], bank: [], leftHoldOuts: [],
    };
    const account: Account = { ...parts, history, contact, quietUntil: 0 };
    this.byCode.set(debtor.code, account);
    this.byId.set(customerId, account);
  }

  of(code: string): Account {
    const account = this.byCode.get(code);
    if (account === undefined) throw new Error(`no debtor ${code}`);
    account.quietUntil = 0;
    return account;
  }

  addItem(one: NewItem): void {
    const account = this.of(one.customer);
    const item: ItemHistory = {
      itemId: this.#number<'item'>(), document: one.document, kind: 'invoice', currency: one.currency, amount: one.amount, issuedOn: one.issuedOn, firstSeenOn: one.issuedOn, estimated: false,
      known: { from: ALWAYS, until: null }, dueOn: [{ at: ALWAYS, value: one.dueOn }], scenario: [{ at: ALWAYS, value: null }], allocations: [],
    };
    account.items.push(item);
    this.#items.set(one.document, { item, account });
    this.documents.set(item.itemId, one.document);
  }

  addCredit(one: NewCredit): void {
    const credit: CreditHistory = { itemId: this.#number<'item'>(), currency: one.currency, amount: one.amount, issuedOn: one.on, known: { from: ALWAYS, until: null }, allocations: [] };
    this.of(one.customer).credits.push(credit);
    this.#credits.set(one.document, credit);
  }

  allocate(one: NewAllocation, by: AllocationHistory['by']): void {
    const { item, account } = this.#item(one.debit);
    const credit = this.#credits.get(one.credit);
    if (credit === undefined) throw new Error(`no credit ${one.credit}`);
    const made: AllocationHistory = { id: BigInt(this.#number()), credit: credit.itemId, by, amount: one.amount, on: one.on, at: ALWAYS, reverses: null };
    const [debits, credits] = [item.allocations as AllocationHistory[], credit.allocations as AllocationHistory[]];
    debits.push(made);
    credits.push(made);
    account.quietUntil = 0;
    this.#allocations.set(one.handle, { debit: debits, credit: credits, made, account });
  }

  takeBack(handle: string, on: Day): void {
    const found = this.#allocations.get(handle);
    if (found === undefined) throw new Error(`no allocation ${handle}`);
    const back: AllocationHistory = { ...found.made, id: BigInt(this.#number()), amount: -found.made.amount, on, reverses: found.made.id };
    found.debit.push(back);
    found.credit.push(back);
    found.account.quietUntil = 0;
  }

  #item(document: string): { item: ItemHistory; account: Account } {
    const found = this.#items.get(document);
    if (found === undefined) throw new Error(`no item ${document}`);
    return found;
  }

  addHold(customer: string, hold: TrueHold): Open<HoldHistory> {
    const account = this.of(customer);
    const items = hold.documents?.map((document) => this.#item(document).item) ?? null;
    const commitment = hold.kind === 'promise' || hold.kind === 'plan';
    const made: Open<HoldHistory> = {
      holdId: this.#number<'hold'>(), kind: hold.kind, itemId: hold.kind === 'dispute' ? (items?.[0]?.itemId ?? null) : null, from: hold.from, until: hold.kind === 'plan' ? null : hold.until,
      graceDays: commitment ? GRACE : 0, madeAt: ALWAYS, currency: items?.[0]?.currency ?? null, amount: [{ at: ALWAYS, value: hold.kind === 'promise' ? hold.openThen : hold.amount }],
      covered: commitment && items !== null ? items.map((item) => ({ item: item.itemId, open: openOf(item), carriedFrom: null })) : null,
      instalments: hold.instalments, accepted: hold.kind === 'plan' ? { at: ALWAYS, value: hold.from } : null, outcome: [{ at: ALWAYS, value: null }], ended: [{ at: ALWAYS, value: null }],
    };
    account.holds.push(made);
    return made;
  }

  setEmail(customer: string, email: string | null): void {
    this.#change(customer, (before) => ({ ...before, email }));
  }

  refuse(customer: string): void {
    this.#change(customer, (before) => ({ ...before, refusedChannels: ['email'] }));
  }

  /** A mailbox that is dead is so on whoever's contact it is written. */
  bury(address: string): void {
    this.#dead.add(address);
    for (const account of this.byCode.values()) {
      account.quietUntil = 0;
      this.#mark(account.contact);
    }
  }

  #change(customer: string, to: (before: ContactFacts) => ContactFacts): void {
    const { contact } = this.of(customer);
    const before = contact.facts.at(-1)?.value;
    if (before !== undefined) contact.facts = [{ at: ALWAYS, value: to(before) }];
    this.#mark(contact);
  }

  #mark(contact: MutableContact): void {
    const email = contact.facts.at(-1)?.value.email ?? null;
    contact.bounced = email !== null && this.#dead.has(email) ? [{ from: ALWAYS, until: null }] : [];
  }

  /** An account as the engine sees it; null when it owes nothing. */
  facts(account: Account, of: { ground: Ground; rows: readonly ActionRow[] }): AccountFacts | null {
    const { today, contactCap } = of.ground.policy;
    const done = doneBy(of.rows, { today, since: contactsSince(today, contactCap?.windowDays ?? 0) });
    for (const call of account.calls) if (call.on <= today) done.contacts.push({ channel: call.channel, on: call.on, currency: null });
    return accountAt(account.history, of.ground, { moment: { today, at: Number.POSITIVE_INFINITY }, done });
  }

  contactIdOf(customer: CustomerId): ContactId | null {
    return this.byId.get(customer)?.contact.contactId ?? null;
  }
}

/** What is open of an item by all that was ever set against it. */
const openOf = (item: ItemHistory): bigint => item.allocations.reduce((left, { amount }) => left - amount, item.amount);

/** What the actions of a customer have done to its items by a day, read from their rows as the loader of facts reads them. */
function doneBy(rows: readonly ActionRow[], { today, since }: { today: Day; since: Day }): DoneSoFar {
  const done: DoneSoFar = { items: new Map(), contacts: [], thanked: new Set(), thanksStanding: new Map() };
  for (const row of rows) {
    if (row.sentOn !== null && row.sentOn >= since && row.sentOn <= today) done.contacts.push({ channel: row.channel, on: row.sentOn, currency: row.currency });
    if (row.today > today) continue;
    for (const item of row.items) {
      const entry = entryOf(done, item.itemId);
      if (PENDING.has(row.state)) entry.pending = { actionId: row.id, state: row.state as 'proposed', step: row.step, channel: row.channel, proposedOn: row.today };
      else if (row.sentOn !== null && row.sentOn > today) entry.pending = { actionId: row.id, state: 'approved', step: row.step, channel: row.channel, proposedOn: row.today };
      else if (!ACCEPTED.has(row.state)) entry.round += row.anchorItemId === item.itemId ? 1 : 0;
      else if (item.creditedStep !== null && item.creditedOffset !== null && row.sentOn !== null) {
        credit(entry, { number: item.creditedStep, offsetDays: item.creditedOffset, doneOn: row.sentOn, scenarioCode: row.scenarioCode, scenarioVersion: row.scenarioVersion, ...(item.creditedKey === null ? {} : { key: item.creditedKey }) });
      }
    }
  }
  return done;
}

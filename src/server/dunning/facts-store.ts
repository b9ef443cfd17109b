import type {
  AccountFacts, ContactFacts, ContactMade, CreditFacts, CustomerKind, HoldFacts, ItemFacts, PendingAction, StepDone,
} from '#core/dunning/facts.ts';
import { chooseScenario } from '#core/dunning/assignment.ts';
import type { Assignment } from '#core/dunning/assignment.ts';
import { underTest } from '#core/dunning/hold-out.ts';
import type { Channel, ContactRole } from '#core/dunning/scenario.ts';
import { announcedDays } from '#core/matching/money-announced.ts';
import { doneKey } from '#core/dunning/steps.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, ContactId, CustomerId, ItemId } from '#core/kernel/id.ts';
import type { Language } from '#core/kernel/text.ts';
import type { Segment } from '#core/risk/segment.ts';
import { loadInForce, suspendsUntil } from '#server/holds/standings.ts';
import { itemsAsOf } from '#server/ledger/store.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';
import { readAssignment } from './assignment-store.ts';
import { grouped } from './history-rows.ts';
import { leftKey, readRunningTests } from './hold-outs.ts';
import type { RunningTests } from './hold-outs.ts';
import type { StoredScenario } from './scenario-store.ts';
import { loadSettled, paidLately, settledItem } from './settled-items.ts';
import { loadCopies } from './standing-copies.ts';

/** Customers whose facts are in memory at once; a run over any number of them needs no more. */
const BATCH_CUSTOMERS = 2000;
/** Customers of the first batch: nothing is known yet of how many items each has. */
const FIRST_BATCH_CUSTOMERS = 50;
/** Open items whose facts, decisions and texts are in memory at once, about 40 MB; the number of customers of a batch follows from it. */
const BATCH_ITEMS = 4000;

/** What the loader needs to know beside the tables. */
export type LoadOptions = {
  readonly today: Day;
  readonly scenarios: ReadonlyMap<string, Pick<StoredScenario, 'scenario'>>;
  readonly standardScenario: string;
  /** Days of past contacts that the contact cap looks at. */
  readonly contactWindowDays: number;
  /** Only these customers; their approved copies are then told too, for the hand-off. */
  readonly customerIds?: readonly CustomerId[];
};

type CustomerRow = {
  customer_id: CustomerId; code: string; name: string; kind: CustomerKind; language: Language; country: string; postal_code: string | null;
  has_address: boolean; scenario_code: string | null; in_legal_case: boolean; segment: Segment | null;
};

/** Accounts with a debit item open on the day (on a past day: also those settled since), of all customers or of those asked for, batch by batch in the order of their ids; facts are those of the transaction's snapshot. */
export async function* loadAccounts(t: Tenant, options: LoadOptions): AsyncGenerator<AccountFacts[]> {
  const ids = options.customerIds ?? (await customersOwing(t, options));
  const assignment = await readAssignment(t);
  const running = await readRunningTests(t);
  let batch = options.customerIds === undefined ? FIRST_BATCH_CUSTOMERS : BATCH_CUSTOMERS;
  for (let at = 0; at < ids.length; ) {
    const part = ids.slice(at, at + batch);
    at += part.length;
    const customers = await t.rows<CustomerRow>(t.sql`
      select c.customer_id, c.code, c.name, c.kind, c.language, c.country, c.postal_code, c.scenario_code, c.in_legal_case,
        coalesce(c.segment_override, c.segment) as segment, cardinality(c.address) > 0 and c.postal_code is not null and c.city is not null as has_address
      from ${t.from('customer')} c where c.voided_at is null and c.customer_id = any(${part}::bigint[]) order by c.customer_id`);
    const loaded = await loadBatch(t, customers, { options, assignment, running });
    const accounts = options.customerIds === undefined ? loaded : loaded.filter(({ items }) => items.length > 0);
    yield accounts;
    const items = accounts.reduce((sum, account) => sum + account.items.length, 1);
    batch = Math.min(Math.max(Math.round((part.length * BATCH_ITEMS) / items), 1), BATCH_CUSTOMERS);
  }
}

/**
 * The customers that owe something, in the order of their ids, asked for once: what they are found by looks at the whole ledger, and asked again for
 * every batch it made a run of a million items quadratic.
 */
async function customersOwing(t: Tenant, options: LoadOptions): Promise<CustomerId[]> {
  const since = await settledSince(t, options.today);
  const thanks = thanking(options) ? t.sql`union select c.customer_id from ${t.from('customer')} c where ${paidLately(t, options.today)}` : t.sql``;
  const rows = await t.rows<{ customer_id: CustomerId }>(t.sql`
    select n.customer_id from (
      select i.customer_id from ${t.from('item')} i where i.side = 'debit' and i.allocated < i.amount and i.voided_at is null
      ${since} ${thanks}
    ) n group by n.customer_id order by n.customer_id`);
  return rows.map((row) => row.customer_id);
}

/** Also the customers with something allocated after the day; nothing is asked for when there is none, which is every run but one for a past day. */
async function settledSince(t: Tenant, today: Day): Promise<SqlPiece> {
  const later = await t.one(t.sql`select 1 as found from ${t.from('allocation')} l where l.effective_on > ${today}::date limit 1`);
  if (later === null) return t.sql``;
  return t.sql`union select d.customer_id from ${t.from('allocation')} l join ${t.from('item')} d on d.item_id = l.debit_item_id where l.effective_on > ${today}::date`;
}

/** Whether a scenario thanks for payments; nothing is asked for when none does. */
const thanking = ({ scenarios }: LoadOptions): boolean => [...scenarios.values()].some(({ scenario }) => (scenario.thankYou ?? null) !== null);

type Loading = { readonly options: LoadOptions; readonly assignment: Assignment; readonly running: RunningTests };

async function loadBatch(t: Tenant, customers: readonly CustomerRow[], loading: Loading): Promise<AccountFacts[]> {
  const { options } = loading;
  const ids = customers.map((row) => row.customer_id);
  const within = (alias: string): SqlPiece => t.sql`${columnOf(t, alias)} = any(${ids}::bigint[])`;
  const actions = await loadActions(t, within, options.today);
  const items = await loadItems(t, { within, ids, options, actions });
  const copies = options.customerIds === undefined ? null : await loadCopies(t, ids);
  const [holds, contacts, recent] = [
    await loadHolds(t, within('h'), options.today), await loadContacts(t, within),
    await loadRecent(t, within, { since: addDays(options.today, -options.contactWindowDays), today: options.today }),
  ];
  const pending = await loadPending(t, ids, options.today);
  return customers.map((row) => ({
    customer: {
      id: row.customer_id, code: row.code, name: row.name, kind: row.kind, language: row.language,
      place: { country: row.country, postalCode: row.postal_code }, hasPostalAddress: row.has_address,
    },
    ...scenarioFor(row, items.debits.get(row.customer_id) ?? [], loading),
    items: items.debits.get(row.customer_id) ?? [],
    segment: row.segment,
    ...(copies?.has(row.customer_id) === true ? { copies: copies.get(row.customer_id) ?? [] } : {}),
    credits: items.credits.get(row.customer_id) ?? [],
    pendingPayments: pending.get(row.customer_id) ?? [],
    holds: holds.get(row.customer_id) ?? [],
    contacts: contacts.get(row.customer_id) ?? [],
    inLegalCase: row.in_legal_case,
    recentContacts: recent.get(row.customer_id) ?? [],
  }));
}

/** The scenario of an account, and what chose it. */
function scenarioFor(row: CustomerRow, items: readonly ItemFacts[], { options, assignment, running }: Loading): Pick<AccountFacts, 'scenario' | 'chosen' | 'arm' | 'holdOut'> {
  const openTotal = (currency: Currency): bigint => items.reduce((sum, item) => (item.currency === currency ? sum + item.open : sum), 0n);
  const { code, choice } = chooseScenario(assignment, { segment: row.segment, kind: row.kind, language: row.language, country: row.country, account: row.code, openTotal }, {
    chosen: row.scenario_code, standard: options.standardScenario,
  });
  const tested = underTest(running.tests, scenarioOf(options, code), {
    customer: row.customer_id, chosenByPerson: choice.by === 'customer', left: (test) => running.left.has(leftKey(test, row.customer_id)),
  });
  return { scenario: tested.scenario, chosen: choice, ...(tested.arm === null || tested.holdOut === null ? {} : { arm: tested.arm, holdOut: tested.holdOut }) };
}

/** Money in the bank that is likely theirs and that nobody has placed yet, and what the bank announces for these days: asked again at every run, so until today. */
async function loadPending(t: Tenant, ids: readonly string[], today: Day): Promise<Map<string, AccountFacts['pendingPayments'][number][]>> {
  const announced = announcedDays(today);
  const rows = await t.rows<{ customer: string; currency: Currency; amount: string }>(t.sql`
    select l.likely_customer_id as customer, l.currency, sum(l.amount)::text as amount from ${t.from('bank_line')} l
    where l.likely_customer_id = any(${ids}::bigint[]) and l.item_id is null and l.dismissed_at is null and l.voided_at is null
      and (l.status = 'booked' and l.booked_on <= ${today}::date or l.status = 'pending' and l.booked_on between ${announced.from}::date and ${announced.until}::date)
    group by l.likely_customer_id, l.currency order by l.likely_customer_id, l.currency`);
  return grouped(rows, (row) => row.customer, (row) => ({ kind: 'bank', itemId: null, currency: row.currency, amount: BigInt(row.amount), until: today }));
}

const COLUMNS = ['i', 'a', 'h', 'k'] as const;

/** `alias.customer_id` as a piece; the alias is one of this file's own. */
function columnOf(t: Tenant, alias: string): SqlPiece {
  switch (COLUMNS.find((known) => known === alias)) {
    case 'i': return t.sql`i.customer_id`;
    case 'a': return t.sql`a.customer_id`;
    case 'h': return t.sql`h.customer_id`;
    case 'k': return t.sql`k.customer_id`;
    case undefined: throw new Error(`unknown alias ${alias}`);
  }
}

function scenarioOf(options: LoadOptions, code: string): AccountFacts['scenario'] {
  const stored = options.scenarios.get(code);
  if (stored === undefined) throw new Error(`unknown scenario ${code}`);
  return stored.scenario;
}

type ActionFacts = { done: StepDone | null; doneKeys: string[]; furthest: number | null; pending: PendingAction | null; round: number };

const NOTHING_DONE: Readonly<ActionFacts> = { done: null, doneKeys: [], furthest: null, pending: null, round: 0 };

type ActionRow = {
  item_id: ItemId; action_id: ActionId; state: string; step: number; credited_step: number | null; credited_offset: number | null; credited_key: string | null;
  sent_on: Day | null; scenario_code: string; scenario_version: number; anchors: boolean; channel: Channel; today: Day;
};

const PENDING = new Set(['proposed', 'approved', 'claimed', 'unknown']);
const ACCEPTED = new Set(['sent', 'delivered', 'bounced', 'replied']);

/** What was done to each item by a day, from the actions that list it; copies and thanks do no step. What was sent since was waiting then. */
async function loadActions(t: Tenant, within: (alias: string) => SqlPiece, today: Day): Promise<Map<string, ActionFacts>> {
  const rows = await t.rows<ActionRow>(t.sql`
    select x.item_id, a.action_id, a.state, a.step, x.credited_step, x.credited_offset, x.credited_key, a.sent_on, s.code as scenario_code,
      s.version as scenario_version, a.anchor_item_id = x.item_id as anchors, a.channel, a.today
    from ${t.from('action')} a
    join ${t.from('action_item')} x on x.action_id = a.action_id
    join ${t.from('scenario')} s on s.scenario_id = a.scenario_id
    where ${within('a')} and a.purpose = 'dunning' and a.today <= ${today}::date
    order by a.action_id`);
  const found = new Map<string, ActionFacts>();
  for (const row of rows) {
    const facts = found.get(row.item_id) ?? { ...NOTHING_DONE, doneKeys: [] };
    found.set(row.item_id, facts);
    if (PENDING.has(row.state)) facts.pending = { actionId: row.action_id, state: row.state as PendingAction['state'], step: row.step, channel: row.channel, proposedOn: row.today };
    else if (row.sent_on !== null && row.sent_on > today) facts.pending = { actionId: row.action_id, state: 'approved', step: row.step, channel: row.channel, proposedOn: row.today };
    else if (ACCEPTED.has(row.state)) credit(facts, row);
    else if (row.anchors) facts.round += 1;
  }
  return found;
}

/** Adds a step that was accepted; the last one is that of the latest day, of one day the furthest. */
function credit(facts: ActionFacts, row: ActionRow): void {
  const { credited_step: number, credited_offset: offsetDays, credited_key: key, sent_on: doneOn } = row;
  if (number === null || offsetDays === null || doneOn === null) return;
  facts.furthest = Math.max(facts.furthest ?? offsetDays, offsetDays);
  if (key !== null) facts.doneKeys.push(doneKey(row.scenario_code, key));
  const { done } = facts;
  if (done !== null && (done.doneOn > doneOn || (done.doneOn === doneOn && done.offsetDays > offsetDays))) return;
  facts.done = { number, offsetDays, doneOn, scenarioCode: row.scenario_code, scenarioVersion: row.scenario_version, ...(key === null ? {} : { key }) };
}

type LedgerRow = {
  item_id: ItemId; customer_id: CustomerId; side: 'debit' | 'credit'; kind: string; document: string | null; label: string | null;
  currency: Currency; amount: string; open: string; issued_on: Day; due_on: Day | null; first_seen_on: Day; estimated: boolean; scenario_code: string | null;
};

const KINDS: Readonly<Record<string, ItemFacts['kind']>> = {
  invoice: 'invoice', deposit: 'depositInvoice', debitNote: 'debitNote', opening: 'openingDebit',
};

type Ledger = { debits: Map<string, ItemFacts[]>; credits: Map<string, CreditFacts[]> };

async function loadItems(
  t: Tenant, of: { within: (alias: string) => SqlPiece; ids: readonly string[]; options: LoadOptions; actions: Map<string, ActionFacts> },
): Promise<Ledger> {
  const rows = await t.rows<LedgerRow>(t.sql`
    select i.item_id, i.customer_id, i.side, i.kind, i.document, i.label, i.currency, i.amount, i.open, i.issued_on, i.due_on,
      i.first_seen_on, i.estimated, i.scenario_code
    from (${itemsAsOf(t, of.options.today)}) i where ${of.within('i')} and i.open > 0
    order by i.customer_id, i.due_on, i.item_id`);
  const debits = grouped(rows.filter((row) => row.side === 'debit'), (row) => row.customer_id, (row) => itemOf(row, of.options, of.actions.get(row.item_id) ?? NOTHING_DONE));
  if (thanking(of.options)) await addSettled(t, debits, of);
  const credits = grouped(rows.filter((row) => row.side === 'credit'), (row) => row.customer_id,
    (row) => ({ currency: row.currency, amount: BigInt(row.open) }));
  return { debits, credits };
}

/** Adds what was paid and may be thanked for. */
async function addSettled(t: Tenant, debits: Map<string, ItemFacts[]>, of: { ids: readonly string[]; options: LoadOptions; actions: Map<string, ActionFacts> }): Promise<void> {
  for (const row of await loadSettled(t, of.ids, of.options.today)) {
    const item = settledItem(row, { lastStepDone: of.actions.get(row.item_id)?.done ?? null });
    const list = debits.get(row.customer_id);
    if (list === undefined) debits.set(row.customer_id, [item]);
    else list.push(item);
  }
}

function itemOf(row: LedgerRow, options: LoadOptions, facts: Readonly<ActionFacts>): ItemFacts {
  if (row.due_on === null) throw new Error(`debit item ${row.item_id} has no due day`);
  return {
    itemId: row.item_id, document: row.document ?? row.label ?? row.item_id, kind: KINDS[row.kind] ?? 'other', currency: row.currency,
    amount: BigInt(row.amount), open: BigInt(row.open), issuedOn: row.issued_on, dueOn: row.due_on, firstSeenOn: row.first_seen_on,
    estimated: row.estimated, lastStepDone: facts.done, pendingAction: facts.pending, round: facts.round,
    ...(facts.done === null ? {} : { doneKeys: facts.doneKeys, furthestOffset: facts.furthest ?? facts.done.offsetDays }),
    ...(row.scenario_code === null ? {} : { scenario: scenarioOf(options, row.scenario_code) }),
  };
}

/** What keeps from chasing, and commitments that were not held; where each stands is derived from the allocations of this snapshot. */
async function loadHolds(t: Tenant, within: SqlPiece, today: Day): Promise<Map<string, HoldFacts[]>> {
  return grouped(await loadInForce(t, within, today), ({ hold }) => hold.customerId, (standing) => {
    const { hold, now } = standing;
    return {
      holdId: hold.holdId, kind: hold.kind, itemId: hold.itemId, items: hold.items, amount: hold.amount, from: hold.from, until: suspendsUntil(standing), graceDays: hold.graceDays,
      creditNoteExpected: now === 'awaitingCredit' || now === 'creditLate',
    };
  });
}

type ContactRow = {
  contact_id: ContactId; customer_id: string; roles: ContactRole[]; email: string | null; phone: string | null; refused_channels: Channel[];
  bounced: boolean;
};

/** A mailbox is one however its address is written and whichever contact bears it: what bounced or was refused under one spelling is under all. */
async function loadContacts(t: Tenant, within: (alias: string) => SqlPiece): Promise<Map<string, ContactFacts[]>> {
  const rows = await t.rows<ContactRow>(t.sql`
    select k.contact_id, k.customer_id, k.roles, k.email, k.phone,
      case when not 'email' = any(k.refused_channels) and exists (
        select from ${t.from('contact')} o where lower(o.email) = lower(k.email) and 'email' = any(o.refused_channels)
      ) then k.refused_channels || '{email}' else k.refused_channels end as refused_channels,
      k.bounced_at is not null or exists (
        select from ${t.from('bounce')} b where b.address = lower(k.email) and b.lifted_at is null and b.kind in ('hard', 'complaint')
      ) as bounced
    from ${t.from('contact')} k where ${within('k')} and k.removed_at is null order by k.contact_id`);
  return grouped(rows, (row) => row.customer_id, (row) => ({
    contactId: row.contact_id, roles: row.roles, email: row.email, phone: row.phone, hasPostalAddress: false,
    refusedChannels: row.refused_channels, bouncedChannels: row.bounced ? ['email' as const] : [],
  }));
}

/** Contacts since a day: what actions sent, and what people did by hand. */
async function loadRecent(t: Tenant, within: (alias: string) => SqlPiece, { since, today }: { since: Day; today: Day }): Promise<Map<string, ContactMade[]>> {
  const rows = await t.rows<{ customer_id: string; channel: Channel; sent_on: Day; currency: Currency | null }>(t.sql`
    select a.customer_id, a.channel, a.sent_on, a.currency from ${t.from('action')} a
    where ${within('a')} and a.sent_on >= ${since}::date and a.sent_on <= ${today}::date and a.channel <> 'check'
    union all
    select h.customer_id, h.channel, h.made_on, null from ${t.from('contact_made')} h
    where ${within('h')} and h.made_on >= ${since}::date and h.made_on <= ${today}::date and h.voided_at is null`);
  return grouped(rows, (row) => row.customer_id, (row) => ({ channel: row.channel, on: row.sent_on, currency: row.currency }));
}

import { createHash } from 'node:crypto';
import pg from 'pg';
import { simpleParser } from 'mailparser';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, CustomerId, HoldId, ItemId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { recordBounces } from '#server/channels/bounces/record-bounce.ts';
import { noteContact } from '#server/channels/contact-log.ts';
import { postgresLedger } from '#server/channels/postgres-ledger.ts';
import type { SendLedger } from '#server/channels/send-ledger.ts';
import { approve, cancelActions, listActions, resolveUnknown } from '#server/dunning/actions.ts';
import type { ActionRow } from '#server/dunning/actions.ts';
import { runDunning } from '#server/dunning/run.ts';
import { addHold, endHold } from '#server/holds/holds.ts';
import { addPlan } from '#server/holds/plans.ts';
import { reverseAllocations } from '#server/ledger/allocate-groups.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { SendGuard } from '#server/channels/journal/guard.ts';
import { givenOrganisation } from '#server/testing/given.ts';
import { testGuard } from '#server/testing/guard.ts';
import type { Books, NewAllocation, NewCredit, NewDebtor, NewItem, SeenAction, Settings } from '../books.ts';
import { LEDGER_LIMIT_DAYS } from '../memory-books.ts';
import type { BooksOf } from '../memory-books.ts';
import type { TrueHold } from '../truth.ts';

/**
 * Makes a test database live in simulated time: what statements call now() is then the time of the simulation, which the owner's connection sets. Only this
 * database knows; the product's statements are as they are.
 */
export async function simulatedNow(owner: pg.Client): Promise<{ set(instant: string): Promise<void> }> {
  await owner.query(`
    create table sim_clock (at timestamptz not null);
    insert into sim_clock values ('2026-01-01');
    grant select on sim_clock to acquit_app;
    create function public.now() returns timestamptz stable language sql as 'select at from public.sim_clock'`);
  return { set: async (instant) => void (await owner.query('update sim_clock set at = $1', [instant])) };
}

/** What a seed on the database needs beside its books: the database and its clock. */
export type OnDatabase = { readonly database: Database; readonly clock: { set(instant: string): Promise<void> } };

/** Books on PostgreSQL: the world's happenings go through the use cases of the product where there are any, rows where a file would bring them. */
export async function postgresBooks(of: BooksOf, on: OnDatabase): Promise<Books> {
  const organisation = await givenOrganisation(on.database);
  return new PostgresBooks(of, on, organisation);
}

class PostgresBooks implements Books {
  readonly #of: BooksOf;
  readonly #on: OnDatabase;
  readonly #organisation: OrganisationId;
  readonly #customers = new Map<string, CustomerId>();
  readonly #items = new Map<string, ItemId>();
  readonly #documents = new Map<ItemId, string>();
  readonly #holds = new Map<string, HoldId>();
  readonly #allocations = new Map<string, string>();
  readonly #by: { clock: BooksOf['time']; actor: string };
  readonly #guard: SendGuard;
  #files = 0;

  constructor(of: BooksOf, on: OnDatabase, organisation: OrganisationId) {
    this.#of = of;
    this.#on = on;
    this.#guard = testGuard(on.database);
    this.#organisation = organisation;
    this.#by = { clock: of.time, actor: 'user:1' };
  }

  /** A transaction in simulated time. */
  async #in<T>(work: (t: Tenant) => Promise<T>): Promise<T> {
    await this.#on.clock.set(this.#of.time.now());
    return this.#on.database.inTenant(this.#organisation, work);
  }

  ledger(process: string): SendLedger {
    const presence = { id: process, isAlive: async (_t: Tenant, worker: string) => this.#of.isAlive(worker), leave: async () => undefined };
    const ledger = postgresLedger(this.#on.database, this.#organisation, { worker: presence, guard: this.#guard });
    const timed = async <T>(work: () => Promise<T>): Promise<T> => {
      await this.#on.clock.set(this.#of.time.now());
      return work();
    };
    return {
      check: (now) => timed(() => ledger.check(now)), writeJournal: (note, now) => timed(() => ledger.writeJournal(note, now)), unstart: (attempts, at) => timed(() => ledger.unstart(attempts, at)),
      gate: (now) => timed(() => ledger.gate(now)), queue: (channels) => timed(() => ledger.queue(channels)), rescue: (work) => timed(() => ledger.rescue(work)),
      claim: (work) => timed(() => ledger.claim(work)), note: (note, at) => timed(() => ledger.note(note, at)), settle: (work) => timed(() => ledger.settle(work)),
    };
  }

  documentOf(item: ItemId): string {
    return this.#documents.get(item) ?? '?';
  }

  async hasWork(): Promise<boolean> {
    return (await this.#in((t) => t.one(t.sql`select 1 as found from ${t.from('action')} a where a.state in ('approved', 'claimed') limit 1`))) !== null;
  }

  async wordsOf(bytes: Buffer): Promise<string | null> {
    if (bytes.subarray(0, 5).toString() === '%PDF-') return null;
    return (await simpleParser(bytes)).text ?? null;
  }

  #customer(code: string): CustomerId {
    const found = this.#customers.get(code);
    if (found === undefined) throw new Error(`no debtor ${code}`);
    return found;
  }

  #item(document: string): ItemId {
    const found = this.#items.get(document);
    if (found === undefined) throw new Error(`no item ${document}`);
    return found;
  }

  async addDebtor(debtor: NewDebtor): Promise<void> {
    const id = await this.#in(async (t) => {
      const row = await t.one<{ customer_id: CustomerId }>(t.sql`
        ${t.into('customer', 'code, name, kind, country, postal_code, city, address')}
        values (${t.org}, ${debtor.code}, ${`Client ${debtor.code}`}, ${debtor.kind}, ${debtor.place.country}, ${debtor.place.postalCode}, 'Ville', ${debtor.hasAddress ? ['1 rue des Essais'] : []}::text[])
        returning customer_id`);
      if (row === null) throw new Error('no customer');
      await t.run(t.sql`${t.into('contact', 'customer_id, email')} values (${t.org}, ${row.customer_id}::bigint, ${debtor.email})`);
      return row.customer_id;
    });
    this.#customers.set(debtor.code, id);
  }

  async #insert(of: { customer: string; document: string; side: 'debit' | 'credit'; kind: string; issuedOn: Day; dueOn: Day | null; currency: string; amount: bigint }): Promise<void> {
    const row = await this.#in((t) => t.one<{ item_id: ItemId }>(t.sql`
      ${t.into('item', 'customer_id, side, kind, document, issued_on, first_seen_on, due_on, due_source, currency, amount, natural_key')}
      values (${t.org}, ${this.#customer(of.customer)}::bigint, ${of.side}, ${of.kind}, ${of.document}, ${of.issuedOn}::date, ${of.issuedOn}::date, ${of.dueOn}::date,
        ${of.dueOn === null ? 'none' : 'file'}, ${of.currency}, ${of.amount}::bigint, ${of.document})
      returning item_id`));
    if (row === null) throw new Error('no item');
    this.#items.set(of.document, row.item_id);
    this.#documents.set(row.item_id, of.document);
  }

  addItem(item: NewItem): Promise<void> {
    return this.#insert({ ...item, side: 'debit', kind: 'invoice' });
  }

  addCredit(credit: NewCredit): Promise<void> {
    return this.#insert({ ...credit, side: 'credit', kind: credit.by, issuedOn: credit.on, dueOn: null });
  }

  async allocate(one: NewAllocation): Promise<void> {
    const row = await this.#in((t) => t.one<{ allocation_id: string }>(t.sql`
      ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, origin, recorded_at, actor')}
      values (${t.org}, ${this.#item(one.debit)}::bigint, ${this.#item(one.credit)}::bigint, ${one.amount}::bigint, ${one.on}::date, 'person', ${this.#of.time.now()}::timestamptz, 'user:1')
      returning allocation_id`));
    if (row === null) throw new Error('no allocation');
    this.#allocations.set(one.handle, row.allocation_id);
  }

  async takeBack(handle: string): Promise<void> {
    const id = this.#allocations.get(handle) ?? '0';
    await this.#in((t) => reverseAllocations(t, t.sql`select ${id}::bigint`, { origin: 'person', importId: null, now: this.#of.time.now(), actor: 'user:1' }));
  }

  async addHold(customer: string, hold: TrueHold): Promise<void> {
    const customerId = this.#customer(customer);
    const items = (hold.documents ?? []).map((document) => this.#item(document));
    const id = await this.#in(async (t) => (hold.kind === 'plan'
      ? must(await addPlan(t, { customerId, items, instalments: hold.instalments, from: hold.from, acceptedBy: 'user:1', note: null }, this.#by))
      : addHold(t, {
        customerId, itemId: items[0] ?? null, kind: hold.kind, reason: hold.kind === 'dispute' ? 'quality' : null, amount: hold.kind === 'promise' ? hold.openThen : hold.amount, from: hold.from, until: hold.until, note: null,
      }, this.#by)));
    this.#holds.set(hold.handle, id);
  }

  async endHold(handle: string, on: Day): Promise<void> {
    const id = this.#holds.get(handle);
    if (id !== undefined) await this.#in((t) => endHold(t, id, { on, reason: 'person', by: this.#by }));
  }

  async setEmail(customer: string, email: string | null): Promise<void> {
    await this.#in((t) => t.run(t.sql`${t.update('contact', 'k')} set email = ${email}, bounced_at = null where ${t.own('k')} and k.customer_id = ${this.#customer(customer)}::bigint`));
  }

  async refuse(customer: string): Promise<void> {
    await this.#in((t) => t.run(t.sql`${t.update('contact', 'k')} set refused_channels = '{email}' where ${t.own('k')} and k.customer_id = ${this.#customer(customer)}::bigint`));
  }

  async setScenario(customer: string, code: string | null): Promise<void> {
    await this.#in((t) => t.run(t.sql`${t.update('customer', 'c')} set scenario_code = ${code} where ${t.own('c')} and c.customer_id = ${this.#customer(customer)}::bigint`));
  }

  async setSettings(settings: Settings): Promise<void> {
    await this.#in((t) => t.run(t.sql`${t.update('profile', 'p')} set dunning = ${JSON.stringify({ ...settings, ledgerLimitDays: LEDGER_LIMIT_DAYS })}::jsonb where ${t.own('p')}`));
  }

  async imported(on: Day): Promise<void> {
    this.#files += 1;
    const sha256 = createHash('sha256').update(`${this.#files}`).digest();
    await this.#in((t) => t.run(t.sql`
      ${t.into('import', 'source, format, file_name, sha256, byte_size, line_count, covers_until, status, summary, applied_at, applied_on, actor')}
      values (${t.org}, 'sim', 'fec', 'sim.txt', ${sha256}, 1, 1, ${on}::date, 'applied', '{}', ${this.#of.time.now()}::timestamptz, ${on}::date, 'user:1')`));
  }

  async noteCall(customer: string, on: Day): Promise<void> {
    await this.#in((t) => noteContact(t, { customer: this.#customer(customer), channel: 'call', on, note: null }, { by: this.#by, today: on }));
  }

  async bounce(action: ActionId): Promise<void> {
    await this.#in(async (t) => {
      const message = await t.one<{ recipient: string }>(t.sql`select m.recipient from ${t.from('message')} m where m.action_id = ${action}::bigint`);
      if (message !== null) await recordBounces(t, this.#by, [{ action, address: message.recipient, kind: 'hard', status: '5.1.1', diagnostic: 'gone', source: 'report' }]);
    });
  }

  async plan(today: Day): Promise<number> {
    await this.#on.clock.set(this.#of.time.now());
    return (await runDunning(this.#on.database, { organisation: this.#organisation, today, clock: this.#of.time, actor: 'user:1' })).actions;
  }

  async approveAll(): Promise<void> {
    await this.#in((t) => approve(t, 'all', this.#by));
  }

  async cancel(action: ActionId): Promise<void> {
    await this.#in((t) => cancelActions(t, [action], this.#by));
  }

  async resolve(action: ActionId, arrived: boolean): Promise<boolean> {
    return (await this.#in((t) => resolveUnknown(t, action, { arrived, today: this.#of.time.today('Europe/Paris'), by: this.#by }))).settled;
  }

  async #seen(filter: Parameters<typeof listActions>[1]): Promise<readonly SeenAction[]> {
    return this.#in(async (t) => {
      const rows = await listActions(t, filter);
      const items = await t.rows<{ action_id: string; document: string; step: number | null; offset: number | null }>(t.sql`
        select x.action_id, i.document, x.credited_step as step, x.credited_offset as offset from ${t.from('action_item')} x join ${t.from('item')} i on i.item_id = x.item_id
        where x.action_id = any(${rows.map((row) => row.action_id)}::bigint[]) order by x.action_id, x.due_on, x.item_id`);
      const approved = new Map((await t.rows<{ action_id: string; approved_on: Day | null }>(t.sql`select a.action_id, a.approved_on from ${t.from('action')} a`)).map((row) => [row.action_id, row.approved_on]));
      const of = Map.groupBy(items, (item) => item.action_id);
      return rows.toReversed().map((row: ActionRow): SeenAction => ({
        id: row.action_id, customer: row.customer, state: row.state, reason: row.state_reason, approvedOn: approved.get(row.action_id) ?? null, journalled: null,
        items: (of.get(row.action_id) ?? []).map(({ document, step, offset }) => ({ document, step, offset, scenario: row.scenario })),
      }));
    });
  }

  actions(): Promise<readonly SeenAction[]> {
    return this.#seen({});
  }

  async actionsOf(ids: readonly string[]): Promise<readonly SeenAction[]> {
    const found: SeenAction[] = [];
    for (const id of ids) found.push(...(await this.#seen({ id: id as ActionId })));
    return found;
  }

  async #ids(state: 'unknown' | 'proposed'): Promise<readonly string[]> {
    return (await this.#in((t) => t.rows<{ action_id: string }>(t.sql`select a.action_id from ${t.from('action')} a where a.state = ${state} order by a.action_id`))).map((row) => row.action_id);
  }

  parked(): Promise<readonly string[]> {
    return this.#ids('unknown');
  }

  proposed(): Promise<readonly string[]> {
    return this.#ids('proposed');
  }

  stateLines(): Promise<string[]> {
    return this.#in(async (t) => {
      const items = await t.rows<{ line: string }>(t.sql`
        select concat_ws(' ', 'item', i.document, i.amount, i.amount - i.allocated, i.currency, i.due_on) as line from ${t.from('item')} i where i.side = 'debit'`);
      const actions = await t.rows<{ line: string }>(t.sql`
        select concat('action ', c.code, ' ', (
            select string_agg(concat(i.document, ':', x.listed_amount, ':', x.credited_step), ',' order by x.due_on, x.item_id) from ${t.from('action_item')} x join ${t.from('item')} i on i.item_id = x.item_id where x.action_id = a.action_id
          ), ' ', a.channel, ' ', a.step, ' ', a.recipient, ' ', a.state, ' ', a.state_reason, ' ', a.fence, ' ', a.sent_on, ' ', a.approved_on) as line
        from ${t.from('action')} a join ${t.from('customer')} c on c.customer_id = a.customer_id`);
      const attempts = await t.rows<{ line: string }>(t.sql`
        select concat('attempt ', c.code, ' ', (select i.document from ${t.from('action_item')} x join ${t.from('item')} i on i.item_id = x.item_id where x.action_id = a.action_id order by x.due_on, x.item_id limit 1),
          ' ', a.step, ' ', s.fence, ' ', case when s.started_at is null then 'false' else 'true' end, ' ', coalesce(s.outcome, 'null'), ' ', s.sent_on) as line
        from ${t.from('send_attempt')} s join ${t.from('action')} a on a.action_id = s.action_id join ${t.from('customer')} c on c.customer_id = a.customer_id`);
      return [...items, ...actions, ...attempts].map(({ line }) => line).toSorted();
    });
  }
}

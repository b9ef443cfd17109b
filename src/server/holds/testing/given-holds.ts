import { day } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, ItemId, OrganisationId } from '#core/kernel/id.ts';
import { verify } from '#server/audit/verify.ts';
import type { By } from '#server/holds/holds.ts';
import { settleHolds } from '#server/holds/settle-holds.ts';
import type { SettledHolds } from '#server/holds/settle-holds.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { clockAt } from '#server/testing/given.ts';

/** Somebody who does something at nine o'clock on a day. */
export const byOn = (on: string): By => ({ clock: clockAt(on), actor: 'user:1' });

/** The debit item of a document that is not voided, the latest of them. */
export async function itemOf(t: Tenant, document: string): Promise<{ itemId: ItemId; customerId: CustomerId; open: bigint }> {
  const [row] = await t.rows<{ item_id: ItemId; customer_id: CustomerId; open: string }>(t.sql`
    select i.item_id, i.customer_id, (i.amount - i.allocated)::text as open from ${t.from('item')} i where i.document = ${document} and i.side = 'debit' and i.voided_at is null order by i.item_id desc`);
  if (row === undefined) throw new Error(`no item ${document}`);
  return { itemId: row.item_id, customerId: row.customer_id, open: BigInt(row.open) };
}

let receipts = 0;

/** Money (or a credit note) that came on a day and was set against a document; gives the allocation, to be reversed. */
export async function pay(t: Tenant, document: string, of: { cents: number; on: string; kind?: 'receipt' | 'creditNote' }): Promise<string> {
  const { itemId, customerId } = await itemOf(t, document);
  receipts += 1;
  const credit = await t.one<{ item_id: string }>(t.sql`
    ${t.into('item', 'customer_id, side, kind, document, issued_on, first_seen_on, currency, amount, natural_key')}
    values (${t.org}, ${customerId}::bigint, 'credit', ${of.kind ?? 'receipt'}, ${`R${receipts}`}, ${of.on}::date, ${of.on}::date, 'EUR', ${of.cents}::bigint, ${`test|${receipts}`}) returning item_id`);
  const made = await t.one<{ allocation_id: string }>(t.sql`
    ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, origin, recorded_at, actor')}
    values (${t.org}, ${itemId}::bigint, ${credit?.item_id ?? ''}::bigint, ${of.cents}::bigint, ${of.on}::date, 'person', ${clockAt(of.on).now()}::timestamptz, 'test') returning allocation_id`);
  return made?.allocation_id ?? '';
}

/** Takes an allocation back on a day: a direct debit that bounced. */
export async function bounce(t: Tenant, allocation: string, on: string): Promise<void> {
  await t.run(t.sql`
    ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, origin, reverses, recorded_at, actor')}
    select ${t.org}, a.debit_item_id, a.credit_item_id, -a.amount, ${on}::date, 'person', a.allocation_id, ${clockAt(on).now()}::timestamptz, 'test' from ${t.from('allocation')} a where a.allocation_id = ${allocation}::bigint`);
}

/** Settles as of a day. */
export const settleOn = (database: Database, organisation: OrganisationId, on: string): Promise<SettledHolds> =>
  database.inTenant(organisation, (t) => settleHolds(t, { today: day(on), now: clockAt(on).now(), actor: 'system:test' }));

/** Holds as lines: kind, document, state, and the day and reason of their end. */
export async function holdLines(t: Tenant): Promise<string[]> {
  const rows = await t.rows<{ kind: string; document: string | null; state: string; ended_on: Day | null; ended_reason: string | null }>(t.sql`
    select h.kind, i.document, h.state, h.ended_on, h.ended_reason from ${t.from('hold')} h left join ${t.from('item')} i on i.item_id = h.item_id order by h.hold_id`);
  return rows.map((row) => [row.kind, row.document ?? '-', row.state, ...(row.ended_on === null ? [] : [`ended ${row.ended_on} ${row.ended_reason}`])].join(' '));
}

/** Kinds of the events about holds, in their order. */
export async function holdEvents(t: Tenant): Promise<string[]> {
  const rows = await t.rows<{ kind: string }>(t.sql`select e.kind from ${t.from('event')} e where e.kind like 'hold.%' order by e.seq`);
  return rows.map((row) => row.kind.replace('hold.', ''));
}

/** What verify finds broken; the chain of events is part of it. */
export const brokenOf = async (database: Database, organisation: OrganisationId): Promise<string[]> =>
  (await database.inTenant(organisation, verify)).filter((check) => !check.ok).map((check) => check.name);

import type { HoldId } from '#core/kernel/id.ts';
import type { NewEvent } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { recordEach } from '#server/audit/record-each.ts';
import type { SettlingHolds } from './settle-holds.ts';
import { selfEnded } from './standings.ts';

/** A hold, the item it is on, and an item that a later import brought for the same document. */
type Successor = {
  hold_id: HoldId; kind: string; customer_id: string; committed: boolean; old_item: string; gone: boolean; named: boolean; new_item: string; new_customer: string; amount: string;
};

/**
 * What people said of a document holds for every item that a later import brings for it: an accountant who corrects an invoice must not
 * have a disputed one chased. A promise or a plan covers the new item too; a dispute or a pause moves to it when the old one is gone, and
 * stands on both when it is not. Gives how many items were taken over.
 */
export async function carryHolds(t: Tenant, settling: SettlingHolds): Promise<number> {
  await followCustomers(t);
  const found = await successors(t);
  const moved = new Set<string>();
  for (const one of found) {
    const replaces = one.gone && one.named && !moved.has(one.hold_id);
    if (one.committed) await cover(t, one);
    if (replaces) await move(t, one);
    else if (!one.committed) await copy(t, one, settling);
    if (replaces) moved.add(one.hold_id);
  }
  await recordEach(t, found.map((one): NewEvent => ({
    at: settling.now, actor: settling.actor, kind: 'hold.carried', subject: `customer:${one.new_customer}`,
    facts: { hold: one.hold_id, kind: one.kind, from: one.old_item, to: one.new_item },
  })));
  return found.length;
}

/** Holds of a whole account whose customer was taken out with its import and came back under the same code. */
async function followCustomers(t: Tenant): Promise<void> {
  await t.run(t.sql`
    ${t.update('hold', 'h')} set customer_id = n.customer_id from ${t.from('customer')} c, ${t.from('customer')} n
    where ${t.own('h')} and (h.ended_on is null or ${selfEnded(t)}) and h.item_id is null and c.customer_id = h.customer_id and c.voided_at is not null and n.code = c.code and n.voided_at is null`);
}

/** E-invoice statuses are left out: they open their own hold on each item of the document. What ended by itself because its item was taken out goes on when it comes back. */
async function successors(t: Tenant): Promise<Successor[]> {
  const goesOn = t.sql`(h.ended_on is null or ${selfEnded(t)})`;
  return t.rows<Successor>(t.sql`
    with held as materialized (
      select h.hold_id, h.item_id, true as named from ${t.from('hold')} h where ${goesOn} and h.item_id is not null and h.document_status_id is null and h.kind <> 'insolvency'
      union all
      select x.hold_id, x.item_id, false from ${t.from('hold_item')} x join ${t.from('hold')} h on h.hold_id = x.hold_id where ${goesOn} and h.item_id is distinct from x.item_id
    )
    select distinct on (h.hold_id, n.item_id) h.hold_id, h.kind, h.customer_id, exists (select from ${t.from('hold_item')} y where y.hold_id = h.hold_id) as committed,
      o.item_id as old_item, o.voided_at is not null as gone, d.named, n.item_id as new_item, n.customer_id as new_customer, n.amount::text as amount
    from held d join ${t.from('hold')} h on h.hold_id = d.hold_id
    join ${t.from('item')} o on o.item_id = d.item_id and o.document is not null
    join ${t.from('customer')} c on c.customer_id = o.customer_id
    join ${t.from('item')} n on n.document = o.document and n.side = 'debit' and n.kind <> 'refund' and n.voided_at is null and n.item_id > o.item_id and n.import_id is distinct from o.import_id
    join ${t.from('customer')} k on k.customer_id = n.customer_id and k.code = c.code
    join ${t.from('import')} p on p.import_id = n.import_id and p.applied_at >= h.created_at
    where n.currency = o.currency and (h.ended_on is null or o.voided_at is not null)
      and not exists (select from ${t.from('hold_item')} y where y.hold_id = h.hold_id and y.item_id = n.item_id)
      and not exists (select from ${t.from('hold')} m where m.item_id = n.item_id and (m.hold_id = h.hold_id or m.carried_from = h.hold_id or m.hold_id = h.carried_from))
    order by h.hold_id, n.item_id, o.item_id desc`);
}

async function cover(t: Tenant, one: Successor): Promise<void> {
  await t.run(t.sql`
    ${t.into('hold_item', 'hold_id, item_id, open_amount, carried_from')}
    values (${t.org}, ${one.hold_id}::bigint, ${one.new_item}::bigint, ${one.amount}::bigint, ${one.old_item}::bigint)`);
}

async function move(t: Tenant, one: Successor): Promise<void> {
  await t.run(t.sql`
    ${t.update('hold', 'h')} set item_id = ${one.new_item}::bigint, customer_id = ${one.new_customer}::bigint,
      amount = case when h.kind = 'dispute' then least(h.amount, ${one.amount}::bigint) else h.amount end
    where ${t.own('h')} and h.hold_id = ${one.hold_id}::bigint`);
}

async function copy(t: Tenant, one: Successor, settling: SettlingHolds): Promise<void> {
  await t.run(t.sql`
    ${t.into('hold', `customer_id, item_id, kind, reason, amount, from_on, until_on, grace_days, note, created_at, actor, owner_name, owner_email, deadline_on, outcome, outcome_on, state, state_on, carried_from`)}
    select ${t.org}, ${one.new_customer}::bigint, ${one.new_item}::bigint, h.kind, h.reason, least(h.amount, ${one.amount}::bigint), h.from_on, h.until_on, h.grace_days, h.note,
      ${settling.now}::timestamptz, ${settling.actor}, h.owner_name, h.owner_email, h.deadline_on, h.outcome, h.outcome_on, h.state, h.state_on, h.hold_id
    from ${t.from('hold')} h where h.hold_id = ${one.hold_id}::bigint`);
}

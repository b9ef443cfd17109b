import type { ItemId } from '#core/kernel/id.ts';
import { rememberCustomers, rememberItems } from '#server/audit/fact-before.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { SettlingHolds } from './settle-holds.ts';

/** An item taken out with a person's choice on it, and one that stands for the same document. */
type Heir = { readonly old_item: ItemId; readonly new_item: ItemId; readonly scenario: string };

/**
 * The scenario that a person chose for a document goes with it when an import takes the item out and brings another one, and back when that
 * import is undone. An item that was given a scenario of its own keeps it. Gives how many items were taken over.
 */
export async function carryChoices(t: Tenant, settling: SettlingHolds): Promise<number> {
  await followCustomers(t, settling);
  // Joined only when there is something to hand on: a ledger of a million items has none of it.
  const some = await t.one(t.sql`select 1 as found from ${t.from('item')} o where o.scenario_code is not null and o.voided_at is not null limit 1`);
  if (some === null) return 0;
  const heirs = await t.rows<Heir>(t.sql`
    with gone as materialized (
      select o.item_id, o.customer_id, o.document, o.currency, o.scenario_code from ${t.from('item')} o
      where o.scenario_code is not null and o.voided_at is not null and o.document is not null
    )
    select distinct on (n.item_id) o.item_id as old_item, n.item_id as new_item, o.scenario_code as scenario
    from gone o join ${t.from('customer')} c on c.customer_id = o.customer_id
    join ${t.from('item')} n on n.document = o.document and n.currency = o.currency and n.side = 'debit' and n.kind <> 'refund' and n.voided_at is null and n.scenario_code is null
    join ${t.from('customer')} k on k.customer_id = n.customer_id and k.code = c.code
    order by n.item_id, o.item_id desc`);
  if (heirs.length === 0) return 0;
  await rememberItems(t, t.sql`i.item_id = any(${heirs.map((heir) => heir.new_item)}::bigint[])`, settling.now);
  await t.run(t.sql`
    ${t.update('item', 'i')} set scenario_code = n.scenario from unnest(${heirs.map((heir) => heir.new_item)}::bigint[], ${heirs.map((heir) => heir.scenario)}::text[]) as n(item_id, scenario)
    where ${t.own('i')} and i.item_id = n.item_id`);
  // It is handed on, not copied: otherwise what a person takes back on the new item would come again.
  await t.run(t.sql`${t.update('item', 'i')} set scenario_code = null where ${t.own('i')} and i.item_id = any(${heirs.map((heir) => heir.old_item)}::bigint[])`);
  await record(t, {
    at: settling.now, actor: settling.actor, kind: 'item.scenarioCarried', subject: 'items',
    facts: { from: heirs.map((heir) => heir.old_item), to: heirs.map((heir) => heir.new_item), scenarios: heirs.map((heir) => heir.scenario) },
  });
  return heirs.length;
}

/** What was chosen for a customer who was taken out with its import and came back under the same code. */
async function followCustomers(t: Tenant, settling: SettlingHolds): Promise<void> {
  const some = await t.one(t.sql`
    select 1 as found from ${t.from('customer')} o where o.voided_at is not null and (o.scenario_code is not null or o.segment_override is not null or o.payer_group is not null) limit 1`);
  if (some === null) return;
  const heirs = await t.rows<{ old_customer: string; new_customer: string }>(t.sql`
    select distinct on (n.customer_id) o.customer_id as old_customer, n.customer_id as new_customer
    from ${t.from('customer')} o join ${t.from('customer')} n on n.code = o.code and n.voided_at is null
    where o.voided_at is not null and (o.scenario_code is not null or o.segment_override is not null or o.payer_group is not null)
      and n.scenario_code is null and n.segment_override is null and n.payer_group is null
    order by n.customer_id, o.customer_id desc`);
  if (heirs.length === 0) return;
  const [from, to] = [heirs.map((heir) => heir.old_customer), heirs.map((heir) => heir.new_customer)];
  await rememberCustomers(t, t.sql`c.customer_id = any(${to}::bigint[])`, settling.now);
  await t.run(t.sql`
    ${t.update('customer', 'c')} set scenario_code = o.scenario_code, segment_override = o.segment_override, payer_group = o.payer_group
    from unnest(${from}::bigint[], ${to}::bigint[]) as n(old_id, new_id), ${t.from('customer')} o where ${t.own('c')} and c.customer_id = n.new_id and o.customer_id = n.old_id`);
  await t.run(t.sql`
    ${t.update('customer', 'c')} set scenario_code = null, segment_override = null, payer_group = null where ${t.own('c')} and c.customer_id = any(${from}::bigint[])`);
  await record(t, { at: settling.now, actor: settling.actor, kind: 'customer.choicesCarried', subject: 'customers', facts: { from, to } });
}

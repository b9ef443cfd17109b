import type { StandingCopy } from '#core/dunning/facts.ts';
import type { Channel, ContactRole } from '#core/dunning/scenario.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { ActionId, ContactId, ItemId } from '#core/kernel/id.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

type Row = {
  customer_id: string; action_key: string; channel: Channel; contact_id: ContactId | null; role: ContactRole | null; step: number; items: ItemId[]; amounts: string[];
};

/** Approved copies whose message was approved, is on its way or arrived, by customer: what the hand-off looks at again. */
export async function loadCopies(t: Tenant, customers: readonly string[]): Promise<Map<string, StandingCopy[]>> {
  const rows = await t.rows<Row>(t.sql`
    select a.customer_id, a.action_key, a.channel, a.contact_id, a.role, a.step, array_agg(x.item_id order by x.item_id) as items,
      array_agg(x.listed_amount::text order by x.item_id) as amounts
    from ${t.from('action')} a join ${t.from('action')} m on m.action_id = a.copy_of join ${t.from('action_item')} x on x.action_id = a.action_id
    where a.purpose = 'copy' and a.customer_id = any(${customers}::bigint[]) and a.state = 'approved'
      and m.state in ('approved', 'claimed', 'sent', 'delivered', 'bounced', 'replied', 'unknown')
    group by a.customer_id, a.action_id, a.action_key, a.channel, a.contact_id, a.role, a.step order by a.action_id`);
  return Map.groupBy(rows.map((row) => ({
    customer: row.customer_id, key: row.action_key, channel: row.channel, contactId: row.contact_id, role: row.role, step: row.step,
    items: row.items.map((itemId, index) => ({ itemId, amount: BigInt(row.amounts[index] ?? '0') })),
  })), ({ customer }) => customer);
}

/** Cancels the copies of messages that came to nothing: a copy alone would tell of something that nobody was told. */
export async function cancelOrphanCopies(t: Tenant, by: { now: Instant; actor: string }): Promise<number> {
  const rows = await t.rows<{ action_id: ActionId }>(t.sql`
    ${t.update('action', 'a')} set state = 'cancelled', state_reason = 'originalEnded', state_at = ${by.now}::timestamptz
    from ${t.from('action')} m
    where ${t.own('a')} and a.purpose = 'copy' and a.state in ('proposed', 'approved') and m.action_id = a.copy_of and m.state in ('cancelled', 'failed', 'expired')
    returning a.action_id`);
  await recordOfActions(t, { at: by.now, actor: by.actor, kind: 'action.cancelled' }, rows.map((row) => ({ action: row.action_id, facts: { reason: 'originalEnded' } })));
  return rows.length;
}

import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, ContactId, CustomerId } from '#core/kernel/id.ts';
import type { ActionForMessage } from '#server/letters/message-facts.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** An approved action under lock, with its account locked too: nothing it rests on can change until the transaction ends. */
export type LockedAction = ActionForMessage & {
  readonly actionKey: string;
  readonly customerId: CustomerId;
  readonly contactId: ContactId | null;
  readonly fence: number;
  /** Attempts that were started before: claims that came to nothing do not count. */
  readonly tries: number;
  readonly total: bigint;
  readonly listed: ReadonlyMap<string, bigint>;
  readonly customerCode: string;
  /** Made in test mode. */
  readonly test: boolean;
  /** The business day it was last approved. */
  readonly approvedOn: Day | null;
  readonly approvalsNeeded: number;
  /** A copy goes with its message to somebody else of the customer. */
  readonly copy: boolean;
  /** Its bytes were stored by an earlier try: they go to whom they were made for, or nowhere. */
  readonly stored: boolean;
};

type Row = {
  action_id: ActionId; action_key: string; channel: ActionForMessage['channel']; template_code: string; tone: ActionForMessage['tone'];
  formal_notice: boolean; charges_allowed: boolean; currency: Currency; customer_id: CustomerId; contact_id: ContactId | null;
  recipient: string | null; fence: number; tries: number; total: string; customer: string;
  test: boolean; approved_on: Day | null; approvals_needed: number; copy: boolean; stored: boolean;
};

/**
 * Takes approved actions for this transaction: locks them, then their customers (holds and contacts are written under that
 * lock), then the customers' items (allocations take their locks), each in the order of their numbers, so that two workers
 * cannot wait for each other. Those that another worker has, or that are no longer approved, are left out.
 */
export async function lockActions(t: Tenant, actionIds: readonly ActionId[]): Promise<LockedAction[]> {
  const taken = await t.rows<{ action_id: ActionId; customer_id: string }>(t.sql`
    select a.action_id, a.customer_id from ${t.from('action')} a
    where a.action_id = any(${actionIds}::bigint[]) and a.state = 'approved' order by a.action_id for update skip locked`);
  if (taken.length === 0) return [];
  const customers = taken.map((row) => row.customer_id);
  await t.run(t.sql`
    select from ${t.from('customer')} c where c.customer_id = any(${customers}::bigint[]) order by c.customer_id for update`);
  await t.run(t.sql`
    select from ${t.from('item')} i where i.customer_id = any(${customers}::bigint[]) and i.allocated < i.amount and i.voided_at is null
    order by i.item_id for update`);
  return readActions(t, taken.map((row) => row.action_id));
}

/** An action with what its message and its re-check are made from; null when there is none of this number. */
export async function readAction(t: Tenant, actionId: ActionId): Promise<LockedAction | null> {
  return (await readActions(t, [actionId]))[0] ?? null;
}

/** Actions with what their messages and re-checks are made from, in the order of their numbers. */
export async function readActions(t: Tenant, actionIds: readonly ActionId[]): Promise<LockedAction[]> {
  const rows = await t.rows<Row>(t.sql`
    select a.action_id, a.action_key, a.channel, a.template_code, a.tone, a.formal_notice, a.charges_allowed, a.currency, a.customer_id,
      a.contact_id, a.recipient, a.fence, a.total, c.code as customer, a.test, a.approved_on, a.approvals_needed, a.purpose = 'copy' as copy,
      a.fence > 0 and exists (select from ${t.from('message')} m where m.action_id = a.action_id) as stored,
      case when a.fence = 0 then 0 else (
        select count(*)::int from ${t.from('send_attempt')} s where s.action_id = a.action_id and s.started_at is not null
      ) end as tries
    from ${t.from('action')} a join ${t.from('customer')} c on c.customer_id = a.customer_id
    where a.action_id = any(${actionIds}::bigint[]) order by a.action_id`);
  const items = await t.rows<{ action_id: string; item_id: string; listed_amount: string }>(t.sql`
    select x.action_id, x.item_id, x.listed_amount from ${t.from('action_item')} x where x.action_id = any(${actionIds}::bigint[])`);
  const listed = Map.groupBy(items, (item) => item.action_id);
  return rows.map((row) => ({
    actionId: row.action_id, actionKey: row.action_key, channel: row.channel, templateCode: row.template_code, tone: row.tone,
    formalNotice: row.formal_notice, chargesAllowed: row.charges_allowed, currency: row.currency, customerId: row.customer_id,
    contactId: row.contact_id, recipient: row.recipient, fence: row.fence, tries: row.tries, total: BigInt(row.total), customerCode: row.customer,
    test: row.test, approvedOn: row.approved_on, approvalsNeeded: row.approvals_needed, copy: row.copy, stored: row.stored,
    listed: new Map((listed.get(row.action_id) ?? []).map((item) => [item.item_id, BigInt(item.listed_amount)])),
  }));
}

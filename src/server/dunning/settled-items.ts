import type { ItemFacts, PendingAction } from '#core/dunning/facts.ts';
import { THANKS_DAYS } from '#core/dunning/thanks.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, ItemId } from '#core/kernel/id.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/** An item that money settled within the days in which one thanks, and that nobody was thanked for. */
export type SettledRow = {
  readonly item_id: ItemId; readonly customer_id: string; readonly document: string | null; readonly label: string | null; readonly currency: Currency; readonly amount: string;
  readonly issued_on: Day; readonly due_on: Day; readonly first_seen_on: Day; readonly estimated: boolean; readonly payment: string; readonly settled_on: Day;
  readonly pending: PendingAction | null;
};

/** Customers who paid within those days, as a condition on `c.customer_id`. */
export const paidLately = (t: Tenant, today: Day): SqlPiece => t.sql`c.customer_id in (
  select r.customer_id from ${t.from('allocation')} l join ${t.from('item')} r on r.item_id = l.credit_item_id
  where l.effective_on between ${addDays(today, -THANKS_DAYS)}::date and ${today}::date and r.kind = 'receipt')`;

const LIVE = new Set(['proposed', 'approved', 'claimed', 'unknown']);

/**
 * The items of customers that a receipt settled lately. A payment is thanked for once: neither an item already thanked for nor another one of
 * the same payment is given again; those whose thanks still stand are given with that action.
 */
export async function loadSettled(t: Tenant, customers: readonly string[], today: Day): Promise<SettledRow[]> {
  const rows = await t.rows<Omit<SettledRow, 'pending'>>(t.sql`
    select d.item_id, d.customer_id, d.document, d.label, d.currency, d.amount, d.issued_on, d.due_on, d.first_seen_on, d.estimated,
      (array_agg(l.credit_item_id order by l.effective_on desc, l.allocation_id desc))[1] as payment, max(l.effective_on) as settled_on
    from ${t.from('allocation')} l
    join ${t.from('item')} d on d.item_id = l.debit_item_id and d.side = 'debit' and d.allocated = d.amount and d.voided_at is null
    join ${t.from('item')} r on r.item_id = l.credit_item_id and r.kind = 'receipt' and r.voided_at is null
    where d.customer_id = any(${customers}::bigint[]) and l.reverses is null and l.effective_on between ${addDays(today, -THANKS_DAYS)}::date and ${today}::date
      and not exists (select from ${t.from('allocation')} b where b.reverses = l.allocation_id)
    group by d.item_id, d.customer_id, d.document, d.label, d.currency, d.amount, d.issued_on, d.due_on, d.first_seen_on, d.estimated
    order by d.customer_id, d.item_id`);
  if (rows.length === 0) return [];
  const thanked = await t.rows<{ action_id: ActionId; state: string; item_id: ItemId; payment: string }>(t.sql`
    select a.action_id, a.state, x.item_id, l.credit_item_id as payment
    from ${t.from('action')} a join ${t.from('action_item')} x on x.action_id = a.action_id join ${t.from('allocation')} l on l.debit_item_id = x.item_id
    where a.purpose = 'thankYou' and a.customer_id = any(${customers}::bigint[])`);
  const standing = new Map(thanked.filter(({ state }) => LIVE.has(state)).map((one) => [one.item_id, one]));
  const known = new Set(thanked.flatMap(({ item_id: item, payment }) => [`item ${item}`, `payment ${payment}`]));
  return rows.flatMap((row): SettledRow[] => {
    const live = standing.get(row.item_id);
    if (live !== undefined) return [{ ...row, pending: { actionId: live.action_id, state: live.state as PendingAction['state'], step: 0 } }];
    return known.has(`item ${row.item_id}`) || known.has(`payment ${row.payment}`) ? [] : [{ ...row, pending: null }];
  });
}

/** A settled item as the engine takes it. */
export const settledItem = (row: SettledRow, done: Pick<ItemFacts, 'lastStepDone'>): ItemFacts => ({
  itemId: row.item_id, document: row.document ?? row.label ?? row.item_id, kind: 'other', currency: row.currency, amount: BigInt(row.amount), open: 0n, issuedOn: row.issued_on,
  dueOn: row.due_on, firstSeenOn: row.first_seen_on, estimated: row.estimated, lastStepDone: done.lastStepDone, pendingAction: row.pending, round: 0,
  settled: { payment: row.payment, on: row.settled_on },
});

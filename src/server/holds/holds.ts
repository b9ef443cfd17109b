import type { Clock } from '#core/kernel/clock.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, HoldId, ItemId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Kinds of hold. */
export const HOLD_KINDS = ['dispute', 'promise', 'plan', 'pause', 'insolvency'] as const;
/** One of them. */
export type HoldKind = (typeof HOLD_KINDS)[number];

/** A reason not to chase, as a person enters it. `amount` is minor units of the item's currency; null is all of it. */
export type NewHold = {
  readonly customerId: CustomerId;
  readonly itemId: ItemId | null;
  readonly kind: HoldKind;
  readonly reason: string | null;
  readonly amount: bigint | null;
  readonly from: Day;
  readonly until: Day | null;
  readonly note: string | null;
};

/** Who does it, and when. */
export type By = { readonly clock: Clock; readonly actor: string };

/** Days left after a promised day for the money to arrive on the account (bank holidays, value dates). */
const PROMISE_GRACE_DAYS = 2;

/** Enters a hold. The customer's row is locked first: a message being claimed meanwhile either sees the hold or was before it. */
export async function addHold(t: Tenant, hold: NewHold, by: By): Promise<HoldId> {
  await t.run(t.sql`select from ${t.from('customer')} c where c.customer_id = ${hold.customerId}::bigint for update`);
  const grace = hold.kind === 'promise' || hold.kind === 'plan' ? PROMISE_GRACE_DAYS : 0;
  const row = await t.one<{ hold_id: HoldId }>(t.sql`
    ${t.into('hold', 'customer_id, item_id, kind, reason, amount, from_on, until_on, grace_days, note, created_at, actor')}
    values (${t.org}, ${hold.customerId}::bigint, ${hold.itemId}::bigint, ${hold.kind}, ${hold.reason}, ${hold.amount}::bigint, ${hold.from}::date,
      ${hold.until}::date, ${grace}, ${hold.note}, ${by.clock.now()}::timestamptz, ${by.actor})
    returning hold_id`);
  if (row === null) throw new Error('no hold row');
  await record(t, {
    at: by.clock.now(), actor: by.actor, kind: 'hold.added', subject: `customer:${hold.customerId}`,
    facts: {
      hold: row.hold_id, kind: hold.kind, item: hold.itemId, reason: hold.reason, amount: hold.amount === null ? null : String(hold.amount), from: hold.from,
      until: hold.until,
    },
  });
  return row.hold_id;
}

/** Ends a hold on a day; dunning resumes from then. False when there is no such hold in force. */
export async function endHold(t: Tenant, holdId: HoldId, of: { on: Day; reason: string; by: By }): Promise<boolean> {
  const ended = await t.one<{ customer_id: string; kind: string }>(t.sql`
    ${t.update('hold', 'h')} set ended_on = ${of.on}::date, ended_reason = ${of.reason}
    where ${t.own('h')} and h.hold_id = ${holdId}::bigint and h.ended_on is null returning h.customer_id, h.kind`);
  if (ended === null) return false;
  await record(t, {
    at: of.by.clock.now(), actor: of.by.actor, kind: 'hold.ended', subject: `customer:${ended.customer_id}`,
    facts: { hold: holdId, kind: ended.kind, on: of.on, reason: of.reason },
  });
  return true;
}

/** A hold as lists show it; amounts are minor units as texts. */
export type HoldRow = {
  hold_id: HoldId; customer: string; customer_id: string; item_id: string | null; document: string | null; currency: Currency | null; kind: HoldKind; reason: string | null; amount: string | null;
  from_on: Day; until_on: Day | null; grace_days: number; note: string | null; created_at: string; actor: string; ended_on: Day | null; ended_reason: string | null;
};

/** Holds of the organisation or of one customer, newest first; those in force only unless `all`. */
export async function listHolds(t: Tenant, filter: { customerId?: string; all?: boolean } = {}): Promise<HoldRow[]> {
  return t.rows<HoldRow>(t.sql`
    select h.hold_id, c.code as customer, h.customer_id, h.item_id, i.document, i.currency, h.kind, h.reason, h.amount, h.from_on, h.until_on, h.grace_days, h.note,
      h.created_at, h.actor, h.ended_on, h.ended_reason
    from ${t.from('hold')} h join ${t.from('customer')} c on c.customer_id = h.customer_id left join ${t.from('item')} i on i.item_id = h.item_id
    where (${filter.customerId ?? null}::bigint is null or h.customer_id = ${filter.customerId ?? null}::bigint)
      and (${filter.all ?? false} or h.ended_on is null)
    order by h.hold_id desc limit 10000`);
}

import type { Clock } from '#core/kernel/clock.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, HoldId, ItemId } from '#core/kernel/id.ts';
import { GRACE_DAYS } from '#core/holds/grace.ts';
import type { HoldKind, HoldState } from '#core/holds/hold-state.ts';
import type { PromiseChannel } from '#core/holds/promise.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { raiseClaim } from './insolvency.ts';

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
  /** Of the amount, for a promise of the whole account; an item has its own. */
  readonly currency?: Currency;
  /** The items a promise covers when they are several; `itemId` is null then. */
  readonly items?: readonly ItemId[];
  readonly graceDays?: number;
  /** Who promised, and how. */
  readonly promisedBy?: string | null;
  readonly channel?: PromiseChannel | null;
  /** Who looks after a dispute, outside finance, and until when it should be settled. */
  readonly owner?: { readonly name: string | null; readonly email: string | null };
  readonly deadlineOn?: Day | null;
  /** Insolvency: the day the opening was published, and the court; `from` is the day of the judgment. */
  readonly publishedOn?: Day | null;
  readonly court?: string | null;
};

/** Who does it, and when. */
export type By = { readonly clock: Clock; readonly actor: string };

/** Locks a customer: a message being claimed meanwhile either sees what is written after this or was before it. */
export async function lockCustomer(t: Tenant, customerId: string): Promise<void> {
  await t.run(t.sql`select from ${t.from('customer')} c where c.customer_id = ${customerId}::bigint for update`);
}

const graceOf = (hold: NewHold): number => (hold.kind === 'promise' || hold.kind === 'plan' ? (hold.graceDays ?? GRACE_DAYS) : 0);

/** The reason of a dispute is a code of a list; that of the others is words of a person, which no event holds. */
const codeOf = ({ kind, reason }: NewHold): string | null => (kind === 'dispute' ? reason : null);

/** Enters a hold. A promise on items remembers what was open of them, so that what comes in is counted from here. */
export async function addHold(t: Tenant, hold: NewHold, by: By): Promise<HoldId> {
  await lockCustomer(t, hold.customerId);
  const several = hold.items ?? [];
  const amount = hold.kind === 'promise' && hold.amount === null && hold.itemId === null && several.length === 0 ? await openOfAccount(t, hold) : hold.amount;
  const row = await t.one<{ hold_id: HoldId }>(t.sql`
    ${t.into('hold', `customer_id, item_id, kind, reason, amount, from_on, until_on, grace_days, note, created_at, actor, currency, channel, promised_by, covers_items,
      owner_name, owner_email, deadline_on, published_on, court`)}
    values (${t.org}, ${hold.customerId}::bigint, ${hold.itemId}::bigint, ${hold.kind}, ${hold.reason}, ${amount}::bigint, ${hold.from}::date, ${hold.until}::date, ${graceOf(hold)},
      ${hold.note}, ${by.clock.now()}::timestamptz, ${by.actor}, ${hold.currency ?? null}, ${hold.channel ?? null}, ${hold.promisedBy ?? null}, ${several.length > 0},
      ${hold.owner?.name ?? null}, ${hold.owner?.email ?? null}, ${hold.deadlineOn ?? null}::date, ${hold.publishedOn ?? null}::date, ${hold.court ?? null})
    returning hold_id`);
  if (row === null) throw new Error('no hold row');
  const covered = several.length > 0 ? several : hold.itemId === null ? [] : [hold.itemId];
  if (hold.kind === 'promise' && covered.length > 0) await coverItems(t, row.hold_id, { items: covered, asOf: hold.from });
  await record(t, {
    at: by.clock.now(), actor: by.actor, kind: 'hold.added', subject: `customer:${hold.customerId}`,
    facts: {
      hold: row.hold_id, kind: hold.kind, item: hold.itemId, reason: codeOf(hold), amount: amount === null ? null : String(amount), from: hold.from, until: hold.until,
      ...(several.length > 0 ? { items: several } : {}), ...(hold.channel === undefined ? {} : { channel: hold.channel }),
      ...(hold.deadlineOn === undefined ? {} : { deadline: hold.deadlineOn }), ...(hold.publishedOn === undefined ? {} : { published: hold.publishedOn }),
    },
  });
  if (hold.kind === 'insolvency') await raiseClaim(t, row.hold_id, { customerId: hold.customerId, publishedOn: hold.publishedOn ?? null, by });
  return row.hold_id;
}

/** Remembers what was open of the items of a hold on a day; items of other customers or that are no debits are left out. Gives what was open in all. */
export async function coverItems(t: Tenant, holdId: HoldId, of: { items: readonly ItemId[]; asOf: Day }): Promise<bigint> {
  const rows = await t.rows<{ open_amount: string }>(t.sql`
    ${t.into('hold_item', 'hold_id, item_id, open_amount')}
    select ${t.org}, h.hold_id, i.item_id, greatest(i.amount - coalesce((
      select sum(a.amount) from ${t.from('allocation')} a where a.debit_item_id = i.item_id and a.effective_on <= ${of.asOf}::date), 0), 0)
    from ${t.from('hold')} h join ${t.from('item')} i on i.customer_id = h.customer_id and i.side = 'debit' and i.item_id = any(${of.items}::bigint[])
    where h.hold_id = ${holdId}::bigint returning open_amount`);
  return rows.reduce((sum, row) => sum + BigInt(row.open_amount), 0n);
}

/** What a promise of the whole account is of when no amount was said: all that is due by its day; null when nothing is. */
async function openOfAccount(t: Tenant, hold: NewHold): Promise<bigint | null> {
  const row = await t.one<{ open: string | null }>(t.sql`
    select sum(i.amount - i.allocated)::text as open from ${t.from('item')} i
    where i.customer_id = ${hold.customerId}::bigint and i.side = 'debit' and i.voided_at is null and i.allocated < i.amount
      and i.due_on <= ${hold.until}::date and (${hold.currency ?? null}::text is null or i.currency = ${hold.currency ?? null})
    having count(distinct i.currency) = 1`);
  return row === null || row.open === null ? null : BigInt(row.open);
}

/** Reasons that are no words of a person: the row keeps those, the event says that a person gave one. */
const ENDED_BECAUSE: ReadonlySet<string> = new Set(['rejected', 'replanned', 'enteredByMistake']);

/** Ends a hold on a day; dunning resumes from then. False when there is no such hold in force. */
export async function endHold(t: Tenant, holdId: HoldId, of: { on: Day; reason: string; by: By; state?: HoldState }): Promise<boolean> {
  const ended = await t.one<{ customer_id: string; kind: string }>(t.sql`
    ${t.update('hold', 'h')} set ended_on = ${of.on}::date, ended_reason = ${of.reason}, state = ${of.state ?? 'ended'}, state_on = ${of.on}::date
    where ${t.own('h')} and h.hold_id = ${holdId}::bigint and h.ended_on is null returning h.customer_id, h.kind`);
  if (ended === null) return false;
  await record(t, {
    at: of.by.clock.now(), actor: of.by.actor, kind: 'hold.ended', subject: `customer:${ended.customer_id}`,
    facts: { hold: holdId, kind: ended.kind, on: of.on, because: ENDED_BECAUSE.has(of.reason) ? of.reason : 'person' },
  });
  return true;
}

/** A hold as lists show it; amounts are minor units as texts. */
export type HoldRow = {
  hold_id: HoldId; customer: string; customer_id: string; item_id: string | null; document: string | null; currency: Currency | null; kind: HoldKind; reason: string | null; amount: string | null;
  from_on: Day; until_on: Day | null; grace_days: number; note: string | null; created_at: string; actor: string; ended_on: Day | null; ended_reason: string | null;
  state: HoldState; channel: PromiseChannel | null; promised_by: string | null; accepted_on: Day | null; owner_name: string | null; owner_email: string | null; deadline_on: Day | null;
};

/** Holds of the organisation or of one customer, newest first; those in force only unless `all`. */
export async function listHolds(t: Tenant, filter: { customerId?: string; all?: boolean } = {}): Promise<HoldRow[]> {
  return t.rows<HoldRow>(t.sql`
    select h.hold_id, c.code as customer, h.customer_id, h.item_id, i.document, coalesce(i.currency, h.currency) as currency, h.kind, h.reason, h.amount, h.from_on, h.until_on, h.grace_days,
      h.note, h.created_at, h.actor, h.ended_on, h.ended_reason, h.state, h.channel, h.promised_by, h.accepted_on, h.owner_name, h.owner_email, h.deadline_on
    from ${t.from('hold')} h join ${t.from('customer')} c on c.customer_id = h.customer_id left join ${t.from('item')} i on i.item_id = h.item_id
    where (${filter.customerId ?? null}::bigint is null or h.customer_id = ${filter.customerId ?? null}::bigint)
      and (${filter.all ?? false} or h.ended_on is null)
    order by h.hold_id desc limit 10000`);
}

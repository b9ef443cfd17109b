import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, HoldId } from '#core/kernel/id.ts';
import type { HoldKind, HoldState } from '#core/holds/hold-state.ts';
import type { PromiseChannel } from '#core/holds/promise.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';
import { disputedAmount } from './disputed-amount.ts';
import { loadStandings } from './standings.ts';
import type { HoldStanding } from './standings.ts';

/** How holds are narrowed. `inForce` leaves out those that ended; `before` is the last one of the page before. */
export type HoldFilter = {
  readonly kinds?: readonly HoldKind[]; readonly states?: readonly HoldState[]; readonly customerId?: CustomerId; readonly holdId?: HoldId; readonly reasons?: readonly string[];
  /** Disputes whose deadline is over; those a person looks after, by their e-mail or their name. */
  readonly late?: boolean; readonly ownedBy?: { readonly name: string; readonly email: string };
  /** Oldest first; else newest first. */
  readonly oldestFirst?: boolean;
  /** Part of the owner's name or e-mail; `none`: nobody looks after it. */
  readonly owner?: { readonly like: string } | 'none';
  /** At least so many days old. */
  readonly agedDaysMin?: number; readonly inForce?: boolean; readonly before?: HoldId;
};

/** What a list says of a hold beside where it stands. */
export type HoldLabel = {
  readonly customer: string; readonly customerName: string; readonly document: string | null; readonly reason: string | null; readonly note: string | null; readonly actor: string; readonly createdAt: string;
  readonly channel: PromiseChannel | null; readonly promisedBy: string | null; readonly acceptedBy: string | null; readonly ownerName: string | null; readonly ownerEmail: string | null;
  readonly deadlineOn: Day | null; readonly publishedOn: Day | null; readonly claimFiledOn: Day | null; readonly replaces: HoldId | null; readonly court: string | null;
  /** What is in dispute, in minor units of the item's currency; null without an item, and for the other kinds. */
  readonly disputed: bigint | null;
};

/** A hold in a list. */
export type ListedHold = HoldStanding & { readonly label: HoldLabel };

/** Holds of one page. */
export const HOLDS_PAGE = 200;

type Row = {
  hold_id: HoldId; customer: string; customer_name: string; document: string | null; reason: string | null; note: string | null; actor: string; created_at: string; channel: PromiseChannel | null;
  promised_by: string | null; accepted_by: string | null; owner_name: string | null; owner_email: string | null; deadline_on: Day | null; published_on: Day | null; claim_filed_on: Day | null; replaces: HoldId | null; court: string | null; disputed: string | null;
};

/** The condition of a filter on alias `h`. */
function narrowed(t: Tenant, filter: HoldFilter, today: Day): SqlPiece {
  const { kinds = null, states = null, reasons = null, ownedBy = null } = filter;
  const like = filter.owner === undefined || filter.owner === 'none' ? null : `%${filter.owner.like.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return t.sql`((${kinds}::text[] is null or h.kind = any(${kinds}::text[])) and (${states}::text[] is null or h.state = any(${states}::text[]))
    and (${reasons}::text[] is null or coalesce(h.reason, 'other') = any(${reasons}::text[]))
    and (${filter.customerId ?? null}::bigint is null or h.customer_id = ${filter.customerId ?? null}::bigint) and (${filter.holdId ?? null}::bigint is null or h.hold_id = ${filter.holdId ?? null}::bigint)
    and (${filter.owner !== 'none'} or (h.owner_name is null and h.owner_email is null)) and (${like}::text is null or h.owner_name ilike ${like} or h.owner_email ilike ${like})
    and (${ownedBy === null} or lower(h.owner_email) = lower(${ownedBy?.email ?? null}) or lower(h.owner_name) = lower(${ownedBy?.name ?? null}))
    and (${filter.agedDaysMin ?? null}::int is null or ${today}::date - h.from_on >= ${filter.agedDaysMin ?? null}::int)
    and (not ${filter.late ?? false} or (h.ended_on is null and h.deadline_on < ${today}::date)) and (not ${filter.inForce ?? false} or h.ended_on is null))`;
}

/** Holds with where they stand today, newest first unless asked otherwise, one page of them; `more` when there are others. */
export async function pageOfHolds(t: Tenant, filter: HoldFilter, today: Day): Promise<{ holds: ListedHold[]; more: boolean }> {
  const before = filter.before ?? null;
  const rows = await t.rows<Row>(t.sql`
    select h.hold_id, c.code as customer, c.name as customer_name, coalesce(i.document, i.label) as document, h.reason, h.note, h.actor, h.created_at, h.channel, h.promised_by, h.accepted_by,
      h.owner_name, h.owner_email, h.deadline_on, h.published_on, h.claim_filed_on, h.replaces, h.court,
      case when h.kind = 'dispute' then ${disputedAmount(t)} end::text as disputed
    from ${t.from('hold')} h join ${t.from('customer')} c on c.customer_id = h.customer_id left join ${t.from('item')} i on i.item_id = h.item_id
    where ${narrowed(t, filter, today)} and (${before}::bigint is null or case when ${filter.oldestFirst ?? false} then h.hold_id > ${before}::bigint else h.hold_id < ${before}::bigint end)
    order by case when ${filter.oldestFirst ?? false} then h.hold_id end, h.hold_id desc limit ${HOLDS_PAGE + 1}`);
  const page = rows.slice(0, HOLDS_PAGE);
  const standings = new Map((await loadStandings(t, t.sql`h.hold_id = any(${page.map((row) => row.hold_id)}::bigint[])`, today)).map((one) => [one.hold.holdId, one]));
  const holds = page.flatMap((row): ListedHold[] => {
    const standing = standings.get(row.hold_id);
    return standing === undefined ? [] : [{ ...standing, label: labelOf(row) }];
  });
  return { holds, more: rows.length > HOLDS_PAGE };
}

const labelOf = (row: Row): HoldLabel => ({
  customer: row.customer, customerName: row.customer_name, document: row.document, reason: row.reason, note: row.note, actor: row.actor, createdAt: row.created_at, channel: row.channel,
  promisedBy: row.promised_by, acceptedBy: row.accepted_by, ownerName: row.owner_name, ownerEmail: row.owner_email, deadlineOn: row.deadline_on, publishedOn: row.published_on,
  claimFiledOn: row.claim_filed_on, replaces: row.replaces, court: row.court, disputed: row.disputed === null ? null : BigInt(row.disputed),
});

/** How many holds a filter finds and what they are about, by currency (null: nobody can say); amounts are minor units. */
export type HoldTotal = { readonly currency: Currency | null; readonly count: number; readonly amount: bigint };

/** Sums all that a filter finds, whatever the page: what is in dispute, what was promised or planned. */
export async function sumHolds(t: Tenant, filter: HoldFilter, today: Day): Promise<HoldTotal[]> {
  const rows = await t.rows<{ currency: Currency | null; count: number; amount: string }>(t.sql`
    select n.currency, count(*)::int as count, coalesce(sum(n.amount), 0)::text as amount from (
      select coalesce(i.currency, h.currency) as currency, case when h.kind = 'dispute' then ${disputedAmount(t)}
        else coalesce(h.amount, (select sum(x.open_amount)::bigint from ${t.from('hold_item')} x where x.hold_id = h.hold_id and x.carried_from is null)) end as amount
      from ${t.from('hold')} h left join ${t.from('item')} i on i.item_id = h.item_id where ${narrowed(t, filter, today)}
    ) n group by n.currency order by count(*) desc, n.currency`);
  return rows.map((row) => ({ currency: row.currency, count: row.count, amount: BigInt(row.amount) }));
}

/** What a person or a list shows of the state: a hold that somebody ended is ended, whatever the ledger says of it since. */
export function shownState({ hold, now }: HoldStanding): HoldState {
  if (hold.endedOn === null) return now;
  return hold.state === 'open' || hold.endedReason !== hold.state ? 'ended' : hold.state;
}

/** An item that a promise or a plan covers, as it stands. */
export type CoveredItem = { readonly itemId: string; readonly document: string; readonly dueOn: Day; readonly issuedOn: Day; readonly kind: string; readonly currency: Currency; readonly amount: bigint; readonly openThen: bigint; readonly open: bigint };

/** The items of a promise or a plan, oldest first; of a dispute or a pause the one it is on. */
export async function coveredItems(t: Tenant, holdId: HoldId): Promise<CoveredItem[]> {
  const rows = await t.rows<{ item_id: string; document: string; due_on: Day; issued_on: Day; kind: string; currency: Currency; amount: string; open_then: string; open: string }>(t.sql`
    select i.item_id, coalesce(i.document, i.label, i.item_id::text) as document, i.due_on, i.issued_on, i.kind, i.currency, i.amount, x.open_amount as open_then,
      case when i.voided_at is null then i.amount - i.allocated else 0 end::text as open
    from ${t.from('hold_item')} x join ${t.from('item')} i on i.item_id = x.item_id
    where x.hold_id = ${holdId}::bigint and x.carried_from is null
    union all
    select i.item_id, coalesce(i.document, i.label, i.item_id::text), i.due_on, i.issued_on, i.kind, i.currency, i.amount, i.amount,
      case when i.voided_at is null then i.amount - i.allocated else 0 end::text
    from ${t.from('hold')} h join ${t.from('item')} i on i.item_id = h.item_id where h.hold_id = ${holdId}::bigint and h.kind in ('dispute', 'pause')
    order by 3, 1`);
  return rows.map((row) => ({
    itemId: row.item_id, document: row.document, dueOn: row.due_on, issuedOn: row.issued_on, kind: row.kind, currency: row.currency, amount: BigInt(row.amount), openThen: BigInt(row.open_then), open: BigInt(row.open),
  }));
}

/** The ticked steps of a dispute's action plan, by code. */
export async function tickedSteps(t: Tenant, holdId: HoldId): Promise<ReadonlyMap<string, { at: string; by: string }>> {
  const rows = await t.rows<{ code: string; done_at: string; done_by: string }>(t.sql`select s.code, s.done_at, s.done_by from ${t.from('hold_step')} s where s.hold_id = ${holdId}::bigint and s.done_at is not null`);
  return new Map(rows.map((row) => [row.code, { at: row.done_at, by: row.done_by }]));
}

import type { Currency } from '#core/kernel/currency.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, HoldId, ItemId } from '#core/kernel/id.ts';
import { never } from '#core/kernel/result.ts';
import { disputeStanding } from '#core/holds/dispute.ts';
import type { DisputeFacts, DisputeOutcome } from '#core/holds/dispute.ts';
import { lastDayOf } from '#core/holds/grace.ts';
import type { HoldKind, HoldState } from '#core/holds/hold-state.ts';
import { planStanding } from '#core/holds/plan.ts';
import type { PlanInstalment, PlanStanding } from '#core/holds/plan.ts';
import { promiseStanding } from '#core/holds/promise.ts';
import type { Received } from '#core/holds/received.ts';
import type { Place } from '#core/ledger/calendar.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/** A hold as stored, in the types of the core. */
export type StoredHold = {
  readonly holdId: HoldId; readonly customerId: CustomerId; readonly kind: HoldKind; readonly itemId: ItemId | null; readonly currency: Currency | null; readonly amount: bigint | null; readonly from: Day;
  readonly until: Day | null; readonly graceDays: number; readonly place: Place; readonly acceptedOn: Day | null; readonly outcome: DisputeOutcome | null; readonly outcomeOn: Day | null;
  readonly endedOn: Day | null; readonly endedReason: string | null; readonly state: HoldState; readonly stateOn: Day | null;
  /** Items that a promise or a plan covers; null when `itemId` says it. */
  readonly items: ReadonlySet<ItemId> | null;
};

/** A hold with where it stands on the day asked, whatever was noted of it before. */
export type HoldStanding = {
  readonly hold: StoredHold; readonly now: HoldState;
  /** Since when; null while it goes on. */
  readonly on: Day | null;
  /** What came in for a promise or a plan, minor units; null for the others. */
  readonly received: bigint | null;
  /** What was promised, or the total of the plan; null when nobody can say. */
  readonly wanted: bigint | null;
  readonly plan: PlanStanding | null;
};

type Row = {
  hold_id: HoldId; customer_id: CustomerId; kind: HoldKind; item_id: ItemId | null; currency: Currency | null; amount: string | null; from_on: Day; until_on: Day | null; grace_days: number;
  country: string; postal_code: string | null; accepted_on: Day | null; outcome: DisputeOutcome | null; outcome_on: Day | null; ended_on: Day | null; ended_reason: string | null;
  state: HoldState; state_on: Day | null;
};

/** What holds rest on, by hold. */
type Ground = {
  readonly received: ReadonlyMap<string, Received[]>;
  readonly covered: ReadonlyMap<string, { item: ItemId; open: bigint; carried: boolean }[]>;
  readonly instalments: ReadonlyMap<string, PlanInstalment[]>;
  readonly disputed: ReadonlyMap<string, NonNullable<DisputeFacts['item']>>;
};

/** Whether alias `h` ended by itself, so that it goes on again when what ended it is taken back. */
export const selfEnded = (t: Tenant): SqlPiece => t.sql`(h.ended_reason = h.state and h.state not in ('ended', 'rejected'))`;

/**
 * Holds of customers that bear on dunning at the end of a day: those in force, and commitments that were not held, which cover nothing more
 * but make the next step firmer. Plans that nobody accepted and what was kept are none. `within` is a condition on alias `h`.
 */
export async function loadInForce(t: Tenant, within: SqlPiece, today: Day): Promise<HoldStanding[]> {
  const which = t.sql`(${within} and h.from_on <= ${today}::date and (h.ended_on is null or h.ended_on > ${today}::date or (${selfEnded(t)} and h.state in ('partly', 'broken', 'defaulted'))))`;
  return (await loadStandings(t, which, today)).filter(({ now }) => BEARING.has(now));
}

const BEARING: ReadonlySet<HoldState> = new Set(['open', 'partly', 'broken', 'current', 'late', 'defaulted', 'awaitingCredit', 'creditLate']);

/** The day until which a hold suspends: of a plan that of the instalment it waits for, or that ended it. */
export function suspendsUntil({ hold, plan }: HoldStanding): Day | null {
  if (plan === null) return hold.until;
  return (plan.instalments.find(({ state }) => state === 'missed') ?? plan.next)?.dueOn ?? hold.until;
}

/** Holds that meet a condition on alias `h`, with where each stands at the end of a day; the same few statements however many they are. */
export async function loadStandings(t: Tenant, which: SqlPiece, today: Day): Promise<HoldStanding[]> {
  const rows = await t.rows<Row>(t.sql`
    select h.hold_id, h.customer_id, h.kind, h.item_id, coalesce(i.currency, h.currency) as currency, h.amount, h.from_on, h.until_on, h.grace_days, c.country, c.postal_code, h.accepted_on,
      h.outcome, h.outcome_on, h.ended_on, h.ended_reason, h.state, h.state_on
    from ${t.from('hold')} h join ${t.from('customer')} c on c.customer_id = h.customer_id left join ${t.from('item')} i on i.item_id = h.item_id
    where ${which} order by h.hold_id`);
  const kinds = new Set(rows.map((row) => row.kind));
  const committed = kinds.has('promise') || kinds.has('plan');
  const ground: Ground = {
    received: committed ? await loadReceived(t, which, today) : new Map(),
    covered: committed ? await loadCovered(t, which) : new Map(),
    instalments: kinds.has('plan') ? await loadInstalments(t, which) : new Map(),
    disputed: kinds.has('dispute') ? await loadDisputed(t, which, today) : new Map(),
  };
  return rows.map((row) => standingOf(storedHold(row, ground), ground, today));
}

function storedHold(row: Row, ground: Ground): StoredHold {
  const covered = ground.covered.get(row.hold_id);
  return {
    holdId: row.hold_id, customerId: row.customer_id, kind: row.kind, itemId: row.item_id, currency: row.currency, amount: row.amount === null ? null : BigInt(row.amount), from: row.from_on,
    until: row.until_on, graceDays: row.grace_days, place: { country: row.country, postalCode: row.postal_code }, acceptedOn: row.accepted_on, outcome: row.outcome, outcomeOn: row.outcome_on,
    endedOn: row.ended_on, endedReason: row.ended_reason, state: row.state, stateOn: row.state_on, items: covered === undefined ? null : new Set(covered.map(({ item }) => item)),
  };
}

function standingOf(hold: StoredHold, ground: Ground, today: Day): HoldStanding {
  const none = { hold, received: null, wanted: null, plan: null };
  switch (hold.kind) {
    case 'promise': return ofPromise(hold, ground, today);
    case 'plan': return ofPlan(hold, ground, today);
    case 'dispute': {
      const standing = disputeStanding({ amount: hold.amount, outcome: hold.outcome, outcomeOn: hold.outcomeOn, item: ground.disputed.get(hold.holdId) ?? null }, today);
      return { ...none, now: standing.state, on: standing.on };
    }
    case 'pause': {
      const over = hold.until !== null && today > hold.until;
      return { ...none, now: over ? 'over' : 'open', on: over && hold.until !== null ? addDays(hold.until, 1) : null };
    }
    case 'insolvency': return { ...none, now: 'open', on: null };
    default: return never(hold.kind);
  }
}

function ofPromise(hold: StoredHold, ground: Ground, today: Day): HoldStanding {
  if (hold.until === null) throw new Error(`promise ${hold.holdId} has no day`);
  const covered = ground.covered.get(hold.holdId)?.filter(({ carried }) => !carried) ?? null;
  const wanted = hold.amount ?? covered?.reduce((sum, { open }) => sum + open, 0n) ?? null;
  const standing = promiseStanding({ amount: wanted, until: hold.until, graceDays: hold.graceDays, place: hold.place }, ground.received.get(hold.holdId) ?? [], today);
  return { hold, now: standing.state, on: standing.on, received: standing.received, wanted, plan: null };
}

function ofPlan(hold: StoredHold, ground: Ground, today: Day): HoldStanding {
  const instalments = ground.instalments.get(hold.holdId);
  if (instalments !== undefined) {
    const plan = planStanding({ instalments, graceDays: hold.graceDays, place: hold.place, acceptedOn: hold.acceptedOn }, ground.received.get(hold.holdId) ?? [], today);
    return { hold, now: plan.state, on: plan.on, received: plan.received, wanted: hold.amount, plan };
  }
  // A plan whose instalments nobody entered: it holds until its day, and only a person can say that it was kept.
  const last = hold.until === null ? null : lastDayOf(hold.until, hold.graceDays, hold.place);
  const over = last !== null && today > last;
  return { hold, now: over ? 'defaulted' : 'open', on: over ? addDays(last, 1) : null, received: null, wanted: hold.amount, plan: null };
}

/**
 * What came in for promises and plans, by day. On items: what was allocated less what was when the hold was made; an item that was taken
 * out of the ledger and not replaced is owed no more. On an account: what was allocated to any of its debits from the first day on.
 */
async function loadReceived(t: Tenant, which: SqlPiece, today: Day): Promise<Map<string, Received[]>> {
  const rows = await t.rows<{ hold_id: string; on: Day; minor: string }>(t.sql`
    with of_items as materialized (
      select h.hold_id, h.from_on, i.item_id, i.amount - x.open_amount as before, x.open_amount, i.voided_at,
        exists (select from ${t.from('hold_item')} n where n.hold_id = x.hold_id and n.carried_from = x.item_id) as replaced
      from ${t.from('hold')} h join ${t.from('hold_item')} x on x.hold_id = h.hold_id join ${t.from('item')} i on i.item_id = x.item_id
      where h.kind in ('promise', 'plan') and ${which}
    ), moves as (
      select o.hold_id, greatest(a.effective_on, o.from_on) as "on", a.amount from of_items o join ${t.from('allocation')} a on a.debit_item_id = o.item_id where o.voided_at is null
      union all select o.hold_id, o.from_on, -o.before from of_items o where o.voided_at is null and o.before <> 0
      union all select o.hold_id, greatest(o.voided_at::date, o.from_on), o.open_amount from of_items o where o.voided_at is not null and not o.replaced
      union all select h.hold_id, a.effective_on, a.amount
      from ${t.from('hold')} h join ${t.from('item')} d on d.customer_id = h.customer_id and d.side = 'debit' and (h.currency is null or d.currency = h.currency)
      join ${t.from('allocation')} a on a.debit_item_id = d.item_id and a.effective_on >= h.from_on
      where h.kind = 'promise' and h.item_id is null and not h.covers_items and ${which}
    )
    select m.hold_id, m."on", sum(m.amount)::text as minor from moves m where m."on" <= ${today}::date group by m.hold_id, m."on" having sum(m.amount) <> 0 order by m.hold_id, m."on"`);
  return gather(rows, (row) => ({ on: row.on, minor: BigInt(row.minor) }));
}

async function loadCovered(t: Tenant, which: SqlPiece): Promise<Map<string, { item: ItemId; open: bigint; carried: boolean }[]>> {
  const rows = await t.rows<{ hold_id: string; item_id: ItemId; open_amount: string; carried: boolean }>(t.sql`
    select x.hold_id, x.item_id, x.open_amount, x.carried_from is not null as carried from ${t.from('hold')} h join ${t.from('hold_item')} x on x.hold_id = h.hold_id
    where h.kind in ('promise', 'plan') and ${which} order by x.hold_id, x.item_id`);
  return gather(rows, (row) => ({ item: row.item_id, open: BigInt(row.open_amount), carried: row.carried }));
}

async function loadInstalments(t: Tenant, which: SqlPiece): Promise<Map<string, PlanInstalment[]>> {
  const rows = await t.rows<{ hold_id: string; due_on: Day; amount: string }>(t.sql`
    select p.hold_id, p.due_on, p.amount from ${t.from('hold')} h join ${t.from('hold_instalment')} p on p.hold_id = h.hold_id
    where h.kind = 'plan' and ${which} order by p.hold_id, p.ordinal`);
  return gather(rows, (row) => ({ dueOn: row.due_on, minor: BigInt(row.amount) }));
}

type DisputedRow = { hold_id: string; amount: string; gone: boolean; settled: string; credited: string; settled_on: Day | null };

async function loadDisputed(t: Tenant, which: SqlPiece, today: Day): Promise<Map<string, NonNullable<DisputeFacts['item']>>> {
  const rows = await t.rows<DisputedRow>(t.sql`
    select h.hold_id, i.amount, i.voided_at is not null as gone, coalesce(sum(a.amount), 0)::text as settled,
      coalesce(sum(a.amount) filter (where k.kind = 'creditNote' and a.effective_on >= h.from_on), 0)::text as credited,
      coalesce(max(a.effective_on), i.voided_at::date) as settled_on
    from ${t.from('hold')} h join ${t.from('item')} i on i.item_id = h.item_id
    left join (${t.from('allocation')} a join ${t.from('item')} k on k.item_id = a.credit_item_id) on a.debit_item_id = i.item_id and a.effective_on <= ${today}::date
    where h.kind = 'dispute' and ${which} group by h.hold_id, i.amount, i.voided_at`);
  return new Map(rows.map((row) => {
    const amount = BigInt(row.amount);
    // An invoice that its accountant took out of the ledger was withdrawn, as by a credit note.
    return [row.hold_id, { amount, open: row.gone ? 0n : amount - BigInt(row.settled), credited: row.gone ? amount : BigInt(row.credited), settledOn: row.settled_on }];
  }));
}

function gather<R extends { hold_id: string }, Value>(rows: readonly R[], valueOf: (row: R) => Value): Map<string, Value[]> {
  const found = new Map<string, Value[]>();
  for (const row of rows) {
    const list = found.get(row.hold_id);
    if (list === undefined) found.set(row.hold_id, [valueOf(row)]);
    else list.push(valueOf(row));
  }
  return found;
}

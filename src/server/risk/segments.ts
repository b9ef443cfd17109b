import { z } from 'zod';
import type { Clock } from '#core/kernel/clock.ts';
import { addMonths } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, OrganisationId } from '#core/kernel/id.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { DEFAULT_THRESHOLDS, segmentOf, SEGMENTS, THRESHOLD_BOUNDS, thresholdProblems } from '#core/risk/segment.ts';
import type { Behaviour, Segment, SegmentGiven, SegmentThresholds } from '#core/risk/segment.ts';
import { record } from '#server/audit/record.ts';
import { itemsAsOf } from '#server/ledger/store.ts';
import type { Database } from '#server/plumbing/database.ts';
import { planInBulk } from '#server/plumbing/tenant.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

const bounded = (name: keyof SegmentThresholds) => {
  const [low, high] = THRESHOLD_BOUNDS[name];
  return z.int().min(low).max(high).default(DEFAULT_THRESHOLDS[name]);
};

/** Thresholds of segments, kept in the profile of the organisation. */
export const thresholdsSchema = z.object({
  windowMonths: bounded('windowMonths'), onTimeDays: bounded('onTimeDays'), goodLateDaysMax: bounded('goodLateDaysMax'), goodOnTimePercentMin: bounded('goodOnTimePercentMin'),
  goodOverdueDaysMax: bounded('goodOverdueDaysMax'), riskLateDaysMin: bounded('riskLateDaysMin'), riskOverdueDaysMin: bounded('riskOverdueDaysMin'), newMonths: bounded('newMonths'),
  newPayments: bounded('newPayments'),
});

/** The thresholds of an organisation. */
export async function readThresholds(t: Tenant): Promise<SegmentThresholds> {
  const row = await t.one<{ segments: unknown }>(t.sql`select p.segments from ${t.from('profile')} p`);
  return thresholdsSchema.parse(row?.segments ?? {});
}

/** Who changes something, and when. */
export type Changer = { readonly clock: Clock; readonly actor: string };

/** Saves thresholds; gives what stands against them, empty when they were saved. Segments follow at the next computation. */
export async function saveThresholds(t: Tenant, thresholds: SegmentThresholds, by: Changer): Promise<Bilingual[]> {
  const problems = thresholdProblems(thresholds);
  if (problems.length > 0) return problems;
  await t.run(t.sql`${t.update('profile', 'p')} set segments = ${JSON.stringify(thresholds)}::jsonb, segments_on = null where ${t.own('p')}`);
  await record(t, { at: by.clock.now(), actor: by.actor, kind: 'segments.changed', subject: 'segments', facts: { ...thresholds } });
  return [];
}

/** How many customers were looked at, and how many have another segment than before. */
export type Recomputed = { readonly customers: number; readonly changed: number };

/** For which day, by whom. */
export type Computing = { readonly organisation: OrganisationId; readonly today: Day; readonly clock: Clock; readonly actor: string };

/** Two computations of one organisation wait for each other; the second then finds nothing to change. */
const SEGMENTS_LOCK = 4_180_008;
/** Customers read at a time: bounds the memory, however many there are. */
const PAGE = 20_000;

/** Computes the segments of the day, once a day; null when that was done already. */
export async function segmentsOfTheDay(database: Database, computing: Computing): Promise<Recomputed | null> {
  const done = await database.inTenant(computing.organisation, (t) => t.one<{ on: Day | null }>(t.sql`select p.segments_on as on from ${t.from('profile')} p`), { readOnly: true });
  return done?.on === computing.today ? null : recomputeSegments(database, computing);
}

/** Computes every customer's segment from the allocations effective by a day: one statement reads them all, those that changed are written with their history. */
export async function recomputeSegments(database: Database, computing: Computing): Promise<Recomputed> {
  return database.inTenant(computing.organisation, async (t) => {
    await t.run(t.sql`select pg_advisory_xact_lock(${SEGMENTS_LOCK}, hashtext(${t.organisation}))`);
    await planInBulk(t);
    const thresholds = await readThresholds(t);
    await t.run(t.sql`create temporary table payer_behaviour on commit drop as ${behaviours(t, { thresholds, today: computing.today, customers: null })}`);
    await t.run(t.sql`create unique index on payer_behaviour (customer_id)`);
    const count = { customers: 0, changed: 0 };
    for (let after = '0'; ;) {
      const rows = await t.rows<Row>(t.sql`select b.* from payer_behaviour b where b.customer_id > ${after}::bigint order by b.customer_id limit ${PAGE}`);
      count.customers += rows.length;
      count.changed += await writeChanged(t, rows.map((row) => ({ row, given: segmentOf(behaviourOf(row), thresholds) })), computing);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) break;
      after = last.customer_id;
    }
    await t.run(t.sql`${t.update('profile', 'p')} set segments_on = ${computing.today}::date where ${t.own('p')}`);
    const { today, clock, actor } = computing;
    await record(t, { at: clock.now(), actor, kind: 'segments.computed', subject: 'segments', facts: { today, ...count } });
    return count;
  });
}

type Row = {
  customer_id: CustomerId; kind: Behaviour['kind']; segment: Segment | null; segment_because: string | null; currencies: { currency: string; paid: string; late: string; on_time: string }[] | null;
  payments: number; history_months: number; oldest_overdue: number;
};

const behaviourOf = (row: Row): Behaviour => ({
  kind: row.kind, payments: row.payments, historyMonths: row.history_months, oldestOverdueDays: row.oldest_overdue,
  currencies: (row.currencies ?? []).map((one) => ({ currency: one.currency, paid: BigInt(one.paid), paidTimesLate: BigInt(one.late), paidOnTime: BigInt(one.on_time) })),
});

type Reading = { readonly thresholds: SegmentThresholds; readonly today: Day; readonly customers: readonly string[] | null };

/**
 * How customers behaved as of a day, a row each: receipts set against invoices in the window, those taken back left out, items reconstructed
 * from a balance too (their days are not known). Sums are whole numbers; averages are taken in core.
 */
function behaviours(t: Tenant, { thresholds, today, customers }: Reading): SqlPiece {
  const from = addMonths(today, -thresholds.windowMonths);
  const only = (alias: 'd' | 'i' | 'c'): SqlPiece => {
    if (customers === null) return t.sql`true`;
    return alias === 'd' ? t.sql`d.customer_id = any(${customers}::bigint[])` : alias === 'i' ? t.sql`i.customer_id = any(${customers}::bigint[])` : t.sql`c.customer_id = any(${customers}::bigint[])`;
  };
  return t.sql`
    select c.customer_id, c.kind, c.segment, c.segment_because, p.currencies, coalesce(p.payments, 0) as payments,
      case when h.first_on is null then 0
        else (extract(year from age(${today}::date, h.first_on)) * 12 + extract(month from age(${today}::date, h.first_on)))::int end as history_months,
      coalesce(greatest(${today}::date - h.oldest_due_on, 0), 0) as oldest_overdue
    from ${t.from('customer')} c
    left join (
      select s.customer_id, sum(s.payments)::int as payments,
        jsonb_agg(jsonb_build_object('currency', s.currency, 'paid', s.paid::text, 'late', s.late::text, 'on_time', s.on_time::text) order by s.currency) as currencies
      from (
        select d.customer_id, d.currency, count(*) as payments, sum(l.amount) as paid, sum(l.amount * greatest(l.effective_on - d.due_on, 0)::numeric) as late,
          coalesce(sum(l.amount) filter (where l.effective_on - d.due_on <= ${thresholds.onTimeDays}), 0) as on_time
        from ${t.from('allocation')} l
        join ${t.from('item')} d on d.item_id = l.debit_item_id
        join ${t.from('item')} r on r.item_id = l.credit_item_id
        left join (select b.reverses from ${t.from('allocation')} b where b.reverses is not null and b.effective_on <= ${today}::date) back on back.reverses = l.allocation_id
        where l.effective_on > ${from}::date and l.effective_on <= ${today}::date and l.reverses is null and back.reverses is null and r.kind = 'receipt' and not d.estimated
          and ${only('d')}
        group by d.customer_id, d.currency
      ) s group by s.customer_id
    ) p on p.customer_id = c.customer_id
    left join (
      select i.customer_id, min(i.issued_on) as first_on, min(i.due_on) filter (where i.open > 0 and i.due_on < ${today}::date) as oldest_due_on
      from (${itemsAsOf(t, today)}) i where i.side = 'debit' and ${only('i')} group by i.customer_id
    ) h on h.customer_id = c.customer_id
    where c.voided_at is null and ${only('c')}`;
}

type Computed = { readonly row: Row; readonly given: SegmentGiven };

/** Writes the segments that are not what they were; figures alone that moved are no change: they are computed when somebody looks. */
async function writeChanged(t: Tenant, computed: readonly Computed[], { today, clock, actor }: Computing): Promise<number> {
  const changed = computed.filter(({ row, given }) => row.segment !== given.segment || row.segment_because !== given.because);
  if (changed.length === 0) return 0;
  const ids = changed.map(({ row }) => row.customer_id);
  const segments = changed.map(({ given }) => given.segment);
  const reasons = changed.map(({ given }) => given.because);
  const facts = changed.map(({ given }) => JSON.stringify(given.facts));
  await t.run(t.sql`
    ${t.update('customer', 'c')} set segment = n.segment, segment_because = n.because, segment_facts = n.facts::jsonb, segment_on = ${today}::date
    from unnest(${ids}::bigint[], ${segments}::text[], ${reasons}::text[], ${facts}::text[]) as n(customer_id, segment, because, facts)
    where ${t.own('c')} and c.customer_id = n.customer_id`);
  await t.run(t.sql`
    ${t.into('segment_history', 'customer_id, segment, because, facts, as_of, recorded_at, actor')}
    select ${t.org}, n.customer_id, n.segment, n.because, n.facts::jsonb, ${today}::date, ${clock.now()}::timestamptz, ${actor}
    from unnest(${ids}::bigint[], ${segments}::text[], ${reasons}::text[], ${facts}::text[]) as n(customer_id, segment, because, facts)`);
  return changed.length;
}

/** A customer's segment as a page shows it: by rule with today's figures, the person's choice if any. */
export type CustomerSegment = {
  readonly rule: SegmentGiven; readonly chosen: Segment | null; readonly since: Day | null;
  readonly history: readonly { readonly segment: Segment | null; readonly given: SegmentGiven | null; readonly on: Day; readonly actor: string }[];
};

/** Changes of segment that one page lists. */
const HISTORY_MAX = 100;

/** The segment of one customer with its history, newest first; null when there is no such customer. */
export async function customerSegment(t: Tenant, customer: CustomerId, today: Day): Promise<CustomerSegment | null> {
  const thresholds = await readThresholds(t);
  const row = await t.one<Row>(behaviours(t, { thresholds, today, customers: [customer] }));
  if (row === null) return null;
  const kept = await t.one<{ segment_override: Segment | null; segment_on: Day | null }>(t.sql`
    select c.segment_override, c.segment_on from ${t.from('customer')} c where c.customer_id = ${customer}::bigint`);
  const history = await t.rows<{ segment: Segment | null; because: SegmentGiven['because']; facts: SegmentGiven['facts']; as_of: Day; actor: string }>(t.sql`
    select h.segment, h.because, h.facts, h.as_of, h.actor from ${t.from('segment_history')} h
    where h.customer_id = ${customer}::bigint order by h.segment_history_id desc limit ${HISTORY_MAX}`);
  return {
    rule: segmentOf(behaviourOf(row), thresholds), chosen: kept?.segment_override ?? null, since: kept?.segment_on ?? null,
    history: history.map(({ segment, because, facts, as_of: on, actor }) => ({ segment, given: segment === null ? null : { segment, because, facts }, on, actor })),
  };
}

/** A person chooses the segment of a customer, or takes that choice back; the rule's is kept up beside it. False when there is no such customer. */
export async function chooseSegment(t: Tenant, of: { customer: CustomerId; segment: Segment | null; note: string | null; today: Day }, by: Changer): Promise<boolean> {
  const { customer, segment, note, today } = of;
  const moved = await t.run(t.sql`
    ${t.update('customer', 'c')} set segment_override = ${segment} where ${t.own('c')} and c.customer_id = ${customer}::bigint and c.voided_at is null`);
  if (moved === 0) return false;
  await t.run(t.sql`
    ${t.into('segment_history', 'customer_id, segment, because, facts, as_of, recorded_at, actor')}
    values (${t.org}, ${customer}::bigint, ${segment}, 'person', ${JSON.stringify(note === null ? {} : { note })}::jsonb, ${today}::date, ${by.clock.now()}::timestamptz, ${by.actor})`);
  await record(t, { at: by.clock.now(), actor: by.actor, kind: 'customer.segmentChosen', subject: `customer:${customer}`, facts: { segment } });
  return true;
}

/** Customers of each segment, a person's choice first; those never computed are not counted. */
export async function countSegments(t: Tenant): Promise<Record<Segment, number>> {
  const rows = await t.rows<{ segment: Segment; count: number }>(t.sql`
    select coalesce(c.segment_override, c.segment) as segment, count(*)::int as count from ${t.from('customer')} c
    where c.voided_at is null and coalesce(c.segment_override, c.segment) is not null group by 1`);
  const counts = Object.fromEntries(SEGMENTS.map((segment) => [segment, 0])) as Record<Segment, number>;
  for (const { segment, count } of rows) counts[segment] = count;
  return counts;
}

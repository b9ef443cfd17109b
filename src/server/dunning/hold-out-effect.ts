import { measureEffect } from '#core/dunning/effect.ts';
import type { Effect, TestItem } from '#core/dunning/effect.ts';
import type { Arm } from '#core/dunning/hold-out.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { money } from '#core/kernel/money.ts';
import type { Money } from '#core/kernel/money.ts';
import { seededRandom } from '#core/kernel/random.ts';
import { divideHalfUp } from '#core/kernel/rounding.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { HoldOutLine } from './hold-outs.ts';

/** Items one test looks at: the newest of more; beyond, an interval gets no narrower that anybody would notice. */
const ITEMS_MAX = 200_000;
/** Yearly rate at which days gained are put in money, in hundredths of a percent: an overdraft of a small firm, shown beside the figure. */
export const FINANCING_RATE = 500n;
const DAYS_OF_YEAR = 365n;
const HUNDREDTHS = 10_000n;
/** Days gained are taken with three decimals when they meet an amount. */
const THOUSANDTHS = 1000;

/** How many customers are in each arm, and how many left. */
export type ArmSizes = { readonly new: number; readonly former: number; readonly left: { readonly new: number; readonly former: number } };

/** What a test says up to a day. Money is of the organisation's currency. */
export type HoldOutEffect = {
  readonly sizes: ArmSizes;
  readonly effect: Effect;
  /** The amounts that came due in the arm of the new version, and what the days gained on them save in financing at the rate; null while it cannot be measured. */
  readonly saved: { readonly due: Money; readonly financing: Money; readonly low: Money; readonly high: Money } | null;
};

/** Measures a test: items that came due while their customer was in it, up to the day asked or the end of the test. Customers that left are out of both arms. */
export async function measureHoldOut(t: Tenant, line: HoldOutLine, today: Day): Promise<HoldOutEffect> {
  const profile = await t.one<{ currency: Currency }>(t.sql`select p.currency from ${t.from('profile')} p`);
  const currency = profile?.currency ?? 'EUR';
  const until = line.endedOn !== null && line.endedOn < today ? line.endedOn : today;
  const rows = await readItems(t, { id: line.id, until, currency });
  const items = rows.map((row): TestItem => ({
    customer: row.customer_id, arm: row.arm, lateDays: row.late_days, paid: row.paid, followedDays: row.followed_days, weight: row.weight,
  }));
  const effect = measureEffect(items, { random: seededRandom(line.seed) });
  const due = rows.reduce((sum, row) => (row.arm === 'new' && row.minor !== null ? sum + BigInt(row.minor) : sum), 0n);
  return { sizes: await readSizes(t, line.id), effect, saved: effect.measurable ? savedOf(money(due, currency), effect.measured.weightedDays.gained) : null };
}

function savedOf(due: Money, gained: { value: number; low: number; high: number }): HoldOutEffect['saved'] {
  const financing = (days: number): Money => money(divideHalfUp(due.minor * BigInt(Math.round(days * THOUSANDTHS)) * FINANCING_RATE, BigInt(THOUSANDTHS) * DAYS_OF_YEAR * HUNDREDTHS), due.currency);
  return { due, financing: financing(gained.value), low: financing(gained.low), high: financing(gained.high) };
}

async function readSizes(t: Tenant, id: string): Promise<ArmSizes> {
  const rows = await t.rows<{ arm: Arm; stayed: number; gone: number }>(t.sql`
    select m.arm, count(*) filter (where m.left_at is null)::int as stayed, count(*) filter (where m.left_at is not null)::int as gone
    from ${t.from('hold_out_customer')} m where m.hold_out_id = ${id}::bigint group by m.arm`);
  const of = (arm: Arm) => rows.find((row) => row.arm === arm);
  return { new: of('new')?.stayed ?? 0, former: of('former')?.stayed ?? 0, left: { new: of('new')?.gone ?? 0, former: of('former')?.gone ?? 0 } };
}

type Row = { customer_id: string; arm: Arm; late_days: number; paid: boolean; followed_days: number; weight: number; minor: string | null };

/**
 * Items that came due in the test. Paid: receipts have settled all of it; what a credit note or a write-off ended is known to be open up to
 * that day and no further. What was settled before its customer entered is no item of the test.
 */
async function readItems(t: Tenant, of: { id: string; until: Day; currency: Currency }): Promise<Row[]> {
  return t.rows<Row>(t.sql`
    select i.customer_id, i.arm, greatest((case when i.settled_on is null then ${of.until}::date else i.settled_on end) - i.due_on, 0) as late_days,
      i.settled_on is not null and i.by_receipts as paid, (${of.until}::date - i.due_on) as followed_days,
      case when i.currency = ${of.currency} then i.amount::float8 else 0 end as weight, case when i.currency = ${of.currency} then i.amount::text end as minor
    from (
      select d.item_id, d.customer_id, d.due_on, d.currency, d.amount, m.arm, m.entered_on,
        case when s.amount >= d.amount then s.settled_on end as settled_on, coalesce(s.by_receipts, false) as by_receipts
      from ${t.from('hold_out_customer')} m
      join ${t.from('item')} d on d.customer_id = m.customer_id and d.side = 'debit' and d.kind <> 'refund' and d.voided_at is null and d.due_on >= m.entered_on and d.due_on <= ${of.until}::date
      left join lateral (
        select sum(a.amount) as amount, max(a.effective_on) as settled_on, bool_and(k.kind = 'receipt') as by_receipts
        from ${t.from('allocation')} a join ${t.from('item')} k on k.item_id = a.credit_item_id
        where a.debit_item_id = d.item_id and a.effective_on <= ${of.until}::date and a.reverses is null
          and not exists (select from ${t.from('allocation')} b where b.reverses = a.allocation_id and b.effective_on <= ${of.until}::date)
      ) s on true
      where m.hold_out_id = ${of.id}::bigint and m.left_at is null
    ) i where i.settled_on is null or i.settled_on >= i.entered_on
    order by i.item_id desc limit ${ITEMS_MAX}`);
}

import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';
import { disputedAmount } from './disputed-amount.ts';

/** Bounds of the ages in which disputes are counted: days since they were opened, upper ones included. */
export const DISPUTE_AGES = ['0-7', '8-15', '16-30', '31-60', '61+'] as const;

/** What disputes are counted by. */
export const DISPUTE_GROUPINGS = ['reason', 'owner', 'age'] as const;
/** One of them. */
export type DisputeGrouping = (typeof DISPUTE_GROUPINGS)[number];

/** Disputes of one reason, owner or age in one currency (null: of whole accounts). Amounts are minor units; days are a mean over those that ended, null when none did. */
export type DisputeCount = {
  readonly key: string; readonly currency: Currency | null; readonly open: number; readonly openAmount: bigint; readonly late: number; readonly ended: number; readonly endedAmount: bigint;
  readonly resolvedDays: number | null;
};

/** Counts the disputes in force on a day and those that ended since an earlier one, by reason, owner or age. */
export async function disputeStatistics(t: Tenant, of: { by: DisputeGrouping; since: Day; today: Day }): Promise<DisputeCount[]> {
  const { since, today } = of;
  const rows = await t.rows<{ key: string; currency: Currency | null; open: number; open_amount: string; late: number; ended: number; ended_amount: string; resolved_days: number | null }>(t.sql`
    with d as (
      select ${keyOf(t, of.by, today)} as key, i.currency, coalesce(${disputedAmount(t)}, 0) as amount, h.from_on, h.deadline_on, h.ended_on,
        h.ended_on is null or h.ended_on > ${today}::date as open
      from ${t.from('hold')} h left join ${t.from('item')} i on i.item_id = h.item_id
      where h.kind = 'dispute' and h.from_on <= ${today}::date and h.ended_reason is distinct from 'importUndone' and (h.ended_on is null or h.ended_on >= ${since}::date)
    )
    select d.key, d.currency, count(*) filter (where d.open)::int as open, coalesce(sum(d.amount) filter (where d.open), 0)::text as open_amount,
      count(*) filter (where d.open and d.deadline_on < ${today}::date)::int as late, count(*) filter (where not d.open)::int as ended,
      coalesce(sum(d.amount) filter (where not d.open), 0)::text as ended_amount,
      round(avg(greatest(d.ended_on - d.from_on, 0)) filter (where not d.open), 1)::float8 as resolved_days
    from d group by d.key, d.currency order by count(*) desc, d.key, d.currency`);
  return rows.map((row) => ({
    key: row.key, currency: row.currency, open: row.open, openAmount: BigInt(row.open_amount), late: row.late, ended: row.ended, endedAmount: BigInt(row.ended_amount), resolvedDays: row.resolved_days,
  }));
}

function keyOf(t: Tenant, by: DisputeGrouping, today: Day): SqlPiece {
  switch (by) {
    case 'reason': return t.sql`coalesce(h.reason, 'other')`;
    case 'owner': return t.sql`coalesce(h.owner_name, h.owner_email, '')`;
    case 'age': return t.sql`case when least(h.ended_on, ${today}::date) - h.from_on <= 7 then '0-7' when least(h.ended_on, ${today}::date) - h.from_on <= 15 then '8-15'
      when least(h.ended_on, ${today}::date) - h.from_on <= 30 then '16-30' when least(h.ended_on, ${today}::date) - h.from_on <= 60 then '31-60' else '61+' end`;
  }
}

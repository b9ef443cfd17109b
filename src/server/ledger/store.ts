import type { Day } from '#core/kernel/day.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/** One line of a customer account as of a day; amounts are minor units as decimal digits. */
export type ItemRow = {
  item_id: string;
  customer_id: string;
  customer: string;
  customer_name: string;
  document: string | null;
  label: string | null;
  kind: string;
  side: 'debit' | 'credit';
  currency: Currency;
  issued_on: Day;
  due_on: Day | null;
  days_late: number | null;
  amount: string;
  open: string;
  estimated: boolean;
  import_id: string | null;
  source_line: string | null;
};

/**
 * The items of the organisation with what was open of each at the end of a day: the amount less the allocations
 * effective by then. It starts from the stored projection and adds back what became effective later, so that today
 * costs one pass and a past day as much more as happened since.
 */
export function itemsAsOf(t: Tenant, asOf: Day): SqlPiece {
  return t.sql`
    select i.*, i.amount - i.allocated + coalesce(later.amount, 0) as open
    from ${t.from('item')} i
    left join (
      select side.item_id, sum(a.amount)::bigint as amount
      from ${t.from('allocation')} a, lateral (values (a.debit_item_id), (a.credit_item_id)) side(item_id)
      where a.effective_on > ${asOf}::date group by side.item_id
    ) later on later.item_id = i.item_id
    where i.issued_on <= ${asOf}::date and i.voided_at is null`;
}

/** How items are narrowed; a limit always applies. */
export type ItemFilter = { readonly customer?: string; readonly all?: boolean; readonly limit?: number; readonly after?: string };

/** Most items one answer carries when the caller names no limit; an export streams instead. */
const ITEMS_MAX = 1_000_000;

/** Items as of a day by customer code and age; open ones only unless `all`. */
export async function listItems(t: Tenant, asOf: Day, filter: ItemFilter = {}): Promise<ItemRow[]> {
  const customer = filter.customer ?? null;
  return t.rows<ItemRow>(t.sql`
    select i.item_id, i.customer_id, c.code as customer, c.name as customer_name, i.document, i.label, i.kind, i.side, i.currency,
      i.issued_on, i.due_on, case when i.side = 'debit' then ${asOf}::date - i.due_on end as days_late,
      i.amount, i.open, i.estimated, i.import_id, i.source_line
    from (${itemsAsOf(t, asOf)}) i
    join ${t.from('customer')} c on c.customer_id = i.customer_id
    where (${customer}::text is null or c.code = ${customer}) and (${filter.all ?? false} or i.open > 0)
    order by c.code, i.due_on nulls last, i.issued_on, i.item_id
    limit ${filter.limit ?? ITEMS_MAX}`);
}

/** Days late at which a bucket of the aged balance ends, inclusive; what is later falls in the last one. */
export const BUCKETS = [
  { key: 'notDue', upTo: 0 }, { key: '1-30', upTo: 30 }, { key: '31-60', upTo: 60 }, { key: '61-90', upTo: 90 }, { key: '91-120', upTo: 120 },
  { key: '121+', upTo: null },
] as const;
/** Name of a bucket. */
export type BucketKey = (typeof BUCKETS)[number]['key'];

/** What the rows of an aged balance are. */
export type AgeingBy = 'customer' | 'entity' | 'segment' | 'collector';

/** One row of an aged balance; amounts are minor units. Sum of the amounts − credits = balance. */
export type AgeingRow = { key: string; name: string; amounts: Record<BucketKey, bigint>; credits: bigint; balance: bigint };

type RawAgeing = { key: string; name: string; b0: string; b1: string; b2: string; b3: string; b4: string; b5: string; credits: string; balance: string };

/** The aged balance of one currency as of a day: open debits by days late, open credits apart. Rows without balance and without open item are left out. */
export async function ageing(t: Tenant, asOf: Day, options: { currency: Currency; by?: AgeingBy }): Promise<AgeingRow[]> {
  const grouping = groupingOf(t, options.by ?? 'customer');
  const rows = await t.rows<RawAgeing>(t.sql`
    select g.key, g.name, a.b0::text, a.b1::text, a.b2::text, a.b3::text, a.b4::text, a.b5::text, a.credits::text, a.balance::text
    from (
      select s.group_id,
        sum(s.b0) as b0, sum(s.b1) as b1, sum(s.b2) as b2, sum(s.b3) as b3, sum(s.b4) as b4, sum(s.b5) as b5, sum(s.credits) as credits,
        sum(s.b0 + s.b1 + s.b2 + s.b3 + s.b4 + s.b5 - s.credits) as balance
      from (
        select ${grouping.id} as group_id, m.*
        from (${ageingByCustomer(t, asOf, options.currency)}) m
        join ${t.from('customer')} c on c.customer_id = m.customer_id
      ) s group by s.group_id
    ) a join (${grouping.names}) g on g.group_id = a.group_id
    where a.balance <> 0 or a.credits <> 0
    order by g.key`);
  return rows.map(readAgeing);
}

function readAgeing(row: RawAgeing): AgeingRow {
  return {
    key: row.key,
    name: row.name,
    amounts: {
      notDue: BigInt(row.b0), '1-30': BigInt(row.b1), '31-60': BigInt(row.b2), '61-90': BigInt(row.b3), '91-120': BigInt(row.b4),
      '121+': BigInt(row.b5),
    },
    credits: BigInt(row.credits),
    balance: BigInt(row.balance),
  };
}

/** One pass over the items, and one over what was allocated after the day, by customer. */
function ageingByCustomer(t: Tenant, asOf: Day, currency: Currency): SqlPiece {
  return t.sql`
    select i.customer_id,
      coalesce(sum(i.open) filter (where i.side = 'debit' and i.due_on >= ${asOf}::date), 0) as b0,
      coalesce(sum(i.open) filter (where i.side = 'debit' and i.due_on < ${asOf}::date and i.due_on >= ${asOf}::date - 30), 0) as b1,
      coalesce(sum(i.open) filter (where i.side = 'debit' and i.due_on < ${asOf}::date - 30 and i.due_on >= ${asOf}::date - 60), 0) as b2,
      coalesce(sum(i.open) filter (where i.side = 'debit' and i.due_on < ${asOf}::date - 60 and i.due_on >= ${asOf}::date - 90), 0) as b3,
      coalesce(sum(i.open) filter (where i.side = 'debit' and i.due_on < ${asOf}::date - 90 and i.due_on >= ${asOf}::date - 120), 0) as b4,
      coalesce(sum(i.open) filter (where i.side = 'debit' and i.due_on < ${asOf}::date - 120), 0) as b5,
      coalesce(sum(i.open) filter (where i.side = 'credit'), 0) as credits
    from (${itemsAsOf(t, asOf)}) i
    where i.currency = ${currency} and i.open > 0
    group by i.customer_id`;
}

function groupingOf(t: Tenant, by: AgeingBy): { id: SqlPiece; names: SqlPiece } {
  switch (by) {
    case 'customer':
      return { id: t.sql`c.customer_id::text`, names: t.sql`select k.customer_id::text as group_id, k.code as key, k.name from ${t.from('customer')} k` };
    case 'segment':
      return {
        id: t.sql`c.kind`,
        names: t.sql`select * from (values ('business', 'business', 'Professionnels'), ('consumer', 'consumer', 'Particuliers'),
          ('public', 'public', 'Acheteurs publics')) v(group_id, key, name)`,
      };
    case 'entity':
      return { id: t.sql`'main'::text`, names: t.sql`select e.code as group_id, e.code as key, e.name from ${t.from('entity')} e` };
    case 'collector':
      return { id: t.sql`''::text`, names: t.sql`select ''::text as group_id, '' as key, '' as name` };
  }
}

/** Currencies in which the organisation has items, most used first; the profile's own when it has none. */
export async function currenciesInUse(t: Tenant): Promise<Currency[]> {
  const rows = await t.rows<{ currency: Currency }>(t.sql`
    select i.currency from ${t.from('item')} i where i.voided_at is null group by i.currency order by count(*) desc, i.currency`);
  if (rows.length > 0) return rows.map((row) => row.currency);
  const profile = await t.one<{ currency: Currency }>(t.sql`select p.currency from ${t.from('profile')} p`);
  return [profile?.currency ?? 'EUR'];
}

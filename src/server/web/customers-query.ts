import type { CustomerFilter, CustomerPage, CustomerRowView, CustomerSort, CustomerSums } from '#core/api/customers.ts';
import { parseCurrency } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { decimal, money } from '#core/kernel/money.ts';
import { currenciesInUse, itemsAsOf } from '#server/ledger/store.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/** Customers on one page. */
const PAGE = 50;

/** How the list is narrowed, ordered and continued. */
export type CustomersAsked = { readonly search: string; readonly sort: CustomerSort; readonly filter: CustomerFilter; readonly after: string | null; readonly currency: string | null };

/** Sums of a customer as the database gives them: minor units as texts, of one currency. */
export type SumsRow = { currency: Currency; balance: string; outstanding: string; overdue: string; credits: string; days_late: number };

/** Minor units to decimal texts. */
export function sumsOf(row: SumsRow): CustomerSums {
  const text = (minor: string): string => decimal(money(BigInt(minor), row.currency));
  return {
    currency: row.currency, balance: text(row.balance), outstanding: text(row.outstanding), overdue: text(row.overdue), credits: text(row.credits), daysLate: row.days_late,
  };
}

/** Sums by customer and currency as of a day. */
export function sumsByCustomer(t: Tenant, today: Day): SqlPiece {
  return t.sql`
    select i.customer_id, i.currency,
      sum(case i.side when 'debit' then i.open else -i.open end) as balance,
      coalesce(sum(i.open) filter (where i.side = 'debit'), 0) as outstanding,
      coalesce(sum(i.open) filter (where i.side = 'debit' and i.due_on < ${today}::date), 0) as overdue,
      coalesce(sum(i.open) filter (where i.side = 'credit'), 0) as credits,
      coalesce(${today}::date - min(i.due_on) filter (where i.side = 'debit' and i.due_on < ${today}::date), 0)::int as days_late
    from (${itemsAsOf(t, today)}) i where i.open > 0 group by i.customer_id, i.currency`;
}

function keyOf(t: Tenant, sort: CustomerSort): SqlPiece {
  switch (sort) {
    case 'overdue': return t.sql`coalesce(m.overdue, 0)::numeric`;
    case 'balance': return t.sql`coalesce(m.balance, 0)::numeric`;
    case 'oldest': return t.sql`coalesce(m.days_late, 0)::numeric`;
    case 'name': return t.sql`0::numeric`;
  }
}

function filterOf(t: Tenant, filter: CustomerFilter): SqlPiece {
  switch (filter) {
    case 'all': return t.sql`true`;
    case 'overdue': return t.sql`r.any_overdue`;
    case 'withoutEmail': return t.sql`not r.has_email and r.any_outstanding`;
    case 'held': return t.sql`r.held`;
    case 'credit': return t.sql`r.any_credit`;
  }
}

/** A search text as a pattern: its own wildcards mean themselves. */
const patternOf = (search: string): string => `%${search.replaceAll(/[\\%_]/g, (found) => `\\${found}`)}%`;

type Cursor = { readonly key: string; readonly name: string; readonly id: string };

/** Reads a page's cursor; null for one that is none of ours, which starts from the top. */
function readCursor(text: string | null): Cursor | null {
  const [key, id, ...name] = Buffer.from(text ?? '', 'base64url').toString('utf8').split('|');
  if (key === undefined || id === undefined || !/^-?\d{1,19}$/.test(key) || !/^\d{1,18}$/.test(id)) return null;
  return { key, id, name: name.join('|') };
}

const writeCursor = (cursor: Cursor): string => Buffer.from(`${cursor.key}|${cursor.id}|${cursor.name}`, 'utf8').toString('base64url');

type Row = { customer_id: string; code: string; name: string; has_email: boolean; held: boolean; sort_key: string; sums: SumsRow[] | null; total: number };

/** One page of customers, largest first (or by name), with their sums in every currency. */
export async function listCustomers(t: Tenant, today: Day, asked: CustomersAsked): Promise<CustomerPage> {
  const inUse = await currenciesInUse(t);
  const wanted = parseCurrency(asked.currency ?? '');
  const currency = inUse.find((one) => one === wanted) ?? inUse[0] ?? 'EUR';
  const after = readCursor(asked.after);
  const pattern = asked.search === '' ? null : patternOf(asked.search);
  const rows = await t.rows<Row>(t.sql`
    with sums as materialized (${sumsByCustomer(t, today)}),
    listed as (
      select c.customer_id, c.code, c.name, ${keyOf(t, asked.sort)} as sort_key,
        exists (select from ${t.from('contact')} k where k.customer_id = c.customer_id and k.email is not null and k.removed_at is null) as has_email,
        exists (select from ${t.from('hold')} h where h.customer_id = c.customer_id and h.from_on <= ${today}::date
          and (h.ended_on is null or h.ended_on > ${today}::date) and (h.until_on is null or h.until_on + h.grace_days >= ${today}::date)) as held,
        exists (select from sums s where s.customer_id = c.customer_id and s.overdue > 0) as any_overdue,
        exists (select from sums s where s.customer_id = c.customer_id and s.outstanding > 0) as any_outstanding,
        exists (select from sums s where s.customer_id = c.customer_id and s.credits > 0) as any_credit
      from ${t.from('customer')} c left join sums m on m.customer_id = c.customer_id and m.currency = ${currency}
      where c.voided_at is null and (${pattern}::text is null or c.name ilike ${pattern} or c.code ilike ${pattern}
        or exists (select from ${t.from('contact')} k where k.customer_id = c.customer_id and k.removed_at is null and k.email ilike ${pattern})
        or exists (select from ${t.from('item')} d where d.customer_id = c.customer_id and d.voided_at is null and d.document = ${asked.search}))
    ), chosen as (select * from listed r where ${filterOf(t, asked.filter)})
    select r.customer_id, r.code, r.name, r.has_email, r.held, r.sort_key::text, (select count(*)::int from chosen) as total,
      (select jsonb_agg(jsonb_build_object('currency', s.currency, 'balance', s.balance::text, 'outstanding', s.outstanding::text,
        'overdue', s.overdue::text, 'credits', s.credits::text, 'days_late', s.days_late) order by s.currency <> ${currency}, s.currency)
        from sums s where s.customer_id = r.customer_id) as sums
    from chosen r
    where ${after === null} or (-r.sort_key, r.name, r.customer_id) > (${after === null ? null : negated(after.key)}::numeric, ${after?.name ?? null}::text, ${after?.id ?? null}::bigint)
    order by -r.sort_key, r.name, r.customer_id limit ${PAGE + 1}`);
  const shown = rows.slice(0, PAGE);
  const last = rows.length > PAGE ? shown.at(-1) : undefined;
  return {
    currency, total: rows[0]?.total ?? 0, rows: shown.map(viewOf),
    next: last === undefined ? null : writeCursor({ key: last.sort_key, name: last.name, id: last.customer_id }),
  };
}

const negated = (key: string): string => String(-BigInt(key));

function viewOf(row: Row): CustomerRowView {
  return { id: row.customer_id, code: row.code, name: row.name, hasEmail: row.has_email, held: row.held, sums: (row.sums ?? []).map(sumsOf) };
}

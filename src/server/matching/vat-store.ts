import { vatSplit } from '#core/matching/vat-split.ts';
import type { VatLine } from '#core/matching/vat-split.ts';
import type { Rate } from '#core/kernel/rate.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { MatchId } from './apply.ts';

type Row = { allocation_id: string; amount: string; already: string; taxes: { category: string; rate: string | null; base: string; tax: string }[] };

/** A percentage as invoices write it ("20", "5.50"); exempt ones give none. */
function rateOf(percent: string | null): Rate {
  const [whole = '0', fraction = ''] = (percent ?? '0').split('.');
  return { numerator: BigInt(whole + fraction), denominator: 100n * 10n ** BigInt(fraction.length) };
}

/** Keeps, for every allocation on a document whose VAT is known, what of it is which rate: the status "Encaissée" must carry it (law-fr.md REF-04). */
export async function splitByVat(t: Tenant, matches: readonly MatchId[]): Promise<void> {
  const rows = await t.rows<Row>(t.sql`
    select a.allocation_id, a.amount::text, coalesce((
        select sum(b.amount) from ${t.from('allocation')} b where b.debit_item_id = a.debit_item_id and b.allocation_id < a.allocation_id), 0)::text as already, d.taxes
    from ${t.from('allocation')} a join ${t.from('item')} i on i.item_id = a.debit_item_id
    join (
      select o.customer_id, o.number, min(o.details -> 'taxes' #>> '{}')::jsonb as taxes from ${t.from('document')} o
      where o.voided_at is null and o.customer_id is not null and jsonb_array_length(o.details -> 'taxes') > 0 group by o.customer_id, o.number having count(*) = 1
    ) d on d.customer_id = i.customer_id and d.number = i.document
    where a.match_id = any(${[...matches]}::bigint[]) and a.reverses is null order by a.allocation_id`);
  const shares = rows.flatMap((row) => {
    const lines = row.taxes.map(({ category, rate, base, tax }): VatLine => ({ category, rate: rateOf(rate), base: BigInt(base), tax: BigInt(tax) }));
    if (lines.reduce((sum, { base, tax }) => sum + base + tax, 0n) === 0n) return [];
    return vatSplit(lines, { already: BigInt(row.already), collected: BigInt(row.amount) })
      .map(({ category, amount, base, tax }, at) => ({ allocation: row.allocation_id, ordinal: at + 1, category, rate: row.taxes[at]?.rate ?? null, amount, base, tax }));
  });
  if (shares.length === 0) return;
  await t.run(t.sql`
    ${t.into('allocation_vat', 'allocation_id, ordinal, category, rate, amount, base, tax')}
    select ${t.org}, n.allocation, n.ordinal, n.category, n.rate, n.amount, n.base, n.tax
    from unnest(${shares.map((one) => one.allocation)}::bigint[], ${shares.map((one) => one.ordinal)}::int[], ${shares.map((one) => one.category)}::text[], ${shares.map((one) => one.rate)}::text[],
      ${shares.map((one) => String(one.amount))}::bigint[], ${shares.map((one) => String(one.base))}::bigint[], ${shares.map((one) => String(one.tax))}::bigint[]) as n(allocation, ordinal, category, rate, amount, base, tax)`);
}

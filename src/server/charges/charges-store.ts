import { documentCharges } from '#core/charges/document-charges.ts';
import type { ChargedDocument, DocumentCharges } from '#core/charges/document-charges.ts';
import { imputedDocument } from '#core/charges/imputed-document.ts';
import type { ImputedDocument } from '#core/charges/imputed-document.ts';
import type { Claim, DebtorKind, InterestTerms, Reduction } from '#core/charges/interest.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { money } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { parsePercent } from '#core/kernel/rate.ts';
import type { Rate } from '#core/kernel/rate.ts';
import { ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { readSettings } from '#server/matching/settings.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** One document of one customer, and what was computed of it. */
type OfDocument<Computed> = { readonly customerId: string; readonly customer: string; readonly document: string } & Computed;

/** The charges of one document of one customer. */
export type ChargesOfDocument = OfDocument<{ readonly charges: DocumentCharges }>;

type Portion = {
  item_id: string; customer_id: string; customer: string; kind: DebtorKind; document: string; currency: Currency; amount: string; due_on: Day;
  insolvent_on: Day | null;
};
type Settled = { item_id: string; on: Day; amount: string; credit_kind: string };

/** Which debit items are asked about. */
type Which = { readonly document?: string; readonly itemIds?: readonly string[] };

/** Interest and indemnity of documents as of a day on what the ledger says is left of the principal, by customer and document. */
export async function chargesOf(t: Tenant, which: Which, until: Day): Promise<Result<ChargesOfDocument[], Problem>> {
  return computeAll(await readGround(t, which, until), (document, terms) => {
    const charges = documentCharges(document, terms);
    return charges.ok ? ok({ charges: charges.value }) : charges;
  });
}

/** The same with what was paid imputed on charges or principal first, as the organisation chose. */
export async function imputedOf(t: Tenant, which: Which, until: Day): Promise<Result<OfDocument<{ readonly imputed: ImputedDocument }>[], Problem>> {
  const { imputation } = await readSettings(t);
  return computeAll(await readGround(t, which, until), (document, terms) => {
    const imputed = imputedDocument(document, terms, imputation);
    return imputed.ok ? ok({ imputed: imputed.value }) : imputed;
  });
}

type Ground = { readonly portions: readonly Portion[]; readonly settled: readonly Settled[]; readonly until: Day; readonly rate: Rate | null };

async function readGround(t: Tenant, which: Which, until: Day): Promise<Ground> {
  const portions = await t.rows<Portion>(t.sql`
    select i.item_id, i.customer_id, c.code as customer, c.kind, coalesce(i.document, i.item_id::text) as document, i.currency, i.amount, i.due_on,
      (select min(h.from_on) from ${t.from('hold')} h where h.customer_id = i.customer_id and h.kind = 'insolvency' and h.ended_on is null) as insolvent_on
    from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id
    where i.side = 'debit' and i.voided_at is null and i.issued_on <= ${until}::date
      and (${which.document ?? null}::text is null or i.document = ${which.document ?? null})
      and (${which.itemIds === undefined} or i.item_id = any(${which.itemIds ?? []}::bigint[]))
    order by c.code, document, i.due_on, i.item_id`);
  const settled = await t.rows<Settled>(t.sql`
    select a.debit_item_id as item_id, a.effective_on as on, a.amount, k.kind as credit_kind
    from ${t.from('allocation')} a join ${t.from('item')} k on k.item_id = a.credit_item_id
    where a.debit_item_id = any(${portions.map((row) => row.item_id)}::bigint[]) and a.effective_on <= ${until}::date
    order by a.effective_on, a.allocation_id`);
  return { portions, settled, until, rate: await contractualRate(t) };
}

async function contractualRate(t: Tenant): Promise<Rate | null> {
  const entity = await t.one<{ penalty_rate: string | null }>(t.sql`select e.penalty_rate from ${t.from('entity')} e order by e.entity_id limit 1`);
  if (entity?.penalty_rate === null || entity === null) return null;
  const rate = parsePercent(entity.penalty_rate);
  if (!rate.ok) throw new Error('the stored penalty rate cannot be read');
  return rate.value;
}

type Compute<Computed> = (document: ChargedDocument, terms: InterestTerms) => Result<Computed, Problem>;

function computeAll<Computed>({ portions, settled, until, rate }: Ground, compute: Compute<Computed>): Result<OfDocument<Computed>[], Problem> {
  const reductions = Map.groupBy(settled, (row) => row.item_id);
  const found: OfDocument<Computed>[] = [];
  for (const group of Map.groupBy(portions, (row) => `${row.customer_id}\n${row.document}\n${row.currency}`).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const claims = group.map((row): Claim => ({
      principal: money(BigInt(row.amount), row.currency),
      dueOn: row.due_on,
      reductions: (reductions.get(row.item_id) ?? []).map((one): Reduction => ({
        on: one.on, amount: BigInt(one.amount), kind: one.credit_kind === 'creditNote' ? 'creditNote' : 'payment',
      })),
    }));
    const document = { currency: first.currency, portions: claims, insolvencyOpenedOn: first.insolvent_on };
    const computed = compute(document, { kind: first.kind, until, from: null, contractualRate: rate, stoppedOn: null });
    if (!computed.ok) return computed;
    found.push({ customerId: first.customer_id, customer: first.customer, document: first.document, ...computed.value });
  }
  return ok(found);
}

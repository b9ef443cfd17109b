import { refusalKey } from '#core/matching/memory.ts';
import type { PayerKey } from '#core/matching/memory.ts';
import type { CreditKind, DebitKind, KnownCustomer, MatchingFacts, OpenCredit, OpenDebit, PayerMemory, Refused, Remembered } from '#core/matching/matching.ts';
import { discounted } from '#core/ledger/early-payment.ts';
import type { EarlyPayment } from '#core/ledger/early-payment.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import { money } from '#core/kernel/money.ts';
import type { Rate } from '#core/kernel/rate.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

type DebitRow = {
  item_id: ItemId; customer_id: CustomerId; document: string | null; kind: DebitKind; currency: Currency; open: string; amount: string; issued_on: Day; due_on: Day;
  payment_reference: string | null; order_reference: string | null; buyer_reference: string | null; tax: string | null;
};

/** Everything that is open, who owes it, and what payers taught. */
export async function loadFacts(t: Tenant): Promise<MatchingFacts> {
  const offer = await loadOffer(t);
  const debits = await t.rows<DebitRow>(t.sql`
    select i.item_id, i.customer_id, i.document, i.kind, i.currency, (i.amount - i.allocated)::text as open, i.amount::text, i.issued_on, i.due_on,
      d.payment_reference, d.order_reference, d.buyer_reference, d.tax
    from ${t.from('item')} i left join (
      select d.customer_id, d.number, min(d.payment_reference) as payment_reference, min(d.order_reference) as order_reference, min(d.buyer_reference) as buyer_reference,
        min((select sum((x.value ->> 'tax')::bigint) from jsonb_array_elements(d.details -> 'taxes') x))::text as tax
      from ${t.from('document')} d where d.voided_at is null and d.customer_id is not null group by d.customer_id, d.number
    ) d on d.customer_id = i.customer_id and d.number = i.document
    where i.side = 'debit' and i.allocated < i.amount and i.voided_at is null`);
  const credits = await t.rows<{ item_id: ItemId; customer_id: CustomerId; document: string | null; kind: CreditKind; currency: Currency; open: string; issued_on: Day }>(t.sql`
    select i.item_id, i.customer_id, i.document, case when i.kind in ('creditNote', 'receipt', 'opening') then i.kind else 'other' end as kind, i.currency,
      (i.amount - i.allocated)::text as open, i.issued_on
    from ${t.from('item')} i
    where i.side = 'credit' and i.allocated < i.amount and i.voided_at is null`);
  const customers = await t.rows<{ id: CustomerId; code: string; name: string; siren: string | null; group: string | null }>(t.sql`
    select c.customer_id as id, c.code, c.name, c.siren, c.payer_group as "group" from ${t.from('customer')} c where c.voided_at is null`);
  return {
    debits: debits.map((row) => debitOf(row, offer)),
    credits: credits.map((row): OpenCredit => ({ item: row.item_id, customer: row.customer_id, document: row.document, kind: row.kind, currency: row.currency, open: BigInt(row.open), issuedOn: row.issued_on })),
    customers: customers.map((row): KnownCustomer => ({ ...row, ibans: [] })),
    memory: await loadMemory(t),
  };
}

function debitOf(row: DebitRow, offer: EarlyPayment | null): OpenDebit {
  const open = BigInt(row.open);
  const amount = BigInt(row.amount);
  const references = [row.payment_reference, row.order_reference, row.buyer_reference].filter((one) => one !== null);
  return {
    item: row.item_id, customer: row.customer_id, document: row.document, kind: row.kind, currency: row.currency, open, amount, issuedOn: row.issued_on, dueOn: row.due_on, references,
    discount: offer === null || open !== amount || row.kind === 'refund' ? null : discountOf(row, { offer, amount }),
  };
}

/** A discount is on an invoice not paid at all; without the VAT of the invoice it is reckoned on the whole. */
function discountOf(row: DebitRow, of: { offer: EarlyPayment; amount: bigint }): OpenDebit['discount'] {
  const tax = row.tax === null ? 0n : BigInt(row.tax);
  const offer: EarlyPayment = row.tax === null ? { ...of.offer, on: 'both' } : of.offer;
  const { cash, until } = discounted(offer, { issuedOn: row.issued_on, net: money(of.amount - tax, row.currency), tax: money(tax, row.currency) });
  return { payable: cash.minor, until };
}

/** A percentage as stored ("2", "1.5") as a rate. */
function rateOf(percent: string): Rate {
  const [whole = '0', fraction = ''] = percent.split('.');
  return { numerator: BigInt(whole + fraction), denominator: 100n * 10n ** BigInt(fraction.length) };
}

async function loadOffer(t: Tenant): Promise<EarlyPayment | null> {
  const row = await t.one<{ offer: { rate: string; days: number; on: 'both' | 'net' } | null }>(t.sql`
    select e.early_payment as offer from ${t.from('entity')} e order by e.entity_id limit 1`);
  const offer = row?.offer ?? null;
  return offer === null ? null : { rate: rateOf(offer.rate), days: offer.days, on: offer.on };
}

/** What of the memory is asked for: what is known of some payers, and what was refused of them for some customers. */
export type MemoryScope = { readonly keys: readonly PayerKey[]; readonly customers: readonly CustomerId[] };

/** What payers taught so far: all, or of some. */
export async function loadMemory(t: Tenant, scope: MemoryScope | null = null): Promise<PayerMemory> {
  const keys = scope === null ? null : scope.keys.map(({ key }) => key);
  const pairs = scope === null ? null : scope.keys.flatMap((key) => scope.customers.map((customer) => refusalKey(key, customer)));
  const rows = await t.rows<{ kind: 'iban' | 'label'; key: string; customer: CustomerId; times: number }>(t.sql`
    select m.kind, m.key, m.customer_id as customer, m.times from ${t.from('payer_memory')} m
    where ${keys}::text[] is null or m.kind in ('iban', 'label') and m.key = any(${keys}::text[]) order by m.kind, m.key, m.customer_id`);
  const refusals = await t.rows<{ key: string; times: number; lastOn: Day }>(t.sql`
    select r.key, r.times, r.last_on as "lastOn" from ${t.from('payer_refusal')} r where ${pairs}::text[] is null or r.key = any(${pairs}::text[])`);
  const lists = { iban: new Map<string, Remembered[]>(), label: new Map<string, Remembered[]>() };
  for (const { kind, key, customer, times } of rows) {
    const list = lists[kind].get(key) ?? [];
    list.push({ customer, times });
    lists[kind].set(key, list);
  }
  return { ibans: lists.iban, labels: lists.label, refused: new Map(refusals.map(({ key, times, lastOn }): [string, Refused] => [key, { times, lastOn }])) };
}

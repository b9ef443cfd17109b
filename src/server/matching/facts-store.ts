import { STANDARD_RULES } from '#core/matching/rules.ts';
import type { CreditKind, DebitKind, Incoming, KnownCustomer, MatchingFacts, MatchingRules, OpenCredit, OpenDebit, PayerMemory, Refused, Remembered } from '#core/matching/matching.ts';
import { discounted } from '#core/ledger/early-payment.ts';
import type { EarlyPayment } from '#core/ledger/early-payment.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import { money } from '#core/kernel/money.ts';
import type { Rate } from '#core/kernel/rate.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Which accounts matching looks at: all, or those of one customer. */
export type Scope = { readonly customer: CustomerId | null };

type DebitRow = {
  item_id: ItemId; customer_id: CustomerId; document: string | null; kind: DebitKind; currency: Currency; open: string; amount: string; issued_on: Day; due_on: Day;
  payment_reference: string | null; order_reference: string | null; buyer_reference: string | null; tax: string | null;
};

/** Everything that is open, who owes it, and what payers taught. */
export async function loadFacts(t: Tenant, scope: Scope): Promise<MatchingFacts> {
  const offer = await loadOffer(t);
  const debits = await t.rows<DebitRow>(t.sql`
    select i.item_id, i.customer_id, i.document, i.kind, i.currency, (i.amount - i.allocated)::text as open, i.amount::text, i.issued_on, i.due_on,
      d.payment_reference, d.order_reference, d.buyer_reference, d.tax
    from ${t.from('item')} i left join (
      select d.customer_id, d.number, min(d.payment_reference) as payment_reference, min(d.order_reference) as order_reference, min(d.buyer_reference) as buyer_reference,
        min((select sum((x.value ->> 'tax')::bigint) from jsonb_array_elements(d.details -> 'taxes') x))::text as tax
      from ${t.from('document')} d where d.voided_at is null and d.customer_id is not null group by d.customer_id, d.number
    ) d on d.customer_id = i.customer_id and d.number = i.document
    where i.side = 'debit' and i.allocated < i.amount and i.voided_at is null and (${scope.customer}::bigint is null or i.customer_id = ${scope.customer}::bigint)`);
  const credits = await t.rows<{ item_id: ItemId; customer_id: CustomerId; document: string | null; kind: CreditKind; currency: Currency; open: string; issued_on: Day }>(t.sql`
    select i.item_id, i.customer_id, i.document, case when i.kind in ('creditNote', 'receipt', 'opening') then i.kind else 'other' end as kind, i.currency,
      (i.amount - i.allocated)::text as open, i.issued_on
    from ${t.from('item')} i
    where i.side = 'credit' and i.allocated < i.amount and i.voided_at is null and (${scope.customer}::bigint is null or i.customer_id = ${scope.customer}::bigint)`);
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

/** What payers taught so far. */
export async function loadMemory(t: Tenant): Promise<PayerMemory> {
  const rows = await t.rows<{ kind: 'iban' | 'label'; key: string; customer: CustomerId; times: number }>(t.sql`
    select m.kind, m.key, m.customer_id as customer, m.times from ${t.from('payer_memory')} m order by m.kind, m.key, m.customer_id`);
  const refusals = await t.rows<{ key: string; times: number; lastOn: Day }>(t.sql`select r.key, r.times, r.last_on as "lastOn" from ${t.from('payer_refusal')} r`);
  const lists = { iban: new Map<string, Remembered[]>(), label: new Map<string, Remembered[]>() };
  for (const { kind, key, customer, times } of rows) {
    const list = lists[kind].get(key) ?? [];
    list.push({ customer, times });
    lists[kind].set(key, list);
  }
  return { ibans: lists.iban, labels: lists.label, refused: new Map(refusals.map(({ key, times, lastOn }): [string, Refused] => [key, { times, lastOn }])) };
}

type LineRow = {
  id: string; booked_on: Day; amount: string; currency: Currency; counterparty_name: string | null; counterparty_iban: string | null; ultimate_name: string | null;
  end_to_end_id: string | null; creditor_reference: string | null; mandate_id: string | null; documents: string[]; remittance: string; label: string;
};

/** Booked money that came in and that nobody placed yet, oldest first; what a person has to look at first, or said is no customer's, is left out. */
export async function loadIncoming(t: Tenant, of: { limit: number; line?: string }): Promise<Incoming[]> {
  const rows = await t.rows<LineRow>(t.sql`
    select l.bank_line_id::text as id, l.booked_on, l.amount::text, l.currency, l.counterparty_name, l.counterparty_iban, l.ultimate_name, l.end_to_end_id, l.creditor_reference,
      l.mandate_id, l.documents, l.remittance, l.label
    from ${t.from('bank_line')} l join ${t.from('bank_statement')} s on s.bank_statement_id = l.bank_statement_id
    where l.item_id is null and l.dismissed_at is null and l.takes_back is null and l.voided_at is null and l.status = 'booked' and l.amount > 0
      and (s.review is null or s.reviewed_at is not null) and (${of.line ?? null}::bigint is null or l.bank_line_id = ${of.line ?? null}::bigint)
      and not exists (select from ${t.from('bank_line')} b where b.takes_back = l.bank_line_id and b.voided_at is null)
    order by l.booked_on, l.bank_line_id limit ${of.limit}`);
  return rows.map((row) => ({
    id: row.id, source: 'bankLine', item: null, bookedOn: row.booked_on, minor: BigInt(row.amount), currency: row.currency, customer: null,
    payer: { name: row.counterparty_name, iban: row.counterparty_iban, ultimateName: row.ultimate_name },
    references: { endToEndId: row.end_to_end_id, creditorReference: row.creditor_reference, mandateId: row.mandate_id, documents: row.documents },
    text: [row.remittance, row.label].filter((one) => one !== '').join(' '),
  }));
}

/** The organisation's settings: the standard ones with what a person changed. */
export async function loadRules(t: Tenant): Promise<MatchingRules> {
  const row = await t.one<{ matching: Partial<Pick<MatchingRules, 'automaticFrom' | 'partPayments' | 'writeOffs' | 'imputation' | 'oldestFirst' | 'rememberedPayers'>> }>(t.sql`
    select p.matching from ${t.from('profile')} p`);
  return { ...STANDARD_RULES, ...row?.matching };
}

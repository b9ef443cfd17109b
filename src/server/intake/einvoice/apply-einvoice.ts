import { createHash } from 'node:crypto';
import type { EInvoice } from '#core/intake/einvoice/einvoice.ts';
import { problem, quoted } from '#core/intake/problems.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import type { Id, ImportId } from '#core/kernel/id.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Applying } from '../derive-items.ts';
import type { Applied, ImportOptions } from '../import-file.ts';
import type { ReadEInvoice } from '../read-einvoice.ts';
import { Refused } from '../refused.ts';
import { bookDocument } from './book-document.ts';
import type { Booked } from './book-document.ts';
import { findBuyer } from './buyer.ts';

/** An issued document. */
export type DocumentId = Id<'document'>;

/** What a file brought: the invoice as read and the bytes to keep. */
export type InvoiceFile = {
  readonly reading: NonNullable<ReadEInvoice['reading']> & { readonly invoice: EInvoice };
  readonly problems: readonly Problem[];
  readonly files: readonly { readonly mediaType: 'application/pdf' | 'application/xml'; readonly name: string; readonly content: Uint8Array }[];
};

/** Takes one e-invoice in: the document with its files, and, unless it contradicts itself or another, what is owed of it. */
export async function applyEInvoice(t: Tenant, importId: ImportId, options: ImportOptions & { readonly file: InvoiceFile }): Promise<Applied> {
  const { file, today, clock, actor } = options;
  const { invoice } = file.reading;
  const totals = totalsOf(invoice);
  const own = await readOwn(t);
  const foreign = own === null ? null : foreignIssuer(own, invoice);
  if (foreign !== null) throw new Refused([foreign, ...file.problems], { lines: 1, totals });
  const applying: Applying = {
    importId, source: `einvoice:${invoice.number}`.slice(0, 200), today, now: clock.now(), actor, terms: null, coversFrom: invoice.issuedOn, coversUntil: invoice.issuedOn, lines: 1, older: false,
  };
  const before = await earlierDocument(t, invoice);
  const base = { source: applying.source, lines: 1, understood: null, totals, coversFrom: invoice.issuedOn, coversUntil: invoice.issuedOn };
  if (before?.same === true) {
    const kept = await storeFiles(t, before.document_id, file.files);
    return { ...base, created: NOTHING, changed: { files: kept }, problems: [problem('einvoiceKnown', 0, { number: quoted(invoice.number) }), ...file.problems] };
  }
  const doubts: Problem[] = before === null ? [] : [problem('einvoiceNumberTwice', 0, { number: quoted(invoice.number) })];
  doubts.push(...(await otherAccount(t, own, invoice)));
  const review = [...new Set([...file.reading.contradictions, ...doubts.map((one) => one.code)])];
  const booked = await store(t, applying, { file, review });
  return {
    ...base, created: { customers: booked.customers, debits: booked.debits, credits: booked.credits, allocations: 0, bankLines: 0 },
    changed: { documents: 1, customers: booked.changed, dueDays: booked.dueDays, review: review.length === 0 ? 0 : 1 },
    problems: [...file.problems, ...doubts, ...booked.problems],
  };
}

const NOTHING = { customers: 0, debits: 0, credits: 0, allocations: 0, bankLines: 0 };

/** What the file asks for, as debit or credit. */
export function totalsOf(invoice: EInvoice): Applied['totals'] {
  const text = (minor: bigint): string => decimalMinor(minor, currencyDigits(invoice.currency satisfies Currency));
  const credit = invoice.kind === 'creditNote';
  const { due } = invoice.totals;
  return { debit: text(credit ? 0n : due), credit: text(credit ? due : 0n), balance: text(credit ? -due : due) };
}

type Own = { siren: string | null; vat: string | null; name: string; ibans: string[] };

/** Who we are, as far as the company said. */
async function readOwn(t: Tenant): Promise<Own | null> {
  return t.one<Own>(t.sql`
    select e.siren, replace(upper(e.vat_number), ' ', '') as vat, e.name,
      array(select replace(upper(o.iban), ' ', '') from ${t.from('entity')} o where o.iban is not null) as ibans from ${t.from('entity')} e order by e.entity_id limit 1`);
}

/** An invoice that somebody else issued: a purchase, or a file of another company. Known only when the company said who it is. */
function foreignIssuer(own: Own, invoice: EInvoice): Problem | null {
  const is = (party: EInvoice['seller']): boolean | null => {
    if (own.siren !== null && party.siren !== null) return own.siren === party.siren;
    return own.vat !== null && party.vatNumber !== null ? own.vat === party.vatNumber.replaceAll(' ', '').toUpperCase() : null;
  };
  if (is(invoice.seller) !== false) return null;
  const facts = { number: quoted(invoice.number), issuer: quoted(invoice.seller.name), own: quoted(own.name) };
  return is(invoice.buyer) === true ? problem('einvoicePurchase', 0, facts) : problem('einvoiceOtherIssuer', 0, facts);
}

/** Money asked for on an account that is not known as ours and not a factor's: the oldest fraud there is. */
async function otherAccount(t: Tenant, own: Own | null, invoice: EInvoice): Promise<Problem[]> {
  const ibans = invoice.payments.flatMap(({ iban }) => (iban === null ? [] : [iban]));
  if (ibans.length === 0 || invoice.payee !== null) return [];
  if (own === null || own.ibans.length === 0) return [];
  const accounts = await t.rows<{ iban: string }>(t.sql`select b.iban from ${t.from('bank_account')} b where b.iban is not null`);
  const ours = new Set([...own.ibans, ...accounts.map((row) => row.iban)]);
  return ibans.some((iban) => ours.has(iban)) ? [] : [problem('einvoiceOtherAccount', 0, { number: quoted(invoice.number), iban: quoted(ibans[0] ?? '') })];
}

async function earlierDocument(t: Tenant, invoice: EInvoice): Promise<{ document_id: DocumentId; same: boolean } | null> {
  const { totals, buyer } = invoice;
  return t.one(t.sql`
    select d.document_id, d.due = ${String(totals.due)}::bigint and d.currency = ${invoice.currency} and d.issued_on = ${invoice.issuedOn}::date and d.kind = ${invoice.kind}
      and d.buyer_siren is not distinct from ${buyer.siren} and lower(d.buyer_name) = lower(${buyer.name}) as same
    from ${t.from('document')} d where d.number = ${invoice.number} and d.voided_at is null and d.decision is distinct from 'discarded'
    order by same desc, d.document_id limit 1`);
}

type Stored = Booked & { readonly customers: number; readonly changed: number };

async function store(t: Tenant, applying: Applying, of: { file: InvoiceFile; review: readonly string[] }): Promise<Stored> {
  const { invoice, proposedDueOn } = of.file.reading;
  const held = of.review.length > 0;
  const buyer = held ? null : await findBuyer(t, applying, invoice);
  const { totals, references } = invoice;
  const details = { notes: invoice.notes, taxes: invoice.taxes, preceding: references.preceding, dueDates: invoice.dueDates, proposedDueOn, payments: invoice.payments, buyer: invoice.buyer, profile: invoice.profile };
  const row = await t.one<{ document_id: DocumentId }>(t.sql`
    ${t.into('document', `customer_id, number, type_code, kind, issued_on, due_on, currency, gross, prepaid, due, terms_text, buyer_name, buyer_siren, buyer_vat_number, payee_name,
      payment_iban, payment_reference, order_reference, contract_reference, buyer_reference, details, review, import_id`)}
    values (${t.org}, ${buyer?.customerId ?? null}::bigint, ${invoice.number}, ${invoice.typeCode}, ${invoice.kind}, ${invoice.issuedOn}::date, ${invoice.dueDates[0]?.on ?? proposedDueOn}::date,
      ${invoice.currency}, ${totals.gross === null ? null : String(totals.gross)}::bigint, ${totals.prepaid === null ? null : String(totals.prepaid)}::bigint, ${String(totals.due)}::bigint,
      ${invoice.termsText}, ${invoice.buyer.name}, ${invoice.buyer.siren}, ${invoice.buyer.vatNumber}, ${invoice.payee?.name ?? null}, ${invoice.payments[0]?.iban ?? null},
      ${invoice.payments[0]?.reference ?? null}, ${references.order}, ${references.contract}, ${references.buyer}, ${jsonText(details)}::jsonb, ${[...of.review]}::text[], ${applying.importId}::bigint)
    returning document_id`);
  if (row === null) throw new Error('no document row');
  await storeFiles(t, row.document_id, of.file.files);
  if (buyer === null) return { customers: 0, changed: 0, debits: 0, credits: 0, dueDays: 0, problems: [] };
  const booked = await bookDocument(t, applying, {
    document: { ...invoice, due: totals.due, gross: totals.gross, proposedDueOn }, customerId: buyer.customerId, code: buyer.code,
  });
  return { ...booked, customers: buyer.created ? 1 : 0, changed: buyer.changed, problems: [...buyer.problems, ...booked.problems] };
}

/** JSON with amounts as the digits of their minor units. */
const jsonText = (value: unknown): string => JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one));

/** Keeps the files of a document, each content once. Gives how many were new. */
async function storeFiles(t: Tenant, document: DocumentId, files: InvoiceFile['files']): Promise<number> {
  let kept = 0;
  for (const file of files) {
    const sha256 = createHash('sha256').update(file.content).digest();
    kept += await t.run(t.sql`
      ${t.into('document_file', 'document_id, media_type, file_name, sha256, content')}
      select ${t.org}, ${document}::bigint, ${file.mediaType}, ${file.name.slice(0, 255)}, ${sha256}::bytea, ${file.content}::bytea
      where not exists (select from ${t.from('document_file')} f where f.document_id = ${document}::bigint and f.sha256 = ${sha256}::bytea)`);
  }
  return kept;
}

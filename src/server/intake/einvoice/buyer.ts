import type { EInvoice, InvoiceParty } from '#core/intake/einvoice/einvoice.ts';
import type { CustomerId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Applying } from '../derive-items.ts';
import { applyParties, Parties } from '../parties.ts';

/** The customer an invoice is for, and what that changed in the books. */
export type Buyer = { readonly customerId: CustomerId; readonly code: string; readonly created: boolean; readonly changed: number; readonly problems: readonly Problem[] };

/** What of an invoice says who owes it. */
export type Billed = Pick<EInvoice, 'number' | 'kind' | 'currency' | 'buyer'> & { readonly totals: Pick<EInvoice['totals'], 'due' | 'gross'> };

type Known = {
  customer_id: CustomerId; code: string; siren: string | null; vat_number: string | null; address: string[]; postal_code: string | null; city: string | null; has_contact: boolean;
};

/**
 * Finds who owes an invoice: whoever the ledger already has it under, else by SIREN, VAT number, or a name that only one customer bears;
 * otherwise a new customer. What the invoice says of the buyer fills what the books do not know and replaces nothing.
 */
export async function findBuyer(t: Tenant, applying: Applying, invoice: Billed): Promise<Buyer> {
  const { buyer } = invoice;
  const known = (await byDocument(t, invoice)) ?? (await byIdentity(t, buyer));
  const customer = known ?? (await createBuyer(t, applying, buyer));
  const parties = new Parties();
  parties.add(partyOf(customer, buyer));
  const applied = await applyParties(t, applying, parties);
  return { customerId: customer.customer_id, code: customer.code, created: known === null, changed: known === null ? 0 : applied.changed + applied.contacts, problems: applied.problems };
}

/** Most of a name, a SIREN or an address line that the books keep. */
const COLUMNS_OF = (t: Tenant) => t.sql`c.customer_id, c.code, c.siren, c.vat_number, c.address, c.postal_code, c.city,
  exists (select from ${t.from('contact')} k where k.customer_id = c.customer_id and k.removed_at is null) as has_contact`;

async function byDocument(t: Tenant, invoice: Billed): Promise<Known | null> {
  const side = invoice.kind === 'creditNote' ? 'credit' : 'debit';
  const amounts = [invoice.totals.due, invoice.totals.gross].filter((one) => one !== null).map(String);
  const rows = await t.rows<Known>(t.sql`
    select ${COLUMNS_OF(t)} from ${t.from('customer')} c where c.voided_at is null and c.customer_id in (
      select i.customer_id from ${t.from('item')} i where i.document = ${invoice.number} and i.side = ${side} and i.kind <> 'refund' and i.voided_at is null
        and i.currency = ${invoice.currency} and i.amount = any(${amounts}::bigint[])) limit 2`);
  return rows.length === 1 ? (rows[0] ?? null) : null;
}

async function byIdentity(t: Tenant, buyer: InvoiceParty): Promise<Known | null> {
  const rows = await t.rows<Known & { rank: number }>(t.sql`
    select * from (
      select ${COLUMNS_OF(t)}, case when c.siren = ${buyer.siren} then 1 when c.vat_number = ${buyer.vatNumber} then 2 else 3 end as rank
      from ${t.from('customer')} c where c.voided_at is null and (c.siren = ${buyer.siren} or c.vat_number = ${buyer.vatNumber}
        or (lower(c.name) = lower(${buyer.name}) and (c.siren is null or ${buyer.siren}::text is null) and (c.vat_number is null or ${buyer.vatNumber}::text is null)))
    ) f order by f.rank, f.customer_id limit 2`);
  const [first, second] = rows;
  return first === undefined || first.rank === second?.rank ? null : first;
}

/** A code of our own until a ledger brings the one its accountant uses. */
async function createBuyer(t: Tenant, applying: Applying, buyer: InvoiceParty): Promise<Known> {
  const wanted = (buyer.siren ?? buyer.vatNumber ?? buyer.name).slice(0, CODE_MAX);
  const taken = await t.rows<{ code: string }>(t.sql`
    select c.code from ${t.from('customer')} c where c.voided_at is null and (c.code = ${wanted} or starts_with(c.code, ${`${wanted}-`}))`);
  const codes = new Set(taken.map((row) => row.code));
  let code = wanted;
  for (let number = 2; codes.has(code); number += 1) code = `${wanted}-${number}`;
  const row = await t.one<{ customer_id: CustomerId }>(t.sql`
    ${t.into('customer', 'code, name, kind, import_id')}
    values (${t.org}, ${code}, ${buyer.name.slice(0, NAME_MAX)}, 'business', ${applying.importId}::bigint) returning customer_id`);
  if (row === null) throw new Error('no customer row');
  return { customer_id: row.customer_id, code, siren: null, vat_number: null, address: [], postal_code: null, city: null, has_contact: false };
}

/** Room for the number that tells two of one name apart. */
const CODE_MAX = 72;
const NAME_MAX = 300;

/** Only what the books lack. */
function partyOf(known: Known, buyer: InvoiceParty): Parameters<Parties['add']>[0] {
  const fill = (has: string | null, value: string | null): string => (has === null ? (value ?? '') : '');
  const noAddress = known.address.length === 0 && known.postal_code === null && known.city === null;
  const [first = '', ...rest] = buyer.addressLines;
  return {
    line: 0, customerCode: known.code, customerName: buyer.name, terms: '',
    customer: {
      email: known.has_contact ? '' : (buyer.email ?? ''), phone: known.has_contact ? '' : (buyer.phone ?? ''), contactName: known.has_contact ? '' : (buyer.contactName ?? ''),
      addressLine1: noAddress ? first : '', addressLine2: noAddress ? rest.join(', ') : '', postalCode: noAddress ? (buyer.postalCode ?? '') : '', city: noAddress ? (buyer.city ?? '') : '',
      country: noAddress ? (buyer.country ?? '') : '', siren: fill(known.siren, buyer.siren), vatNumber: fill(known.vat_number, buyer.vatNumber), language: '',
    },
  };
}

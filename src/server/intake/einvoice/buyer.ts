import type { EInvoice, InvoiceParty } from '#core/intake/einvoice/einvoice.ts';
import { problem, quoted } from '#core/intake/problems.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import type { CustomerId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';
import type { Applying } from '../derive-items.ts';
import { rememberCustomers } from '#server/audit/fact-before.ts';
import { notErased } from '../not-erased.ts';

/** The customer an invoice is for, and what that changed in the books. */
export type Buyer = { readonly customerId: CustomerId; readonly code: string; readonly created: boolean; readonly changed: number; readonly problems: readonly Problem[] };

/** What of an invoice says who owes it. */
export type Billed = Pick<EInvoice, 'number' | 'kind' | 'currency' | 'buyer'> & { readonly totals: Pick<EInvoice['totals'], 'due' | 'gross'> };

type Known = { customer_id: CustomerId; code: string; lacks_siren: boolean; lacks_vat: boolean; lacks_place: boolean };

/**
 * Finds who owes an invoice: whoever the ledger already has it under, else by SIREN, VAT number, or a name that only one customer bears;
 * otherwise a new customer. What the invoice says of the buyer fills what the books do not know and replaces nothing.
 */
export async function findBuyer(t: Tenant, applying: Applying, invoice: Billed): Promise<Buyer> {
  const { buyer } = invoice;
  const known = (await byDocument(t, invoice)) ?? (await byIdentity(t, buyer));
  const customer = known ?? (await createBuyer(t, applying, buyer));
  const filled = known === null || !hasNews(known, buyer) ? 0 : await fillCustomer(t, applying, { customer: known, buyer });
  const email = buyer.email === null ? null : parseRecipient(buyer.email.toLowerCase());
  const usable = email !== null && email.ok ? email.value : null;
  const contacts = await addContact(t, applying, { customer, buyer, email: usable });
  const problems = email === null || email.ok ? [] : [problem('partyEmail', 0, { text: quoted(buyer.email ?? ''), customer: customer.code })];
  return { customerId: customer.customer_id, code: customer.code, created: known === null, changed: known === null ? 0 : filled + contacts, problems };
}

const COLUMNS_OF = (t: Tenant): SqlPiece => t.sql`c.customer_id, c.code, c.siren is null as lacks_siren, c.vat_number is null as lacks_vat,
  cardinality(c.address) = 0 and c.postal_code is null and c.city is null as lacks_place`;

/** True when the invoice says something of its buyer that the books lack: most say nothing new, and then nothing is to be written. */
const hasNews = (known: Known, buyer: InvoiceParty): boolean =>
  (known.lacks_siren && buyer.siren !== null) || (known.lacks_vat && buyer.vatNumber !== null) || (known.lacks_place && (buyer.addressLines.length > 0 || buyer.city !== null));

async function byDocument(t: Tenant, invoice: Billed): Promise<Known | null> {
  const side = invoice.kind === 'creditNote' ? 'credit' : 'debit';
  const amounts = [invoice.totals.due, invoice.totals.gross].filter((one) => one !== null).map(String);
  const rows = await t.rows<Known>(t.sql`
    select ${COLUMNS_OF(t)} from ${t.from('customer')} c where c.voided_at is null and c.customer_id = any(array(
      select i.customer_id from ${t.from('item')} i where i.document = ${invoice.number} and i.side = ${side} and i.kind <> 'refund' and i.voided_at is null
        and i.currency = ${invoice.currency} and i.amount = any(${amounts}::bigint[]))) limit 2`);
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
    ${t.into('customer', 'code, name, kind, siren, vat_number, address, postal_code, city, country, import_id')}
    values (${t.org}, ${code}, ${buyer.name.slice(0, NAME_MAX)}, 'business', ${buyer.siren}, ${buyer.vatNumber}, ${[...buyer.addressLines]}::text[], ${buyer.postalCode}, ${buyer.city},
      coalesce(${countryOf(buyer)}, 'FR'), ${applying.importId}::bigint) returning customer_id`);
  if (row === null) throw new Error('no customer row');
  return { customer_id: row.customer_id, code, lacks_siren: false, lacks_vat: false, lacks_place: false };
}

/** Room for the number that tells two of one name apart. */
const CODE_MAX = 72;
const NAME_MAX = 300;

const countryOf = (buyer: InvoiceParty): string | null => (buyer.country !== null && /^[A-Z]{2}$/u.test(buyer.country) ? buyer.country : null);

/** Fills what the books lack of a customer, keeping what was there for undo. Gives 1 when something was missing. */
async function fillCustomer(t: Tenant, applying: Applying, of: { customer: Known; buyer: InvoiceParty }): Promise<number> {
  const { customer, buyer } = of;
  const missing = t.sql`c.customer_id = ${customer.customer_id}::bigint and (
    (c.siren is null and ${buyer.siren}::text is not null) or (c.vat_number is null and ${buyer.vatNumber}::text is not null)
    or (cardinality(c.address) = 0 and c.postal_code is null and c.city is null and (${buyer.addressLines.length} > 0 or ${buyer.city}::text is not null)))`;
  await t.run(t.sql`
    ${t.into('import_change', 'import_id, relation, row_id, before')}
    select ${t.org}, ${applying.importId}::bigint, 'customer', c.customer_id, jsonb_build_object('address', c.address, 'postal_code', c.postal_code, 'city', c.city,
      'country', c.country, 'siren', c.siren, 'vat_number', c.vat_number) from ${t.from('customer')} c where ${missing}
    on conflict (organisation_id, import_id, relation, row_id) do update set before = excluded.before || import_change.before`);
  await rememberCustomers(t, missing, applying.now);
  return t.run(t.sql`
    ${t.update('customer', 'c')} set siren = coalesce(c.siren, ${buyer.siren}), vat_number = coalesce(c.vat_number, ${buyer.vatNumber}),
      address = case when a.empty then ${[...buyer.addressLines]}::text[] else c.address end, postal_code = case when a.empty then ${buyer.postalCode} else c.postal_code end,
      city = case when a.empty then ${buyer.city} else c.city end, country = case when a.empty then coalesce(${countryOf(buyer)}, c.country) else c.country end
    from (select k.customer_id as id, cardinality(k.address) = 0 and k.postal_code is null and k.city is null as empty from ${t.from('customer')} k
      where k.customer_id = ${customer.customer_id}::bigint) a
    where ${t.own('c')} and a.id = c.customer_id and ${missing}`);
}

/** A first contact; where the customer has one, or a person removed this very one, nothing is added. */
async function addContact(t: Tenant, applying: Applying, of: { customer: Known; buyer: InvoiceParty; email: string | null }): Promise<number> {
  const { customer, buyer, email } = of;
  if (email === null && buyer.phone === null) return 0;
  return t.run(t.sql`
    ${t.into('contact', 'customer_id, name, email, phone, import_id')}
    select ${t.org}, ${customer.customer_id}::bigint, ${buyer.contactName}, ${email}, ${buyer.phone}, ${applying.importId}::bigint
    where ${await notErased(t, { email: t.sql`${email}::text`, phone: t.sql`${buyer.phone}::text` })}
      and not exists (select from ${t.from('contact')} k where k.customer_id = ${customer.customer_id}::bigint and (k.removed_at is null or k.email = ${email}))`);
}

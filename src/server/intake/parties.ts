import { parseTerms } from '#core/ledger/terms.ts';
import type { OpenItemCustomer } from '#core/intake/table/open-item-row.ts';
import { problem } from '#core/intake/problems.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import { rememberCustomers } from '#server/audit/fact-before.ts';
import { notErased } from './not-erased.ts';
import { moveDueDays } from '#server/ledger/due-dates.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Applying } from './derive-items.ts';

/** What a row says of a customer, whatever else it says. */
export type PartyRow = {
  readonly line: number;
  readonly customerCode: string;
  readonly customerName: string;
  readonly terms: string;
  readonly customer: OpenItemCustomer;
};

/** Customers as the rows of one table describe them, by code; of two rows the later one wins, field by field. */
export class Parties {
  readonly #rows = new Map<string, PartyRow>();

  add(row: PartyRow): void {
    const before = this.#rows.get(row.customerCode);
    this.#rows.set(row.customerCode, before === undefined ? row : merged(before, row));
  }

  /** Those of which the table says something beyond code and name. */
  described(): PartyRow[] {
    return [...this.#rows.values()].filter((row) => row.terms !== '' || Object.values(row.customer).some((value) => value !== ''));
  }

  all(): PartyRow[] {
    return [...this.#rows.values()];
  }
}

function merged(before: PartyRow, row: PartyRow): PartyRow {
  const filled = Object.entries(row.customer).filter(([, value]) => value !== '');
  return {
    ...row, customerName: row.customerName || before.customerName, terms: row.terms || before.terms,
    customer: { ...before.customer, ...Object.fromEntries(filled) },
  };
}

/** What applying them changed, and what of it could not be used. */
export type AppliedParties = { changed: number; contacts: number; dueDays: number; problems: Problem[] };

type Clean = {
  code: string; name: string; email: string | null; phone: string | null; contact: string | null; address: string[]; postal_code: string | null;
  city: string | null; country: string | null; siren: string | null; vat_number: string | null; language: string | null; terms: string | null;
};

const orNull = (text: string): string | null => (text === '' ? null : text);

/** Keeps what can be used of a row; the rest is named and left out, the row itself stays. */
function clean(row: PartyRow, problems: Problem[]): Clean {
  const { customer } = row;
  const email = customer.email === '' ? null : parseRecipient(customer.email.toLowerCase());
  if (email !== null && !email.ok) problems.push(problem('partyEmail', row.line, { text: customer.email.slice(0, 80), customer: row.customerCode }));
  const terms = row.terms === '' ? null : parseTerms(row.terms);
  if (terms !== null && !terms.ok) problems.push(problem('partyTerms', row.line, { text: row.terms.slice(0, 80), customer: row.customerCode }));
  const siren = customer.siren.replaceAll(/\s/g, '').slice(0, 9);
  const country = customer.country.toUpperCase();
  return {
    code: row.customerCode.slice(0, 80), name: row.customerName.slice(0, 300), email: email?.ok === true ? email.value : null, phone: orNull(customer.phone),
    contact: orNull(customer.contactName), address: [customer.addressLine1, customer.addressLine2].filter((line) => line !== ''),
    postal_code: orNull(customer.postalCode), city: orNull(customer.city), country: /^[A-Z]{2}$/.test(country) ? country : country === 'FRANCE' ? 'FR' : null,
    siren: /^\d{9}$/.test(siren) ? siren : null, vat_number: orNull(customer.vatNumber), language: ['fr', 'en'].find((known) => known === customer.language.toLowerCase()) ?? null,
    terms: terms?.ok === true ? row.terms : null,
  };
}

/** Customers written by one statement; a JSON parameter of this many stays around a megabyte. */
const CHUNK = 5000;

/** Brings customers and their contacts up to what a table says. A contact that a person removed or entered stays as it is. */
export async function applyParties(t: Tenant, applying: Applying, parties: Parties): Promise<AppliedParties> {
  const problems: Problem[] = [];
  const rows = parties.described().map((row) => clean(row, problems));
  const result: AppliedParties = { changed: 0, contacts: 0, dueDays: 0, problems };
  for (let start = 0; start < rows.length; start += CHUNK) {
    await t.run(t.sql`
      create temporary table if not exists stage_party (code text, email text, phone text, contact text, address text[], postal_code text, city text,
        country text, siren text, vat_number text, language text, terms text) on commit drop`);
    await t.run(t.sql`truncate stage_party`);
    await t.run(t.sql`
      insert into stage_party select p.code, p.email, p.phone, p.contact, p.address, p.postal_code, p.city, p.country, p.siren, p.vat_number, p.language, p.terms
      from jsonb_to_recordset(${JSON.stringify(rows.slice(start, start + CHUNK))}::jsonb) as p(code text, email text, phone text, contact text,
        address text[], postal_code text, city text, country text, siren text, vat_number text, language text, terms text)`);
    const before = await t.rows<{ customer_id: string }>(t.sql`
      select c.customer_id from ${t.from('customer')} c join stage_party p on p.code = c.code
      where c.voided_at is null and p.terms <> coalesce(c.terms, '')`);
    result.changed += await updateCustomers(t, applying);
    if (before.length > 0) result.dueDays += await moveDueDays(t, t.sql`select unnest(${before.map((row) => row.customer_id)}::bigint[])`, applying.importId);
    result.contacts += await addContacts(t, applying);
  }
  return result;
}

async function updateCustomers(t: Tenant, applying: Applying): Promise<number> {
  const differs = t.sql`(
    (cardinality(p.address) > 0 and p.address <> c.address) or p.postal_code <> coalesce(c.postal_code, '') or p.city <> coalesce(c.city, '')
    or p.country <> c.country or p.siren <> coalesce(c.siren, '') or p.vat_number <> coalesce(c.vat_number, '') or p.language <> c.language
    or p.terms <> coalesce(c.terms, ''))`;
  await t.run(t.sql`
    ${t.into('import_change', 'import_id, relation, row_id, before')}
    select ${t.org}, ${applying.importId}::bigint, 'customer', c.customer_id, jsonb_build_object('address', c.address, 'postal_code', c.postal_code,
      'city', c.city, 'country', c.country, 'siren', c.siren, 'vat_number', c.vat_number, 'language', c.language, 'terms', c.terms)
    from ${t.from('customer')} c join stage_party p on p.code = c.code where c.voided_at is null and ${differs}
    on conflict (organisation_id, import_id, relation, row_id) do update set before = excluded.before || import_change.before`);
  await rememberCustomers(t, t.sql`c.voided_at is null and exists (select from stage_party p where p.code = c.code and ${differs})`, applying.now);
  return t.run(t.sql`
    ${t.update('customer', 'c')} set address = case when cardinality(p.address) > 0 then p.address else c.address end,
      postal_code = coalesce(p.postal_code, c.postal_code), city = coalesce(p.city, c.city), country = coalesce(p.country, c.country),
      siren = coalesce(p.siren, c.siren), vat_number = coalesce(p.vat_number, c.vat_number), language = coalesce(p.language, c.language),
      terms = coalesce(p.terms, c.terms)
    from stage_party p where ${t.own('c')} and p.code = c.code and c.voided_at is null and ${differs}`);
}

async function addContacts(t: Tenant, applying: Applying): Promise<number> {
  return t.run(t.sql`
    ${t.into('contact', 'customer_id, name, email, phone, import_id')}
    select ${t.org}, c.customer_id, p.contact, p.email, p.phone, ${applying.importId}::bigint
    from stage_party p join ${t.from('customer')} c on c.code = p.code and c.voided_at is null
    where (p.email is not null or p.phone is not null) and ${await notErased(t, { email: t.sql`p.email`, phone: t.sql`p.phone` })}
      and not exists (select from ${t.from('contact')} k where k.customer_id = c.customer_id and k.erased_at is null
        and (k.email is not distinct from p.email or k.removed_at is null and k.import_id is null))
    order by c.customer_id`);
}

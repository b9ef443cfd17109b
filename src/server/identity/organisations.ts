import { z } from 'zod';
import type { OrganisationId } from '#core/kernel/id.ts';
import { parseTerms } from '#core/ledger/terms.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** The legal entity that issues the invoices, as letters print it. */
export const entitySchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  legalForm: z.string().trim().max(60).nullable(),
  capital: z.string().trim().max(60).nullable(),
  siren: z.string().regex(/^\d{9}$/).nullable(),
  rcsCity: z.string().trim().max(80).nullable(),
  vatNumber: z.string().trim().max(20).nullable(),
  address: z.array(z.string().trim().max(120)).max(4),
  postalCode: z.string().trim().max(12).nullable(),
  city: z.string().trim().max(80).nullable(),
  country: z.string().regex(/^[A-Z]{2}$/),
  phone: z.string().trim().max(30).nullable(),
  email: z.string().trim().max(254).nullable(),
  iban: z.string().trim().max(42).nullable(),
  bic: z.string().trim().max(11).nullable(),
  signatory: z.string().trim().max(120).nullable(),
  /** Contractual penalty rate in percent ("12.15"); null: the rate of the law. */
  penaltyRate: z.string().trim().regex(/^\d{1,2}([.,]\d{1,4})?$/).nullable(),
  /** Payment terms of customers that have none of their own. */
  defaultTerms: z.string().trim().max(200).refine((text) => parseTerms(text).ok),
});
/** The fields of the entity, as parsed. */
export type EntityFields = z.infer<typeof entitySchema>;

const COLUMNS = {
  name: 'name', legalForm: 'legal_form', capital: 'capital', siren: 'siren', rcsCity: 'rcs_city', vatNumber: 'vat_number', address: 'address',
  postalCode: 'postal_code', city: 'city', country: 'country', phone: 'phone', email: 'email', iban: 'iban', bic: 'bic', signatory: 'signatory',
  penaltyRate: 'penalty_rate', defaultTerms: 'default_terms',
} as const;

/** Changes the given fields of the main entity. */
export async function updateEntity(t: Tenant, fields: Partial<EntityFields>): Promise<void> {
  const changes = JSON.stringify(Object.fromEntries(Object.entries(fields).map(([key, value]) => [COLUMNS[key as keyof EntityFields], value])));
  await t.run(t.sql`${t.update('entity', 'e')} set
      name = n.name, legal_form = n.legal_form, capital = n.capital, siren = n.siren, rcs_city = n.rcs_city, vat_number = n.vat_number,
      address = n.address, postal_code = n.postal_code, city = n.city, country = n.country, phone = n.phone, email = n.email,
      iban = n.iban, bic = n.bic, signatory = n.signatory, penalty_rate = n.penalty_rate, default_terms = n.default_terms
    from ${t.from('entity')} now, lateral jsonb_populate_record(row(now.*)::entity, ${changes}::jsonb) n
    where ${t.own('e')} and e.entity_id = now.entity_id and e.code = 'main'`);
}

/** Every organisation of the database, by code. */
export async function listOrganisations(database: Database): Promise<{ id: OrganisationId; code: string }[]> {
  const found = await database.pool.query<{ organisation_id: string; code: string }>('select organisation_id, code from organisation order by code');
  return found.rows.map((row) => ({ id: row.organisation_id as OrganisationId, code: row.code }));
}

type EntityRow = { [Column in (typeof COLUMNS)[keyof typeof COLUMNS]]: string | string[] | null };

/** The main entity as stored. */
export async function readEntity(t: Tenant): Promise<EntityFields> {
  const row = await t.one<EntityRow>(t.sql`
    select e.name, e.legal_form, e.capital, e.siren, e.rcs_city, e.vat_number, e.address, e.postal_code, e.city, e.country, e.phone, e.email, e.iban, e.bic,
      e.signatory, e.penalty_rate, e.default_terms from ${t.from('entity')} e where e.code = 'main'`);
  if (row === null) throw new Error('the organisation has no entity');
  return entitySchema.parse(Object.fromEntries(Object.entries(COLUMNS).map(([field, column]) => [field, row[column]])));
}

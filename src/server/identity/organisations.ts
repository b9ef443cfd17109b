import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { Instant } from '#core/kernel/clock.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { READY_SCENARIOS } from '#core/dunning/ready-scenarios.ts';
import { readyTemplates } from '#core/letters/ready-templates.ts';
import { record } from '#server/audit/record.ts';
import type { Database } from '#server/plumbing/database.ts';
import { Tenant } from '#server/plumbing/tenant.ts';
import { scenarioToJson } from '#server/dunning/scenario-store.ts';

/** What a new organisation starts with; everything can be changed later. */
export type NewOrganisation = {
  readonly code: string;
  readonly name: string;
  readonly sample?: boolean;
  readonly entity?: Partial<EntityFields>;
};

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
});
export type EntityFields = z.infer<typeof entitySchema>;

/** Creates an organisation with its chain, profile, entity, the ready scenarios and templates, in the caller's transaction. */
export async function createOrganisation(client: PoolClient, given: NewOrganisation, at: { now: Instant; actor: string }): Promise<OrganisationId> {
  const made = await client.query<{ organisation_id: string }>(
    'insert into organisation (code, created_at) values ($1, $2) returning organisation_id', [given.code, at.now]);
  const id = made.rows[0]?.organisation_id as OrganisationId;
  await client.query(`select set_config('acquit.organisation_id', $1, true)`, [id]);
  const t = new Tenant(client, id);
  await t.run(t.sql`${t.into('event_head', 'seq, hash')} values (${t.org}, 0, sha256(convert_to(${`acquit:${given.code}`}, 'UTF8')))`);
  await t.run(t.sql`${t.into('profile', 'name, sample')} values (${t.org}, ${given.name}, ${given.sample ?? false})`);
  await t.run(t.sql`${t.into('entity', 'code, name')} values (${t.org}, 'main', ${given.name})`);
  if (given.entity !== undefined) await updateEntity(t, given.entity);
  for (const scenario of READY_SCENARIOS) {
    await t.run(t.sql`${t.into('scenario', 'code, version, definition, created_at')}
      values (${t.org}, ${scenario.code}, ${scenario.version}, ${scenarioToJson(scenario)}::jsonb, ${at.now}::timestamptz)`);
  }
  for (const template of readyTemplates()) {
    await t.run(t.sql`${t.into('template', 'code, language, version, subject, body, created_at')}
      values (${t.org}, ${template.code}, ${template.language}, 1, ${template.subject}, ${template.body}, ${at.now}::timestamptz)`);
  }
  await record(t, { at: at.now, actor: at.actor, kind: 'organisation.created', subject: `organisation:${id}`, facts: { code: given.code } });
  return id;
}

const COLUMNS = {
  name: 'name', legalForm: 'legal_form', capital: 'capital', siren: 'siren', rcsCity: 'rcs_city', vatNumber: 'vat_number', address: 'address',
  postalCode: 'postal_code', city: 'city', country: 'country', phone: 'phone', email: 'email', iban: 'iban', bic: 'bic', signatory: 'signatory',
} as const;

/** Changes the given fields of the main entity. */
export async function updateEntity(t: Tenant, fields: Partial<EntityFields>): Promise<void> {
  const changes = JSON.stringify(Object.fromEntries(Object.entries(fields).map(([key, value]) => [COLUMNS[key as keyof EntityFields], value])));
  await t.run(t.sql`${t.update('entity', 'e')} set
      name = n.name, legal_form = n.legal_form, capital = n.capital, siren = n.siren, rcs_city = n.rcs_city, vat_number = n.vat_number,
      address = n.address, postal_code = n.postal_code, city = n.city, country = n.country, phone = n.phone, email = n.email,
      iban = n.iban, bic = n.bic, signatory = n.signatory
    from ${t.from('entity')} now, lateral jsonb_populate_record(row(now.*)::entity, ${changes}::jsonb) n
    where ${t.own('e')} and e.entity_id = now.entity_id and e.code = 'main'`);
}

/** Every organisation of the database, by code. */
export async function listOrganisations(database: Database): Promise<{ id: OrganisationId; code: string }[]> {
  const found = await database.pool.query<{ organisation_id: string; code: string }>('select organisation_id, code from organisation order by code');
  return found.rows.map((row) => ({ id: row.organisation_id as OrganisationId, code: row.code }));
}

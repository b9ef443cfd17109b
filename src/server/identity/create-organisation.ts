import type { PoolClient } from 'pg';
import type { Instant } from '#core/kernel/clock.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { READY_SCENARIOS } from '#core/dunning/ready-scenarios.ts';
import { readyTemplates } from '#core/letters/ready-templates.ts';
import { record } from '#server/audit/record.ts';
import { scenarioToJson } from '#server/dunning/scenario-shape.ts';
import { updateEntity } from './organisations.ts';
import type { EntityFields } from './organisations.ts';
import { Tenant } from '#server/plumbing/tenant.ts';

/** What a new organisation starts with; everything can be changed later. */
export type NewOrganisation = {
  readonly code: string;
  readonly name: string;
  readonly sample?: boolean;
  readonly entity?: Partial<EntityFields>;
};

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

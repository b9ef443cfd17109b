import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import type { ScenarioId } from '#core/kernel/id.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { definitionSchema } from './scenario-shape.ts';

/** A stored scenario version with its row id. */
export type StoredScenario = { readonly id: ScenarioId; readonly scenario: ScenarioVersion; readonly retired: boolean };

type Row = { scenario_id: string; code: string; version: number; definition: unknown; retired: boolean };

const storedOf = (row: Row): StoredScenario => ({
  id: row.scenario_id as ScenarioId, scenario: { ...definitionSchema.parse(row.definition), code: row.code, version: row.version }, retired: row.retired,
});

/** The latest version of each scenario, by code; retired ones too, as actions may stand that were made under them. */
export async function latestScenarios(t: Tenant): Promise<Map<string, StoredScenario>> {
  const rows = await t.rows<Row>(t.sql`
    select distinct on (s.code) s.scenario_id, s.code, s.version, s.definition, r.code is not null as retired
    from ${t.from('scenario')} s left join ${t.from('scenario_retired')} r on r.code = s.code order by s.code, s.version desc`);
  return new Map(rows.map((row) => [row.code, storedOf(row)]));
}

/** The latest version of each scenario that a customer may be given. */
export async function scenariosInUse(t: Tenant): Promise<Map<string, StoredScenario>> {
  return new Map([...(await latestScenarios(t))].filter(([, { retired }]) => !retired));
}

/** One version of a scenario; null when there is none. */
export async function scenarioVersion(t: Tenant, code: string, version: number): Promise<StoredScenario | null> {
  const row = await t.one<Row>(t.sql`
    select s.scenario_id, s.code, s.version, s.definition, false as retired from ${t.from('scenario')} s where s.code = ${code} and s.version = ${version}`);
  return row === null ? null : storedOf(row);
}

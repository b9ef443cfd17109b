import { checkScenario } from '#core/dunning/scenario-check.ts';
import { scenarioDiff } from '#core/dunning/scenario-diff.ts';
import type { NamedTemplate, ScenarioVersion, TemplateUse } from '#core/dunning/scenario.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By } from './actions.ts';
import { CHOICES_LOCK, readAssignment } from './assignment-store.ts';
import { runningHoldOut } from './hold-outs.ts';
import { dunningSettingsSchema } from './policy.ts';
import { definitionSchema, scenarioToJson } from './scenario-shape.ts';
import type { Definition } from './scenario-shape.ts';
import { latestScenarios } from './scenario-store.ts';

/** Scenarios of one organisation; a list of more is no longer read. */
export const SCENARIOS_MAX = 100;

/** The texts there are, by code. */
export type Templates = ReadonlyMap<string, NamedTemplate>;

/** What is wrong or doubtful in a scenario, the texts it names included. */
export function scenarioProblems(scenario: ScenarioVersion, templates: Templates): Problem[] {
  const named = scenario.steps.flatMap(({ number, template, formalNotice }) => (template === '' ? [] : [{ line: number, template, use: formalNotice ? ('formalNotice' as const) : ('reminder' as const) }]));
  const thanks = (scenario.thankYou ?? null) === null ? [] : [{ line: 0, template: scenario.thankYou?.template ?? '', use: 'thankYou' as const }];
  return [...checkScenario(scenario), ...[...named, ...thanks].flatMap((one) => templateProblem(one, templates))];
}

type Named = { readonly line: number; readonly template: string; readonly use: TemplateUse };

const USES: Readonly<Record<TemplateUse, Bilingual>> = {
  formalNotice: { fr: 'une mise en demeure', en: 'a formal notice' }, reminder: { fr: 'une relance', en: 'a reminder' }, thankYou: { fr: 'un remerciement', en: 'thanks' },
};

/** A step's template exists, is in use and says what the step is for: a letter without the words of a formal notice would not be one. */
function templateProblem({ line, template, use }: Named, templates: Templates): Problem[] {
  const place: Bilingual = line === 0 ? { fr: 'Remerciement', en: 'Thanks' } : { fr: `Étape ${line}`, en: `Step ${line}` };
  const problem = (code: string, message: Bilingual): Problem[] => [{
    line, severity: 'error', code: `dunning.${code}`, message: { fr: `${place.fr} : ${message.fr}`, en: `${place.en}: ${message.en}` },
  }];
  const found = templates.get(template);
  if (found === undefined || found.retired) {
    return problem('templateUnknown', { fr: `le modèle « ${template} » n’existe pas ou est retiré. Choisissez-en un de la liste.`, en: `template "${template}" does not exist or is retired. Choose one of the list.` });
  }
  if (found.use === use) return [];
  return problem('templateUse', {
    fr: `le modèle « ${found.name.fr} » est ${USES[found.use].fr}, il faut ${USES[use].fr}. Choisissez-en un autre.`, en: `template "${found.name.en}" is ${USES[found.use].en}, the step needs ${USES[use].en}. Choose another one.`,
  });
}

/** A draft: what somebody is writing, used by nobody yet. `stamp` is another for another content. */
export type Draft = { readonly scenario: ScenarioVersion; readonly basedOn: number | null; readonly changedAt: Instant; readonly changedBy: string; readonly stamp: string };

/** The draft of a scenario; null when there is none. Its version is the one it would get. */
export async function readDraft(t: Tenant, code: string): Promise<Draft | null> {
  const row = await t.one<{ definition: unknown; based_on: number | null; changed_at: Instant; changed_by: string; stamp: string }>(t.sql`
    select d.definition, d.based_on, d.changed_at, d.changed_by, md5(d.definition::text) as stamp from ${t.from('scenario_draft')} d where d.code = ${code}`);
  if (row === null) return null;
  const latest = (await latestScenarios(t)).get(code);
  return {
    scenario: { ...definitionSchema.parse(row.definition), code, version: (latest?.scenario.version ?? 0) + 1 }, basedOn: row.based_on, changedAt: row.changed_at, changedBy: row.changed_by,
    stamp: row.stamp,
  };
}

/** What the writer of a draft last saw of it: no scenario of that code at all, no draft, a draft by its stamp; undefined writes over whatever is there. */
export type SeenDraft = string | undefined;

/** A draft once kept, with the version in force it is compared with; or what stands there that its writer has not seen. */
export type SavedDraft =
  | { readonly kept: true; readonly problems: readonly Problem[]; readonly changes: readonly Bilingual[]; readonly stamp: string }
  | { readonly kept: false; readonly taken: 'code' | 'draft'; readonly changedBy: string | null };

/** Serialises who writes drafts of an organisation, so that of two who saw the same one is refused. */
const DRAFTS_LOCK = 4_180_017;

/** Saves a draft, however much is wrong with it: work half done is kept. Refused when somebody else wrote since. */
export async function saveDraft(t: Tenant, of: { code: string; definition: Definition; templates: Templates; seen?: SeenDraft }, by: By): Promise<SavedDraft> {
  const { code, definition, templates, seen } = of;
  await t.run(t.sql`select pg_advisory_xact_lock(${DRAFTS_LOCK}, hashtext(${t.organisation}))`);
  const latest = (await latestScenarios(t)).get(code)?.scenario ?? null;
  const standing = await readDraft(t, code);
  if (seen === 'new' && (latest !== null || standing !== null)) return { kept: false, taken: 'code', changedBy: null };
  if (seen !== undefined && seen !== 'new' && seen !== (standing?.stamp ?? 'none')) return { kept: false, taken: 'draft', changedBy: standing?.changedBy ?? null };
  const scenario: ScenarioVersion = { ...definition, code, version: (latest?.version ?? 0) + 1 };
  const basedOn = standing === null ? (latest?.version ?? null) : standing.basedOn;
  const row = await t.one<{ stamp: string }>(t.sql`
    ${t.into('scenario_draft', 'code, definition, based_on, changed_at, changed_by')}
    values (${t.org}, ${code}, ${scenarioToJson(scenario)}::jsonb, ${basedOn}, ${by.clock.now()}::timestamptz, ${by.actor})
    on conflict (organisation_id, code) do update set definition = excluded.definition, changed_at = excluded.changed_at, changed_by = excluded.changed_by
    returning md5(definition::text) as stamp`);
  if (row === null) throw new Error('a draft was not written');
  return { kept: true, problems: scenarioProblems(scenario, templates), changes: latest === null ? [] : scenarioDiff(latest, scenario), stamp: row.stamp };
}

/** Throws a draft away; false when there was none. */
export async function dropDraft(t: Tenant, code: string): Promise<boolean> {
  return (await t.run(t.sql`${t.deleteFrom('scenario_draft', 'd')} where ${t.own('d')} and d.code = ${code}`)) > 0;
}

/** A draft made the next version, or why not: its errors, somebody's version published meanwhile, too many scenarios. */
export type Published = { readonly version: number | null; readonly problems: readonly Problem[] };

/** Publishes a draft as the next version; `templates` are read under the lock that keeps them from being retired. The versions before stay as they are; items go on in the new one from what was done to them. */
export async function publishDraft(t: Tenant, { code, templates }: { code: string; templates: () => Promise<Templates> }, by: By): Promise<Published | null> {
  await t.run(t.sql`select pg_advisory_xact_lock(${CHOICES_LOCK}, hashtext(${t.organisation}))`);
  const draft = await readDraft(t, code);
  if (draft === null) return null;
  const latest = await latestScenarios(t);
  const before = latest.get(code)?.scenario ?? null;
  const problems = [...scenarioProblems(draft.scenario, await templates()), ...standsAgainst(draft, before, latest.size), ...(await testInTheWay(t, code))];
  if (problems.some(({ severity }) => severity === 'error')) return { version: null, problems };
  const { version } = draft.scenario;
  await t.run(t.sql`
    ${t.into('scenario', 'code, version, definition, created_at, created_by')}
    values (${t.org}, ${code}, ${version}, ${scenarioToJson(draft.scenario)}::jsonb, ${by.clock.now()}::timestamptz, ${by.actor})`);
  await dropDraft(t, code);
  const changes = before === null ? [] : scenarioDiff(before, draft.scenario);
  await record(t, { at: by.clock.now(), actor: by.actor, kind: 'scenario.published', subject: `scenario:${code}`, facts: { code, version, changes: changes.map(({ fr }) => fr) } });
  return { version, problems };
}

/** A third version in the middle of a test of two would make it say nothing. */
async function testInTheWay(t: Tenant, code: string): Promise<Problem[]> {
  const running = await runningHoldOut(t, code);
  return running === null ? [] : [{ line: 0, severity: 'error', code: 'dunning.holdOutRunning', message: {
    fr: `Un groupe témoin mesure la version ${running.version} depuis le ${running.startedOn} : terminez cette mesure avant de publier une autre version.`,
    en: `A control group has been measuring version ${running.version} since ${running.startedOn}: end that test before you publish another version.`,
  } }];
}

function standsAgainst(draft: Draft, before: ScenarioVersion | null, count: number): Problem[] {
  if (before === null) {
    return count < SCENARIOS_MAX ? [] : [{ line: 0, severity: 'error', code: 'dunning.scenariosMax', message: { fr: `Au plus ${SCENARIOS_MAX} scénarios : modifiez-en un.`, en: `At most ${SCENARIOS_MAX} scenarios: change one.` } }];
  }
  if (draft.basedOn !== before.version) {
    return [{ line: 0, severity: 'error', code: 'dunning.draftOld', message: {
      fr: `La version ${before.version} a été publiée depuis que ce brouillon est commencé (sur la version ${draft.basedOn ?? 0}). Comparez, puis recommencez-le sur elle.`,
      en: `Version ${before.version} was published since this draft was begun (on version ${draft.basedOn ?? 0}). Compare, then begin it again on that one.`,
    } }];
  }
  if (scenarioDiff(before, draft.scenario).length > 0) return [];
  return [{ line: 0, severity: 'error', code: 'dunning.nothingChanged', message: { fr: 'Rien n’a changé depuis la version en vigueur.', en: 'Nothing changed since the version in force.' } }];
}

/** What stands in the way of retiring a scenario: who has it. */
export type Uses = { readonly isDefault: boolean; readonly rules: number; readonly customers: number; readonly items: number };

/** Who is given a scenario: the organisation's default, rules, customers and open items that a person chose it for. */
export async function usesOf(t: Tenant, code: string): Promise<Uses> {
  const profile = await t.one<{ dunning: unknown }>(t.sql`select p.dunning from ${t.from('profile')} p`);
  const counts = await t.one<{ customers: number; items: number }>(t.sql`
    select (select count(*)::int from ${t.from('customer')} c where c.scenario_code = ${code} and c.voided_at is null) as customers,
      (select count(*)::int from ${t.from('item')} i where i.scenario_code = ${code} and i.voided_at is null and i.allocated < i.amount) as items`);
  const { rules } = await readAssignment(t);
  return {
    isDefault: dunningSettingsSchema.parse(profile?.dunning ?? {}).scenario === code, rules: rules.filter(({ scenario }) => scenario === code).length,
    customers: counts?.customers ?? 0, items: counts?.items ?? 0,
  };
}

/** Retires a scenario that nobody has; gives what stands against it, null when it is done. */
export async function retireScenario(t: Tenant, code: string, by: By): Promise<Bilingual | null> {
  await t.run(t.sql`select pg_advisory_xact_lock(${CHOICES_LOCK}, hashtext(${t.organisation}))`);
  const { isDefault, rules, customers, items } = await usesOf(t, code);
  if (isDefault || rules + customers + items > 0) {
    return {
      fr: `Ce scénario sert encore : ${[isDefault ? 'il est celui par défaut' : '', rules > 0 ? `${rules} règle(s)` : '', customers > 0 ? `${customers} client(s)` : '', items > 0 ? `${items} pièce(s)` : ''].filter((part) => part !== '').join(', ')}. Donnez-leur-en un autre d’abord.`,
      en: `This scenario is still used: ${[isDefault ? 'it is the default' : '', rules > 0 ? `${rules} rule(s)` : '', customers > 0 ? `${customers} customer(s)` : '', items > 0 ? `${items} document(s)` : ''].filter((part) => part !== '').join(', ')}. Give them another one first.`,
    };
  }
  await t.run(t.sql`
    ${t.into('scenario_retired', 'code, retired_at, retired_by')} values (${t.org}, ${code}, ${by.clock.now()}::timestamptz, ${by.actor}) on conflict do nothing`);
  await record(t, { at: by.clock.now(), actor: by.actor, kind: 'scenario.retired', subject: `scenario:${code}`, facts: { code } });
  return null;
}

/** Takes a retired scenario back into use; false when it was not retired. */
export async function restoreScenario(t: Tenant, code: string, by: By): Promise<boolean> {
  const restored = await t.run(t.sql`${t.deleteFrom('scenario_retired', 'r')} where ${t.own('r')} and r.code = ${code}`);
  if (restored > 0) await record(t, { at: by.clock.now(), actor: by.actor, kind: 'scenario.restored', subject: `scenario:${code}`, facts: { code } });
  return restored > 0;
}

/** One version of a scenario with what changed since the one before. */
export type VersionLine = { readonly version: number; readonly name: string; readonly createdAt: Instant; readonly createdBy: string | null; readonly changes: readonly Bilingual[] };

/** The versions of a scenario, newest first. */
export async function listVersions(t: Tenant, code: string): Promise<VersionLine[]> {
  const rows = await t.rows<{ version: number; definition: unknown; created_at: Instant; created_by: string | null }>(t.sql`
    select s.version, s.definition, s.created_at, s.created_by from ${t.from('scenario')} s where s.code = ${code} order by s.version`);
  const versions = rows.map((row) => ({ row, scenario: { ...definitionSchema.parse(row.definition), code, version: row.version } }));
  return versions.map(({ row, scenario }, index) => {
    const before = versions[index - 1]?.scenario;
    return { version: row.version, name: scenario.name, createdAt: row.created_at, createdBy: row.created_by, changes: before === undefined ? [] : scenarioDiff(before, scenario) };
  }).toReversed();
}

import type { Assignment } from '#core/dunning/assignment.ts';
import type { Freshness, PolicyFacts } from '#core/dunning/facts.ts';
import type { At, Dated, Ground, Moment, Span } from '#core/dunning/history.ts';
import { ALWAYS, knownAt, valueAt } from '#core/dunning/history.ts';
import type { HoldOut } from '#core/dunning/hold-out.ts';
import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import { daysBetween } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { workingDaysBetween } from '#core/ledger/calendar.ts';
import type { Place } from '#core/ledger/calendar.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { rulesSchema } from './assignment-store.ts';
import { bankFreshness, regularAccounts } from './bank-freshness.ts';
import { grouped, ms, spanOf } from './history-rows.ts';
import { dunningSettingsSchema } from './policy.ts';
import type { DunningSettings } from './policy.ts';
import { definitionSchema } from './scenario-shape.ts';
import { sendingSettingsSchema } from './sending-settings.ts';
import type { SendingSettings } from './sending-settings.ts';

/** Settings as they were at a time. */
export type SettingsThen = { readonly dunning: DunningSettings; readonly sending: SendingSettings };

type Import = { readonly on: Day; readonly known: Span };
type Statement = Import & { readonly key: string; readonly until: Day };

/** Everything of an organisation that past days are decided on beside its accounts, dated. */
export type OrganisationHistory = {
  readonly place: Place;
  readonly settings: readonly Dated<SettingsThen>[];
  readonly ledger: readonly Import[];
  readonly statements: readonly Statement[];
  readonly scenarios: ReadonlyMap<string, readonly Dated<ScenarioVersion>[]>;
  readonly assignments: readonly Dated<Assignment>[];
  readonly holdOuts: readonly (HoldOut & { readonly running: Span })[];
};

/** Reads what past days are decided on beside the accounts; a handful of statements whatever the number of days. */
export async function readOrganisationHistory(t: Tenant): Promise<OrganisationHistory> {
  const profile = await t.one<{ country: string; dunning: unknown; sending: unknown }>(t.sql`select p.country, p.dunning, p.sending from ${t.from('profile')} p`);
  if (profile === null) throw new Error('the organisation has no profile');
  const versions = await readVersions(t);
  return {
    place: { country: profile.country, postalCode: null }, settings: await readSettings(t, profile), ledger: await readLedger(t), statements: await readStatements(t),
    scenarios: grouped(versions, ({ scenario }) => scenario.code, ({ scenario, at }) => ({ at, value: scenario })), assignments: await readAssignments(t),
    holdOuts: await readHoldOutHistory(t, new Map(versions.map(({ id, scenario }) => [id, scenario]))),
  };
}

async function readSettings(t: Tenant, now: { dunning: unknown; sending: unknown }): Promise<Dated<SettingsThen>[]> {
  const rows = await t.rows<{ before: { dunning: unknown; sending: unknown }; at: At }>(t.sql`
    select b.before, ${ms(t, t.sql`b.changed_at`)} as at from ${t.from('fact_before')} b where b.relation = 'profile' order by b.changed_at, b.fact_before_id`);
  const parsed = (of: { dunning: unknown; sending: unknown }): SettingsThen => ({ dunning: dunningSettingsSchema.parse(of.dunning), sending: sendingSettingsSchema.parse(of.sending) });
  const dated: Dated<SettingsThen>[] = [];
  let at = ALWAYS;
  for (const row of rows) {
    dated.push({ at, value: parsed(row.before) });
    at = row.at;
  }
  return [...dated, { at, value: parsed(now) }];
}

async function readLedger(t: Tenant): Promise<Import[]> {
  const rows = await t.rows<{ on: Day; from_at: At; until_at: At | null }>(t.sql`
    select i.applied_on as on, ${ms(t, t.sql`i.applied_at`)} as from_at, ${ms(t, t.sql`i.undone_at`)} as until_at from ${t.from('import')} i
    where i.status in ('applied', 'undone') and i.covers_until is not null order by i.applied_at`);
  return rows.map((row) => ({ on: row.on, known: spanOf(row.from_at, row.until_at) }));
}

async function readStatements(t: Tenant): Promise<Statement[]> {
  const rows = await t.rows<{ key: string; on: Day; until: Day; from_at: At; until_at: At | null }>(t.sql`
    select b.account_key as key, i.applied_on as on, coalesce(s.until_on, i.applied_on) as until, ${ms(t, t.sql`i.applied_at`)} as from_at, ${ms(t, t.sql`s.voided_at`)} as until_at
    from ${t.from('bank_statement')} s join ${t.from('import')} i on i.import_id = s.import_id join ${t.from('bank_account')} b on b.bank_account_id = s.bank_account_id
    where i.status in ('applied', 'undone') order by b.account_key, i.applied_on`);
  return rows.map((row) => ({ key: row.key, on: row.on, until: row.until, known: spanOf(row.from_at, row.until_at) }));
}

async function readVersions(t: Tenant): Promise<{ id: string; scenario: ScenarioVersion; at: At }[]> {
  const rows = await t.rows<{ id: string; code: string; version: number; definition: unknown; at: At }>(t.sql`
    select s.scenario_id::text as id, s.code, s.version, s.definition, ${ms(t, t.sql`s.created_at`)} as at from ${t.from('scenario')} s order by s.code, s.version`);
  return rows.map((row) => ({ id: row.id, at: row.at, scenario: { ...definitionSchema.parse(row.definition), code: row.code, version: row.version } }));
}

async function readAssignments(t: Tenant): Promise<Dated<Assignment>[]> {
  const rows = await t.rows<{ version: number; rules: unknown; at: At }>(t.sql`
    select a.version, a.rules, ${ms(t, t.sql`a.created_at`)} as at from ${t.from('assignment')} a order by a.version`);
  return [{ at: ALWAYS, value: { version: 0, rules: [] } }, ...rows.map((row) => ({ at: row.at, value: { version: row.version, rules: rulesSchema.parse(row.rules) } }))];
}

async function readHoldOutHistory(t: Tenant, versions: ReadonlyMap<string, ScenarioVersion>): Promise<OrganisationHistory['holdOuts']> {
  const rows = await t.rows<{ id: string; code: string; share: number; seed: string; former: string; from_at: At; until_at: At | null }>(t.sql`
    select h.hold_out_id::text as id, h.code, h.share_percent as share, h.seed::text, h.former_scenario_id::text as former, ${ms(t, t.sql`h.started_at`)} as from_at,
      ${ms(t, t.sql`h.ended_at`)} as until_at
    from ${t.from('hold_out')} h order by h.hold_out_id`);
  return rows.flatMap((row) => {
    const former = versions.get(row.former);
    return former === undefined ? [] : [{ id: row.id, code: row.code, sharePercent: row.share, seed: Number(row.seed), former, running: spanOf(row.from_at, row.until_at) }];
  });
}

/** What held for the organisation at a moment: settings, versions, rules and tests of then, and how fresh its sources were. */
export function groundAt(history: OrganisationHistory, moment: Moment): Ground & { readonly settings: SettingsThen } {
  const settings = valueAt(history.settings, moment.at);
  const scenarios = new Map([...history.scenarios].flatMap(([code, versions]) => (versions[0] === undefined ? [] : [[code, valueAt(versions, moment.at)] as const])));
  return {
    settings, scenarios, standardScenario: settings.dunning.scenario, assignment: valueAt(history.assignments, moment.at), policy: policyAt(history, settings, moment),
    holdOuts: history.holdOuts.filter(({ running }) => knownAt(running, moment.at)),
  };
}

function policyAt(history: OrganisationHistory, settings: SettingsThen, { today, at }: Moment): PolicyFacts {
  const { dunning, sending } = settings;
  return {
    today, ledger: { ageDays: ledgerAge(history, { today, at }), limitDays: dunning.ledgerLimitDays }, bank: bankAge(history, sending, { today, at }), closedDays: dunning.closedDays,
    contactCap: dunning.contactCap, globalStop: dunning.globalStop, contactHours: dunning.contactHours,
  };
}

function ledgerAge({ ledger, place }: OrganisationHistory, { today, at }: Moment): number | null {
  let last: Day | null = null;
  for (const { on, known } of ledger) if (knownAt(known, at) && (last === null || on > last)) last = on;
  if (last === null) return null;
  return daysBetween(last, today) <= 0 ? 0 : workingDaysBetween(last, today, place);
}

function bankAge({ statements, place }: OrganisationHistory, sending: SendingSettings, { today, at }: Moment): Freshness | null {
  const limit = sending.bankLimitDays;
  if (limit === null || statements.length === 0) return null;
  const rows = new Map<string, Statement>();
  for (const one of statements) {
    if (one.on > today || !knownAt(one.known, at) || sending.bankAccountsLeftOut.includes(one.key)) continue;
    const key = `${one.key} ${one.on}`;
    const before = rows.get(key);
    if (before === undefined || before.until < one.until) rows.set(key, one);
  }
  return bankFreshness(regularAccounts([...rows.values()], { today, place, limit }), limit);
}

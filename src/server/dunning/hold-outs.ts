import type { Arm, HoldOut } from '#core/dunning/hold-out.ts';
import { HOLD_OUT_SHARE_MAX, SEED_MAX } from '#core/dunning/hold-out.ts';
import type { AccountFacts } from '#core/dunning/facts.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId } from '#core/kernel/id.ts';
import type { Random } from '#core/kernel/random.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By } from './actions.ts';
import { CHOICES_LOCK } from './assignment-store.ts';
import { definitionSchema } from './scenario-shape.ts';
import { latestScenarios, scenarioVersion } from './scenario-store.ts';
import type { StoredScenario } from './scenario-store.ts';

/** What the control group keeps: an earlier version of the scenario, or the version in force of another one. */
export type Former = { readonly version: number } | { readonly scenario: string };

/** A test as asked for: of which scenario, what share of its customers keeps what. */
export type NewHoldOut = { readonly code: string; readonly sharePercent: number; readonly former: Former; readonly today: Day; readonly random: Random };

/** A test as lists show it. */
export type HoldOutLine = {
  readonly id: string; readonly code: string; readonly version: number; readonly formerCode: string; readonly formerVersion: number; readonly sharePercent: number; readonly seed: number;
  readonly startedOn: Day; readonly startedBy: string; readonly endedOn: Day | null; readonly endedBy: string | null;
};

const noShare: Bilingual = { fr: `Le groupe témoin va de 1 à ${HOLD_OUT_SHARE_MAX} % des clients ; à 0 %, il n’y en a pas.`, en: `The control group is from 1 to ${HOLD_OUT_SHARE_MAX} % of the customers; at 0 % there is none.` };

/** Starts a test: from the next run on the share drawn keeps the former version. Refused with a sentence when it would measure nothing. */
export async function startHoldOut(t: Tenant, asked: NewHoldOut, by: By): Promise<Result<HoldOutLine, Bilingual>> {
  await t.run(t.sql`select pg_advisory_xact_lock(${CHOICES_LOCK}, hashtext(${t.organisation}))`);
  const { code, sharePercent, today } = asked;
  if (!Number.isInteger(sharePercent) || sharePercent < 1 || sharePercent > HOLD_OUT_SHARE_MAX) return err(noShare);
  const latest = await latestScenarios(t);
  const current = latest.get(code);
  if (current === undefined) return err({ fr: `Le scénario « ${code} » n’est pas publié : publiez-le, puis mesurez-le.`, en: `Scenario "${code}" is not published: publish it, then measure it.` });
  const former = await formerOf(t, asked, latest);
  if (former === null || former.id === current.id) {
    return err({ fr: 'Choisissez ce que le groupe témoin garde : une version antérieure de ce scénario, ou un autre scénario publié.', en: 'Choose what the control group keeps: an earlier version of this scenario, or another published one.' });
  }
  const running = await runningHoldOut(t, code);
  if (running !== null) return err({ fr: `Une mesure de ce scénario est déjà en cours depuis le ${running.startedOn} : terminez-la d’abord.`, en: `A test of this scenario has been running since ${running.startedOn}: end it first.` });
  const seed = asked.random.between(0, SEED_MAX);
  const row = await t.one<{ id: string }>(t.sql`
    ${t.into('hold_out', 'code, version, former_scenario_id, share_percent, seed, started_on, started_at, started_by')}
    values (${t.org}, ${code}, ${current.scenario.version}, ${former.id}::bigint, ${sharePercent}, ${seed}, ${today}::date, ${by.clock.now()}::timestamptz, ${by.actor}) returning hold_out_id::text as id`);
  if (row === null) throw new Error('no hold-out row');
  const { code: formerCode, version: formerVersion } = former.scenario;
  await record(t, {
    at: by.clock.now(), actor: by.actor, kind: 'holdOut.started', subject: `scenario:${code}`,
    facts: { holdOut: row.id, version: current.scenario.version, formerScenario: formerCode, formerVersion, sharePercent, seed },
  });
  return ok({ id: row.id, code, version: current.scenario.version, formerCode, formerVersion, sharePercent, seed, startedOn: today, startedBy: by.actor, endedOn: null, endedBy: null });
}

async function formerOf(t: Tenant, { code, former }: NewHoldOut, latest: ReadonlyMap<string, StoredScenario>): Promise<StoredScenario | null> {
  if ('version' in former) return scenarioVersion(t, code, former.version);
  const other = latest.get(former.scenario);
  return other === undefined || other.retired || former.scenario === code ? null : other;
}

/** Ends the test of a scenario: everybody gets its version in force from the next run on. False when none runs. */
export async function endHoldOut(t: Tenant, code: string, of: { today: Day; by: By }): Promise<boolean> {
  const { today, by } = of;
  const row = await t.one<{ id: string }>(t.sql`
    ${t.update('hold_out', 'h')} set ended_on = ${today}::date, ended_at = ${by.clock.now()}::timestamptz, ended_by = ${by.actor}
    where ${t.own('h')} and h.code = ${code} and h.ended_at is null returning h.hold_out_id::text as id`);
  if (row === null) return false;
  await record(t, { at: by.clock.now(), actor: by.actor, kind: 'holdOut.ended', subject: `scenario:${code}`, facts: { holdOut: row.id } });
  return true;
}

type LineRow = {
  id: string; code: string; version: number; former_code: string; former_version: number; share_percent: number; seed: string; started_on: Day; started_by: string; ended_on: Day | null; ended_by: string | null;
};

/** The tests of a scenario, newest first. */
export async function listHoldOuts(t: Tenant, code: string): Promise<HoldOutLine[]> {
  const rows = await t.rows<LineRow>(t.sql`
    select h.hold_out_id::text as id, h.code, h.version, s.code as former_code, s.version as former_version, h.share_percent, h.seed::text, h.started_on, h.started_by, h.ended_on, h.ended_by
    from ${t.from('hold_out')} h join ${t.from('scenario')} s on s.scenario_id = h.former_scenario_id where h.code = ${code} order by h.hold_out_id desc`);
  return rows.map((row) => ({
    id: row.id, code: row.code, version: row.version, formerCode: row.former_code, formerVersion: row.former_version, sharePercent: row.share_percent, seed: Number(row.seed), startedOn: row.started_on,
    startedBy: row.started_by, endedOn: row.ended_on, endedBy: row.ended_by,
  }));
}

/** The test of a scenario that runs; null when none does. */
export const runningHoldOut = async (t: Tenant, code: string): Promise<HoldOutLine | null> => (await listHoldOuts(t, code)).find(({ endedOn }) => endedOn === null) ?? null;

/** The tests that run, and the customers that left them, as decisions need them. */
export type RunningTests = { readonly tests: readonly (HoldOut & { readonly formerId: StoredScenario['id'] })[]; readonly left: ReadonlySet<string> };

/** How a customer that left a test is named in `RunningTests.left`. */
export const leftKey = (test: string, customer: CustomerId): string => `${test}/${customer}`;

const NO_TESTS: RunningTests = { tests: [], left: new Set() };

/** Reads the tests that run. Most organisations have none: then nothing more is asked for. */
export async function readRunningTests(t: Tenant): Promise<RunningTests> {
  const rows = await t.rows<{ id: string; code: string; share: number; seed: string; former_id: StoredScenario['id']; former_code: string; former_version: number; definition: unknown }>(t.sql`
    select h.hold_out_id::text as id, h.code, h.share_percent as share, h.seed::text, s.scenario_id as former_id, s.code as former_code, s.version as former_version, s.definition
    from ${t.from('hold_out')} h join ${t.from('scenario')} s on s.scenario_id = h.former_scenario_id where h.ended_at is null order by h.hold_out_id`);
  if (rows.length === 0) return NO_TESTS;
  const left = await t.rows<{ id: string; customer: CustomerId }>(t.sql`
    select m.hold_out_id::text as id, m.customer_id as customer from ${t.from('hold_out_customer')} m where m.left_at is not null and m.hold_out_id = any(${rows.map((row) => row.id)}::bigint[])`);
  return {
    tests: rows.map((row) => ({
      id: row.id, code: row.code, sharePercent: row.share, seed: Number(row.seed), formerId: row.former_id, former: { ...definitionSchema.parse(row.definition), code: row.former_code, version: row.former_version },
    })),
    left: new Set(left.map(({ id, customer }) => leftKey(id, customer))),
  };
}

/** Takes out of their tests the customers for whom, or for an item of whom, a person has chosen a scenario; each is counted. Before each run. */
export async function leaveTests(t: Tenant, at: Instant): Promise<void> {
  await t.run(t.sql`
    ${t.update('hold_out_customer', 'm')} set left_at = ${at}::timestamptz, left_because = case when n.by_customer then 'customerScenario' else 'itemScenario' end
    from (
      select c.customer_id, c.scenario_code is not null as by_customer from ${t.from('customer')} c
      where c.scenario_code is not null or exists (select from ${t.from('item')} i where i.customer_id = c.customer_id and i.scenario_code is not null and i.voided_at is null)
    ) n, ${t.from('hold_out')} h
    where ${t.own('m')} and m.customer_id = n.customer_id and m.left_at is null and h.hold_out_id = m.hold_out_id and h.ended_at is null`);
}

/** Notes the customers that a run found under test, each once, from the day it first was. */
export async function enterTests(t: Tenant, accounts: readonly AccountFacts[], of: { today: Day }): Promise<void> {
  const entering = accounts.flatMap(({ customer, arm, holdOut }) => (arm === undefined || holdOut === undefined ? [] : [{ id: customer.id, arm, holdOut }]));
  if (entering.length === 0) return;
  await t.run(t.sql`
    ${t.into('hold_out_customer', 'hold_out_id, customer_id, arm, entered_on')}
    select ${t.org}, n.hold_out_id, n.customer_id, n.arm, ${of.today}::date
    from unnest(${entering.map(({ holdOut }) => holdOut)}::bigint[], ${entering.map(({ id }) => id)}::bigint[], ${entering.map(({ arm }): Arm => arm)}::text[]) as n(hold_out_id, customer_id, arm)
    on conflict do nothing`);
}

import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Instant, Clock } from '#core/kernel/clock.ts';
import { addDays, addMonths, daysBetween, later } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { asDated } from '#core/dunning/dated-history.ts';
import { replayAccount } from '#core/dunning/replay.ts';
import type { ReplayPlan } from '#core/dunning/replay.ts';
import { ReplayTally } from '#core/dunning/replay-tally.ts';
import type { ReplayResult } from '#core/dunning/replay-tally.ts';
import { checkScenario } from '#core/dunning/scenario-check.ts';
import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import { record } from '#server/audit/record.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { countHistories, loadHistories } from './history-store.ts';
import { datedSince, knownSince } from './moments.ts';
import { makePlan } from './replay-plan.ts';
import type { Basis } from './replay-plan.ts';
import { readDraft } from './scenario-drafts.ts';
import { scenarioToJson } from './scenario-shape.ts';
import { latestScenarios, scenarioVersion } from './scenario-store.ts';

/** Most months replayed: beyond two years customers, settings and people are others. */
export const REPLAY_MONTHS_MAX = 24;
/** A year has every season once. */
export const REPLAY_MONTHS = 12;
/** With fewer days of history a replay says nothing: an invoice of thirty days was not even chased to its end. */
export const REPLAY_DAYS_MIN = 60;
/** Accounts between two turns of the event loop, so that the server goes on answering: some tens of milliseconds of work. */
const TURN_ACCOUNTS = 16;

/** What is to be tried: the draft of a scenario, or one of its versions; over so many months, on whom, on which basis. */
export type ReplayOrder = {
  readonly code: string; readonly source: 'draft' | { readonly version: number }; readonly months: number; readonly basis: Basis; readonly population: ReplayPlan['population'];
};

/** For whom and by whom; `advance` hears how many accounts are done, `signal` breaks it off. */
export type Replaying = {
  readonly organisation: OrganisationId; readonly today: Day; readonly clock: Clock; readonly actor: string;
  readonly advance?: (done: number, total: number) => void; readonly signal?: AbortSignal;
};

/** How much history there is: since when the ledger is known here, and since when it is dated. */
export type HistoryDepth = { readonly knownSince: Day | null; readonly knownDays: number; readonly datedSince: Day | null; readonly datedDays: number };

/** A replay as it was kept. */
export type KeptReplay = {
  readonly id: string; readonly source: ReplayOrder['source']; readonly months: number; readonly basis: Basis; readonly population: ReplayPlan['population'];
  readonly endedAt: Instant; readonly actor: string; readonly result: ReplayResult;
  /** What was tried is not what the scenario, or its draft, says now. */
  readonly stale: boolean;
};

/** How much history there is up to yesterday. */
export async function historyDepth(t: Tenant, today: Day): Promise<HistoryDepth> {
  const [known, dated] = [await knownSince(t), await datedSince(t)];
  const days = (since: Day | null): number => (since === null ? 0 : Math.max(0, daysBetween(since, today)));
  return { knownSince: known, knownDays: days(known), datedSince: dated, datedDays: days(dated) };
}

const digestOf = (scenario: ScenarioVersion): Buffer => createHash('sha256').update(scenarioToJson(scenario)).digest();

/**
 * Tries a scenario out on what really happened and keeps the figures. Refused with a sentence when there is nothing to try or too little
 * history. Reads one snapshot; customers go through memory by the hundred. Throws when it is broken off: nothing is then kept.
 */
export async function runReplay(database: Database, order: ReplayOrder, of: Replaying): Promise<Result<KeptReplay, Bilingual>> {
  const startedAt = of.clock.now();
  const made = await database.inTenant(of.organisation, async (t): Promise<Result<{ tried: ScenarioVersion; result: ReplayResult }, Bilingual>> => {
    const tried = await findTried(t, order);
    if (!tried.ok) return tried;
    const from = await firstDay(t, order, of.today);
    if (!from.ok) return from;
    const plan = await makePlan(t, { tried: tried.value, population: order.population, basis: order.basis, from: from.value, until: addDays(of.today, -1) });
    return ok({ tried: tried.value, result: await replayAll(t, plan, { ...of, order }) });
  }, { isolation: 'repeatable read', readOnly: true });
  if (!made.ok) return made;
  const { tried, result } = made.value;
  return ok(await database.inTenant(of.organisation, (t) => keep(t, { order, tried, result, startedAt, of })));
}

async function findTried(t: Tenant, { code, source }: ReplayOrder): Promise<Result<ScenarioVersion, Bilingual>> {
  const tried = source === 'draft' ? ((await readDraft(t, code))?.scenario ?? null) : ((await scenarioVersion(t, code, source.version))?.scenario ?? null);
  if (tried === null) {
    return err(source === 'draft'
      ? { fr: `Le scénario « ${code} » n’a pas de brouillon : enregistrez-en un, ou rejouez une de ses versions.`, en: `Scenario "${code}" has no draft: save one, or replay one of its versions.` }
      : { fr: `Le scénario « ${code} » n’a pas de version ${source.version}.`, en: `Scenario "${code}" has no version ${source.version}.` });
  }
  const wrong = checkScenario(tried).find(({ severity }) => severity === 'error');
  return wrong === undefined ? ok(tried) : err({ fr: `Ce brouillon ne peut pas encore être rejoué. ${wrong.message.fr}`, en: `This draft cannot be replayed yet. ${wrong.message.en}` });
}

/** The first day replayed: so many months back, or the first day there is history of. */
async function firstDay(t: Tenant, { months, basis }: ReplayOrder, today: Day): Promise<Result<Day, Bilingual>> {
  const depth = await historyDepth(t, today);
  const [since, days] = basis === 'known' ? [depth.knownSince, depth.knownDays] : [depth.datedSince, depth.datedDays];
  const asked = addMonths(today, -months);
  if (since === null || days < REPLAY_DAYS_MIN) {
    const other = basis === 'known' && depth.datedDays >= REPLAY_DAYS_MIN;
    return err({
      fr: `Il faut ${REPLAY_DAYS_MIN} jours d’historique pour rejouer ; il y en a ${days}${basis === 'known' ? ' depuis le premier import' : ''}.${other ? ' Rejouez d’après les dates des pièces : le grand livre importé en donne davantage.' : ''}`,
      en: `A replay needs ${REPLAY_DAYS_MIN} days of history; there are ${days}${basis === 'known' ? ' since the first import' : ''}.${other ? ' Replay by the dates of documents: the imported ledger has more.' : ''}`,
    });
  }
  return ok(later(asked, since));
}

async function replayAll(t: Tenant, plan: ReplayPlan, of: Replaying & { order: ReplayOrder }): Promise<ReplayResult> {
  const total = await countHistories(t);
  const tally = new ReplayTally(plan);
  const since = plan.days[0]?.moment.today;
  let done = 0;
  of.advance?.(0, total);
  for await (const histories of loadHistories(t, since === undefined ? {} : { since })) {
    for (const history of histories) {
      const account = of.order.basis === 'dated' ? asDated(history) : history;
      tally.add(account, replayAccount(account, plan));
      done += 1;
      if (done % TURN_ACCOUNTS > 0) continue;
      of.advance?.(done, total);
      await setImmediate();
      of.signal?.throwIfAborted();
    }
  }
  of.advance?.(total, total);
  return tally.result();
}

type Keeping = { readonly order: ReplayOrder; readonly tried: ScenarioVersion; readonly result: ReplayResult; readonly startedAt: Instant; readonly of: Replaying };

async function keep(t: Tenant, { order, tried, result, startedAt, of }: Keeping): Promise<KeptReplay> {
  const endedAt = of.clock.now();
  const version = order.source === 'draft' ? null : order.source.version;
  const row = await t.one<{ replay_id: string }>(t.sql`
    ${t.into('replay', 'code, version, definition_sha256, months, basis, population, result, started_at, ended_at, actor')}
    values (${t.org}, ${order.code}, ${version}, ${digestOf(tried)}, ${order.months}, ${order.basis}, ${order.population}, ${JSON.stringify(result)}::jsonb, ${startedAt}::timestamptz,
      ${endedAt}::timestamptz, ${of.actor}) returning replay_id::text`);
  if (row === null) throw new Error('no replay row');
  await record(t, {
    at: endedAt, actor: of.actor, kind: 'scenario.replayed', subject: `scenario:${order.code}`,
    facts: { replay: row.replay_id, version, from: result.from, until: result.until, basis: order.basis, population: order.population, customers: result.customers },
  });
  return { id: row.replay_id, source: order.source, months: order.months, basis: order.basis, population: order.population, endedAt, actor: of.actor, result, stale: false };
}

type Row = {
  replay_id: string; version: number | null; definition_sha256: Buffer; months: number; basis: Basis; population: ReplayPlan['population']; result: ReplayResult; ended_at: Instant; actor: string;
};

/** The last replay of a scenario, and whether what it tried is still what the scenario says; null when there was none. */
export async function lastReplay(t: Tenant, code: string): Promise<KeptReplay | null> {
  const row = await t.one<Row>(t.sql`
    select r.replay_id::text, r.version, r.definition_sha256, r.months, r.basis, r.population, r.result, r.ended_at, r.actor from ${t.from('replay')} r
    where r.code = ${code} order by r.replay_id desc limit 1`);
  if (row === null) return null;
  // A version never changes. A draft does, until it is published: then the version made of it is what was tried.
  const now = row.version === null ? ((await readDraft(t, code))?.scenario ?? (await latestScenarios(t)).get(code)?.scenario ?? null) : null;
  return {
    id: row.replay_id, source: row.version === null ? 'draft' : { version: row.version }, months: row.months, basis: row.basis, population: row.population, endedAt: row.ended_at, actor: row.actor,
    result: row.result, stale: row.version === null && (now === null || !digestOf(now).equals(row.definition_sha256)),
  };
}

import type { Ground, Moment } from '#core/dunning/history.ts';
import type { ReplayDay, ReplayPlan } from '#core/dunning/replay.ts';
import { planReplay } from '#core/dunning/replay.ts';
import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { groundAt, readOrganisationHistory } from './ground-then.ts';
import type { OrganisationHistory, SettingsThen } from './ground-then.ts';
import { readMoments } from './moments.ts';

/** How far knowledge goes on each day: what was known here by then, or what the ledger dates before it. */
export type Basis = 'known' | 'dated';

/** What is tried, on whom, over which days. */
export type ReplayAsked = { readonly tried: ScenarioVersion; readonly population: ReplayPlan['population']; readonly basis: Basis; readonly from: Day; readonly until: Day };

/**
 * The days of a replay. On the basis of dates the sources count as fresh every day and the settings are those of now: before the ledger was
 * here there were no others.
 */
export async function makePlan(t: Tenant, asked: ReplayAsked): Promise<ReplayPlan> {
  const { from, until, basis } = asked;
  const history = await readOrganisationHistory(t);
  const moments = await readMoments(t, { from, until });
  const days: ReplayDay[] = [];
  let at = Number.NEGATIVE_INFINITY;
  let before: (Ground & { settings: SettingsThen }) | null = null;
  for (let today = from; today <= until; today = addDays(today, 1)) {
    const known = moments.get(today);
    if (known === undefined) throw new Error(`no moment of ${today}`);
    // Where the business day was set by hand, instants may go back: what was known stays known.
    at = Math.max(at, known.at);
    const moment = { today, at };
    const ground: Ground & { settings: SettingsThen } = sameMaps(basis === 'known' ? groundAt(history, moment) : groundOfDates(history, moment), before);
    before = ground;
    days.push({ moment, ground, approveEverything: ground.settings.dunning.approveEverything });
  }
  return planReplay({ days, tried: asked.tried, population: asked.population });
}

function groundOfDates(history: OrganisationHistory, moment: Moment): Ground & { settings: SettingsThen } {
  const ground = groundAt(history, { ...moment, at: Number.POSITIVE_INFINITY });
  return { ...ground, holdOuts: [], policy: { ...ground.policy, globalStop: false, ledger: { ageDays: 0, limitDays: ground.policy.ledger.limitDays }, bank: null } };
}

/** Versions that are the same as on the day before are told as the same map: a day on which nothing changed can then be known by comparing references. */
function sameMaps<G extends Ground>(ground: G, before: Ground | null): G {
  if (before === null || before.scenarios.size !== ground.scenarios.size) return ground;
  for (const [code, scenario] of ground.scenarios) if (before.scenarios.get(code) !== scenario) return ground;
  return { ...ground, scenarios: before.scenarios };
}

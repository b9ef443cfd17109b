import { nextDays } from '#core/dunning/next-days.ts';
import type { DayToCome } from '#core/dunning/next-days.ts';
import type { AccountFacts } from '#core/dunning/facts.ts';
import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId } from '#core/kernel/id.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { loadAccounts } from './facts-store.ts';
import { readPolicy } from './policy.ts';
import type { Policy } from './policy.ts';
import { latestScenarios } from './scenario-store.ts';

/** An account under a scenario with what would be done for it. */
export type CustomerPreview = { readonly account: AccountFacts; readonly policy: Policy; readonly days: readonly DayToCome[] };

/** For which days, and under which scenario; without one, under what each item has. */
export type PreviewAsked = { readonly today: Day; readonly days: number; readonly scenario?: ScenarioVersion };

/** What would be done for a customer in the days to come, as things stand; nothing is kept. Null when it owes nothing. */
export async function previewCustomer(t: Tenant, customer: CustomerId, asked: PreviewAsked): Promise<CustomerPreview | null> {
  const { today, days, scenario } = asked;
  const policy = await readPolicy(t, today);
  const stored = await latestScenarios(t);
  // A draft that thanks has its payments read too.
  const scenarios = new Map<string, { readonly scenario: ScenarioVersion }>(stored);
  if (scenario !== undefined) scenarios.set(scenario.code, { scenario });
  const batches = loadAccounts(t, {
    today, scenarios, standardScenario: policy.settings.scenario,
    contactWindowDays: Math.max(policy.facts.contactCap?.windowDays ?? 1, 1), customerIds: [customer],
  });
  for await (const [loaded] of batches) {
    if (loaded === undefined) continue;
    const { copies: _standing, ...without } = loaded;
    const account = scenario === undefined ? without : underScenario(without, scenario);
    return { account, policy, days: nextDays(policy.facts, account, days) };
  }
  return null;
}

/** The account as if it had a scenario; items that a person gave another one keep theirs. What chose its own is not told. */
function underScenario({ chosen: _chosen, ...account }: AccountFacts, scenario: ScenarioVersion): AccountFacts {
  return { ...account, scenario };
}

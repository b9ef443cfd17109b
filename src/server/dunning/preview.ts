import { nextDays } from '#core/dunning/next-days.ts';
import type { DayToCome } from '#core/dunning/next-days.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId } from '#core/kernel/id.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { loadAccounts } from './facts-store.ts';
import { readPolicy } from './policy.ts';
import { latestScenarios } from './scenario-store.ts';

/** What would be done for a customer in the days to come, as things stand; nothing is kept. Null when it owes nothing. */
export async function previewCustomer(t: Tenant, customer: CustomerId, of: { today: Day; days: number }): Promise<DayToCome[] | null> {
  const { today, days } = of;
  const policy = await readPolicy(t, today);
  const batches = loadAccounts(t, {
    today, scenarios: await latestScenarios(t), standardScenario: policy.settings.scenario,
    contactWindowDays: Math.max(policy.facts.contactCap?.windowDays ?? 1, 1), customerIds: [customer],
  });
  for await (const [account] of batches) {
    if (account === undefined) continue;
    const { copies: _standing, ...without } = account;
    return nextDays(policy.facts, without, days);
  }
  return null;
}

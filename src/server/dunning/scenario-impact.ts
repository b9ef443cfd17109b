import { decideAccount } from '#core/dunning/decide.ts';
import type { ProposedAction } from '#core/dunning/decision.ts';
import type { AccountFacts } from '#core/dunning/facts.ts';
import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { readAssignment } from './assignment-store.ts';
import { countCatches } from './catches.ts';
import { loadAccounts } from './facts-store.ts';
import { readPolicy } from './policy.ts';
import { latestScenarios } from './scenario-store.ts';

/** What the next version of a scenario would change today. */
export type Impact = {
  readonly customers: number; readonly withOpenItems: number;
  /** Open debits under the scenario. */
  readonly documents: number;
  readonly actionsBefore: number; readonly actionsAfter: number;
  /** Customers for whom a run of today would not propose the same. */
  readonly customersChanged: number;
};

/** Decides today for everybody who has the scenario, under its version in force and under a draft; nothing is kept. A scenario never published has nobody. */
export async function scenarioImpact(t: Tenant, draft: ScenarioVersion, today: Day): Promise<Impact> {
  const { code } = draft;
  const policy = await readPolicy(t, today);
  const scenarios = await latestScenarios(t);
  const counts = { documents: 0, actionsBefore: 0, actionsAfter: 0, customersChanged: 0 };
  const who = (await countCatches(t, { assignment: await readAssignment(t), standard: policy.settings.scenario, today })).scenarios.get(code) ?? { customers: 0, withOpenItems: 0 };
  if (!scenarios.has(code)) return { ...who, ...counts };
  const batches = loadAccounts(t, { today, scenarios, standardScenario: policy.settings.scenario, contactWindowDays: Math.max(policy.facts.contactCap?.windowDays ?? 1, 1) });
  for await (const accounts of batches) {
    for (const account of accounts) {
      const has = account.items.filter((item) => item.settled === undefined && (item.scenario ?? account.scenario).code === code).length;
      if (has === 0) continue;
      const before = decideAccount(policy.facts, account).actions;
      const after = decideAccount(policy.facts, under(account, draft)).actions;
      counts.documents += has;
      counts.actionsBefore += before.length;
      counts.actionsAfter += after.length;
      if (said(before) !== said(after)) counts.customersChanged += 1;
    }
  }
  return { ...who, ...counts };
}

/** The account with the draft wherever it has the version in force. */
function under(account: AccountFacts, draft: ScenarioVersion): AccountFacts {
  const items = account.items.map((item) => (item.scenario?.code === draft.code ? { ...item, scenario: draft } : item));
  return { ...account, items, scenario: account.scenario.code === draft.code ? draft : account.scenario };
}

/** Actions as one text that is the same for the same ones: how, what text, which documents. */
const said = (actions: readonly ProposedAction[]): string =>
  actions.map(({ channel, template, tone, items, purpose, contactId }) => [purpose, channel, template, tone, contactId, ...items.map(({ itemId }) => itemId)].join(' ')).toSorted().join('\n');

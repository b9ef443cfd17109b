import { decideAccount } from '#core/dunning/decide.ts';
import type { AccountFacts } from '#core/dunning/facts.ts';
import { loadAccounts } from '#server/dunning/facts-store.ts';
import { readPolicy } from '#server/dunning/policy.ts';
import { latestScenarios } from '#server/dunning/scenario-store.ts';
import { CUSTOMERS, givenCompany, layOut, TODAY } from '../data.ts';
import { timedTurns } from '../figure.ts';
import type { Figure } from '../figure.ts';
import type { Bench, Measure } from './measure.ts';

const GOAL_PER_SECOND = 150_000;
const TURNS = 7;

async function measure({ database, owner, size }: Bench): Promise<Figure[]> {
  const organisation = await givenCompany(database);
  await layOut(owner, { organisation, items: size, settled: 0, customers: CUSTOMERS });
  const { policy, accounts } = await database.inTenant(organisation, async (t) => {
    const found: AccountFacts[] = [];
    const read = await readPolicy(t, TODAY);
    const batches = loadAccounts(t, { today: TODAY, scenarios: await latestScenarios(t), standardScenario: 'standard', contactWindowDays: 7 });
    for await (const batch of batches) found.push(...batch);
    return { policy: read, accounts: found };
  }, { isolation: 'repeatable read', readOnly: true });
  let decisions = 0;
  const decideAll = async (): Promise<void> => {
    decisions = 0;
    for (const account of accounts) decisions += decideAccount(policy.facts, account).decisions.length;
  };
  const seconds = await timedTurns(TURNS, decideAll);
  if (decisions !== size) throw new Error(`${decisions} decisions`);
  const scan = await timedTurns(TURNS, () => owner.query(`
    select count(*) filter (where $2::date - due_on >= 45), count(*) filter (where $2::date - due_on between 30 and 44), count(*) filter (where $2::date - due_on between 15 and 29),
      count(*) filter (where $2::date - due_on between 7 and 14) from item where organisation_id = $1 and allocated < amount and voided_at is null`, [organisation, TODAY]));
  return [
    { name: 'decide in core', size, unit: 'decisions', seconds, floor: null, goal: { kind: 'atLeast', value: GOAL_PER_SECOND }, note: `SQL level scan alone: ${Math.round(size / scan)}/s` },
  ];
}

/** Decisions of the pure engine on one core, facts already in memory. */
export const decideMeasure: Measure = { about: 'decisions of core', sizeMax: 100_000, measure };

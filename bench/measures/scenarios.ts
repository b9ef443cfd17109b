import type { CustomerId } from '#core/kernel/id.ts';
import { previewCustomer } from '#server/dunning/preview.ts';
import { runDunning } from '#server/dunning/run.ts';
import { CLOCK, givenCompany, layOut, TODAY } from '../data.ts';
import { quantile, timed } from '../figure.ts';
import type { Figure } from '../figure.ts';
import { layOutScenarios } from '../forty-scenarios.ts';
import { insertFloor } from '../insert-floor.ts';
import type { Bench, Measure } from './measure.ts';

const GOAL_TIMES = 6;
const RSS_GOAL_MIB = 512;
const ITEMS_OF_A_CUSTOMER = 10;
const WRITTEN = ['action', 'action_item', 'decision'] as const;
const PREVIEWS = 100;
const PREVIEW_DAYS = 30;
/** Previews a second that a preview of 200 ms makes. */
const PREVIEWS_PER_SECOND_GOAL = 5;

async function measure(bench: Bench): Promise<Figure[]> {
  const { database, owner, size } = bench;
  const organisation = await givenCompany(database);
  const customers = Math.ceil(size / ITEMS_OF_A_CUSTOMER);
  await layOut(owner, { organisation, items: size, settled: 0, customers });
  await layOutScenarios({ database, owner, organisation });
  const order = { organisation, today: TODAY, clock: CLOCK, actor: 'bench' };
  const used = new Set<string>();
  let actions = 0;
  const dry = await timed(async () => {
    const done = await runDunning(database, { ...order, dryRun: true, sink: { decisions: () => undefined, actions: (batch) => batch.forEach(({ proposed }) => used.add(proposed.scenarioCode)) } });
    if (done.decisions !== size || done.stopped !== null) throw new Error(`${done.decisions} decisions, ${done.stopped ?? 'not stopped'}`);
    ({ actions } = done);
  });
  const preview = await previews(bench, organisation);
  const written = await timed(() => runDunning(database, order));
  const floor = { what: 'insert … select of the same rows', seconds: await insertFloor(owner, WRITTEN) };
  return [
    { name: 'dry run, 40 scenarios', size, unit: 'items', seconds: dry, floor, goal: { kind: 'atMost', value: GOAL_TIMES }, rssGoalMiB: RSS_GOAL_MIB, note: `${actions} actions of ${used.size} scenarios, ${customers} customers` },
    { name: 'real run, 40 scenarios', size, unit: 'items', seconds: written, floor, goal: null },
    { name: 'preview of 30 days for one customer, 95th of 100', size: 1, unit: 'previews', seconds: preview, floor: null, goal: { kind: 'atLeast', value: PREVIEWS_PER_SECOND_GOAL }, note: `${(1000 * preview).toFixed(0)} ms` },
  ];
}

/** Seconds that 95 of 100 previews take at most, of customers all over the ledger. */
async function previews({ database, owner }: Bench, organisation: Parameters<typeof runDunning>[1]['organisation']): Promise<number> {
  const chosen = await owner.query<{ customer_id: CustomerId }>('select customer_id from customer where organisation_id = $1 order by md5(code) limit $2', [organisation, PREVIEWS]);
  const seconds: number[] = [];
  for (const { customer_id: customer } of chosen.rows) {
    seconds.push(await timed(() => database.inTenant(organisation, (t) => previewCustomer(t, customer, { today: TODAY, days: PREVIEW_DAYS }), { readOnly: true })));
  }
  return quantile(seconds, 0.95);
}

/** A dunning run with everything scenarios can ask, ten open items a customer. */
export const scenariosMeasure: Measure = { about: 'dry run with 40 scenarios, and previews', sizeMax: 1_000_000, measure };

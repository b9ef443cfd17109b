import { runDunning } from '#server/dunning/run.ts';
import { CLOCK, CUSTOMERS, givenCompany, layOut, TODAY } from '../data.ts';
import { timed } from '../figure.ts';
import type { Figure } from '../figure.ts';
import { insertFloor } from '../insert-floor.ts';
import type { Bench, Measure } from './measure.ts';

const GOAL_TIMES = 5;
const AGAIN_GOAL_TIMES = 1.5;
const RSS_GOAL_MIB = 512;
const WRITTEN = ['action', 'action_item', 'decision'] as const;

async function measure(bench: Bench): Promise<Figure[]> {
  const { database, owner, size } = bench;
  const organisation = await givenCompany(database);
  await layOut(owner, { organisation, items: size, settled: 0, customers: CUSTOMERS });
  const order = { organisation, today: TODAY, clock: CLOCK, actor: 'bench' };
  const dry = await timed(() => runDunning(database, { ...order, dryRun: true }));
  let actions = 0;
  const real = await timed(async () => {
    const done = await runDunning(database, order);
    actions = done.actions;
    if (done.decisions !== size || done.stopped !== null) throw new Error(`${done.decisions} decisions, ${done.stopped ?? 'not stopped'}`);
  });
  const floor = { what: 'insert … select of the same rows', seconds: await insertFloor(owner, WRITTEN) };
  let proposed = 0;
  const again = await timed(async () => {
    proposed = (await runDunning(database, { ...order, dryRun: true })).actions;
  });
  if (proposed !== 0 || actions === 0) throw new Error(`${actions} actions, then ${proposed}`);
  return [
    { name: 'dry run', size, unit: 'items', seconds: dry, floor, goal: { kind: 'atMost', value: GOAL_TIMES }, rssGoalMiB: RSS_GOAL_MIB },
    { name: 'real run', size, unit: 'items', seconds: real, floor, goal: { kind: 'atMost', value: GOAL_TIMES }, rssGoalMiB: RSS_GOAL_MIB, note: `${actions} actions` },
    { name: 'dry run again the same day', size, unit: 'items', seconds: again, floor: { what: 'first dry run', seconds: dry }, goal: { kind: 'atMost', value: AGAIN_GOAL_TIMES } },
  ];
}

/** A dunning run over open items of 2,000 customers. */
export const runMeasure: Measure = { about: 'dunning run against insert … select', sizeMax: 1_000_000, measure };

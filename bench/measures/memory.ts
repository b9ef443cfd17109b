import type { Figure } from '../figure.ts';
import { handOverByWorkers, withDataFolder } from '../worker-processes.ts';
import type { Bench, Measure } from './measure.ts';
import { givenApproved } from './send.ts';

const MAILS = 10_000;
const RSS_GOAL_MIB = 300;
const CONNECTIONS = 5;
/** As quick as a mail server on the same machine: the quicker it is, the more messages are in memory at once. */
const QUICK = { answerMs: 0, atOnce: 100, connections: CONNECTIONS } as const;

async function measure(bench: Bench): Promise<Figure[]> {
  const organisation = await givenApproved(bench, { code: 'memory', count: Math.min(bench.size, MAILS), email: true });
  const handed = await withDataFolder((folder) => handOverByWorkers(bench, { organisation, workers: 1, folder, sink: QUICK }));
  return [{
    name: 'memory of the worker process while it composes and sends', size: handed.messages, unit: 'e-mails', seconds: handed.seconds, floor: null, goal: null,
    rssMiB: handed.rssMiB, rssGoalMiB: RSS_GOAL_MIB, note: 'each once, none lost, verified',
  }];
}

/** The most memory that `acquit worker` holds with a full queue. */
export const memoryMeasure: Measure = { about: 'peak memory of a worker with 10,000 approved e-mails', sizeMax: MAILS, measure };

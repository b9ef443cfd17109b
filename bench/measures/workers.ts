import type { Figure } from '../figure.ts';
import { handOverByWorkers, withDataFolder } from '../worker-processes.ts';
import type { Bench, Measure } from './measure.ts';
import { givenApproved } from './send.ts';

const MAILS = 10_000;
const WORKERS = [1, 2, 5, 10] as const;
/** Connections of one worker (smtp-settings). */
const CONNECTIONS = 5;
/** A relay that scans what it takes: with five connections one worker gets a hundred messages a second through. */
const ANSWER_MS = 50;
/** It answers so many at once, six hundred a second: what six workers ask for. */
const AT_ONCE = 30;
const GOAL = 0.8;

const measure = (bench: Bench): Promise<Figure[]> => withDataFolder((folder) => measureIn(bench, folder));

async function measureIn(bench: Bench, folder: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const workers of WORKERS) {
    const organisation = await givenApproved(bench, { code: `workers-${workers}`, count: Math.min(bench.size, MAILS), email: true });
    const handed = await handOverByWorkers(bench, { organisation, workers, folder, sink: { answerMs: ANSWER_MS, atOnce: AT_ONCE, connections: workers * CONNECTIONS } });
    const allowed = Math.min(workers * CONNECTIONS, AT_ONCE) / (ANSWER_MS / 1000);
    figures.push({
      name: `e-mails handed over by ${workers} worker processes`, size: handed.messages, unit: 'e-mails', seconds: handed.seconds, rssMiB: handed.rssMiB,
      floor: { what: `the mail server takes ${allowed} a second from them`, seconds: handed.messages / allowed }, goal: { kind: 'atLeast', value: GOAL }, note: 'each once, none lost, verified',
    });
  }
  return figures;
}

/** Worker processes beside each other on one server. */
export const workersMeasure: Measure = { about: 'one to ten worker processes against what the mail server takes', sizeMax: MAILS, ownServer: true, measure };

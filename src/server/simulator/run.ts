import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { systemClock } from '#server/plumbing/clock.ts';
import { Meters, VITAL } from './meters.ts';
import type { Violation } from './oracle.ts';
import { playSeed } from './simulate.ts';

/** What a worker says of some seeds it played. */
export type Played = { readonly seeds: number; readonly days: number; readonly meters: [string, number][]; readonly broken: { readonly seed: number; readonly violations: readonly Violation[] }[] };

/** Seeds a worker plays between two words to its parent. */
const BATCH = 20;
/** Seeds from which on every vital meter must have moved: fewer may miss the rare ones by chance. */
const METERED_SEEDS = 1000;

const help = `npm run sim -- [--seeds N] [--from SEED] [--jobs N]     plays seeds, prints what they lived through; exit 1 when a promise is broken or nothing was proved
npm run sim -- --replay SEED [--trace]                 plays one seed twice: the same hash, or exit 1
`;

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'not a checkout';
  }
}

async function replay(seed: number, trace: boolean): Promise<number> {
  const [first, second] = [await playSeed(seed, { keepTrace: trace }), await playSeed(seed)];
  for (const line of first.trace.kept) process.stdout.write(`${line}\n`);
  for (const { promise, what, at } of first.violations) process.stdout.write(`${promise} broken at ${at}: ${what}\n`);
  const same = first.trace.digest() === second.trace.digest();
  process.stdout.write(`seed ${seed}, commit ${commit()}: ${first.days} days, ${first.trace.lines} steps, ${same ? 'the same' : 'NOT THE SAME'} when played again (${first.trace.digest().slice(0, 16)})\n`);
  return same && first.violations.length === 0 ? 0 : 1;
}

type Total = { seeds: number; days: number; readonly meters: Meters; readonly broken: Played['broken'][number][] };

/** Plays seeds in several threads, each its own share. */
function playAll(of: { from: number; seeds: number; jobs: number }, told: (total: Total) => void): Promise<Total> {
  const total: Total = { seeds: 0, days: 0, meters: new Meters(), broken: [] };
  const play = (job: number): Promise<void> => new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(new URL('./play-worker.ts', import.meta.url)), { workerData: { from: of.from + job, step: of.jobs, until: of.from + of.seeds, batch: BATCH } });
    worker.on('message', (played: Played) => {
      total.seeds += played.seeds;
      total.days += played.days;
      total.meters.add(played.meters);
      total.broken.push(...played.broken);
      told(total);
    });
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
  return Promise.all(Array.from({ length: of.jobs }, (_, job) => play(job))).then(() => total);
}

const BROKEN_SHOWN = 10;

function report(total: Total, { from, startedAt }: { from: number; startedAt: number }): number {
  for (const [name, count] of [...total.meters.counts].toSorted(([a], [b]) => (a < b ? -1 : 1))) process.stdout.write(`${String(count).padStart(12)}  ${name}\n`);
  const still = total.seeds < METERED_SEEDS ? [] : VITAL.filter((name) => total.meters.of(name) === 0);
  for (const name of still) process.stdout.write(`nothing proved: "${name}" never happened\n`);
  for (const { seed, violations: [first] } of total.broken.toSorted((a, b) => a.seed - b.seed).slice(0, BROKEN_SHOWN)) {
    process.stdout.write(`seed ${seed}, commit ${commit()}: ${first?.promise ?? ''} broken at ${first?.at ?? ''}: ${first?.what ?? ''}\n    npm run sim -- --replay ${seed} --trace\n`);
  }
  const seconds = (Date.parse(systemClock.now()) - startedAt) / 1000;
  process.stdout.write(`${total.seeds} seeds from ${from}, commit ${commit()}: ${total.broken.length} broken; ${total.days} simulated days in ${seconds.toFixed(0)} s, ${(total.seeds / seconds).toFixed(1)} seeds a second\n`);
  return total.broken.length + still.length > 0 ? 1 : 0;
}

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' }, jobs: { type: 'string' }, replay: { type: 'string' }, trace: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) process.stdout.write(help);
else if (values.replay !== undefined) process.exitCode = await replay(Number(values.replay), values.trace);
else {
  const startedAt = Date.parse(systemClock.now());
  const [from, seeds, jobs] = [Number(values.from), Number(values.seeds), Number(values.jobs ?? availableParallelism())];
  if (![from, seeds, jobs].every((count) => Number.isSafeInteger(count) && count > 0)) throw new Error(help);
  const tell = process.stderr.isTTY;
  const total = await playAll({ from, seeds, jobs }, (now) => tell && process.stderr.write(`\r${now.seeds} of ${seeds} seeds, ${now.broken.length} broken `));
  if (tell) process.stderr.write('\n');
  process.exitCode = report(total, { from, startedAt });
}

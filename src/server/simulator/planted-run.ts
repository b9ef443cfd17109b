import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PLANTED } from './planted.ts';
import type { PlantedBug } from './planted.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
/** Seeds in which a bug must be found; the sound program is played over thousands. */
const SEEDS = 600;

type Hunt = { readonly found: { readonly seed: number; readonly what: string } | null; readonly others: readonly string[]; readonly played: number };

/** Hunts one bug in a process of its own. Throws when it could not be planted. */
function hunt(bug: PlantedBug, seeds: number): Promise<Hunt> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', here('./plant.ts'), here('./planted-hunt.ts'), bug.promise, String(seeds)], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PLANTED_BUG: JSON.stringify(bug) } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve(JSON.parse(out) as Hunt) : reject(new Error(`${bug.what}: ${err.trim().split('\n').find((line) => line.includes('Error')) ?? `exit ${code}`}`))));
  });
}

const { values } = parseArgs({ options: { seeds: { type: 'string', default: String(SEEDS) }, only: { type: 'string' }, jobs: { type: 'string' } } });
const bugs = PLANTED.filter(({ promise, what }) => values.only === undefined || promise === values.only || what.includes(values.only));
let caught = 0;
let at = 0;
const lane = async (): Promise<void> => {
  for (let bug = bugs[at]; bug !== undefined; bug = bugs[at]) {
    at += 1;
    const { found, others, played } = await hunt(bug, Number(values.seeds));
    if (found !== null) caught += 1;
    const told = found === null ? `NOT CAUGHT in ${played} seeds${others.length > 0 ? `; seen broken: ${others.join(' ')}` : ''}` : `caught in seed ${found.seed}: ${found.what}`;
    process.stdout.write(`${bug.promise.padEnd(4)} ${bug.what}\n     ${told}\n`);
  }
};
await Promise.all(Array.from({ length: Number(values.jobs ?? availableParallelism()) }, lane));
process.stdout.write(`${caught} of ${bugs.length} planted bugs caught by the check of the promise they break\n`);
process.exitCode = caught === bugs.length ? 0 : 1;

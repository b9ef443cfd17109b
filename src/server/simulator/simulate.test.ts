import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Meters } from './meters.ts';
import { PLANTED } from './planted.ts';
import { playSeed } from './simulate.ts';

/** Seeds of the short form; `npm run sim -- --seeds 10000` is the long one. */
const SEEDS = 120;
/** Seeds played twice; a simulation that cannot be played again proves nothing of what it found. */
const REPLAYED = 20;
/** Planted bugs of the short form, every so many of the table; `npm run planted` is the long one. */
const EVERY = 9;
const HUNT_SEEDS = 150;

test('the send path keeps its promises whatever fails, and everything ends', { timeout: 120_000 }, async () => {
  const meters = new Meters();
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { violations, meters: lived } = await playSeed(seed);
    expect([seed, violations]).toEqual([seed, []]);
    meters.add(lived.counts);
  }
  // What never happened proves nothing.
  for (const name of ['taken by the mail server', 'letters printed', 'parked', 'released', 'killed with a message under way', 'commit lost', 'stopped', 'claim too old at the hand-off', 'cancelled at the claim: paid', 'restored: inPlace', 'turns of a frozen installation', 'placed by a reconciliation: sent']) {
    expect([name, meters.of(name) > 0]).toEqual([name, true]);
  }
});

test('a seed played again is the same, step by step', { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= REPLAYED; seed += 1) expect((await playSeed(seed)).trace.digest()).toBe((await playSeed(seed)).trace.digest());
});

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

test.each(PLANTED.filter((_, index) => index % EVERY === 0).map((bug) => [`${bug.promise}: ${bug.what}`, bug] as const))('planted: %s', { timeout: 120_000 }, async (_name, bug) => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', here('./plant.ts'), here('./planted-hunt.ts'), bug.promise, String(HUNT_SEEDS)], { env: { ...process.env, PLANTED_BUG: JSON.stringify(bug) } });
  expect((JSON.parse(stdout) as { found: object | null }).found).not.toBeNull();
});

test('each promise that the simulator watches has a planted bug', () => {
  expect(new Set(PLANTED.map(({ promise }) => promise))).toEqual(new Set(['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7', 'A8', 'A10', 'A11', 'A13', 'A14', 'B1', 'B2', 'B3', 'B4', 'B5', 'B7', 'B8', 'B10', 'C1', 'C2', 'C3', 'C5', 'D2', 'D8']));
});

import { parentPort, workerData } from 'node:worker_threads';
import { Meters } from './meters.ts';
import type { Played } from './run.ts';
import { playSeed } from './simulate.ts';

const share = workerData as { from: number; step: number; until: number; batch: number };
let played: Played & { seeds: number; days: number } = { seeds: 0, days: 0, meters: [], broken: [] };
let meters = new Meters();

const tell = (): void => {
  parentPort?.postMessage({ ...played, meters: [...meters.counts] }, []);
  played = { seeds: 0, days: 0, meters: [], broken: [] };
  meters = new Meters();
};

for (let seed = share.from; seed < share.until; seed += share.step) {
  const result = await playSeed(seed);
  played.seeds += 1;
  played.days += result.days;
  meters.add(result.meters.counts);
  if (result.violations.length > 0) played.broken.push({ seed, violations: result.violations });
  if (played.seeds >= share.batch) tell();
}
tell();

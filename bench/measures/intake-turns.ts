import { median, timed } from '../figure.ts';

/** Turns of a measurement; floor and ours take them one after the other, so that a machine that slows down slows both. */
const TURNS = 5;

/** Median seconds of both, measured in turn, after one turn of each that warms the caches and is not counted. */
export async function interleaved(ours: () => Promise<unknown>, floor: () => Promise<unknown>): Promise<{ ours: number; floor: number }> {
  const seconds: { ours: number[]; floor: number[] } = { ours: [], floor: [] };
  await floor();
  await ours();
  for (let turn = 0; turn < TURNS; turn += 1) {
    seconds.floor.push(await timed(floor));
    seconds.ours.push(await timed(ours));
  }
  return { ours: median(seconds.ours), floor: median(seconds.floor) };
}

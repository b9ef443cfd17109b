import { randomFrom, seededRandom } from '#core/kernel/random.ts';
import type { Random } from '#core/kernel/random.ts';

/** Odd multiplier that spreads neighbouring numbers over 32 bits (the golden ratio's). */
const SPREAD = 0x9e3779b1;

/** An independent stream of draws for one numbered part of a simulation: a customer draws the same however many others there are. */
export function streamOf(seed: number, part: number): Random {
  const mixed = Math.imul((seed ^ Math.imul(part + 1, SPREAD)) >>> 0, SPREAD) >>> 0;
  const source = seededRandom(mixed ^ (mixed >>> 15));
  return randomFrom(() => source.next());
}

/** A draw from the normal distribution (Box-Muller, one of the pair). */
export function normal(random: Random, mean: number, deviation: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return mean + deviation * radius * Math.cos(2 * Math.PI * random.next());
}

/** A log-normal draw given its median and the deviation of its logarithm. */
export const logNormal = (random: Random, median: number, deviation: number): number => median * Math.exp(normal(random, 0, deviation));

/** Waiting time, in the unit of the mean, until the next of events that come independently. */
export const waiting = (random: Random, mean: number): number => -Math.log(1 - random.next()) * mean;

/** One of the keys, each with its weight; weights need not sum to one. */
export function weighted<Key extends string>(random: Random, weights: Readonly<Record<Key, number>>): Key {
  const entries = Object.entries<number>(weights) as [Key, number][];
  let left = random.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  const last = entries.at(-1);
  if (last === undefined) throw new Error('nothing to draw from');
  return last[0];
}

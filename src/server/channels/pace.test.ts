import { expect, test } from 'vitest';
import { manualClock } from '#server/plumbing/clock.ts';
import { Pace } from './pace.ts';

/** Sizes of the chunks when each message takes so long. */
async function sizesAt(messageMs: number, chunks: number): Promise<number[]> {
  let now = Date.parse('2026-03-02T08:00:00.000Z');
  const clock = manualClock(new Date(now).toISOString());
  const pace = new Pace(clock);
  const sizes: number[] = [];
  for (let turn = 0; turn < chunks; turn += 1) {
    const { size } = pace;
    sizes.push(size);
    await pace.measure(size, async () => {
      now += size * messageMs;
      clock.set(new Date(now).toISOString());
    });
  }
  return sizes;
}

test.each<[string, number, number[]]>([
  ['a local server', 0.1, [20, 80, 320, 500, 500]],
  ['a relay nearby', 5, [20, 80, 100, 100]],
  ['pages drawn for each', 25, [20, 20, 20]],
  ['a slow relay', 400, [20, 5, 5]],
])('%s: chunks grow fourfold at most, to what half a second takes', async (_name, messageMs, sizes) => {
  expect(await sizesAt(messageMs, sizes.length)).toEqual(sizes);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EVERY_COMBINATION_ITEMS, subsetsThatMake } from './subset-search.ts';

/** All sets that make a target, fewest and oldest first, by looking at every one. */
function slowly(amounts: readonly number[], target: number): number[][] {
  const sets: number[][] = [];
  for (let mask = 1; mask < 1 << amounts.length; mask += 1) {
    const set = amounts.map((_, at) => at).filter((at) => (mask & (1 << at)) !== 0);
    if (set.reduce((sum, at) => sum + (amounts[at] ?? 0), 0) === target) sets.push(set);
  }
  const compare = (a: number[], b: number[]): number => a.length - b.length || (a.map((at, index) => at - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0);
  return sets.sort(compare).filter((set, _at, all) => set.length === all[0]?.length).slice(0, 2);
}

test('every combination is found, fewest and oldest first, credits among them', () => {
  const found = fc.check(
    fc.property(fc.array(fc.integer({ min: -9, max: 20 }), { minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 60 }), (amounts, target) =>
      JSON.stringify(subsetsThatMake(amounts, target)) === JSON.stringify({ sets: slowly(amounts, target), complete: true })),
    { seed: 20_261_122, numRuns: 1000 },
  );
  expect(found.counterexample).toBe(null);
});

const many = Array.from({ length: 200 }, (_, at) => 10_007 + at * 1009 * (at % 7 === 0 ? 3 : 1));
const sumAt = (...positions: readonly number[]): number => positions.reduce((sum, at) => sum + (many[at] ?? 0), 0);

test.each([[[150]], [[3, 199]]])('among 200 amounts the set %s is found', (set) => {
  expect(subsetsThatMake(many, sumAt(...set)).sets[0]).toHaveLength(set.length);
});

test('of equal amounts the oldest are taken, and it is said that others would do', () => {
  const equal = Array.from({ length: 40 }, () => 500);
  expect(subsetsThatMake(equal, 1500)).toEqual({ sets: [[0, 1, 2], [0, 1, 3]], complete: true });
  expect(subsetsThatMake([...equal, 7], 507).sets).toEqual([[0, 40], [1, 40]]);
});

test('what no small set makes is answered with nothing, and it is said that not everything was tried', () => {
  const even = Array.from({ length: EVERY_COMBINATION_ITEMS + 20 }, (_, at) => 2 * at + 2);
  expect(subsetsThatMake(even, 801)).toEqual({ sets: [], complete: false });
  expect(subsetsThatMake(even.slice(0, EVERY_COMBINATION_ITEMS), 801)).toEqual({ sets: [], complete: true });
});

test('work is bounded: thousands of amounts are given up honestly, the same way each time', () => {
  const huge = Array.from({ length: 5000 }, (_, at) => 100_003 + ((at * 7919) % 400_009) * 2);
  const answer = subsetsThatMake(huge, 3);
  expect(answer).toEqual({ sets: [], complete: false });
  const odd = subsetsThatMake(huge, 1_600_002);
  expect(odd).toEqual(subsetsThatMake(huge, 1_600_002));
});

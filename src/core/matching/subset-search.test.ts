import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EVERY_COMBINATION_ITEMS, STEPS_MAX, WORK_MAX, freshWork, subsetsThatMake } from './subset-search.ts';
import type { SubsetLimits, Subsets } from './subset-search.ts';

type Searching = (amounts: readonly number[], target: number, limits?: SubsetLimits) => Subsets;
const search: Searching = (amounts, target, limits) => subsetsThatMake(amounts, target, freshWork(limits));

/** All sets that make a target, fewest and oldest first, by looking at every one; those of the smallest size. */
function slowly(amounts: readonly number[], target: number): number[][] {
  const sets: number[][] = [];
  for (let mask = 1; mask < 1 << amounts.length; mask += 1) {
    const set = amounts.map((_, at) => at).filter((at) => (mask & (1 << at)) !== 0);
    if (set.reduce((sum, at) => sum + (amounts[at] ?? 0), 0) === target) sets.push(set);
  }
  const compare = (a: number[], b: number[]): number => a.length - b.length || (a.map((at, index) => at - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0);
  return sets.sort(compare).filter((set, _at, all) => set.length === all[0]?.length);
}

test('every combination is found, fewest and oldest first, credits among them', () => {
  const found = fc.check(
    fc.property(fc.array(fc.integer({ min: -9, max: 20 }), { minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 60 }), (amounts, target) => {
      const all = slowly(amounts, target);
      return JSON.stringify(search(amounts, target)) === JSON.stringify({ sets: all.slice(0, 2), complete: all.length < 2 });
    }),
    { seed: 20_261_122, numRuns: 1000 },
  );
  expect(found.counterexample).toBe(null);
});

test('amounts as large as money gets are told apart', () => {
  const large = [9_007_199_254_740_000, 4_503_599_627_370_497, 4_294_967_297, 1, 2];
  expect(search(large, 4_503_599_627_370_497 + 4_294_967_297).sets).toEqual([[1, 2]]);
  expect(search(large, 4_503_599_627_370_497 + 1).sets).toEqual([[1, 3]]);
  expect(search(large, 5).sets).toEqual([]);
});

/** Whether what a search says of a small case is true: sets that make the target, and nothing left out when it says that it is complete. */
function isHonest(searching: Searching, { amounts, target, limits }: { amounts: readonly number[]; target: number; limits: SubsetLimits }): boolean {
  const { sets, complete } = searching(amounts, target, limits);
  const all = slowly(amounts, target);
  const texts = new Set(all.map((set) => set.join(' ')));
  const right = sets.every((set) => set.reduce((sum, at) => sum + (amounts[at] ?? 0), 0) === target);
  if (!complete) return right;
  return right && sets.length === all.length && sets.every((set) => texts.has(set.join(' ')));
}

const smallCase = fc.record({
  amounts: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 }), target: fc.integer({ min: 1, max: 120 }),
  // None of them may be looked at whole, or all; steps for everything, or so few that they run out.
  limits: fc.record({ everyCombination: fc.constantFrom(0, 24), steps: fc.constantFrom(1, 5, 20, 60, STEPS_MAX) }),
});
const honestyOf = (searching: Searching): boolean => !fc.check(fc.property(smallCase, (one) => isHonest(searching, one)), { seed: 20_261_122, numRuns: 3000 }).failed;

test('when it says complete there is no other set of as few items, and no set at all when it found none; with whatever limits', () => {
  expect(honestyOf(search)).toBe(true);
});

const dishonest: readonly (readonly [string, Searching])[] = [
  ['it always says complete', (amounts, target, limits) => ({ ...search(amounts, target, limits), complete: true })],
  ['it says complete when something was found', (amounts, target, limits) => {
    const { sets, complete } = search(amounts, target, limits);
    return { sets, complete: complete || sets.length > 0 };
  }],
  ['it keeps the first set to itself', (amounts, target, limits) => {
    const { sets, complete } = search(amounts, target, limits);
    return { sets: sets.slice(1), complete };
  }],
  ['it is content with near sums', (amounts, target, limits) => {
    const { sets, complete } = search(amounts, target, limits);
    return sets.length > 0 ? { sets, complete } : search(amounts, target - 1, limits);
  }],
];

test.each(dishonest)('a planted bug is caught: %s', (_bug, searching) => {
  expect(honestyOf(searching)).toBe(false);
});

test('small cases say complete often enough for that to mean something', () => {
  const said = fc.sample(smallCase, { seed: 20_261_122, numRuns: 500 }).map(({ amounts, target, limits }) => search(amounts, target, limits));
  expect(said.filter(({ complete, sets }) => complete && sets.length === 1).length).toBeGreaterThan(30);
  expect(said.filter(({ complete, sets }) => complete && sets.length === 0).length).toBeGreaterThan(30);
  expect(said.filter(({ complete }) => !complete).length).toBeGreaterThan(50);
});

const many = Array.from({ length: 200 }, (_, at) => 10_007 + at * 1009 * (at % 7 === 0 ? 3 : 1));
const sumAt = (...positions: readonly number[]): number => positions.reduce((sum, at) => sum + (many[at] ?? 0), 0);

test.each([[[150]], [[3, 199]]])('among 200 amounts the set %s is found', (set) => {
  expect(search(many, sumAt(...set)).sets[0]).toHaveLength(set.length);
});

test('of equal amounts the oldest are taken, and it is said that others would do', () => {
  const equal = Array.from({ length: 40 }, () => 500);
  expect(search(equal, 1500)).toEqual({ sets: [[0, 1, 2], [0, 1, 3]], complete: false });
  expect(search([...equal, 7], 507).sets).toEqual([[0, 40], [1, 40]]);
});

test('what no small set makes is answered with nothing, and it is said that not everything was tried', () => {
  const even = Array.from({ length: EVERY_COMBINATION_ITEMS + 20 }, (_, at) => 2 * at + 2);
  expect(search(even, 801)).toEqual({ sets: [], complete: false });
  expect(search(even.slice(0, EVERY_COMBINATION_ITEMS), 801)).toEqual({ sets: [], complete: true });
});

test('of however many amounts, those that are too large or too small together are seen not to do without a search', () => {
  const work = freshWork();
  expect(subsetsThatMake(many, 9_999, work)).toEqual({ sets: [], complete: true });
  expect(subsetsThatMake(many, many.reduce((sum, one) => sum + one, 1), work)).toEqual({ sets: [], complete: true });
  expect(work.left).toBe(WORK_MAX);
});

const huge = Array.from({ length: 5000 }, (_, at) => 100_003 + ((at * 7919) % 400_009) * 2);

test('work is bounded: forty of thousands of amounts are given up honestly, the same way each time', () => {
  const forty = huge.filter((_, at) => at % 125 === 7).reduce((sum, one) => sum + one, 0);
  for (const target of [forty, forty + 1, 1_600_002]) {
    const work = freshWork();
    const answer = subsetsThatMake(huge, target, work);
    expect(WORK_MAX - work.left).toBeGreaterThan(0);
    // The search in hand ends its row of values before it stops.
    expect(WORK_MAX - work.left).toBeLessThanOrEqual(STEPS_MAX + huge.length);
    expect(answer).toEqual(search(huge, target));
    expect(answer.complete && answer.sets.length === 0).toBe(false);
  }
});

test('all searches for one amount share their work: when it is used up the next one says that it did not search', () => {
  const work = { ...freshWork(), left: 3 };
  expect(subsetsThatMake([5, 6, 7], 11, work)).toEqual({ sets: [], complete: false });
  expect(work.left).toBe(3);
  const shared = freshWork();
  const tens = huge.map((amount) => amount * 10);
  for (let searches = 0; searches < 20; searches += 1) expect(subsetsThatMake(tens, 16_000_013, shared)).toEqual({ sets: [], complete: false });
  expect(shared.left).toBeLessThanOrEqual(0);
  expect(shared.left).toBeGreaterThan(-huge.length);
  expect(subsetsThatMake(tens, tens[17] ?? 0, shared)).toEqual({ sets: [], complete: false });
});

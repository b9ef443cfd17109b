import { expect, test } from 'vitest';
import { STANDARD_RULES } from '#core/matching/rules.ts';
import { PLANTED } from './measures/matching-planted.ts';
import type { Planted } from './measures/matching-planted.ts';
import { measureSeed } from './measures/matching-quality.ts';
import { missed } from './measures/matching-report.ts';

// The short form of `npm run bench:matching`: one statement instead of twenty, against the same goals.

const LINES = 3_000;
const goalsMissed = (planted: Planted | null): string[] => missed([measureSeed({ seed: 1, lines: LINES, rules: STANDARD_RULES, planted, example: () => {} })]);

test('the goals of lettrage are met on a simulated statement', { timeout: 120_000 }, () => {
  expect(goalsMissed(null)).toEqual([]);
});

test.each(Object.entries(PLANTED))('planted: %s misses a goal', { timeout: 120_000 }, (_, planted) => {
  expect(goalsMissed(planted)).not.toEqual([]);
});

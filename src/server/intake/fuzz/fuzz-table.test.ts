import { expect, test } from 'vitest';
import { objections } from './expect-sound.ts';
import { runFuzz } from './fuzz.ts';
import { tableSubjects } from './subjects-table.ts';

/** Changed files a reader gets with every run of the tests; `run.ts --count 1000000` is the long form. */
const CASES = 20_000;

test.each(tableSubjects())('$name: 20,000 changed files are read or refused with a reason, whole, in time and in memory', { timeout: 300_000 }, async (subject) => {
  const report = await runFuzz({ subject, seed: 20_261_122, count: CASES });
  expect(objections(report, { cases: CASES, codes: 25, pairs: false, texts: true })).toEqual([]);
});

import { expect, test } from 'vitest';
import { objections } from './expect-sound.ts';
import { runFuzz } from './fuzz.ts';
import { xmlSubjects } from './subjects-xml.ts';

const CASES = 20_000;

test.each(xmlSubjects())('$name: 20,000 changed documents are read or refused with a reason, and no changed amount ever balances', { timeout: 300_000 }, async (subject) => {
  const report = await runFuzz({ subject, seed: 20_261_122, count: CASES });
  expect(objections(report, { cases: CASES, codes: 15, pairs: subject.pair !== undefined, texts: true })).toEqual([]);
});

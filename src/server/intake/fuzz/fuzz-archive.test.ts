import { expect, test } from 'vitest';
import { objections } from './expect-sound.ts';
import { runFuzz } from './fuzz.ts';
import { archiveSubjects } from './subjects-archive.ts';

const CASES = 20_000;

test.each(archiveSubjects())('$name: 20,000 changed archives are read or refused with a reason, within the caps', { timeout: 1_200_000 }, async (subject) => {
  const report = await runFuzz({ subject, seed: 20_261_122, count: CASES });
  expect(objections(report, { cases: CASES, codes: subject.name === 'zip' ? 3 : 10, pairs: false, texts: false })).toEqual([]);
});

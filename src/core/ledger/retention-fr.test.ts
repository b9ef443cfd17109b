import { expect, test } from 'vitest';
import { day } from '../kernel/day.ts';
import { messageRetention, RETENTION_RULES } from './retention-fr.ts';
import type { KeptMessage } from './retention-fr.ts';

const until = (kind: KeptMessage['kind'], change: Partial<KeptMessage> = {}): string | null => {
  const found = messageRetention({ kind, country: 'FR', sentOn: day('2026-03-02'), dueOn: [day('2026-02-04'), day('2026-02-11')], open: false, ...change });
  return found.ok ? found.value.until : found.error.code;
};

test('a reminder is kept as long as its claim can be brought: five years, two of a consumer, four after its year of a public body', () => {
  expect([until('business'), until('consumer'), until('public')]).toEqual(['2031-03-02', '2028-03-02', '2031-01-01']);
});

test('the latest due day counts when it is later than the sending; the last day of a February that is shorter', () => {
  expect(until('business', { dueOn: [day('2026-04-30')] })).toBe('2031-04-30');
  expect(until('business', { sentOn: day('2028-02-29'), dueOn: [] })).toBe('2033-02-28');
});

test('what is still owed is kept until it is settled; what no rule is known for is an error', () => {
  expect(until('business', { open: true })).toBeNull();
  expect(until('business', { country: 'DE' })).toBe('retention.unknown');
  expect(until('consumer', { sentOn: day('2016-06-30'), dueOn: [] })).toBe('retention.unknown');
});

test('every rule says where it was read, and that no lawyer reviewed it', () => {
  for (const rule of RETENTION_RULES) expect(rule).toMatchObject({ lawyerReviewed: false, url: expect.stringMatching(/^https:\/\/www\.legifrance\.gouv\.fr\//) as string, article: expect.stringMatching(/\d/) as string });
});

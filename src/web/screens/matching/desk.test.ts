import { expect, test } from 'vitest';
import type { OpenLineView } from '#core/api/matching.ts';
import { UNDER_WAY, lineAway, neighbourOf, runsShort, shownLines } from './desk.ts';
import { decimalTenths, shareKept } from './measure.ts';

const line = (key: string): OpenLineView => ({
  key, kind: 'bankLine', bookedOn: '2026-06-01', amount: '1.00', currency: 'EUR', account: null, payer: null, payerIban: null, text: '', references: [], customer: null, holdsBack: null, proposals: [], complete: true,
  why: null, notices: [],
});

const page = (asked: number, ...keys: string[]) => ({ asked, lines: keys.map(line), next: null });
const keys = (lines: readonly OpenLineView[]): string[] => lines.map((one) => one.key);

test('a line taken off is not shown by an answer asked for before, and is by one asked for after', () => {
  expect(keys(shownLines([page(3, 'a', 'b')], new Map()))).toEqual(['a', 'b']);
  expect(keys(shownLines([page(3, 'a', 'b')], new Map([['a', UNDER_WAY]])))).toEqual(['b']);
  expect(keys(shownLines([page(3, 'a', 'b')], new Map([['a', 4]])))).toEqual(['b']);
  expect(keys(shownLines([page(5, 'a', 'b')], new Map([['a', 4]])))).toEqual(['a', 'b']);
});

test('a line on two pages is shown once', () => {
  expect(keys(shownLines([page(1, 'a', 'b'), page(2, 'b', 'c')], new Map()))).toEqual(['a', 'b', 'c']);
});

test('the way on from a line: the next one, at the end the one before', () => {
  const lines = ['a', 'b', 'c'].map(line);
  expect(neighbourOf(lines, 'a')).toBe('b');
  expect(neighbourOf(lines, 'c')).toBe('b');
  expect(neighbourOf([line('a')], 'a')).toBeNull();
  expect([lineAway(lines, null, 1)?.key, lineAway(lines, 'a', 1)?.key, lineAway(lines, 'a', -1)?.key, lineAway(lines, 'c', 1)?.key, lineAway([], null, 1)]).toEqual(['a', 'b', 'a', 'c', undefined]);
});

test('more is asked for before the end is reached', () => {
  const lines = Array.from({ length: 20 }, (_, index) => line(String(index)));
  expect(runsShort(lines, null)).toBe(false);
  expect(runsShort(lines, '5')).toBe(false);
  expect(runsShort(lines, '15')).toBe(true);
});

test.each([
  { applied: 0, undone: 0, share: null }, { applied: 412, undone: 2, share: '99.5' }, { applied: 10_000, undone: 1, share: '99.9' }, { applied: 7, undone: 0, share: '100' }, { applied: 3, undone: 3, share: '0' },
])('$undone undone of $applied: $share %', ({ applied, undone, share }) => {
  const kept = shareKept({ applied, undone });
  expect(kept === null ? null : decimalTenths(kept)).toBe(share);
});

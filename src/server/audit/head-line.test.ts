import { expect, test } from 'vitest';
import type { Instant } from '#core/kernel/clock.ts';
import { day } from '#core/kernel/day.ts';
import { readHeads } from './chain-walk.ts';
import { formatHead, headDue, lineHash, linesOf, NO_LINE, parseHead } from './head-line.ts';
import type { HeadLine } from './head-line.ts';

const at = (text: string): Instant => `${text}:00.000Z` as Instant;

const headAt = (written: string, change: Partial<HeadLine> = {}): HeadLine => ({
  installation: 'i', organisation: 'main', day: day(written.slice(0, 10)), seq: 4, hash: 'a'.repeat(64), events: 4, from: 1, root: 'b'.repeat(64), at: at(written), previous: NO_LINE, ...change,
});

// Paris is an hour ahead of UTC in winter: 19:00 UTC is 20:00 there.
test.each([
  { name: 'in the evening, nothing written yet', written: null, uncovered: '2026-03-02T10:00', now: '2026-03-02T19:00', due: '2026-03-02' },
  { name: 'a minute before', written: null, uncovered: '2026-03-02T10:00', now: '2026-03-02T18:59', due: null },
  { name: 'written this evening', written: '2026-03-02T19:00', uncovered: '2026-03-02T19:30', now: '2026-03-02T20:00', due: null },
  { name: 'written by hand this noon', written: '2026-03-02T11:00', uncovered: '2026-03-02T12:00', now: '2026-03-02T19:00', due: '2026-03-02' },
  { name: 'nobody was there yesterday evening', written: '2026-03-01T19:00', uncovered: '2026-03-02T12:00', now: '2026-03-03T06:00', due: '2026-03-02' },
  { name: 'nobody ever was there in an evening', written: null, uncovered: '2026-03-02T12:00', now: '2026-03-03T06:00', due: '2026-03-02' },
  { name: 'after midnight, what came late yesterday waits for this evening', written: '2026-03-02T19:00', uncovered: '2026-03-02T21:00', now: '2026-03-03T06:00', due: null },
  { name: 'the first morning', written: null, uncovered: '2026-03-03T05:00', now: '2026-03-03T06:00', due: null },
  { name: 'midnight is that of the company', written: '2026-03-01T19:00', uncovered: '2026-03-02T12:00', now: '2026-03-02T23:10', due: '2026-03-02' },
])('a head is due: $name', ({ written, uncovered, now, due }) => {
  expect(headDue(written === null ? null : headAt(written), { uncovered: at(uncovered), now: at(now), zone: 'Europe/Paris' })).toBe(due);
});

test('a line is read as it was written, and in no other way of writing it', () => {
  const head = headAt('2026-03-02T19:00');
  const line = formatHead(head);
  expect(parseHead(line)).toEqual(head);
  for (const other of [` ${line}`, line.replace('"seq":4', '"seq": 4'), line.replace('"seq":4', '"seq":4.0'), line.replace('"seq":4', '"seq":-4'), line.replace('}', ',"more":1}'), line.slice(1), '', 'null', '[]']) {
    expect(parseHead(other)).toBeNull();
  }
});

test('lines hold together, or the first that does not is named', () => {
  const of = { installation: 'i', organisation: 'main' };
  const first = formatHead(headAt('2026-03-02T19:00'));
  const second = headAt('2026-03-03T19:00', { from: 5, seq: 9, events: 9, previous: lineHash(first) });
  const problem = (change: Partial<HeadLine>): string | null => readHeads([first, formatHead({ ...second, ...change })], of).problem;
  expect(problem({})).toBeNull();
  expect(problem({ previous: NO_LINE })).toBe('line 2: does not name the line before');
  expect(problem({ from: 6 })).toBe('line 2: does not go on where the line before ended');
  expect(problem({ events: 8 })).toBe('line 2: does not go on where the line before ended');
  expect(problem({ organisation: 'other' })).toBe('line 2: is of other');
  expect(problem({ installation: 'j' })).toBe('line 2: is of another installation');
  expect(problem({ at: at('2026-03-01T19:00') })).toBe('line 2: is older than the line before');
  expect(readHeads([formatHead(second)], of).problem).toBe('line 1: is not the first one');
  expect(readHeads([first, ''], of).problem).toBe('line 2: is no head');
  expect(linesOf(`${first}\n`)).toEqual([first]);
});

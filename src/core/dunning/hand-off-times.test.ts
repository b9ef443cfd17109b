import { expect, test } from 'vitest';
import type { Instant } from '../kernel/clock.ts';
import { day } from '../kernel/day.ts';
import { arrivedOn, underWayFor } from './hand-off-times.ts';

const at = (minute: string): Instant => `2026-03-02T10:${minute}:00.000Z` as Instant;

test.each<[string, string | null, Instant | null, Instant, number]>([
  ['its worker was lost at once', 'workerLost', at('00'), at('00'), 16],
  ['a while ago', 'workerLost', at('00'), at('10'), 6],
  ['too long ago for its last byte', 'workerLost', at('00'), at('16'), 0],
  ['the journal told of it', 'sendJournal', at('00'), at('10'), 6],
  ['its answer was lost: its worker is at something else', 'deadline', at('00'), at('01'), 0],
  ['nothing is known of its claim', 'workerLost', null, at('01'), 0],
])('for how long a parked message may still be under way: %s', (...[, reason, claimedAt, now, minutes]) => {
  expect(underWayFor({ reason, claimedAt }, now)).toBe(minutes);
});

test.each([
  ['the day of the word', '2026-03-05', '2026-03-02', '2026-03-05'],
  ['not before it was claimed, where the clock was set back', '2026-03-01', '2026-03-02', '2026-03-02'],
  ['the day of the word, of a claim that nobody knows', '2026-03-05', null, '2026-03-05'],
])('a message that a person says arrived counts as sent on %s', (...[, today, claimedOn, sentOn]) => {
  expect(arrivedOn(day(today), claimedOn === null ? null : day(claimedOn))).toBe(sentOn);
});

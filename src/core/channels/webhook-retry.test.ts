import { expect, test } from 'vitest';
import type { Instant } from '../kernel/clock.ts';
import { afterFailedCall, RETRY_SECONDS, WINDOW_DAYS } from './webhook-retry.ts';
import type { AfterCall, TriedCall } from './webhook-retry.ts';

const FIRST = '2026-03-02T08:00:00.000Z' as Instant;
const later = (seconds: number): Instant => new Date(Date.parse(FIRST) + seconds * 1000).toISOString() as Instant;
const tried = (given: Partial<TriedCall>): TriedCall => ({ outcome: 'refused', status: 500, tries: 1, firstAt: FIRST, mayHaveArrived: false, ...given });

test('a receiver that fails is called for a little more than three days, then no more', () => {
  let seconds = 0;
  let tries = 1;
  for (let next = afterFailedCall(tried({ tries }), later(seconds), 0); next.next === 'again'; next = afterFailedCall(tried({ tries }), later(seconds), 0)) {
    seconds += next.afterMs / 1000;
    tries += 1;
  }
  expect({ tries, hours: seconds / 3600 }).toEqual({ tries: RETRY_SECONDS.length + 1, hours: expect.closeTo(75.585, 2) });
  expect(seconds).toBeLessThan(WINDOW_DAYS * 24 * 3600);
  expect(afterFailedCall(tried({ tries }), later(seconds), 0)).toEqual({ next: 'off', because: 'failing' });
});

test('chance lengthens a wait by a tenth at most, and never shortens it', () => {
  expect([0, 0.5, 1].map((chance) => afterFailedCall(tried({ tries: 2 }), FIRST, chance))).toEqual([300_000, 315_000, 330_000].map((afterMs) => ({ next: 'again', afterMs })));
});

const AGAIN: AfterCall = { next: 'again', afterMs: 5_000 };
test.each<[string, Partial<TriedCall> & { readonly after?: number }, AfterCall]>([
  ['410 ends it at once', { status: 410 }, { next: 'off', because: 'gone' }],
  ['a redirect is a failure', { status: 302 }, AGAIN],
  ['no answer in time: the key makes a repeat harmless', { outcome: 'timeout', status: null, mayHaveArrived: true }, AGAIN],
  ['a worker that died', { outcome: 'lost', status: null, mayHaveArrived: true, after: 3600 }, AGAIN],
  ['a worker that died, found after the window: nobody knows what the receiver still knows', { outcome: 'lost', status: null, mayHaveArrived: true, after: WINDOW_DAYS * 86_400 + 1 }, { next: 'off', because: 'unsure' }],
  ['a refusal found after the window was a refusal', { outcome: 'refused', status: 500, after: WINDOW_DAYS * 86_400 + 1 }, AGAIN],
  ['a refusal after the window, of a call that may have arrived before', { outcome: 'refused', status: 500, mayHaveArrived: true, after: WINDOW_DAYS * 86_400 + 1 }, { next: 'off', because: 'unsure' }],
  ['no connection found after the window', { outcome: 'connection', status: null, after: WINDOW_DAYS * 86_400 + 1 }, AGAIN],
])('%s', (_name, { after = 0, ...given }, wanted) => {
  expect(afterFailedCall(tried(given), later(after), 0)).toEqual(wanted);
});

test('receivers are asked to keep ids for seven days: the last repeat comes a day before, whatever chance adds', () => {
  expect(WINDOW_DAYS).toBeLessThan(7);
  expect(RETRY_SECONDS.reduce((sum, seconds) => sum + seconds * 1.1, 0)).toBeLessThan(WINDOW_DAYS * 86_400);
});

import { expect, test } from 'vitest';
import fc from 'fast-check';
import { breakerCause, BOUNCES_PER_THOUSAND_MAX, BREAKER_WINDOW, COMPLAINTS_PER_HUNDRED_THOUSAND_MAX } from './breaker.ts';
import type { MailRecord } from './breaker.ts';

const LIMITS = { bouncesPerThousand: BOUNCES_PER_THOUSAND_MAX, complaintsPerHundredThousand: COMPLAINTS_PER_HUNDRED_THOUSAND_MAX };

test.each<[string, MailRecord, ReturnType<typeof breakerCause>]>([
  ['one bounce among three', { mails: 3, bounces: 1, complaints: 0 }, null],
  ['a first small campaign with four dead addresses', { mails: 60, bounces: 4, complaints: 0 }, null],
  ['five among sixty', { mails: 60, bounces: 5, complaints: 0 }, 'bounces'],
  ['a full window just below two per cent', { mails: 1000, bounces: 19, complaints: 0 }, null],
  ['a full window at two per cent', { mails: 1000, bounces: 20, complaints: 0 }, 'bounces'],
  ['one complaint of a full window: 0.1 %', { mails: 1000, bounces: 0, complaints: 1 }, 'complaints'],
  ['one complaint before the window is full', { mails: 999, bounces: 0, complaints: 1 }, null],
  ['two complaints before the window is full', { mails: 300, bounces: 0, complaints: 2 }, 'complaints'],
  ['both: bounces are named', { mails: 1000, bounces: 30, complaints: 3 }, 'bounces'],
])('%s', (_name, record, cause) => {
  expect(breakerCause(record, LIMITS)).toBe(cause);
});

test('settings tighten and never loosen', () => {
  expect(breakerCause({ mails: 1000, bounces: 10, complaints: 0 }, { ...LIMITS, bouncesPerThousand: 10 })).toBe('bounces');
  expect(breakerCause({ mails: 1000, bounces: 20, complaints: 0 }, { ...LIMITS, bouncesPerThousand: 500 })).toBe('bounces');
});

test('worse is never better: more bounces or complaints never close what fewer open', () => {
  const count = fc.integer({ min: 0, max: BREAKER_WINDOW });
  expect(fc.check(fc.property(fc.record({ mails: count, bounces: count, complaints: count, more: count }), ({ mails, bounces, complaints, more }) => {
    const before = breakerCause({ mails, bounces, complaints }, LIMITS);
    const after = breakerCause({ mails, bounces: bounces + more, complaints: complaints + more }, LIMITS);
    return before === null || after !== null;
  }))).toMatchObject({ failed: false });
});

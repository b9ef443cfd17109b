import { expect, test } from 'vitest';
import { addDays, day } from '../kernel/day.ts';
import type { AccountFacts } from './facts.ts';
import { givenAccount, givenHold, givenId, givenItem, timeline } from './given.ts';
import { FIRM_SCENARIO, GENTLE_SCENARIO, STANDARD_SCENARIO } from './ready-scenarios.ts';

const winter = { from: '2026-01-01', to: '2026-06-30' };

test('the standard scenario, week-ends and holidays moved to the next open day', () => {
  expect(timeline(givenAccount(), winter)).toEqual([
    '2026-02-27 step 1 email F-1 1000.00',
    '2026-03-09 step 2 email F-1 1000.00',
    '2026-03-17 step 3 email F-1 1000.00',
    '2026-04-01 step 4 email F-1 1000.00',
    '2026-04-16 step 5 registeredLetter F-1 1000.00',
  ]);
});

test('the gentle and the firm scenarios', () => {
  const days = (account: AccountFacts): string[] => timeline(account, winter).map((line) => line.slice(5, 17));
  expect(days(givenAccount({ scenario: GENTLE_SCENARIO }))).toEqual(['02-23 step 1', '03-12 step 2', '03-27 step 3', '04-16 step 4', '05-18 step 5']);
  expect(days(givenAccount({ scenario: FIRM_SCENARIO }))).toEqual(['02-25 step 1', '03-05 step 2', '03-10 step 3', '03-17 step 4', '03-23 step 5', '04-02 step 6']);
});

test('nights missed lose nothing: the step goes at the next run, the following ones keep their gaps', () => {
  expect(timeline(givenAccount(), { ...winter, missed: (today) => today >= '2026-03-05' && today <= '2026-04-07' })).toEqual([
    '2026-02-27 step 1 email F-1 1000.00',
    '2026-04-08 step 2 email F-1 1000.00',
    '2026-04-15 step 3 email F-1 1000.00',
    '2026-04-27 step 4 email F-1 1000.00',
    '2026-05-07 step 5 registeredLetter F-1 1000.00',
  ]);
});

test('two invoices a week apart are one conversation; paying the older loses nothing of the other', () => {
  const items = [givenItem(), givenItem({ number: 2, dueOn: day('2026-03-16'), open: 50_000n })];
  const paid = (account: AccountFacts, today: string): AccountFacts =>
    today < '2026-04-02' ? account : { ...account, items: account.items.map((item) => (item.document === 'F-1' ? { ...item, open: 0n } : item)) };
  expect(timeline(givenAccount({ items }), { ...winter, morning: paid })).toEqual([
    '2026-02-27 step 1 email F-1 1000.00',
    '2026-03-09 step 2 email F-1 1000.00',
    '2026-03-13 step 1 email F-2 500.00',
    '2026-03-17 step 3 email F-1+(F-2) 1500.00',
    '2026-04-01 step 4 email F-1+F-2 1500.00',
    '2026-04-08 step 3 email F-2 500.00',
    '2026-04-20 step 4 email F-2 500.00',
    '2026-04-30 step 5 registeredLetter F-2 500.00',
  ]);
});

test('a promise suspends until its grace is over; broken, dunning resumes at the next step, firmer', () => {
  const holds = [givenHold('promise', { from: day('2026-03-12'), until: day('2026-03-31'), graceDays: 2 })];
  expect(timeline(givenAccount({ holds }), winter)).toEqual([
    '2026-02-27 step 1 email F-1 1000.00',
    '2026-03-09 step 2 email F-1 1000.00',
    '2026-04-03 step 3 email F-1 1000.00 firmer',
    '2026-04-13 step 4 email F-1 1000.00',
    '2026-04-23 step 5 registeredLetter F-1 1000.00',
  ]);
});

test('a dispute rejected: dunning resumes where it was', () => {
  const held = (account: AccountFacts, today: string): AccountFacts => ({
    ...account, holds: today >= '2026-03-10' && today <= '2026-05-15' ? [givenHold('dispute', { itemId: givenId(1) })] : [],
  });
  expect(timeline(givenAccount(), { ...winter, morning: held }).slice(2)).toEqual([
    '2026-05-18 step 3 email F-1 1000.00', '2026-05-28 step 4 email F-1 1000.00', '2026-06-08 step 5 registeredLetter F-1 1000.00',
  ]);
});

test('a direct debit rejected re-opens the item with what was done to it', () => {
  const paidForAWhile = (account: AccountFacts, today: string): AccountFacts => ({
    ...account, items: account.items.map((item) => ({ ...item, open: today >= '2026-03-10' && today < '2026-03-20' ? 0n : item.amount })),
  });
  expect(timeline(givenAccount(), { ...winter, morning: paidForAWhile }).slice(1, 4)).toEqual([
    '2026-03-09 step 2 email F-1 1000.00', '2026-03-20 step 3 email F-1 1000.00', '2026-04-01 step 4 email F-1 1000.00',
  ]);
});

test('below the threshold nothing goes; an invoice that passes it sets all going', () => {
  const scenario = { ...STANDARD_SCENARIO, minimumAmount: { minor: 15_000n, currency: 'EUR' } as const };
  const items = [givenItem({ open: 14_900n })];
  const more = (account: AccountFacts, today: string): AccountFacts =>
    today === '2026-03-18' ? { ...account, items: [...account.items, givenItem({ number: 2, dueOn: addDays(day(today), -1), open: 600n })] } : account;
  expect(timeline(givenAccount({ items, scenario }), { ...winter, morning: more })[0]).toBe('2026-03-18 step 2 email F-1+(F-2) 155.00');
});

test('a cap of one contact in seven days spaces what would be closer', () => {
  const policy = { contactCap: { contacts: 1, windowDays: 10 } };
  expect(timeline(givenAccount({ scenario: FIRM_SCENARIO }), { ...winter, policy }).map((line) => line.slice(5, 17))).toEqual([
    '02-25 step 1', '03-09 step 2', '03-19 step 3', '03-30 step 4', '04-09 step 5', '04-20 step 6',
  ]);
});

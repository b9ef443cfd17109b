import { expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { ItemView } from '#core/api/customers.ts';
import { currenciesOf, deadlineOf, firstChoice, inAWeek, openDocuments, sumOf } from './hold-start.ts';

const item = (id: string, given: Partial<ItemView> = {}): ItemView => ({
  id, document: `FA-${id}`, label: null, kind: 'invoice', side: 'debit', currency: 'EUR', issuedOn: '2026-05-01', dueOn: '2026-05-31', daysLate: 30, amount: '100.00', open: '100.00', estimated: false,
  why: null, status: null, scenario: null, files: [], ...given,
});

const ITEMS = [
  item('1', { open: '33.34' }), item('2', { daysLate: -4 }), item('3', { open: '0.00' }), item('4', { side: 'credit' }), item('5', { currency: 'GBP', open: '1200.00' }), item('6', { currency: 'JPY', open: '1500', daysLate: 0 }),
];
const OPEN = openDocuments({ items: ITEMS });

test('what is open: debits with something left, each in its currency; those with overdue documents first', () => {
  expect(OPEN.map(({ id, open }) => [id, open])).toEqual([['1', 3334n], ['2', 10_000n], ['5', 120_000n], ['6', 1500n]]);
  expect(currenciesOf(OPEN)).toEqual(['EUR', 'GBP', 'JPY']);
});

test.each([
  ['EUR', null, [['1'], 3334n]], ['EUR', '2', [['2'], 10_000n]], ['EUR', '5', [['1'], 3334n]], ['GBP', null, [['5'], 120_000n]], ['JPY', null, [['6'], 1500n]],
] as const)('in %s, from %s', (currency, from, expected) => {
  const chosen = firstChoice(OPEN, currency, from);
  expect([[...chosen], sumOf(OPEN, chosen)]).toEqual(expected);
});

test.each([
  ['2026-06-30', 'FR', '2026-07-08'], ['2026-07-03', 'FR', '2026-07-13'], ['2026-07-06', 'FR', '2026-07-15'], ['2026-12-17', 'FR', '2026-12-28'], ['2026-07-06', 'GB', '2026-07-14'],
])('a week from %s in %s is %s', (today, country, expected) => {
  expect(inAWeek(day(today), { country, postalCode: null })).toBe(expected);
});

test('the deadline is that of the last step of the reason’s plan', () => {
  expect(['quality', 'PU_ERR', 'other'].map((reason) => deadlineOf(reason, day('2026-06-30')))).toEqual(['2026-07-15', '2026-07-15', '2026-07-15']);
});

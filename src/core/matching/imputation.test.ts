import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day } from '../kernel/day.ts';
import { imputationOrder, impute } from './imputation.ts';
import type { Debt, ImputationRule } from './imputation.ts';
import { BOOKED_ON, itemId } from './testing/given.ts';

const debt = (item: number, principal: bigint, more: Partial<Debt> = {}): Debt => ({ item: itemId(item), principal, charges: 0n, dueOn: day('2026-05-31'), bearsInterest: false, ...more });
const rule = (more: Partial<ImputationRule> = {}): ImputationRule => ({ on: BOOKED_ON, indicated: [], first: 'principalFirst', alike: 'inOrder', ...more });
const told = (shares: readonly { item: string; principal: bigint; charges: bigint }[]): string => shares.map((one) => `${one.item}:${one.principal}+${one.charges}`).join(' ');

describe('order of C. civ. 1342-10', () => {
  const debts = [
    debt(1, 10n, { dueOn: day('2026-07-31') }), debt(2, 10n, { dueOn: day('2026-05-31') }), debt(3, 10n, { dueOn: day('2026-04-30') }), debt(4, 10n, { dueOn: day('2026-06-01'), bearsInterest: true }),
    debt(5, 10n, { dueOn: BOOKED_ON, bearsInterest: true }),
  ];

  test('due before not due, then bearing interest, then the oldest', () => {
    expect(imputationOrder(debts, rule()).flat().map(({ item }) => item)).toEqual(['4', '5', '3', '2', '1']);
  });

  test('what the debtor indicated comes before all, even when it is not due', () => {
    expect(imputationOrder(debts, rule({ indicated: [itemId(1), itemId(2)] })).flat().map(({ item }) => item)).toEqual(['1', '2', '4', '5', '3']);
  });

  test('debts alike in everything share in proportion, or are paid by item when the ledger asks so', () => {
    const alike = [debt(1, 100n), debt(2, 200n), debt(3, 100n)];
    expect(told(impute(101n, alike, rule({ alike: 'proRata' })).shares)).toBe('1:25+0 2:50+0 3:26+0');
    expect(told(impute(101n, alike, rule()).shares)).toBe('1:100+0 2:1+0');
  });
});

test.each([
  ['principalFirst', 150n, '1:100+0 2:50+0'], ['principalFirst', 215n, '1:100+10 2:100+5'], ['interestFirst', 150n, '1:100+10 2:20+20'], ['interestFirst', 5n, '1:0+5'], ['interestFirst', 300n, '1:100+10 2:100+20'],
] as const)('C. civ. 1343-1, %s: %s is shared as %s', (first, minor, expected) => {
  const debts = [debt(1, 100n, { charges: 10n }), debt(2, 100n, { charges: 20n, dueOn: day('2026-06-01') })];
  const { shares, left } = impute(minor, debts, rule({ first }));
  expect(told(shares)).toBe(expected);
  expect(left).toBe(minor > 230n ? minor - 230n : 0n);
});

test('all is shared, nobody gets more than is owed, whatever the order of the debts', () => {
  const anyDebt = fc.record({ principal: fc.bigInt({ min: 0n, max: 50n }), charges: fc.bigInt({ min: 0n, max: 9n }), late: fc.boolean(), bearsInterest: fc.boolean() });
  const anyRule = fc.record({ first: fc.constantFrom('principalFirst' as const, 'interestFirst' as const), alike: fc.constantFrom('proRata' as const, 'inOrder' as const) });
  const found = fc.check(
    fc.property(fc.array(anyDebt, { maxLength: 7 }), fc.bigInt({ min: 0n, max: 300n }), anyRule, (drawn, minor, { first, alike }) => {
      const debts = drawn.map((one, at) => debt(at + 1, one.principal, { charges: one.charges, bearsInterest: one.bearsInterest, dueOn: day(one.late ? '2026-03-01' : '2026-09-01') }));
      const { shares, left } = impute(minor, debts, rule({ first, alike }));
      const given = shares.reduce((sum, one) => sum + one.principal + one.charges, 0n);
      const owed = debts.reduce((sum, one) => sum + one.principal + one.charges, 0n);
      const within = shares.every((share) => debts.some(({ item, principal, charges }) => item === share.item && share.principal >= 0n && share.principal <= principal && share.charges >= 0n && share.charges <= charges));
      const turned = impute(minor, debts.toReversed(), rule({ first, alike }));
      return within && given + left === minor && left === (minor > owed ? minor - owed : 0n) && told(turned.shares) === told(shares);
    }),
    { seed: 20_261_122, numRuns: 500 },
  );
  expect(found.counterexample).toBe(null);
});

test('a payment below 0 is a mistake', () => expect(() => impute(-1n, [], rule())).toThrow('below 0'));

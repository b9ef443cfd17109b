import { expect, test } from 'vitest';
import { decimal, money, parseDecimal, plus, share } from './money.ts';

test.each([
  ['1234.5', 'EUR', 123_450n, '1234.50'],
  ['-0.05', 'EUR', -5n, '-0.05'],
  ['1500', 'JPY', 1500n, '1500'],
  ['1.234', 'TND', 1234n, '1.234'],
  ['1.230', 'EUR', 123n, '1.23'],
] as const)('%s %s reads exactly and prints with its digits', (...row) => {
  const [text, currency, minor, printed] = row;
  const amount = parseDecimal(text, currency);
  expect(amount).toEqual(money(minor, currency));
  expect(amount && decimal(amount)).toBe(printed);
});

test.each([['1.234', 'EUR'], ['0.5', 'JPY'], ['1e5', 'EUR'], ['', 'EUR'], ['99999999999999999999.99', 'EUR'], ['1,5', 'EUR']] as const)(
  '%s %s is refused',
  (text, currency) => expect(parseDecimal(text, currency)).toBeNull(),
);

test('the last one gets the cent', () => {
  const parts = (minor: bigint, weights: bigint[]): bigint[] => share(money(minor, 'EUR'), weights).map((part) => part.minor);
  expect(parts(10_000n, [1n, 1n, 1n])).toEqual([3333n, 3333n, 3334n]);
  expect(parts(5n, [1n, 1n, 1n])).toEqual([2n, 2n, 1n]);
  expect(parts(-10_000n, [1n, 1n, 1n])).toEqual([-3333n, -3333n, -3334n]);
  expect(parts(3n, [1n, 1n])).toEqual([2n, 1n]);
});

test('currencies do not mix', () => {
  // @ts-expect-error EUR and USD have different types
  expect(() => plus(money(1n, 'EUR'), money(1n, 'USD'))).toThrow('do not mix');
});

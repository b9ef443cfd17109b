import { expect, test } from 'vitest';
import { decimalOf, inField, plainDecimal, readAmount } from './typed-amount.ts';

test.each([
  ['1234,5', '1234.5'], ['1 234,50', '1234.50'], ['1\u202f234,50 €', '1234.50'], ['1.234,50', '1234.50'], ['1,234.50', '1234.50'], ['1.234.567', '1234567'],
  ['12.50', '12.50'], ['12,50 EUR', '12.50'], ['7', '7'], ['  ', null], ['', null], ['abc', 'abc'], ['€', '€'],
])('"%s" is %s', (typed, plain) => {
  expect(plainDecimal(typed)).toBe(plain);
});

test.each([
  ['12,50', 'EUR', 1250n], ['12,505', 'EUR', null], ['12,505', 'TND', 12_505n], ['1500', 'JPY', 1500n], ['0,5', 'JPY', null], ['abc', 'EUR', null], ['', 'EUR', null],
  ['-5', 'EUR', -500n], ['90 071 992 547 409,93', 'EUR', 9_007_199_254_740_993n], ['1', 'ZZZ', null],
] as const)('"%s" in %s is %s minor units', (typed, currency, minor) => {
  expect(readAmount(typed, currency)).toBe(minor);
});

test('what is written into a field is read back', () => {
  for (const language of ['fr', 'en'] as const) expect(readAmount(inField(decimalOf(123_450n, 'EUR'), language), 'EUR')).toBe(123_450n);
  expect(inField('12.50', 'fr')).toBe('12,50');
});

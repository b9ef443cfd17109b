import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalEvidence, looksNumeric, MinorSum, plainCents, readAmount, sheetNumberText } from './amounts.ts';
import type { DecimalStyle } from './amounts.ts';

const euros = (text: string, style: DecimalStyle | null = null): bigint | string => {
  const read = readAmount(text, { digits: 2, style });
  return read.ok ? read.value : read.error;
};

test.each<[string, bigint | string]>([
  ['1.234,56', 123_456n],
  ['1,234.56', 123_456n],
  ['1\u00a0234,56', 123_456n],
  ['1\u202f234,56', 123_456n],
  ['1 234 567,8', 123_456_780n],
  ['1\'234.50', 123_450n],
  ['1.234.567', 123_456_700n],
  ['1234.567', 'decimals'],
  ['1234,500', 123_450n],
  ['0,000', 0n],
  ['-0,00', 0n],
  ['1e5', 'malformed'],
  ['0x1F', 'malformed'],
  ['NaN', 'malformed'],
  ['Infinity', 'malformed'],
  ['٣٤٫٥', 'malformed'],
  ['99999999999999999999.99', 'outOfRange'],
  ['10000000000000,01', 'outOfRange'],
  ['(123,45)', -12_345n],
  ['123,45-', -12_345n],
  ['123,45+', 12_345n],
  ['- 123,45', -12_345n],
  ['−5', -500n],
  ['--5', 'malformed'],
  ['(-5)', 'malformed'],
  [',5', 50n],
  ['5,', 'malformed'],
  ['12.34.567', 'malformed'],
  ['1,234,56', 'malformed'],
  ['1 23', 'malformed'],
  [' 000000000001437,12', 143_712n],
  ['1234,56 €', 123_456n],
  ['', 'malformed'],
  ['=1+1', 'malformed'],
])('%j reads as %s', (text, expected) => expect(euros(text)).toBe(expected));

test.each<[string, DecimalStyle | null, bigint | string]>([
  ['1.234', null, 'ambiguous'],
  ['1,234', null, 'ambiguous'],
  ['123,450', null, 'ambiguous'],
  ['1.234', 'comma', 123_400n],
  ['1.234', 'point', 'decimals'],
  ['1.230', 'point', 123n],
  ['1,234', 'point', 123_400n],
  ['12.34', 'comma', 'otherStyle'],
  ['1,234.56', 'comma', 'otherStyle'],
])('%s with decimal mark %s reads as %s', (text, style, expected) => expect(euros(text, style)).toBe(expected));

test.each([
  ['12,5', 'comma'], ['1.234,5', 'comma'], ['1.234.567', 'comma'], ['12.5', 'point'], ['1,234.5', 'point'], ['0.500', 'point'], ['1234.567', 'point'],
  ['1.234', 'ambiguous'], ['1234', 'none'], ['1 234', 'none'], ['abc', 'notAmount'],
])('%s proves %s', (text, proof) => expect(decimalEvidence(text)).toBe(proof));

test('currencies with other minor units', () => {
  expect(readAmount('1500', { digits: 0, style: null })).toEqual({ ok: true, value: 1500n });
  expect(readAmount('1,5', { digits: 0, style: null })).toEqual({ ok: false, error: 'decimals' });
  expect(readAmount('1,2345', { digits: 3, style: null })).toEqual({ ok: false, error: 'decimals' });
  expect(readAmount('1234,567', { digits: 3, style: null })).toEqual({ ok: true, value: 1_234_567n });
});

test('any amount in cents reads back from every usual writing, fast path and slow path alike', () => {
  const writings: readonly ((whole: string, cents: string) => string)[] = [
    (whole, cents) => `${whole},${cents}`,
    (whole, cents) => `${whole}.${cents}`,
    (whole, cents) => ` 000${whole},${cents}`,
    (whole, cents) => `${whole.replace(/\B(?=(\d{3})+$)/gu, '\u202f')},${cents}`,
    (whole, cents) => `${whole.replace(/\B(?=(\d{3})+$)/gu, ',')}.${cents}`,
  ];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), fc.nat({ max: writings.length - 1 }), fc.boolean(), (minor, index, negative) => {
      const whole = Math.floor(minor / 100).toString();
      const cents = (minor % 100).toString().padStart(2, '0');
      const text = writings[index]?.(whole, cents) ?? '';
      const signed = negative ? `${text}-` : text;
      expect(euros(signed)).toBe(BigInt(negative ? -minor : minor));
      const fast = plainCents(text, 0, text.length);
      expect(Number.isNaN(fast) || fast === minor).toBe(true);
    }),
    { numRuns: 300, seed: 20_261_122 },
  );
});

test.each([['12,345', 0], ['1e5', 0], ['1 2', 0], ['abc', 0], ['-', 0], ['99999999999999', 0]])('%j is left to the slow path', (text) => {
  expect(plainCents(text, 0, text.length)).toBeNaN();
});

test('a stretch inside a longer text is read alone', () => {
  expect(plainCents('x\t-12,5\ty', 2, 7)).toBe(-1250);
  expect(plainCents('x\t\ty', 2, 2)).toBe(0);
});

test.each([
  ['1234.5600000000001', '1234.56'], ['0.30000000000000004', '0.3'], ['1.5E3', '1500'], ['1E-2', '0.01'], ['-12.340000000000002', '-12.34'], ['46000', '46000'],
  ['123456789012345678', '123456789012346000'], ['0', '0'], ['1E99', null], ['abc', null],
])('workbook number %s is %s', (text, expected) => expect(sheetNumberText(text)).toBe(expected));

test('sums of a million largest amounts are exact', () => {
  const sum = new MinorSum();
  for (let index = 0; index < 1_000_000; index += 1) sum.add(999_999_999_999_999);
  expect(sum.value()).toBe(999_999_999_999_999_000_000n);
  for (let index = 0; index < 1_000_000; index += 1) sum.add(-999_999_999_999_999);
  expect(sum.isZero()).toBe(true);
});

test.each([['12,5 €', true], ['(3)', true], ['FA12', false], ['2025-01-31', false], ['€', false]])('%j looks numeric: %s', (text, expected) => {
  expect(looksNumeric(text)).toBe(expected);
});

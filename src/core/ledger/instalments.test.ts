import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Currency } from '../kernel/currency.ts';
import { day } from '../kernel/day.ts';
import { decimal, money, parseDecimal } from '../kernel/money.ts';
import { must } from '../kernel/result.ts';
import { parseInstalments, printInstalments, splitInstalments } from './instalments.ts';

type Row = { amount: string; on: string; currency?: Currency };

function split(text: string, row: Row): string {
  const total = parseDecimal(row.amount, row.currency ?? 'EUR');
  if (total === null) throw new Error(row.amount);
  const portions = splitInstalments(total, day(row.on), must(parseInstalments(text)));
  if (!portions.ok) return portions.error.code;
  return portions.value.map(({ amount, dueOn }) => `${dueOn} ${decimal(amount)}`).join(', ');
}

const four = (fixed: string): string => `25% rest 30d / 25% 1m / ${fixed} 1m,30d / rest on 15,2m,30d`;

test.each([
  [four('396.84'), '1587.35', '2011-10-01', '2011-10-31 396.84, 2011-11-01 396.84, 2011-12-01 396.84, 2012-01-14 396.83'],
  [four('4.00'), '-10.00', '2011-10-01', '2011-10-31 -2.50, 2011-11-01 -2.50, 2011-12-01 -4.00, 2012-01-14 -1.00'],
  ['1/3 30d / 1/3 60d / 1/3 90d', '100.00', '2024-01-31', '2024-03-01 33.33, 2024-03-31 33.33, 2024-04-30 33.34'],
  ['1/3 30d / 1/3 60d / 1/3 90d', '0.05', '2024-01-31', '2024-03-01 0.02, 2024-03-31 0.02, 2024-04-30 0.01'],
  ['1/3 30d / 1/3 60d / rest 90d', '-100.00', '2024-01-31', '2024-03-01 -33.33, 2024-03-31 -33.33, 2024-04-30 -33.34'],
  ['50% 0d / 50% 30d', '0.03', '2024-01-01', '2024-01-01 0.02, 2024-01-31 0.01'],
  ['70% 0d / 200 30d / 30% 60d', '1000', '2024-01-01', '2024-01-01 700.00, 2024-01-31 200.00, 2024-03-01 100.00'],
  ['70% 0d / 500 30d / 30% 60d', '1000', '2024-01-01', 'instalments.negative'],
  ['30% 15d / 70% 45d', '1000', '2022-01-01', '2022-01-16 300.00, 2022-02-15 700.00'],
  ['30% 15d / 70% 45d', '1000', '2022-01-15', '2022-01-30 300.00, 2022-03-01 700.00'],
  ['30% 15d/70% 45d', '1000', '2022-01-31', '2022-02-15 300.00, 2022-03-17 700.00'],
  ['50% 30d / 50% 60d', '1000', '2022-01-01', '2022-01-31 500.00, 2022-03-02 500.00'],
  ['30 % comptant / 70 % 45 jours fin de mois', '1000', '2024-01-30', '2024-01-30 300.00, 2024-03-31 700.00'],
  ['300 € à réception / solde 30 jours', '1000', '2024-01-01', '2024-01-01 300.00, 2024-01-31 700.00'],
  ['45 jours fin de mois', '1000', '2024-01-30', '2024-03-31 1000.00'],
  ['100% 30d', '1000', '2024-01-01', '2024-01-31 1000.00'],
  ['30% 15d / 70% 45d', '0', '2022-01-31', '2022-01-31 0.00'],
])('%s of %s on %s', (...[text, amount, on, expected]) => {
  expect(split(text, { amount, on })).toBe(expected);
});

test('minor units are those of the currency', () => {
  expect(split('50% 0d / 50% 30d', { amount: '1501', on: '2024-01-01', currency: 'JPY' })).toBe('2024-01-01 751, 2024-01-31 750');
  expect(split('1/3 0d / rest 30d', { amount: '1.000', on: '2024-01-01', currency: 'TND' })).toBe('2024-01-01 0.333, 2024-01-31 0.667');
  expect(split('0.5 0d / rest 30d', { amount: '100', on: '2024-01-01', currency: 'JPY' })).toBe('instalments.amount');
});

test.each([
  ['50% 30d', 'not100'],
  ['110% 30d', 'share'],
  ['0% 30d / 100% 60d', 'share'],
  ['60% 30d / 60% 60d', 'not100'],
  ['33% 30d / 33% 60d / 33% 90d', 'not100'],
  ['rest 30d / 50% 60d', 'restNotLast'],
  ['50% 30d / 500 60d', 'fixedLast'],
  ['50% 30d / 50% rest 60d', 'not100'],
  ['30d / 60d', 'noPart'],
  ['1/0 30d / rest 60d', 'noPart'],
  [Array.from({ length: 61 }, () => '1% 30d').join(' / '), 'tooMany'],
])('%s is refused: %s', (text, code) => {
  const parsed = parseInstalments(text);
  expect(parsed.ok ? null : parsed.error.code).toBe(`instalments.${code}`);
});

test('a wrong delay in one instalment says in which', () => {
  const parsed = parseInstalments('30% demain / 70% 45d');
  expect(parsed).toMatchObject({ ok: false, error: { code: 'terms.notUnderstood', message: { fr: expect.stringMatching(/^Échéance 1 : /) } } });
});

test('instalments sum to the total, never change sign, and print as they are read', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(weights, fc.bigInt({ min: -1_000_000n, max: 1_000_000n }), (shares, minor) => {
      const sum = shares.reduce((a, b) => a + b, 0);
      const instalments = shares.map((share, index) => ({
        part: { kind: 'percent' as const, rate: { numerator: BigInt(share), denominator: BigInt(sum) } },
        terms: [{ kind: 'addDays' as const, days: index * 30 }],
      }));
      const portions = must(splitInstalments(money(minor, 'EUR'), day('2026-01-31'), instalments));
      expect(portions.reduce((total, { amount }) => total + amount.minor, 0n)).toBe(minor);
      expect(portions.every(({ amount }) => amount.minor * minor >= 0n)).toBe(true);
    }),
    { numRuns: 300, seed: 20261122 },
  );
  for (const text of ['30.00% 15d / 70.00% 45d,eom', '1/3 30d / rest 60d', '25.00% rest 30d / rest 60d', '45d,eom', '300 0d / rest 30d']) {
    expect(printInstalments(must(parseInstalments(text)))).toBe(text);
  }
});

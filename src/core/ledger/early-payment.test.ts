import fc from 'fast-check';
import { expect, test } from 'vitest';
import { day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import { must } from '../kernel/result.ts';
import { parsePercent } from '../kernel/rate.ts';
import { discounted } from './early-payment.ts';
import type { EarlyPayment } from './early-payment.ts';

const offer = (percent: string, on: EarlyPayment['on'] = 'both'): EarlyPayment => ({ rate: must(parsePercent(percent)), days: 10, on });
const eur = (minor: bigint) => money(minor, 'EUR');

// Figures of public cases: net, tax, percent, mode, then cash, discount and tax let go, in cents.
test.each([
  ['untaxed, paid in time', 100_000n, 0n, '10', 'both', 90_000n, 10_000n, 0n],
  ['1500 and 15 % tax, on both', 150_000n, 22_500n, '10', 'both', 155_250n, 15_000n, 2250n],
  ['1000 and 150, 10 % instalment of it, tax kept', 10_000n, 1500n, '10', 'net', 10_500n, 1000n, 0n],
  ['a share that does not fall on a cent', 333n, 67n, '2.5', 'both', 390n, 8n, 2n],
] as const)('%s', (...row) => {
  const [, net, tax, percent, on, cash, discount, less] = row;
  const result = discounted(offer(percent, on), { issuedOn: day('2019-01-01'), net: eur(net), tax: eur(tax) });
  expect(result).toEqual({ until: '2019-01-11', cash: eur(cash), discount: eur(discount), tax: eur(less) });
});

/** Whatever the invoice, what is paid and what is let go make its total. */
const conserves = (pay: typeof discounted): void =>
  fc.assert(fc.property(fc.bigInt(0n, 10n ** 12n), fc.bigInt(0n, 10n ** 11n), fc.integer({ min: 1, max: 10_000 }), (net, tax, basisPoints) => {
    const result = pay({ rate: { numerator: BigInt(basisPoints), denominator: 10_000n }, days: 10, on: 'both' }, { issuedOn: day('2026-01-01'), net: eur(net), tax: eur(tax) });
    return result.cash.minor + result.discount.minor + result.tax.minor === net + tax && result.cash.minor >= 0n;
  }));

test('cash and what is let go make the total', () => {
  expect(() => conserves(discounted)).not.toThrow();
});

test('planted bug: the discount computed on the total and rounded apart is found', () => {
  expect(() => conserves((given, invoice) => {
    const result = discounted(given, invoice);
    return { ...result, cash: money(((invoice.net.minor + invoice.tax.minor) * (given.rate.denominator - given.rate.numerator)) / given.rate.denominator, result.cash.currency) };
  })).toThrow(/Property failed/);
});

test('an offer beyond the whole is a mistake', () => {
  expect(() => discounted(offer('100.01'), { issuedOn: day('2026-01-01'), net: eur(1n), tax: eur(0n) })).toThrow('at most 100 %');
});

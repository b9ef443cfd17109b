import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePercent } from '../kernel/rate.ts';
import { must } from '../kernel/result.ts';
import { vatSplit } from './vat-split.ts';
import type { VatLine } from './vat-split.ts';

const line = (percent: string, base: bigint, tax: bigint): VatLine => ({ category: percent === '0' ? 'E' : 'S', rate: must(parsePercent(percent)), base, tax });
/** 1,000.00 at 20 % and 100.00 at 5.5 %: 1,305.50 in all. */
const INVOICE = [line('20', 100_000n, 20_000n), line('5.5', 10_000n, 550n)];

test('a payment of everything is the breakdown itself', () => {
  expect(vatSplit(INVOICE, { already: 0n, collected: 130_550n }).map(({ amount, base, tax }) => [amount, base, tax])).toEqual([[120_000n, 100_000n, 20_000n], [10_550n, 10_000n, 550n]]);
});

test('a part payment is shared in proportion, the last line gets the rest', () => {
  expect(vatSplit(INVOICE, { already: 0n, collected: 50_000n }).map(({ amount, base, tax }) => [amount, base, tax])).toEqual([[45_959n, 38_299n, 7660n], [4041n, 3830n, 211n]]);
});

test('what is taken back is the payment with the other sign', () => {
  const paid = vatSplit(INVOICE, { already: 0n, collected: 33_333n });
  const back = vatSplit(INVOICE, { already: 33_333n, collected: -33_333n });
  expect(back.map(({ amount, tax }) => [-amount, -tax])).toEqual(paid.map(({ amount, tax }) => [amount, tax]));
});

test('payments sum to the cent on each line once the whole is collected, however it was cut', () => {
  const anyLine = fc.record({ base: fc.bigInt({ min: -500n, max: 100_000n }), percent: fc.constantFrom('20', '10', '5.5', '2.1', '0') });
  const found = fc.check(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 4 }), fc.array(fc.nat(100), { minLength: 1, maxLength: 5 }), (drawn, cuts) => {
      const document = drawn.map(({ base, percent }) => line(percent, base, (base * must(parsePercent(percent)).numerator) / must(parsePercent(percent)).denominator));
      const total = document.reduce((sum, { base, tax }) => sum + base + tax, 0n);
      fc.pre(total > 0n);
      const marks = [...cuts.map((cut) => (total * BigInt(cut)) / 100n), total].sort((a, b) => (a < b ? -1 : 1));
      const payments = marks.map((mark, at) => ({ already: marks[at - 1] ?? 0n, collected: mark - (marks[at - 1] ?? 0n) }));
      const splits = payments.map((one) => vatSplit(document, one));
      const exact = splits.every((split, at) => split.reduce((sum, { amount }) => sum + amount, 0n) === payments[at]?.collected && split.every(({ amount, base, tax }) => amount === base + tax));
      return exact && document.every(({ base, tax }, at) => splits.reduce((sum, split) => sum + (split[at]?.base ?? 0n), 0n) === base && splits.reduce((sum, split) => sum + (split[at]?.tax ?? 0n), 0n) === tax);
    }),
    { seed: 20_261_122, numRuns: 500 },
  );
  expect(found.counterexample).toBe(null);
});

test('a document of nothing collects nothing', () => expect(() => vatSplit([line('20', 0n, 0n)], { already: 0n, collected: 1n })).toThrow('cannot be collected'));

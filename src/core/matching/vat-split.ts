import { divideHalfUp } from '../kernel/rounding.ts';
import type { Rate } from '../kernel/rate.ts';

/** One line of the VAT breakdown of a document (BG-23): minor units, negative on a line that reduces. */
export type VatLine = { readonly category: string; readonly rate: Rate; readonly base: bigint; readonly tax: bigint };

/** What of a payment belongs to one line: `amount` with tax is `base` + `tax`. */
export type VatShare = { readonly category: string; readonly rate: Rate; readonly amount: bigint; readonly base: bigint; readonly tax: bigint };

/**
 * Splits what was collected on a document by VAT rate, as the status "Encaissée" must carry it. `already` is what was collected before (0 for
 * the first payment) and `collected` what is now, both with tax; negative takes back. Shares sum to `collected` exactly, the last line gets
 * what rounding leaves, and when the whole total has been collected, in however many payments, each line has come to its own amounts exactly.
 * Throws when the document's total is 0: nothing can be collected on it.
 */
export function vatSplit(document: readonly VatLine[], of: { readonly already: bigint; readonly collected: bigint }): VatShare[] {
  const before = collectedByLine(document, of.already);
  const after = collectedByLine(document, of.already + of.collected);
  return document.map(({ category, rate }, at) => {
    const amount = (after[at]?.amount ?? 0n) - (before[at]?.amount ?? 0n);
    const tax = (after[at]?.tax ?? 0n) - (before[at]?.tax ?? 0n);
    return { category, rate, amount, base: amount - tax, tax };
  });
}

/** What each line has come to once `collected` has come in all. */
function collectedByLine(document: readonly VatLine[], collected: bigint): { amount: bigint; tax: bigint }[] {
  const total = document.reduce((sum, { base, tax }) => sum + base + tax, 0n);
  if (total === 0n) throw new Error('a document without an amount cannot be collected');
  let left = collected;
  return document.map(({ base, tax }, at) => {
    const amount = at === document.length - 1 ? left : divideHalfUp(collected * (base + tax), total);
    left -= amount;
    return { amount, tax: base + tax === 0n ? 0n : divideHalfUp(amount * tax, base + tax) };
  });
}

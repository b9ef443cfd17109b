import { decimalMinor } from '../kernel/money.ts';
import { currencyDigits } from '../kernel/currency.ts';
import type { Currency } from '../kernel/currency.ts';
import type { Day } from '../kernel/day.ts';
import type { Rate } from '../kernel/rate.ts';
import type { Credit, Debit, Discount } from './accounts.ts';
import type { Evidence } from './evidence.ts';
import type { Incoming, MatchingRules, WriteOffReason } from './matching.ts';

/** The money of one incoming amount, in exact whole minor units; what may be missing of what was owed is at most `percent` of it and at most `cap`. */
export type Money = { readonly minor: number; readonly currency: Currency; readonly on: Day; readonly percent: Rate; readonly cap: number };

/** Debits to pay, in this order, and credits to take in whole. */
export type Chosen = { readonly debits: readonly Debit[]; readonly credits: readonly Credit[] };

/** An amount of a debit or a credit. */
export type Taken<T> = { readonly of: T; readonly minor: number };

/** How the money meets what was chosen. Exactly: money + Σ credits + writeOff = Σ parts + left. */
export type Fit = {
  readonly kind: 'exact' | 'discount' | 'short' | 'excess' | 'part';
  readonly parts: readonly Taken<Debit>[];
  readonly credits: readonly Taken<Credit>[];
  readonly left: number;
  readonly writeOff: { readonly minor: number; readonly reason: WriteOffReason } | null;
  readonly evidence: readonly Evidence[];
};

const EXACT_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** Debits with a discount of which any may have been taken and any not: up to 2^10 combinations. */
const DISCOUNTS_MAX = 10;

/** Sum of what is open. */
export const openOf = (entries: readonly { readonly open: number }[]): number => entries.reduce((sum, { open }) => sum + open, 0);

/** The money of an incoming amount; null when it is no exact number, which no real payment is. */
export function moneyOf({ minor, currency, bookedOn }: Incoming, { tolerance }: MatchingRules): Money | null {
  return minor > EXACT_MAX ? null : { minor: Number(minor), currency, on: bookedOn, percent: tolerance.percent, cap: Number(tolerance.capMinor(currency)) };
}

/** An amount as evidence carries it. */
export const amountFacts = (money: Pick<Money, 'currency'>, minor: number): { amount: string; currency: string } =>
  ({ amount: decimalMinor(BigInt(minor), currencyDigits(money.currency)), currency: money.currency });

/** Meets what was chosen with the money; null when the credits alone cover the debits or there is no debit. */
export function fitOf(money: Money, { debits, credits }: Chosen): Fit | null {
  const owed = openOf(debits) - openOf(credits);
  if (debits.length === 0 || owed <= 0) return null;
  const whole = { parts: debits.map((debit) => ({ of: debit, minor: debit.open })), credits: credits.map((credit) => ({ of: credit, minor: credit.open })) };
  const missing = owed - money.minor;
  if (missing === 0) return { kind: 'exact', ...whole, left: 0, writeOff: null, evidence: [] };
  if (missing < 0) return { kind: 'excess', ...whole, left: -missing, writeOff: null, evidence: [{ code: 'excess', facts: amountFacts(money, -missing) }] };
  const discount = discountOf(money, debits, missing);
  if (discount !== null) return { kind: 'discount', ...whole, left: 0, writeOff: { minor: missing, reason: 'discount' }, evidence: [{ code: 'discountTaken', facts: { ...amountFacts(money, missing), until: discount } }] };
  if (isLittle(money, { difference: missing, owed })) {
    const reason = missing < 10 ** currencyDigits(money.currency) ? 'rounding' : 'bankFees';
    return { kind: 'short', ...whole, left: 0, writeOff: { minor: missing, reason }, evidence: [{ code: 'shortBy', facts: { ...amountFacts(money, missing), reason } }] };
  }
  const parts = poured(debits, money.minor + openOf(credits));
  return { kind: 'part', parts, credits: whole.credits, left: 0, writeOff: null, evidence: [{ code: 'partPayment', facts: amountFacts(money, owed) }] };
}

/** Pays debits one after the other until the money is used up. */
export function poured(debits: readonly Debit[], minor: number): Taken<Debit>[] {
  const parts: Taken<Debit>[] = [];
  let left = minor;
  for (const debit of debits) {
    if (left <= 0) break;
    const part = Math.min(left, debit.open);
    parts.push({ of: debit, minor: part });
    left -= part;
  }
  return parts;
}

/** The last day of the discounts that make exactly what is missing, the earliest of them; null when none do. Only discounts still valid on the booking day count. */
function discountOf(money: Money, debits: readonly Debit[], missing: number): Day | null {
  const offers: Discount[] = [];
  for (const { discount, open } of debits) {
    // Offered on the whole item: once it is partly paid, `payable` no longer says what would settle the rest.
    if (discount !== null && discount.until >= money.on && discount.on === open) offers.push(discount);
  }
  const everyone = offers.reduce((sum, { less }) => sum + less, 0);
  if (offers.length === 0 || missing > everyone) return null;
  const until = (used: readonly { until: Day }[]): Day | null => used.reduce<Day | null>((first, one) => (first === null || one.until < first ? one.until : first), null);
  if (missing === everyone) return until(offers);
  if (offers.length > DISCOUNTS_MAX) return null;
  for (let mask = 1; mask < 1 << offers.length; mask += 1) {
    const used = offers.filter((_, at) => (mask & (1 << at)) !== 0);
    if (used.reduce((sum, { less }) => sum + less, 0) === missing) return until(used);
  }
  return null;
}

/** A difference within the tolerance, its percentage of what was owed rounded down. What is short of it may be let go; what is over is never more than a sign. */
export const isLittle = ({ percent, cap }: Money, of: { readonly difference: number; readonly owed: number }): boolean =>
  of.difference <= cap && of.difference <= Number((BigInt(of.owed) * percent.numerator) / percent.denominator);

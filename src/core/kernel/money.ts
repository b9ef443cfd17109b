import { currencyDigits } from './currency.ts';
import type { Currency } from './currency.ts';
import { divideHalfUp } from './rounding.ts';

/** A whole number of minor units of one currency. `Money<'EUR'>` and `Money<'USD'>` do not add up. */
export type Money<C extends Currency = Currency> = { readonly minor: bigint; readonly currency: C };

/** Builds an amount from its minor units (cents of EUR, whole JPY, millimes of TND). */
export const money = <C extends Currency>(minor: bigint, currency: C): Money<C> => ({ minor, currency });

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new Error(`amounts of ${a.currency} and ${b.currency} do not mix`);
}

/** Sum of two amounts of one currency; throws when the currencies differ at run time. */
export function plus<C extends Currency>(a: Money<C>, b: Money<NoInfer<C>>): Money<C> {
  sameCurrency(a, b);
  return money(a.minor + b.minor, a.currency);
}

/** Difference of two amounts of one currency; throws when the currencies differ at run time. */
export function minus<C extends Currency>(a: Money<C>, b: Money<NoInfer<C>>): Money<C> {
  sameCurrency(a, b);
  return money(a.minor - b.minor, a.currency);
}

/** Shares an amount in proportion to whole weights (sum > 0); each part is rounded half up and the last one gets what is left. */
export function share<C extends Currency>(total: Money<C>, weights: readonly bigint[]): Money<C>[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (weights.length === 0 || sum <= 0n) throw new Error('weights must sum to more than zero');
  let left = total.minor;
  return weights.map((weight, index) => {
    const part = index === weights.length - 1 ? left : divideHalfUp(total.minor * weight, sum);
    left -= part;
    return money(part, total.currency);
  });
}

/** Plain decimal text with the currency's digits and a point: "1234.50", "-0.05", "1500" for JPY. */
export function decimal(amount: Money): string {
  return decimalMinor(amount.minor, currencyDigits(amount.currency));
}

/** Same for bare minor units with the digits given. */
export function decimalMinor(minor: bigint, digits: number): string {
  const sign = minor < 0n ? '-' : '';
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

const DECIMAL_TEXT = /^(-?)(\d{1,16})(?:\.(\d{1,8}))?$/;

/** Reads plain decimal text ("1234.5"); null when malformed, too large for 64 bits, or finer than the currency's minor unit. */
export function parseDecimal<C extends Currency>(text: string, currency: C): Money<C> | null {
  const match = DECIMAL_TEXT.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = currencyDigits(currency);
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  if (/[1-9]/.test(fraction.slice(digits))) return null;
  const minor = BigInt(whole + kept);
  if (minor > 9_000_000_000_000_000_000n) return null;
  return money(sign === '-' ? -minor : minor, currency);
}

import { err, ok } from './result.ts';
import type { Result } from './result.ts';

/** An exact rate: `numerator / denominator`, 12.15 % being 1215 / 10000. Denominator > 0. */
export type Rate = { readonly numerator: bigint; readonly denominator: bigint };

const PERCENT_TEXT = /^(-?)(\d{1,6})(?:[.,](\d{1,8}))?$/;

/** Reads a percentage written in decimal ("12.15", "8,25"); error `rate.malformed`. */
export function parsePercent(text: string): Result<Rate, 'rate.malformed'> {
  const match = PERCENT_TEXT.exec(text.trim());
  if (match === null) return err('rate.malformed');
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = BigInt(sign + whole + fraction);
  return ok({ numerator: digits, denominator: 100n * 10n ** BigInt(fraction.length) });
}

/** Sum of two rates, exact. */
export function addRates(a: Rate, b: Rate): Rate {
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

/** A rate times a whole number, exact. */
export function timesRate(rate: Rate, factor: bigint): Rate {
  return { numerator: rate.numerator * factor, denominator: rate.denominator };
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compareRates(a: Rate, b: Rate): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The rate in percent as a decimal text with as many digits as it needs, at most 8 ("12.15"). */
export function formatPercent(rate: Rate): string {
  const scaled = (rate.numerator * 100n * 10n ** 8n) / rate.denominator;
  const negative = scaled < 0n;
  const digits = (negative ? -scaled : scaled).toString().padStart(9, '0');
  const fraction = digits.slice(-8).replace(/0+$/, '');
  const decimals = fraction.length < 2 ? fraction.padEnd(2, '0') : fraction;
  return `${negative ? '-' : ''}${digits.slice(0, -8)}.${decimals}`;
}

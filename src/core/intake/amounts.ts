import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { isSpace, trimSpaces } from './fold.ts';
import { MAX_AMOUNT_MINOR } from './limits.ts';

/** The decimal mark of a file: "1234,56" or "1234.56". */
export type DecimalStyle = 'comma' | 'point';

/** Why a text is no exact amount. `otherStyle`: it contradicts the decimal mark of the file. */
export type AmountFault = 'malformed' | 'ambiguous' | 'decimals' | 'outOfRange' | 'otherStyle';

/** What a number's writing says of the decimal mark: proves one, says nothing, could be either, or is no number. */
export type DecimalEvidence = DecimalStyle | 'none' | 'ambiguous' | 'notAmount';

const GROUPED = /^(\d+|\d{1,3}(?:([ \u00a0\u202f\u2009'’.,])\d{3})(?:\2\d{3})*)(?:([.,])(\d*))?$/u;
const MAX_AMOUNT_CHARS = 40;
const SAFE_WHOLE = MAX_AMOUNT_MINOR / 100;

/**
 * Cents of a plain number ("1234,56", " 0001437.1", "-5") between two positions, read without making a string.
 * NaN when it is written in any other way: the caller then asks `readAmount`. An empty stretch is 0.
 */
export function plainCents(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text.charCodeAt(at) === 0x20) at += 1;
  if (at === to) return 0;
  const negative = text.charCodeAt(at) === 0x2d;
  if (negative) at += 1;
  const firstDigit = at;
  let whole = 0;
  let digit = 0;
  for (; at < to; at += 1) {
    digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) break;
    whole = whole * 10 + digit;
  }
  if (at === firstDigit || whole >= SAFE_WHOLE) return Number.NaN;
  let cents = whole * 100;
  if (at < to) {
    const mark = text.charCodeAt(at);
    const decimals = to - at - 1;
    if ((mark !== 0x2c && mark !== 0x2e) || decimals < 1 || decimals > 2) return Number.NaN;
    const tens = text.charCodeAt(at + 1) - 0x30;
    const units = decimals === 2 ? text.charCodeAt(at + 2) - 0x30 : 0;
    if (tens < 0 || tens > 9 || units < 0 || units > 9) return Number.NaN;
    cents += tens * 10 + units;
  }
  return negative && cents !== 0 ? -cents : cents;
}

type Written = { readonly negative: boolean; readonly whole: string; readonly group: string; readonly mark: string; readonly fraction: string };

/** Takes sign (in front, behind, or brackets) and euro sign off and splits a number; null when it is none. */
function splitAmount(text: string): Written | null {
  if (text.length > MAX_AMOUNT_CHARS) return null;
  let body = trimSpaces(text.replace('€', '').replace(/^EUR\b|\bEUR$/u, ''));
  let negative = false;
  const bracketed = body.startsWith('(') && body.endsWith(')');
  if (bracketed) {
    negative = true;
    body = trimSpaces(body.slice(1, -1));
  } else if (/^[-+−]/u.test(body)) {
    negative = !body.startsWith('+');
    body = trimSpaces(body.slice(1));
  } else if (/[-+−]$/u.test(body)) {
    negative = !body.endsWith('+');
    body = trimSpaces(body.slice(0, -1));
  }
  const match = GROUPED.exec(/^[.,]\d/u.test(body) ? `0${body}` : body);
  if (match === null) return null;
  const [, whole = '', group = '', mark = '', fraction = ''] = match;
  if (group !== '' && group === mark) return null;
  if (mark !== '' && fraction === '' && group === '') return null;
  return { negative, whole, group, mark, fraction };
}

/** True when "1.234" could be one thousand two hundred and thirty-four as well as one and a bit. */
const twoReadings = (written: Written): boolean =>
  written.group === '' && written.fraction.length === 3 && written.whole.length <= 3 && !written.whole.startsWith('0');

/** What one number's writing proves of the decimal mark of its file. */
export function decimalEvidence(text: string): DecimalEvidence {
  const written = splitAmount(text);
  if (written === null) return 'notAmount';
  if (written.group === '.' || written.group === ',') return written.group === '.' ? 'comma' : 'point';
  if (written.mark === '') return 'none';
  if (twoReadings(written)) return 'ambiguous';
  return written.mark === ',' ? 'comma' : 'point';
}

/** How an amount is read: digits of the currency's minor unit, and the decimal mark when the file has proved one. */
export type AmountReading = { readonly digits: number; readonly style: DecimalStyle | null };

/** Reads an amount as people write it, exactly, in minor units; brackets and a sign behind are negative. Never a float. */
export function readAmount(text: string, reading: AmountReading): Result<bigint, AmountFault> {
  const written = splitAmount(text);
  if (written === null) return err('malformed');
  let { whole, fraction } = written;
  const decimalMark = reading.style === null ? null : reading.style === 'comma' ? ',' : '.';
  if (decimalMark !== null && written.group === decimalMark) return err('otherStyle');
  if (decimalMark !== null && written.mark !== '' && written.mark !== decimalMark) {
    if (!twoReadings(written)) return err('otherStyle');
    whole += fraction;
    fraction = '';
  } else if (decimalMark === null && twoReadings(written)) return err('ambiguous');
  if (/[1-9]/u.test(fraction.slice(reading.digits))) return err('decimals');
  const digits = whole.replace(/\D/gu, '').replace(/^0+(?=\d)/u, '');
  if (digits.length > 16) return err('outOfRange');
  const minor = BigInt(digits + fraction.slice(0, reading.digits).padEnd(reading.digits, '0'));
  if (minor > BigInt(MAX_AMOUNT_MINOR)) return err('outOfRange');
  return ok(written.negative ? -minor : minor);
}

const SHEET_NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/u;
/** A workbook stores binary floating point; only 15 significant digits were ever typed or shown. */
const SHEET_SIGNIFICANT = 15;
const SHEET_MAX_EXPONENT = 20;

/** The number of a workbook cell ("1234.5600000000001", "1.5E3") as plain decimal text of 15 significant digits; null when none. */
export function sheetNumberText(text: string): string | null {
  const match = SHEET_NUMBER.exec(text);
  if (match === null || text.length > MAX_AMOUNT_CHARS) return null;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > SHEET_MAX_EXPONENT) return null;
  const digits = (whole + fraction).replace(/^0+/u, '');
  if (digits === '') return '0';
  let scale = fraction.length - exponent;
  let significant = BigInt(digits);
  if (digits.length > SHEET_SIGNIFICANT) {
    const cut = 10n ** BigInt(digits.length - SHEET_SIGNIFICANT);
    significant = (significant + cut / 2n) / cut;
    scale -= digits.length - SHEET_SIGNIFICANT;
  }
  if (scale <= 0) return sign + (significant * 10n ** BigInt(-scale)).toString();
  const padded = significant.toString().padStart(scale + 1, '0');
  const decimals = padded.slice(-scale).replace(/0+$/u, '');
  return sign + padded.slice(0, -scale) + (decimals === '' ? '' : `.${decimals}`);
}

/** A sum of many safe integers, exact whatever their number: added as numbers, moved to a bigint before precision ends. */
export class MinorSum {
  #high = 0n;
  #low = 0;

  /** Adds a whole number of at most `MAX_AMOUNT_MINOR` either side of zero. */
  add(minor: number): void {
    this.#low += minor;
    if (this.#low > LOW_LIMIT || this.#low < -LOW_LIMIT) {
      this.#high += BigInt(this.#low);
      this.#low = 0;
    }
  }

  /** The sum so far. */
  value(): bigint {
    return this.#high + BigInt(this.#low);
  }

  /** True when the sum is zero. */
  isZero(): boolean {
    return this.#low === 0 ? this.#high === 0n : this.value() === 0n;
  }

  /** Starts again from zero. */
  reset(): void {
    this.#high = 0n;
    this.#low = 0;
  }
}

/** Below 2^53 minus the largest amount, so that one more addition is still exact. */
const LOW_LIMIT = 4_000_000_000_000_000;

/** True when a text holds at least one digit and nothing that a number does not; a cheap first look. */
export function looksNumeric(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) return splitAmount(text) !== null;
    if (!isSpace(code) && !'+-−(.,€'.includes(text.charAt(at))) return false;
  }
  return false;
}

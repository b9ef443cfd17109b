import { parseCurrency } from '#core/kernel/currency.ts';
import { decimal, money, parseDecimal } from '#core/kernel/money.ts';
import type { Language } from '#core/kernel/text.ts';

/** Blanks people put between thousands, and signs and codes they copy along. */
const AROUND = /[\s\u00a0\u202f'’€£$]|(?<=[\d\s])[A-Za-z]{3}$/g;

/**
 * "1 234,50", "1.234,50", "1,234.50" or "1234.5 EUR" as people type them to the plain decimal text that travels; null for an empty text. With
 * two kinds of marks the last one is the decimal mark; with one kind that stands several times it separates thousands. What is no number
 * comes back as it is, and whoever reads it refuses it.
 */
export function plainDecimal(text: string): string | null {
  const typed = text.trim();
  if (typed === '') return null;
  const bare = typed.replaceAll(AROUND, '');
  if (bare === '') return typed;
  const last = Math.max(bare.lastIndexOf(','), bare.lastIndexOf('.'));
  if (last < 0) return bare;
  const mark = bare.charAt(last);
  const other = mark === ',' ? '.' : ',';
  const alone = bare.indexOf(mark) === last;
  const whole = bare.slice(0, last).replaceAll(other, '');
  return alone ? `${whole}.${bare.slice(last + 1)}` : bare.replaceAll(mark, '');
}

/** Minor units of what a person typed in a currency; null when it is no amount of it (no number, or finer than its smallest unit). */
export function readAmount(text: string, currency: string): bigint | null {
  const known = parseCurrency(currency);
  const plain = plainDecimal(text);
  return known === null || plain === null ? null : (parseDecimal(plain, known)?.minor ?? null);
}

/** Minor units as plain decimal text. */
export function decimalOf(minor: bigint, currency: string): string {
  const known = parseCurrency(currency);
  if (known === null) throw new Error(`no currency: ${currency}`);
  return decimal(money(minor, known));
}

/** A plain decimal text as it is written into a field: the mark of the language and no blanks. */
export const inField = (plain: string, language: Language): string => (language === 'fr' ? plain.replace('.', ',') : plain);

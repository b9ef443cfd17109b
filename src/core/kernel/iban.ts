import { err, ok } from './result.ts';
import type { Result } from './result.ts';

declare const brand: unique symbol;

/** An IBAN in electronic form (no spaces, capitals) whose check digits are right (ISO 13616). */
export type Iban = string & { readonly [brand]: 'iban' };

/** A BIC of 8 or 11 characters (ISO 9362), capitals. */
export type Bic = string & { readonly [brand]: 'bic' };

/** Lengths of the countries most used in Europe (SWIFT IBAN registry); others are accepted from 15 to 34. */
const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(Object.entries({
  AD: 24, AT: 20, BE: 16, BG: 22, CH: 21, CY: 24, CZ: 24, DE: 22, DK: 18, EE: 20, ES: 24, FI: 18, FR: 27, GB: 22, GI: 23,
  GR: 27, HR: 21, HU: 28, IE: 22, IS: 26, IT: 27, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MT: 31, NL: 18, NO: 15, PL: 28,
  PT: 25, RO: 24, SE: 24, SI: 19, SK: 24, SM: 27, VA: 22,
}));
/** The registry's longest IBAN; a longer text is refused before any arithmetic. */
const IBAN_LENGTH_MAX = 34;
const IBAN_TEXT = /^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/;
const BIC_TEXT = /^[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/;

const ZERO = 0x30;
const NINE = 0x39;
const CAPITAL_A = 0x41;

/** Up to this, a remainder takes another letter (two digits) and is still a small integer: dividing at each character would cost more than all the rest. */
const UNDIVIDED_MAX = 9_999_999;

/** A remainder, not always smaller than 97, with one character more behind it. */
function withCharacter(rest: number, code: number): number {
  const longer = code <= NINE ? rest * 10 + code - ZERO : rest * 100 + code - CAPITAL_A + 10;
  return longer > UNDIVIDED_MAX ? longer % 97 : longer;
}

/** Remainder by 97 of a text whose letters count as A = 10 … Z = 35 (ISO 7064). Only capitals and digits. */
export function remainder97(text: string): number {
  let rest = 0;
  for (let at = 0; at < text.length; at += 1) rest = withCharacter(rest, text.charCodeAt(at));
  return rest % 97;
}

/** Country and check digits count behind the rest. */
function isIban(upper: string): upper is Iban {
  let rest = 0;
  for (let at = 4; at < upper.length; at += 1) rest = withCharacter(rest, upper.charCodeAt(at));
  for (let at = 0; at < 4; at += 1) rest = withCharacter(rest, upper.charCodeAt(at));
  return rest % 97 === 1;
}

const isBic = (upper: string): upper is Bic => BIC_TEXT.test(upper);

/** Reads an IBAN typed with or without ordinary spaces, in any case; errors `iban.malformed`, `iban.length`, `iban.checkDigits`. */
export function parseIban(text: string): Result<Iban, 'iban.malformed' | 'iban.length' | 'iban.checkDigits'> {
  // As files hold most of them, it needs no rewriting.
  if (IBAN_TEXT.test(text)) return checkedIban(text);
  const compact = text.replaceAll(/[ \u00A0\u202F]/g, '');
  if (compact.length > IBAN_LENGTH_MAX) return err('iban.length');
  const upper = compact.toUpperCase();
  // The text must have been ASCII: upper-casing turns "ı" or "ß" into ASCII letters.
  if (!/^[A-Za-z0-9]+$/.test(compact) || !IBAN_TEXT.test(upper)) return err('iban.malformed');
  return checkedIban(upper);
}

function checkedIban(upper: string): Result<Iban, 'iban.length' | 'iban.checkDigits'> {
  const expected = IBAN_LENGTHS.get(upper.slice(0, 2));
  if (expected !== undefined && upper.length !== expected) return err('iban.length');
  return isIban(upper) ? ok(upper) : err('iban.checkDigits');
}

/** Prints an IBAN in groups of four, as on paper ("FR14 2004 1010 …"). */
export const formatIban = (iban: Iban): string => (iban.match(/.{1,4}/g) ?? []).join(' ');

/** Reads a BIC in any case; null when it has not the shape of one. */
export function parseBic(text: string): Bic | null {
  if (isBic(text)) return text;
  const compact = text.trim();
  if (!/^[A-Za-z0-9]+$/.test(compact)) return null;
  const upper = compact.toUpperCase();
  return isBic(upper) ? upper : null;
}

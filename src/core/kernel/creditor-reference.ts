import { err, ok } from './result.ts';
import type { Result } from './result.ts';
import { remainder97 } from './iban.ts';

declare const brand: unique symbol;

/** A structured creditor reference, "RF18539007547034": RF, two check digits, 1 to 21 capitals or digits (ISO 11649). */
export type CreditorReference = string & { readonly [brand]: 'creditorReference' };

/** Why a text is no creditor reference. */
export type ReferenceError = 'reference.malformed' | 'reference.tooLong' | 'reference.checkDigits';

/** Characters after the check digits that ISO 11649 allows. */
export const REFERENCE_PAYLOAD_MAX = 21;

const PAYLOAD_TEXT = /^[A-Z0-9]+$/;
/** What people put in customer codes to make them readable; it carries no meaning for a bank. */
const SEPARATORS = /[ \u00A0\u202F._/-]/g;

const isAscii = (text: string): boolean => /^[A-Za-z0-9]*$/.test(text);

const isReference = (upper: string): upper is CreditorReference => remainder97(upper.slice(4) + upper.slice(0, 4)) === 1;

/** Makes the reference of a customer code or any text: separators ( . _ / - and spaces) are dropped, letters capitalised.
 * Two codes that differ only by separators or case give the same reference: the caller keeps them apart. */
export function creditorReference(text: string): Result<CreditorReference, ReferenceError> {
  const payload = text.replaceAll(SEPARATORS, '');
  if (!isAscii(payload) || payload === '') return err('reference.malformed');
  const upper = payload.toUpperCase();
  if (upper.length > REFERENCE_PAYLOAD_MAX) return err('reference.tooLong');
  const check = 98 - remainder97(`${upper}RF00`);
  const reference = `RF${check.toString().padStart(2, '0')}${upper}`;
  return isReference(reference) ? ok(reference) : err('reference.checkDigits');
}

/** Reads a reference typed with or without spaces, in any case; errors say what is wrong. */
export function parseCreditorReference(text: string): Result<CreditorReference, ReferenceError> {
  const compact = text.replaceAll(/[ \u00A0\u202F]/g, '');
  const upper = compact.toUpperCase();
  const payload = upper.slice(4);
  if (!isAscii(compact) || !/^RF[0-9]{2}/.test(upper) || !PAYLOAD_TEXT.test(payload)) return err('reference.malformed');
  if (payload.length > REFERENCE_PAYLOAD_MAX) return err('reference.tooLong');
  return isReference(upper) ? ok(upper) : err('reference.checkDigits');
}

/** Prints a reference in groups of four: "RF18 5390 0754 7034". */
export const formatCreditorReference = (reference: CreditorReference): string => (reference.match(/.{1,4}/g) ?? []).join(' ');

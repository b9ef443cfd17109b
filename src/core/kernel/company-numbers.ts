declare const brand: unique symbol;

/** A SIREN (company of the French register, 9 digits) whose check digit is right. */
export type Siren = string & { readonly [brand]: 'siren' };

/** A SIRET (establishment, 14 digits: the SIREN and 5 more) whose check digits are right. */
export type Siret = string & { readonly [brand]: 'siret' };

/** A VAT number with its country in front, capitals, no separators. A French one has the right key. */
export type VatNumber = string & { readonly [brand]: 'vatNumber' };

/** The post office numbers its establishments otherwise: their digits sum to a multiple of 5 (INSEE, note on the SIRET key). */
const LA_POSTE = '356000000';

const SPACES = /[ \u00A0\u202F\u2009]/g;
/** Separators people put into VAT numbers ("NL8200.98.395.B.01", "CHE-123.456.789"). */
const VAT_SEPARATORS = /[ \u00A0\u202F\u2009.-]/g;
/** Longest written form looked at; the longest number known has 16 characters and a few separators. */
const WRITTEN_MAX = 40;
/** ISO 3166 prefix (EL for Greece, XI for Northern Ireland) and the national part, which holds a digit in every member state. */
const VAT_TEXT = /^[A-Z]{2}(?=[A-Z]*[0-9])[A-Z0-9]{2,14}$/;
/** Two characters of key without I and O, then nine digits (CGI ann. II 215 bis). */
const FRENCH_VAT = /^FR([0-9A-HJ-NP-Z]{2})([0-9]{9})$/;

/** Luhn check (ISO/IEC 7812-1): from the right, every second digit doubled, its digits summed; the sum is a multiple of 10. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 0x30;
    const weighed = index % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

const compactOf = (text: string, separators: RegExp): string => (text.length > WRITTEN_MAX ? '' : text.replaceAll(separators, ''));

const isSiren = (digits: string): digits is Siren => /^[0-9]{9}$/.test(digits) && Number(digits) > 0 && passesLuhn(digits);

const digitSum = (digits: string): number => Array.from(digits).reduce((sum, digit) => sum + Number(digit), 0);

function isSiret(digits: string): digits is Siret {
  if (!/^[0-9]{14}$/.test(digits) || !isSiren(digits.slice(0, 9))) return false;
  return passesLuhn(digits) || (digits.startsWith(LA_POSTE) && digitSum(digits) % 5 === 0);
}

/** Reads a SIREN written with or without spaces; null when it has not nine digits or the check digit is wrong. */
export function parseSiren(text: string): Siren | null {
  const digits = compactOf(text, SPACES);
  return isSiren(digits) ? digits : null;
}

/** Reads a SIRET written with or without spaces; null when it has not fourteen digits or a check digit is wrong. */
export function parseSiret(text: string): Siret | null {
  const digits = compactOf(text, SPACES);
  return isSiret(digits) ? digits : null;
}

/** The company of an establishment. */
export function sirenOfSiret(siret: Siret): Siren {
  const siren = siret.slice(0, 9);
  if (!isSiren(siren)) throw new Error(`not the SIRET it says it is: ${siret}`);
  return siren;
}

/** Key of the French VAT number of a SIREN: (12 + 3 × (SIREN mod 97)) mod 97, in two digits. */
const frenchVatKey = (siren: string): string => ((12 + 3 * (Number(siren) % 97)) % 97).toString().padStart(2, '0');

function isVatNumber(compact: string): compact is VatNumber {
  if (!VAT_TEXT.test(compact)) return false;
  if (!compact.startsWith('FR')) return true;
  const [, key = '', number = ''] = FRENCH_VAT.exec(compact) ?? [];
  // A key with a letter is computed by the tax office from what it alone knows: only its shape can be checked.
  return number !== '' && (/[A-Z]/.test(key) || key === frenchVatKey(number));
}

/** Reads a VAT number of any country by its shape, a French one by its key too; null when it is none. */
export function parseVatNumber(text: string): VatNumber | null {
  const compact = compactOf(text, VAT_SEPARATORS).toUpperCase();
  return isVatNumber(compact) ? compact : null;
}

/** The SIREN inside a French VAT number; null for other countries and for numbers of Monaco, which hold none. */
export function sirenOfVatNumber(vatNumber: VatNumber): Siren | null {
  return vatNumber.startsWith('FR') ? parseSiren(vatNumber.slice(4)) : null;
}

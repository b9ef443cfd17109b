import { currencyDigits, parseCurrency } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { dayNumber, dayOf, daysInMonth, partsOf } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseBic, parseIban } from '#core/kernel/iban.ts';
import { MAX_AMOUNT_MINOR } from '../limits.ts';
import type { BankAccount } from './bank-line.ts';
import { frequentDay, twoDigits } from './cfonb-days.ts';
import { isTidy, textOrNull } from './cfonb-fields.ts';
import { isCapital, isDigit } from './mt940-characters.ts';

/** Years of two digits from this one on are of the last century; the format is of the eighties. */
const LAST_CENTURY_FROM = 80;

const fullYear = (short: number): number => (short >= LAST_CENTURY_FROM ? 1900 + short : 2000 + short);

/** A day written AAMMJJ; null when the calendar has no such day. */
export function readSwiftDay(text: string): Day | null {
  const year = twoDigits(text, 0);
  const month = twoDigits(text, 2);
  const dayOfMonth = twoDigits(text, 4);
  return text.length !== 6 || year < 0 || month < 0 || dayOfMonth < 0 ? null : frequentDay(fullYear(year), month, dayOfMonth);
}

/** The last day of February for its 29th and 30th of banks that reckon in months of 30 days; null for any other text. */
export function bankersFebruary(text: string): Day | null {
  if (!/^\d{2}02(?:29|30)$/u.test(text)) return null;
  const year = fullYear(Number(text.slice(0, 2)));
  return dayOf(year, 2, daysInMonth(year, 2));
}

/** An entry date written MMJJ: the day of that name nearest to another, so that 0102 beside 31 December is of the next year. Null when none. */
export function nearestDay(text: string, near: Day): Day | null {
  if (text.length === 4 && twoDigits(text, 0) === twoDigits(near, 5) && twoDigits(text, 2) === twoDigits(near, 8)) return near;
  const { year } = partsOf(near);
  const candidates = [year - 1, year, year + 1].flatMap((candidate) => dayOf(candidate, Number(text.slice(0, 2)), Number(text.slice(2))) ?? []);
  const distance = (day: Day): number => Math.abs(dayNumber(day) - dayNumber(near));
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
}

/** Longest amount whose minor units are surely exact as a number: 12 digits and the decimals of any currency stay far below 2^53. */
const SHORT_AMOUNT = 12;

const TENS: readonly number[] = [1, 10, 100, 1000];

/** Minor units of an amount with a decimal comma ("1234,5", "9,", "500"); null when too fine for the currency, too large or no amount. */
export function swiftMinor(text: string, currency: Currency): bigint | null {
  const digits = currencyDigits(currency);
  const short = text.length <= SHORT_AMOUNT ? shortMinor(text, digits) : null;
  if (short !== null) return BigInt(short);
  const match = /^(\d+)(?:,(\d*))?$/u.exec(text);
  if (match === null) return null;
  const [, whole = '', fraction = ''] = match;
  if ((fraction.length > digits && /[1-9]/u.test(fraction.slice(digits))) || whole.replace(/^0+/u, '').length > 16) return null;
  const minor = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  return minor > BigInt(MAX_AMOUNT_MINOR) ? null : minor;
}

/** The same of a short text, as nearly all are, digit by digit; null when it is no amount or finer than the currency. */
function shortMinor(text: string, digits: number): number | null {
  let size = 0;
  let comma = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) size = size * 10 + code - 0x30;
    else if (code === COMMA && comma < 0 && at > 0) comma = at;
    else return null;
  }
  const tens = TENS[comma < 0 ? digits : digits - (text.length - comma - 1)];
  return tens === undefined || text === '' ? null : size * tens;
}

/** A balance field: `dayText` is kept when the calendar has no such day. */
export type SwiftBalance = { readonly minor: bigint; readonly on: Day | null; readonly dayText: string; readonly currency: Currency };

/** Reads `C260131EUR1234,56`; null when it cannot be read exactly. */
export function readSwiftBalance(text: string): SwiftBalance | null {
  const match = /^([CD])(\d{6})([A-Z]{3}) ?(\d+(?:,\d*)?)$/u.exec(text.trim());
  if (match === null) return null;
  const [, side, dayText = '', code = '', amount = ''] = match;
  const currency = parseCurrency(code);
  const size = currency === null ? null : swiftMinor(amount, currency);
  if (currency === null || size === null) return null;
  return { minor: side === 'D' ? -size : size, on: readSwiftDay(dayText), dayText, currency };
}

/** Value and entry date of a movement as written together (ten digits), apart, and the days they are. */
export type SwiftDates = { readonly text: string; readonly valueText: string; readonly entryText: string; readonly valueOn: Day; readonly bookedOn: Day };

/** A `:61:` field taken apart; amounts and days still as written. */
export type SwiftMovement = {
  readonly valueText: string;
  /** MMJJ, or empty. */
  readonly entryText: string;
  /** The dates, when they are the known ones. */
  readonly known: SwiftDates | null;
  readonly side: 'C' | 'D' | 'RC' | 'RD' | 'EC' | 'ED';
  readonly amount: string;
  /** Type of four characters without the blanks some banks fill it with. */
  readonly kind: string;
  readonly ownerReference: string;
  readonly bankReference: string | null;
  /** What old dialects put behind the reference on the same line: the name of the other party. */
  readonly behindReference: string;
};

/** A reference followed by at least two blanks and something else: the fixed column of 16 of old Dutch exports. */
const COLUMN = /^(.{0,16}?) {2,}(\S.*)$/u;

const LINE_END = /[\n\r\u2028\u2029]/u;

const COMMA = 0x2c;
const SPACE = 0x20;
const LETTER_C = 0x43;
const LETTER_D = 0x44;
const LETTER_E = 0x45;
const LETTER_R = 0x52;

/** Where the digits that begin at a place end. */
function digitsEnd(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

/** A type begins with N, F or S, then three capitals, digits or blanks. */
function isKind(text: string, at: number): boolean {
  const first = text.charAt(at);
  if (first !== 'N' && first !== 'F' && first !== 'S') return false;
  for (let place = at + 1; place < at + 4; place += 1) {
    const code = text.charCodeAt(place);
    if (!isCapital(code) && !isDigit(code) && code !== SPACE) return false;
  }
  return true;
}

/**
 * Takes a `:61:` line apart; null when it is none: value date (6 digits), entry date (4 digits or blanks, or nothing), side, a letter of
 * the currency or none, amount, type, references. Read by its characters, because no other line is as frequent; `known` are the dates of
 * the movement before, which most movements share.
 */
export function readSwiftMovement(text: string, known: SwiftDates | null = null): SwiftMovement | null {
  const isKnown = known !== null && text.startsWith(known.text);
  if (!isKnown && !(twoDigits(text, 0) >= 0 && twoDigits(text, 2) >= 0 && twoDigits(text, 4) >= 0)) return null;
  const hasEntry = isKnown || (twoDigits(text, 6) >= 0 && twoDigits(text, 8) >= 0);
  const side = hasEntry || text.startsWith('    ', 6) ? 10 : 6;
  const sideLetters = sideLength(text, side);
  if (sideLetters === 0) return null;
  const amount = side + sideLetters + (isCapital(text.charCodeAt(side + sideLetters)) ? 1 : 0);
  const whole = digitsEnd(text, amount);
  const kind = text.charCodeAt(whole) === COMMA ? digitsEnd(text, whole + 1) : whole;
  if (whole === amount || !isKind(text, kind)) return null;
  const slashes = text.indexOf('//', kind + 4);
  const owner = text.slice(kind + 4, slashes < 0 ? text.length : slashes);
  const bank = slashes < 0 ? '' : text.slice(slashes + 2);
  // One look at the line says of most that there is neither a line end in it nor a column nor a blank to tidy.
  const isPlain = isTidy(text);
  if (!isPlain && LINE_END.test(owner + bank)) return null;
  const column = isPlain ? null : COLUMN.exec(owner);
  return {
    valueText: isKnown ? known.valueText : text.slice(0, 6), entryText: isKnown ? known.entryText : (hasEntry ? text.slice(6, 10) : ''), known: isKnown ? known : null, side: sideOf(text, side),
    amount: text.slice(amount, kind), kind: text.slice(kind, kind + 4).trim(),
    ownerReference: (column?.[1] ?? owner).trim(),
    bankReference: isPlain ? bank.trim() || null : textOrNull(bank),
    behindReference: column?.[2]?.trim() ?? '',
  };
}

/** Length of the side of a movement: C and D, with R or E before them. Zero when there is none. */
function sideLength(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === LETTER_C || first === LETTER_D) return 1;
  const second = text.charCodeAt(at + 1);
  return (first === LETTER_R || first === LETTER_E) && (second === LETTER_C || second === LETTER_D) ? 2 : 0;
}

function sideOf(text: string, at: number): SwiftMovement['side'] {
  const first = text.charCodeAt(at);
  if (first === LETTER_C) return 'C';
  if (first === LETTER_D) return 'D';
  const isCredit = text.charCodeAt(at + 1) === LETTER_C;
  if (first === LETTER_R) return isCredit ? 'RC' : 'RD';
  return isCredit ? 'EC' : 'ED';
}

/** The account of a `:25:` field: IBAN when its check digits are right, with or without the currency behind; else as written. */
export function readSwiftAccount(text: string, currency: Currency): BankAccount {
  const written = text.trim();
  const bare = written.endsWith(currency) ? written.slice(0, -currency.length).trim() : written;
  const slash = bare.indexOf('/');
  const bic = slash < 0 ? null : parseBic(bare.slice(0, slash));
  const number = bic === null ? bare : bare.slice(slash + 1);
  const iban = parseIban(number);
  return { iban: iban.ok ? iban.value : null, other: iban.ok ? null : textOrNull(bare), bic, name: null, currency };
}

import { currencyDigits, parseCurrency } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { dayNumber, dayOf, daysInMonth, partsOf } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseBic, parseIban } from '#core/kernel/iban.ts';
import { MAX_AMOUNT_MINOR } from '../limits.ts';
import type { BankAccount } from './bank-line.ts';
import { textOrNull } from './cfonb-fields.ts';

/** Years of two digits from this one on are of the last century; the format is of the eighties. */
const LAST_CENTURY_FROM = 80;

const fullYear = (short: number): number => (short >= LAST_CENTURY_FROM ? 1900 + short : 2000 + short);

/** A day written AAMMJJ; null when the calendar has no such day. */
export function readSwiftDay(text: string): Day | null {
  if (!/^\d{6}$/u.test(text)) return null;
  return dayOf(fullYear(Number(text.slice(0, 2))), Number(text.slice(2, 4)), Number(text.slice(4)));
}

/** The last day of February for its 29th and 30th of banks that reckon in months of 30 days; null for any other text. */
export function bankersFebruary(text: string): Day | null {
  if (!/^\d{2}02(?:29|30)$/u.test(text)) return null;
  const year = fullYear(Number(text.slice(0, 2)));
  return dayOf(year, 2, daysInMonth(year, 2));
}

/** An entry date written MMJJ: the day of that name nearest to another, so that 0102 beside 31 December is of the next year. Null when none. */
export function nearestDay(text: string, near: Day): Day | null {
  if (near.slice(5, 7) + near.slice(8) === text) return near;
  const { year } = partsOf(near);
  const candidates = [year - 1, year, year + 1].flatMap((candidate) => dayOf(candidate, Number(text.slice(0, 2)), Number(text.slice(2))) ?? []);
  const distance = (day: Day): number => Math.abs(dayNumber(day) - dayNumber(near));
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
}

/** Minor units of an amount with a decimal comma ("1234,5", "9,", "500"); null when too fine for the currency, too large or no amount. */
export function swiftMinor(text: string, currency: Currency): bigint | null {
  const match = /^(\d+)(?:,(\d*))?$/u.exec(text);
  if (match === null) return null;
  const [, whole = '', fraction = ''] = match;
  const digits = currencyDigits(currency);
  if ((fraction.length > digits && /[1-9]/u.test(fraction.slice(digits))) || whole.replace(/^0+/u, '').length > 16) return null;
  const minor = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  return minor > BigInt(MAX_AMOUNT_MINOR) ? null : minor;
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

/** A `:61:` field taken apart; amounts and days still as written. */
export type SwiftMovement = {
  readonly valueText: string;
  /** MMJJ, or empty. */
  readonly entryText: string;
  readonly side: 'C' | 'D' | 'RC' | 'RD' | 'EC' | 'ED';
  readonly amount: string;
  /** Type of four characters without the blanks some banks fill it with. */
  readonly kind: string;
  readonly ownerReference: string;
  readonly bankReference: string | null;
  /** What old dialects put behind the reference on the same line: the name of the other party. */
  readonly behindReference: string;
};

const MOVEMENT = /^(\d{6})(\d{4}| {4})?(C|D|RC|RD|EC|ED)([A-Z])?(\d+(?:,\d*)?)([NFS][A-Z0-9 ]{3})(.*)$/u;

/** A reference followed by at least two blanks and something else: the fixed column of 16 of old Dutch exports. */
const COLUMN = /^(.{0,16}?) {2,}(\S.*)$/u;

/** Takes a `:61:` line apart; null when it is none. */
export function readSwiftMovement(text: string): SwiftMovement | null {
  const match = MOVEMENT.exec(text);
  if (match === null) return null;
  const [, valueText = '', entryText = '', side = 'C', , amount = '', kind = '', rest = ''] = match;
  const slashes = rest.indexOf('//');
  const before = slashes < 0 ? rest : rest.slice(0, slashes);
  const column = COLUMN.exec(before);
  return {
    valueText, entryText: entryText.trim(), side: sideOf(side), amount, kind: kind.trim(),
    ownerReference: (column?.[1] ?? before).trim(),
    bankReference: slashes < 0 ? null : textOrNull(rest.slice(slashes + 2)),
    behindReference: (column?.[2] ?? '').trim(),
  };
}

function sideOf(text: string): SwiftMovement['side'] {
  return text === 'D' || text === 'RC' || text === 'RD' || text === 'EC' || text === 'ED' ? text : 'C';
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

import { currencyDigits, parseCurrency } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseIban, remainder97 } from '#core/kernel/iban.ts';
import type { Iban } from '#core/kernel/iban.ts';
import { frequentDay, twoDigits } from './cfonb-days.ts';

/** Last character of an amount: its digit with the sign, credit to the holder of the account. */
const CREDIT = '{ABCDEFGHI';
/** The same for a debit. */
const DEBIT = '}JKLMNOPQR';
/** `{` and `}` as French ISO 646 shows them: some banks convert their files that way. */
const FRENCH_646: Readonly<Record<string, string>> = { é: '{', è: '}' };

/** A signed amount of 14 characters in the decimals of its record (13 digits, then digit and sign in one); null when unreadable. */
export function readCfonbAmount(text: string): bigint | null {
  if (text.length !== 14) return null;
  let size = 0;
  for (let at = 0; at < 13; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    const isFilling = text.charCodeAt(at) === 0x20 && size === 0 && (at === 0 || text.charCodeAt(at - 1) === 0x20);
    if (!isFilling && (digit < 0 || digit > 9)) return null;
    if (!isFilling) size = size * 10 + digit;
  }
  const written = text.charAt(13);
  const last = FRENCH_646[written] ?? written;
  const positive = CREDIT.indexOf(last);
  const digit = positive >= 0 ? positive : DEBIT.indexOf(last);
  if (digit < 0) return null;
  // Fourteen digits stay far below 2^53.
  const exact = BigInt(size * 10 + digit);
  return positive >= 0 ? exact : -exact;
}

/** Minor units of an amount written with so many decimals; null when the currency is not that fine. */
export function cfonbMinor(value: bigint, decimals: number, currency: Currency): bigint | null {
  const digits = currencyDigits(currency);
  if (decimals === digits) return value;
  if (decimals < digits) return value * 10n ** BigInt(digits - decimals);
  const unit = 10n ** BigInt(decimals - digits);
  return value % unit === 0n ? value / unit : null;
}

/** Currency of a record; some banks leave it blank for EUR. Null when unknown. */
export function cfonbCurrency(text: string): Currency | null {
  return text.trim() === '' ? 'EUR' : parseCurrency(text);
}

/** Decimals of a record's amounts: a digit, or blank for the currency's own. Null when it is anything else. */
export function cfonbDecimals(text: string, currency: Currency): number | null {
  if (text === ' ') return currencyDigits(currency);
  return text.length === 1 && text >= '0' && text <= '9' ? text.charCodeAt(0) - 0x30 : null;
}

/** Years of two digits above this one are of the last century. */
const LAST_CENTURY_AFTER = 60;

/** A day written JJMMAA; `blank` when there is none (spaces or zeros), null when the calendar has no such day. */
export function readCfonbDay(text: string): Day | 'blank' | null {
  const dayOfMonth = twoDigits(text, 0);
  const month = twoDigits(text, 2);
  const year = twoDigits(text, 4);
  if (text.length !== 6 || dayOfMonth < 0 || month < 0 || year < 0) return text.trim() === '' ? 'blank' : null;
  if (text === '000000') return 'blank';
  return frequentDay(year > LAST_CENTURY_AFTER ? 1900 + year : 2000 + year, month, dayOfMonth);
}

const RIB_LETTERS: Readonly<Record<string, string>> = Object.fromEntries(
  ['AJ', 'BKS', 'CLT', 'DMU', 'ENV', 'FOW', 'GPX', 'HQY', 'IRZ'].flatMap((letters, index) => [...letters].map((letter) => [letter, String(index + 1)])),
);

/**
 * The French IBAN of a bank code, branch code (5 digits each) and account (11 digits or letters), with the RIB key computed:
 * 97 - (89 bank + 15 branch + 3 account) mod 97. Null when the parts have not that shape or the account is zeros.
 */
export function frenchIban(bank: string, branch: string, account: string): Iban | null {
  if (!/^\d{5}$/u.test(bank) || !/^\d{5}$/u.test(branch) || !/^[0-9A-Z]{11}$/u.test(account) || /^0+$/u.test(account)) return null;
  const number = Number([...account].map((character) => RIB_LETTERS[character] ?? character).join(''));
  const key = 97 - ((89 * Number(bank) + 15 * Number(branch) + 3 * number) % 97);
  const bban = `${bank}${branch}${account}${String(key).padStart(2, '0')}`;
  const check = 98 - remainder97(`${bban}FR00`);
  const iban = parseIban(`FR${String(check).padStart(2, '0')}${bban}`);
  return iban.ok ? iban.value : null;
}

/** Two blanks together, or one that is no ordinary space: those of `\s`, named one by one because `[^\S ]` takes three times as long. */
const UNTIDY = /[\t-\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]| {2}/u;

/** True of a text without runs of blanks and without blanks that are no ordinary space; it may begin or end with one. */
export const isTidy = (text: string): boolean => !UNTIDY.test(text);

/** A text with runs of blanks made one and none around. */
export function tidyText(text: string): string {
  const trimmed = text.trim();
  return isTidy(trimmed) ? trimmed : trimmed.replaceAll(/\s+/gu, ' ');
}

/** The same, or null when nothing is left. */
export function textOrNull(text: string | undefined): string | null {
  if (text === undefined) return null;
  const tidy = tidyText(text);
  return tidy === '' ? null : tidy;
}

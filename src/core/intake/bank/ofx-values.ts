import { currencyDigits, parseCurrency } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { dayOf } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseIban } from '#core/kernel/iban.ts';
import { readAmount } from '../amounts.ts';
import { FIRST_LEDGER_YEAR, LAST_LEDGER_YEAR, MAX_AMOUNT_MINOR } from '../limits.ts';
import type { BankAccount } from './bank-line.ts';
import { frenchIban, textOrNull } from './cfonb-fields.ts';

/** Values of an aggregate by element name, the first of each. */
export type OfxValues = ReadonlyMap<string, string>;

/**
 * The day of an OFX date (AAAAMMJJ, then time and zone when there are any). The written day counts: banks date movements by their own
 * calendar, moving them by the zone would book some on the day before. Null when impossible.
 */
export function readOfxDay(text: string): Day | null {
  const match = /^(\d{4})(\d{2})(\d{2})(?:\d{2}(?:\d{2}(?:\d{2})?)?)?(?:[.:]\d+)?\s*(?:\[[^\]]*\])?$/u.exec(text);
  if (match === null) return null;
  const year = Number(match[1]);
  return year < FIRST_LEDGER_YEAR || year > LAST_LEDGER_YEAR ? null : dayOf(year, Number(match[2]), Number(match[3]));
}

/** Minor units of an OFX amount: one decimal mark, point or comma, no thousands separator by the norm; both marks are taken as people mean them. */
export function ofxMinor(text: string, currency: Currency): bigint | null {
  const digits = currencyDigits(currency);
  const match = /^([+-]?)(\d*)(?:[.,](\d*))?$/u.exec(text);
  if (match === null) {
    const read = readAmount(text, { digits, style: null });
    return read.ok ? read.value : null;
  }
  const [, sign = '', whole = '', fraction = ''] = match;
  if (whole + fraction === '' || /[1-9]/u.test(fraction.slice(digits)) || whole.replace(/^0+/u, '').length > 16) return null;
  const minor = BigInt(`${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`);
  if (minor > BigInt(MAX_AMOUNT_MINOR)) return null;
  return sign === '-' ? -minor : minor;
}

/** The account of BANKACCTFROM or CCACCTFROM: an IBAN when ACCTID is one or when bank, branch and account make a French one. */
export function readOfxAccount(values: OfxValues, currency: Currency): BankAccount {
  const number = values.get('ACCTID') ?? '';
  const [bank, branch] = [values.get('BANKID') ?? '', values.get('BRANCHID') ?? ''];
  const written = parseIban(number);
  const computed = written.ok ? null : frenchIban(bank, branch, number);
  const key = values.get('ACCTKEY') ?? '';
  // A key that contradicts the parts means that one of them is wrong.
  const french = computed !== null && (key === '' || computed.endsWith(key.padStart(2, '0'))) ? computed : null;
  return {
    iban: written.ok ? written.value : french, other: written.ok ? null : textOrNull([bank, branch, number].join(' ')), bic: null, name: null, currency,
  };
}

/** The currency of CURRENCY or CURDEF; null when unknown. */
export const ofxCurrency = (text: string | undefined): Currency | null => parseCurrency((text ?? '').toUpperCase());

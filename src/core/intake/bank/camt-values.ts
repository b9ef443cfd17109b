import { currencyDigits, parseCurrency } from '#core/kernel/currency.ts';
import { addDays, dayOf } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { money } from '#core/kernel/money.ts';
import type { Money } from '#core/kernel/money.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { FIRST_LEDGER_YEAR, LAST_LEDGER_YEAR, MAX_AMOUNT_MINOR } from '../limits.ts';
import type { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import { child } from '../xml/xml-node.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import type { BankLine } from './bank-line.ts';

const DECIMAL = /^\+?(\d*)(?:\.(\d*))?$/u;

/** Why an amount is not taken, in words that follow its element and text. */
const AMOUNT_FAULTS = {
  missing: { fr: 'le montant manque', en: 'the amount is missing' },
  currencyMissing: { fr: 'la monnaie (Ccy) manque', en: 'the currency (Ccy) is missing' },
  currencyUnknown: { fr: 'la monnaie (Ccy) n\'est pas connue (ISO 4217)', en: 'the currency (Ccy) is not known (ISO 4217)' },
  malformed: { fr: 'ce n\'est pas un nombre décimal (attendu par exemple 1234.56)', en: 'this is no decimal number (expected for example 1234.56)' },
  negative: { fr: 'un montant n\'est jamais négatif, le sens est dit par CdtDbtInd', en: 'an amount is never negative, the direction is said by CdtDbtInd' },
  decimals: { fr: 'plus de décimales que sa monnaie n\'en a', en: 'more decimals than its currency has' },
  outOfRange: { fr: 'le montant dépasse la limite de dix mille milliards', en: 'the amount exceeds the limit of ten thousand billion' },
} as const satisfies Record<string, Bilingual>;

/** An amount that cannot be taken: what was written, and why. */
export type CamtAmountFault = { readonly text: string; readonly reason: Bilingual };

const refused = (fault: keyof typeof AMOUNT_FAULTS, text: string): Result<never, CamtAmountFault> => err({ text: quoted(text), reason: AMOUNT_FAULTS[fault] });

/** Reads an `Amt` element exactly: unsigned, in minor units of its `Ccy`. Zeros after the currency's digits are no decimals. */
export function readCamtAmount(node: XmlNode | null): Result<Money, CamtAmountFault> {
  const text = node?.text ?? '';
  if (node === null || text === '') return refused('missing', text);
  const code = node.attributes.get('Ccy');
  if (code === undefined) return refused('currencyMissing', text);
  const currency = parseCurrency(code);
  if (currency === null) return refused('currencyUnknown', `${text} ${code}`);
  const match = DECIMAL.exec(text);
  const whole = match?.[1] ?? '';
  const fraction = match?.[2] ?? '';
  if (match === null || whole + fraction === '') return refused(/^-\s*[\d.]/u.test(text) ? 'negative' : 'malformed', text);
  const digits = currencyDigits(currency);
  if (fraction.length > digits && /[1-9]/u.test(fraction.slice(digits))) return refused('decimals', text);
  const written = whole + (fraction.length === digits ? fraction : fraction.slice(0, digits).padEnd(digits, '0'));
  if (written.replace(/^0+/u, '').length > MAX_AMOUNT_DIGITS) return refused('outOfRange', text);
  const minor = BigInt(written);
  return minor > MAX_AMOUNT ? refused('outOfRange', text) : ok(money(minor, currency));
}

const MAX_AMOUNT = BigInt(MAX_AMOUNT_MINOR);
const MAX_AMOUNT_DIGITS = MAX_AMOUNT.toString().length;

const ISO_DAY = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?$/u;

/**
 * The day that an ISO date or date and time writes; null when there is none between 1980 and 2099. The written day counts whatever its
 * offset from UTC: it is the bank's. 24:00:00 is the beginning of the next day (XML Schema part 2, 3.2.7).
 */
export function isoDay(text: string): Day | null {
  const match = ISO_DAY.exec(text);
  if (match === null) return null;
  const year = Number(match[1]);
  const day = year < FIRST_LEDGER_YEAR || year > LAST_LEDGER_YEAR ? null : dayOf(year, Number(match[2]), Number(match[3]));
  const [, , , , hour = '00', minute = '00', second = '00', rest = ''] = match;
  if (day === null || hour < '24') return minute < '60' && second <= '60' ? day : null;
  return hour === '24' && minute === '00' && second === '00' && !/[1-9]/u.test(rest) ? addDays(day, 1) : null;
}

/** The `Dt` or `DtTm` of a date element, with its own text when it has neither; null when it has nothing. */
export function writtenDay(node: XmlNode | null): { readonly text: string; readonly line: number } | null {
  const at = child(node, 'Dt') ?? child(node, 'DtTm') ?? node;
  return at === null || at.text === '' ? null : { text: at.text, line: at.line };
}

/** Reads a date that nothing depends on: null when it is missing, or unreadable with a warning. */
export function optionalDay(node: XmlNode | null, element: string, problems: ProblemList): Day | null {
  const written = writtenDay(node);
  if (written === null) return null;
  const day = isoDay(written.text);
  if (day === null) problems.add('camtDayIgnored', written.line, { element, text: quoted(written.text) });
  return day;
}

/** 1 for money that comes in, -1 for money that goes out; null when the text says neither. */
export function directionOf(text: string | null): 1n | -1n | null {
  if (text === 'CRDT') return 1n;
  return text === 'DBIT' ? -1n : null;
}

/** The two ways XML writes yes. */
export const isTrue = (text: string | null): boolean => text === 'true' || text === '1';

/** Entry statuses of ISO 20022 (EntryStatus, ExternalEntryStatus1Code); FUTR is announced, not there yet. */
export const CAMT_STATUSES: ReadonlyMap<string, BankLine['status']> = new Map([['BOOK', 'booked'], ['PDNG', 'pending'], ['FUTR', 'pending'], ['INFO', 'info']]);

import { parseCurrency } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseIban } from '#core/kernel/iban.ts';
import { MAX_RAW_CHARS } from '../limits.ts';
import type { BankLine, BankReturn } from './bank-line.ts';
import { cfonbMinor, readCfonbAmount, textOrNull, tidyText } from './cfonb-fields.ts';

/** Details of one movement kept: the fullest seen in French exports have about 30. */
export const MAX_CFONB_DETAILS = 200;

/** A movement record (04) with the details (05) that follow it. */
export type CfonbMovement = {
  /** Line of the file, or number of the record in a file without line ends. */
  readonly line: number;
  readonly bookedOn: Day;
  readonly valueOn: Day | null;
  readonly minor: bigint;
  readonly currency: Currency;
  /** The movement record, for label, codes and reference. */
  readonly text: string;
  readonly details: { readonly qualifier: string; readonly text: string }[];
};

/** Values of a client reference that mean there is none. */
const NO_REFERENCE: ReadonlySet<string> = new Set(['NOTPROVIDED', 'NOT PROVIDED', 'NON COMMUNIQUE', 'NONREF']);

/** Width of a reference inside a detail of 70 characters: RCN, IPY and IBE hold two of them. */
const REFERENCE_WIDTH = 35;

/** An ISO 20022 reason code at the head of a text. */
const ISO_REASON = /^[A-Z]{2}\d{2}\b/u;

/** What a movement and its details say, as a line of the statement of that ordinal; `badOriginal` is a foreign amount that cannot be read. */
export function movementLine(movement: CfonbMovement, statement: number): { readonly line: BankLine; readonly badOriginal: string | null } {
  const { text } = movement;
  const byQualifier = new Map<string, string[]>();
  for (const { qualifier, text: said } of movement.details) {
    const known = byQualifier.get(qualifier);
    if (known === undefined) byQualifier.set(qualifier, [said]);
    else known.push(said);
  }
  const all = (qualifier: string): readonly string[] => byQualifier.get(qualifier) ?? [];
  const one = (qualifier: string): string | null => textOrNull(byQualifier.get(qualifier)?.join(' '));
  const incoming = movement.minor >= 0n;
  const free = one('LIB');
  const original = originalAmount(all('MMO')[0], movement.minor);
  const structured = textOrNull(all('LCS')[0]?.slice(0, REFERENCE_WIDTH));
  const line: BankLine = {
    statement, line: movement.line, status: 'booked', bookedOn: movement.bookedOn, valueOn: movement.valueOn, minor: movement.minor, currency: movement.currency,
    original: original === 'unreadable' ? null : original,
    counterparty: {
      // The payer of what comes in, the payee of what goes out; banks also give only the other one, for the same party.
      name: (incoming ? one('NPY') : one('NBE')) ?? (incoming ? one('NBE') : one('NPY')),
      iban: ibanIn(all(incoming ? 'IPY' : 'IBE')) ?? ibanIn(all(incoming ? 'IBE' : 'IPY')),
      account: null, bic: null, ultimateName: incoming ? one('NPO') : one('NBU'),
    },
    endToEndId: reference(all('RCN')[0]),
    mandateId: reference(all('RUM')[0]),
    bankReference: meaningful(text.slice(104, 120)) ?? meaningful(all('REF').join(' ')),
    creditorReference: structured, documents: [],
    remittance: remittance(all('LCC'), all('LC2')),
    label: [tidyText(text.slice(48, 79)), free ?? ''].filter((part) => part !== '').join(' '),
    transactionCode: textOrNull(text.slice(32, 34)) ?? textOrNull(text.slice(7, 11)),
    returned: returnOf(text.slice(40, 42).trim(), one('RET'), free),
    reversal: false, batch: null, raw: rawOf(movement),
  };
  return { line, badOriginal: original === 'unreadable' ? (all('MMO')[0] ?? '').trim() : null };
}

/** LC2 carries on where LCC stops at 70 characters, inside a word if need be; other pieces are words of their own. */
function remittance(first: readonly string[], second: readonly string[]): string {
  if (second.length === 0) return tidyText(first.join(' '));
  return tidyText(first.map((text, index) => text + (second[index] ?? '')).concat(second.slice(first.length)).join(' '));
}

function reference(text: string | undefined): string | null {
  if (text === undefined) return null;
  const found = textOrNull(text.slice(0, REFERENCE_WIDTH));
  return found === null || NO_REFERENCE.has(found.toUpperCase()) ? null : found;
}

/** A reference that says something: zeros are filling. */
function meaningful(text: string): string | null {
  const found = textOrNull(text);
  return found === null || /^0+$/u.test(found) ? null : found;
}

/** IPY and IBE hold an account, a creditor identifier or a company number: only a right IBAN is taken for an account. */
function ibanIn(texts: readonly string[]): string | null {
  for (const text of texts) {
    const iban = parseIban(text.slice(0, REFERENCE_WIDTH).trim());
    if (iban.ok) return iban.value;
  }
  return null;
}

function returnOf(code: string, reason: string | null, free: string | null): BankReturn | null {
  const banks = code === '' || code === '00' ? null : code;
  if (banks === null && reason === null) return null;
  const text = reason ?? free;
  return { code: ISO_REASON.exec(reason ?? '')?.[0] ?? banks, text };
}

/** MMO: currency (3), decimals (1), amount (14), then the rate. The sign is that of the movement. */
function originalAmount(text: string | undefined, accountMinor: bigint): BankLine['original'] | 'unreadable' {
  if (text === undefined) return null;
  const currency = parseCurrency(text.slice(0, 3));
  const digits = text.slice(4, 18);
  const size = /^ *\d+$/u.test(digits) && digits.length === 14 ? BigInt(digits.trim()) : readCfonbAmount(digits);
  if (currency === null || size === null || !/^\d$/u.test(text.charAt(3))) return 'unreadable';
  const minor = cfonbMinor(size < 0n ? -size : size, Number(text.charAt(3)), currency);
  return minor === null ? 'unreadable' : { minor: accountMinor < 0n ? -minor : minor, currency };
}

function rawOf({ text, details }: CfonbMovement): string {
  const head = text.trimEnd();
  return details.reduce((raw, detail) => `${raw}\n05 ${detail.qualifier}${detail.text.trimEnd()}`, head).slice(0, MAX_RAW_CHARS);
}

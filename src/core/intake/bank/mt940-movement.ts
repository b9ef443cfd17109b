import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseIban } from '#core/kernel/iban.ts';
import { MAX_RAW_CHARS } from '../limits.ts';
import type { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import type { BankLine } from './bank-line.ts';
import { textOrNull, tidyText } from './cfonb-fields.ts';
import { accountOf } from './mt940-details.ts';
import { bankersFebruary, nearestDay, readSwiftDay, readSwiftMovement, swiftMinor } from './mt940-fields.ts';
import type { SwiftMovement } from './mt940-fields.ts';
import { readDetails } from './mt940-information.ts';
import { MAX_FIELD_LENGTH } from './mt940-lines.ts';
import type { SwiftField } from './mt940-lines.ts';

/** A movement being read: its `:61:` taken apart, then the information fields that follow it. */
export type Mt940Movement = {
  readonly field: SwiftField;
  readonly parts: SwiftMovement;
  readonly supplement: readonly string[];
  readonly bookedOn: Day;
  readonly valueOn: Day;
  readonly minor: bigint;
  readonly currency: Currency;
  readonly details: (readonly string[])[];
  /** Lines of the national field `:NS:`. */
  readonly national: string[];
  detailsChars: number;
};

/** Reads a `:61:` field; null after reporting why it cannot be read. */
export function startMovement(field: SwiftField, currency: Currency, problems: ProblemList): Mt940Movement | null {
  const [first = '', second = ''] = field.lines;
  let parts = readSwiftMovement(first.trimEnd());
  let taken = 1;
  if (parts === null && field.lines.length > 1) {
    // Some exports cut the line before the amount.
    parts = readSwiftMovement(`${first.trimEnd()}${second.trim()}`);
    taken = 2;
  }
  if (parts === null) {
    problems.add('mt940Movement', field.line, { text: quoted(first) });
    return null;
  }
  const size = swiftMinor(parts.amount, currency);
  if (size === null) problems.add('mt940Amount', field.line, { text: quoted(parts.amount), currency });
  const days = readDays(field.line, parts, problems);
  if (size === null || days === null) return null;
  // The reversal of a credit takes money out, that of a debit brings it back.
  const isIncoming = parts.side === 'C' || parts.side === 'EC' || parts.side === 'RD';
  return { field, parts, supplement: field.lines.slice(taken), ...days, minor: isIncoming ? size : -size, currency, details: [], national: [], detailsChars: 0 };
}

function readDays(line: number, parts: SwiftMovement, problems: ProblemList): { readonly bookedOn: Day; readonly valueOn: Day } | null {
  const written = readSwiftDay(parts.valueText);
  const valueOn = written ?? bankersFebruary(parts.valueText);
  if (valueOn === null) {
    problems.add('mt940Day', line, { text: quoted(parts.valueText) });
    return null;
  }
  if (written === null) problems.add('mt940DayOfFebruary', line, { text: parts.valueText, day: valueOn });
  if (parts.entryText === '') return { bookedOn: valueOn, valueOn };
  const entryOn = nearestDay(parts.entryText, valueOn);
  if (entryOn === null) problems.add('mt940DayIgnored', line, { text: parts.entryText, day: valueOn });
  return { bookedOn: entryOn ?? valueOn, valueOn };
}

/** Adds an information field; false when the fields of the movement are longer than what is kept, which is the case once. */
export function addDetails(movement: Mt940Movement, { lines, chars }: SwiftField): boolean {
  const room = MAX_FIELD_LENGTH - movement.detailsChars;
  movement.detailsChars += chars;
  if (room <= 0) return true;
  const kept: string[] = [];
  let left = room;
  for (const line of lines) {
    if (left <= 0 && kept.length > 0) break;
    kept.push(line.slice(0, left));
    left -= line.length;
  }
  movement.details.push(kept);
  return chars <= room;
}

/** Words in the reference of a `:61:` that point to the information field or say there is none. */
const NO_OWNER_REFERENCE: ReadonlySet<string> = new Set(['', 'NONREF', 'EREF', 'PREF', 'KREF', 'MARF', 'EREF+', 'KREF+', 'MREF+', 'NOTPROVIDED']);

const IBAN_SHAPE = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/u;

/** What a movement says, as a line. */
export function mt940Line(movement: Mt940Movement): Omit<BankLine, 'statement'> {
  const { parts } = movement;
  const details = movement.national.length > 0 && movement.details.length === 0 ? nationalDetails(movement.national) : readDetails(movement.details);
  const owner = NO_OWNER_REFERENCE.has(parts.ownerReference) ? '' : parts.ownerReference;
  // Coded fields below a movement ("/TRCD/00100/") repeat its kind.
  const supplement = tidyText(movement.supplement.map((text) => text.trim()).join('').replace(/\/[A-Z]{3,4}\/.*$/su, ''));
  // ASN and Rabobank put the other account in the reference or below it, and the name below or behind.
  const accountText = [owner, supplement].find((text) => IBAN_SHAPE.test(text)) ?? null;
  const words = [parts.behindReference, supplement].filter((text) => text !== '' && text !== accountText);
  const named = details.name ?? (accountText === null && parts.behindReference === '' ? null : (words[0] ?? null));
  const account = details.iban === null && details.account === null && accountText !== null ? accountOf(accountText) : details;
  const said = accountText === null || named === null ? '' : `${accountText} ${named}`;
  const remittance = said !== '' && details.remittance.startsWith(said) ? details.remittance.slice(said.length).trim() : details.remittance;
  const isKnown = owner === accountText || owner === details.creditorReference;
  return {
    line: movement.field.line, status: parts.side.startsWith('E') ? 'pending' : 'booked', bookedOn: movement.bookedOn, valueOn: movement.valueOn,
    minor: movement.minor, currency: movement.currency, original: null,
    counterparty: { name: named, iban: account.iban, account: account.account, bic: details.bic, ultimateName: details.ultimateName },
    endToEndId: details.endToEndId, mandateId: details.mandateId, bankReference: parts.bankReference, creditorReference: details.creditorReference,
    documents: [], remittance,
    label: [details.label ?? '', isKnown ? '' : owner, ...words].filter((text) => text !== '' && text !== named).join(' '),
    transactionCode: details.code === null ? parts.kind : `${parts.kind}/${details.code}`,
    returned: details.returned, reversal: parts.side.startsWith('R'), batch: null, raw: rawOf(movement),
  };
}

/** The national field of Austrian and Hungarian banks: lines 01-14 purpose, 15-16 name, 17 label, 33-34 bank and account of the other party. */
function nationalDetails(lines: readonly string[]): ReturnType<typeof readDetails> {
  const of = (from: number, to: number): string[] => lines.filter((line) => /^\d{2}/u.test(line) && Number(line.slice(0, 2)) >= from && Number(line.slice(0, 2)) <= to).map((line) => line.slice(2));
  const account = of(34, 34)[0] ?? null;
  const iban = account === null ? null : parseIban(account);
  return {
    ...readDetails([]), remittance: tidyText(of(1, 14).join(' ')), name: textOrNull(of(15, 16).join('')), label: textOrNull(of(17, 17).join(' ')),
    iban: iban !== null && iban.ok ? iban.value : null, account: iban !== null && !iban.ok ? textOrNull([...of(33, 33), account].join(' ')) : null,
  };
}

function rawOf({ field, details, national }: Mt940Movement): string {
  const information = details.map((lines) => `:86:${lines.join('\n')}`);
  return [`:61:${field.lines.join('\n')}`, ...information, ...(national.length > 0 ? [`:NS:${national.join('\n')}`] : [])].join('\n').slice(0, MAX_RAW_CHARS);
}

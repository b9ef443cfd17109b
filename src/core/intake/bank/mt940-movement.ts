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
import type { SwiftDates, SwiftMovement } from './mt940-fields.ts';
import { readDetails } from './mt940-information.ts';
import { MAX_FIELD_LENGTH } from './mt940-lines.ts';
import type { SwiftField } from './mt940-lines.ts';

/** A movement being read: its `:61:` taken apart, then the information fields that follow it. */
export type Mt940Movement = {
  readonly field: SwiftField;
  readonly parts: SwiftMovement;
  /** Lines of `:61:` that `parts` were read from; the others are supplementary details. */
  readonly taken: number;
  readonly bookedOn: Day;
  readonly valueOn: Day;
  readonly minor: bigint;
  readonly currency: Currency;
  /** Null before the first information field. */
  details: (readonly string[])[] | null;
  /** Lines of the national field `:NS:`; null when there is none. */
  national: readonly string[] | null;
  detailsChars: number;
};

/** What the movements of a statement have in common; `known` are the dates read last, when there was nothing to say about them. */
export type MovementContext = { readonly currency: Currency; readonly problems: ProblemList; known: SwiftDates | null };

/** Reads a `:61:` field; null after reporting why it cannot be read. */
export function startMovement(field: SwiftField, context: MovementContext): Mt940Movement | null {
  const { currency, problems } = context;
  const first = field.lines[0] ?? '';
  let parts = readSwiftMovement(first.trimEnd(), context.known);
  let taken = 1;
  if (parts === null && field.lines.length > 1) {
    // Some exports cut the line before the amount.
    parts = readSwiftMovement(`${first.trimEnd()}${(field.lines[1] ?? '').trim()}`);
    taken = 2;
  }
  if (parts === null) {
    problems.add('mt940Movement', field.line, { text: quoted(first) });
    return null;
  }
  const size = swiftMinor(parts.amount, currency);
  if (size === null) problems.add('mt940Amount', field.line, { text: quoted(parts.amount), currency });
  const days = parts.known ?? readDays(field.line, parts, context);
  if (size === null || days === null) return null;
  // The reversal of a credit takes money out, that of a debit brings it back.
  const isIncoming = parts.side === 'C' || parts.side === 'EC' || parts.side === 'RD';
  return { field, parts, taken, bookedOn: days.bookedOn, valueOn: days.valueOn, minor: isIncoming ? size : -size, currency, details: null, national: null, detailsChars: 0 };
}

function readDays(line: number, parts: SwiftMovement, context: MovementContext): Pick<SwiftDates, 'bookedOn' | 'valueOn'> | null {
  const { valueText, entryText } = parts;
  const { problems } = context;
  const written = readSwiftDay(valueText);
  const valueOn = written ?? bankersFebruary(valueText);
  if (valueOn === null) {
    problems.add('mt940Day', line, { text: quoted(valueText) });
    return null;
  }
  if (written === null) problems.add('mt940DayOfFebruary', line, { text: valueText, day: valueOn });
  if (entryText === '') return { bookedOn: valueOn, valueOn };
  const entryOn = nearestDay(entryText, valueOn);
  if (entryOn === null) problems.add('mt940DayIgnored', line, { text: entryText, day: valueOn });
  const bookedOn = entryOn ?? valueOn;
  if (written !== null && entryOn !== null) context.known = { text: valueText + entryText, valueText, entryText, valueOn, bookedOn };
  return { bookedOn, valueOn };
}

/** Adds an information field; false when the fields of the movement are longer than what is kept, which is the case once. */
export function addDetails(movement: Mt940Movement, { lines, chars }: SwiftField): boolean {
  const room = MAX_FIELD_LENGTH - movement.detailsChars;
  movement.detailsChars += chars;
  if (room <= 0) return true;
  const kept = chars <= room ? lines : cutLines(lines, room);
  if (movement.details === null) movement.details = [kept];
  else movement.details.push(kept);
  return chars <= room;
}

function cutLines(lines: readonly string[], room: number): string[] {
  const kept: string[] = [];
  let left = room;
  for (const line of lines) {
    if (left <= 0 && kept.length > 0) break;
    kept.push(line.slice(0, left));
    left -= line.length;
  }
  return kept;
}

/** The word of the norm for no reference, and so the most frequent. */
const NONREF = 'NONREF';

/** Other words in the reference of a `:61:` that point to the information field or say there is none. */
const NO_OWNER_REFERENCE: ReadonlySet<string> = new Set(['', 'EREF', 'PREF', 'KREF', 'MARF', 'EREF+', 'KREF+', 'MREF+', 'NOTPROVIDED']);

const IBAN_SHAPE = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/u;

const NO_DOCUMENTS: readonly string[] = [];

/** What a movement says, as a line of the statement of that ordinal. */
export function mt940Line(movement: Mt940Movement, statement: number): BankLine {
  const { parts } = movement;
  const details = movement.national !== null && movement.details === null ? nationalDetails(movement.national) : readDetails(movement.details ?? []);
  const owner = parts.ownerReference === NONREF || NO_OWNER_REFERENCE.has(parts.ownerReference) ? '' : parts.ownerReference;
  const supplement = movement.field.lines.length > movement.taken ? supplementOf(movement) : '';
  // ASN and Rabobank put the other account in the reference or below it, and the name below or behind.
  const accountText = isAccount(owner) ? owner : (isAccount(supplement) ? supplement : null);
  const behind = parts.behindReference === accountText ? '' : parts.behindReference;
  const below = supplement === accountText ? '' : supplement;
  const named = details.name ?? (accountText === null && parts.behindReference === '' ? null : firstSaid(behind, below));
  const account = details.iban === null && details.account === null && accountText !== null ? accountOf(accountText) : details;
  const said = accountText === null || named === null ? '' : `${accountText} ${named}`;
  const remittance = said !== '' && details.remittance.startsWith(said) ? details.remittance.slice(said.length).trim() : details.remittance;
  const isKnown = owner === accountText || owner === details.creditorReference;
  return {
    statement, line: movement.field.line, status: isPending(parts.side) ? 'pending' : 'booked', bookedOn: movement.bookedOn, valueOn: movement.valueOn,
    minor: movement.minor, currency: movement.currency, original: null,
    counterparty: { name: named, iban: account.iban, account: account.account, bic: details.bic, ultimateName: details.ultimateName },
    endToEndId: details.endToEndId, mandateId: details.mandateId, bankReference: parts.bankReference, creditorReference: details.creditorReference,
    documents: NO_DOCUMENTS, remittance, label: labelOf(named, [details.label ?? '', isKnown ? '' : owner, behind, below]),
    transactionCode: details.code === null ? parts.kind : `${parts.kind}/${details.code}`,
    returned: details.returned, reversal: parts.side === 'RC' || parts.side === 'RD', batch: null, raw: rawOf(movement),
  };
}

/** The first text that is not empty. */
const firstSaid = (one: string, other: string): string | null => (one !== '' ? one : (other !== '' ? other : null));

const isPending = (side: SwiftMovement['side']): boolean => side === 'EC' || side === 'ED';

const CODED = /\/[A-Z]{3,4}\//u;

/** The lines below a movement; coded fields there ("/TRCD/00100/") repeat its kind. */
function supplementOf({ field, taken }: Mt940Movement): string {
  let text = '';
  for (let index = taken; index < field.lines.length; index += 1) text += (field.lines[index] ?? '').trim();
  const coded = text.includes('/') ? text.search(CODED) : -1;
  return tidyText(coded < 0 ? text : text.slice(0, coded));
}

/** Fewer characters are no IBAN. */
const IBAN_LENGTH_MIN = 15;

const isAccount = (text: string): boolean => text.length >= IBAN_LENGTH_MIN && IBAN_SHAPE.test(text);

/** Texts that say something, and something else than the name, with a blank between them. */
function labelOf(name: string | null, texts: readonly string[]): string {
  let label = '';
  for (const text of texts) if (text !== '' && text !== name) label += label === '' ? text : ` ${text}`;
  return label;
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
  let raw = `:61:${linesOf(field.lines)}`;
  if (details !== null) for (const lines of details) raw += `\n:86:${linesOf(lines)}`;
  if (national !== null) raw += `\n:NS:${linesOf(national)}`;
  return raw.length > MAX_RAW_CHARS ? raw.slice(0, MAX_RAW_CHARS) : raw;
}

function linesOf(lines: readonly string[]): string {
  let text = lines[0] ?? '';
  for (let index = 1; index < lines.length; index += 1) text += `\n${lines[index] ?? ''}`;
  return text;
}

import type { Account, Accounts, Credit, Debit } from './accounts.ts';
import { compactOf, segmentsOf, shapeOf, withoutZeros } from './segments.ts';
import type { Segment } from './segments.ts';
import type { KnownCustomer, OpenCredit, OpenDebit } from './matching.ts';
import type { CustomerId } from '../kernel/id.ts';

/** A document of one account: all its open items carry one number. */
export type NamedDocument = { readonly account: Account; readonly number: string; readonly debits: Debit[]; readonly credits: Credit[] };

/** Everything that a text can name, by the forms in which it may be written. */
export type ReferenceIndex = {
  /** The whole number, letters and digits alone. */
  readonly byCompact: ReadonlyMap<string, readonly NamedDocument[]>;
  /** The whole number without leading zeros, numbers kept apart (`shapeOf`). */
  readonly byShape: ReadonlyMap<string, readonly NamedDocument[]>;
  /** A part of the number that people use for the whole: "0051" or "2025-0051" of FA2025-0051. */
  readonly byTail: ReadonlyMap<string, readonly NamedDocument[]>;
  /** What our letters print, letters and digits alone, with the documents that carry it. */
  readonly printed: ReadonlyMap<string, readonly NamedDocument[]>;
  /** Codes that tell a customer inside a text. */
  readonly codes: ReadonlyMap<string, readonly CustomerId[]>;
  /** All codes: an RF reference may be made of any. */
  readonly payloads: ReadonlyMap<string, readonly CustomerId[]>;
  readonly sirens: ReadonlyMap<string, readonly CustomerId[]>;
  /** First two characters of every form: what begins otherwise need not be looked up. */
  readonly beginnings: ReadonlySet<string>;
};

/** Shorter references are met by accident in any text. */
export const REFERENCE_CHARS_MIN = 4;
/** Longer ones are no references; also bounds what is joined from a text. */
export const REFERENCE_CHARS_MAX = 40;
/** References without a digit are words: only long ones are taken, and only those we print. */
const WORD_REFERENCE_CHARS_MIN = 6;
/** A part of a number that more documents share says nothing. */
const TAIL_SHARED_MAX = 200;

/** True for 1990 to 2099 in four digits: years stand in every text. */
export const isYear = (text: string): boolean => /^(?:199|20\d)\d$/.test(text);

const hasDigit = (text: string): boolean => /\d/.test(text);

/** Indexes documents, printed references and customers. */
export function indexReferences(accounts: Accounts, customers: readonly KnownCustomer[]): ReferenceIndex {
  const maps = { byCompact: new Map<string, NamedDocument[]>(), byShape: new Map<string, NamedDocument[]>(), byTail: new Map<string, NamedDocument[]>(), printed: new Map<string, NamedDocument[]>() };
  for (const account of accounts.all) for (const [compact, document] of documentsOf(account)) addDocument(maps, compact, document);
  for (const [tail, documents] of maps.byTail) if (documents.length > TAIL_SHARED_MAX) maps.byTail.delete(tail);
  const codes = customersBy(customers, ({ code }) => usableCode(compactOf(code)));
  const sirens = customersBy(customers, ({ siren }) => siren);
  const beginnings = new Set(['rf']);
  for (const map of [maps.byCompact, maps.byShape, maps.byTail, maps.printed, codes, sirens]) for (const key of map.keys()) beginnings.add(key.slice(0, 2));
  return { ...maps, codes, payloads: customersBy(customers, ({ code }) => compactOf(code)), sirens, beginnings };
}

/** The documents of an account by compact number; an item without a usable number is one by itself. */
function documentsOf(account: Account): Map<string, NamedDocument> {
  const documents = new Map<string, NamedDocument>();
  const reach = (facts: OpenDebit | OpenCredit): NamedDocument => {
    const number = facts.document ?? '';
    const compact = compactOf(number);
    const usable = compact.length >= REFERENCE_CHARS_MIN && compact.length <= REFERENCE_CHARS_MAX && hasDigit(compact);
    const key = usable ? compact : `item ${facts.item}`;
    const known = documents.get(key);
    if (known !== undefined) return known;
    const made: NamedDocument = { account, number, debits: [], credits: [] };
    documents.set(key, made);
    return made;
  };
  for (const debit of account.debits) reach(debit.facts).debits.push(debit);
  for (const credit of account.credits) reach(credit.facts).credits.push(credit);
  return documents;
}

type Maps = { readonly [M in 'byCompact' | 'byShape' | 'byTail' | 'printed']: Map<string, NamedDocument[]> };

function addDocument(maps: Maps, compact: string, document: NamedDocument): void {
  for (const { facts } of document.debits) for (const reference of facts.references) addPrinted(maps.printed, reference, { document, compact });
  if (compact.startsWith('item ')) return;
  const segments = segmentsOf(document.number);
  const shape = shapeOf(segments);
  add(maps.byCompact, compact, document);
  if (shape !== compact && shape.length >= REFERENCE_CHARS_MIN) add(maps.byShape, shape, document);
  for (const tail of tailsOf(segments)) if (tail !== compact && tail !== shape) add(maps.byTail, tail, document);
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Parts that stand for a number: its last count, the numbers without the letters before, the letters with the last count. */
function tailsOf(segments: readonly Segment[]): ReadonlySet<string> {
  const numbers = segments.filter(({ digits }) => digits);
  const last = numbers.findLast(({ text }) => !isYear(text));
  if (last === undefined) return new Set();
  const letters = segments[0]?.digits === false ? segments[0].text : '';
  const forms = [last.text, withoutZeros(last.text), numbers.map(({ text }) => text).join(''), shapeOf(numbers), letters + last.text];
  return new Set(forms.filter((form) => form.length >= REFERENCE_CHARS_MIN && !isYear(form) && (form.match(/\d/g) ?? []).length > 2));
}

function addPrinted(printed: Map<string, NamedDocument[]>, reference: string, of: { document: NamedDocument; compact: string }): void {
  const key = compactOf(reference);
  const least = hasDigit(key) ? REFERENCE_CHARS_MIN : WORD_REFERENCE_CHARS_MIN;
  if (key.length < least || key.length > REFERENCE_CHARS_MAX || isYear(key) || key === of.compact) return;
  if (printed.get(key)?.at(-1) !== of.document) add(printed, key, of.document);
}

/** A code that tells a customer inside a text: with a digit, and with a letter unless it is long. */
function usableCode(compact: string): string | null {
  const telling = hasDigit(compact) && (/[a-z]/.test(compact) ? compact.length >= REFERENCE_CHARS_MIN : compact.length >= WORD_REFERENCE_CHARS_MIN);
  return telling && compact.length <= REFERENCE_CHARS_MAX ? compact : null;
}

function customersBy(customers: readonly KnownCustomer[], keyOf: (customer: KnownCustomer) => string | null): Map<string, CustomerId[]> {
  const found = new Map<string, CustomerId[]>();
  for (const customer of customers) {
    const key = keyOf(customer);
    if (key !== null && key !== '') add(found, key, customer.id);
  }
  return found;
}

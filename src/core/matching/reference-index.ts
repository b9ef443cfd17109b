import type { Account, Accounts, Credit, Debit } from './accounts.ts';
import { Beginnings, FORM, FormTableBuilder } from './form-table.ts';
import type { Form, FormTable } from './form-table.ts';
import { compactOf, isCompactOf, segmentsOf, shapeOf, withoutZeros } from './segments.ts';
import type { Segment } from './segments.ts';
import type { KnownCustomer, OpenCredit, OpenDebit } from './matching.ts';
import type { CustomerId } from '../kernel/id.ts';

/** A document of one account: all its open items carry one number. */
export type NamedDocument = { readonly account: Account; readonly number: string; debits: readonly Debit[]; credits: readonly Credit[] };

/** Documents that a text names, by the form in which it does. */
export type NamedBy = {
  /** The whole number, letters and digits alone. */
  readonly compact: readonly NamedDocument[];
  /** The whole number without leading zeros, numbers kept apart (`shapeOf`). */
  readonly shape: readonly NamedDocument[];
  /** A part of the number that people use for the whole: "0051" or "2025-0051" of FA2025-0051. */
  readonly tail: readonly NamedDocument[];
  /** What our letters print. */
  readonly printed: readonly NamedDocument[];
};

/** Everything that a text can name, by the forms in which it may be written. Texts are compact (letters and digits alone) or shapes (`shapeOf`). */
export type ReferenceIndex = {
  /** Every form below, all codes and SIRENs in one table: what it does not have need not be looked up. */
  readonly forms: FormTable;
  /** Characters of the longest form. */
  readonly longest: number;
  /** What a text names, when `forms` may have it. */
  named(text: string): NamedBy;
  /** Codes that tell a customer inside a text. */
  readonly codes: ReadonlyMap<string, readonly CustomerId[]>;
  /** All codes: an RF reference may be made of any. */
  readonly payloads: ReadonlyMap<string, readonly CustomerId[]>;
  readonly sirens: ReadonlyMap<string, readonly CustomerId[]>;
  /** How forms begin: what begins otherwise need not be looked up. */
  readonly beginnings: Beginnings;
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
export const isYear = (text: string): boolean => text.length === 4 && /^(?:199|20\d)\d$/.test(text);

const hasDigit = (text: string): boolean => digitsIn(text) > 0;

/** Indexes documents, printed references and customers. */
export function indexReferences(accounts: Accounts, customers: readonly KnownCustomer[]): ReferenceIndex {
  const filling: Filling = { table: new FormTableBuilder(), documents: [], beginnings: new Beginnings(), longest: 0 };
  filling.beginnings.add('rf');
  for (const account of accounts.all) for (const [compact, document] of documentsOf(account)) addDocument(filling, compact, document);
  const codes = customersBy(customers, ({ code }) => usableCode(compactOf(code)));
  const sirens = customersBy(customers, ({ siren }) => siren);
  for (const map of [codes, sirens]) for (const key of map.keys()) addForm(filling, { form: FORM.customer, owner: 0, text: key });
  const { documents, beginnings, longest } = filling;
  const forms = filling.table.build();
  return { forms, longest, codes, sirens, payloads: customersBy(customers, ({ code }) => compactOf(code)), beginnings, named: (text) => namedBy(forms, documents, text) };
}

const NO_DOCUMENTS: readonly NamedDocument[] = [];
const NOTHING: NamedBy = { compact: NO_DOCUMENTS, shape: NO_DOCUMENTS, tail: NO_DOCUMENTS, printed: NO_DOCUMENTS };

/** The documents that really carry what the table says they may. */
function namedBy(forms: FormTable, documents: readonly NamedDocument[], text: string): NamedBy {
  const carrying = forms.carrying(text);
  if (carrying.length === 0) return NOTHING;
  const shared = carrying.length > TAIL_SHARED_MAX && carrying.filter(({ form }) => form === FORM.tail).length > TAIL_SHARED_MAX;
  const found: { -readonly [F in keyof NamedBy]: NamedDocument[] | null } = { compact: null, shape: null, tail: null, printed: null };
  for (const { form, owner } of carrying) {
    const document = documents[owner];
    const name = NAMED_AS[form];
    if (document === undefined || name === null || (shared && form === FORM.tail) || !carries(document, form, text)) continue;
    const list = found[name];
    if (list === null) found[name] = [document];
    else list.push(document);
  }
  return { compact: found.compact ?? NO_DOCUMENTS, shape: found.shape ?? NO_DOCUMENTS, tail: found.tail ?? NO_DOCUMENTS, printed: found.printed ?? NO_DOCUMENTS };
}

const NAMED_AS = { [FORM.compact]: 'compact', [FORM.shape]: 'shape', [FORM.tail]: 'tail', [FORM.printed]: 'printed', [FORM.customer]: null } as const satisfies Record<Form, keyof NamedBy | null>;

function carries({ number, debits }: NamedDocument, form: Form, text: string): boolean {
  switch (form) {
    case FORM.compact: return isCompactOf(number, text);
    case FORM.shape: return shapeOf(segmentsOf(number)) === text;
    case FORM.tail: return endsInNumber(number, text) || tailsOf(segmentsOf(number)).includes(text);
    case FORM.printed: return debits.some(({ facts }) => facts.references.some((reference) => isCompactOf(reference, text)));
    case FORM.customer: return false;
  }
}

type Filling = { readonly table: FormTableBuilder; readonly documents: NamedDocument[]; readonly beginnings: Beginnings; longest: number };

function addForm(filling: Filling, { form, owner, text }: { form: Form; owner: number; text: string }): void {
  filling.table.add(form, owner, text);
  filling.beginnings.add(text);
  filling.longest = Math.max(filling.longest, text.length);
}

/** The documents of an account by compact number; an item without a usable number is one by itself, and called "item …". */
function documentsOf(account: Account): Map<string, NamedDocument> {
  const documents = new Map<string, NamedDocument>();
  const keyOf = (facts: OpenDebit | OpenCredit): string => {
    const compact = facts.document === null ? '' : compactOf(facts.document);
    const usable = compact.length >= REFERENCE_CHARS_MIN && compact.length <= REFERENCE_CHARS_MAX && hasDigit(compact);
    return usable ? compact : `item ${facts.item}`;
  };
  for (const debit of account.debits) {
    const key = keyOf(debit.facts);
    const known = documents.get(key);
    if (known === undefined) documents.set(key, { account, number: debit.facts.document ?? '', debits: [debit], credits: [] });
    else known.debits = [...known.debits, debit];
  }
  for (const credit of account.credits) {
    const key = keyOf(credit.facts);
    const known = documents.get(key);
    if (known === undefined) documents.set(key, { account, number: credit.facts.document ?? '', debits: [], credits: [credit] });
    else known.credits = [...known.credits, credit];
  }
  return documents;
}

function addDocument(filling: Filling, compact: string, document: NamedDocument): void {
  const owner = filling.documents.length;
  filling.documents.push(document);
  for (const text of printedOf(document, compact)) addForm(filling, { form: FORM.printed, owner, text });
  if (compact.startsWith('item ')) return;
  const segments = segmentsOf(document.number);
  const shape = shapeOf(segments);
  addForm(filling, { form: FORM.compact, owner, text: compact });
  if (shape !== compact && shape.length >= REFERENCE_CHARS_MIN) addForm(filling, { form: FORM.shape, owner, text: shape });
  for (const text of tailsOf(segments)) if (text !== compact && text !== shape) addForm(filling, { form: FORM.tail, owner, text });
}

/** Parts that stand for a number: its last count, the numbers without the letters before, the letters with the last count. */
function tailsOf(segments: readonly Segment[]): readonly string[] {
  const numbers = segments.filter(({ digits }) => digits);
  const last = numbers.findLast(({ text }) => !isYear(text));
  if (last === undefined) return [];
  const [first] = segments;
  const letters = first?.digits === false ? first.text : '';
  const tails: string[] = [];
  const add = (form: string): void => {
    if (form.length >= REFERENCE_CHARS_MIN && !isYear(form) && digitsIn(form) > 2 && !tails.includes(form)) tails.push(form);
  };
  add(last.text);
  add(withoutZeros(last.text));
  if (numbers.length > 1) {
    add(numbers.map(({ text }) => text).join(''));
    add(shapeOf(numbers));
  }
  if (letters !== '') add(letters + last.text);
  return tails;
}

/** Whether a number's last count is this one, zeros in front aside: the tail that is nearly always met, seen without taking the number apart. */
function endsInNumber(number: string, tail: string): boolean {
  if (digitsIn(tail) < tail.length || !number.endsWith(tail)) return false;
  let at = number.length - tail.length;
  while (at > 0 && number.charCodeAt(at - 1) === 0x30) at -= 1;
  const before = at === 0 ? '' : number.charAt(at - 1);
  // Letters of other scripts may fold into digits: those numbers are taken apart.
  return before !== '' && /[A-Za-z/._ -]/.test(before);
}

/** How many digits stand in a text. */
export function digitsIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) count += 1;
  }
  return count;
}

/** What our letters print for a document beside its own number. */
function printedOf({ debits }: NamedDocument, compact: string): ReadonlySet<string> {
  const printed = new Set<string>();
  for (const { facts } of debits) {
    for (const reference of facts.references) {
      const key = compactOf(reference);
      const least = hasDigit(key) ? REFERENCE_CHARS_MIN : WORD_REFERENCE_CHARS_MIN;
      if (key.length >= least && key.length <= REFERENCE_CHARS_MAX && !isYear(key) && key !== compact) printed.add(key);
    }
  }
  return printed;
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
    if (key === null || key === '') continue;
    const list = found.get(key);
    if (list === undefined) found.set(key, [customer.id]);
    else list.push(customer.id);
  }
  return found;
}

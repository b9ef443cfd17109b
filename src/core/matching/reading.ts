import type { CustomerId } from '../kernel/id.ts';
import { parseCreditorReference } from '../kernel/creditor-reference.ts';
import type { Debit } from './accounts.ts';
import type { EvidenceCode } from './evidence.ts';
import { Rolling } from './form-table.ts';
import type { Incoming } from './matching.ts';
import { REFERENCE_CHARS_MAX, REFERENCE_CHARS_MIN, digitsIn, isYear } from './reference-index.ts';
import type { NamedDocument, ReferenceIndex } from './reference-index.ts';
import { compactOf, segmentsOf, shapeOf, zerosOf } from './segments.ts';
import type { Segment } from './segments.ts';

/** How surely a text names a document: a whole number; a whole one that is short (4 or 5 characters); a part of one. */
export type Strength = 'strong' | 'short' | 'tail';

/** A document named by the incoming text. `found` is how it stood there; `marks` how many of its references did. */
export type Hit = { readonly document: NamedDocument; strength: Strength; code: EvidenceCode; found: string; readonly marks: string[] };

/** A reference that several documents of one customer carry: it names them together. */
export type SharedHit = { readonly customer: CustomerId; readonly debits: readonly Debit[]; readonly reference: string };

/** A customer named by the text. */
export type NamedCustomer = { readonly customer: CustomerId; readonly code: 'accountReference' | 'customerCode' | 'sirenInText'; readonly found: string };

/** All that the references and the text of an incoming amount name. */
export type Reading = { readonly hits: Map<NamedDocument, Hit>; readonly shared: Map<string, SharedHit>; readonly customers: Map<string, NamedCustomer> };

type Field = { readonly text: string; readonly whole: EvidenceCode; readonly inside: EvidenceCode };

/** Words that people glue before a number: "FACT0051", "N°12345". */
const GLUED: ReadonlySet<string> = new Set([
  'fact', 'facture', 'factures', 'fac', 'fct', 'inv', 'invoice', 'no', 'nr', 'num', 'numero', 'ref', 'reference', 'rechnung', 'avoir', 'n', 'bill', 'fv', 're', 'rg',
]);
/** What banks write where the payer gave none. */
const NO_END_TO_END_ID = 'NOTPROVIDED';
/** Segments joined into one reference. */
const JOINED_MAX = 9;
/** References of this many characters may be written in groups of digits (RF, Belgian and Swiss references); shorter groups are dates and phone numbers. */
const GROUPED_CHARS_MIN = 10;
/** An RF reference is printed in groups whatever its length. */
const STRUCTURED = /^rf\d\d/;
/** Whole references of this many characters are met by accident too seldom to matter. */
const STRONG_CHARS_MIN = 6;
/** "RF" and two check digits. */
const RF_CHARS = 4;
const SIREN_CHARS = 9;
const SIRET_CHARS = 14;

const RANK: Readonly<Record<Strength, number>> = { strong: 2, short: 1, tail: 0 };
const CODE_RANK: Readonly<Partial<Record<EvidenceCode, number>>> = { creditorReference: 5, endToEndId: 4, documentListed: 3, printedReference: 2, documentInText: 1 };

/** Reads the references and the text of an incoming amount. Only what is still open is found. */
export function readReferences(index: ReferenceIndex, { references, text }: Incoming): Reading {
  const reading: Reading = { hits: new Map(), shared: new Map(), customers: new Map() };
  const fields: Field[] = [
    ...(references.creditorReference === null ? [] : [{ text: references.creditorReference, whole: 'creditorReference' as const, inside: 'documentInText' as const }]),
    ...(references.endToEndId === null || references.endToEndId === NO_END_TO_END_ID ? [] : [{ text: references.endToEndId, whole: 'endToEndId' as const, inside: 'documentInText' as const }]),
    ...references.documents.map((document) => ({ text: document, whole: 'documentListed' as const, inside: 'documentListed' as const })),
    ...(references.mandateId === null ? [] : [{ text: references.mandateId, whole: 'documentInText' as const, inside: 'documentInText' as const }]),
    { text, whole: 'documentInText', inside: 'documentInText' },
  ];
  for (const field of fields) readField(index, field, reading);
  return reading;
}

function readField(index: ReferenceIndex, field: Field, reading: Reading): void {
  const segments = segmentsOf(field.text);
  const window = new Window(index, segments);
  let whole: string | null = null;
  for (let start = 0; start < segments.length; start += 1) {
    const first = segments[start];
    if (first === undefined || !startsReference(segments, start) || !mayBegin(index, first)) continue;
    window.begin(start);
    for (let end = start; end < segments.length && end < start + JOINED_MAX; end += 1) {
      const segment = segments[end];
      if (segment === undefined || segment.money || !window.extend(end)) break;
      if (!segment.endsWord || !window.mayName()) continue;
      const compact = window.compact();
      whole ??= compactOf(field.text);
      lookUp(index, { compact, digitJoins: window.digitJoins, segments: segments.slice(start, end + 1), before: first.joint === null ? null : (segments[start - 1] ?? null), code: compact === whole ? field.whole : field.inside }, reading);
    }
  }
}

/** Segments that may be one reference, from a first one on. They are put together only when something may be called so. */
class Window {
  digitJoins = 0;
  readonly #index: ReferenceIndex;
  readonly #segments: readonly Segment[];
  readonly #compact = new Rolling();
  readonly #shape = new Rolling();
  #start = 0;
  #end = 0;
  #chars = 0;
  #shapeChars = 0;

  constructor(index: ReferenceIndex, segments: readonly Segment[]) {
    this.#index = index;
    this.#segments = segments;
  }

  begin(start: number): void {
    this.#start = start;
    this.#chars = 0;
    this.#shapeChars = 0;
    this.digitJoins = 0;
    this.#compact.clear();
    this.#shape.clear();
  }

  /** Takes the segment at `end`, the one after the last, too; false when that is longer than anything that is known. */
  extend(end: number): boolean {
    const segment = this.#segments[end];
    if (segment === undefined) return false;
    const { text, digits } = segment;
    const joins = end > this.#start && digits && this.#segments[end - 1]?.digits === true;
    if (joins && segment.startsWord) this.digitJoins += 1;
    this.#end = end;
    const zeros = digits ? zerosOf(text) : 0;
    this.#chars += text.length;
    this.#shapeChars += text.length - zeros + (joins ? 1 : 0);
    const { longest } = this.#index;
    if (this.#chars > REFERENCE_CHARS_MAX || (this.#shapeChars > longest && this.#chars > Math.max(longest + RF_CHARS, SIRET_CHARS))) return false;
    this.#compact.append(text);
    if (joins) this.#shape.append('.');
    this.#shape.append(text, zeros);
    return true;
  }

  /** False when nothing is called so. A text that begins with RF, or as long as a SIRET, is read in other ways too. */
  mayName(): boolean {
    if (this.#chars < REFERENCE_CHARS_MIN) return false;
    if (this.#index.forms.mayHave(this.#compact) || (this.#shape.a !== this.#compact.a && this.#index.forms.mayHave(this.#shape))) return true;
    return (this.#chars === SIRET_CHARS && this.#index.sirens.size > 0) || this.#beginsWithRf();
  }

  #beginsWithRf(): boolean {
    const [first, second] = [this.#segments[this.#start]?.text ?? '', this.#segments[this.#start + 1]?.text ?? ''];
    return first.startsWith('rf') || (first === 'r' && second.startsWith('f'));
  }

  compact(): string {
    let compact = '';
    for (let at = this.#start; at <= this.#end; at += 1) compact += this.#segments[at]?.text ?? '';
    return compact;
  }
}

/** At the start of a word, or after a glued word that starts it. */
function startsReference(segments: readonly Segment[], at: number): boolean {
  const segment = segments[at];
  if (segment === undefined || segment.money) return false;
  const before = segments[at - 1];
  return segment.startsWord || (segment.digits && before?.startsWord === true && GLUED.has(before.text));
}

/** False when no reference begins with this segment. A lone character says nothing yet. */
function mayBegin({ beginnings }: ReferenceIndex, { text, digits }: Segment): boolean {
  return text.length < 2 || beginnings.has(text) || (digits && text.startsWith('0'));
}

type Read = { readonly compact: string; readonly digitJoins: number; readonly segments: readonly Segment[]; readonly before: Segment | null; readonly code: EvidenceCode };

function lookUp(index: ReferenceIndex, read: Read, reading: Reading): void {
  const { compact, digitJoins, segments, code } = read;
  const joined = digitJoins > 0 && compact.length < GROUPED_CHARS_MIN && !STRUCTURED.test(compact);
  const named = index.named(compact);
  if (!joined) {
    for (const document of named.compact) hit(reading, document, { strength: strengthOf(compact), code, found: compact });
    if (named.printed.length > 0) hitPrinted(reading, named.printed, { compact, code });
    if (compact.startsWith('rf')) readStructured(index, { compact, code }, reading);
    for (const customer of only(index.codes.get(compact))) nameCustomer(reading, { customer, code: 'customerCode', found: compact });
    hitTails(reading, named.tail, read);
  }
  if ((compact.length === SIREN_CHARS || compact.length === SIRET_CHARS) && index.sirens.size > 0) for (const customer of only(index.sirens.get(compact.slice(0, SIREN_CHARS)))) nameCustomer(reading, { customer, code: 'sirenInText', found: compact });
  const shape = segments.length === 1 && !compact.startsWith('0') ? compact : shapeOf(segments);
  const shaped = shape === compact ? named : index.named(shape);
  if (shaped.shape.length > 0) {
    // Without its zeros a short number is any number; written apart, two short numbers are a date.
    const weak = digitsIn(shape) < 3 || (segments.every(({ digits }) => digits) && segments.some(({ text }) => text.length < 3));
    for (const document of shaped.shape) hit(reading, document, { strength: weak ? 'tail' : strengthOf(compact), code: weak ? 'documentTail' : code, found: compact });
  }
  if (shape === compact && !joined) return;
  if (shape.length >= REFERENCE_CHARS_MIN && !isYear(shape)) hitTails(reading, shaped.tail, read);
}

function hitTails(reading: Reading, documents: readonly NamedDocument[], read: Read): void {
  for (const document of documents) if (standsAlone(document, read)) hit(reading, document, { strength: 'tail', code: 'documentTail', found: read.compact });
}

/**
 * Whether a part of a number is not the end of another number: "0051" in FA2025-0051 is no part of FA2026-0051, nor "1894" in 26/1894 of any.
 * After a number as long as a reference it is the next one of a list (45726/46546); after a word it is read unless the two are hyphenated.
 */
function standsAlone(document: NamedDocument, { before, segments }: Read): boolean {
  if (before === null || segmentsOf(document.number).some(({ text }) => text === before.text)) return true;
  if (before.digits) return before.text.length >= REFERENCE_CHARS_MIN && !isYear(before.text);
  return GLUED.has(before.text) || !['-', '.', '_'].includes(segments[0]?.joint ?? '');
}

const only = (customers: readonly CustomerId[] | undefined): readonly CustomerId[] => (customers?.length === 1 ? customers : []);

function strengthOf(compact: string): Strength {
  if (isYear(compact)) return 'tail';
  return compact.length >= STRONG_CHARS_MIN ? 'strong' : 'short';
}

function hit(reading: Reading, document: NamedDocument, by: { strength: Strength; code: EvidenceCode; found: string }): void {
  if (!document.debits.some(({ open }) => open > 0) && !document.credits.some(({ open }) => open > 0)) return;
  const known = reading.hits.get(document);
  if (known === undefined) {
    reading.hits.set(document, { document, ...by, code: by.strength === 'tail' ? 'documentTail' : by.code, marks: [by.found] });
    return;
  }
  if (!known.marks.includes(by.found)) known.marks.push(by.found);
  const better = RANK[by.strength] - RANK[known.strength] || (CODE_RANK[by.code] ?? 0) - (CODE_RANK[known.code] ?? 0);
  if (better > 0) Object.assign(known, by);
}

/** What our letters print: a document's own reference names it, one that several documents carry names them together, one of several customers names nobody. */
function hitPrinted(reading: Reading, documents: readonly NamedDocument[], by: { compact: string; code: EvidenceCode }): void {
  const open = documents.filter(({ debits }) => debits.some((debit) => debit.open > 0));
  const [first] = open;
  if (first === undefined || open.some(({ account }) => account.customer !== first.account.customer)) return;
  if (open.length === 1) {
    const code = by.code === 'documentInText' || by.code === 'documentListed' ? 'printedReference' : by.code;
    hit(reading, first, { strength: by.compact.length >= STRONG_CHARS_MIN ? 'strong' : 'short', code, found: by.compact });
    return;
  }
  const debits = open.flatMap((document) => document.debits).filter((debit) => debit.open > 0);
  reading.shared.set(by.compact, { customer: first.account.customer, debits, reference: by.compact });
  nameCustomer(reading, { customer: first.account.customer, code: 'accountReference', found: by.compact });
}

/** A valid RF reference made of a document's number or of a customer's code. */
function readStructured(index: ReferenceIndex, { compact, code }: { compact: string; code: EvidenceCode }, reading: Reading): void {
  const parsed = parseCreditorReference(compact);
  if (!parsed.ok) return;
  const payload = compact.slice(4);
  const named = code === 'documentInText' || code === 'documentListed' ? 'creditorReference' : code;
  for (const document of index.named(payload).compact) hit(reading, document, { strength: 'strong', code: named, found: compact });
  for (const customer of only(index.payloads.get(payload))) nameCustomer(reading, { customer, code: 'accountReference', found: compact });
}

/** The surest way in which a customer is named is kept. */
function nameCustomer(reading: Reading, named: NamedCustomer): void {
  const known = reading.customers.get(named.customer);
  if (known === undefined || (named.code === 'accountReference' && known.code !== 'accountReference')) reading.customers.set(named.customer, named);
}

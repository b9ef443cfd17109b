import type { Random } from '#core/kernel/random.ts';
import type { Shape, Stretch } from './text-shape.ts';

/** What a text is changed with. */
export type MutationPlace = {
  readonly shape: Shape;
  readonly random: Random;
  /** Another file, of the same format or not, to take a part of. */
  readonly other: () => string;
};

/** One kind of change. `counted`: records stay where a reader finds them, so that none may be missing afterwards. */
type Mutator = { readonly weight: number; readonly counted: boolean; readonly apply: (text: string, place: MutationPlace) => string };

/** A text after some changes, their names, and whether all of them leave the records countable. */
export type Mutated = { readonly text: string; readonly names: readonly string[]; readonly counted: boolean };

/** Most characters of a changed text: a block repeated 1,000 times stays below, and nothing grows without end. */
const MAX_TEXT_CHARS = 1_500_000;
const REPEATS = 1_000;
/** One character more than the longest field and line that are read, and long enough for a square of it to take too long. */
const HUGE_SIZES: readonly number[] = [300, 32_768, 65_537, 200_000];

/** Values that programs stumble over, in the place of a field or anywhere. */
const TOKENS: readonly string[] = [
  '', ' ', '0', '-0', '-1', '+5', '1e5', '0x1F', 'NaN', 'Infinity', '٣٤٫٥', '99999999999999999999.99', '9999999999999,99', '(123,45)', '123,45-', '1.234,56', '1,234.56', '1\u00a0234,56',
  '1.234', '0,005', '=1+1', '@SUM(1)', '-2+3', '__proto__', 'constructor', 'toString', 'null', '{{7*7}}', '${7*7}', '<script>', ']]>', '&amp;', '&', '"', '""', '\'', ';', '\t', '|', ',',
  '\r', '\n', '\r\n\r\n', '\u202e', '\u200d', '\ufeff', '\u0085', '\u2028', 'é', 'Œ€', '😀', 'ﬁ', ':61:', ':86:', '-}', '{4:', '<STMTTRN>', '</OFX>', '<!--', '<![CDATA[', '<?x ?>', '1/0', '%s', '\\',
];
const DATES: readonly string[] = [
  '31/02/2026', '29/02/2027', '02/03/2026', '20260230', '0000-00-00', '00000000', '9999-12-31', '1900-01-00', '2026-13-01', '26/1/6', '20261131', '300226', '000000', '2026-02-30T24:00:00', '2026-01-01+14:00', '99991231',
];
const CURRENCIES: readonly string[] = ['USD', 'JPY', 'KWD', 'XXX', 'eur', '€', 'EU', 'FRF', '   '];
const CODES: readonly string[] = ['DBIT', 'CRDT', 'BOOK', 'PDNG', 'INFO', 'RC', 'RD', 'C', 'D', 'OPBD', 'CLBD', 'PRCD', '01', '04', '05', '07', '31', '34', '39', '380', '381', '208', '210', '212', '411000', '512000', 'true', 'EUR'];
/** Control characters, the mark of the replaced character, and one that is no character. */
const CONTROLS = '\u0000\u0001\u0007\u0008\u000b\u000c\u001a\u001b\u001f\u007f\u0080\u009f\ufffd\uffff';

const cut = (text: string, { from, to }: Stretch, by: string): string => text.slice(0, from) + by + text.slice(to);

/** A change of one stretch of a kind; the text as it is when there is none. */
const within = (kind: 'records' | 'fields', change: (text: string, at: Stretch, place: MutationPlace) => string) => (text: string, place: MutationPlace): string => {
  const found = place.shape(text)[kind];
  return found.length === 0 ? text : change(text, place.random.pick(found), place);
};

const swapped = (kind: 'records' | 'fields') => within(kind, (text, one, { shape, random }) => {
  const other = random.pick(shape(text)[kind]);
  const [a, b] = one.from <= other.from ? [one, other] : [other, one];
  // One inside the other cannot change places with it.
  if (a.to > b.from) return text;
  return text.slice(0, a.from) + text.slice(b.from, b.to) + text.slice(a.to, b.from) + text.slice(a.from, a.to) + text.slice(b.to);
});

const shortened = (text: string, at: Stretch, { random }: MutationPlace): string => cut(text, at, text.slice(at.from, random.between(at.from, at.to)));

/** Replaces one match of a pattern, or nothing when there is none. */
function replaceOne(text: string, pattern: RegExp, of: { random: Random; by: (found: string) => string }): string {
  const places: Stretch[] = [];
  for (const match of text.matchAll(pattern)) places.push({ from: match.index, to: match.index + match[0].length });
  if (places.length === 0) return text;
  const at = of.random.pick(places);
  return cut(text, at, of.by(text.slice(at.from, at.to)));
}

const other = (random: Random, from: string, than: string): string => random.pick([...from].filter((one) => one !== than));

function oneSign(text: string, random: Random): string {
  return replaceOne(text, /CRDT|DBIT|(?<=^:6[012][FM]?:(?:\d{6}(?:\d{4})?)?R?)[CD](?=\d)|[{A-I}J-R](?=[ A-Z0-9]{0,16}\r?$)|-(?=\d)|(?<=[;,\t|">])(?=\d)/gmu, {
    random,
    by: (found) => {
      if (found === 'CRDT' || found === 'DBIT') return found === 'CRDT' ? 'DBIT' : 'CRDT';
      if (found === 'C' || found === 'D') return found === 'C' ? 'D' : 'C';
      if (found === '-' || found === '') return found === '' ? '-' : '';
      const at = '{ABCDEFGHI'.indexOf(found);
      return at >= 0 ? '}JKLMNOPQR'.charAt(at) : '{ABCDEFGHI'.charAt('}JKLMNOPQR'.indexOf(found));
    },
  });
}

function repeated(text: string, { shape, random }: MutationPlace): string {
  const { records } = shape(text);
  const at = records.length === 0 ? { from: 0, to: text.length } : random.pick(records);
  const block = text.slice(at.from, at.to);
  const times = Math.min(REPEATS, Math.floor((MAX_TEXT_CHARS - text.length) / Math.max(1, block.length)));
  return times < 2 ? text : cut(text, at, block.repeat(times));
}

function spliced(text: string, { shape, random, other: another }: MutationPlace): string {
  const second = another();
  const joint = (of: string): number => {
    const { records } = shape(of);
    return records.length === 0 || random.chance(0.2) ? random.between(0, of.length) : random.pick(records).from;
  };
  return text.slice(0, joint(text)) + second.slice(joint(second));
}

const DOCTYPES: readonly string[] = [
  '<!DOCTYPE a [<!ENTITY x "y">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">', '<!ENTITY % x SYSTEM "http://127.0.0.1/">', '<!doctype html>', '<?xml version="1.0" encoding="UTF-7"?>', '<?xml version="1.1"?>',
];

const somewhere = (text: string, random: Random, piece: string): string => {
  const at = random.between(0, text.length);
  return text.slice(0, at) + piece + text.slice(at);
};

/** Every kind of change by name. The heavy ones are rare: each costs as much as a hundred others. */
const MUTATORS: Readonly<Record<string, Mutator>> = {
  'record deleted': { weight: 10, counted: true, apply: within('records', (text, at) => cut(text, at, '')) },
  'record doubled': { weight: 10, counted: true, apply: within('records', (text, at) => cut(text, at, text.slice(at.from, at.to).repeat(2))) },
  'records swapped': { weight: 8, counted: false, apply: swapped('records') },
  'record cut': { weight: 6, counted: false, apply: within('records', shortened) },
  'field deleted': { weight: 10, counted: false, apply: within('fields', (text, at) => cut(text, at, '')) },
  'field doubled': { weight: 6, counted: false, apply: within('fields', (text, at) => cut(text, at, text.slice(at.from, at.to).repeat(2))) },
  'fields swapped': { weight: 8, counted: false, apply: swapped('fields') },
  'field cut': { weight: 6, counted: false, apply: within('fields', shortened) },
  'field replaced': { weight: 14, counted: false, apply: within('fields', (text, at, { random }) => cut(text, at, random.pick(TOKENS))) },
  digit: { weight: 14, counted: true, apply: (text, { random }) => replaceOne(text, /\d/gu, { random, by: (found) => other(random, '0123456789', found) }) },
  sign: { weight: 10, counted: true, apply: (text, { random }) => oneSign(text, random) },
  date: { weight: 8, counted: true, apply: (text, { random }) => replaceOne(text, /\d{4}-\d\d-\d\d|\d\d\/\d\d\/\d{4}|\b\d{8}\b|\b\d{6}\b/gu, { random, by: () => random.pick(DATES) }) },
  currency: { weight: 6, counted: true, apply: (text, { random }) => replaceOne(text, /EUR|euro|€/giu, { random, by: () => random.pick(CURRENCIES) }) },
  code: { weight: 8, counted: false, apply: (text, { random }) => replaceOne(text, /\b[A-Z]{1,4}\b|\b\d{2,3}\b/gu, { random, by: () => random.pick(CODES) }) },
  truncated: { weight: 8, counted: false, apply: (text, { random }) => text.slice(0, random.between(0, text.length)) },
  'head lost': { weight: 3, counted: false, apply: (text, { random }) => text.slice(random.between(0, text.length)) },
  control: { weight: 6, counted: false, apply: (text, { random }) => somewhere(text, random, random.pick([...CONTROLS])) },
  token: { weight: 8, counted: false, apply: (text, { random }) => somewhere(text, random, random.pick(TOKENS)) },
  spliced: { weight: 6, counted: false, apply: spliced },
  doctype: { weight: 2, counted: false, apply: (text, { random }) => (random.chance(0.5) ? random.pick(DOCTYPES) + text : somewhere(text, random, random.pick(DOCTYPES))) },
  'huge token': { weight: 0.7, counted: false, apply: (text, { random }) => somewhere(text, random, random.pick(['A', '9', ' ', '"', '<a>', ';', '&#65;', '/']).repeat(random.pick(HUGE_SIZES))) },
  'block repeated': { weight: 0.15, counted: false, apply: repeated },
};

const WEIGHT = Object.values(MUTATORS).reduce((sum, { weight }) => sum + weight, 0);

/** Names of all changes, so that a run can show that it made each of them. */
export const MUTATION_NAMES: readonly string[] = Object.keys(MUTATORS);

function draw(random: Random): [string, Mutator] {
  let left = random.next() * WEIGHT;
  for (const [name, mutator] of Object.entries(MUTATORS)) {
    left -= mutator.weight;
    if (left < 0) return [name, mutator];
  }
  throw new Error('the weights do not add up');
}

/** Changes a text one to four times. */
export function mutateText(text: string, place: MutationPlace): Mutated {
  const names: string[] = [];
  let changed = text;
  let counted = true;
  const wanted = place.random.chance(0.6) ? 1 : place.random.between(2, 4);
  for (let step = 0; step < wanted && changed.length < MAX_TEXT_CHARS; step += 1) {
    const [name, mutator] = draw(place.random);
    changed = mutator.apply(changed, place);
    names.push(name);
    counted &&= mutator.counted;
  }
  return { text: changed, names, counted };
}

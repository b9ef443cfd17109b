import { twoDigits } from './cfonb-days.ts';
import { isTidy, textOrNull } from './cfonb-fields.ts';
import { accountOf, bicOf, isFullLine, nameNumber, NO_ACCOUNT, referenceIn } from './mt940-details.ts';
import type { Mt940Details } from './mt940-details.ts';
import type { BankReturn } from './bank-line.ts';

/** Characters of a subfield of purpose or name: a full one goes on in the next, inside a word if need be. */
const SUBFIELD = 27;

const PURPOSE: readonly number[] = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 60, 61, 62, 63];

/** Places of the words of a purpose: of the free ones, of those by identifier, and of those behind an identifier that is not read. */
const PLACE = { free: 0, EREF: 1, MREF: 2, SVWZ: 3, ABWA: 4, ABWE: 5, IBAN: 6, BIC: 7, passedOver: 8 } as const;

/** No words yet; copied for each text, because a copy is faster than an array that grows. */
const NO_WORDS: readonly (string | undefined)[] = Object.keys(PLACE).map(() => undefined);

/** The words of a purpose by place; `joined` when a text of several pieces is among them. */
type Purpose = { readonly words: (string | undefined)[]; joined: boolean };

/** Identifiers that may stand behind a blank, in banks that string them together. */
const IDENTIFIERS: readonly (readonly [string, number])[] = [
  ['EREF', PLACE.EREF], ['MREF', PLACE.MREF], ['SVWZ', PLACE.SVWZ], ['ABWA', PLACE.ABWA], ['ABWE', PLACE.ABWE], ['IBAN', PLACE.IBAN], ['BIC', PLACE.BIC],
  ...['KREF', 'CRED', 'DEBT', 'COAM', 'OAMT', 'PURP'].map((name): [string, number] => [name, PLACE.passedOver]),
];

const PLACE_BY_NUMBER: ReadonlyMap<number, number> = new Map(IDENTIFIERS.map(([name, place]) => [nameNumber(name, 0, name.length), place]));

/** The mark of free words behind an identifier. */
const FREE_MARK = 'MTLG:';

/** Business transaction codes of returned payments: direct debits B2B and CORE, credit transfers. */
const RETURN_CODES: ReadonlySet<string> = new Set(['108', '109', '159']);

/** Reasons of return in subfield 34 whose ISO 20022 code is beyond doubt; the others are given as the bank writes them. */
const REASONS: Readonly<Record<string, string>> = { 901: 'AC01', 912: 'MD06', 914: 'MS03' };

/** Lines joined where they were cut at their width; a line that begins a subfield needs no blank before it. */
function joinLines(lines: readonly string[], separator: string): string {
  let text = lines[0] ?? '';
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const isCut = line.startsWith(separator) || line.startsWith(':') || isFullLine(lines[index - 1] ?? '', index - 1);
    text += isCut ? line : ` ${line}`;
  }
  return text;
}

/** Reads the German structured form: code of three digits, then subfields `?00` to `?63` (the separator may be another sign). */
export function germanDetails(lines: readonly string[]): Mt940Details {
  const text = joinLines(lines, (lines[0] ?? '').trimStart().charAt(3)).trimStart();
  const code = text.slice(0, 3);
  const fields = subfieldsOf(text);
  const { words, joined } = purposeOf(fields);
  // One look at the whole says of most that each text cut out of it has no more than its ends to tidy.
  const said = !joined && isTidy(text) ? trimmedOrNull : textOrNull;
  const account = said(subfield(fields, 38)) ?? said(subfield(fields, 31)) ?? said(words[PLACE.IBAN]);
  const { iban, account: other } = account === null ? NO_ACCOUNT : accountOf(account);
  const remittance = bothTexts(said(words[PLACE.SVWZ]) ?? '', said(words[PLACE.free]) ?? '');
  return {
    name: nameOf(subfield(fields, 32), subfield(fields, 33)), iban, account: other, bic: bicOf(subfield(fields, 30)) ?? bicOf(said(words[PLACE.BIC])),
    ultimateName: said(words[PLACE.ABWA]) ?? said(words[PLACE.ABWE]),
    endToEndId: referenceIn(said(words[PLACE.EREF])), mandateId: referenceIn(said(words[PLACE.MREF])), creditorReference: null, remittance,
    label: said(subfield(fields, 0)), code, returned: RETURN_CODES.has(code) ? returnOf(subfield(fields, 34), remittance) : null,
  };
}

const trimmedOrNull = (text: string | undefined): string | null => text?.trim() || null;

/** Two tidy texts with a blank between them. */
const bothTexts = (one: string, other: string): string => (one === '' || other === '' ? one + other : `${one} ${other}`);

/** The subfields banks write: each has its place in an array, so that nothing is searched for. Others are passed over. */
const SUBFIELDS: readonly number[] = [0, 10, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 60, 61, 62, 63];

/** Place of each number of two digits in `SUBFIELDS`; -1 when it has none. */
const SUBFIELD_PLACE: readonly number[] = Array.from({ length: 100 }, (_, key) => SUBFIELDS.indexOf(key));

/** Subfields of a text by their place. */
type Subfields = (string | undefined)[];

/** None found yet, as `NO_WORDS`. */
const NO_SUBFIELDS: readonly (string | undefined)[] = SUBFIELDS.map(() => undefined);

const subfield = (fields: Subfields, key: number): string | undefined => fields[SUBFIELD_PLACE[key] ?? -1];

/** Places of the subfields of purpose, in the order they are read. */
const PURPOSE_PLACES: readonly number[] = PURPOSE.map((key) => SUBFIELD_PLACE[key] ?? -1);

const NO_NUMBERS: ReadonlySet<number> = new Set();

function subfieldsOf(text: string): Subfields {
  const found: Subfields = NO_SUBFIELDS.slice();
  let others: ReadonlySet<number> = NO_NUMBERS;
  const separator = text.charAt(3);
  let last = -1;
  for (let from = 4; from <= text.length;) {
    const next = text.indexOf(separator, from);
    const end = next < 0 ? text.length : next;
    const key = twoDigits(text, from);
    const place = SUBFIELD_PLACE[key] ?? -1;
    if (place >= 0 && found[place] === undefined) {
      found[place] = text.slice(from + 2, end);
      last = place;
    } else if (key >= 0 && place < 0 && !others.has(key)) {
      others = new Set([...others, key]);
      last = -1;
    // A separator inside a text is no beginning of a subfield: it belongs to the text.
    } else if (last >= 0 && end > from) found[last] += text.slice(from - 1, end);
    from = end + 1;
  }
  return found;
}

/** Name in two subfields: one that is just full goes on in the next; a longer one keeps to no width. */
function nameOf(first: string | undefined, second: string | undefined): string | null {
  if (first === undefined || second === undefined) return textOrNull(first ?? second);
  return textOrNull(first.length === SUBFIELD ? first + second : `${first} ${second}`);
}

/** Purpose by identifier. A value goes on in the next subfield only when its own is full, up to a blank dropped at its end. */
function purposeOf(fields: Subfields): Purpose {
  const found = NO_WORDS.slice();
  let joined = false;
  let place: number = PLACE.free;
  let before = SUBFIELD;
  for (const subfieldPlace of PURPOSE_PLACES) {
    const field = fields[subfieldPlace];
    if (field === undefined) continue;
    if (place !== PLACE.SVWZ && before < SUBFIELD - 1) place = PLACE.free;
    let glue = before === SUBFIELD ? '' : ' ';
    for (let from = 0; from >= 0;) {
      const mark = markLength(field, from);
      const next = nextIdentifier(field, from + mark);
      if (mark > 0) {
        place = placeAt(field, from, mark);
        glue = ' ';
      }
      const known = found[place];
      const piece = field.slice(from + mark, next < 0 ? field.length : next);
      found[place] = known === undefined ? piece : known + glue + piece;
      joined ||= known !== undefined;
      glue = ' ';
      from = next;
    }
    before = field.length;
  }
  return { words: found, joined };
}

const PLUS = 0x2b;

/** Length of the mark at a place, three or four capitals and a plus or that of free words; zero when there is none. */
function markLength(text: string, at: number): number {
  if (text.charCodeAt(at + 4) === PLUS && nameNumber(text, at, at + 4) >= 0) return 5;
  if (text.charCodeAt(at + 3) === PLUS && nameNumber(text, at, at + 3) >= 0) return 4;
  return text.startsWith(FREE_MARK, at) ? FREE_MARK.length : 0;
}

/** Where the words behind the mark of that length go; at the head of a subfield it may be one nobody knows. */
function placeAt(text: string, at: number, length: number): number {
  if (text.startsWith(FREE_MARK, at)) return PLACE.free;
  return PLACE_BY_NUMBER.get(nameNumber(text, at, at + length - 1)) ?? PLACE.passedOver;
}

/** Where a known identifier begins behind a blank; -1 when none follows. */
function nextIdentifier(text: string, from: number): number {
  // Nearly all subfields have none: no blank need be looked behind.
  if (text.indexOf('+', from) < 0 && text.indexOf(':', from) < 0) return -1;
  for (let blank = text.indexOf(' ', from); blank >= 0; blank = text.indexOf(' ', blank + 1)) {
    const at = blank + 1;
    const length = markLength(text, at);
    if (length > 0 && (text.startsWith(FREE_MARK, at) || PLACE_BY_NUMBER.has(nameNumber(text, at, at + length - 1)))) return at;
  }
  return -1;
}

function returnOf(supplement: string | undefined, words: string): BankReturn {
  const number = (supplement ?? '').trim();
  const isReason = /^9\d{2}$/u.test(number);
  return { code: isReason ? (REASONS[number] ?? number) : null, text: textOrNull(words) };
}

/** A run of letters or of digits inside a word. Words end at anything that is neither. */
export type Segment = {
  /** Lower case, without accents. */
  readonly text: string;
  readonly digits: boolean;
  readonly startsWord: boolean;
  readonly endsWord: boolean;
  /** The one character between this segment and the one before, '' when there is none; null after a space, several characters, or at the start. */
  readonly joint: string | null;
  /** Part of an amount of money ("1 200,00", "990.00 EUR"): never a reference. */
  readonly money: boolean;
};

/** Characters of a text that are read: bank texts have some hundreds at most, the rest is noise. */
const READ_CHARS_MAX = 2000;
/** Segments of a text that are read. */
const SEGMENTS_MAX = 400;

const ASCII_TEXT = /^[\x20-\x7e]*$/;
/** An amount with cents: a comma and two digits, or a point and two digits with the currency beside it. */
const MONEY = /(?<![\w.,])\d{1,3}(?:[ .]\d{3})+,\d{2}(?!\w)|(?<![\w.,])\d+,\d{2}(?!\w)|(?<![\w.,])\d+\.\d{2}(?= ?(?:eur|usd|gbp|chf|€|\$))|(?<=(?:eur|usd|gbp|chf|€|\$) ?)\d+\.\d{2}(?!\w)/g;

/** Lower case without accents, other characters kept so that words stay apart. */
export function plain(text: string): string {
  const cut = text.length > READ_CHARS_MAX ? text.slice(0, READ_CHARS_MAX) : text;
  if (ASCII_TEXT.test(cut)) return cut.toLowerCase();
  return cut.replace(/[œŒ]/gu, 'oe').replace(/[æÆ]/gu, 'ae').replace(/ß/gu, 'ss').normalize('NFKD').replace(/[\u0300-\u036f]/gu, '').toLowerCase();
}

/** The segments of a text, in order. */
export function segmentsOf(text: string): Segment[] {
  const folded = plain(text);
  const amounts = folded.includes(',') || folded.includes('.') ? [...folded.matchAll(MONEY)].map((found) => ({ from: found.index, to: found.index + found[0].length })) : [];
  const segments: Segment[] = [];
  let end = -2;
  for (let from = 0; from < folded.length && segments.length < SEGMENTS_MAX; from += 1) {
    const digits = isDigit(folded, from);
    if (!digits && !isLetter(folded, from)) continue;
    let to = from + 1;
    while (digits ? isDigit(folded, to) : isLetter(folded, to)) to += 1;
    segments.push({
      text: folded.slice(from, to), digits, startsWord: !isWordChar(folded, from - 1), endsWord: !isWordChar(folded, to),
      joint: from - end > 1 || folded[end] === ' ' ? null : folded.slice(end, from),
      money: amounts.some((amount) => amount.from <= from && to <= amount.to),
    });
    end = to;
    from = to - 1;
  }
  return segments;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x61 && code <= 0x7a;
}

const isWordChar = (text: string, at: number): boolean => isDigit(text, at) || isLetter(text, at);

/** Letters and digits alone, lower case: "FA2025-0051" is "fa20250051". */
export const compactOf = (text: string): string => plain(text).replace(/[^a-z0-9]/g, '');

/** Whether a text is compactly written so, without writing it. */
export function isCompactOf(text: string, compact: string): boolean {
  let at = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    // Other letters fold into one or several of these.
    if (code > 0x7e || text.length > READ_CHARS_MAX) return compactOf(text) === compact;
    const folded = code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
    if (!((folded >= 0x30 && folded <= 0x39) || (folded >= 0x61 && folded <= 0x7a))) continue;
    if (compact.charCodeAt(at) !== folded) return false;
    at += 1;
  }
  return at === compact.length;
}

/** The segments with leading zeros gone and a point between two numbers: "FA2025-0051" and "fa 2025/51" are both "fa2025.51". */
export function shapeOf(segments: readonly Pick<Segment, 'text' | 'digits'>[]): string {
  let shape = '';
  let afterDigits = false;
  for (const { text, digits } of segments) {
    shape += afterDigits && digits ? `.${withoutZeros(text)}` : digits ? withoutZeros(text) : text;
    afterDigits = digits;
  }
  return shape;
}

/** A number without its leading zeros; "0" of zeros alone. */
export function withoutZeros(digits: string): string {
  const from = zerosOf(digits);
  return from === 0 ? digits : digits.slice(from);
}

/** How many zeros stand before a number; the last one of zeros alone is the number. */
export function zerosOf(digits: string): number {
  let count = 0;
  while (count < digits.length - 1 && digits.charCodeAt(count) === 0x30) count += 1;
  return count;
}

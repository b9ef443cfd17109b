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

const RUNS = /[a-z]+|[0-9]+/g;
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
  RUNS.lastIndex = 0;
  for (let run = RUNS.exec(folded); run !== null && segments.length < SEGMENTS_MAX; run = RUNS.exec(folded)) {
    const from = run.index;
    const to = from + run[0].length;
    segments.push({
      text: run[0], digits: folded.charCodeAt(from) <= 0x39, startsWord: !isWordChar(folded, from - 1), endsWord: !isWordChar(folded, to),
      joint: from - end > 1 || folded[end] === ' ' ? null : folded.slice(end, from),
      money: amounts.some((amount) => amount.from <= from && to <= amount.to),
    });
    end = to;
  }
  return segments;
}

function isWordChar(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a);
}

/** Letters and digits alone, lower case: "FA2025-0051" is "fa20250051". */
export const compactOf = (text: string): string => plain(text).replace(/[^a-z0-9]/g, '');

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
  let from = 0;
  while (from < digits.length - 1 && digits.charCodeAt(from) === 0x30) from += 1;
  return from === 0 ? digits : digits.slice(from);
}

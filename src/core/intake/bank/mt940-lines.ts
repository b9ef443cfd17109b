import { isCapital, isDigit } from './mt940-characters.ts';

/** One field of a message: its tag, the line it starts on, and its lines as written, of which `chars` counts all characters given. */
export type SwiftField = { readonly tag: string; readonly line: number; readonly lines: string[]; chars: number };

/** Characters of a field kept: the norm allows 390 of information, the longest bank dialects stay under 2,000. */
export const MAX_FIELD_LENGTH = 10_000;

/** Tags that end an information field; anything else in that shape inside one is text (a time cut at the end of a line). */
const KNOWN_TAGS: ReadonlySet<string> = new Set(['13', '13D', '20', '21', '25', '25P', '28', '28C', '34F', '60F', '60M', '61', '62F', '62M', '64', '65', '86', '90C', '90D', '940', 'NS']);

/** End of a message: a dash, alone, with the end of the envelope, or with the three letters old ING exports put behind it. */
const MESSAGE_END = /^-(?:\}.*|XXX)?$/u;

/** A block of the SWIFT envelope at the beginning of a line. */
const ENVELOPE = /^\{\d:/u;

const COLON = 0x3a;
const DASH = 0x2d;
const BRACE = 0x7b;

/** Length of the tag at the head of a line, colons included: two digits with a letter or a digit more, or `NS`. Zero when there is none. */
function tagLength(text: string): number {
  if (text.charCodeAt(0) !== COLON) return 0;
  if (!isDigit(text.charCodeAt(1)) || !isDigit(text.charCodeAt(2))) return text.startsWith(':NS:') ? 4 : 0;
  const third = text.charCodeAt(3);
  if (third === COLON) return 4;
  return (isDigit(third) || isCapital(third)) && text.charCodeAt(4) === COLON ? 5 : 0;
}

/** The tag itself; the two that fill a file are not cut out of each line again. */
function tagOf(text: string, length: number): string {
  if (length === 4 && text.charCodeAt(2) === 0x31 && text.charCodeAt(1) === 0x36) return '61';
  if (length === 4 && text.charCodeAt(2) === 0x36 && text.charCodeAt(1) === 0x38) return '86';
  return text.slice(1, length - 1);
}

/** Takes SOH, ETX and other control characters of the transmission off both ends of a line. */
function stripControls(line: string): string {
  let from = 0;
  let to = line.length;
  while (from < to && line.charCodeAt(from) < 0x20) from += 1;
  while (to > from && line.charCodeAt(to - 1) < 0x20) to -= 1;
  return from === 0 && to === line.length ? line : line.slice(from, to);
}

/** True of nothing but blanks; the first character says so of most lines. */
function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return !(first > 0x20 && first < 0x7f) && text.trim() === '';
}

/** Adds a line to a field as far as there is room; `chars` counts what was given. */
function keep(field: SwiftField, text: string): void {
  if (field.chars < MAX_FIELD_LENGTH) field.lines.push(text.slice(0, MAX_FIELD_LENGTH - field.chars));
  field.chars += text.length;
}

/**
 * Gathers the lines of MT940 messages into fields. Everything before the first tag of a message, the envelope and unknown fields are
 * passed over.
 */
export class SwiftFields {
  readonly #field: (field: SwiftField) => void;
  #open: SwiftField | null = null;
  /** A closing balance was seen since the last opening: a lone dash now ends the message, before it is text. */
  #closed = true;

  constructor(field: (field: SwiftField) => void) {
    this.#field = field;
  }

  /** Takes the next line of the file. */
  line(written: string, number: number): void {
    const text = stripControls(written);
    const length = tagLength(text);
    if (length > 0) {
      const tag = tagOf(text, length);
      if (this.#startsField(tag, text)) return this.#start({ tag, line: number, lines: [text.slice(length, length + MAX_FIELD_LENGTH)], chars: text.length - length });
    }
    const first = text.charCodeAt(0);
    if (first === BRACE && ENVELOPE.test(text)) return this.#envelope(text, number);
    if (first === DASH && MESSAGE_END.test(text.trimEnd()) && (this.#closed || !this.#inText())) return this.end();
    if (this.#open !== null && !isBlank(text)) keep(this.#open, text);
    return undefined;
  }

  /** Gives the field being gathered. */
  end(): void {
    const open = this.#open;
    this.#open = null;
    if (open !== null) this.#field(open);
  }

  #envelope(text: string, number: number): void {
    this.end();
    const body = text.indexOf('{4:');
    const first = body < 0 ? '' : text.slice(body + 3);
    if (first !== '') this.line(first, number);
  }

  #inText(): boolean {
    return this.#open?.tag === '86' || this.#open?.tag === '61';
  }

  #startsField(tag: string, text: string): boolean {
    const open = this.#open;
    if (open?.tag !== '86') return true;
    if (!KNOWN_TAGS.has(tag)) return false;
    // "…T13" + ":20:05…": inside an open statement a new reference is no tag when it carries a time on.
    const isTime = !this.#closed && tag < '6' && /^:[0-5]\d:[0-5]\d(?!\d)/u.test(text) && /\d{2}$/u.test(open.lines.at(-1) ?? '');
    return !isTime;
  }

  #start(field: SwiftField): void {
    this.end();
    if (field.tag === '60F' || field.tag === '60M') this.#closed = false;
    if (field.tag === '62F' || field.tag === '62M') this.#closed = true;
    this.#open = field;
  }
}

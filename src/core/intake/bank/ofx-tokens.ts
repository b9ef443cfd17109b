/** What the tokenizer finds: a tag with the text behind it up to the next tag. */
export type OfxToken = {
  /** Upper case, without slash. */
  readonly name: string;
  readonly closing: boolean;
  /** `<NAME/>`. */
  readonly selfClosed: boolean;
  /** Text behind the tag, entities decoded, blanks around taken off. */
  readonly text: string;
  /** Line of the tag, from 1. */
  readonly line: number;
};

/** Why the tokenizer stopped. */
export type OfxFault = { readonly kind: 'doctype' | 'tooLong'; readonly line: number };

/** Longest text without a tag: memos stay under 300 characters, headers under 500. */
export const MAX_OFX_TEXT = 65_536;

/** Longest tag with its attributes; OFX has none, XML exports put a namespace or two. */
const MAX_TAG = 2_000;

/** Characters that may follow `<` in a tag; any other makes it text ("A < B"). */
const TAG_START = /[A-Za-z/?!]/u;

const TAG = /^<(\/?)([A-Za-z][\w.:-]*)/u;

/**
 * Cuts OFX, SGML or XML, into tags with their text, from pieces cut anywhere. Comments and processing instructions are passed over,
 * CDATA is text, a DOCTYPE stops everything before any entity could be declared.
 */
export class OfxTokens {
  readonly #token: (token: OfxToken) => void;
  #buffer = '';
  /** Where the search for the end of the text goes on, so that no character is looked at twice. */
  #from = 0;
  #line = 1;
  #pending: Omit<OfxToken, 'text'> | null = null;
  #text = '';
  #fault: OfxFault | null = null;
  #started = false;
  /** What ends the passage being passed over, or null. */
  #until: '-->' | '?>' | null = null;

  constructor(token: (token: OfxToken) => void) {
    this.#token = token;
  }

  /** Why it stopped; null while it did not. */
  get fault(): OfxFault | null {
    return this.#fault;
  }

  /** Takes the next piece; false when the rest would not be read. */
  push(chunk: string): boolean {
    if (this.#fault !== null) return false;
    this.#buffer += chunk;
    if (!this.#started && this.#buffer !== '') {
      this.#started = true;
      if (this.#buffer.startsWith('\ufeff')) this.#buffer = this.#buffer.slice(1);
    }
    while (this.#step());
    return this.#fault === null;
  }

  /** Gives the last tag. */
  end(): void {
    if (this.#fault !== null) return;
    if (this.#until === null) this.#addText(this.#buffer);
    this.#buffer = '';
    this.#give();
  }

  /** One move forward; false when more text is needed. */
  #step(): boolean {
    if (this.#fault !== null) return false;
    if (this.#until !== null) return this.#passOver(this.#until);
    const open = this.#buffer.indexOf('<', this.#from);
    if (open < 0) return this.#keepFrom(this.#buffer.length);
    const next = this.#buffer.charAt(open + 1);
    if (next === '') return this.#keepFrom(open);
    if (!TAG_START.test(next)) {
      this.#from = open + 1;
      return true;
    }
    this.#addText(this.#buffer.slice(0, open));
    this.#buffer = this.#buffer.slice(open);
    this.#from = 0;
    return next === '!' ? this.#declaration() : next === '?' ? this.#begin('?>') : this.#tag();
  }

  /** Takes the text before a position and waits for more. */
  #keepFrom(position: number): boolean {
    this.#addText(this.#buffer.slice(0, position));
    this.#buffer = this.#buffer.slice(position);
    this.#from = 0;
    return false;
  }

  #begin(until: '-->' | '?>'): boolean {
    this.#until = until;
    return true;
  }

  /** Drops text up to an end mark without keeping it. */
  #passOver(mark: '-->' | '?>'): boolean {
    const end = this.#buffer.indexOf(mark);
    const to = end < 0 ? Math.max(0, this.#buffer.length - mark.length + 1) : end + mark.length;
    this.#countLines(this.#buffer.slice(0, to));
    this.#buffer = this.#buffer.slice(to);
    if (end >= 0) this.#until = null;
    return end >= 0;
  }

  #declaration(): boolean {
    if (this.#buffer.startsWith('<!--')) return this.#begin('-->');
    if (this.#buffer.startsWith('<![CDATA[')) {
      const end = this.#buffer.indexOf(']]>');
      if (end < 0 && this.#buffer.length > MAX_OFX_TEXT) this.#fault = { kind: 'tooLong', line: this.#line };
      if (end < 0) return false;
      // Already plain text: its ampersands must not be taken for entities again.
      this.#addText(this.#buffer.slice('<![CDATA['.length, end).replaceAll('&', '&amp;'));
      this.#buffer = this.#buffer.slice(end + 3);
      return true;
    }
    if ('<!--'.startsWith(this.#buffer) || '<![CDATA['.startsWith(this.#buffer)) return false;
    this.#fault = { kind: 'doctype', line: this.#line };
    return false;
  }

  #tag(): boolean {
    const head = this.#buffer.slice(0, MAX_TAG);
    const end = head.indexOf('>');
    if (end < 0 && head.length < MAX_TAG && !head.includes('<', 1)) return false;
    const match = end < 0 || head.slice(1, end).includes('<') ? null : TAG.exec(head);
    if (match === null) {
      // "A <b and c" is text.
      this.#addText('<');
      this.#buffer = this.#buffer.slice(1);
      return true;
    }
    this.#give();
    this.#pending = { name: (match[2] ?? '').toUpperCase(), closing: match[1] === '/', selfClosed: match[1] === '' && head.charAt(end - 1) === '/', line: this.#line };
    this.#countLines(this.#buffer.slice(0, end + 1));
    this.#buffer = this.#buffer.slice(end + 1);
    return true;
  }

  #addText(text: string): void {
    if (text === '') return;
    this.#countLines(text);
    this.#text += text;
    if (this.#text.length > MAX_OFX_TEXT) this.#fault = { kind: 'tooLong', line: this.#pending?.line ?? 1 };
  }

  #give(): void {
    const pending = this.#pending;
    if (pending !== null) this.#token({ ...pending, text: decodeEntities(this.#text).trim() });
    this.#pending = null;
    this.#text = '';
  }

  #lastWasCarriage = false;

  #countLines(text: string): void {
    for (let at = text.search(/[\r\n]/u); at >= 0 && at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const before = at === 0 ? this.#lastWasCarriage : text.charCodeAt(at - 1) === 0x0d;
      if (code === 0x0d || (code === 0x0a && !before)) this.#line += 1;
    }
    if (text !== '') this.#lastWasCarriage = text.endsWith('\r');
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: '\'', nbsp: ' ' };

const ENTITY = /&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-z]{2,4});/gu;

/** Decodes the few entities OFX knows and numbered characters; everything else stays as written, nothing is ever expanded twice. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(ENTITY, (whole: string, body: string) => {
    if (!body.startsWith('#')) return NAMED[body] ?? whole;
    const code = /^#[xX]/u.test(body) ? Number.parseInt(body.slice(2), 16) : Number(body.slice(1));
    const allowed = (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code < 0xd800) || (code > 0xdfff && code <= 0x10_ffff);
    return allowed ? String.fromCodePoint(code) : whole;
  });
}

import { SaxesParser } from 'saxes';
import type { SaxesAttributeNSIncomplete, SaxesTagNS } from 'saxes';
import { problem } from '#core/intake/problems.ts';
import type { IntakeCase } from '#core/intake/problems.ts';
import { MAX_XML_ATTRIBUTES, MAX_XML_DEPTH, MAX_XML_ELEMENTS, MAX_XML_TOKEN_CHARS } from '#core/intake/xml/xml-limits.ts';
import type { XmlSink } from '#core/intake/xml/xml-node.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { syntaxProblem } from './read-xml-faults.ts';

/** Characters given to the parser at once: between two pieces a token that has grown too long is noticed. */
const PIECE_CHARS = 65_536;

/** A character reference as generators write it; it stands for one character, whatever its length. */
const SHORT_REFERENCE = /&[^;&<]{1,10};/gu;

/** What the parser throws at the first syntax error ("3:14: unclosed tag: a"), told from a fault of our own. */
const SYNTAX_ERROR = /^\d+:\d+: /u;

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

/** What a document may hold beyond the limits all documents have. */
export type XmlAllowance = {
  /** Most elements; `MAX_XML_ELEMENTS` when left out. */
  readonly elements?: number;
  /** Local names of the elements whose text is passed over whatever its length: files embedded in an invoice. */
  readonly unreadTexts?: ReadonlySet<string>;
};

/** Carries the first problem out of the parser, which knows no other way to stop. */
class XmlStop extends Error {
  readonly fault: Problem;

  constructor(fault: Problem) {
    super(fault.code);
    this.fault = fault;
  }
}

/**
 * Parses a document given as text in pieces and passes its elements on. Nothing is fetched, expanded or remembered beyond the open
 * elements; limits hold while a token grows, not once it is whole.
 */
export class XmlFeed {
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #sink: XmlSink;
  readonly #elementsMax: number;
  readonly #unreadTexts: ReadonlySet<string>;
  #attributes: Map<string, string> | null = null;
  #attributeCount = 0;
  #line = 1;
  #depth = 0;
  #elements = 0;
  /** Characters of text since the last tag. */
  #textChars = 0;
  /** Characters of the whole pieces parsed since something ended, character references counted as one. */
  #growing = 0;
  /** Whether nothing has ended in the piece being parsed. */
  #quiet = true;
  /** Depth of the element whose text is passed over; 0 when there is none. */
  #unread = 0;
  #fault: Problem | null = null;

  constructor(sink: XmlSink, allowance: XmlAllowance = {}) {
    this.#sink = sink;
    this.#elementsMax = allowance.elements ?? MAX_XML_ELEMENTS;
    this.#unreadTexts = allowance.unreadTexts ?? new Set();
    // Six handlers and no more: the seventh turns the parser into an object of another kind inside V8, four times slower.
    const parser = this.#parser;
    parser.on('opentagstart', () => this.#tagBegins());
    parser.on('attribute', (attribute) => this.#attribute(attribute));
    parser.on('opentag', (tag) => this.#open(tag));
    parser.on('closetag', () => this.#close());
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
  }

  /** Parses the next piece; the problem that ends the reading, or null. */
  write(text: string): Problem | null {
    for (let at = 0; at < text.length && this.#fault === null; at += PIECE_CHARS) {
      const piece = text.length <= PIECE_CHARS ? text : text.slice(at, at + PIECE_CHARS);
      this.#quiet = true;
      this.#try(() => {
        this.#parser.write(piece);
        if (this.#quiet) this.#grow(piece);
      });
    }
    return this.#fault;
  }

  /** Says that the text has ended; the problem when the document had not. */
  end(): Problem | null {
    if (this.#fault === null) this.#try(() => this.#parser.close());
    return this.#fault;
  }

  /** A piece in which nothing ended: all of it belongs to the token begun before. */
  #grow(piece: string): void {
    this.#growing += piece.replaceAll(SHORT_REFERENCE, ' ').length;
    if (this.#unread === 0 && this.#growing > MAX_XML_TOKEN_CHARS) this.#refuse('xmlTokenTooLong', MAX_XML_TOKEN_CHARS);
  }

  /** Something ended: what comes next begins to grow from nothing. */
  #ended(): void {
    this.#quiet = false;
    this.#growing = 0;
  }

  #try(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (error instanceof XmlStop) this.#fault = error.fault;
      else if (error instanceof Error && SYNTAX_ERROR.test(error.message)) this.#fault = syntaxProblem(error.message, this.#parser);
      else throw error;
    }
  }

  #refuse(name: Extract<IntakeCase, 'xmlTooDeep' | 'xmlTooManyAttributes' | 'xmlTokenTooLong' | 'xmlTooManyElements'>, limit: number): never {
    throw new XmlStop(problem(name, this.#parser.line, { limit }));
  }

  #tagBegins(): void {
    this.#ended();
    this.#attributes = null;
    this.#attributeCount = 0;
    // A name that ends with the line leaves the parser at the beginning of the next one.
    const { line, column } = this.#parser;
    this.#line = column === 0 ? line - 1 : line;
  }

  #attribute({ prefix, local, name, value }: SaxesAttributeNSIncomplete): void {
    this.#ended();
    if (value.length > MAX_XML_TOKEN_CHARS) this.#refuse('xmlTokenTooLong', MAX_XML_TOKEN_CHARS);
    this.#attributeCount += 1;
    if (this.#attributeCount > MAX_XML_ATTRIBUTES) this.#refuse('xmlTooManyAttributes', MAX_XML_ATTRIBUTES);
    if (prefix === 'xmlns' || name === 'xmlns') return;
    this.#attributes ??= new Map();
    // An attribute without prefix belongs to the element's own vocabulary and goes before a namesake of another.
    if (prefix === '' || !this.#attributes.has(local)) this.#attributes.set(local, value);
  }

  #open(tag: SaxesTagNS): void {
    this.#depth += 1;
    this.#elements += 1;
    this.#textChars = 0;
    if (this.#depth > MAX_XML_DEPTH) this.#refuse('xmlTooDeep', MAX_XML_DEPTH);
    if (this.#elements > this.#elementsMax) this.#refuse('xmlTooManyElements', this.#elementsMax);
    if (this.#unread === 0 && this.#unreadTexts.has(tag.local)) this.#unread = this.#depth;
    this.#sink.open({ name: tag.local, namespace: tag.uri, attributes: this.#attributes ?? NO_ATTRIBUTES, line: this.#line });
  }

  #close(): void {
    this.#ended();
    this.#textChars = 0;
    if (this.#depth === this.#unread) this.#unread = 0;
    this.#depth -= 1;
    this.#sink.close();
  }

  #text(text: string): void {
    this.#ended();
    if (this.#unread > 0) return;
    this.#textChars += text.length;
    if (this.#textChars > MAX_XML_TOKEN_CHARS) this.#refuse('xmlTokenTooLong', MAX_XML_TOKEN_CHARS);
    this.#sink.text(text);
  }
}

import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { problem } from '../problems.ts';
import { MAX_XML_PROLOG_CHARS } from './xml-limits.ts';

/** What stands before the first element. */
export type XmlDeclaration = {
  /** Encoding as declared, null when it is not. */
  readonly encoding: string | null;
};

const ENCODING = /\sencoding\s*=\s*(?:"([^"]*)"|'([^']*)')/u;
const BLANKS = /^[ \t\r\n]*/u;
const LINE_ENDS = /\r\n|\r|\n/gu;

/**
 * Looks at the beginning of a document, given in pieces cut anywhere, before anything parses it: a mark, the XML declaration, comments,
 * processing instructions and blanks are passed over up to the first element. A DOCTYPE is refused.
 */
export class XmlProlog {
  #rest = '';
  #line = 1;
  #taken = 0;
  #encoding: string | null = null;
  #started = false;
  #fault: Problem | null = null;
  #found = false;
  #endedInCr = false;

  /** Adds a piece; false when the answer is known. */
  push(text: string): boolean {
    if (this.#found || this.#fault !== null) return false;
    this.#taken += text.length;
    this.#rest += text;
    if (!this.#started && this.#rest !== '') {
      this.#started = true;
      if (this.#rest.startsWith('\ufeff')) this.#rest = this.#rest.slice(1);
    }
    let more = true;
    while (more) more = this.#step();
    if (!this.#found && this.#fault === null && this.#taken > MAX_XML_PROLOG_CHARS) this.#fault = problem('xmlPrologTooLong', this.#line, { limit: MAX_XML_PROLOG_CHARS });
    return !this.#found && this.#fault === null;
  }

  /** The declaration when the first element was reached; otherwise why the document is refused. */
  end(): Result<XmlDeclaration, Problem> {
    if (this.#fault !== null) return err(this.#fault);
    return this.#found ? ok({ encoding: this.#encoding }) : err(problem('xmlNoElement', this.#line, {}));
  }

  /** Takes one comment, instruction or run of blanks off; false when it is not whole yet or nothing is left to look for. */
  #step(): boolean {
    this.#drop(BLANKS.exec(this.#rest)?.[0].length ?? 0);
    const rest = this.#rest;
    if (rest === '') return false;
    if (!rest.startsWith('<')) return this.#refuse(problem('xmlNotMarkup', this.#line, {}));
    if (rest.length === 1) return false;
    if (rest[1] === '?') return this.#pass('?>', 2);
    if (rest[1] !== '!') {
      this.#found = true;
      return false;
    }
    if (rest.length < '<!--'.length && '<!--'.startsWith(rest)) return false;
    return rest.startsWith('<!--') ? this.#pass('-->', 4) : this.#refuse(problem('xmlDoctype', this.#line, {}));
  }

  #refuse(fault: Problem): false {
    this.#fault = fault;
    return false;
  }

  /** Drops up to and with the end of a comment or instruction; the XML declaration is one at the very beginning. */
  #pass(end: string, from: number): boolean {
    const at = this.#rest.indexOf(end, from);
    if (at === -1) return false;
    const whole = this.#rest.slice(0, at);
    if (/^<\?xml\s/u.test(whole)) {
      const declared = ENCODING.exec(whole);
      this.#encoding ??= declared?.[1] ?? declared?.[2] ?? null;
    }
    this.#drop(at + end.length);
    return true;
  }

  #drop(length: number): void {
    if (length === 0) return;
    const dropped = this.#rest.slice(0, length);
    this.#line += dropped.match(LINE_ENDS)?.length ?? 0;
    // A CRLF cut between two pieces is one line end.
    if (this.#endedInCr && dropped.startsWith('\n')) this.#line -= 1;
    this.#endedInCr = dropped.endsWith('\r');
    this.#rest = this.#rest.slice(length);
  }
}

import type { Problem } from '#core/kernel/problem.ts';
import { MAX_FIELD_CHARS, MAX_LINE_CHARS } from './limits.ts';
import { problem } from './problems.ts';

/** Column separators read. */
export type Delimiter = '\t' | '|' | ';' | ',';

/** Why a delimited text cannot be read further; `column` counts from 1. */
export type DelimitedFault =
  | { readonly kind: 'fieldTooLong'; readonly line: number; readonly column: number }
  | { readonly kind: 'quoteMisplaced'; readonly line: number; readonly column: number }
  | { readonly kind: 'quoteUnclosed'; readonly line: number }
  | { readonly kind: 'recordTooLong'; readonly line: number }
  | { readonly kind: 'tooManyColumns'; readonly line: number };

/** The problem that tells a fault to people; `columns` are the titles when known, `maxColumns` the limit that applied. */
export function delimitedProblem(fault: DelimitedFault, columns: readonly string[], maxColumns: number): Problem {
  const { line } = fault;
  if (fault.kind === 'quoteUnclosed') return problem('quoteUnclosed', line, {});
  if (fault.kind === 'recordTooLong') return problem('lineTooLong', line, { limit: MAX_LINE_CHARS });
  if (fault.kind === 'tooManyColumns') return problem('tooManyColumns', line, { limit: maxColumns });
  if (fault.kind === 'quoteMisplaced') return problem('quoteMisplaced', line, { column: fault.column });
  return problem('fieldTooLong', line, { column: columns[fault.column - 1] ?? `${fault.column}`, limit: MAX_FIELD_CHARS });
}

/** Receives each record with the line it starts on; returns false to stop. A blank line gives one empty field. */
export type RecordHandler = (fields: string[], line: number) => boolean;

/** Reads delimited text with quotes (RFC 4180, any line end) pushed in pieces cut anywhere. */
export type DelimitedReader = {
  /** False when the handler stopped or a fault was found. */
  push(text: string): boolean;
  end(): boolean;
  fault(): DelimitedFault | null;
};

/** What a reader splits on and how many columns it lets through. */
export type DelimitedOptions = { readonly delimiter: Delimiter; readonly maxColumns: number };

const QUOTE = 0x22;
const CR = 0x0d;
const LF = 0x0a;

type Place = 'start' | 'plain' | 'quoted' | 'quoteSeen';

/** Starts a reader. A quote opens only at the start of a field; elsewhere it is a character like any other. */
export function createDelimitedReader(options: DelimitedOptions, handle: RecordHandler): DelimitedReader {
  return new Reader(options, handle);
}

class Reader implements DelimitedReader {
  readonly #delimiter: number;
  readonly #maxColumns: number;
  readonly #handle: RecordHandler;
  #place: Place = 'start';
  #field = '';
  #fields: string[] = [];
  #recordChars = 0;
  #line = 1;
  #recordLine = 1;
  #quoteLine = 1;
  #skipLineFeed = false;
  #fault: DelimitedFault | null = null;
  #stopped = false;

  constructor(options: DelimitedOptions, handle: RecordHandler) {
    this.#delimiter = options.delimiter.charCodeAt(0);
    this.#maxColumns = options.maxColumns;
    this.#handle = handle;
  }

  fault(): DelimitedFault | null {
    return this.#fault;
  }

  push(text: string): boolean {
    let at = 0;
    while (at < text.length && !this.#stopped) {
      if (this.#skipLineFeed) {
        this.#skipLineFeed = false;
        if (text.charCodeAt(at) === LF) {
          at += 1;
          continue;
        }
      }
      at = this.#place === 'quoted' ? this.#quotedFrom(text, at) : this.#plainFrom(text, at);
    }
    return !this.#stopped;
  }

  /** Inside quotes: everything up to the next quote belongs to the field, line ends included. */
  #quotedFrom(text: string, at: number): number {
    const quote = text.indexOf('"', at);
    const to = quote < 0 ? text.length : quote;
    this.#append(text.slice(at, to));
    this.#countLines(text, at, to);
    if (quote < 0) return text.length;
    this.#place = 'quoteSeen';
    return quote + 1;
  }

  #lastWasCr = false;

  #countLines(text: string, from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      const code = text.charCodeAt(at);
      if (code === CR || (code === LF && !this.#lastWasCr)) this.#line += 1;
      this.#lastWasCr = code === CR;
    }
  }

  #plainFrom(text: string, start: number): number {
    const first = text.charCodeAt(start);
    if (first === QUOTE && this.#place === 'start') {
      this.#place = 'quoted';
      this.#quoteLine = this.#line;
      this.#lastWasCr = false;
      return start + 1;
    }
    if (first === QUOTE && this.#place === 'quoteSeen') {
      this.#append('"');
      this.#place = 'quoted';
      this.#lastWasCr = false;
      return start + 1;
    }
    let at = start;
    let code = first;
    while (code !== this.#delimiter && code !== CR && code !== LF) {
      at += 1;
      if (at === text.length) break;
      code = text.charCodeAt(at);
    }
    if (at > start) this.#plainText(text.slice(start, at));
    if (at === text.length) return at;
    this.#endField();
    if (code !== this.#delimiter) this.#endRecord(code === CR);
    return at + 1;
  }

  #plainText(piece: string): void {
    if (this.#place !== 'quoteSeen') {
      this.#place = 'plain';
      this.#append(piece);
    } else if (piece.trim() !== '') {
      this.#stop({ kind: 'quoteMisplaced', line: this.#recordLine, column: this.#fields.length + 1 });
    }
  }

  #append(piece: string): void {
    this.#field += piece;
    this.#recordChars += piece.length;
    if (this.#field.length > MAX_FIELD_CHARS) {
      const unclosed = this.#place === 'quoted';
      this.#stop(
        unclosed
          ? { kind: 'quoteUnclosed', line: this.#quoteLine }
          : { kind: 'fieldTooLong', line: this.#recordLine, column: this.#fields.length + 1 },
      );
    } else if (this.#recordChars > MAX_LINE_CHARS) this.#stop({ kind: 'recordTooLong', line: this.#recordLine });
  }

  #endField(): void {
    this.#fields.push(this.#field);
    this.#field = '';
    this.#place = 'start';
    if (this.#fields.length > this.#maxColumns) {
      this.#stop({ kind: 'tooManyColumns', line: this.#recordLine });
    }
  }

  #endRecord(atCarriageReturn: boolean): void {
    const fields = this.#fields;
    this.#fields = [];
    this.#recordChars = 0;
    const line = this.#recordLine;
    this.#line += 1;
    this.#recordLine = this.#line;
    this.#skipLineFeed = atCarriageReturn;
    if (!this.#stopped && !this.#handle(fields, line)) this.#stopped = true;
  }

  #stop(fault: DelimitedFault): void {
    this.#fault ??= fault;
    this.#stopped = true;
  }

  end(): boolean {
    if (this.#stopped) return false;
    if (this.#place === 'quoted') {
      this.#stop({ kind: 'quoteUnclosed', line: this.#quoteLine });
      return false;
    }
    if (this.#fields.length > 0 || this.#field !== '' || this.#place !== 'start') {
      this.#endField();
      this.#endRecord(false);
    }
    return !this.#stopped;
  }
}

/** One record of a CFONB file, padded to the width of its format. */
export type CfonbRecord = {
  readonly text: string;
  /** Line of the file, from 1. */
  readonly line: number;
  /** Number of the record in the file when its line holds several; null when the line says it. */
  readonly record: number | null;
};

/** What a splitter does with records and with those of a wrong length; `record` returns false to stop. */
export type RecordHandlers = {
  readonly width: number;
  /** True when a text can be the beginning of a record: tells a short last record from left-over characters. */
  startsRecord(text: string): boolean;
  record(record: CfonbRecord): boolean;
  wrongLength(at: { readonly line: number; readonly record: number | null; readonly length: number }): boolean;
};

/**
 * Cuts pushed text into records of fixed width. Line ends may be CR, LF, CRLF or absent (one string of n records), trailing spaces may
 * be missing. Blank lines count as lines and are not given.
 */
export class RecordSplitter {
  readonly #handlers: RecordHandlers;
  #rest = '';
  #line = 1;
  #records = 0;
  /** The line being read already gave a record. */
  #several = false;
  #skipLineFeed = false;
  #started = false;
  #stopped = false;

  constructor(handlers: RecordHandlers) {
    this.#handlers = handlers;
  }

  /** Takes the next piece; false when the rest of the file would not be read. */
  push(chunk: string): boolean {
    if (this.#stopped || chunk === '') return !this.#stopped;
    let text = this.#rest + chunk;
    if (!this.#started) {
      this.#started = true;
      if (text.startsWith('\ufeff')) text = text.slice(1);
    }
    let at = this.#skipLineFeed && text.startsWith('\n') ? 1 : 0;
    this.#skipLineFeed = this.#skipLineFeed && text === '';
    let lineFeed = text.indexOf('\n', at);
    let carriage = text.indexOf('\r', at);
    while (lineFeed >= 0 || carriage >= 0) {
      const atCarriage = carriage >= 0 && (lineFeed < 0 || carriage < lineFeed);
      const end = atCarriage ? carriage : lineFeed;
      if (!this.#wholeLine(text.slice(at, end))) return false;
      at = end + 1;
      if (atCarriage && at === text.length) this.#skipLineFeed = true;
      if (atCarriage && text.charCodeAt(at) === 0x0a) at += 1;
      if (carriage < at) carriage = carriage < 0 ? -1 : text.indexOf('\r', at);
      if (lineFeed < at) lineFeed = lineFeed < 0 ? -1 : text.indexOf('\n', at);
    }
    const { width } = this.#handlers;
    for (; text.length - at >= 2 * width; at += width) {
      this.#several = true;
      if (!this.#give(text.slice(at, at + width))) return false;
    }
    this.#rest = text.slice(at);
    return true;
  }

  /** Gives the last record when the text does not end with a line end. */
  end(): boolean {
    if (this.#stopped) return false;
    const last = this.#rest;
    this.#rest = '';
    return last === '' || this.#wholeLine(last);
  }

  #wholeLine(line: string): boolean {
    const { width } = this.#handlers;
    let rest = line;
    if (!this.#several && rest.length > width && rest.length < 2 * width) {
      const extra = rest.slice(width);
      if (extra.trim() !== '' && !this.#handlers.startsRecord(extra)) {
        return this.#nextLine(this.#wrongLength(rest.length));
      }
      this.#several = extra.trim() !== '';
    }
    if (rest.length >= 2 * width) this.#several = true;
    for (; rest.length >= width; rest = rest.slice(width)) if (!this.#give(rest.slice(0, width))) return false;
    if (rest.trim() === '') return this.#nextLine(true);
    if (this.#several && !this.#handlers.startsRecord(rest)) {
      this.#records += 1;
      return this.#nextLine(this.#wrongLength(rest.length));
    }
    return this.#nextLine(this.#give(rest.padEnd(width)));
  }

  #nextLine(more: boolean): boolean {
    this.#line += 1;
    this.#several = false;
    return more;
  }

  #give(text: string): boolean {
    if (text.trim() === '') return true;
    this.#records += 1;
    this.#stopped = !this.#handlers.record({ text, line: this.#line, record: this.#several ? this.#records : null });
    return !this.#stopped;
  }

  #wrongLength(length: number): boolean {
    this.#stopped = !this.#handlers.wrongLength({ line: this.#line, record: this.#several ? this.#records : null, length });
    return !this.#stopped;
  }
}

import type { FecFileName, FecSink, FecSummary } from './fec-line.ts';
import { createDelimitedReader, delimitedProblem } from './delimited.ts';
import type { DelimitedReader } from './delimited.ts';
import { parseFecFileName } from './fec-file-name.ts';
import { readFecHeader } from './fec-header.ts';
import type { FecHeader } from './fec-header.ts';
import { FecLines } from './fec-lines.ts';
import { trimSpaces } from './fold.ts';
import { MAX_FEC_COLUMNS, MAX_LINE_CHARS } from './limits.ts';
import { createLineSplitter } from './lines.ts';
import type { LineSplitter } from './lines.ts';
import { ProblemList } from './problem-list.ts';

/** What is known of a FEC besides its text. */
export type FecOptions = {
  /** Name of the file as sent; the SIREN and the closing day are read in it. */
  readonly fileName?: string;
  /** SIREN of the entity that the file must belong to; another one in the file name refuses it. */
  readonly siren?: string;
};

/** Reads one FEC given as text in pieces cut anywhere. */
export type FecReader = {
  /** Takes the next piece; false when the rest of the file would not be read. */
  push(text: string): boolean;
  /** Ends the file: its totals and problems. The sink's lines count only when `accepted`. */
  end(): FecSummary;
};

/** Starts the reading of a FEC; receivable lines go to the sink at once, so the caller applies them only when `end()` accepts. */
export function createFecReader(sink: FecSink, options: FecOptions = {}): FecReader {
  return new Reading(sink, options);
}

/** Separator put between the fields of quoted files, which a field may not contain. */
const UNIT = '\u001f';

class Reading implements FecReader {
  readonly #sink: FecSink;
  readonly #problems = new ProblemList();
  readonly #fileName: FecFileName | null;
  #head = '';
  #headDone = false;
  #header: FecHeader | null = null;
  #lines: FecLines | null = null;
  #splitter: LineSplitter | null = null;
  #quoted: DelimitedReader | null = null;
  #reading = true;

  constructor(sink: FecSink, options: FecOptions) {
    this.#sink = sink;
    this.#fileName = options.fileName === undefined ? null : parseFecFileName(options.fileName);
    if (options.siren !== undefined && this.#fileName !== null && this.#fileName.siren !== options.siren) {
      this.#problems.add('fecOtherSiren', 0, { found: this.#fileName.siren, expected: options.siren });
    }
  }

  push(text: string): boolean {
    if (!this.#reading || text === '') return this.#reading;
    if (this.#headDone) return this.#feed(text);
    this.#head += text;
    this.#startWhenHeaderRead(false);
    return this.#reading;
  }

  /** Waits for the first line that is not blank, maps it, and feeds all the text from the top to the reader it calls for. */
  #startWhenHeaderRead(atEnd: boolean): void {
    const text = this.#head.startsWith('\ufeff') ? this.#head.slice(1) : this.#head;
    const found = firstLine(text, atEnd);
    if (found === null) {
      if (this.#head.length > MAX_LINE_CHARS) this.#stop(() => this.#problems.add('lineTooLong', 1, { limit: MAX_LINE_CHARS }));
      return;
    }
    this.#headDone = true;
    this.#head = '';
    if (found.line.length > MAX_LINE_CHARS) return this.#stop(() => this.#problems.add('lineTooLong', found.number, { limit: MAX_LINE_CHARS }));
    const header = readFecHeader(found.line, found.number, this.#problems);
    if (!header.ok) return this.#stop(() => undefined);
    if (header.value.headers.length > MAX_FEC_COLUMNS) {
      return this.#stop(() => this.#problems.add('tooManyColumns', found.number, { limit: MAX_FEC_COLUMNS }));
    }
    this.#start(header.value, found.number);
    this.#feed(text);
    return undefined;
  }

  #start(header: FecHeader, headerLine: number): void {
    this.#header = header;
    const separator = header.quoted ? UNIT : header.delimiter;
    const lines = new FecLines({ header, separator, sink: this.#sink, problems: this.#problems, closingOn: this.#fileName?.closingOn ?? null });
    this.#lines = lines;
    if (header.quoted) {
      this.#quoted = createDelimitedReader({ delimiter: header.delimiter, maxColumns: MAX_FEC_COLUMNS }, (fields, line) => {
        if (line <= headerLine) return true;
        const text = fields.map((field) => (field.includes(UNIT) ? field.replaceAll(UNIT, ' ') : field)).join(UNIT);
        return lines.read(line, { text, from: 0, to: text.length });
      });
      return;
    }
    const splitter: LineSplitter = createLineSplitter((text, from, to) => {
      const line = splitter.line();
      return line <= headerLine || lines.read(line, { text, from, to });
    });
    this.#splitter = splitter;
  }

  #feed(text: string): boolean {
    const more = this.#splitter?.push(text) ?? this.#quoted?.push(text) ?? false;
    if (!more) this.#stop(() => this.#reportFault());
    return this.#reading;
  }

  #stop(report: () => void): void {
    if (!this.#reading) return;
    this.#reading = false;
    report();
  }

  #reportFault(): void {
    if (this.#splitter?.tooLong() === true) this.#problems.add('lineTooLong', this.#splitter.line(), { limit: MAX_LINE_CHARS });
    const fault = this.#quoted?.fault() ?? null;
    if (fault !== null) this.#problems.put(delimitedProblem(fault, this.#header?.headers ?? [], MAX_FEC_COLUMNS));
  }

  end(): FecSummary {
    if (this.#reading && !this.#headDone) {
      this.#startWhenHeaderRead(true);
      if (!this.#headDone) this.#problems.add('fileEmpty', 0, {});
    }
    if (this.#reading && this.#headDone) {
      const complete = this.#splitter?.end() ?? this.#quoted?.end() ?? true;
      if (!complete) this.#stop(() => this.#reportFault());
    }
    const totals = this.#lines?.end(this.#reading) ?? NO_TOTALS;
    this.#reading = false;
    const header = this.#header;
    return {
      accepted: !this.#problems.refused,
      separator: header === null ? null : SEPARATOR_NAMES[header.delimiter],
      amountStyle: header?.amountStyle ?? null,
      columns: header === null ? [] : [...header.indexes].map(([field, index]) => ({ field, index, header: header.headers[index] ?? '' })).sort((a, b) => a.index - b.index),
      extraColumns: header?.extraColumns ?? [],
      ...totals,
      fileName: this.#fileName,
      problems: this.#problems.list(),
    };
  }
}

const SEPARATOR_NAMES = { '\t': 'tab', '|': 'pipe', ';': 'semicolon', ',': 'comma' } as const;

const NO_TOTALS = {
  lines: 0, receivableLines: 0, entries: 0, unbalancedEntries: 0, totalDebit: 0n, totalCredit: 0n, firstEntryOn: null, lastEntryOn: null, lettered: false,
};

/** The first line that is not blank once its end is known; null while it is not. */
function firstLine(text: string, atEnd: boolean): { line: string; number: number } | null {
  let at = 0;
  for (let number = 1; at < text.length; number += 1) {
    const end = text.slice(at, at + MAX_LINE_CHARS + 1).search(/[\r\n]/u);
    const tooLong = end < 0 && text.length - at > MAX_LINE_CHARS;
    if (end < 0 && !tooLong && !atEnd) return null;
    const line = end < 0 ? text.slice(at) : text.slice(at, at + end);
    if (tooLong || trimSpaces(line) !== '') return { line, number };
    if (end < 0) return null;
    at += end;
    if (text.startsWith('\r\n', at)) at += 2;
    else at += 1;
  }
  return null;
}

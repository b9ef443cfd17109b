import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeLine, sendsOf } from '#core/channels/journal-lines.ts';
import type { JournalHead, JournalLine, JournalPlace } from '#core/channels/journal-lines.ts';
import { LOOKED_AT_AGAIN } from '#core/channels/memory-journal.ts';
import type { JournalTail } from '#core/channels/send-journal.ts';
import { machineOf, placeOf } from './journal-place.ts';

/** Bytes of a file read at a time. */
const CHUNK_BYTES = 1024 * 1024;
/** A file's head: what its first line takes, many times over. */
const HEAD_BYTES = 4096;
/** Files that are looked at for news; a process writes to one that was followed by two others for no longer than a call lasts. */
const LATEST_FILES = 3;
const NEWLINE = 0x0a;

type Positions = Readonly<Record<string, number>>;
type Read = { readonly lines: readonly JournalLine[]; readonly torn: number; readonly upTo: number };

/** A file that has its head. */
export type Newest = { readonly name: string; readonly head: JournalHead };

/** Reads a journal from its mark, then what comes after; remembers how far the database was known to agree. */
export class JournalReader {
  readonly #folder: string;
  /** Up to where this process saw the database agree; null: it did not look yet. */
  #settled: Positions | null = null;
  /** The latest lines before that. */
  #recent: readonly JournalLine[] = [];
  /** Lines read by the last `read`, to become the recent ones when they settle. */
  #read: readonly JournalLine[] = [];
  #readFrom: string | null = null;
  /** Heads never change while a process sends: each is read once. Who looks at everything looks anew: somebody may have put another folder there. */
  readonly #heads = new Map<string, JournalLine | null>();
  #lines = 0;
  /** The mark that `#settled` goes on from: another one, of another process or of a reconciliation, says better where to begin. */
  #mark: string | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(names: readonly string[], { mark, news }: { readonly mark: string | null; readonly news: boolean }): Promise<JournalTail> {
    if (!news) this.#heads.clear();
    const recently = news && this.#settled !== null && this.#mark === mark;
    const from = recently ? (this.#settled ?? {}) : await this.#positionsOf(names, mark);
    const upTo: Record<string, number> = {};
    const lines: JournalLine[] = recently ? [...this.#recent] : [];
    let torn = 0;
    // Who still writes to a file that was followed by others looks for the newest one at its next call.
    const looked = recently ? names.slice(-LATEST_FILES) : names;
    for (const name of names) if (!looked.includes(name)) upTo[name] = from[name] ?? 0;
    for (const name of looked) {
      const read = await this.#readFile(name, from[name] ?? 0);
      for (const line of read.lines) lines.push(line);
      torn += read.torn;
      upTo[name] = read.upTo;
    }
    const heads = await this.#headsOf(names);
    const newest = await this.newestOf(names);
    this.#read = lines;
    this.#readFrom = mark;
    return {
      head: newest?.head ?? null, place: newest === null ? null : await this.#placeOf(newest.name),
      epochs: new Set(heads.flatMap((head) => (head === null ? [] : [head.epoch]))), sends: sendsOf(lines), torn, upTo,
      lines: recently ? this.#lines + lines.length - this.#recent.length : lines.length,
    };
  }

  settle({ upTo, lines }: JournalTail): void {
    this.#settled = upTo;
    this.#mark = this.#readFrom;
    this.#lines = lines;
    const sends = this.#read.filter(({ k }) => k === 'start' || k === 'end');
    this.#recent = sends.slice(-2 * LOOKED_AT_AGAIN);
  }

  /** The database takes a new mark: everything up to there is done with, known or decided on. */
  marked(mark: string, upTo: Positions): void {
    this.#mark = mark;
    this.#settled = upTo;
    this.#recent = [];
    this.#lines = 0;
  }

  /** Where the mark that the database holds says that it knew everything; nowhere: the journal is read whole. */
  async #positionsOf(names: readonly string[], mark: string | null): Promise<Positions> {
    if (mark === null) return {};
    for (const name of names.toReversed()) {
      const { lines } = await this.#readFile(name, 0);
      const found = lines.findLast((line) => line.k === 'mark' && line.mark === mark);
      if (found?.k === 'mark') return found.upTo;
    }
    return {};
  }

  /** Whole lines from a position on. What stands behind the last line break may still be being written, and is left for the next time. */
  async #readFile(name: string, from: number): Promise<Read> {
    const file = await open(join(this.#folder, name), 'r');
    try {
      const lines: JournalLine[] = [];
      let torn = 0;
      let rest = Buffer.alloc(0);
      let at = from;
      for (;;) {
        const chunk = Buffer.alloc(CHUNK_BYTES);
        const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, at);
        if (bytesRead === 0) break;
        at += bytesRead;
        const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
        const end = bytes.lastIndexOf(NEWLINE) + 1;
        for (const text of bytes.subarray(0, end).toString('latin1').split('\n')) {
          if (text === '') continue;
          const line = decodeLine(text);
          if (line === null) torn += 1;
          else lines.push(line);
        }
        rest = bytes.subarray(end);
      }
      return { lines, torn: rest.length > 0 ? torn + 1 : torn, upTo: at - rest.length };
    } finally {
      await file.close();
    }
  }

  async #headsOf(names: readonly string[]): Promise<(JournalHead | null)[]> {
    const heads: (JournalHead | null)[] = [];
    for (const name of names) heads.push(await this.#headOf(name));
    return heads;
  }

  /** The newest of these files that has a head; null: none has. */
  async newestOf(names: readonly string[]): Promise<Newest | null> {
    for (const name of names.toReversed()) {
      const head = await this.#headOf(name);
      if (head !== null) return { name, head };
    }
    return null;
  }

  /** The first line of a file; null while it is not there whole. */
  async #headOf(name: string): Promise<JournalHead | null> {
    if (!this.#heads.has(name)) {
      const head = await this.#readHead(name);
      if (head !== null) this.#heads.set(name, head);
    }
    const head = this.#heads.get(name) ?? null;
    return head?.k === 'head' ? head : null;
  }

  async #readHead(name: string): Promise<JournalLine | null> {
    const file = await open(join(this.#folder, name), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const [first = ''] = buffer.subarray(0, bytesRead).toString('latin1').split('\n').filter((text) => text !== '');
      return decodeLine(first);
    } finally {
      await file.close();
    }
  }

  async #placeOf(name: string): Promise<JournalPlace> {
    const file = await open(join(this.#folder, name), 'r');
    try {
      return placeOf(await file.stat(), await machineOf());
    } finally {
      await file.close();
    }
  }
}

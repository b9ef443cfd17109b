import { mkdir, open, readdir, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeLine } from '#core/channels/journal-lines.ts';
import type { JournalHead, JournalLine } from '#core/channels/journal-lines.ts';
import type { JournalFailure, JournalNote, JournalTail, SendJournal } from '#core/channels/send-journal.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { cannotRead, cannotWrite, gone, overtaken } from './journal-failure.ts';
import { machineOf, placeOf } from './journal-place.ts';
import { JournalReader } from './read-journal.ts';
import type { Newest } from './read-journal.ts';

/** A file larger than this is followed by a new one at the next mark: some ten thousand messages, read in a tenth of a second. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;

const NUMBER_DIGITS = 6;
const nameOf = (number: number): string => `${String(number).padStart(NUMBER_DIGITS, '0')}.jsonl`;
const NAME = /^\d{6}\.jsonl$/;

/** What a file is written through; tests put one that fails in its place. */
export type OpenFile = (path: string, flags: string) => Promise<Pick<FileHandle, 'write' | 'datasync' | 'stat' | 'close'>>;

const openForReal: OpenFile = (path, flags) => open(path, flags, 0o600);

type Writing = { readonly path: string; readonly name: string; readonly file: Awaited<ReturnType<OpenFile>> };

/**
 * The journal as files in a folder, numbered, the newest one appended to. Any number of processes of a machine share it: the file is opened to append, and a note is one
 * write, which the system puts behind the others whole. Each note begins with a line break, so that one broken off by a full disk spoils nothing but itself.
 */
export class FileJournal implements SendJournal {
  readonly where: string;
  readonly #open: OpenFile;
  readonly #reader: JournalReader;
  #writing: Writing | null = null;
  /** Reading may put another file in the place of the one that is written to: one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(folder: string, openFile: OpenFile = openForReal) {
    this.where = folder;
    this.#open = openFile;
    this.#reader = new JournalReader(folder);
  }

  write({ starts, ends }: JournalNote): Promise<Result<null, JournalFailure>> {
    return this.#inTurn(async () => {
      const [first] = starts;
      // Looked before: what was overtaken must not disturb who took over. And after: who took over read this line, or is seen here.
      if (first !== undefined && await this.#isOvertaken(first.epoch)) return err(overtaken(this.where));
      const written = await this.#append([...ends, ...starts]);
      return written.ok && first !== undefined && await this.#isOvertaken(first.epoch) ? err(overtaken(this.where)) : written;
    }, cannotWrite);
  }

  tail(since: { readonly mark: string | null; readonly news: boolean }): Promise<Result<JournalTail, JournalFailure>> {
    return this.#inTurn(async () => {
      const names = await journalFiles(this.where);
      const tail = await this.#reader.read(names, since);
      const newest = await this.#reader.newestOf(names);
      // Another process may have begun a file, or somebody taken ours away: what is written from now on goes where it is read.
      if (this.#writing !== null && (newest?.name !== this.#writing.name || (await inodeOf(this.#writing)) !== tail.place?.inode)) await this.#letGo();
      return ok(tail);
    }, cannotRead);
  }

  settle(tail: JournalTail): void {
    this.#reader.settle(tail);
  }

  begin(head: Omit<JournalHead, 'k' | 'v' | 'place'>): Promise<Result<null, JournalFailure>> {
    return this.#inTurn(async () => {
      await mkdir(this.where, { recursive: true, mode: 0o700 });
      await this.#beginFile(head);
      return ok(null);
    }, cannotWrite);
  }

  mark({ mark, tail, head }: Parameters<SendJournal['mark']>[0]): Promise<Result<null, JournalFailure>> {
    return this.#inTurn(async () => {
      const newest = await this.#newest();
      if (newest !== null && (tail.upTo[newest.name] ?? 0) > FILE_BYTES_MAX) await this.#beginFile(head);
      const written = await this.#append([{ k: 'mark', epoch: head.epoch, mark, upTo: tail.upTo, at: head.at }]);
      if (written.ok) this.#reader.marked(mark, tail.upTo);
      return written;
    }, cannotWrite);
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#letGo();
  }

  /** Does one thing after the other; what the system refuses becomes a sentence. */
  #inTurn<Value>(work: () => Promise<Result<Value, JournalFailure>>, failed: typeof cannotWrite): Promise<Result<Value, JournalFailure>> {
    const done = this.#turn.then(work).catch((error: unknown) => {
      if (error instanceof Error && typeof Reflect.get(error, 'code') === 'string') return err(failed(this.where, error));
      throw error;
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #append(lines: readonly JournalLine[]): Promise<Result<null, JournalFailure>> {
    const writing = this.#writing ?? await this.#reopen();
    if (writing === null) return err(gone(this.where));
    await append(writing.file, lines);
    return ok(null);
  }

  /** The newest file that has a head. One without is still being begun, or was when its process died: nothing is written to it. */
  async #newest(): Promise<Newest | null> {
    return this.#reader.newestOf(await journalFiles(this.where));
  }

  /** Who takes over writes its head, and only then reads what is there: a line before the head is read by it, a line after it finds it here. */
  async #isOvertaken(epoch: string): Promise<boolean> {
    const newest = await this.#newest();
    return newest !== null && newest.head.epoch !== epoch;
  }

  async #letGo(): Promise<void> {
    const writing = this.#writing;
    this.#writing = null;
    await writing?.file.close();
  }

  async #reopen(): Promise<Writing | null> {
    const newest = await this.#newest();
    if (newest === null) return null;
    const path = join(this.where, newest.name);
    this.#writing = { path, name: newest.name, file: await this.#open(path, 'a') };
    return this.#writing;
  }

  /** A new file whose first line says where it stands; the folder is made durable too, or a power cut could take the file with its lines. */
  async #beginFile(head: Omit<JournalHead, 'k' | 'v' | 'place'>): Promise<void> {
    await this.#letGo();
    const last = (await journalFiles(this.where)).at(-1);
    const name = nameOf(last === undefined ? 1 : Number.parseInt(last, 10) + 1);
    const path = join(this.where, name);
    const file = await this.#open(path, 'ax');
    try {
      await put(file, [{ k: 'head', v: 1, ...head, place: placeOf(await file.stat(), await machineOf()) }]);
    } catch (error) {
      // Nobody took it for a file of the journal: the one before stays the newest.
      await file.close();
      await rm(path, { force: true });
      throw error;
    }
    this.#writing = { path, name, file };
    await file.datasync();
    const folder = await open(this.where, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

async function append(file: Writing['file'], lines: readonly JournalLine[]): Promise<void> {
  await put(file, lines);
  await file.datasync();
}

async function put(file: Writing['file'], lines: readonly JournalLine[]): Promise<void> {
  const bytes = Buffer.from(`\n${lines.map(encodeLine).join('\n')}\n`, 'latin1');
  const { bytesWritten } = await file.write(bytes);
  if (bytesWritten !== bytes.length) throw Object.assign(new Error('the line was not written whole'), { code: 'ENOSPC' });
}

async function inodeOf({ path }: Writing): Promise<string | null> {
  try {
    const file = await open(path, 'r');
    try {
      return String((await file.stat()).ino);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return null;
    throw error;
  }
}

/** The files of a journal in their order; none when the folder is not there. */
export async function journalFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => NAME.test(name)).toSorted();
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return [];
    throw error;
  }
}

import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { BackupFault } from './backup-fault.ts';
import { CHUNK_BYTES, openChunk, TAG_BYTES } from './chunks.ts';
import type { Seal } from './archive-header.ts';

/** Read from the disk at once. */
const READ_BYTES = 1024 * 1024;

/** Bytes of a file in order. `at` is the byte of the file that the next take begins at, or the chunk that holds it. */
export type Source = {
  /** The next bytes, exactly so many; throws when the file ends before, saying what should have followed. */
  take(length: number, what: string): Promise<Buffer>;
  readonly at: number;
  readonly atEnd: boolean;
};

/** A file read from its beginning, with the hash of all that was read. */
export class FileSource implements Source {
  readonly #file: FileHandle;
  readonly size: number;
  readonly #hash = createHash('sha256');
  #buffer: Buffer = Buffer.alloc(0);
  #readTo = 0;
  at = 0;

  private constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  static async open(path: string): Promise<FileSource> {
    const file = await open(path, 'r');
    const found = await file.stat();
    if (found.isFile()) return new FileSource(file, found.size);
    await file.close();
    throw new BackupFault('backup.notABackup');
  }

  get atEnd(): boolean {
    return this.at >= this.size;
  }

  async take(length: number, what: string): Promise<Buffer> {
    if (length > this.size - this.at) throw new BackupFault('backup.truncated', this.size, what);
    while (this.#buffer.length < length) await this.#more(what);
    const taken = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    this.at += length;
    return taken;
  }

  /** SHA-256 of the whole file, once it was read to its end. */
  sha256(): string {
    return this.#hash.digest('hex');
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #more(what: string): Promise<void> {
    const piece = Buffer.alloc(Math.min(READ_BYTES, this.size - this.#readTo));
    const { bytesRead } = await this.#file.read(piece, 0, piece.length, this.#readTo);
    // Shorter than it was when it was opened: somebody cuts it while it is read.
    if (bytesRead === 0) throw new BackupFault('backup.truncated', this.#readTo, what);
    const read = piece.subarray(0, bytesRead);
    this.#hash.update(read);
    this.#readTo += bytesRead;
    this.#buffer = this.#buffer.length === 0 ? read : Buffer.concat([this.#buffer, read]);
  }
}

/** The records of an encrypted file: each chunk is opened for the place it stands at. */
export class SealedSource implements Source {
  readonly #file: FileSource;
  readonly #seal: Seal;
  #buffer: Buffer = Buffer.alloc(0);
  #number = 0;
  #ended = false;
  at: number;

  constructor(file: FileSource, seal: Seal) {
    this.#file = file;
    this.#seal = seal;
    this.at = file.at;
  }

  get atEnd(): boolean {
    return this.#ended && this.#buffer.length === 0;
  }

  async take(length: number, what: string): Promise<Buffer> {
    const parts = [this.#buffer];
    let have = this.#buffer.length;
    while (have < length) {
      const chunk = await this.#chunk(what);
      parts.push(chunk);
      have += chunk.length;
    }
    const bytes = parts.length === 1 ? this.#buffer : Buffer.concat(parts);
    this.#buffer = bytes.subarray(length);
    return bytes.subarray(0, length);
  }

  async #chunk(what: string): Promise<Buffer> {
    if (this.#ended) throw new BackupFault('backup.truncated', this.#file.size, what);
    this.at = this.#file.at;
    const left = this.#file.size - this.#file.at;
    const last = left <= CHUNK_BYTES + TAG_BYTES;
    if (left <= TAG_BYTES) throw new BackupFault('backup.truncated', this.#file.size, what);
    const plain = openChunk(this.#seal, { number: this.#number, last }, await this.#file.take(last ? left : CHUNK_BYTES + TAG_BYTES, what));
    if (plain === null) throw new BackupFault('backup.damaged', this.at, 'AES-GCM');
    this.#number += 1;
    this.#ended = last;
    return plain;
  }
}

import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, zstdCompress } from 'node:zlib';
import { newSalt } from '#server/plumbing/random.ts';
import { BLOCK_BYTES_MAX, KIND, RECORD_HEAD_BYTES, rowsIn, TEXT_BYTES_MAX } from './archive-format.ts';
import type { ArchiveIndex, Counted, Kind, Manifest, SectionName } from './archive-format.ts';
import { NONCE_PREFIX_BYTES, plainHeader, SALT_BYTES, SCRYPT_LOG_N, sealedHeader } from './archive-header.ts';
import type { Seal } from './archive-header.ts';
import { BackupFault } from './backup-fault.ts';
import { CHUNK_BYTES, sealChunk } from './chunks.ts';

const compress = promisify(zstdCompress);
/** Blocks being compressed at a time, on the threads of the runtime: the database is read meanwhile, and memory stays at a few mebibytes. */
const IN_FLIGHT = 4;
const MODE_PRIVATE = 0o600;

/** The record of a kind, whole: what stands before the payload, and the payload. */
export function frame(kind: Kind, length: number, payload: Buffer): Buffer {
  const record = Buffer.alloc(RECORD_HEAD_BYTES + payload.length);
  record.writeUInt8(kind, 0);
  record.writeUInt32BE(length, 1);
  record.writeUInt32BE(payload.length, 5);
  payload.copy(record, RECORD_HEAD_BYTES);
  record.writeUInt32BE(crc32(payload, crc32(record.subarray(0, 9))), 9);
  return record;
}

/** Takes the bytes of the records to the file, sealed in chunks when there is a seal. */
class Sink {
  readonly #file: FileHandle;
  readonly #seal: Seal | null;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #number = 0;
  constructor(file: FileHandle, seal: Seal | null) {
    this.#file = file;
    this.#seal = seal;
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#seal === null) {
      await this.#file.writeFile(bytes);
      return;
    }
    this.#kept.push(bytes);
    this.#keptBytes += bytes.length;
    // One chunk is always kept back: only the end of the file may be marked as last.
    if (this.#keptBytes > CHUNK_BYTES) await this.#sealKept(this.#seal, false);
  }

  async end(): Promise<void> {
    if (this.#seal !== null) await this.#sealKept(this.#seal, true);
  }

  async #sealKept(seal: Seal, last: boolean): Promise<void> {
    const bytes = Buffer.concat(this.#kept);
    let from = 0;
    while (bytes.length - from > CHUNK_BYTES) {
      await this.#file.writeFile(sealChunk(seal, this.#next(false), bytes.subarray(from, from + CHUNK_BYTES)));
      from += CHUNK_BYTES;
    }
    const rest = bytes.subarray(from);
    if (last) await this.#file.writeFile(sealChunk(seal, this.#next(true), rest));
    this.#kept = last ? [] : [rest];
    this.#keptBytes = last ? 0 : rest.length;
  }

  #next(last: boolean): { number: number; last: boolean } {
    this.#number += 1;
    return { number: this.#number - 1, last };
  }
}

type OpenSection = { readonly name: SectionName; readonly hash: Hash; bytes: number; rows: number };

/** How a file is written: its passphrase when it is to be encrypted; `logN` (scrypt's cost) differs only in tests. */
export type WriteOptions = { readonly passphrase: string | null; readonly logN?: number };

/** Writes a backup file: the manifest, section after section, the end. Memory is bounded whatever the size. */
export class ArchiveWriter {
  readonly #file: FileHandle;
  readonly #sink: Sink;
  readonly #hash = createHash('sha256');
  readonly #queue: Promise<Buffer>[] = [];
  readonly #sections: Counted[] = [];
  #block: Buffer[] = [];
  #blockBytes = 0;
  #section: OpenSection | null = null;

  private constructor(file: FileHandle, seal: Seal | null) {
    this.#file = file;
    this.#sink = new Sink(file, seal);
  }

  /** Creates the file, which must not be there, readable by its owner alone. */
  static async create(path: string, { passphrase, logN }: WriteOptions): Promise<ArchiveWriter> {
    const random = { salt: newSalt(SALT_BYTES), noncePrefix: newSalt(NONCE_PREFIX_BYTES) };
    const seal = passphrase === null ? null : await sealedHeader(passphrase, random, logN ?? SCRYPT_LOG_N);
    const header = seal?.header ?? plainHeader();
    const file = await open(path, 'wx', MODE_PRIVATE);
    const writer = new ArchiveWriter(file, seal);
    await file.writeFile(header);
    writer.#hash.update(header);
    return writer;
  }

  /** The first record. */
  async manifest(manifest: Manifest): Promise<void> {
    await this.#text(KIND.manifest, manifest);
  }

  /** Begins the rows of a part of a table. */
  async begin(name: SectionName): Promise<void> {
    await this.#text(KIND.section, name);
    this.#section = { name, hash: createHash('sha256'), bytes: 0, rows: 0 };
  }

  /** Adds bytes of COPY text to the section begun. */
  async rows(bytes: Buffer): Promise<void> {
    const section = this.#opened();
    section.hash.update(bytes);
    section.bytes += bytes.length;
    section.rows += rowsIn(bytes);
    for (let from = 0; from < bytes.length;) {
      const part = bytes.subarray(from, from + BLOCK_BYTES_MAX - this.#blockBytes);
      this.#block.push(part);
      this.#blockBytes += part.length;
      from += part.length;
      if (this.#blockBytes === BLOCK_BYTES_MAX) await this.#flushBlock();
    }
  }

  /** Ends the section. */
  async end(): Promise<Counted> {
    const section = this.#opened();
    if (this.#blockBytes > 0) await this.#flushBlock();
    const counted = { ...section.name, rows: section.rows, bytes: section.bytes, sha256: section.hash.digest('hex') };
    this.#sections.push(counted);
    this.#section = null;
    return counted;
  }

  /** Writes index and footer and waits until the disk has everything. */
  async finish(): Promise<ArchiveIndex> {
    const index: ArchiveIndex = {
      sections: this.#sections, rows: this.#sections.reduce((sum, one) => sum + one.rows, 0), bytes: this.#sections.reduce((sum, one) => sum + one.bytes, 0),
    };
    await this.#text(KIND.index, index);
    while (this.#queue.length > 0) await this.#writeNext();
    const digest = this.#hash.digest();
    await this.#sink.write(frame(KIND.footer, digest.length, digest));
    await this.#sink.end();
    await this.#file.sync();
    await this.#file.close();
    return index;
  }

  /** Lets go of a file that will not be finished. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.#queue);
    await this.#file.close();
  }

  #opened(): OpenSection {
    if (this.#section === null) throw new Error('no section was begun');
    return this.#section;
  }

  async #text(kind: Kind, document: object): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(document));
    if (bytes.length > TEXT_BYTES_MAX) throw new BackupFault('backup.tooMany', 0, String(bytes.length));
    await this.#record(kind, bytes);
  }

  async #flushBlock(): Promise<void> {
    const bytes = Buffer.concat(this.#block, this.#blockBytes);
    this.#block = [];
    this.#blockBytes = 0;
    await this.#record(KIND.data, bytes);
  }

  async #record(kind: Kind, bytes: Buffer): Promise<void> {
    const packed = compress(bytes).then((payload) => frame(kind, bytes.length, payload));
    // Whoever waits for it in its turn reports the rejection; this keeps it from being counted as unhandled before.
    packed.catch(() => undefined);
    this.#queue.push(packed);
    if (this.#queue.length >= IN_FLIGHT) await this.#writeNext();
  }

  async #writeNext(): Promise<void> {
    const record = await this.#queue.shift();
    if (record === undefined) return;
    this.#hash.update(record);
    await this.#sink.write(record);
  }
}

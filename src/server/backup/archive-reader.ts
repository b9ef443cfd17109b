import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { promisify } from 'node:util';
import { crc32, zstdDecompress } from 'node:zlib';
import type { z } from 'zod';
import { BLOCK_BYTES_MAX, HEADER_BYTES, indexSchema, KIND, manifestSchema, RECORD_HEAD_BYTES, rowsIn, sectionKey, sectionSchema, storedBytesMax, TEXT_BYTES_MAX } from './archive-format.ts';
import type { ArchiveIndex, Kind, Manifest, SectionName } from './archive-format.ts';
import { openHeader } from './archive-header.ts';
import { FileSource, SealedSource } from './archive-source.ts';
import type { Source } from './archive-source.ts';
import { BackupFault } from './backup-fault.ts';
import { footerHolds } from './footer.ts';

const decompress = promisify(zstdDecompress);
const FOOTER_BYTES = 32;
const KINDS: ReadonlySet<number> = new Set(Object.values(KIND));

/** A backup file piece by piece. Only once the end was reached is anything of it known to be whole. */
export type Piece =
  | { readonly kind: 'manifest'; readonly manifest: Manifest; readonly encrypted: boolean; readonly at: number }
  | { readonly kind: 'section'; readonly section: SectionName; readonly at: number }
  | { readonly kind: 'rows'; readonly bytes: Buffer }
  | { readonly kind: 'end'; readonly index: ArchiveIndex; readonly size: number; readonly sha256: string };

type Rec = { readonly kind: Kind; readonly bytes: Buffer; readonly at: number };

const lengthMax = (kind: number): number => (kind === KIND.data ? BLOCK_BYTES_MAX : kind === KIND.footer ? FOOTER_BYTES : TEXT_BYTES_MAX);

async function unpack(kind: number, length: number, payload: Buffer): Promise<Buffer | null> {
  if (kind === KIND.footer) return payload.length === length ? payload : null;
  try {
    const bytes = await decompress(payload, { maxOutputLength: length });
    return bytes.length === length ? bytes : null;
  } catch (error) {
    // zstd's own refusals: bytes it cannot read, or more of them than were announced.
    if (error instanceof Error) return null;
    throw error;
  }
}

/** The next record; lengths are judged before anything is taken by them. */
async function nextRecord(source: Source, seen: Hash): Promise<Rec> {
  const { at } = source;
  const head = await source.take(RECORD_HEAD_BYTES, 'record');
  const [kind, length, stored] = [head.readUInt8(0), head.readUInt32BE(1), head.readUInt32BE(5)];
  if (!KINDS.has(kind)) throw new BackupFault('backup.damaged', at, 'record');
  if (length === 0 || length > lengthMax(kind) || stored > storedBytesMax(length)) throw new BackupFault('backup.damaged', at, `${length} / ${stored}`);
  const headBytes = Buffer.from(head);
  const payload = await source.take(stored, 'record');
  if (crc32(payload, crc32(headBytes.subarray(0, 9))) !== headBytes.readUInt32BE(9)) throw new BackupFault('backup.damaged', at, 'CRC-32');
  if (kind !== KIND.footer) seen.update(headBytes).update(payload);
  const bytes = await unpack(kind, length, payload);
  if (bytes === null) throw new BackupFault('backup.damaged', at, 'zstd');
  return { kind: kind as Kind, bytes, at };
}

function parse<T>(schema: z.ZodType<T>, record: Rec, what: string): T {
  try {
    return schema.parse(JSON.parse(record.bytes.toString('utf8')));
  } catch (error) {
    if (error instanceof Error) throw new BackupFault('backup.inconsistent', record.at, what);
    throw error;
  }
}

/** Counts and hashes the sections as they pass, and holds them against the index. */
class Tally {
  readonly #manifest: Manifest;
  readonly #found: { key: string; rows: number; bytes: number; sha256: string }[] = [];
  readonly #keys = new Set<string>();
  #open: { key: string; rows: number; bytes: number; hash: Hash } | null = null;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  /** A section begins: of a table of the manifest, of an organisation exactly when the table is kept by organisation, and only once. */
  begin(section: SectionName, at: number): void {
    this.#close();
    const key = sectionKey(section);
    const table = this.#manifest.tables.find((one) => one.name === section.table);
    const known = section.organisation === null || this.#manifest.organisations.some((one) => one.id === section.organisation);
    if (table === undefined || table.perOrganisation !== (section.organisation !== null) || !known || this.#keys.has(key)) throw new BackupFault('backup.inconsistent', at, key);
    this.#keys.add(key);
    this.#open = { key, rows: 0, bytes: 0, hash: createHash('sha256') };
  }

  rows(bytes: Buffer, at: number): void {
    if (this.#open === null) throw new BackupFault('backup.inconsistent', at, 'section');
    this.#open.hash.update(bytes);
    this.#open.bytes += bytes.length;
    this.#open.rows += rowsIn(bytes);
  }

  /** Everything the index says is what passed, in its order, and nothing is missing. */
  compare(index: ArchiveIndex, at: number): void {
    this.#close();
    const told = index.sections;
    const wrong = told.findIndex((one, place) => {
      const found = this.#found[place];
      return found === undefined || found.key !== sectionKey(one) || found.rows !== one.rows || found.bytes !== one.bytes || found.sha256 !== one.sha256;
    });
    if (wrong !== -1) throw new BackupFault('backup.inconsistent', at, sectionKey(told[wrong] ?? { table: '', organisation: null }));
    const sum = (of: 'rows' | 'bytes'): number => told.reduce((total, one) => total + one[of], 0);
    if (told.length !== this.#found.length || sum('rows') !== index.rows || sum('bytes') !== index.bytes) throw new BackupFault('backup.inconsistent', at, 'index');
  }

  #close(): void {
    if (this.#open !== null) {
      const { hash, ...counted } = this.#open;
      this.#found.push({ ...counted, sha256: hash.digest('hex') });
    }
    this.#open = null;
  }
}

/** Reads a file's records in the order they must have, and ends only when everything held. */
async function* readRecords(file: FileSource, source: Source, start: { seen: Hash; encrypted: boolean }): AsyncGenerator<Piece> {
  const { seen } = start;
  const first = await nextRecord(source, seen);
  if (first.kind !== KIND.manifest) throw new BackupFault('backup.inconsistent', first.at, 'manifest');
  const manifest = parse(manifestSchema, first, 'manifest');
  yield { kind: 'manifest', manifest, encrypted: start.encrypted, at: first.at };
  const tally = new Tally(manifest);
  for (;;) {
    const record = await nextRecord(source, seen);
    if (record.kind === KIND.section) {
      const section = parse(sectionSchema, record, 'section');
      tally.begin(section, record.at);
      yield { kind: 'section', section, at: record.at };
    } else if (record.kind === KIND.data) {
      tally.rows(record.bytes, record.at);
      yield { kind: 'rows', bytes: record.bytes };
    } else if (record.kind === KIND.index) {
      const index = parse(indexSchema, record, 'index');
      tally.compare(index, record.at);
      const footer = await nextRecord(source, seen);
      if (footer.kind !== KIND.footer || !footerHolds(seen.digest(), footer.bytes)) throw new BackupFault('backup.damaged', footer.at, 'SHA-256');
      if (!source.atEnd || !file.atEnd) throw new BackupFault('backup.damaged', file.at, 'after the end');
      yield { kind: 'end', index, size: file.size, sha256: file.sha256() };
      return;
    } else throw new BackupFault('backup.inconsistent', record.at, 'order');
  }
}

/** Reads a backup file from its beginning; throws a `BackupFault` where it is not what it should be. The last piece says that all held. */
export async function* readArchive(path: string, passphrase: string | null): AsyncGenerator<Piece> {
  const file = await FileSource.open(path);
  try {
    if (file.size < HEADER_BYTES) throw new BackupFault('backup.notABackup');
    const header = Buffer.from(await file.take(HEADER_BYTES, 'header'));
    const seal = await openHeader(header, passphrase);
    const source: Source = seal === null ? file : new SealedSource(file, seal);
    yield* readRecords(file, source, { seen: createHash('sha256').update(header), encrypted: seal !== null });
  } finally {
    await file.close();
  }
}

/** What a file is, once it was read whole and everything held. */
export type Checked = { readonly manifest: Manifest; readonly index: ArchiveIndex; readonly encrypted: boolean; readonly size: number; readonly sha256: string };

/** Reads a file whole and keeps nothing of its rows; throws a `BackupFault` when anything in it does not hold. */
export async function checkArchive(path: string, passphrase: string | null): Promise<Checked> {
  let begun: { manifest: Manifest; encrypted: boolean } | null = null;
  for await (const piece of readArchive(path, passphrase)) {
    if (piece.kind === 'manifest') begun = { manifest: piece.manifest, encrypted: piece.encrypted };
    if (piece.kind === 'end' && begun !== null) return { ...begun, index: piece.index, size: piece.size, sha256: piece.sha256 };
  }
  throw new Error('a file ended without an end');
}

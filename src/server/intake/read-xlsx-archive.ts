import { crc32, inflateRawSync } from 'node:zlib';
import { problem } from '#core/intake/problems.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual } from '#core/kernel/text.ts';

/** Largest workbook file taken (20 MB): 200,000 rows of open items make 10 MB. */
export const MAX_ARCHIVE_BYTES = 20 * 1024 * 1024;
/** Most entries of a workbook; a real one with 50 sheets has about 120. */
export const MAX_ARCHIVE_ENTRIES = 1_000;
/** Most bytes a workbook may unpack to, declared and counted; the reader holds them in memory. */
export const MAX_UNPACKED_BYTES = 50 * 1024 * 1024;
/** Most times an entry may grow when unpacked; repetitive sheets reach 30, bombs 1,000. */
export const MAX_UNPACK_RATIO = 100;
/** Below this size the ratio proves nothing: a small file of one repeated byte. */
const RATIO_FREE_BYTES = 1024 * 1024;
/** Longest entry name; real ones stay under 60. */
const MAX_NAME_BYTES = 255;

const END_SIGNATURE = 0x06054b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 0xffff;
const ZIP64_MARK = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;

/** One entry as the central directory declares it. */
type Entry = {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly localAt: number;
};

const tooLarge = (limit: number, what: Bilingual): Problem => problem('archiveTooLarge', 0, { limit, what });
const UNPACKED: Bilingual = { fr: 'octets décompressés', en: 'unpacked bytes' };
const ENTRIES: Bilingual = { fr: 'entrées', en: 'entries' };
const RATIO: Bilingual = { fr: 'fois sa taille à la décompression', en: 'times its size when unpacked' };
const FILE_BYTES: Bilingual = { fr: 'octets', en: 'bytes' };

/**
 * Lists and unpacks a zip archive as a workbook may be one, with every cap checked on what is declared before unpacking and
 * again on what is counted. `wanted` picks the entries to unpack. Layout: PKWARE APPNOTE 6.3.
 */
export function unpackArchive(bytes: Buffer, wanted: (name: string) => boolean): Result<ReadonlyMap<string, Buffer>, Problem> {
  if (bytes.length > MAX_ARCHIVE_BYTES) return err(tooLarge(MAX_ARCHIVE_BYTES, FILE_BYTES));
  const entries = listEntries(bytes);
  if (!entries.ok) return entries;
  const declared = entries.value.reduce((sum, entry) => sum + entry.unpackedBytes, 0);
  if (declared > MAX_UNPACKED_BYTES) return err(tooLarge(MAX_UNPACKED_BYTES, UNPACKED));
  const unpacked = new Map<string, Buffer>();
  let left = MAX_UNPACKED_BYTES;
  for (const entry of entries.value) {
    if (!wanted(entry.name)) continue;
    const content = unpackEntry(bytes, entry, left);
    if (!content.ok) return content;
    left -= content.value.length;
    unpacked.set(entry.name, content.value);
  }
  return ok(unpacked);
}

function findEnd(bytes: Buffer): number {
  const lowest = Math.max(0, bytes.length - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = bytes.length - END_BYTES; at >= lowest; at -= 1) {
    if (bytes.readUInt32LE(at) === END_SIGNATURE && at + END_BYTES + bytes.readUInt16LE(at + 20) === bytes.length) return at;
  }
  return -1;
}

function listEntries(bytes: Buffer): Result<readonly Entry[], Problem> {
  const end = bytes.length < END_BYTES ? -1 : findEnd(bytes);
  if (end < 0) return err(problem('notXlsx', 0, {}));
  const count = bytes.readUInt16LE(end + 10);
  const directoryBytes = bytes.readUInt32LE(end + 12);
  const directoryAt = bytes.readUInt32LE(end + 16);
  if (count > MAX_ARCHIVE_ENTRIES) return err(tooLarge(MAX_ARCHIVE_ENTRIES, ENTRIES));
  if (directoryAt === ZIP64_MARK || directoryAt + directoryBytes > end) return err(problem('notXlsx', 0, {}));
  const entries: Entry[] = [];
  const names = new Set<string>();
  let at = directoryAt;
  for (let index = 0; index < count; index += 1) {
    if (at + CENTRAL_BYTES > end || bytes.readUInt32LE(at) !== CENTRAL_SIGNATURE) return err(problem('notXlsx', 0, {}));
    const nameBytes = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + CENTRAL_BYTES, Math.min(end, at + CENTRAL_BYTES + nameBytes));
    const fault = entryFault(bytes, at, name);
    if (fault !== null) return err(fault);
    if (nameBytes > MAX_NAME_BYTES || names.has(name)) return err(problem('archiveUnsafe', 0, { part: name.slice(0, 60) }));
    names.add(name);
    entries.push({
      name, method: bytes.readUInt16LE(at + 10), crc: bytes.readUInt32LE(at + 16), packedBytes: bytes.readUInt32LE(at + 20),
      unpackedBytes: bytes.readUInt32LE(at + 24), localAt: bytes.readUInt32LE(at + 42),
    });
    at += CENTRAL_BYTES + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return overlapFault(entries) ?? ok(entries);
}

/** What no spreadsheet program writes: encryption, links, absolute or climbing names, zip64 sizes, growth of a bomb. */
function entryFault(bytes: Buffer, at: number, name: string): Problem | null {
  if ((bytes.readUInt16LE(at + 8) & ENCRYPTED_FLAG) !== 0) return problem('xlsxProtected', 0, {});
  const unixMode = bytes.readUInt32LE(at + 38) >>> 16;
  const isLink = (unixMode & 0o170000) === 0o120000;
  const unsafe = name.startsWith('/') || name.includes('\\') || name.includes('\0') || /^[a-z]:/iu.test(name) || name.split('/').includes('..');
  if (isLink || unsafe) return problem('archiveUnsafe', 0, { part: name.slice(0, 60).replaceAll('\0', '·') });
  const packed = bytes.readUInt32LE(at + 20);
  const unpacked = bytes.readUInt32LE(at + 24);
  if (packed === ZIP64_MARK || unpacked === ZIP64_MARK || unpacked > MAX_UNPACKED_BYTES) return tooLarge(MAX_UNPACKED_BYTES, UNPACKED);
  if (unpacked > RATIO_FREE_BYTES && unpacked > packed * MAX_UNPACK_RATIO) return tooLarge(MAX_UNPACK_RATIO, RATIO);
  return null;
}

/** Entries that share bytes multiply what a small file unpacks to. */
function overlapFault(entries: readonly Entry[]): Result<never, Problem> | null {
  const sorted = [...entries].sort((a, b) => a.localAt - b.localAt);
  for (const [index, entry] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next !== undefined && entry.localAt + LOCAL_BYTES + entry.packedBytes > next.localAt) {
      return err(problem('archiveUnsafe', 0, { part: next.name.slice(0, 60) }));
    }
  }
  return null;
}

function unpackEntry(bytes: Buffer, entry: Entry, left: number): Result<Buffer, Problem> {
  const broken = err(problem('notXlsx', 0, {}));
  if (entry.localAt + LOCAL_BYTES > bytes.length || bytes.readUInt32LE(entry.localAt) !== LOCAL_SIGNATURE) return broken;
  const from = entry.localAt + LOCAL_BYTES + bytes.readUInt16LE(entry.localAt + 26) + bytes.readUInt16LE(entry.localAt + 28);
  const to = from + entry.packedBytes;
  if (to > bytes.length) return broken;
  const packed = bytes.subarray(from, to);
  if (entry.method !== STORED && entry.method !== DEFLATED) return broken;
  const content = entry.method === STORED ? packed : inflate(packed, Math.min(left, entry.unpackedBytes + 1));
  if (content === null || content.length > left) return err(tooLarge(MAX_UNPACKED_BYTES, UNPACKED));
  if (content.length !== entry.unpackedBytes || crc32(content) !== entry.crc) return broken;
  return ok(content);
}

/** Inflates at most `limit` bytes; null when there is more or the stream is damaged. */
function inflate(packed: Buffer, limit: number): Buffer | null {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, limit) });
  } catch (cause) {
    if (cause instanceof RangeError || (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_'))) return null;
    throw cause;
  }
}

/** 1 January 1980, the first day the format knows: the same parts give the same bytes whenever they are packed. */
const FIRST_DAY = 0x21;

/** Packs parts into a plain archive without compression: what the workbook reader is given holds only bytes already checked, a proof is stored as it is. */
export function packArchive(parts: ReadonlyMap<string, Buffer>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of parts) {
    const nameBytes = Buffer.from(name, 'utf8');
    const crc = crc32(content);
    const local = Buffer.alloc(LOCAL_BYTES);
    local.writeUInt32LE(LOCAL_SIGNATURE, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(FIRST_DAY, 12);
    local.writeUInt32LE(crc, 14);
    local.writeUInt32LE(content.length, 18);
    local.writeUInt32LE(content.length, 22);
    local.writeUInt16LE(nameBytes.length, 26);
    const central = Buffer.alloc(CENTRAL_BYTES);
    central.writeUInt32LE(CENTRAL_SIGNATURE, 0);
    central.writeUInt16LE(20, 4);
    central.writeUInt16LE(20, 6);
    central.writeUInt16LE(FIRST_DAY, 14);
    central.writeUInt32LE(crc, 16);
    central.writeUInt32LE(content.length, 20);
    central.writeUInt32LE(content.length, 24);
    central.writeUInt16LE(nameBytes.length, 28);
    central.writeUInt32LE(at, 42);
    bodies.push(local, nameBytes, content);
    directory.push(central, nameBytes);
    at += LOCAL_BYTES + nameBytes.length + content.length;
  }
  const directoryBytes = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END_SIGNATURE, 0);
  end.writeUInt16LE(parts.size, 8);
  end.writeUInt16LE(parts.size, 10);
  end.writeUInt32LE(directoryBytes, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}

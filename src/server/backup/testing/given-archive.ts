import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { scratchFolder } from '#server/testing/scratch.ts';
import { HEADER_BYTES, KIND, RECORD_HEAD_BYTES } from '../archive-format.ts';
import type { Kind, Manifest } from '../archive-format.ts';
import { ArchiveWriter, frame } from '../archive-writer.ts';
import type { WriteOptions } from '../archive-writer.ts';

/** What the small file of these tests says of itself. */
export const MANIFEST: Manifest = {
  schemaVersion: 12, program: '0.1.0', postgres: '18.4', madeAt: '2026-11-22T02:00:00.000Z', installation: '11111111-1111-4111-8111-111111111111', epoch: '22222222-2222-4222-8222-222222222222',
  organisations: [{ id: '1', code: 'un' }, { id: '2', code: 'deux' }],
  tables: [
    { name: 'organisation', perOrganisation: false, columns: [{ name: 'organisation_id', type: 'bigint' }] },
    { name: 'item', perOrganisation: true, columns: [{ name: 'organisation_id', type: 'bigint' }, { name: 'document', type: 'text' }] },
  ],
  sequences: [{ table: 'organisation', column: 'organisation_id', last: '2', called: true }], leftOut: ['session', 'sign_in_link'],
};

/** Rows of an organisation, a little over two blocks when `many`. */
const itemsOf = (organisation: string, many: boolean): Buffer =>
  Buffer.from(Array.from({ length: many ? 90_000 : 40 }, (_, index) => `${organisation}\tFA-${index}-${createHash('sha256').update(`${organisation} ${index}`).digest('hex').slice(0, 12)}\n`).join(''));

/** Writes a whole file of two organisations; gives its path. */
export async function givenArchive(options: WriteOptions & { readonly many?: boolean; readonly manifest?: Manifest } = { passphrase: null }): Promise<string> {
  const path = join(await scratchFolder(), 'given.acquit');
  const writer = await ArchiveWriter.create(path, options);
  await writer.manifest(options.manifest ?? MANIFEST);
  const write = async (table: string, organisation: string | null, bytes: Buffer): Promise<void> => {
    await writer.begin({ table, organisation });
    await writer.rows(bytes);
    await writer.end();
  };
  await write('organisation', null, Buffer.from('1\n2\n'));
  for (const { id } of MANIFEST.organisations) await write('item', id, itemsOf(id, options.many === true));
  await writer.finish();
  return path;
}

/** A record of a file that is not encrypted, with its place in the file. */
export type Cut = { readonly kind: number; readonly at: number; readonly whole: Buffer };

/** The records of a sound file that is not encrypted. */
export function recordsOf(file: Buffer): Cut[] {
  const records: Cut[] = [];
  for (let at = HEADER_BYTES; at < file.length;) {
    const end = at + RECORD_HEAD_BYTES + file.readUInt32BE(at + 5);
    records.push({ kind: file.readUInt8(at), at, whole: file.subarray(at, end) });
    at = end;
  }
  return records;
}

/** What a record says, unpacked. */
export const saidBy = (record: Cut): Buffer => zstdDecompressSync(record.whole.subarray(RECORD_HEAD_BYTES));

/** A record that says something else, its checksum right. */
export const saying = (kind: Kind, bytes: Buffer): Buffer => frame(kind, bytes.length, zstdCompressSync(bytes));

/** A file of some records with the footer that is theirs: every hash in it is right, only what it says may not be. */
export function fileOf(header: Buffer, records: readonly Buffer[]): Buffer {
  const before = Buffer.concat([header, ...records]);
  const digest = createHash('sha256').update(before).digest();
  return Buffer.concat([before, frame(KIND.footer, digest.length, digest)]);
}

/** Writes bytes as a file; gives its path. */
export async function written(bytes: Buffer, name = 'changed.acquit'): Promise<string> {
  const path = join(await scratchFolder(), name);
  await writeFile(path, bytes);
  return path;
}

/** The file of `givenArchive`, taken apart. */
export async function takenApart(): Promise<{ file: Buffer; header: Buffer; records: Cut[] }> {
  const file = await readFile(await givenArchive());
  return { file, header: file.subarray(0, HEADER_BYTES), records: recordsOf(file) };
}

import { z } from 'zod';

/*
 * A backup file: a header, then records, the last of which is the footer; when encrypted, the records are cut into authenticated chunks.
 *
 *   header    magic 8 · format u16 · cipher u8 · scrypt log2(N) u8 · salt 16 · nonce prefix 7 · zero u8 · key check 16
 *   record    kind u8 · length u32 · stored length u32 · CRC-32 u32 of the former and the payload · payload (zstd; bare in the footer)
 *   records   M manifest · for each part of a table: S its name, D its rows as COPY text, at most a mebibyte each · I index · F footer
 *   footer    SHA-256 of the header and every record before it
 *
 * The manifest comes first and says whose data these are; the index comes last because rows are counted and hashed while they are read, once.
 * Numbers are big-endian. A block says its own length and may not be longer than a mebibyte, so that no file can make the reader hold more.
 */

/** First bytes: one above 127, then text, then line ends that a transfer as text would change. */
export const MAGIC = Buffer.from([0x89, 0x41, 0x43, 0x51, 0x42, 0x0d, 0x0a, 0x1a]);
/** Version of this layout; a reader refuses a higher one. */
export const FORMAT_VERSION = 1;
/** Length of the header. */
export const HEADER_BYTES = 52;
/** Length of what stands before the payload of a record. */
export const RECORD_HEAD_BYTES = 13;

/** Rows of one block: large enough to compress well, small enough that a few in flight are nothing. */
export const BLOCK_BYTES_MAX = 1024 * 1024;
/** Manifest, section names and index: 200,000 parts of tables (some 8,000 organisations) fit. */
export const TEXT_BYTES_MAX = 32 * 1024 * 1024;
/** What zstd may add to bytes that do not compress, with room to spare. */
export const storedBytesMax = (length: number): number => length + (length >> 7) + 512;

/** Kinds of records, by their first byte. */
export const KIND = { manifest: 0x4d, section: 0x53, data: 0x44, index: 0x49, footer: 0x46 } as const;
/** One of them. */
export type Kind = (typeof KIND)[keyof typeof KIND];

const id = z.string().regex(/^[1-9][0-9]{0,18}$/);
const name = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

/** What the file says of itself before its rows. */
export const manifestSchema = z.object({
  schemaVersion: z.int().min(1).max(9_999),
  program: z.string().max(40),
  postgres: z.string().max(100),
  madeAt: z.iso.datetime(),
  installation: z.uuid(),
  epoch: z.uuid(),
  organisations: z.array(z.object({ id, code: z.string().max(40) })),
  /** `perOrganisation`: its rows stand in one section for each organisation that has some. */
  tables: z.array(z.object({ name, perOrganisation: z.boolean(), columns: z.array(z.object({ name, type: z.string().max(200) })).min(1) })),
  /** Where the numbers of new rows go on; of no row in the file is the number higher. */
  sequences: z.array(z.object({ table: name, column: name, last: id, called: z.boolean() })),
  /** Tables left out on purpose. */
  leftOut: z.array(name),
});
/** The manifest as read. */
export type Manifest = z.infer<typeof manifestSchema>;

/** Which rows follow: of one table, of one organisation or of all. */
export const sectionSchema = z.object({ table: name, organisation: id.nullable() });
/** The same as a type. */
export type SectionName = z.infer<typeof sectionSchema>;

/** A section with what it holds: rows, bytes of COPY text and their hash. */
export const countedSchema = sectionSchema.extend({ rows: count, bytes: count, sha256 });
/** The same as a type. */
export type Counted = z.infer<typeof countedSchema>;

/** The index after the rows: every section in the order of the file. */
export const indexSchema = z.object({ sections: z.array(countedSchema), rows: count, bytes: count });
/** The same as a type. */
export type ArchiveIndex = z.infer<typeof indexSchema>;

/** A section as one text, to compare and to look up. */
export const sectionKey = (of: SectionName): string => `${of.table} ${of.organisation ?? ''}`;

const LINE_END = 0x0a;

/** Rows in a stretch of COPY text: a line end inside a value is written as two other characters. */
export function rowsIn(bytes: Buffer): number {
  let rows = 0;
  for (let at = bytes.indexOf(LINE_END); at !== -1; at = bytes.indexOf(LINE_END, at + 1)) rows += 1;
  return rows;
}

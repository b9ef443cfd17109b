import { crc32 } from 'node:zlib';

/** A file of an archive. */
export type ZipEntry = { readonly name: string; readonly bytes: Buffer };

/** 1 January 1980, the first day the format knows: an archive of the same files is the same bytes whenever it is made. */
const DOS_DAY = 0x21;
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;

function header(signature: number, { name, bytes }: ZipEntry, offset: number | null): Buffer {
  const written = Buffer.from(name, 'utf8');
  const central = offset !== null;
  const fixed = Buffer.alloc(central ? 46 : 30);
  let at = fixed.writeUInt32LE(signature, 0);
  if (central) at = fixed.writeUInt16LE(VERSION, at);
  // Version, flags, stored without compression, time of day, day.
  for (const value of [VERSION, FLAGS, 0, 0, DOS_DAY]) at = fixed.writeUInt16LE(value, at);
  for (const value of [crc32(bytes), bytes.length, bytes.length]) at = fixed.writeUInt32LE(value, at);
  fixed.writeUInt16LE(written.length, at);
  if (central) fixed.writeUInt32LE(offset, 42);
  return Buffer.concat([fixed, written]);
}

/**
 * A ZIP archive (APPNOTE 6.3, sections 4.3 to 4.5) of a few small files, stored as they are. The same files in the same order give the same bytes.
 */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const local = Buffer.concat([header(0x04034b50, entry, null), entry.bytes]);
    central.push(header(0x02014b50, entry, offset));
    parts.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}

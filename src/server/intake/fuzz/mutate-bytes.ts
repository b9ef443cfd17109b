import type { Random } from '#core/kernel/random.ts';

/** A text as bytes, and how they were written when it was not the file's own way. */
export type Written = { readonly bytes: Buffer; readonly name: string | null };

/** The text of bytes so that the same bytes come back: UTF-8 where they are, else one character a byte. */
export function textOfBytes(bytes: Buffer): { readonly text: string; readonly encoding: BufferEncoding } {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? { text, encoding: 'utf8' } : { text: bytes.toString('latin1'), encoding: 'latin1' };
}

const swapBytes = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();
const UTF16LE_MARK = Buffer.from([0xff, 0xfe]);
const UTF16BE_MARK = Buffer.from([0xfe, 0xff]);

function inside(bytes: Buffer, random: Random, piece: readonly number[]): Buffer {
  const at = random.between(0, bytes.length);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(piece), bytes.subarray(at)]);
}

type Writer = (text: string, random: Random) => Buffer;

/** Ways to write a text that its reader has to recognise or to refuse with the place. */
const WRITERS: Readonly<Record<string, Writer>> = {
  'UTF-8 with mark': (text) => Buffer.from(`\ufeff${text}`, 'utf8'),
  'single bytes': (text) => Buffer.from(text, 'latin1'),
  'UTF-16LE with mark': (text) => Buffer.concat([UTF16LE_MARK, Buffer.from(text, 'utf16le')]),
  'UTF-16LE without mark': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16BE with mark': (text) => Buffer.concat([UTF16BE_MARK, swapBytes(Buffer.from(text, 'utf16le'))]),
  'UTF-16 cut inside a character': (text) => Buffer.concat([UTF16LE_MARK, Buffer.from(text, 'utf16le').subarray(0, -1)]),
  'UTF-8 cut inside a character': (text) => Buffer.from(`${text}😀`, 'utf8').subarray(0, -2),
  'overlong UTF-8': (text, random) => inside(Buffer.from(text, 'utf8'), random, [0xc0, 0xaf]),
  'surrogate in UTF-8': (text, random) => inside(Buffer.from(text, 'utf8'), random, [0xed, 0xa0, 0x80]),
  'both encodings': (text) => Buffer.concat([Buffer.from(`é${text}`, 'utf8'), Buffer.from('é', 'latin1')]),
  'zero byte': (text, random) => inside(Buffer.from(text, 'utf8'), random, [0]),
  'byte of no encoding': (text, random) => inside(Buffer.from(text, 'latin1'), random, [random.between(0x80, 0xff)]),
};

/** Names of the ways of writing, so that a run can show that it used each. */
export const WRITING_NAMES: readonly string[] = Object.keys(WRITERS);

/** Share of texts written in another way than their own. */
const OTHERWISE = 0.06;

/** Writes a text as bytes, mostly in its own encoding. */
export function writeBytes(text: string, encoding: BufferEncoding, random: Random): Written {
  if (!random.chance(OTHERWISE)) return { bytes: Buffer.from(text, encoding), name: null };
  const name = random.pick(WRITING_NAMES);
  return { bytes: WRITERS[name]?.(text, random) ?? Buffer.from(text, encoding), name };
}

/** Changes bytes of a file that is no text: flips, cuts, doubles and overwrites whole numbers of a directory. */
export function mutateBytes(source: Buffer, random: Random): { readonly bytes: Buffer; readonly names: readonly string[] } {
  const names: string[] = [];
  let bytes = Buffer.from(source);
  for (let left = random.chance(0.5) ? 1 : random.between(2, 5); left > 0; left -= 1) {
    const name = random.pick(Object.keys(BYTE_MUTATORS));
    bytes = BYTE_MUTATORS[name]?.(bytes, random) ?? bytes;
    names.push(name);
  }
  return { bytes, names };
}

/** A place in the bytes; half of the time near the end, where an archive keeps its directory. */
const placeIn = (bytes: Buffer, random: Random): number => Math.max(0, random.chance(0.5) ? random.between(0, bytes.length - 1) : bytes.length - 1 - random.between(0, Math.min(600, bytes.length - 1)));

const NUMBERS: readonly number[] = [0, 1, 2, 8, 0x7f, 0xff, 0xffff, 0x7fffffff, 0xffffffff];

const BYTE_MUTATORS: Readonly<Record<string, (bytes: Buffer<ArrayBuffer>, random: Random) => Buffer<ArrayBuffer>>> = {
  'bit flipped': (bytes, random) => {
    if (bytes.length === 0) return bytes;
    const at = placeIn(bytes, random);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.between(0, 7)), at);
    return bytes;
  },
  'number overwritten': (bytes, random) => {
    if (bytes.length < 8) return bytes;
    const at = Math.min(placeIn(bytes, random), bytes.length - 4);
    if (random.chance(0.5)) bytes.writeUInt16LE(random.pick(NUMBERS) & 0xffff, at);
    else bytes.writeUInt32LE(random.pick(NUMBERS) >>> 0, at);
    return bytes;
  },
  truncated: (bytes, random) => bytes.subarray(0, random.between(0, bytes.length)),
  'piece doubled': (bytes, random) => {
    const from = random.between(0, bytes.length);
    const to = Math.min(bytes.length, from + random.between(1, 500));
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  'piece removed': (bytes, random) => {
    const from = random.between(0, bytes.length);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(Math.min(bytes.length, from + random.between(1, 500)))]);
  },
};

import { createEncodingDetector } from '#core/intake/encoding.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { createChunkDecoder } from '../decode.ts';

/** The text of bytes as the readers of files get it, in pieces; no text when the bytes are refused. */
export type Decoded = { readonly pieces: readonly string[]; readonly problems: readonly Problem[]; readonly refused: boolean };

/** Bytes of a piece: short, so that small seeds too are read in several. */
const PIECE_BYTES = 1_021;

/** Decodes bytes as `readTextFile` does, without a file. */
export function decoded(bytes: Buffer): Decoded {
  const detector = createEncodingDetector();
  detector.push(bytes);
  const found = detector.end();
  if (!found.ok) return { pieces: [], problems: [found.error], refused: true };
  const decoder = createChunkDecoder(found.value.encoding);
  const pieces: string[] = [];
  // A long file in longer pieces: the pieces of a run stay a few thousand.
  const size = Math.max(PIECE_BYTES, Math.floor(bytes.length / 200));
  for (let at = 0; at < bytes.length; at += size) pieces.push(decoder.write(bytes.subarray(at, at + size)));
  pieces.push(decoder.end());
  return { pieces, problems: found.value.warnings, refused: false };
}

/** How many lines of a text are like this. */
export function linesLike(pieces: readonly string[], pattern: RegExp): number {
  return pieces.join('').split(/\r\n|\r|\n/u).filter((line) => pattern.test(line)).length;
}

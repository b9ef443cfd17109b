import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { createEncodingDetector } from '#core/intake/encoding.ts';
import type { DetectedEncoding, TextEncoding } from '#core/intake/encoding.ts';
import { MAX_TEXT_BYTES } from '#core/intake/limits.ts';
import { problem } from '#core/intake/problems.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';

/** Bytes read at once: large enough to be fast, small enough that the event loop turns every few milliseconds. */
export const READ_CHUNK_BYTES = 65_536;

/** Turns chunks of bytes into text; a byte that is not of the encoding throws, so nothing is ever replaced silently. */
export type ChunkDecoder = { write(chunk: Uint8Array): string; end(): string };

/** A decoder for an encoding that `createEncodingDetector` has proved; marks at the head of the file are dropped. */
export function createChunkDecoder(encoding: TextEncoding): ChunkDecoder {
  if (encoding === 'utf-8' || encoding === 'utf-16le' || encoding === 'utf-16be') {
    const decoder = new TextDecoder(encoding, { fatal: true });
    return { write: (chunk) => decoder.decode(chunk, { stream: true }), end: () => decoder.decode() };
  }
  const decoder = iconv.getDecoder(encoding);
  return {
    write: (chunk) => decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)),
    end: () => decoder.end() ?? '',
  };
}

/** Reads a whole file once to find its encoding; refused with the line and the byte offset, or when larger than `MAX_TEXT_BYTES`. */
export async function detectFileEncoding(path: string): Promise<Result<DetectedEncoding, Problem>> {
  const { size } = await stat(path);
  if (size > MAX_TEXT_BYTES) return err(problem('fileTooLarge', 0, { bytes: size, limit: MAX_TEXT_BYTES }));
  const detector = createEncodingDetector();
  for await (const chunk of readChunks(path)) detector.push(chunk);
  return detector.end();
}

/** Bytes of a file in pieces of `READ_CHUNK_BYTES`. */
export async function* readChunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of createReadStream(path, { highWaterMark: READ_CHUNK_BYTES })) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a file stream without encoding gives bytes');
    yield chunk;
  }
}

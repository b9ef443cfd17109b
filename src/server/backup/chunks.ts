import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Seal } from './archive-header.ts';

/** Plain bytes of every chunk but the last. */
export const CHUNK_BYTES = 256 * 1024;
/** What the seal adds to each. */
export const TAG_BYTES = 16;
const COUNTER_AT = 7;
const LAST_AT = 11;
const NONCE_BYTES = 12;

/** A place in the file: chunks counted from 0, and whether it is the end. A chunk moved, left out or cut off does not fit the place it is read at. */
export type Place = { readonly number: number; readonly last: boolean };

function nonceOf(seal: Seal, place: Place): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  seal.noncePrefix.copy(nonce);
  nonce.writeUInt32BE(place.number, COUNTER_AT);
  nonce.writeUInt8(place.last ? 1 : 0, LAST_AT);
  return nonce;
}

/** Encrypts a chunk for its place: ciphertext and tag. */
export function sealChunk(seal: Seal, place: Place, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', seal.key, nonceOf(seal, place)).setAAD(seal.header);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts the chunk of a place; null when it is not exactly what was written there. */
export function openChunk(seal: Seal, place: Place, sealed: Buffer): Buffer | null {
  const split = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', seal.key, nonceOf(seal, place), { authTagLength: TAG_BYTES }).setAAD(seal.header).setAuthTag(sealed.subarray(split));
  const plain = decipher.update(sealed.subarray(0, split));
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch (error) {
    // The one thing `final` finds wrong is the tag; its error carries no code of its own.
    if (error instanceof Error) return null;
    throw error;
  }
}

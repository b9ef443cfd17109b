import { randomBytes } from 'node:crypto';
import { randomFrom } from '#core/kernel/random.ts';
import type { Random } from '#core/kernel/random.ts';

/** Cryptographic randomness of the machine. */
export const systemRandom: Random = randomFrom(() => randomBytes(6).readUIntBE(0, 6) / 2 ** 48);

/** A secret of 256 bits as URL-safe text (43 characters), for sessions and links. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Random bytes, for nonces and for salts to commit to a value under (docs/evidence.md): never used twice, guessed by nobody. */
export const newSalt = (length: number): Buffer => randomBytes(length);

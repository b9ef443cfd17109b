import { scrypt, timingSafeEqual } from 'node:crypto';
import type { Bilingual } from '#core/kernel/text.ts';
import { newSecret } from '#server/plumbing/random.ts';

/** Shortest password: length is what resists guessing (OWASP ASVS 5.0, 6.2.1 asks for 8, advises 15). */
export const PASSWORD_MIN = 12;
/** Longest password: hashing is costly, and no person types more. */
export const PASSWORD_MAX = 200;

/** scrypt work: 2^15 × 8 × 3, one of the equivalent settings OWASP gives, with 32 MiB instead of 128 for one try. */
const COST = { log2: 15, blockSize: 8, parallel: 3 } as const;
const SALT_BYTES = 32;
const HASH_BYTES = 32;
/** scrypt needs 128 × N × r bytes, and Node refuses beyond its limit of 32 MiB unless told. */
const MEMORY_MAX = 128 * 2 ** COST.log2 * COST.blockSize * 2;

/** Beginnings of long passwords that every list of guesses holds, in lower case. */
const GUESSED = ['123456', 'azerty', 'qwerty', 'motdepasse', 'password', 'acquit', 'administrat', 'abcdef', 'bonjour', 'welcome', 'letmein', 'iloveyou'];
/** A password needs this many different characters; "aaaaaaaaaaaa" has one. */
const DISTINCT_MIN = 5;

type Work = { readonly log2: number; readonly blockSize: number; readonly parallel: number; readonly salt: Buffer };

function derive(password: string, work: Work): Promise<Buffer> {
  const { log2, blockSize, parallel, salt } = work;
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { N: 2 ** log2, r: blockSize, p: parallel, maxmem: MEMORY_MAX }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Hashes a password for storage: `scrypt$log2$r$p$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = Buffer.from(newSecret(), 'base64url');
  const key = await derive(password, { ...COST, salt });
  return ['scrypt', COST.log2, COST.blockSize, COST.parallel, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Whether a password is the stored one. With nothing stored it does the same work and says no, so that time tells nothing. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [scheme, log2, blockSize, parallel, salt, hash] = (stored ?? '').split('$');
  if (scheme !== 'scrypt' || salt === undefined || hash === undefined) {
    await derive(password, { ...COST, salt: Buffer.alloc(SALT_BYTES) });
    return false;
  }
  const key = await derive(password, { log2: Number(log2), blockSize: Number(blockSize), parallel: Number(parallel), salt: Buffer.from(salt, 'base64url') });
  const expected = Buffer.from(hash, 'base64url');
  return expected.length === key.length && timingSafeEqual(expected, key);
}

/** Why a new password is not accepted, or null when it is. */
export function passwordProblem(password: string, about: { email: string; name: string }): Bilingual | null {
  if (password.length < PASSWORD_MIN) {
    return { fr: `Le mot de passe doit avoir au moins ${PASSWORD_MIN} caractères : quelques mots mis bout à bout conviennent très bien.`, en: `The password needs at least ${PASSWORD_MIN} characters: a few words in a row do very well.` };
  }
  if (password.length > PASSWORD_MAX) {
    return { fr: `Le mot de passe ne peut pas dépasser ${PASSWORD_MAX} caractères.`, en: `The password cannot exceed ${PASSWORD_MAX} characters.` };
  }
  const lower = password.toLowerCase();
  const own = [about.email, about.email.split('@')[0] ?? '', about.name].map((text) => text.toLowerCase()).filter((text) => text.length >= 4);
  const guessed = GUESSED.some((start) => lower.startsWith(start)) || new Set(lower).size < DISTINCT_MIN || own.some((text) => lower.includes(text));
  if (!guessed) return null;
  return {
    fr: 'Ce mot de passe se devine trop facilement (suite connue, caractère répété, votre nom ou votre adresse) : choisissez quelques mots sans rapport.',
    en: 'This password is too easy to guess (known sequence, repeated character, your name or address): choose a few unrelated words.',
  };
}

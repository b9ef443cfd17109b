import { createHash, scrypt } from 'node:crypto';
import { BackupFault } from './backup-fault.ts';
import { FORMAT_VERSION, HEADER_BYTES, MAGIC } from './archive-format.ts';

/** scrypt's cost: 128 MiB and some 0.3 s for each guess at a passphrase. */
export const SCRYPT_LOG_N = 17;
/** Costs a file may ask for: below it is no protection, above it is a way to take the reader's memory (256 MiB at 18). */
const SCRYPT_LOG_N_MIN = 14;
const SCRYPT_LOG_N_MAX = 18;
const SCRYPT_BLOCK = 8;
const SCRYPT_BYTES_PER_N = 128 * SCRYPT_BLOCK;

/** Bytes of salt and of the part of the nonce that differs between files. */
export const SALT_BYTES = 16;
/** The other five bytes of a nonce number the chunk and say whether it is the last. */
export const NONCE_PREFIX_BYTES = 7;
const KEY_BYTES = 32;
const KEY_CHECK_BYTES = 16;
const AT = { format: 8, cipher: 10, logN: 11, salt: 12, prefix: 28, check: 36 } as const;

/** What the chunks of an encrypted file are sealed with; the header itself is authenticated with each of them. */
export type Seal = { readonly key: Buffer; readonly noncePrefix: Buffer; readonly header: Buffer };

/** Key and key check of a passphrase: the check tells a wrong passphrase from a damaged file without opening anything. */
async function derive(passphrase: string, salt: Buffer, logN: number): Promise<{ key: Buffer; check: Buffer }> {
  const options = { N: 2 ** logN, r: SCRYPT_BLOCK, p: 1, maxmem: 2 ** logN * SCRYPT_BYTES_PER_N * 2 };
  const derived = await new Promise<Buffer>((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, KEY_BYTES * 2, options, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
  });
  return { key: derived.subarray(0, KEY_BYTES), check: createHash('sha256').update(derived.subarray(KEY_BYTES)).digest().subarray(0, KEY_CHECK_BYTES) };
}

/** The header of a file that is not encrypted. */
export function plainHeader(): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt16BE(FORMAT_VERSION, AT.format);
  return header;
}

/** The header of an encrypted file, with what seals its chunks. `logN` differs only in tests. */
export async function sealedHeader(passphrase: string, random: { salt: Buffer; noncePrefix: Buffer }, logN = SCRYPT_LOG_N): Promise<Seal> {
  const header = plainHeader();
  header.writeUInt8(1, AT.cipher);
  header.writeUInt8(logN, AT.logN);
  random.salt.copy(header, AT.salt, 0, SALT_BYTES);
  random.noncePrefix.copy(header, AT.prefix, 0, NONCE_PREFIX_BYTES);
  const { key, check } = await derive(passphrase, random.salt, logN);
  check.copy(header, AT.check);
  return { key, noncePrefix: random.noncePrefix, header };
}

/** Reads a header: null of a plain file, the seal of an encrypted one. Throws what is wrong with it. */
export async function openHeader(header: Buffer, passphrase: string | null): Promise<Seal | null> {
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw new BackupFault('backup.notABackup');
  const format = header.readUInt16BE(AT.format);
  if (format > FORMAT_VERSION) throw new BackupFault('backup.newerFormat', AT.format, `format ${format}`);
  if (format !== FORMAT_VERSION) throw new BackupFault('backup.damaged', AT.format, 'format');
  const cipher = header.readUInt8(AT.cipher);
  if (cipher === 0) return null;
  const logN = header.readUInt8(AT.logN);
  if (cipher !== 1 || logN < SCRYPT_LOG_N_MIN || logN > SCRYPT_LOG_N_MAX) throw new BackupFault('backup.damaged', AT.cipher, 'scrypt');
  if (passphrase === null) throw new BackupFault('backup.passphraseNeeded');
  const { key, check } = await derive(passphrase, header.subarray(AT.salt, AT.salt + SALT_BYTES), logN);
  if (!check.equals(header.subarray(AT.check, AT.check + KEY_CHECK_BYTES))) throw new BackupFault('backup.passphraseWrong');
  return { key, noncePrefix: header.subarray(AT.prefix, AT.prefix + NONCE_PREFIX_BYTES), header };
}

import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { seededRandom } from '#core/kernel/random.ts';
import { HEADER_BYTES } from './archive-format.ts';
import { checkArchive } from './archive-reader.ts';
import { BackupFault } from './backup-fault.ts';
import { CHUNK_BYTES, TAG_BYTES } from './chunks.ts';
import { givenArchive, MANIFEST, written } from './testing/given-archive.ts';

const PASSPHRASE = 'sept huîtres à la fenêtre';
/** The cheapest scrypt a file may ask for: what is tested here is the sealing, some hundred times. */
const LOG_N = 14;
const SEALED = CHUNK_BYTES + TAG_BYTES;
const FLIPS = 100;

async function refusal(path: string, passphrase: string | null): Promise<BackupFault | null> {
  try {
    await checkArchive(path, passphrase);
    return null;
  } catch (error) {
    if (error instanceof BackupFault) return error;
    throw error;
  }
}

let file: Buffer;
let other: Buffer;
beforeAll(async () => {
  file = await readFile(await givenArchive({ passphrase: PASSPHRASE, logN: LOG_N, many: true }));
  other = await readFile(await givenArchive({ passphrase: PASSPHRASE, logN: LOG_N, many: true }));
});

const chunk = (of: Buffer, number: number): Buffer => of.subarray(HEADER_BYTES + number * SEALED, HEADER_BYTES + (number + 1) * SEALED);

test('it opens with its passphrase, however its letters are composed, and is not there without it', async () => {
  const path = await written(file);
  expect(await checkArchive(path, PASSPHRASE)).toMatchObject({ manifest: MANIFEST, encrypted: true, index: { rows: 180_002 } });
  expect(await refusal(path, PASSPHRASE.normalize('NFD'))).toBeNull();
  expect(await refusal(path, null)).toMatchObject({ code: 'backup.passphraseNeeded' });
  const wrong = await refusal(path, `${PASSPHRASE} `);
  expect(wrong).toMatchObject({ code: 'backup.passphraseWrong', said: { fr: 'La phrase secrète n\'est pas celle de cette sauvegarde.', en: 'The passphrase is not that of this backup.' } });
});

test('nothing of it can be read, and the same rows give other bytes each time', () => {
  for (const word of ['organisation', 'FA-1', 'deux', '0.1.0']) expect(file.includes(word)).toBe(false);
  expect(chunk(file, 0).equals(chunk(other, 0))).toBe(false);
});

test('chunks left out, swapped, repeated, of another file, or a file that ends between two: each is found', async () => {
  const header = file.subarray(0, HEADER_BYTES);
  const count = Math.ceil((file.length - HEADER_BYTES) / SEALED);
  expect(count).toBeGreaterThan(3);
  const chunks = Array.from({ length: count }, (_, number) => chunk(file, number));
  const changed: Readonly<Record<string, Buffer[]>> = {
    'one left out': chunks.filter((_, number) => number !== 1),
    swapped: [chunks[1] as Buffer, chunks[0] as Buffer, ...chunks.slice(2)],
    repeated: [chunks[0] as Buffer, ...chunks],
    'of another file': [chunks[0] as Buffer, chunk(other, 1), ...chunks.slice(2)],
    'ends between two': chunks.slice(0, 2),
    'without the last': chunks.slice(0, -1),
    'with one more at the end': [...chunks, chunks.at(-1) as Buffer],
  };
  for (const [name, list] of Object.entries(changed)) {
    const found = await refusal(await written(Buffer.concat([header, ...list])), PASSPHRASE);
    expect([name, found?.code]).toEqual([name, 'backup.damaged']);
  }
  expect(await refusal(await written(Buffer.concat([other.subarray(0, HEADER_BYTES), ...chunks])), PASSPHRASE)).toMatchObject({ code: 'backup.damaged' });
});

test('a flipped bit or a cut anywhere is refused; in the header it is the passphrase that no longer fits, or the header', { timeout: 120_000 }, async () => {
  const random = seededRandom(7);
  for (let turn = 0; turn < FLIPS; turn += 1) {
    const at = turn < HEADER_BYTES ? turn : Math.floor(random.next() * file.length);
    const flipped = Buffer.from(file);
    flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << Math.floor(random.next() * 8)), at);
    const found = await refusal(await written(flipped), PASSPHRASE);
    expect([at, found === null]).toEqual([at, false]);
    expect(await refusal(await written(file.subarray(0, at)), PASSPHRASE)).not.toBeNull();
  }
});

test('a header that asks for more memory than a backup ever needs is refused before it is given any', async () => {
  for (const logN of [0, 13, 19, 30, 255]) {
    const greedy = Buffer.from(file);
    greedy.writeUInt8(logN, 11);
    expect(await refusal(await written(greedy), PASSPHRASE)).toMatchObject({ code: 'backup.damaged' });
  }
});

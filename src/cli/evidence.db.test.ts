import { execFileSync, spawnSync } from 'node:child_process';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import { createLog } from '#server/plumbing/log.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt } from '#server/testing/given.ts';
import { provenCompany } from '#server/testing/proven-company.ts';
import type { ProvenCompany } from '#server/testing/proven-company.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { EXIT, Stop } from './context.ts';
import type { Command } from './context.ts';
import { eraseCommand } from './erase.ts';
import { headsCommand } from './heads.ts';
import { proofCommand } from './proof.ts';
import { verifyCommand } from './verify.ts';

const VERIFIER = join(import.meta.dirname, '..', '..', 'tools', 'verify-proof.mjs');

let db: TestDatabase;
let company: ProvenCompany;
let folder: string;
beforeAll(async () => {
  db = await testDatabase();
  company = await provenCompany(db.database);
  folder = await scratchFolder();
}, 60_000);
afterAll(() => db.drop());

/** Calls a command as the program would; gives its exit status, the document and the text it printed. */
async function call(command: Command, words: readonly string[], options: Record<string, string | boolean> = {}): Promise<{ status: number; said: object; text: string }> {
  let said: object = {};
  let text = '';
  try {
    const status = await command.run({
      words, options, json: true, language: 'fr', dataDir: folder, settings: {} as never, log: createLog('silent'), clock: clockAt('2026-03-05'), today: day('2026-03-05'), organisation: company.organisation,
      actor: 'cli:root', store: { database: db.database, close: async () => undefined } as never,
      print: (document, write) => {
        said = document;
        text = write();
      },
    });
    return { status, said, text };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { status: error.status, said: error.said, text: '' };
  }
}

test('heads: written once, to the data folder and to another one; a request that openssl reads; a file that differs is refused and left alone', async () => {
  const elsewhere = await scratchFolder();
  const request = join(elsewhere, 'last.tsq');
  const written = await call(headsCommand, [], { out: elsewhere, 'timestamp-request': request });
  expect(written).toMatchObject({ status: EXIT.done, said: { status: 'unchanged', lines: 2 } });
  const [mine = '', copy = ''] = (written.said as { files: string[] }).files;
  expect(await readFile(mine, 'utf8')).toBe(await readFile(copy, 'utf8'));
  const asked = execFileSync('openssl', ['ts', '-query', '-in', request, '-text'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  expect(asked).toContain('Hash Algorithm: sha256');
  expect(asked.replaceAll(/[^0-9a-f]/g, '')).toContain((written.said as { sha256: string }).sha256.slice(0, 8));
  expect(await call(verifyCommand, [])).toMatchObject({ status: EXIT.done });
  await appendFile(copy, 'x\n');
  expect(await call(headsCommand, [], { out: elsewhere })).toMatchObject({ status: EXIT.refused, said: { fr: expect.stringContaining('la ligne 3 du fichier') as string } });
  expect(await readFile(copy, 'utf8')).toMatch(/x\n$/);
  expect(await call(verifyCommand, [], { heads: copy })).toMatchObject({ status: EXIT.refused });
  expect(await call(verifyCommand, [], { heads: join(elsewhere, 'nothing') })).toMatchObject({ status: EXIT.refused });
});

test('proof: a folder and a single file, both verify; a message that is not there is refused with a sentence', async () => {
  const id = company.actions.get('printed') ?? '';
  const out = join(folder, 'preuve');
  const proven = await call(proofCommand, [id], { out });
  expect(proven).toMatchObject({ status: EXIT.done, said: { action: id, state: 'sent', uncovered: 0 } });
  expect(spawnSync(process.execPath, [join(out, 'verify-proof.mjs')], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  expect(await call(proofCommand, [id], { out: join(folder, 'F.json') })).toMatchObject({ status: EXIT.done });
  expect(spawnSync(process.execPath, [VERIFIER, join(folder, 'F.json')], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  expect(await call(proofCommand, ['<personne@nulle-part>'])).toMatchObject({ status: EXIT.refused, said: { fr: expect.stringContaining('Message-ID') as string } });
});

test('erase: asks which contact, and why; says what is kept until when; what has come to its date goes', async () => {
  expect(await call(eraseCommand, [])).toMatchObject({ status: EXIT.usage });
  expect(await call(eraseCommand, ['inconnu'], { contact: 'all', reason: 'demande' })).toMatchObject({ status: EXIT.refused });
  expect(await call(eraseCommand, ['delivered'])).toMatchObject({ status: EXIT.usage, said: { fr: expect.stringContaining(company.mailbox('delivered')) as string } });
  expect(await call(eraseCommand, ['delivered'], { contact: company.mailbox('delivered') })).toMatchObject({ status: EXIT.usage, said: { fr: expect.stringContaining('--reason') as string } });
  expect(await call(eraseCommand, ['delivered'], { contact: 'autre@x.example', reason: 'demande' })).toMatchObject({ status: EXIT.refused });
  const done = await call(eraseCommand, ['delivered'], { contact: company.mailbox('delivered'), reason: 'demande du 4 mars' });
  expect(done).toMatchObject({ status: EXIT.done, said: { erased: [{ messagesErased: [], kept: [{ until: null, article: 'C. com. L110-4 I' }] }] } });
  expect(done.text).toContain('tant que la créance n’est pas réglée');
  expect(await call(eraseCommand, ['delivered'], { contact: 'all', reason: 'demande' })).toMatchObject({ status: EXIT.refused });
  expect(await call(eraseCommand, [], { due: true })).toMatchObject({ status: EXIT.done, said: { erased: 0 } });
});

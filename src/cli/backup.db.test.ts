import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fecOf } from '#server/testing/given.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/acquit', import.meta.url));
/** One command starts and stops its own database; a minute is many times what it needs. */
const COMMAND_MS = 60_000;
const PASSPHRASE = 'correct cheval pile agrafe';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acquit-backup-'));
  await writeFile(join(folder, '732829320FEC20261231.txt'), fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-05', debit: '120,00' }]));
  await writeFile(join(folder, 'phrase'), `${PASSPHRASE}\n`);
  await writeFile(join(folder, 'short'), 'bref\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Said = { status: number | null; said: Record<string, unknown>; err: string };

/** Runs the real program in the test's folder with --json; stdout must be one document. */
async function acquit(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Said> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ACQUIT_') && name !== 'DATABASE_URL');
  const child = spawn(PROGRAM, [...words, '--json'], { cwd: folder, env: { ...Object.fromEntries(inherited), ...env }, timeout: COMMAND_MS });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (said.err += text));
  const status = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { status, said: JSON.parse(said.out) as Record<string, unknown>, err: said.err };
}

test('backup, check, restore: the road of a company from one folder to another', { timeout: 8 * COMMAND_MS }, async () => {
  expect(await acquit(['import', '732829320FEC20261231.txt', '--data', 'data', '--today', '2026-03-02'])).toMatchObject({ status: 0 });
  const facts = { file: 'all.acquit', bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/), tables: expect.any(Number), rows: expect.any(Number) };
  const taken = await acquit(['backup', 'all.acquit', '--data', 'data'], { ACQUIT_BACKUP_PASSPHRASE: PASSPHRASE });
  expect(taken).toMatchObject({ status: 0, said: { ...facts, encrypted: true, verified: true } });
  expect(await acquit(['backup', 'all.acquit', '--data', 'data'])).toMatchObject({ status: 1, said: { status: 'refused', messages: { fr: expect.stringContaining('--force'), en: expect.stringContaining('--force') } } });
  expect(await acquit(['restore', 'all.acquit', '--check', '--passphrase-file', 'phrase'])).toEqual({
    status: 0, err: '', said: { ...taken.said, madeAt: expect.any(String), schemaVersion: expect.any(Number), program: expect.any(String), organisations: ['main'] },
  });
  expect(await acquit(['restore', 'all.acquit', '--data', 'other', '--passphrase-file', 'phrase'])).toMatchObject({
    status: 0, said: { ...taken.said, organisations: ['main'], frozen: true, ok: true, failed: [] },
  });
  const items = ['items', '--today', '2026-03-02'];
  expect((await acquit([...items, '--data', 'other'])).said).toEqual((await acquit([...items, '--data', 'data'])).said);
  expect(await acquit(['verify', '--data', 'other'])).toMatchObject({ status: 0, said: { ok: true } });
  expect(await acquit(['restore', 'all.acquit', '--data', 'other', '--passphrase-file', 'phrase'])).toMatchObject({ status: 1, said: { messages: { fr: expect.stringContaining('pas vide') } } });
});

test('what cannot be meant, and what is not there, each with its status and a sentence; a damaged file makes no database', { timeout: 8 * COMMAND_MS }, async () => {
  const phrase = ['--passphrase-file', 'phrase'];
  const refused: readonly [readonly string[], number, string][] = [
    [['backup', 'x.acquit', '--encrypt', '--data', 'data'], 2, '--passphrase-file'],
    [['backup', 'x.acquit', '--passphrase-file', 'short', '--data', 'data'], 2, '12'],
    [['backup', 'x.acquit', '--passphrase-file', 'none', '--data', 'data'], 1, 'none'],
    [['backup', '--data', 'data'], 2, 'backup FILE'],
    [['backup', 'x.acquit', '--data', 'nowhere'], 3, 'nowhere'],
    [['backup', join('none', 'x.acquit'), '--data', 'data'], 1, 'x.acquit'],
    [['restore', 'none.acquit', '--data', 'fresh'], 1, 'none.acquit'],
    [['restore', 'all.acquit', '--data', 'fresh'], 1, 'ACQUIT_BACKUP_PASSPHRASE'],
    [['restore', '732829320FEC20261231.txt', '--data', 'fresh'], 1, 'acquit backup'],
  ];
  for (const [words, status, named] of refused) {
    const found = await acquit(words);
    expect([words, found.status, JSON.stringify(found.said).includes(named)]).toEqual([words, status, true]);
  }
  await truncate(join(folder, 'all.acquit'), 500);
  expect(await acquit(['restore', 'all.acquit', '--data', 'fresh', ...phrase])).toMatchObject({ status: 1 });
  expect(existsSync(join(folder, 'fresh'))).toBe(false);
});

import { spawn } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fecOf } from '#server/testing/given.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/acquit', import.meta.url));
/** One command starts and stops its own database; a minute is many times what it needs. */
const COMMAND_MS = 60_000;
const TODAY = '2026-03-02';

let folder = '';
let smtpUrl = '';
let received: string[] = [];
const sink = new SMTPServer({
  authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'],
  onData: (stream, session, done) => {
    stream.on('end', () => {
      received.push(session.envelope.rcptTo[0]?.address ?? '');
      done();
    });
    stream.resume();
  },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acquit-journal-'));
  await new Promise<void>((resolve) => void sink.listen(0, '127.0.0.1', resolve));
  const address = sink.server.address();
  if (address === null || typeof address === 'string') throw new Error('the sink has no port');
  smtpUrl = `smtp://127.0.0.1:${address.port}`;
});
afterAll(async () => {
  await new Promise<void>((resolve) => sink.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

/** Runs the real program on a data folder; gives its exit status and the one document it prints. */
async function json(data: string, ...words: string[]): Promise<{ status: number | null; said: Record<string, unknown> }> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ACQUIT_') && name !== 'DATABASE_URL');
  const [command = '', ...rest] = words;
  const child = spawn(PROGRAM, [command, '--data', join(folder, data), '--today', TODAY, '--json', ...rest], {
    cwd: folder, env: { ...Object.fromEntries(inherited), ACQUIT_SMTP_URL: smtpUrl, ACQUIT_SMTP_FROM: 'relances@duval.example' }, timeout: COMMAND_MS,
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (said.err += text));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  try {
    return { status, said: JSON.parse(said.out) as Record<string, unknown> };
  } catch {
    throw new Error(`stdout is not one JSON document: ${said.out.slice(0, 400)} / ${said.err.slice(0, 400)}`);
  }
}

test('a folder restored, a folder copied, a freeze asked for: the commands of one who runs it', { timeout: 240_000 }, async () => {
  const codes = ['C1', 'C2', 'C3'];
  await writeFile(join(folder, '732829320FEC20261231.txt'), fecOf(codes.map((code) => ({ code, piece: `FA-${code}`, on: '2026-01-05', debit: '120,00' }))));
  await writeFile(join(folder, 'clients.csv'), `Code client;Nom du client;E-mail\n${codes.map((code) => `${code};Client ${code};compta@${code.toLowerCase()}.example\n`).join('')}`);
  await json('data', 'import', join(folder, '732829320FEC20261231.txt'));
  await json('data', 'import', join(folder, 'clients.csv'));
  await json('data', 'run');
  await json('data', 'approve', '--all');
  // Stopped with the last command, the database is a folder: a backup of it alone, as of before the sending.
  await cp(join(folder, 'data', 'postgres'), join(folder, 'backup'), { recursive: true, preserveTimestamps: true });
  expect(await json('data', 'send')).toMatchObject({ status: 0, said: { sent: 3, stopped: null } });
  expect(await json('data', 'reconcile')).toMatchObject({ status: 0, said: { frozen: false, because: null, missing: [] } });
  const [installation = ''] = await readdir(join(folder, 'data', 'send-journal'));
  expect(await readdir(join(folder, 'data', 'send-journal', installation))).toEqual(['000001.jsonl']);

  received = [];
  await rm(join(folder, 'data', 'postgres'), { recursive: true });
  await cp(join(folder, 'backup'), join(folder, 'data', 'postgres'), { recursive: true, preserveTimestamps: true });
  await chmod(join(folder, 'data', 'postgres'), 0o700);
  expect(await json('data', 'send')).toMatchObject({ status: 1, said: { sent: 0, waiting: 3, stopped: 'frozen', messages: { fr: expect.stringContaining('acquit reconcile') } } });
  const listed = await json('data', 'reconcile');
  expect(listed).toMatchObject({ status: 1, said: { frozen: true, because: 'journalAhead' } });
  expect((listed.said['missing'] as { customer: string; outcome: string }[]).map(({ customer, outcome }) => `${customer} ${outcome}`).toSorted()).toEqual(codes.map((code) => `${code} accepted`));
  expect((await json('data', 'reconcile', '--apply')).status).toBe(2);
  expect(await json('data', 'reconcile', '--apply', '--reason', 'disque perdu')).toMatchObject({ status: 0, said: { how: 'applied', organisations: [{ code: 'main', sent: 3, parked: 0 }] } });
  expect(await json('data', 'send')).toMatchObject({ status: 0, said: { sent: 0, waiting: 0, stopped: null } });
  expect(await json('data', 'verify')).toMatchObject({ status: 0, said: { ok: true } });
  const shown = await json('data', 'show', '1', '--out', join(folder, 'shown'));
  expect([shown.status, String(shown.said['message'])]).toEqual([1, expect.stringContaining('SHA-256')]);

  // The whole folder copied, as to a new machine: whose journal it is nobody can tell.
  await cp(join(folder, 'data'), join(folder, 'copy'), { recursive: true, preserveTimestamps: true });
  await chmod(join(folder, 'copy', 'postgres'), 0o700);
  expect(await json('copy', 'send')).toMatchObject({ status: 1, said: { stopped: 'frozen' } });
  expect(await json('copy', 'reconcile', '--apply', '--reason', 'nouvelle machine')).toMatchObject({ status: 1, said: { status: 'refused', message: expect.stringContaining('--adopt') } });
  expect(await json('copy', 'reconcile', '--adopt', '--reason', 'nouvelle machine')).toMatchObject({ status: 0, said: { how: 'adopted' } });
  expect(await json('copy', 'send')).toMatchObject({ status: 0, said: { stopped: null } });

  expect(await json('data', 'freeze', '--reason', 'bascule ce soir')).toMatchObject({ status: 0, said: { frozen: true } });
  expect(await json('data', 'freeze', '--reason', 'bascule ce soir')).toMatchObject({ status: 1, said: { status: 'refused' } });
  expect(await json('data', 'send')).toMatchObject({ status: 1, said: { stopped: 'frozen' } });
  expect(await json('data', 'reconcile', '--apply', '--reason', 'bascule faite', '--as', 'nobody@duval.example')).toMatchObject({ status: 1 });
  expect(await json('data', 'reconcile', '--apply', '--reason', 'bascule faite')).toMatchObject({ status: 0 });
  expect(received).toEqual([]);
});

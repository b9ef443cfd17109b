import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fecOf } from '#server/testing/given.ts';
import { isSigned, openReceiver } from '#server/testing/receiver.ts';
import type { Receiver } from '#server/testing/receiver.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/acquit', import.meta.url));
/** One command starts and stops its own database; a minute is many times what it needs. */
const COMMAND_MS = 60_000;
/** A worker looks every five seconds; what was cut off comes again five seconds later. */
const ARRIVES_MS = 40_000;

let folder = '';
let receiver: Receiver;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acquit-webhook-'));
  receiver = await openReceiver();
});
afterAll(async () => {
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the real program on the data folder. */
function program(...words: string[]): ChildProcessWithoutNullStreams {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ACQUIT_') && name !== 'DATABASE_URL');
  const [command = '', ...rest] = words;
  return spawn(PROGRAM, [command, '--data', join(folder, 'data'), ...rest], {
    cwd: folder, env: { ...Object.fromEntries(inherited), ACQUIT_WEBHOOK_PRIVATE_HOSTS: receiver.host, ACQUIT_LOG_LEVEL: 'silent' },
  });
}

/** Runs a command to its end; gives its exit status and what it printed. */
async function run(...words: string[]): Promise<{ status: number | null; out: string }> {
  const child = program(...words);
  const said = { out: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (said.out += text));
  child.stderr.resume();
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out: said.out };
}
const json = async (...words: string[]): Promise<Record<string, unknown>> => JSON.parse((await run(...words, '--json')).out) as Record<string, unknown>;

async function stop(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): Promise<void> {
  const closed = once(child, 'exit');
  child.kill(signal);
  await closed;
}

test('B4: the worker process is killed in the middle of a call, which the receiver took: the next one tells it again under its id, then the rest', { timeout: 5 * COMMAND_MS }, async () => {
  await writeFile(join(folder, 'ledger.txt'), fecOf([{ code: 'C1', piece: 'FA-1', on: '2026-01-05', debit: '120,00' }]));
  expect((await run('import', 'ledger.txt', '--today', '2026-03-02')).status).toBe(0);
  expect((await run('webhook', 'add', 'https://127.0.0.1/hook', '--events', 'all')).status).toBe(1);
  expect((await run('webhook', 'add', receiver.url, '--events', 'promise.given,everything')).status).toBe(2);
  const { webhook, secret } = await json('webhook', 'add', receiver.url, '--events', 'promise.given');
  expect(await json('webhook', 'test', String(webhook))).toMatchObject({ outcome: 'taken', status: 204 });
  for (const amount of ['10.00', '20.00', '30.00']) expect((await run('hold', 'add', 'promise', '--customer', 'C1', '--amount', amount, '--until', '2026-03-09', '--today', '2026-03-02')).status).toBe(0);
  receiver.requests.splice(0);
  receiver.taken.clear();

  // The second call is taken, and its worker dies before it hears so.
  const worker = program('worker');
  const killed = new Promise<void>((done) => {
    receiver.answer = (_request, response) => {
      if (receiver.requests.length === 1) return void response.writeHead(204).end();
      void stop(worker, 'SIGKILL').finally(() => done());
    };
  });
  await killed;
  receiver.answer = (_request, response) => void response.writeHead(204).end();
  const next = program('worker');
  await expect.poll(() => receiver.taken.size, { timeout: ARRIVES_MS }).toBe(3);
  await stop(next, 'SIGTERM');

  expect([...receiver.taken.values()].map((body) => (JSON.parse(body) as { data: { amount: string } }).data.amount)).toEqual(['10.00', '20.00', '30.00']);
  const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
  expect([ids.length, ids[1] === ids[2], receiver.requests[1]?.body === receiver.requests[2]?.body]).toEqual([4, true, true]);
  expect(receiver.requests.every((one) => isSigned(one, String(secret)))).toBe(true);
  const listed = await json('webhook', 'list');
  expect(listed).toMatchObject({ webhooks: [{ id: webhook, on: true, waiting: 0, more: false, last: { outcome: 'taken', status: 204 } }] });
  expect(JSON.stringify(listed)).not.toContain('whsec_');
  expect((await run('webhook', 'off', String(webhook))).status).toBe(0);
  expect((await run('webhook', 'off', String(webhook))).status).toBe(1);
  expect((await run('webhook', 'on', String(webhook), '--from', 'now')).status).toBe(0);
  expect((await json('webhook', 'rotate', String(webhook)))['secret']).toMatch(/^whsec_/);
  expect((await run('webhook', 'remove', String(webhook))).status).toBe(0);
  expect(await json('webhook', 'list')).toEqual({ webhooks: [] });
});

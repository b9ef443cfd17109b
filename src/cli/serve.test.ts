import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ACQUIT = fileURLToPath(new URL('../../bin/acquit', import.meta.url));
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ACQUIT_') && name !== 'DATABASE_URL'));
/** A start with the creation of its database, on a busy machine. */
const START_MS = 60_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'acquit-serve-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Ended = { status: number | null; said: string };

function start(words: readonly string[]): { child: ChildProcess; said: () => string; ended: Promise<Ended> } {
  const child = spawn(ACQUIT, [...words, '--data', join(folder, 'data')], { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status) => resolve({ status, said }));
  });
  return { child, said: () => said, ended };
}

async function until(holds: () => boolean): Promise<void> {
  const late = AbortSignal.timeout(START_MS);
  while (!holds()) {
    if (late.aborted) throw new Error('it did not start in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('serve: a link to sign in, a command beside it on the same folder, a second server told so, and a stop that leaves nothing', { timeout: 120_000 }, async () => {
  const server = start(['serve', '--port', '0']);
  try {
    await until(() => /\/sign-in#[A-Za-z0-9_-]{43}/.test(server.said()));
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(server.said())?.[0] ?? '';
    const page = await fetch(address);
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([200, expect.stringContaining("script-src 'self'")]);
    const beside = await start(['verify', '--json']).ended;
    expect([beside.status, JSON.parse(beside.said)]).toEqual([0, expect.objectContaining({ ok: true })]);
    const second = await start(['serve', '--port', new URL(address).port, '--json']).ended;
    expect(second.status).toBe(1);
    expect(second.said).toContain('EADDRINUSE');
    expect((await fetch(address)).status).toBe(200);
  } finally {
    server.child.kill('SIGTERM');
  }
  expect((await server.ended).status).toBe(0);
  const again = await start(['verify', '--json']).ended;
  expect(again.status).toBe(0);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { findProgram } from './program.ts';
import { postmasterOf, Workshop } from './testing/harness.ts';

let shop = new Workshop();
afterEach(async () => {
  await shop.clean();
  shop = new Workshop();
});

/** A stopped cluster to spoil. */
async function stopped(): Promise<string> {
  const dataDir = await shop.dataDir();
  const child = shop.child();
  await child.open({ dataDir });
  await child.close();
  await child.kill();
  return dataDir;
}

test('a cluster locked from another machine is refused within seconds, by name', async () => {
  const dataDir = await stopped();
  const lockFile = path.join(dataDir, 'postgres.lock');
  const flock = await findProgram('flock');
  const holder = spawn(flock ?? 'flock', ['--no-fork', lockFile, 'sh', '-c', 'echo held; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(holder.stdout, 'data');
    await writeFile(lockFile, 'machine-b\nother-boot pid:[1]\nrunning\n');
    await writeFile(path.join(dataDir, 'postgres/postmaster.pid'), `4194000\n${dataDir}/postgres\n1\n5432\n${dataDir}/run\n\n\nready\n`);
    const limit = AbortSignal.timeout(5000);
    const refusal = await shop.child().refusal({ dataDir });
    expect(limit.aborted).toBe(false);
    expect(refusal.code).toBe('embedded.lockedElsewhere');
    expect(refusal.en).toContain('machine-b');
    expect(refusal.fr).toContain('arrêtez Acquit là-bas');
  } finally {
    holder.kill('SIGKILL');
  }
});

test('a living server that does not answer is refused within seconds, with its process number', async () => {
  const dataDir = await shop.dataDir();
  const user = shop.child();
  await user.open({ dataDir });
  const pid = (await postmasterOf(dataDir)) ?? 0;
  await user.kill();
  process.kill(pid, 'SIGSTOP');
  const limit = AbortSignal.timeout(6000);
  const refusal = await shop.child().refusal({ dataDir });
  expect(limit.aborted).toBe(false);
  expect(refusal.code).toBe('embedded.silent');
  expect(refusal.en).toContain(`kill -INT ${pid}`);
  process.kill(pid, 'SIGCONT');
  expect(await shop.child().open({ dataDir })).toMatchObject({ owner: false });
});

test('somebody still starting is waited for, then said to be slow', async () => {
  const dataDir = await shop.dataDir();
  await mkdir(dataDir, { mode: 0o755 });
  const lockFile = path.join(dataDir, 'postgres.lock');
  const holder = spawn((await findProgram('flock')) ?? 'flock', ['--no-fork', lockFile, 'sh', '-c', 'echo held; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  const early = await shop.child().refusal({ dataDir, startTimeoutMs: 400 });
  expect(early.code).toBe('embedded.startSlow');
  const patient = shop.child();
  const opened = patient.open({ dataDir });
  holder.kill('SIGKILL');
  expect(await opened).toMatchObject({ owner: true });
});

test('a cluster of another PostgreSQL is refused before anything touches it', async () => {
  const dataDir = await stopped();
  await writeFile(path.join(dataDir, 'postgres/PG_VERSION'), '15\n');
  const refusal = await shop.child().refusal({ dataDir });
  expect(refusal.code).toBe('embedded.version');
  expect(refusal.en).toMatch(/made by PostgreSQL 15; this Acquit carries PostgreSQL 18/);
});

test('a server that cannot start tells the reason in its own words', async () => {
  const dataDir = await stopped();
  await appendFile(path.join(dataDir, 'postgres/postgresql.conf'), "\nno_such_setting = 'x'\n");
  const refusal = await shop.child().refusal({ dataDir });
  expect(refusal.code).toBe('embedded.startFailed');
  expect(refusal.fr).toContain('configuration file');
  expect(refusal.fr).toContain(path.join(dataDir, 'postgres.log'));
});

test('a server that refuses local connections is named, not waited for', async () => {
  const dataDir = await stopped();
  await writeFile(path.join(dataDir, 'postgres/pg_hba.conf'), 'local all all reject\n');
  expect((await shop.child().refusal({ dataDir })).code).toBe('embedded.rejected');
});

test('a file in place of the data folder, or of the cluster, is refused in clear', async () => {
  const folder = await shop.folder();
  const dataDir = path.join(folder, 'data');
  await writeFile(dataDir, 'not a folder');
  expect((await shop.child().refusal({ dataDir })).code).toBe('embedded.dataFolder');
  const other = path.join(folder, 'other');
  await mkdir(other);
  await writeFile(path.join(other, 'postgres'), 'not a folder');
  expect((await shop.child().refusal({ dataDir: other })).code).toBe('embedded.creation');
});

test('a failed creation leaves nothing behind and says why', async () => {
  const dataDir = await shop.dataDir();
  const binaries = await shop.folder();
  for (const name of ['bin', 'lib/pkgconfig', 'share']) await mkdir(path.join(binaries, name), { recursive: true });
  await writeFile(path.join(binaries, 'pg-symlinks.json'), '[]');
  await writeFile(path.join(binaries, 'lib/pkgconfig/libpq.pc'), 'Version: 18.4\n');
  await writeFile(path.join(binaries, 'bin/initdb'), '#!/bin/sh\necho "initdb: error: could not write: No space left on device" >&2\nexit 1\n');
  await chmod(path.join(binaries, 'bin/initdb'), 0o755);
  const refusal = await shop.child().refusal({ dataDir, binaries });
  expect(refusal.code).toBe('embedded.creation');
  expect(refusal.en).toContain('No space left on device');
  expect(await readFile(path.join(dataDir, 'postgres.lock'), 'utf8')).toContain('starting');
  expect((await shop.child().refusal({ dataDir, binaries: dataDir })).code).toBe('embedded.binaries');
  expect(await shop.child().open({ dataDir })).toMatchObject({ owner: true });
});

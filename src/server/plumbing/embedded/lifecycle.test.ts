import { execFile, spawn } from 'node:child_process';
import { chown, open, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import { findPlace } from './place.ts';
import { startServer } from './postmaster.ts';
import type { StartOutcome } from './postmaster.ts';
import { familyOf, killAll, postmasterOf, Workshop } from './testing/harness.ts';

let shop = new Workshop();
afterEach(async () => {
  await shop.clean();
  shop = new Workshop();
});

test('starts, stops and starts again with its rows', async () => {
  const dataDir = await shop.dataDir();
  const first = shop.child();
  expect(await first.open({ dataDir, fsync: true })).toMatchObject({ owner: true });
  expect(await first.rows('show data_checksums')).toEqual([{ data_checksums: 'on' }]);
  await first.rows('create table kept (id int primary key)');
  await first.rows('insert into kept values (7)');
  expect(await first.close()).toContain('database server stopped');
  expect(await postmasterOf(dataDir)).toBeNull();
  const second = shop.child();
  expect(await second.open({ dataDir, fsync: true })).toMatchObject({ owner: true });
  expect(await second.rows('select id from kept')).toEqual([{ id: 7 }]);
  expect(await second.rows(`select lower('ÉLÉONORE') as name, current_setting('fsync') as fsync`)).toEqual([{ name: 'éléonore', fsync: 'on' }]);
});

test('a second process joins; whoever closes first leaves the server to the other, the last one stops it', async () => {
  const dataDir = await shop.dataDir();
  const [first, second] = [shop.child(), shop.child()];
  const one = await first.open({ dataDir });
  const two = await second.open({ dataDir });
  expect([one.owner, two.owner]).toEqual([true, false]);
  expect(two.host).toBe(one.host);
  expect(await first.close()).toContain('the database server stays up for its other users');
  await first.kill();
  expect(await second.rows('select 1 as still')).toEqual([{ still: 1 }]);
  expect(await second.close()).toContain('database server stopped');
  expect(await postmasterOf(dataDir)).toBeNull();
});

test('three processes open an empty folder at once: one cluster, one starter; two close at once: exactly one stops it', async () => {
  const dataDir = await shop.dataDir();
  const children = [shop.child(), shop.child(), shop.child()];
  const opened = await Promise.all(children.map((child) => child.open({ dataDir })));
  expect(opened.filter((reply) => reply.owner)).toHaveLength(1);
  expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres.new'))).toEqual([]);
  const seen = await Promise.all(children.map((child) => child.rows('select pg_postmaster_start_time()::text as at')));
  expect(new Set(seen.map((rows) => rows[0]?.['at'])).size).toBe(1);
  const logs = await Promise.all(children.map((child) => child.close()));
  expect(logs.filter((log) => log.includes('database server stopped'))).toHaveLength(1);
  expect(await postmasterOf(dataDir)).toBeNull();
});

test('opening while the last user closes gives a working server, again and again', async () => {
  const dataDir = await shop.dataDir();
  let leaver = shop.child();
  await leaver.open({ dataDir });
  for (let round = 0; round < 8; round += 1) {
    const comer = shop.child();
    await comer.ask({ do: 'close' });
    const [, opened] = await Promise.all([leaver.close(), sleep(round * 4).then(() => comer.open({ dataDir }))]);
    expect(opened.kind).toBe('opened');
    expect(await comer.rows('select 1 as works')).toEqual([{ works: 1 }]);
    await leaver.kill();
    leaver = comer;
  }
});

test('after SIGKILL of its starter the server is adopted with its rows, without waiting', async () => {
  const dataDir = await shop.dataDir();
  const dead = shop.child();
  await dead.open({ dataDir });
  await dead.rows('create table kept (id int)');
  await dead.rows('insert into kept values (1), (2)');
  const pid = await postmasterOf(dataDir);
  await dead.kill();
  expect(await postmasterOf(dataDir)).toBe(pid);
  const heir = shop.child();
  expect(await heir.open({ dataDir, startTimeoutMs: 5000 })).toMatchObject({ owner: false });
  expect(await heir.rows('select count(*)::int as n from kept')).toEqual([{ n: 2 }]);
  expect(await heir.close()).toContain('database server stopped');
  expect(await postmasterOf(dataDir)).toBeNull();
});

test('SIGKILL of the server and of its user in the middle of writes loses no committed row', { timeout: 60_000 }, async () => {
  const dataDir = await shop.dataDir();
  for (let round = 1; round <= 3; round += 1) {
    const writer = shop.child();
    await writer.open({ dataDir, fsync: true, startTimeoutMs: 15_000 });
    await writer.rows(`create table written_${round} (id int primary key)`);
    writer.tell({ do: 'write', table: `written_${round}` });
    while (writer.committed.length < 40 * round) await sleep(5);
    const pid = await postmasterOf(dataDir);
    killAll(await familyOf(pid ?? 0));
    await writer.next();
    const last = writer.committed.at(-1) ?? 0;
    await writer.kill();
    const reader = shop.child();
    await reader.open({ dataDir, fsync: true, startTimeoutMs: 15_000 });
    const [row] = await reader.rows(`select count(*)::int as n, coalesce(max(id), 0) as last from written_${round}`);
    expect(row?.['n']).toBe(row?.['last']);
    expect(row?.['last']).toBeGreaterThanOrEqual(last);
    await reader.close();
  }
});

test('a pid file left by a cut, whose number now belongs to another program, does not block the start', async () => {
  const dataDir = await shop.dataDir();
  const first = shop.child();
  await first.open({ dataDir });
  await first.close();
  const bystander = shop.child();
  // The socket's own lock file is left too, and PostgreSQL takes any live number of its own user for a server.
  const { uid, gid } = await stat(path.join(dataDir, 'postgres'));
  const sleeper = spawn('sleep', ['60'], { uid, gid, stdio: 'ignore' });
  const socketLock = path.join(dataDir, 'run/.s.PGSQL.5432.lock');
  await writeFile(socketLock, `${sleeper.pid ?? 0}\n${dataDir}/postgres\n1\n5432\n`);
  await chown(socketLock, uid, gid);
  await writeFile(path.join(dataDir, 'postgres/postmaster.pid'), `${bystander.pid}\n${dataDir}/postgres\n1\n5432\n${dataDir}/run\n\n\nready\n`);
  const second = shop.child();
  const opened = await second.open({ dataDir, startTimeoutMs: 10_000 });
  expect(opened.owner).toBe(true);
  expect(opened.log.some((line) => line.includes('stale postmaster.pid'))).toBe(true);
  expect(await bystander.close()).toEqual([]);
  sleeper.kill();
});

test('half-built clusters of dead processes are swept away', async () => {
  const dataDir = await shop.dataDir();
  const child = shop.child();
  await child.open({ dataDir });
  await child.close();
  await writeFile(path.join(dataDir, 'postgres.new-999999-abc'), 'left over');
  const again = shop.child();
  await again.open({ dataDir });
  expect(await readdir(dataDir)).not.toContain('postgres.new-999999-abc');
});

test('a program that forgets to close still ends, and its server is there for the next one', async () => {
  const dataDir = await shop.dataDir();
  const module = new URL('./server.ts', import.meta.url).href;
  const program = `
    const { openEmbedded } = await import(${JSON.stringify(module)});
    const opened = await openEmbedded({ dataDir: ${JSON.stringify(dataDir)}, fsync: false, log: () => {} });
    process.stdout.write(String(opened.ok));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { timeout: 20_000 });
  expect(stdout).toBe('true');
  expect(await postmasterOf(dataDir)).not.toBeNull();
  const next = shop.child();
  expect(await next.open({ dataDir })).toMatchObject({ owner: false });
});

test('without a kernel lock, the lock of PostgreSQL decides between two starters', async () => {
  const dataDir = await shop.dataDir();
  const place = must(await findPlace({ dataDir, fsync: false, log: () => undefined }));
  const unguarded = async (): Promise<StartOutcome> => startServer(place, { handle: await open(place.lockFile, 'a', 0o600), guarded: false });
  const outcomes = await Promise.all([unguarded(), unguarded()]);
  const present = outcomes.flatMap((outcome) => (outcome.kind === 'present' ? [outcome.presence] : []));
  expect(present.length).toBeGreaterThan(0);
  expect(outcomes.filter((outcome) => outcome.kind === 'problem')).toEqual([]);
  expect((await unguarded()).kind).toBe('met');
  for (const { client } of present) await client.end();
});

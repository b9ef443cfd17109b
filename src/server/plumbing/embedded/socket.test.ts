import { chown, lstat, mkdir, readFile, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import { findPlace } from './place.ts';
import { parseNote } from './lock.ts';
import { LOG_BYTES_MAX, openLog, reasonIn, tailSince } from './log-file.ts';
import { parsePidFile } from './pidfile.ts';
import { SOCKET_PATH_BYTES_MAX, makeSocketFolder, socketFolderFor } from './socket-folder.ts';
import { postmasterOf, Workshop } from './testing/harness.ts';

let shop = new Workshop();
afterEach(async () => {
  await shop.clean();
  shop = new Workshop();
});

/** Inodes of the TCP sockets a process listens on (state 0A of /proc/net/tcp). */
async function listeningInodes(): Promise<Set<string>> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')));
  const lines = tables.join('\n').split('\n').map((line) => line.trim().split(/\s+/));
  return new Set(lines.flatMap((fields) => (fields[3] === '0A' && fields[9] !== undefined ? [fields[9]] : [])));
}

test('no TCP socket listens, and the local socket lies in a private folder', async () => {
  const dataDir = await shop.dataDir();
  const child = shop.child();
  const { host } = await child.open({ dataDir });
  expect(await child.rows('show listen_addresses')).toEqual([{ listen_addresses: '' }]);
  const pid = await postmasterOf(dataDir);
  const open = await Promise.all((await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  const sockets = open.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
  expect(sockets.length).toBeGreaterThan(0);
  const listening = await listeningInodes();
  expect(sockets.filter((inode) => listening.has(inode))).toEqual([]);
  expect((await stat(host)).mode & 0o777).toBe(0o700);
  expect((await stat(path.join(dataDir, 'postgres.log'))).mode & 0o777).toBe(0o600);
});

test('a long data path, with commas, quotes and accents, works through a short private folder that both processes find', async () => {
  const base = await shop.folder();
  const dataDir = shop.data(path.join(base, `Données, "d'Éric"`, 'x'.repeat(120), 'data'));
  const [first, second] = [shop.child(), shop.child()];
  const one = await first.open({ dataDir });
  expect(Buffer.byteLength(path.join(one.host, '.s.PGSQL.5432'))).toBeLessThanOrEqual(SOCKET_PATH_BYTES_MAX);
  expect((await second.open({ dataDir })).host).toBe(one.host);
  expect((await lstat(one.host)).mode & 0o777).toBe(0o700);
  const short = await shop.child().open({ dataDir: shop.data(path.join(base, `a, "b" é`)) });
  expect(short.host).toBe(path.join(base, `a, "b" é`, 'run'));
  await second.close();
  await first.close();
  await rm(one.host, { recursive: true });
});

test('a socket folder prepared by somebody else is refused: link, file, other owner', async () => {
  const base = await shop.folder();
  const { account } = must(await findPlace({ dataDir: path.join(base, 'data'), log: () => undefined }));
  await mkdir(path.join(base, 'elsewhere'));
  await symlink(path.join(base, 'elsewhere'), path.join(base, 'link'));
  await writeFile(path.join(base, 'file'), '');
  for (const name of ['link', 'file', 'missing/parent']) {
    const made = await makeSocketFolder(account, path.join(base, name));
    expect(made.ok ? 'accepted' : made.error.code).toBe('embedded.socketFolder');
  }
  const foreign = path.join(base, 'foreign');
  await mkdir(foreign);
  if (process.geteuid?.() === 0) await chown(foreign, 4242, 4242);
  const made = await makeSocketFolder(process.geteuid?.() === 0 ? account : { ...account, uid: account.uid + 1 }, foreign);
  expect(made.ok ? 'accepted' : made.error.code).toBe('embedded.socketFolder');
  await mkdir(path.join(base, 'wide'), { mode: 0o777 });
  expect((await makeSocketFolder(account, path.join(base, 'wide'))).ok).toBe(true);
  expect((await stat(path.join(base, 'wide'))).mode & 0o777).toBe(0o700);
});

test('two clusters at one long path, one after the other, never share a socket folder', async () => {
  const base = await shop.folder();
  const dataDir = path.join(base, 'y'.repeat(120));
  const cluster = path.join(dataDir, 'postgres');
  await mkdir(cluster, { recursive: true });
  const first = await socketFolderFor(dataDir, cluster);
  expect(await socketFolderFor(dataDir, cluster)).toBe(first);
  await mkdir(path.join(dataDir, 'next'));
  expect(await socketFolderFor(dataDir, path.join(dataDir, 'next'))).not.toBe(first);
});

test('a large log is set aside at the start, one old copy is kept', async () => {
  const base = await shop.folder();
  const { account } = must(await findPlace({ dataDir: path.join(base, 'data'), log: () => undefined }));
  const file = path.join(base, 'postgres.log');
  await writeFile(file, Buffer.alloc(LOG_BYTES_MAX + 1, 'x'));
  const handle = await openLog(account, file);
  await handle.write('fresh');
  await handle.close();
  expect((await stat(`${file}.1`)).size).toBe(LOG_BYTES_MAX + 1);
  expect(await tailSince(file, 0)).toBe('fresh');
  expect(await tailSince(file, 2)).toBe('esh');
  expect(await tailSince(`${file}.1`, 0)).toHaveLength(16 * 1024);
});

test('reads pid files, lock notes and log tails, whole or half written', () => {
  expect(parsePidFile('12\n/d\n1\n5432\n/d/run\n\n7 8\nready   \n')).toMatchObject({ pid: 12, port: 5432, socketDir: '/d/run' });
  expect(parsePidFile('12\n')).toMatchObject({ pid: 12, socketDir: '' });
  for (const text of ['', '\n', '-4\n', 'abc\n']) expect(parsePidFile(text)).toBeNull();
  expect(parseNote('host\nboot pid:[1]\nrunning\n')).toEqual({ host: 'host', realm: 'boot pid:[1]', phase: 'running' });
  expect(parseNote('host\nboot')).toBeNull();
  expect(reasonIn('2026 UTC [1] LOG:  starting\n2026 UTC [1] FATAL:  no space\n2026 UTC [1] LOG:  shut down\n')).toBe('no space');
  expect(reasonIn('last words\n\n')).toBe('last words');
  expect(reasonIn('')).toBe('');
});

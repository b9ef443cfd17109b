import { mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrganisationId } from '#core/kernel/id.ts';
import { verify } from '#server/audit/verify.ts';
import { listOrganisations } from '#server/identity/organisations.ts';
import { manualClock } from '#server/plumbing/clock.ts';
import type { Database } from '#server/plumbing/database.ts';
import { createLog } from '#server/plumbing/log.ts';
import { fecOf, givenOrganisation } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { packArchive } from '../read-xlsx-archive.ts';
import type { InboxFolder } from './folder-places.ts';
import { aloneInInbox } from './inbox-lock.ts';
import { createTeller, readInboxState } from './inbox-state.ts';
import { takeIn } from './take-in.ts';
import { watchFolder } from './watch-folder.ts';
import type { FolderWatch } from './watch-folder.ts';

const LEDGER = fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-10', debit: '100,00' }]);
const FOREVER = new AbortController().signal;

type World = {
  readonly db: TestDatabase; readonly organisation: OrganisationId; readonly root: string; readonly dataDir: string; readonly clock: ReturnType<typeof manualClock>;
  watch(database?: Database): FolderWatch;
  /** Looks, waits until files have settled, looks again. */
  settle(watch: FolderWatch): Promise<void>;
};

const worlds: World[] = [];
afterAll(async () => {
  for (const { db } of worlds) await db.drop();
});

async function givenWorld(folder: Partial<InboxFolder> = {}): Promise<World> {
  const db = await testDatabase();
  const organisation = await givenOrganisation(db.database, { code: 'duval' });
  const dataDir = await scratchFolder();
  const root = folder.root ?? join(dataDir, 'inbox');
  if (folder.root === undefined) await mkdir(root);
  const clock = manualClock('2026-03-02T08:00:00.000Z');
  let at = Date.parse(clock.now());
  const log = createLog('silent');
  const world: World = {
    db, organisation, root, dataDir, clock,
    watch: (database = db.database) => watchFolder({ database, clock, log, organisations: () => listOrganisations(db.database), teller: createTeller({ dataDir, clock, log }), inbox: { watched: true, ours: false, ...folder, root }, settleMs: 5_000 }),
    settle: async (watch) => {
      await watch.look(FOREVER);
      at += 5_000;
      clock.set(new Date(at).toISOString());
      await watch.look(FOREVER);
    },
  };
  worlds.push(world);
  return world;
}

const tree = async (root: string): Promise<string[]> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).toSorted();
};

const imports = async ({ db, organisation }: World): Promise<string[]> => {
  const rows = await db.database.inTenant(organisation, (t) => t.rows<{ said: string }>(t.sql`select i.file_name || ' ' || i.status || ' ' || i.actor as said from ${t.from('import')} i order by i.import_id`));
  return rows.map((row) => row.said);
};

describe('one organisation', () => {
  let world: World;
  beforeAll(async () => {
    world = await givenWorld();
  });

  test('a ledger put into the folder is imported by the system and moved to the month, with its report', async () => {
    await writeFile(join(world.root, '000000000FEC20261231.txt'), LEDGER);
    await world.settle(world.watch());
    expect(await tree(world.root)).toEqual(['done/2026-03/000000000FEC20261231.txt', 'done/2026-03/000000000FEC20261231.txt.txt']);
    expect(await imports(world)).toEqual(['000000000FEC20261231.txt applied system:inbox']);
    const report = await readFile(join(world.root, 'done/2026-03/000000000FEC20261231.txt.txt'), 'utf8');
    expect(report).toContain('000000000FEC20261231.txt : pris (fec, 2 lignes)');
    expect(report).toContain('000000000FEC20261231.txt: taken (fec, 2 lines)');
    const checks = await world.db.database.inTenant(world.organisation, verify);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
  });

  test('the same bytes again change nothing and are kept beside the first under a number', async () => {
    await writeFile(join(world.root, '000000000FEC20261231.txt'), LEDGER);
    await world.settle(world.watch());
    expect(await tree(world.root)).toContain('done/2026-03/000000000FEC20261231 (2).txt');
    expect(await readFile(join(world.root, 'done/2026-03/000000000FEC20261231 (2).txt.txt'), 'utf8')).toContain('déjà connu, rien ne change');
    expect(await imports(world)).toHaveLength(1);
  });

  test('a file that is refused goes to refused/ with every sentence in both languages and its line', async () => {
    await writeFile(join(world.root, 'abîmé.txt'), LEDGER.replace('100,00', '90,00'));
    await world.settle(world.watch());
    const report = await readFile(join(world.root, 'refused/abîmé.txt.txt'), 'utf8');
    expect(report).toMatch(/REFUSÉ, rien n'en a été pris[^]*\n {2}- .*[^]*REFUSED, nothing of it was taken[^]*\n {2}- /);
    expect(await imports(world)).toHaveLength(1);
  });

  test('a table that a person must confirm is refused with the sentence that says to import it once by hand', async () => {
    await writeFile(join(world.root, 'postes.csv'), 'Alpha;Beta;Gamma\n1;2;3\n4;5;6\n');
    await world.settle(world.watch());
    const report = await readFile(join(world.root, 'refused/postes.csv.txt'), 'utf8');
    expect(report).toContain('importez-le une fois à la main dans le navigateur');
    expect(report).toContain('import it once by hand in the browser');
  });

  test('hidden and temporary names, links and folders are left alone', async () => {
    const names = ['.cache', 'a.part', 'b.tmp', 'c.crdownload', '~$grand-livre.xlsx', '.~lock.x.ods#', 'x.xlsx~', 'Thumbs.db'];
    for (const name of names) await writeFile(join(world.root, name), LEDGER);
    await symlink('/etc/hostname', join(world.root, 'lien.txt'));
    await mkdir(join(world.root, 'mars'));
    await writeFile(join(world.root, 'mars', 'x.txt'), LEDGER);
    await world.settle(world.watch());
    expect(await tree(world.root)).toEqual(expect.arrayContaining([...names, 'lien.txt', 'mars/x.txt']));
    expect((await readInboxState(world.dataDir))['folder']?.code).toBe('intake.inbox.organisationUnsaid');
    await rm(join(world.root, 'mars'), { recursive: true });
    for (const name of [...names, 'lien.txt']) await rm(join(world.root, name));
  });
});

test('a half-written file is not taken while it grows; it is once it has not changed for five seconds', async () => {
  const world = await givenWorld();
  const watch = world.watch();
  const path = join(world.root, 'grand-livre.txt');
  const at = (second: number): void => world.clock.set(new Date(Date.parse('2026-03-02T08:00:00.000Z') + second * 1_000).toISOString());
  let second = 0;
  for (let cut = 200; cut <= LEDGER.length + 99; cut += 100, second += 4) {
    await writeFile(path, LEDGER.slice(0, cut));
    at(second);
    await watch.look(FOREVER);
    at(second + 3);
    await watch.look(FOREVER);
    expect(await readdir(world.root)).toEqual(['grand-livre.txt']);
  }
  at(second - 4 + 5);
  await watch.look(FOREVER);
  expect(await imports(world)).toEqual(['grand-livre.txt applied system:inbox']);
});

test('a file of the same size whose time changes is still being written', async () => {
  const world = await givenWorld();
  const watch = world.watch();
  const path = join(world.root, 'livre.txt');
  await writeFile(path, LEDGER);
  await watch.look(FOREVER);
  await utimes(path, 1_000, 1_000);
  world.clock.set('2026-03-02T08:00:06.000Z');
  await watch.look(FOREVER);
  expect(await readdir(world.root)).toEqual(['livre.txt']);
});

test('a crash between applying and moving: the next worker finds the bytes known and only moves the file', async () => {
  const world = await givenWorld();
  const box = join(world.root, 'working', '1-dead');
  await mkdir(box, { recursive: true });
  await writeFile(join(box, 'livre.txt'), LEDGER);
  // What the dead worker had done by then.
  await takeIn(world.db.database, world.clock, { organisation: world.organisation, path: join(box, 'livre.txt'), fileName: 'livre.txt' });
  await world.watch().look(FOREVER);
  expect(await tree(world.root)).toEqual(['done/2026-03/livre.txt', 'done/2026-03/livre.txt.txt']);
  expect(await imports(world)).toHaveLength(1);
  expect(await readdir(join(world.root, 'working'))).toEqual([]);
});

test('a crash before applying: the file is taken; one that stopped three workers is put aside unread', async () => {
  const world = await givenWorld();
  for (const [box, name] of [['1-once', 'livre.txt'], ['3-thrice', 'poison.txt']] as const) {
    await mkdir(join(world.root, 'working', box), { recursive: true });
    await writeFile(join(world.root, 'working', box, name), name === 'livre.txt' ? LEDGER : 'x');
  }
  await world.watch().look(FOREVER);
  expect(await tree(world.root)).toEqual(['done/2026-03/livre.txt', 'done/2026-03/livre.txt.txt', 'refused/poison.txt', 'refused/poison.txt.txt']);
  expect(await readFile(join(world.root, 'refused/poison.txt.txt'), 'utf8')).toContain('a fait échouer sa lecture 3 fois');
});

test('two workers on one folder: each file is imported once and kept once', async () => {
  const world = await givenWorld();
  const count = 12;
  for (let n = 0; n < count; n += 1) await writeFile(join(world.root, `livre ${n}.txt`), LEDGER.replaceAll('FA1', `FB${n}`));
  const watches = [world.watch(), world.watch(world.db.withNets({ filter: true })), world.watch(world.db.withNets({ filter: true }))];
  await Promise.all(watches.map((watch) => watch.look(FOREVER)));
  world.clock.set('2026-03-02T08:00:06.000Z');
  for (let turn = 0; turn < 3; turn += 1) await Promise.all(watches.map((watch) => watch.look(FOREVER)));
  expect(await imports(world)).toHaveLength(count);
  expect((await tree(world.root)).filter((name) => !name.endsWith('.txt.txt'))).toHaveLength(count);
});

test('what another worker is just taking is not taken for a left-over of a dead one', async () => {
  const world = await givenWorld();
  const box = join(world.root, 'working', '1-alive');
  await mkdir(box, { recursive: true });
  await writeFile(join(box, 'livre.txt'), LEDGER);
  const watch = world.watch();
  await aloneInInbox(world.db.database, { what: 'folder', organisation: world.organisation }, () => world.settle(watch));
  expect(await tree(world.root)).toEqual(['working/1-alive/livre.txt']);
  await watch.look(FOREVER);
  expect(await tree(world.root)).toEqual(['done/2026-03/livre.txt', 'done/2026-03/livre.txt.txt']);
});

test('the database is away: the file waits, one state says so, and it is taken when it is back', async () => {
  const world = await givenWorld();
  const gone = world.db.withNets({ filter: true });
  const flaky = Object.create(gone) as Database;
  let away = false;
  flaky.inTenant = (...args) => (away ? Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })) : gone.inTenant(...args));
  await writeFile(join(world.root, 'livre.txt'), LEDGER);
  const watch = world.watch(flaky);
  await watch.look(FOREVER);
  away = true;
  world.clock.set('2026-03-02T08:00:06.000Z');
  for (let turn = 0; turn < 5; turn += 1) await watch.look(FOREVER);
  expect((await readInboxState(world.dataDir))['folder']).toMatchObject({ code: 'intake.inbox.takingFailed', since: '2026-03-02T08:00:06.000Z' });
  expect(await imports(world)).toEqual([]);
  away = false;
  world.clock.set('2026-03-02T08:01:30.000Z');
  await watch.look(FOREVER);
  expect(await imports(world)).toEqual(['livre.txt applied system:inbox']);
  await watch.look(FOREVER);
  expect((await readInboxState(world.dataDir))['folder']?.code).toBeNull();
});

test('the folder of what is kept cannot be written: the import stands, the file is moved when it can be, nothing twice', async () => {
  const world = await givenWorld();
  await mkdir(join(world.root, 'done'));
  await writeFile(join(world.root, 'done', '2026-03'), 'a file where a folder should be');
  await writeFile(join(world.root, 'livre.txt'), LEDGER);
  const watch = world.watch();
  await world.settle(watch);
  expect((await readInboxState(world.dataDir))['folder']?.code).toMatch(/^intake\.inbox\.folder/);
  expect(await imports(world)).toHaveLength(1);
  await rm(join(world.root, 'done', '2026-03'));
  for (const minute of [20, 21, 22, 23, 24]) {
    world.clock.set(`2026-03-02T08:${minute}:00.000Z`);
    await watch.look(FOREVER);
  }
  expect(await tree(world.root)).toEqual(['done/2026-03/livre.txt', 'done/2026-03/livre.txt.txt']);
  expect(await imports(world)).toHaveLength(1);
  expect((await readInboxState(world.dataDir))['folder']?.code).toBeNull();
});

test('a folder that is not there is told once, is not created when named from the root, and is looked at again', async () => {
  const away = join(await scratchFolder(), 'share');
  const world = await givenWorld({ root: away });
  const watch = world.watch();
  await watch.look(FOREVER);
  await watch.look(FOREVER);
  expect((await readInboxState(world.dataDir))['folder']?.code).toBe('intake.inbox.folderMissing');
  await expect(readdir(away)).rejects.toThrow('ENOENT');
  await mkdir(away);
  await writeFile(join(away, 'livre.txt'), LEDGER);
  await world.settle(watch);
  expect(await imports(world)).toHaveLength(1);
  expect((await readInboxState(world.dataDir))['folder']?.code).toBeNull();
});

test('several organisations: each has its sub-folder, what lies above is left and told', async () => {
  const world = await givenWorld();
  const other = await givenOrganisation(world.db.database, { code: 'martin' });
  await writeFile(join(world.root, 'livre.txt'), LEDGER);
  const watch = world.watch();
  await watch.look(FOREVER);
  expect((await readdir(world.root)).toSorted()).toEqual(['duval', 'livre.txt', 'martin']);
  expect((await readInboxState(world.dataDir))['folder']?.code).toBe('intake.inbox.organisationUnsaid');
  await rename(join(world.root, 'livre.txt'), join(world.root, 'martin', 'livre.txt'));
  await world.settle(watch);
  expect(await tree(world.root)).toEqual(['martin/done/2026-03/livre.txt', 'martin/done/2026-03/livre.txt.txt']);
  expect(await imports({ ...world, organisation: other })).toHaveLength(1);
  expect(await imports(world)).toEqual([]);
});

test('an archive with a good and a bad file: the good one is taken, the archive is refused and says which', async () => {
  const world = await givenWorld();
  await writeFile(join(world.root, 'lot.zip'), packArchive(new Map([['livre.txt', Buffer.from(LEDGER)], ['image.png', Buffer.from('89504e470d0a1a0a', 'hex')]])));
  await world.settle(world.watch());
  const report = await readFile(join(world.root, 'refused/lot.zip.txt'), 'utf8');
  expect(report).toContain('livre.txt : pris');
  expect(report).toMatch(/image\.png : REFUSÉ/);
  expect(await imports(world)).toHaveLength(1);
});

/** The database of a worker that dies at its n-th transaction: from then on nothing of it gets through. */
function dyingAfter(database: Database, transactions: number): Database {
  let left = transactions;
  const dying = Object.create(database) as Database;
  const dead = (): Promise<never> => Promise.reject(Object.assign(new Error('killed'), { code: 'ECONNRESET' }));
  dying.inTenant = (...args) => {
    left -= 1;
    return left < 0 ? dead() : database.inTenant(...args);
  };
  return dying;
}

/** What was put in and can be found neither in the books nor where somebody will look for it to take it. */
async function lost(world: World, name: string): Promise<string[]> {
  const waiting = (await tree(world.root)).filter((path) => path.endsWith(name) && !path.startsWith('done/'));
  return waiting.length > 0 || (await imports(world)).length > 0 ? [] : [name];
}

test.each([0, 1, 2, 3, 4])('a worker that dies after %i transactions loses nothing; the next one takes the file once', async (transactions) => {
  const world = await givenWorld();
  await writeFile(join(world.root, 'livre.txt'), LEDGER);
  await world.settle(world.watch(dyingAfter(world.db.database, transactions)));
  expect(await lost(world, 'livre.txt')).toEqual([]);
  await world.settle(world.watch());
  expect(await imports(world)).toHaveLength(1);
  expect(await tree(world.root)).toEqual(['done/2026-03/livre.txt', 'done/2026-03/livre.txt.txt']);
});

test('planted bug: a taker that puts the file away before the import is committed is found', async () => {
  const world = await givenWorld();
  await mkdir(join(world.root, 'done'));
  await writeFile(join(world.root, 'livre.txt'), LEDGER);
  const path = join(world.root, 'done', 'livre.txt');
  await rename(join(world.root, 'livre.txt'), path);
  const dying = dyingAfter(world.db.database, 1);
  await expect(takeIn(dying, world.clock, { organisation: world.organisation, path, fileName: 'livre.txt' })).rejects.toThrow('killed');
  expect(await lost(world, 'livre.txt')).toEqual(['livre.txt']);
});

test('a file that grows while it is read (its writer paused longer than we waited) goes back and is read again when it is whole', async () => {
  const world = await givenWorld();
  const slow = Object.create(world.db.database) as Database;
  let paused = true;
  slow.inTenant = async (organisation, work, options) => {
    const done = await world.db.database.inTenant(organisation, work, options);
    const [path = ''] = (await tree(world.root)).filter((one) => one.startsWith('working/'));
    if (paused && options?.readOnly !== true) await writeFile(join(world.root, path), LEDGER.replaceAll('FA1', 'FA1-whole'));
    return done;
  };
  await writeFile(join(world.root, 'livre.txt'), LEDGER);
  const watch = world.watch(slow);
  await world.settle(watch);
  expect(await tree(world.root)).toEqual(['livre.txt']);
  paused = false;
  await world.settle(watch);
  expect(await tree(world.root)).toEqual(['done/2026-03/livre.txt', 'done/2026-03/livre.txt.txt']);
  expect(await readFile(join(world.root, 'done/2026-03/livre.txt'), 'utf8')).toContain('FA1-whole');
  expect(await imports(world)).toHaveLength(2);
});

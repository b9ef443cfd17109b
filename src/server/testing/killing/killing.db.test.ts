import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import type { Count } from './audit.ts';
import { failTransactions, restartDatabase } from './database-faults.ts';
import { install } from './installation.ts';
import type { Installation, Site } from './installation.ts';
import { killNaive, killWorkers } from './kills.ts';
import { lieToWorker } from './lying.ts';
import { KILL_BUGS } from './planted-bugs.ts';
import { hunt } from './planted-hunt.ts';
import { embeddedSite } from './sites.ts';
import { stopWorkers } from './stops.ts';

// The short form of `npm run kills`: every part of it once.

const SEED = 20_261_122;
const REAL = { kind: 'real' } as const;
const PATIENCE = { timeout: 120_000 };

let db: TestDatabase;
let site: Site;
let at: Installation | null = null;
beforeAll(async () => {
  db = await testDatabase();
  const { host, port, user, password } = db.database.pool.options;
  const owner = await db.owner();
  const { user: superuser } = owner;
  await owner.end();
  const server = { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }), ...(typeof password === 'string' ? { password } : {}), database: db.name };
  site = { login: { ...server, ...(user === undefined ? {} : { user }) }, owner: { ...server, ...(typeof owner.password === 'string' ? { password: owner.password } : {}), ...(superuser === undefined ? {} : { user: superuser }) } };
});
afterEach(async () => {
  await at?.close();
  at = null;
});
afterAll(() => db.drop());

async function company(mails: number, letters: number): Promise<Installation> {
  at = await install(site, { mails, letters }, `short-${mails}-${letters}`);
  return at;
}

const broken = (counts: readonly Count[]): string[] => counts.filter((count) => !count.holds).map((count) => `${count.name}: ${count.found}`);

test('B4: workers killed again and again, at every point: no message twice, none lost, few for a person to look at', PATIENCE, async () => {
  const { counts, figures, points } = await killWorkers(await company(450, 24), { kills: 46, workers: 1, seed: SEED, breed: REAL });
  expect(broken(counts)).toEqual([]);
  expect(figures['parked']).toBeGreaterThan(0);
  expect(Object.keys(points).length).toBeGreaterThan(15);
});

test('B4: the same of two workers beside each other', PATIENCE, async () => {
  const { counts, figures } = await killWorkers(await company(600, 5), { kills: 14, workers: 2, seed: SEED, breed: REAL });
  // How many kills the mails last for depends on how quick the machine is; what each of them leaves does not.
  expect(broken(counts).filter((said) => !said.startsWith('kills'))).toEqual([]);
  expect(Number(figures['kills'])).toBeGreaterThanOrEqual(5);
});

test('the control: a worker that sends inside its transaction sends messages again, and the harness sees it', PATIENCE, async () => {
  expect((await killNaive(await company(200, 0), { kills: 8, seed: SEED })).duplicates).toBeGreaterThanOrEqual(3);
});

test('B5: a worker stopped for longer than its lease neither sends nor marks what another took over', PATIENCE, async () => {
  const { counts } = await stopWorkers(await company(330, 0), { stops: 20, seed: SEED, breed: REAL });
  expect(broken(counts)).toEqual([]);
});

test('B3: a mail server that lies gets nothing twice, and a person is asked only where nobody can know', PATIENCE, async () => {
  const { counts } = await lieToWorker(await company(110, 0), { mails: 110, seed: SEED, breed: REAL });
  expect(broken(counts)).toEqual([]);
});

test('a fifth of all transactions fails: what was acknowledged stays, the rest is done again', PATIENCE, async () => {
  const { counts } = await failTransactions(await company(120, 4), { seed: SEED, share: 0.2 });
  expect(broken(counts)).toEqual([]);
});

test('the database crashes in the middle of the work, alone and with the workers: messages leave again within seconds, none twice', PATIENCE, async () => {
  const server = await embeddedSite();
  try {
    at = await install(server.site, { mails: 500, letters: 5 });
    const { counts } = await restartDatabase(server, at, { seed: SEED, restarts: 3 });
    expect(broken(counts)).toEqual([]);
  } finally {
    await at?.close();
    at = null;
    await server.close();
  }
});

test.each(KILL_BUGS.filter(({ slow }) => slow !== true))('planted: $what, and it is found', PATIENCE, async (bug) => {
  expect(await hunt(site, bug, SEED)).not.toEqual([]);
});

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrganisationId } from '#core/kernel/id.ts';
import { seededRandom } from '#core/kernel/random.ts';
import { verify } from '#server/audit/verify.ts';
import { booksOf, linesOf, same, UNTIL } from '#server/testing/books.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { givenOrganisation } from '#server/testing/given.ts';
import type { ChildOrder } from '#server/testing/import-child.ts';
import { simulateCompany } from '#sim/company.ts';

const CHILD = fileURLToPath(new URL('../testing/import-child.ts', import.meta.url));
/** Kills of one test; the points lie over the whole import and a little beyond. */
const KILLS = 22;
/** A killed process's connection is noticed by the server at once, but its backend may still be ending. */
const SETTLE_MS = 5000;

let db: TestDatabase;
let folder: string;
let path: string;
beforeAll(async () => {
  db = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'acquit-killed-'));
  path = join(folder, 'books.txt');
  await writeFile(path, booksOf(simulateCompany({ seed: 3, customers: 30, days: 200, until: UNTIL })));
});
afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true, force: true });
});

const order = (organisation: OrganisationId, halves: boolean): ChildOrder => {
  const { host, port, user, password, database } = db.database.pool.options;
  return {
    login: { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }), ...(user === undefined ? {} : { user }), ...(typeof password === 'string' ? { password } : {}), database, application_name: `acquit-killed-${organisation}` },
    organisation, path, fileName: '000000000FEC20261231.txt', today: UNTIL, halves,
  };
};

/** Runs the import in a process of its own and kills it so many milliseconds after its start; null lets it end and gives how long it took. */
async function importAndKill(organisation: OrganisationId, of: { halves: boolean; afterMs: number | null }): Promise<number> {
  const child = spawn(process.execPath, [CHILD, 'import'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(order(organisation, of.halves)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const words = createInterface({ input: child.stdout });
  const begun = new Promise<true>((resolve) => words.once('line', () => resolve(true)));
  if ((await Promise.race([begun, ended])) !== true) throw new Error('the import never started');
  const started = performance.now();
  if (of.afterMs === null) {
    if ((await ended) !== 0) throw new Error('the import failed by itself');
    return performance.now() - started;
  }
  await Promise.race([sleep(of.afterMs), ended]);
  child.kill('SIGKILL');
  await ended;
  await gone(organisation);
  return of.afterMs;
}

/** Waits until the server has ended the dead process's transaction. */
async function gone(organisation: OrganisationId): Promise<void> {
  const owner = await db.owner();
  try {
    for (let waited = 0; waited < SETTLE_MS; waited += 20) {
      const left = await owner.query('select from pg_stat_activity where application_name = $1', [`acquit-killed-${organisation}`]);
      if (left.rowCount === 0) return;
      await sleep(20);
    }
    throw new Error('the backend of the killed process is still there');
  } finally {
    await owner.end();
  }
}

/** What stands after each kill: 'before', 'after', or 'between', which must not be; the first one of those ends it. */
async function afterKills(halves: boolean): Promise<{ states: string[]; organisations: OrganisationId[] }> {
  const random = seededRandom(20_261_122);
  // The first one warms the server's caches; only the second says how long an import takes from here on.
  await importAndKill(await givenOrganisation(db.database), { halves, afterMs: null });
  const whole = await givenOrganisation(db.database);
  const tookMs = await importAndKill(whole, { halves, afterMs: null });
  const after = await linesOf(db.database, whole);
  const states: string[] = [];
  const organisations: OrganisationId[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const organisation = await givenOrganisation(db.database);
    // Spread evenly with a random place inside each stretch; the last ones fall about the commit.
    await importAndKill(organisation, { halves, afterMs: ((kill + random.next()) / KILLS) * tookMs * 1.05 });
    const lines = await linesOf(db.database, organisation);
    states.push(lines.length === 0 ? 'before' : same(lines, after) ? 'after' : 'between');
    organisations.push(organisation);
    if (states.at(-1) === 'between') break;
  }
  return { states, organisations };
}

test('F1: an import killed at any point leaves the state before it or the state after it, and can simply be started again', { timeout: 120_000 }, async () => {
  const { states, organisations } = await afterKills(false);
  expect(states.filter((state) => state === 'between')).toEqual([]);
  expect(states.filter((state) => state === 'before').length).toBeGreaterThan(KILLS / 4);
  const [first] = organisations;
  if (first === undefined) throw new Error('nothing was killed');
  await importAndKill(first, { halves: false, afterMs: null });
  expect((await db.database.inTenant(first, verify)).filter((check) => !check.ok)).toEqual([]);
});

test('F1, planted bug: a file applied in two transactions is found', { timeout: 120_000 }, async () => {
  const { states } = await afterKills(true);
  expect(states).toContain('between');
});

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDays, day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { seededRandom } from '#core/kernel/random.ts';
import { verify } from '#server/audit/verify.ts';
import { camt053Of } from '#server/testing/bank-files.ts';
import { booksOf, linesOf, same, UNTIL } from '#server/testing/books.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { givenOrganisation } from '#server/testing/given.ts';
import type { ChildOrder, Halving } from '#server/testing/import-child.ts';
import { ublOf } from '#server/testing/invoice-files.ts';
import { simulateCompany } from '#sim/company.ts';

const CHILD = fileURLToPath(new URL('../testing/import-child.ts', import.meta.url));
/** Kills of each test; the points lie over the whole import and a little beyond. ACQUIT_KILLS=200 is the long form. */
const KILLS = Number(process.env['ACQUIT_KILLS'] ?? 20);
/** A kill starts a process, waits for its transaction to be gone, and looks at the ledger: under a second, three on a machine that is busy. */
const KILL_MS = 3000;
const TIMEOUT = { timeout: 60_000 + KILLS * KILL_MS };
/** A killed process's connection is noticed by the server at once, but its backend may still be ending. */
const SETTLE_MS = 5000;
const MOVEMENTS = 1500;
const INVOICES = 25;

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'acquit-killed-'));
  await mkdir(join(folder, 'invoices'));
  await writeFile(join(folder, 'books.txt'), booksOf(simulateCompany({ seed: 3, customers: 30, days: 200, until: UNTIL })));
  const first = day('2026-01-05');
  const movements = Array.from({ length: MOVEMENTS }, (_, index) => ({ on: addDays(first, index % 90), cents: 100 + index, name: `Client ${index % 40}`, endToEnd: `E2E-${index}`, text: `Facture FA-${index}` }));
  await writeFile(join(folder, 'statement.xml'), camt053Of({ from: first, until: addDays(first, 90), opening: 0, movements }));
  for (let index = 0; index < INVOICES; index += 1) {
    const name = `FA-${String(index).padStart(3, '0')}`;
    await writeFile(join(folder, 'invoices', `${name}.xml`), ublOf({ number: name, on: '2026-03-02', due: '2026-04-02', cents: 1000 + index, buyer: `Client ${index % 7}` }));
  }
});
afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true, force: true });
});

/** What is imported and killed. A folder is applied file by file: after each of them is a state that may stand. */
type Kind = { readonly name: string; readonly path: string; readonly fileName: string; readonly planted: Halving; readonly steps: number };

const KINDS: readonly Kind[] = [
  { name: 'FEC', path: 'books.txt', fileName: '000000000FEC20261231.txt', planted: 'fec', steps: 1 },
  { name: 'camt.053', path: 'statement.xml', fileName: 'statement.xml', planted: 'camt', steps: 1 },
  { name: 'folder of UBL invoices', path: 'invoices', fileName: 'invoices', planted: 'customerFirst', steps: INVOICES },
];

type Kill = { readonly kind: Kind; readonly path?: string; readonly halves: Halving | null; readonly afterMs: number | null };

function order(organisation: OrganisationId, { kind, path, halves }: Kill): ChildOrder {
  const { host, port, user, password, database } = db.database.pool.options;
  return {
    login: { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }), ...(user === undefined ? {} : { user }), ...(typeof password === 'string' ? { password } : {}), database, application_name: `acquit-killed-${organisation}` },
    organisation, path: path ?? join(folder, kind.path), fileName: kind.fileName, today: UNTIL, halves,
  };
}

/** Runs the import in a process of its own and kills it so many milliseconds after its start; null lets it end. Gives how long it took, and what it left among temporary files. */
async function importAndKill(organisation: OrganisationId, of: Kill): Promise<{ tookMs: number; left: string[] }> {
  const temporary = await mkdtemp(join(folder, 'tmp-'));
  const child = spawn(process.execPath, [CHILD, 'import'], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, TMPDIR: temporary } });
  child.stdin.end(JSON.stringify(order(organisation, of)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const words = createInterface({ input: child.stdout });
  const begun = new Promise<true>((resolve) => words.once('line', () => resolve(true)));
  if ((await Promise.race([begun, ended])) !== true) throw new Error('the import never started');
  const started = performance.now();
  if (of.afterMs === null) {
    if ((await ended) !== 0) throw new Error('the import failed by itself');
    return { tookMs: performance.now() - started, left: await readdir(temporary) };
  }
  await Promise.race([sleep(of.afterMs), ended]);
  child.kill('SIGKILL');
  await ended;
  await gone(organisation);
  return { tookMs: of.afterMs, left: await readdir(temporary) };
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

type States = readonly (readonly string[])[];
const made = new Map<Kind, Promise<States>>();

/** The states that may stand: after nothing, after each file in the order of names, after everything. Made once. */
async function soundStates(kind: Kind): Promise<States> {
  const states = made.get(kind) ?? makeStates(kind);
  made.set(kind, states);
  return states;
}

async function makeStates(kind: Kind): Promise<States> {
  const organisation = await givenOrganisation(db.database);
  const states: (readonly string[])[] = [await linesOf(db.database, organisation)];
  const whole = join(folder, kind.path);
  const paths = kind.steps === 1 ? [whole] : (await readdir(whole)).toSorted().map((name) => join(whole, name));
  for (const path of paths) {
    await importAndKill(organisation, { kind, path, halves: null, afterMs: null });
    states.push(await linesOf(db.database, organisation));
  }
  return states;
}

type Killed = { readonly steps: readonly number[]; readonly organisations: readonly OrganisationId[]; readonly left: readonly string[] };

/** After how many files the ledger stands after each kill; -1 is between two, which must not be, and the first one of those ends it. */
async function afterKills(kind: Kind, halves: Halving | null): Promise<Killed> {
  const random = seededRandom(20_261_122);
  const states = await soundStates(kind);
  // The states were made in a warm database; a whole import now says how long one takes from here on.
  const { tookMs } = await importAndKill(await givenOrganisation(db.database), { kind, halves, afterMs: null });
  const steps: number[] = [];
  const organisations: OrganisationId[] = [];
  const left: string[] = [];
  for (let kill = 0; kill < KILLS && steps.at(-1) !== -1; kill += 1) {
    const organisation = await givenOrganisation(db.database);
    // Spread evenly with a random place inside each stretch; the last ones fall about the commit.
    const killed = await importAndKill(organisation, { kind, halves, afterMs: ((kill + random.next()) / KILLS) * tookMs * 1.05 });
    left.push(...killed.left);
    const lines = await linesOf(db.database, organisation);
    steps.push(states.findIndex((state) => same(lines, state)));
    organisations.push(organisation);
  }
  return { steps, organisations, left };
}

describe.each(KINDS)('$name', (kind) => {
  test('F1: an import killed at any point leaves the state before a file or the state after it, nothing else, and can simply be started again', TIMEOUT, async () => {
    const { steps, organisations, left } = await afterKills(kind, null);
    expect(steps.filter((step) => step < 0)).toEqual([]);
    expect(left).toEqual([]);
    expect(steps.filter((step) => step < kind.steps).length).toBeGreaterThan(KILLS / 4);
    const [first] = organisations;
    if (first === undefined) throw new Error('nothing was killed');
    await importAndKill(first, { kind, halves: null, afterMs: null });
    expect((await db.database.inTenant(first, verify)).filter((check) => !check.ok)).toEqual([]);
    const whole = await soundStates(kind);
    expect(await linesOf(db.database, first)).toEqual(whole.at(-1));
  });

  test('F1, planted bug: a file applied in two transactions is found', TIMEOUT, async () => {
    const { steps } = await afterKills(kind, kind.planted);
    expect(steps).toContain(-1);
  });
});

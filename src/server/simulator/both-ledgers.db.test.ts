import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import { verify } from '#server/audit/verify.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { listOrganisations } from '#server/identity/organisations.ts';
import { Database } from '#server/plumbing/database.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import type { SeedOptions } from './simulate.ts';
import { playSeed } from './simulate.ts';
import { drawSwarm } from './swarm.ts';
import { seededRandom } from '#core/kernel/random.ts';
import { postgresBooks, simulatedNow } from './testing/postgres-books.ts';
import type { OnDatabase } from './testing/postgres-books.ts';

/** Seeds played on both; ACQUIT_SIM_SEEDS plays more. */
const SEEDS = Number(process.env['ACQUIT_SIM_SEEDS'] ?? 3);
const FIRST = 1;

let db: TestDatabase;
let on: OnDatabase;
let letters: LetterMaker;
let closeOn: () => Promise<void>;

beforeAll(async () => {
  db = await testDatabase();
  const owner = await db.owner();
  // Unqualified names are looked up in the schema first, where now() is that of the simulation.
  const database = new Database({ ...db.database.pool.options, options: '-c search_path=public,pg_catalog' });
  on = { database, clock: await simulatedNow(owner) };
  letters = must(await openLetterMaker());
  closeOn = async () => {
    await database.close();
    await owner.end();
  };
});
afterAll(async () => {
  await closeOn();
  await db.drop();
});

/** Days of 2026 on which a seed may begin: the legal rates of 2027 are not known yet, and a formal notice without them is refused. */
const FIRST_DAYS = 300;

/** A small life of a seed: the same faults but restores (a database is not put back in the middle of a test), few debtors, weeks instead of months. */
const small = (seed: number): NonNullable<SeedOptions['swarm']> => {
  const { rates, firstDay } = drawSwarm(seededRandom(seed));
  return { tenants: 1, debtors: 4, days: 40, firstDay: firstDay % FIRST_DAYS, scope: 'standard', invoicesAMonth: 2, rates: { ...rates, restored: 0 } };
};

/** Where two traces part, with the lines before. */
function firstDifference(a: readonly string[], b: readonly string[]): { before: readonly string[]; onDatabase: string; inMemory: string } | null {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    if (a[at] !== b[at]) return { before: a.slice(Math.max(at - 12, 0), at), onDatabase: a[at] ?? '(ended)', inMemory: b[at] ?? '(ended)' };
  }
  return null;
}

test('a seed ends in the same state in memory and on PostgreSQL, and nothing is broken on either', { timeout: SEEDS * 120_000 }, async () => {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
    const inMemory = await playSeed(seed, { swarm: small(seed), keepTrace: true });
    const onDatabase = await playSeed(seed, { swarm: small(seed), keepTrace: true, letters, openBooks: (of) => postgresBooks(of, on) });
    expect([seed, onDatabase.violations]).toEqual([seed, []]);
    expect([seed, inMemory.violations]).toEqual([seed, []]);
    expect({ seed, parted: firstDifference(onDatabase.trace.kept, inMemory.trace.kept) }).toEqual({ seed, parted: null });
    expect(onDatabase.state).toEqual(inMemory.state);
  }
  for (const { id } of await listOrganisations(on.database)) expect((await on.database.inTenant(id, verify)).filter((check) => !check.ok)).toEqual([]);
});

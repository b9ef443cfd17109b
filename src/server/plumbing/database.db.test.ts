import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from './database.ts';
import { testDatabase } from '#server/testing/database.ts';
import { givenOrganisation } from '#server/testing/given.ts';
import type { TestDatabase } from '#server/testing/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const LOST_MS = 200;

test('a connection lost in the middle of a transaction, between two statements, breaks that transaction off and nothing else', async () => {
  const owner = await db.owner();
  const broken = db.database.inTransaction(async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await owner.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    // The loss arrives while nothing is being asked.
    await sleep(LOST_MS);
    await client.query('select 1');
  });
  await expect(broken).rejects.toThrow(/terminat|queryable|connection/i);
  await owner.end();
  expect(await db.database.inTransaction(async (client) => (await client.query<{ one: number }>('select 1 as one')).rows)).toEqual([{ one: 1 }]);
});

test('a transaction that nobody goes on with is ended by the server, with its locks', async () => {
  const shown = await db.database.inTransaction(async (client) => (await client.query<{ limit: string }>('select current_setting($1) as limit', ['idle_in_transaction_session_timeout'])).rows[0]?.limit);
  expect(shown).toBe('5min');
  const hasty = new Database({ ...db.database.pool.options, idle_in_transaction_session_timeout: 100 });
  await expect(hasty.inTransaction(async (client) => {
    await sleep(LOST_MS);
    await client.query('select 1');
  })).rejects.toThrow(/idle-in-transaction|terminat|queryable|connection/i);
  await hasty.close();
});

test('whatever stands in a list arrives as it was given', async () => {
  const organisation = await givenOrganisation(db.database);
  const element = fc.option(fc.oneof(
    fc.constantFrom('', 'NULL', 'null', 'Null', '{', '}', ',', '"', '\\', ' ', ' a ', 'a b', 'a,b', '\n', '\t', "'", '\\"', 'é', 'ſK', '2026-11-22', 'a@b.fr', '[1:2]={1}'),
    fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\u0000', '')), fc.bigInt().map(String),
  ));
  await fc.assert(fc.asyncProperty(fc.array(element), async (given) => {
    const rows = await db.database.inTenant(organisation, (t) => t.rows<{ value: string | null }>(t.sql`select n.value from unnest(${given}::text[]) with ordinality as n(value, nth) order by n.nth`));
    expect(rows.map(({ value }) => value)).toEqual(given);
  }), { numRuns: 200, seed: 20_261_122 });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { givenOrganisation } from '#server/testing/given.ts';
import { joinWorkers } from './worker-presence.ts';
import type { WorkerPresence } from './worker-presence.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const PATIENCE_MS = 5000;
const LOOK_MS = 20;

async function seenWithin(alive: boolean, ask: () => Promise<boolean>): Promise<boolean> {
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
    if ((await ask()) === alive) return true;
    await sleep(LOOK_MS);
  }
  return false;
}

async function cut(worker: WorkerPresence): Promise<void> {
  const owner = await db.owner();
  const done = await owner.query("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = $1::bigint and granted", [worker.id]);
  await owner.end();
  expect(done.rowCount).toBe(1);
}

test('a worker whose connection was cut shows again that it lives, under the same number, until it leaves', async () => {
  const organisation = await givenOrganisation(db.database);
  const [one, other] = [await joinWorkers(db.database), await joinWorkers(db.database)];
  const sees = (): Promise<boolean> => db.database.inTenant(organisation, (t) => other.isAlive(t, one.id));
  expect(await sees()).toBe(true);
  for (let times = 0; times < 2; times += 1) {
    await cut(one);
    expect(await seenWithin(false, sees)).toBe(true);
    expect(await seenWithin(true, sees)).toBe(true);
  }
  await one.leave();
  expect(await seenWithin(false, sees)).toBe(true);
  await other.leave();
});

test('one that leaves while it is cut off does not come back', async () => {
  const organisation = await givenOrganisation(db.database);
  const [one, other] = [await joinWorkers(db.database), await joinWorkers(db.database)];
  const sees = (): Promise<boolean> => db.database.inTenant(organisation, (t) => other.isAlive(t, one.id));
  await cut(one);
  await one.leave();
  await sleep(1500);
  expect(await sees()).toBe(false);
  await other.leave();
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import { must } from '#core/kernel/result.ts';
import { verify } from '#server/audit/verify.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt } from '#server/testing/given.ts';
import { testGuard } from '#server/testing/guard.ts';
import { approveOn, givenDebtors, runOn, sendAt, statesOf } from '#server/testing/outbox.ts';
import { noteAttempts } from './attempts.ts';
import { claimBatch } from './claim-batch.ts';
import { claimIn } from './postgres-ledger.ts';
import { letterName } from './rescue.ts';
import { joinWorkers } from './worker-presence.ts';

const TODAY = '2026-03-02';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** A worker that died after it began to put two letters in the print folder; what the next one makes of them when the folder has `there`. Gives the states and the letters put. */
async function afterDeath(there: readonly string[]): Promise<{ states: string[]; put: string[] }> {
  const organisation = await givenDebtors(db.database, ['C1', 'C2'].map((code) => ({ code, email: null })));
  await runOn(db.database, organisation, TODAY);
  const ids = await approveOn(db.database, organisation, TODAY);
  const worker = await joinWorkers(db.database);
  const clock = clockAt(TODAY);
  const letters = must(await openLetterMaker());
  const put: string[] = [];
  const carriers = {
    mail: null, letter: async ({ name }: { name: string }) => {
      put.push(name);
      return `letters/${name}`;
    },
  };
  const { claimed } = await db.database.inTenant(organisation, (t) => claimBatch(claimIn(t), {
    organisation, today: day(TODAY), clock, actor: 'test', worker, carriers, sender: { from: null, instance: 'test' }, letters,
  }, ids));
  expect(claimed).toHaveLength(2);
  await noteAttempts(db.database, { starting: claimed.map(({ action, fence }) => ({ action: action.actionId, fence })), ended: [] }, { organisation, now: clock.now(), today: day(TODAY) });
  await worker.leave();
  const names = new Set(claimed.filter(({ action }) => there.includes(action.customerCode)).map(({ action }) => letterName(action)));
  await sendAt(db.database, organisation, { at: TODAY, guard: testGuard(db.database), carriers: { ...carriers, findLetter: async (name) => (names.has(name) ? `letters/${name}` : null) } });
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
  return { states: await statesOf(db.database, organisation), put };
}

test('a letter that lies in the print folder was put there; one that does not may have been posted, and waits for a person', async () => {
  expect(await afterDeath(['C1'])).toEqual({ states: ['C1 sent', 'C2 unknown workerLost'], put: [] });
});

test('with nothing to be found both wait for a person', async () => {
  expect(await afterDeath([])).toEqual({ states: ['C1 unknown workerLost', 'C2 unknown workerLost'], put: [] });
});

import { afterAll, expect, test } from 'vitest';
import { memoryJournal } from '#core/channels/memory-journal.ts';
import { must } from '#core/kernel/result.ts';
import { verify } from '#server/audit/verify.ts';
import { SendGuard } from '#server/channels/journal/guard.ts';
import { reconcile } from '#server/channels/journal/reconcile.ts';
import { tryWebhook } from '#server/channels/webhooks/loop.ts';
import { listWebhooks, switchOn } from '#server/channels/webhooks/webhooks.ts';
import type { Database } from '#server/plumbing/database.ts';
import { createLog } from '#server/plumbing/log.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { backUp } from '#server/testing/copied-database.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt } from '#server/testing/given.ts';
import { plantInSql } from '#server/testing/mutant.ts';
import { approveOn, debtors, givenDebtors, postOffice, runOn, sendAt } from '#server/testing/outbox.ts';
import { amountsTaken, finishCalls, givenPromiser, givenWebhook, promise, TOLD_ON, webhookWorker } from '#server/testing/webhooks.ts';
import type { GivenWebhook } from '#server/testing/webhooks.ts';

const by = { clock: clockAt(TOLD_ON), actor: 'user:1' };
const databases: TestDatabase[] = [];
const open: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of open) await one.close();
  for (const one of databases) await one.drop();
});

const idsOf = ({ receiver }: GivenWebhook): string[] => receiver.requests.map(({ headers }) => String(headers['webhook-id']));

test('B8: a restored database calls nobody until it is reconciled; then ids of old events repeat, and none is of another event', { timeout: 60_000 }, async () => {
  const original = await testDatabase();
  databases.push(original);
  const { database } = original;
  const organisation = await givenDebtors(database, debtors(4));
  const webhook = await givenWebhook(database, organisation, ['promise.given']);
  open.push(webhook.receiver);
  const journal = memoryJournal();
  const guard = new SendGuard({ journal, log: createLog('silent') });
  await runOn(database, organisation, TOLD_ON);
  await approveOn(database, organisation, TOLD_ON);
  const send = (on: Database, by: SendGuard, max?: number): ReturnType<typeof sendAt> => sendAt(on, organisation, { at: TOLD_ON, guard: by, carriers: { mail: postOffice().carrier, letter: null }, ...(max === undefined ? {} : { max }) });
  await send(database, guard, 1);
  await promise(database, organisation, [10_00]);
  const backup = await backUp(original);
  open.push({ close: () => backup.drop() });
  await promise(database, organisation, [20_00]);
  const teller = await webhookWorker(database, [webhook.receiver], { guard });
  await finishCalls(webhook, database, teller);
  await teller.leave();
  expect(amountsTaken(webhook.receiver)).toEqual(['10.00', '20.00']);
  await send(database, guard);
  const before = new Set(idsOf(webhook));

  const [twin, naive] = [await backup.restore(), await backup.restore()];
  databases.push(twin, naive);
  const restored = new SendGuard({ journal, log: createLog('silent') });
  const worker = await webhookWorker(twin.database, [webhook.receiver], { guard: restored });
  expect(await worker.turn(webhook)).toBe('frozen');
  await promise(twin.database, organisation, [30_00]);
  expect(await worker.turn(webhook)).toBe('frozen');
  expect(webhook.receiver.requests).toHaveLength(2);
  expect(must(await reconcile(twin.database, restored, { how: 'applied', reason: 'disk lost', by: { at: by.clock.now(), actor: 'user:1' } }))).toMatchObject([{ webhooksOff: 1 }]);
  // What was told, removed, or given another secret since the backup, this database does not know: a person looks first.
  expect(await worker.turn(webhook)).toBe('busy');
  expect(await twin.database.inTenant(organisation, (t) => switchOn(t, { id: webhook.webhook, from: 'here' }, by))).toBe(true);
  await finishCalls(webhook, twin.database, worker);
  await worker.leave();
  const after = idsOf(webhook).slice(2);
  // The event that was in the backup is told again, under its id; the new one has the place in the chain of one that is lost, and another id.
  expect(after.map((id) => before.has(id))).toEqual([true, false]);
  expect(amountsTaken(webhook.receiver)).toEqual(['10.00', '20.00', '30.00']);
  expect((await twin.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
});

test('B8: what the journal knows to have left is told after a restore, once; a copy that somebody took over tells nobody until a person switches on', { timeout: 60_000 }, async () => {
  const original = await testDatabase();
  databases.push(original);
  const organisation = await givenDebtors(original.database, debtors(3));
  const webhook = await givenWebhook(original.database, organisation, ['email.sent', 'promise.given']);
  open.push(webhook.receiver);
  const journal = memoryJournal();
  const send = (on: Database, guard: SendGuard, max?: number): ReturnType<typeof sendAt> => sendAt(on, organisation, { at: TOLD_ON, guard, carriers: { mail: postOffice().carrier, letter: null }, ...(max === undefined ? {} : { max }) });
  const guard = new SendGuard({ journal, log: createLog('silent') });
  await runOn(original.database, organisation, TOLD_ON);
  await approveOn(original.database, organisation, TOLD_ON);
  await send(original.database, guard, 1);
  const backup = await backUp(original);
  open.push({ close: () => backup.drop() });
  // After the backup, and told to nobody before the database was lost.
  expect(await send(original.database, guard)).toMatchObject({ sent: 2 });

  const twin = await backup.restore();
  databases.push(twin);
  const restored = new SendGuard({ journal, log: createLog('silent') });
  const worker = await webhookWorker(twin.database, [webhook.receiver], { guard: restored });
  expect([await worker.turn(webhook), await tryWebhook({ ...worker.calling }, webhook)]).toEqual(['frozen', 'frozen']);
  expect(must(await reconcile(twin.database, restored, { how: 'applied', reason: 'disk lost', by: { at: by.clock.now(), actor: 'user:1' } }))).toMatchObject([{ webhooksOff: 1 }]);
  // What was told, removed, or given another secret since the backup, this database does not know: a person looks first.
  expect(await worker.turn(webhook)).toBe('busy');
  expect(await twin.database.inTenant(organisation, (t) => switchOn(t, { id: webhook.webhook, from: 'here' }, by))).toBe(true);
  await finishCalls(webhook, twin.database, worker);
  await worker.leave();
  const sent = [...webhook.receiver.taken.values()].map((body) => JSON.parse(body) as { type: string; data: { customer: { code: string }; sentOn: string; items: unknown[] } });
  expect(sent.map(({ type, data }) => [type, data.sentOn, data.items.length])).toEqual([['email.sent', TOLD_ON, 1], ['email.sent', TOLD_ON, 1], ['email.sent', TOLD_ON, 1]]);
  expect(new Set(sent.map(({ data }) => data.customer.code)).size).toBe(3);
  expect((await twin.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);

  const staging = await backup.restore();
  databases.push(staging);
  const own = new SendGuard({ journal: memoryJournal(), log: createLog('silent') });
  const player = await webhookWorker(staging.database, [webhook.receiver], { guard: own });
  expect(await player.turn(webhook)).toBe('frozen');
  expect(must(await reconcile(staging.database, own, { how: 'adopted', reason: 'staging', by: { at: by.clock.now(), actor: 'user:1' } }))).toMatchObject([{ webhooksOff: 1 }]);
  const called = webhook.receiver.requests.length;
  await promise(staging.database, organisation, [66_66]);
  expect([await player.turn(webhook), webhook.receiver.requests.length]).toEqual(['busy', called]);
  const inStaging = <T>(work: (t: Tenant) => Promise<T>): Promise<T> => staging.database.inTenant(organisation, work);
  expect(await inStaging((t) => listWebhooks(t, { whole: true, now: by.clock.now() }))).toMatchObject([{ on: false, offBecause: 'restored' }]);
  expect(await inStaging((t) => switchOn(t, { id: webhook.webhook, from: 'now' }, by))).toBe(true);
  await player.leave();
});

const FROM_PLACE = { from: 'e.kind, e.body, e.hash', to: `e.kind, e.body, sha256(convert_to(e.seq::text, 'UTF8')) as hash` };

/** Tells of an event that a restore loses, then, from the restored database, of another one at the same place in the chain, as if nobody had seen that it was restored. */
async function twoHistories(plant: boolean): Promise<string[]> {
  const original = await testDatabase();
  databases.push(original);
  const webhook = await givenWebhook(original.database, await givenPromiser(original.database));
  open.push(webhook.receiver);
  const backup = await backUp(original);
  open.push({ close: () => backup.drop() });
  const restored = await backup.restore();
  databases.push(restored);
  for (const [index, one] of [original, restored].entries()) {
    await promise(one.database, webhook.organisation, [(index + 1) * 10_00]);
    const planted = plant ? plantInSql(one.database, [FROM_PLACE]) : null;
    const worker = await webhookWorker(one.database, [webhook.receiver], { guard: new SendGuard({ journal: memoryJournal(), log: createLog('silent') }) });
    await finishCalls(webhook, one.database, worker);
    await worker.leave();
    planted?.remove();
  }
  expect(webhook.receiver.requests).toHaveLength(2);
  return amountsTaken(webhook.receiver);
}

test('B8: an event that takes the place of a lost one has an id of its own; made from the place it would be thrown away as known', { timeout: 60_000 }, async () => {
  expect(await twoHistories(false)).toEqual(['10.00', '20.00']);
  expect(await twoHistories(true)).toEqual(['10.00']);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { CustomerId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { RETRY_SECONDS } from '#core/channels/webhook-retry.ts';
import { verify } from '#server/audit/verify.ts';
import { addHold } from '#server/holds/holds.ts';
import type { Database } from '#server/plumbing/database.ts';
import { createLog } from '#server/plumbing/log.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testGuard } from '#server/testing/guard.ts';
import { amountsTaken, givenWebhook, promise, TOLD_ON, webhookWorker } from '#server/testing/webhooks.ts';
import type { GivenWebhook } from '#server/testing/webhooks.ts';
import { isSigned } from '#server/testing/receiver.ts';
import { CALLS_KEPT_DAYS, forgetCalls, makeCalls } from './calls.ts';
import { startWebhooks, tryWebhook } from './loop.ts';
import { secretText } from './signature.ts';
import { addWebhook, changeEvents, listWebhooks, removeWebhook, rotateSecret, switchOffByPerson, switchOn, WEBHOOKS_MAX } from './webhooks.ts';

const by = { clock: clockAt(TOLD_ON), actor: 'user:1' };
let db: TestDatabase;
const open: GivenWebhook[] = [];
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => {
  for (const one of open) await one.receiver.close();
  await db.drop();
});

async function given(status = 204, sample = false): Promise<GivenWebhook> {
  const organisation = await givenOrganisation(db.database, { sample });
  await importText(db.database, organisation, { today: TOLD_ON, text: fecOf([{ code: 'C1', piece: 'FA-1', on: '2026-01-05', debit: '120,00' }]) });
  return beside({ organisation }, status);
}
async function beside({ organisation }: Pick<GivenWebhook, 'organisation'>, status = 204): Promise<GivenWebhook> {
  const one = await givenWebhook(db.database, organisation);
  one.receiver.answer = (_request, response) => void response.writeHead(status).end();
  open.push(one);
  return one;
}
const heal = (of: GivenWebhook): void => {
  of.receiver.answer = (_request, response) => void response.writeHead(204).end();
};
const inTenant = <T>(of: GivenWebhook, work: Parameters<typeof db.database.inTenant<T>>[1]): Promise<T> => db.database.inTenant(of.organisation, work);
const view = (of: GivenWebhook) => inTenant(of, async (t) => (await listWebhooks(t, { whole: true, now: by.clock.now() })).find(({ id }) => id === of.webhook));
const kinds = (of: GivenWebhook): Promise<string[]> => inTenant(of, async (t) => (await t.rows<{ line: string }>(t.sql`
  select e.kind || coalesce(' ' || ((e.body::jsonb -> 'facts') ->> 'because'), '') as line from ${t.from('event')} e where e.kind like 'webhook.%' order by e.seq`)).map(({ line }) => line));

test('a receiver that fails for three days is called ten times, then switched off with its event; what waits keeps waiting, and is told in order once a person switches on', async () => {
  const of = await given(500);
  const promised = await promise(db.database, of.organisation, [10_00, 20_00]);
  const worker = await webhookWorker(db.database, [of.receiver]);
  const start = Date.parse(worker.clock.now());
  const waits: number[] = [];
  for (let end = await worker.turn(of); end === 'later'; end = await worker.turn(of)) {
    const next = (await view(of))?.nextAt ?? '';
    waits.push(Math.round((Date.parse(next) - Date.parse(worker.clock.now())) / 1000));
    // A moment too early nothing is called.
    const calls = of.receiver.requests.length;
    worker.clock.set(new Date(Date.parse(next) - 1).toISOString());
    expect(await worker.turn(of)).toBe('later');
    expect(of.receiver.requests).toHaveLength(calls);
    worker.clock.set(next);
  }
  expect(waits).toHaveLength(RETRY_SECONDS.length);
  waits.forEach((seconds, index) => expect(seconds / (RETRY_SECONDS[index] ?? 0)).toBeGreaterThanOrEqual(1));
  expect((Date.parse(worker.clock.now()) - start) / 86_400_000).toBeGreaterThan(3);
  expect(of.receiver.requests).toHaveLength(10);
  expect(new Set(of.receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(await view(of)).toMatchObject({ on: false, offBecause: 'failing', last: { outcome: 'refused', status: 500 }, waiting: 2, nextAt: null });
  expect(await worker.turn(of)).toBe('busy');
  promised.push(...(await promise(db.database, of.organisation, [30_00])));
  heal(of);
  expect(await inTenant(of, (t) => switchOn(t, { id: of.webhook, from: 'here' }, by))).toBe(true);
  expect(await inTenant(of, (t) => switchOn(t, { id: of.webhook, from: 'here' }, by))).toBe(false);
  of.receiver.taken.clear();
  expect(await worker.turn(of)).toBe('idle');
  await worker.leave();
  expect(amountsTaken(of.receiver)).toEqual(promised);
  expect(await kinds(of)).toEqual(['webhook.added', 'webhook.switchedOff failing', 'webhook.switchedOn']);
  expect((await inTenant(of, verify)).filter((check) => !check.ok)).toEqual([]);
});

test('410 switches off at once; switched on from now, nothing of what waited is told', async () => {
  const of = await given(410);
  await promise(db.database, of.organisation, [10_00, 20_00]);
  const worker = await webhookWorker(db.database, [of.receiver]);
  expect(await worker.turn(of)).toBe('closed');
  expect(await view(of)).toMatchObject({ on: false, offBecause: 'gone', waiting: 2 });
  await promise(db.database, of.organisation, [30_00]);
  expect(await view(of)).toMatchObject({ more: true });
  heal(of);
  of.receiver.taken.clear();
  await inTenant(of, (t) => switchOn(t, { id: of.webhook, from: 'now' }, by));
  expect(await view(of)).toMatchObject({ on: true, waiting: 0, more: false });
  const [next] = await promise(db.database, of.organisation, [40_00]);
  expect(await worker.turn(of)).toBe('idle');
  await worker.leave();
  expect(amountsTaken(of.receiver)).toEqual([next]);
});

test('a failing receiver holds up nobody else; what a person switched off waits', async () => {
  const failing = await given(500);
  const well = await beside(failing);
  const promised = await promise(db.database, failing.organisation, [10_00]);
  const worker = await webhookWorker(db.database, [failing.receiver, well.receiver]);
  expect([await worker.turn(failing), await worker.turn(well)]).toEqual(['later', 'idle']);
  expect(amountsTaken(well.receiver)).toEqual(promised);
  expect(await inTenant(well, (t) => switchOffByPerson(t, well.webhook, by))).toBe(true);
  promised.push(...(await promise(db.database, failing.organisation, [20_00])));
  expect(await worker.turn(well)).toBe('busy');
  await inTenant(well, (t) => switchOn(t, { id: well.webhook, from: 'here' }, by));
  expect(await worker.turn(well)).toBe('idle');
  await worker.leave();
  expect(amountsTaken(well.receiver)).toEqual(promised);
});

/** A worker that dies while its call is under way, which never arrives. */
async function dieCalling(of: GivenWebhook): Promise<void> {
  let called: () => void = () => undefined;
  const under = new Promise<void>((done) => (called = done));
  const dead = await webhookWorker(db.database, [of.receiver], { post: () => (called(), new Promise(() => undefined)) });
  void dead.turn(of);
  await under;
  await dead.leave();
}

test('a try whose end nobody noted, found long after a person switched off: who switches on again has decided, and is not asked a second time', async () => {
  const of = await given();
  const promised = await promise(db.database, of.organisation, [10_00]);
  await dieCalling(of);
  await inTenant(of, (t) => switchOffByPerson(t, of.webhook, by));
  const clock = clockAt('2026-03-20');
  await inTenant(of, (t) => switchOn(t, { id: of.webhook, from: 'here' }, { clock, actor: 'user:1' }));
  const worker = await webhookWorker(db.database, [of.receiver], { clock });
  expect(await worker.turn(of)).toBe('later');
  clock.set('2026-03-20T08:01:00.000Z');
  expect(await worker.turn(of)).toBe('idle');
  await worker.leave();
  expect(amountsTaken(of.receiver)).toEqual(promised);
});

test('a try whose end nobody noted, found after the time for which receivers keep ids, is repeated by a person alone', async () => {
  const of = await given();
  const promised = await promise(db.database, of.organisation, [10_00]);
  await dieCalling(of);
  const clock = clockAt('2026-03-20');
  const worker = await webhookWorker(db.database, [of.receiver], { clock });
  expect(await worker.turn(of)).toBe('closed');
  expect([of.receiver.requests, (await view(of))?.offBecause]).toEqual([[], 'unsure']);
  await inTenant(of, (t) => switchOn(t, { id: of.webhook, from: 'here' }, { clock, actor: 'user:1' }));
  expect(await worker.turn(of)).toBe('idle');
  await worker.leave();
  expect(amountsTaken(of.receiver)).toEqual(promised);
});

test('a call that may have arrived, due again after the machine was off for longer than receivers keep ids, is repeated by a person alone', async () => {
  const of = await given();
  const promised = await promise(db.database, of.organisation, [10_00]);
  of.receiver.answer = () => undefined;
  const clock = clockAt(TOLD_ON);
  const worker = await webhookWorker(db.database, [of.receiver], { clock });
  expect(await worker.turn(of)).toBe('later');
  // What is refused after it does not make it forgotten that it may have arrived.
  of.receiver.answer = (_request, response) => void response.writeHead(503).end();
  clock.set(`${TOLD_ON}T12:10:00.000Z`);
  expect(await worker.turn(of)).toBe('later');
  heal(of);
  clock.set('2026-03-22T08:00:00.000Z');
  expect(await worker.turn(of)).toBe('closed');
  expect([of.receiver.requests.length, (await view(of))?.offBecause]).toEqual([2, 'unsure']);
  await inTenant(of, (t) => switchOn(t, { id: of.webhook, from: 'here' }, { clock, actor: 'user:1' }));
  expect(await worker.turn(of)).toBe('idle');
  await worker.leave();
  expect(amountsTaken(of.receiver)).toEqual(promised);
});

test('nothing is told of a transaction that was rolled back, nor of a sample company', async () => {
  const of = await given();
  await expect(inTenant(of, async (t) => {
    const row = await t.one<{ customer_id: CustomerId }>(t.sql`select c.customer_id from ${t.from('customer')} c`);
    await addHold(t, { customerId: row?.customer_id as CustomerId, itemId: null, kind: 'promise', reason: null, amount: 10_00n, currency: 'EUR', from: day(TOLD_ON), until: day('2026-03-09'), note: null }, by);
    throw new Error('rolled back');
  })).rejects.toThrow('rolled back');
  const sample = await given(204, true);
  await promise(db.database, sample.organisation, [10_00]);
  const worker = await webhookWorker(db.database, [of.receiver, sample.receiver]);
  expect([await worker.turn(of), await worker.turn(sample)]).toEqual(['idle', 'busy']);
  await worker.leave();
  expect([of.receiver.requests, sample.receiver.requests]).toEqual([[], []]);
});

test('while a secret is changed both sign; after a day the former one does not, and is gone', async () => {
  const of = await given();
  const former = of.receiver.secret ?? '';
  const next = secretText(await inTenant(of, async (t) => (await rotateSecret(t, of.webhook, by)) ?? Buffer.alloc(0)));
  await promise(db.database, of.organisation, [10_00]);
  const worker = await webhookWorker(db.database, [of.receiver]);
  expect(await worker.turn(of)).toBe('idle');
  await promise(db.database, of.organisation, [20_00]);
  worker.clock.set('2026-03-03T12:00:00.000Z');
  of.receiver.secret = null;
  expect(await worker.turn(of)).toBe('idle');
  await worker.leave();
  expect(of.receiver.requests.map((one) => [isSigned(one, former), isSigned(one, next)])).toEqual([[true, true], [false, true]]);
  expect(await inTenant(of, (t) => t.one(t.sql`select w.former_secrets, w.former_until from ${t.from('webhook')} w`))).toEqual({ former_secrets: [], former_until: null });
});

test('a removed webhook keeps neither secret nor address; what is done is forgotten after its days', async () => {
  const of = await given();
  await promise(db.database, of.organisation, [10_00]);
  const worker = await webhookWorker(db.database, [of.receiver]);
  expect(await worker.turn(of)).toBe('idle');
  await promise(db.database, of.organisation, [20_00]);
  expect(await inTenant(of, (t) => removeWebhook(t, of.webhook, by))).toBe(true);
  expect(await worker.turn(of)).toBe('busy');
  await worker.leave();
  expect([await view(of), await inTenant(of, (t) => removeWebhook(t, of.webhook, by)), await inTenant(of, (t) => rotateSecret(t, of.webhook, by)), await inTenant(of, (t) => changeEvents(t, { id: of.webhook, events: ['plan.ended'] }, by))])
    .toEqual([undefined, false, null, { ok: true, value: false }]);
  expect(await inTenant(of, (t) => t.one(t.sql`select w.secret, w.url from ${t.from('webhook')} w`))).toEqual({ secret: null, url: `http://${of.receiver.host}/` });
  const day = (days: number) => clockAt(new Date(Date.parse(`${TOLD_ON}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)).now();
  expect(await inTenant(of, (t) => forgetCalls(t, day(CALLS_KEPT_DAYS)))).toBe(0);
  expect(await inTenant(of, (t) => forgetCalls(t, day(CALLS_KEPT_DAYS + 1)))).toBe(1);
});

test('what cannot be added is refused with a sentence', async () => {
  const of = await given();
  const add = (url: string, events: readonly string[]) => inTenant(of, async (t) => addWebhook(t, { url, events, hosts: new Set() }, by));
  expect([await add('http://erp.example.com', ['plan.ended']), await add('https://erp.example.com', ['nothing', 'hold.added'])].map((result) => (result.ok ? 'ok' : result.error.code))).toEqual(['webhook.scheme', 'webhook.events']);
  for (let count = 1; count < WEBHOOKS_MAX; count += 1) must(await add('https://erp.example.com', ['plan.ended']));
  expect(await add('https://erp.example.com', ['plan.ended'])).toMatchObject({ ok: false, error: { code: 'webhook.many' } });
});

test('the loop: one organisation whose receivers never answer does not keep another one waiting', async () => {
  const [slow, quick] = [await given(), await given()];
  // More than there are places in all: without its own limit this organisation would have them all.
  const stuck = [slow, ...(await Promise.all([1, 2, 3, 4, 5, 6].map(() => beside(slow))))];
  for (const one of stuck) one.receiver.answer = () => undefined;
  await promise(db.database, slow.organisation, [10_00]);
  const promised = await promise(db.database, quick.organisation, [20_00, 30_00]);
  const worker = await webhookWorker(db.database, [...stuck, quick].map(({ receiver }) => receiver));
  const loop = startWebhooks({ ...worker.calling, guard: testGuard(db.database), log: createLog('silent'), lanes: 6, organisations: async () => [{ id: slow.organisation }, { id: quick.organisation }] }, worker.calling.worker);
  // Before the first of the others has had its second.
  await expect.poll(() => amountsTaken(quick.receiver), { timeout: 900, interval: 20 }).toEqual(promised);
  promised.push(...(await promise(db.database, quick.organisation, [40_00])));
  loop.wake();
  await expect.poll(() => amountsTaken(quick.receiver), { timeout: 900, interval: 20 }).toEqual(promised);
  await loop.stop();
  await worker.leave();
  expect(stuck.every(({ receiver }) => receiver.requests.length <= 1)).toBe(true);
});

test('the loop: an organisation that cannot be looked at does not keep the others waiting', async () => {
  const of = await given();
  const promised = await promise(db.database, of.organisation, [10_00]);
  const broken = '999999' as OrganisationId;
  const worker = await webhookWorker(db.database, [of.receiver]);
  const database = through((id, work) => (id === broken ? Promise.reject(new Error('canceling statement due to lock timeout')) : work()));
  const loop = startWebhooks({ ...worker.calling, database, log: createLog('silent'), organisations: async () => [{ id: broken }, { id: of.organisation }] }, worker.calling.worker);
  await expect.poll(() => amountsTaken(of.receiver), { timeout: 4_000, interval: 20 }).toEqual(promised);
  await loop.stop();
  await worker.leave();
});

/** The database with something around each transaction of an organisation. */
function through(around: <T>(organisation: OrganisationId, work: () => Promise<T>) => Promise<T>): Database {
  return new Proxy(db.database, {
    get: (target, key) => {
      const found: unknown = Reflect.get(target, key, target);
      if (key === 'inTenant') return (...args: Parameters<Database['inTenant']>) => around(args[0], () => target.inTenant(...args));
      return typeof found === 'function' ? found.bind(target) as unknown : found;
    },
  });
}

test('more events than one look into the chain takes: each is told, in order', { timeout: 60_000 }, async () => {
  const of = await given();
  const cents = Array.from({ length: 210 }, (_, index) => 100 + index);
  const promised: string[] = [];
  for (let from = 0; from < cents.length; from += 50) promised.push(...(await promise(db.database, of.organisation, cents.slice(from, from + 50))));
  const worker = await webhookWorker(db.database, [of.receiver]);
  expect(await worker.turn(of)).toBe('idle');
  await worker.leave();
  expect(amountsTaken(of.receiver)).toEqual(promised);
});

test('events too large for one look are told in several, the next one when the ones before are done', async () => {
  const of = await given();
  await promise(db.database, of.organisation, [10_00, 20_00]);
  const waiting = (): Promise<number> => inTenant(of, async (t) => {
    await makeCalls(t, { id: of.webhook, events: ['promise.given'] }, { now: by.clock.now(), bytesMax: 1 });
    return t.run(t.sql`${t.update('webhook_call', 'c')} set outcome = 'taken', ended_at = ${by.clock.now()}::timestamptz where ${t.own('c')} and c.outcome is null`);
  });
  expect([await waiting(), await waiting(), await waiting()]).toEqual([1, 1, 0]);
});

test('what a person stops during a turn stops before its next call; what waits keeps waiting', async () => {
  const of = await given();
  await promise(db.database, of.organisation, [10_00, 20_00]);
  of.receiver.answer = (_request, response) => void inTenant(of, (t) => switchOffByPerson(t, of.webhook, by)).then(() => response.writeHead(204).end());
  const worker = await webhookWorker(db.database, [of.receiver]);
  expect(await worker.turn(of)).toBe('lost');
  await worker.leave();
  expect([amountsTaken(of.receiver), (await view(of))?.waiting]).toEqual([['10.00'], 1]);
});

test('a worker that sleeps between noting a start and calling makes no call; a turn ends after its time though calls wait', async () => {
  const [of, other] = [await given(), await given()];
  await promise(db.database, of.organisation, [10_00]);
  await promise(db.database, other.organisation, [10_00, 20_00]);
  const clock = clockAt(TOLD_ON);
  let transactions = 0;
  const database = through(async (_organisation, work) => {
    const done = await work();
    transactions += 1;
    // The second one notes the start.
    if (transactions === 2) clock.set(`${TOLD_ON}T23:00:00.000Z`);
    return done;
  });
  const sleeper = await webhookWorker(database, [of.receiver], { clock, guard: testGuard(db.database) });
  expect([await sleeper.turn(of), of.receiver.requests]).toEqual(['lost', []]);
  await sleeper.leave();
  const slow = clockAt(TOLD_ON);
  other.receiver.answer = (_request, response) => {
    slow.set(`${TOLD_ON}T23:30:00.000Z`);
    response.writeHead(204).end();
  };
  const worker = await webhookWorker(db.database, [other.receiver], { clock: slow });
  expect([await worker.turn(other), amountsTaken(other.receiver)]).toEqual(['more', ['10.00']]);
  await worker.leave();
});

test('a secret that was changed twice in a day: what the receiver has still signs, calls and tries alike', async () => {
  const of = await given();
  const known = of.receiver.secret ?? '';
  of.receiver.secret = null;
  for (let count = 0; count < 2; count += 1) await inTenant(of, (t) => rotateSecret(t, of.webhook, by));
  await promise(db.database, of.organisation, [10_00]);
  const worker = await webhookWorker(db.database, [of.receiver]);
  expect(await worker.turn(of)).toBe('idle');
  expect(await tryWebhook(worker.calling, of)).toEqual({ outcome: 'taken', status: 204 });
  await worker.leave();
  expect(of.receiver.requests.map((request) => isSigned(request, known))).toEqual([true, true]);
});

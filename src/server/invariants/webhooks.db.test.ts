import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import { WEBHOOK_EVENTS } from '#core/channels/webhook-events.ts';
import { writeFreeze } from '#server/channels/journal/installation.ts';
import type { Post } from '#server/channels/webhooks/post.ts';
import { secretText } from '#server/channels/webhooks/signature.ts';
import { listWebhooks, rotateSecret } from '#server/channels/webhooks/webhooks.ts';
import { addHold } from '#server/holds/holds.ts';
import { customerNamed, itemNamed } from '#server/matching/testing/given-money.ts';
import type { Database } from '#server/plumbing/database.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { plantInSql } from '#server/testing/mutant.ts';
import { approveOn, postOffice, runOn, sendAt } from '#server/testing/outbox.ts';
import { amountsTaken, finishCalls, givenPromiser, givenWebhook, promise, TOLD_ON, webhookWorker } from '#server/testing/webhooks.ts';
import type { GivenWebhook } from '#server/testing/webhooks.ts';

const by = { clock: clockAt(TOLD_ON), actor: 'user:1' };
let db: TestDatabase;
const databases: TestDatabase[] = [];
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  db = await testDatabase();
  databases.push(db);
});
afterAll(async () => {
  for (const one of open) await one.close();
  for (const one of databases) await one.drop();
});

/** A webhook told of promises, in an organisation of its own, and promises it is to be told of. */
async function given(cents: readonly number[], database = db.database): Promise<GivenWebhook & { promised: string[] }> {
  const webhook = await givenWebhook(database, await givenPromiser(database));
  open.push(webhook.receiver);
  return { ...webhook, promised: await promise(database, webhook.organisation, cents) };
}

/** A promise that never ends: what waits for it is as dead. */
const never = (): Promise<never> => new Promise(() => undefined);

type Point = { readonly at: 'transaction' | 'request'; readonly nth: number; readonly when: 'before' | 'after' };

/** A worker that dies at a point: what it was doing never goes on, and its connection is gone. */
async function dieAt(of: GivenWebhook, { at, nth, when }: Point): Promise<void> {
  const seen = { transaction: 0, request: 0 };
  let died: () => void = () => undefined;
  const dead = new Promise<void>((done) => (died = done));
  const through = async <T>(kind: Point['at'], work: () => Promise<T>): Promise<T> => {
    seen[kind] += 1;
    const dies = kind === at && seen[kind] === nth;
    if (dies && when === 'before') return died(), never();
    const done = await work();
    return dies ? (died(), never()) : done;
  };
  const database = new Proxy(db.database, {
    get: (target, key) => {
      const found: unknown = Reflect.get(target, key, target);
      if (key === 'inTenant') return (...given: Parameters<Database['inTenant']>) => through('transaction', () => target.inTenant(...given));
      return typeof found === 'function' ? found.bind(target) as unknown : found;
    },
  });
  const worker = await webhookWorker(db.database, [of.receiver]);
  const post: Post = (posting) => through('request', () => worker.calling.post(posting));
  const dying = await webhookWorker(database, [of.receiver], { post, worker: worker.calling.worker });
  await Promise.race([dead, dying.turn(of)]);
  await worker.leave();
}

const POINTS: readonly Point[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].flatMap((nth): Point[] => [{ at: 'transaction', nth, when: 'before' }, { at: 'transaction', nth, when: 'after' }]),
  ...[1, 2, 3].flatMap((nth): Point[] => [{ at: 'request', nth, when: 'before' }, { at: 'request', nth, when: 'after' }]),
];

test.each(POINTS)('B4: a worker of webhooks that dies $when $at $nth: each event arrives, in order, once for a receiver that knows its ids', async (point) => {
  const of = await given([10_00, 20_00, 30_00]);
  await dieAt(of, point);
  await finishCalls(of, db.database);
  expect(amountsTaken(of.receiver)).toEqual(of.promised);
  // What came twice came with its bytes; at most the call that was under way.
  expect(of.receiver.requests.every(({ headers, body }) => of.receiver.taken.get(String(headers['webhook-id'])) === body)).toBe(true);
  expect(of.receiver.requests.length).toBeLessThanOrEqual(4);
});

test.each<[string, Point, { from: string; to: string }]>([
  ['a call that was begun counts as told', { at: 'request', nth: 2, when: 'before' }, { from: '(n.outcome is null or n.outcome <> all (', to: 'n.started_at is null and (n.outcome is null or n.outcome <> all (' }],
  ['each try has an id of its own', { at: 'request', nth: 2, when: 'after' }, { from: 'c.part, c.call_id, c.type', to: `c.part, 'evt_' || md5(c.call_id || c.tries) || '00000000' as call_id, c.type` }],
])('B4, planted bug: %s', async (_name, point, bug) => {
  const of = await given([10_00, 20_00, 30_00]);
  const planted = plantInSql(db.database, [bug]);
  await dieAt(of, point);
  await finishCalls(of, db.database);
  planted.remove();
  expect(amountsTaken(of.receiver)).not.toEqual(of.promised);
});

/** Two workers turn the same webhook at once, the first in the middle of a call. Gives how often the receiver was called. */
async function race(of: GivenWebhook): Promise<number> {
  let answer: () => void = () => undefined;
  const first = await webhookWorker(db.database, [of.receiver]);
  const called = new Promise<void>((done) => {
    of.receiver.answer = (_request, response) => {
      of.receiver.answer = (_q, r) => void r.writeHead(204).end();
      answer = () => void response.writeHead(204).end();
      done();
    };
  });
  const turn = first.turn(of);
  await called;
  const others = await Promise.all([1, 2].map(async () => webhookWorker(db.database, [of.receiver])));
  await Promise.all(others.map((one) => one.turn(of)));
  answer();
  await turn;
  for (const one of [first, ...others]) await one.leave();
  await finishCalls(of, db.database);
  return of.receiver.requests.length;
}

test('B1: however many workers turn, one call for a webhook and an event, in order', async () => {
  const of = await given([10_00, 20_00, 30_00]);
  expect(await race(of)).toBe(3);
  expect(amountsTaken(of.receiver)).toEqual(of.promised);
  const rows = await db.database.inTenant(of.organisation, (t) => t.rows<{ tries: number }>(t.sql`select c.tries from ${t.from('webhook_call')} c order by c.seq, c.part`));
  expect(rows).toEqual([{ tries: 1 }, { tries: 1 }, { tries: 1 }]);

  const twin = await given([10_00, 20_00, 30_00]);
  const planted = plantInSql(db.database, [{ from: 'w.worker, coalesce(w.lease_until < now(), true) as expired', to: 'null::text as worker, true as expired' }]);
  expect(await race(twin)).toBeGreaterThan(3);
  planted.remove();
});

test('B1: an event cannot be told twice under another call: the place in the chain moves with the calls, and the database refuses a second one', async () => {
  const of = await given([10_00]);
  await finishCalls(of, db.database);
  const back = await db.database.inTenant(of.organisation, (t) => t.run(t.sql`${t.update('webhook', 'w')} set told_to = 0 where ${t.own('w')}`));
  expect(back).toBe(1);
  const worker = await webhookWorker(db.database, [of.receiver]);
  await expect(worker.turn(of)).rejects.toThrow(/webhook_call_pkey/);
  await worker.leave();
  expect(of.receiver.requests).toHaveLength(1);
});

test('B2: a second try carries the id and the bytes of the first, whatever changed meanwhile', async () => {
  const of = await given([10_00]);
  of.receiver.answer = (_request, response) => void response.writeHead(500).end();
  const worker = await webhookWorker(db.database, [of.receiver]);
  expect(await worker.turn(of)).toBe('later');
  await db.database.inTenant(of.organisation, (t) => t.run(t.sql`${t.update('customer', 'c')} set code = 'OTHER' where ${t.own('c')}`));
  of.receiver.answer = (_request, response) => void response.writeHead(204).end();
  await finishCalls(of, db.database, worker);
  await worker.leave();
  const [first, second, ...more] = of.receiver.requests;
  expect(more).toEqual([]);
  expect([second?.headers['webhook-id'], second?.body]).toEqual([first?.headers['webhook-id'], first?.body]);
  expect(first?.body).toContain('"code":"C1"');
  // Planted: composed anew. The database holds what was made first.
  await expect(db.database.inTenant(of.organisation, (t) => t.run(t.sql`${t.update('webhook_call', 'c')} set body = 'other' where ${t.own('c')}`))).rejects.toThrow(/what a call says never changes/);
});

/** A worker that is stopped in the middle of its first call for longer than its lease; another one tells everything; then it wakes and its call ends as refused. */
async function stopAndWake(of: GivenWebhook): Promise<void> {
  let wake: () => void = () => undefined;
  const asleep = new Promise<void>((done) => (wake = done));
  let called: () => void = () => undefined;
  const under = new Promise<void>((done) => (called = done));
  const post: Post = async () => (called(), await asleep, { outcome: 'refused', status: 500 });
  const sleeper = await webhookWorker(db.database, [of.receiver], { post });
  const turn = sleeper.turn(of);
  await under;
  await db.database.inTenant(of.organisation, (t) => t.run(t.sql`${t.update('webhook', 'w')} set lease_until = now() - interval '1 second' where ${t.own('w')}`));
  await finishCalls(of, db.database);
  // One more, begun by nobody yet: a late outcome must not be written on it either.
  await promise(db.database, of.organisation, [40_00]);
  const next = await webhookWorker(db.database, [of.receiver], { post: never });
  void next.turn(of);
  await expect.poll(() => db.database.inTenant(of.organisation, async (t) => (await t.rows(t.sql`select from ${t.from('webhook_call')} c where c.outcome is null and c.started_at is not null`)).length)).toBe(1);
  wake();
  await turn;
  for (const one of [sleeper, next]) await one.leave();
}

const outcomes = (of: GivenWebhook): Promise<(string | null)[]> => db.database.inTenant(of.organisation, async (t) =>
  (await t.rows<{ outcome: string | null }>(t.sql`select c.outcome from ${t.from('webhook_call')} c order by c.seq`)).map(({ outcome }) => outcome));
const lastOf = (of: GivenWebhook): Promise<unknown> => db.database.inTenant(of.organisation, (t) => t.one(t.sql`select w.last_outcome, w.next_at from ${t.from('webhook')} w`));

test('B5: a worker stopped for longer than its lease writes nothing over what its successor wrote', async () => {
  const of = await given([10_00, 20_00]);
  await stopAndWake(of);
  expect(await outcomes(of)).toEqual(['taken', 'taken', null]);
  expect(await lastOf(of)).toEqual({ last_outcome: 'taken', next_at: null });

  const twin = await given([10_00, 20_00]);
  const planted = plantInSql(db.database, [{ from: 'and w.fence = ', to: 'and w.fence <> 0 * ' }]);
  await stopAndWake(twin);
  planted.remove();
  expect(await lastOf(twin)).not.toEqual({ last_outcome: 'taken', next_at: null });
});

/** The database is frozen while the receiver answers the first of two calls. */
async function frozenBetween(plant: boolean): Promise<number> {
  const one = await testDatabase();
  databases.push(one);
  const of = await given([10_00, 20_00], one.database);
  of.receiver.answer = (_request, response) => {
    void writeFreeze(one.database, { because: 'person', unknown: [], unproven: false, reason: 'test' }, { at: by.clock.now(), actor: 'user:1' }).then(() => response.writeHead(204).end());
  };
  const planted = plant ? plantInSql(one.database, [{ from: 'i.frozen_at is not null as frozen', to: 'false as frozen' }]) : null;
  const worker = await webhookWorker(one.database, [of.receiver]);
  await worker.turn(of);
  expect(await worker.turn(of)).toBe('frozen');
  await worker.leave();
  planted?.remove();
  return of.receiver.requests.length;
}

test('B8: a freeze ends the calls of a turn that is under way', { timeout: 60_000 }, async () => {
  expect(await frozenBetween(false)).toBe(1);
  expect(await frozenBetween(true)).toBe(2);
});

/** Words of people and of other organisations, each where somebody could have written it. */
const CANARIES = ['Zorglub', 'canari@zorglub.example', '0612345678', 'Quai des Canaris', 'motsecret'];

/** Everything that a webhook tells of an organisation whose every free field holds a canary, with headers and what the ledger keeps. */
async function everything(bugs: readonly { from: string; to: string }[]): Promise<string> {
  const neighbour = await givenOrganisation(db.database);
  await importText(db.database, neighbour, { today: TOLD_ON, text: fecOf([{ code: 'AUTRUI', piece: 'FA-AUTRUI', on: '2026-01-05', debit: '120,00' }]) });
  await promise(db.database, neighbour, [77_77]);
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { today: TOLD_ON, text: fecOf([{ code: 'C1', piece: 'FA-1', on: '2026-01-05', debit: '120,00', label: 'motsecret' }]) });
  await importText(db.database, organisation, { today: TOLD_ON, name: 'clients.csv', text: 'Code client;Nom du client;E-mail;Téléphone;Adresse;Code postal;Ville\nC1;Zorglub;canari@zorglub.example;0612345678;Quai des Canaris;44000;Nantes\n' });
  const webhook = await givenWebhook(db.database, organisation, WEBHOOK_EVENTS);
  open.push(webhook.receiver);
  const [customerId, item] = [await customerNamed(db.database, organisation, 'C1'), await itemNamed(db.database, organisation, 'FA-1')];
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('customer', 'c')} set name = 'Zorglub' where ${t.own('c')}`));
  await runOn(db.database, organisation, TOLD_ON);
  await approveOn(db.database, organisation, TOLD_ON);
  expect(await sendAt(db.database, organisation, { at: TOLD_ON, carriers: { mail: postOffice().carrier, letter: null } })).toMatchObject({ sent: 1 });
  await db.database.inTenant(organisation, async (t) => {
    const hold = { customerId, itemId: item, amount: null, from: day(TOLD_ON), note: 'motsecret' };
    await addHold(t, { ...hold, kind: 'promise', reason: null, until: day('2026-03-09'), promisedBy: 'Zorglub' }, by);
    await addHold(t, { ...hold, kind: 'dispute', reason: 'motsecret', until: null, owner: { name: 'Zorglub', email: 'canari@zorglub.example' } }, by);
    await rotateSecret(t, webhook.webhook, by);
  });
  // They are all there to be told: what is not told below is not told because nobody wrote it.
  const rows = await db.database.inTenant(organisation, async (t) => JSON.stringify([
    await t.rows(t.sql`select c.* from ${t.from('customer')} c`), await t.rows(t.sql`select k.* from ${t.from('contact')} k`), await t.rows(t.sql`select i.* from ${t.from('item')} i`), await t.rows(t.sql`select h.* from ${t.from('hold')} h`)]));
  expect(sung(rows)).toEqual(CANARIES);
  const planted = bugs.length === 0 ? null : plantInSql(db.database, bugs);
  const worker = await webhookWorker(db.database, [webhook.receiver]);
  expect(await worker.turn(webhook)).toBe('idle');
  await worker.leave();
  planted?.remove();
  expect(webhook.receiver.taken.size).toBe(3);
  const kept = await db.database.inTenant(organisation, async (t) => ({
    events: await t.rows(t.sql`select e.body from ${t.from('event')} e where e.kind like 'webhook.%'`),
    calls: await t.rows(t.sql`select convert_from(c.body, 'UTF8') as body from ${t.from('webhook_call')} c`), list: await listWebhooks(t, { whole: true, now: by.clock.now() }),
    secrets: (await t.rows<{ secret: Buffer; former_secrets: Buffer[] }>(t.sql`select w.secret, w.former_secrets from ${t.from('webhook')} w`)).map((row) => [row.secret, ...row.former_secrets].map(secretText)),
  }));
  const text = JSON.stringify([webhook.receiver.requests, kept.events, kept.calls, kept.list]);
  expect(text).not.toMatch(/AUTRUI|77\.77/);
  for (const secret of kept.secrets.flat()) expect(text).not.toContain(secret.slice('whsec_'.length, -2));
  return text;
}

const sung = (text: string): string[] => CANARIES.filter((canary) => text.toLowerCase().includes(canary.toLowerCase()));

test('D6: what is told holds no name, address, note or reason in words, no secret, nothing of another organisation', async () => {
  expect(sung(await everything([]))).toEqual([]);
  expect(sung(await everything([{ from: 'h.customer_id, c.code, h.amount', to: 'h.customer_id, c.name as code, h.amount' }]))).toEqual(['Zorglub']);
  expect(sung(await everything([{ from: 'x.item_id, i.document, x.listed_amount', to: 'x.item_id, i.label as document, x.listed_amount' }]))).toEqual(['motsecret']);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DunningPage } from '#core/api/configuration.ts';
import type { Overview } from '#core/api/overview.ts';
import type { SendingPage } from '#core/api/sending.ts';
import type { SessionView } from '#core/api/session.ts';
import { day } from '#core/kernel/day.ts';
import { runDunning } from '#server/dunning/run.ts';
import { sendingSettingsSchema } from '#server/dunning/sending-settings.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { givenDebtors } from '#server/testing/outbox.ts';
import { testWeb } from '#server/testing/web.ts';
import type { TestWeb } from '#server/testing/web.ts';

let db: TestDatabase;
let web: TestWeb;
beforeAll(async () => {
  db = await testDatabase();
  web = await testWeb(db);
});
afterAll(async () => {
  await web.app.close();
  await db.drop();
});

const SETTINGS = sendingSettingsSchema.parse({});
const CUSTOMERS = [{ code: 'C1', email: 'compta@alpha.example' }];

test('the test address is set by the owner alone, whole, and shown in the session and on the first screen', async () => {
  const organisation = await givenDebtors(db.database, CUSTOMERS, '2026-06-30');
  const [owner, collector] = [await web.signedIn(organisation, 'owner'), await web.signedIn(organisation, 'collector')];
  const shown = async (): Promise<unknown> => [
    (await web.ask('GET', '/api/session', { cookie: collector })).json<SessionView>().testAddress, (await web.ask('GET', '/api/overview', { cookie: collector })).json<Overview>().testAddress,
  ];
  expect(await shown()).toEqual([null, null]);
  expect((await web.ask('PUT', '/api/sending', { cookie: collector, body: SETTINGS })).statusCode).toBe(403);
  expect((await web.ask('PUT', '/api/sending', { cookie: owner, body: { ...SETTINGS, testAddress: 'essais@duval.test' } })).statusCode).toBe(200);
  expect(await shown()).toEqual(['essais@duval.test', 'essais@duval.test']);
  // A body that leaves a setting out is refused: nothing is switched off by not being named.
  const { testAddress: _left, ...rest } = { ...SETTINGS };
  expect((await web.ask('PUT', '/api/sending', { cookie: owner, body: rest })).statusCode).toBe(400);
  expect(await shown()).toEqual(['essais@duval.test', 'essais@duval.test']);
});

test.each<[string, object]>([
  ['two addresses', { testAddress: 'a@duval.test, b@duval.test' }],
  ['a breaker looser than the product’s', { breaker: { bouncesPerThousand: 21, complaintsPerHundredThousand: 80 } }],
  ['complaints looser than the product’s', { breaker: { bouncesPerThousand: 20, complaintsPerHundredThousand: 81 } }],
  ['a rate of none', { rates: { perHour: 0, perDay: 1, perDomainHour: 1, perDomainDay: 1 } }],
  ['approvals that last a year', { approvalDays: 365 }],
])('%s is refused', async (_name, change) => {
  const organisation = await givenDebtors(db.database, CUSTOMERS);
  const owner = await web.signedIn(organisation, 'owner');
  expect((await web.ask('PUT', '/api/sending', { cookie: owner, body: { ...SETTINGS, ...change } })).statusCode).toBe(400);
});

test('the breaker shows on the first screen and is closed with a reason, by the owner', async () => {
  const organisation = await givenDebtors(db.database, CUSTOMERS);
  const [owner, collector] = [await web.signedIn(organisation, 'owner'), await web.signedIn(organisation, 'collector')];
  await db.database.inTenant(organisation, (t) => t.run(t.sql`
    ${t.into('sending_halt', 'cause, mails, bounces, complaints, opened_at')} values (${t.org}, 'complaints', 1000, 0, 1, now())`));
  expect((await web.ask('GET', '/api/overview', { cookie: collector })).json<Overview>().halt).toMatchObject({ cause: 'complaints', mails: 1000, complaints: 1 });
  const resume = (cookie: string, reason: string): ReturnType<typeof web.ask> => web.ask('POST', '/api/sending/resume', { cookie, body: { reason } });
  expect((await resume(collector, 'Adresse retirée de la liste')).statusCode).toBe(403);
  expect((await resume(owner, ' ')).statusCode).toBe(400);
  expect((await resume(owner, 'Adresse retirée de la liste')).statusCode).toBe(200);
  expect((await web.ask('GET', '/api/sending', { cookie: collector })).json<SendingPage>()).toMatchObject({ halt: null });
  expect((await resume(owner, 'Adresse retirée de la liste')).statusCode).toBe(404);
});

test('of a message whose worker was lost nobody can say at once that it did not arrive: a sentence says for how long; that it arrived can be said', async () => {
  const organisation = await givenDebtors(db.database, CUSTOMERS, '2026-06-30');
  const cookie = await web.signedIn(organisation, 'collector');
  await runDunning(db.database, { organisation, today: day('2026-06-30'), clock: web.clock, actor: 'test' });
  const id = await db.database.inTenant(organisation, async (t) => {
    await t.run(t.sql`${t.update('action', 'a')} set state = 'unknown', state_reason = 'workerLost', fence = 1 where ${t.own('a')}`);
    const found = await t.one<{ action_id: string }>(t.sql`select a.action_id from ${t.from('action')} a`);
    await t.run(t.sql`${t.into('send_attempt', 'action_id, fence, worker, claimed_at, started_at, outcome, response, finished_at')}
      values (${t.org}, ${found?.action_id ?? ''}::bigint, 1, '7', ${web.clock.now()}::timestamptz, ${web.clock.now()}::timestamptz, 'unknown', 'worker lost', ${web.clock.now()}::timestamptz)`);
    return found?.action_id ?? '';
  });
  const say = (arrived: boolean): ReturnType<typeof web.ask> => web.ask('POST', `/api/actions/${id}/resolve`, { cookie, body: { arrived } });
  const early = await say(false);
  expect([early.statusCode, early.json<{ code: string }>().code]).toEqual([409, 'actions.underWay']);
  expect(early.json<{ message: { fr: string; en: string } }>().message).toEqual({ fr: expect.stringContaining('dans 16 min') as string, en: expect.stringContaining('in 16 min') as string });
  expect((await say(true)).statusCode).toBe(200);
  expect((await say(false)).statusCode).toBe(404);
});

test('calls noted by hand use the budget and say when it is overdrawn; a mistake is taken back; what a person knows of an address is noted', async () => {
  const organisation = await givenDebtors(db.database, CUSTOMERS);
  const cookie = await web.signedIn(organisation, 'collector');
  const row = await db.database.inTenant(organisation, (t) => t.one<{ customer_id: string }>(t.sql`select c.customer_id from ${t.from('customer')} c`));
  const url = `/api/customers/${row?.customer_id ?? ''}/contacts-made`;
  const note = (on: string): ReturnType<typeof web.ask> => web.ask('POST', url, { cookie, body: { channel: 'call', on, note: 'Rappelle demain' } });
  for (const contacts of [1, 2, 3]) expect((await note('2026-06-30')).json()).toMatchObject({ contacts, contactsMax: 3, overBudget: false });
  const fourth = (await note('2026-06-29')).json<{ id: string }>();
  expect(fourth).toMatchObject({ contacts: 4, overBudget: true });
  expect((await note('2026-07-01')).statusCode).toBe(422);
  expect((await web.ask('DELETE', `${url}/${fourth.id}`, { cookie })).statusCode).toBe(200);
  expect((await web.ask('DELETE', `${url}/${fourth.id}`, { cookie })).statusCode).toBe(404);
  const dead = await web.ask('POST', '/api/bounces', { cookie, body: { address: 'Compta@alpha.example', kind: 'hard', note: 'Le client a changé d’adresse' } });
  expect(dead.json()).toEqual({ bounces: 1, contacts: 1, halted: false });
  expect((await web.ask('POST', '/api/bounces', { cookie, body: { report: 'Bonjour' } })).statusCode).toBe(422);
  expect((await web.ask('POST', '/api/bounces/lift', { cookie, body: { address: 'compta@ALPHA.example', reason: 'Confirmée au téléphone' } })).statusCode).toBe(200);
});

test('somebody else’s customers, bounces and breaker are as if they did not exist', async () => {
  const mine = await givenDebtors(db.database, CUSTOMERS);
  const theirs = await givenDebtors(db.database, CUSTOMERS);
  const cookie = await web.signedIn(mine, 'owner');
  const row = await db.database.inTenant(theirs, (t) => t.one<{ customer_id: string; contact_id: string }>(t.sql`select k.customer_id, k.contact_id from ${t.from('contact')} k`));
  const at = `/api/customers/${row?.customer_id ?? ''}`;
  expect((await web.ask('POST', `${at}/contacts-made`, { cookie, body: { channel: 'call', on: '2026-06-30', note: null } })).statusCode).toBe(404);
  expect((await web.ask('PUT', `${at}/contacts/${row?.contact_id ?? ''}/refusals`, { cookie, body: { channels: ['email'] } })).statusCode).toBe(404);
  await web.ask('POST', '/api/bounces', { cookie, body: { address: 'compta@alpha.example', kind: 'hard', note: '' } });
  const marked = await db.database.inTenant(theirs, (t) => t.rows(t.sql`select k.contact_id from ${t.from('contact')} k where k.bounced_at is not null`));
  expect(marked).toEqual([]);
});

test('everything is stopped by whoever works, with a reason all can read; the owner or that person lets it go on', async () => {
  const organisation = await givenDebtors(db.database, CUSTOMERS, '2026-06-30');
  const [owner, collector, other, reader] = [await web.signedIn(organisation, 'owner'), await web.signedIn(organisation, 'collector'), await web.signedIn(organisation, 'collector'), await web.signedIn(organisation, 'reader')];
  const status = async (cookie: string, url: string, body?: object): Promise<number> => (await web.ask('POST', url, { cookie, ...(body === undefined ? {} : { body }) })).statusCode;
  const seen = async (cookie: string): Promise<SessionView['stop']> => (await web.ask('GET', '/api/session', { cookie })).json<SessionView>().stop;
  const reason = { reason: 'Erreur de tarif dans l’import' };
  expect([await status(reader, '/api/stop', reason), await status(collector, '/api/stop', { reason: ' ' }), await status(collector, '/api/stop/end')]).toEqual([403, 400, 404]);
  expect(await status(collector, '/api/stop', reason)).toBe(200);
  expect(await status(owner, '/api/stop', reason)).toBe(409);
  expect([await seen(reader), await seen(collector)]).toMatchObject([{ ...reason, by: 'Testeuse', mayEnd: false }, { mayEnd: true }]);
  const run = await runDunning(db.database, { organisation, today: day('2026-06-30'), clock: web.clock, actor: 'test' });
  expect(run.stopped).toBe('globalStop');
  // Saving other settings neither makes nor ends it.
  const { settings } = (await web.ask('GET', '/api/dunning', { cookie: owner })).json<DunningPage>();
  expect((await web.ask('PUT', '/api/dunning', { cookie: owner, body: { ...settings, globalStop: false } })).statusCode).toBe(200);
  expect(await seen(owner)).not.toBeNull();
  expect([await status(other, '/api/stop/end'), await status(collector, '/api/stop/end'), await seen(owner)]).toEqual([403, 200, null]);
  expect((await web.ask('PUT', '/api/dunning', { cookie: owner, body: { ...settings, globalStop: true } })).statusCode).toBe(200);
  expect(await seen(owner)).toBeNull();
  const events = await db.database.inTenant(organisation, (t) => t.rows<{ kind: string; body: string }>(t.sql`select e.kind, e.body from ${t.from('event')} e where e.kind in ('dunning.stopped', 'dunning.resumed') order by e.seq`));
  expect(events.map(({ kind }) => kind)).toEqual(['dunning.stopped', 'dunning.resumed']);
  expect(JSON.stringify(events)).not.toContain('tarif');
});

test('refusals are listed and lifted, of one’s own organisation only', async () => {
  const organisation = await givenDebtors(db.database, CUSTOMERS);
  const cookie = await web.signedIn(organisation, 'collector');
  const other = await web.signedIn(await givenDebtors(db.database, CUSTOMERS), 'collector');
  const row = await db.database.inTenant(organisation, (t) => t.one<{ customer_id: string; contact_id: string }>(t.sql`select k.customer_id, k.contact_id from ${t.from('contact')} k`));
  const url = `/api/customers/${row?.customer_id ?? ''}/contacts/${row?.contact_id ?? ''}/refusals`;
  const list = async (as: string): Promise<unknown> => (await web.ask('GET', '/api/refusals', { cookie: as })).json();
  expect((await web.ask('PUT', url, { cookie, body: { channels: ['email', 'call'] } })).statusCode).toBe(200);
  expect(await list(cookie)).toMatchObject([{ customerName: 'Client C1', email: 'compta@alpha.example', channels: expect.arrayContaining(['email', 'call']) as string[] }]);
  expect(await list(other)).toEqual([]);
  expect((await web.ask('PUT', url, { cookie, body: { channels: [] } })).statusCode).toBe(200);
  expect(await list(cookie)).toEqual([]);
});

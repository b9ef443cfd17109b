import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JournalPage } from '#core/api/journal.ts';
import type { SessionView } from '#core/api/session.ts';
import { memoryJournal } from '#core/channels/memory-journal.ts';
import type { MemoryJournal } from '#core/channels/memory-journal.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { SendGuard } from '#server/channels/journal/guard.ts';
import { addMember } from '#server/identity/users.ts';
import { createLog } from '#server/plumbing/log.ts';
import { backUp } from '#server/testing/copied-database.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { approveOn, debtors, givenDebtors, postOffice, runOn, sendAt } from '#server/testing/outbox.ts';
import { testWeb } from '#server/testing/web.ts';
import type { TestWeb } from '#server/testing/web.ts';

const TODAY = '2026-03-02';
const log = createLog('silent');
let journal: MemoryJournal;
let data: TestDatabase;
let first: TestDatabase;
let web: TestWeb;
let mine: OrganisationId;
let theirs: OrganisationId;
let owner: string;

// Two organisations send; the database is one from before that.
beforeAll(async () => {
  first = await testDatabase();
  mine = await givenDebtors(first.database, debtors(3));
  theirs = await givenDebtors(first.database, debtors(2));
  const backup = await backUp(first);
  journal = memoryJournal();
  for (const organisation of [mine, theirs]) {
    await runOn(first.database, organisation, TODAY);
    await approveOn(first.database, organisation, TODAY);
    await sendAt(first.database, organisation, { at: TODAY, guard: new SendGuard({ journal, log }), carriers: { mail: postOffice().carrier, letter: null } });
  }
  data = await backup.restore();
  await backup.drop();
  web = await testWeb(data, { guard: new SendGuard({ journal: memoryJournal(journal.lines), log }) });
  owner = await web.signedIn(mine, 'owner');
});
afterAll(async () => {
  await web.app.close();
  await first.drop();
  await data.drop();
});

const page = async (cookie: string): Promise<JournalPage> => (await web.ask('GET', '/api/journal', { cookie })).json();
const session = async (cookie: string): Promise<SessionView> => (await web.ask('GET', '/api/session', { cookie })).json();
const REASON = { reason: 'disk lost, this morning restored' };

test('a page tells each organisation its own sends, and of the others their number alone', async () => {
  const seen = await page(owner);
  expect(seen).toMatchObject({ frozen: null, disagrees: 'restored', count: 3, others: 2, mayReconcile: false, where: null, cannotApply: null });
  expect(seen.sends.map(({ customer, outcome, customerName }) => [customer, outcome, customerName]).map(String).toSorted()).toEqual(['C0000', 'C0001', 'C0002'].map((code) => `${code},accepted,Client ${code}`));
  expect(JSON.stringify(seen)).not.toMatch(/compta|@/);
  expect((await page(await web.signedIn(theirs, 'owner'))).sends.length).toBe(2);
});

test('who does not own every organisation decides nothing, nor does a collector; nothing changed', async () => {
  for (const [url, body] of [['/api/journal/reconcile', { how: 'applied', ...REASON }], ['/api/journal/freeze', REASON]] as const) {
    const refused = await web.ask('POST', url, { cookie: owner, body });
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([403, 'journal.owner']);
    expect((await web.ask('POST', url, { cookie: await web.signedIn(mine, 'collector'), body })).statusCode).toBe(403);
  }
  expect((await session(owner)).frozen).toBeNull();
});

test('who owns them all lets sending go on, with a reason; everybody saw that it was frozen; the same again is refused', async () => {
  const user = (await session(owner)).user.id;
  await data.database.inTransaction((client) => addMember(client, { organisation: theirs, user: user as never, role: 'owner' }));
  const started = await web.ask('POST', '/api/sendings', { cookie: owner });
  expect(started.statusCode).toBe(202);
  const { job } = started.json<{ job: string }>();
  const outcome = async (): Promise<{ status: string; result: { stopped: string; sent: number; said: { fr: string } } }> => (await web.ask('GET', `/api/sendings/${job}`, { cookie: owner })).json();
  while ((await outcome()).status === 'running') await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await outcome()).result).toMatchObject({ stopped: 'frozen', sent: 0 });
  expect((await outcome()).result.said.fr).toContain('gelés');
  expect((await session(await web.signedIn(theirs, 'reader'))).frozen).toMatchObject({ because: 'restored', by: null, reason: null });
  expect(await page(owner)).toMatchObject({ frozen: { because: 'restored' }, disagrees: null, mayReconcile: true, where: 'memory' });
  expect((await web.ask('POST', '/api/journal/reconcile', { cookie: owner, body: { how: 'applied', reason: 'no' } })).statusCode).toBe(400);
  const done = await web.ask('POST', '/api/journal/reconcile', { cookie: owner, body: { how: 'applied', ...REASON } });
  expect([done.statusCode, done.json()]).toEqual([200, { sent: 3, parked: 0, waiting: 0, refused: 0, tests: 0, dropped: 0, backToProposed: 0, webhooksOff: 0 }]);
  expect((await session(owner)).frozen).toBeNull();
  expect(await page(owner)).toMatchObject({ frozen: null, disagrees: null, count: 0, others: 0 });
  const again = await web.ask('POST', '/api/journal/reconcile', { cookie: owner, body: { how: 'applied', ...REASON } });
  expect([again.statusCode, again.json<{ code: string }>().code]).toEqual([409, 'journal.refused']);
});

test('a person freezes, by name and in words that all can read; the words are in no event', async () => {
  expect((await web.ask('POST', '/api/journal/freeze', { cookie: owner, body: { reason: 'Bascule ce soir' } })).statusCode).toBe(200);
  expect((await session(await web.signedIn(mine, 'collector'))).frozen).toMatchObject({ because: 'person', by: 'Testeuse', reason: 'Bascule ce soir' });
  expect((await web.ask('POST', '/api/journal/freeze', { cookie: owner, body: REASON })).statusCode).toBe(409);
  expect((await web.ask('POST', '/api/journal/reconcile', { cookie: owner, body: { how: 'applied', ...REASON } })).statusCode).toBe(200);
  const bodies = await data.database.inTenant(mine, (t) => t.rows<{ kind: string; body: string }>(t.sql`select e.kind, e.body from ${t.from('event')} e where e.kind like 'sending.%' order by e.seq`));
  expect(bodies.map(({ kind }) => kind)).toEqual(['sending.frozen', 'sending.applied', 'sending.frozen', 'sending.applied']);
  expect(bodies.map(({ body }) => body).join(' ')).not.toMatch(/Bascule|disk lost|Testeuse/);
});

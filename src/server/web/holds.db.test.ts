import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DisputeReasonView, DisputeStatistics, HoldDetail, HoldPage, PlanPreview } from '#core/api/holds.ts';
import type { CustomerId, ItemId, OrganisationId } from '#core/kernel/id.ts';
import { HOLD_FILES_MAX } from '#server/holds/hold-files.ts';
import { brokenOf, itemOf } from '#server/holds/testing/given-holds.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testWeb } from '#server/testing/web.ts';
import type { TestWeb } from '#server/testing/web.ts';

let data: TestDatabase;
let web: TestWeb;
let organisation: OrganisationId;
let cookie: string;
let reader: string;
let other: string;
let fa1: { itemId: ItemId; customerId: CustomerId };
let fa2: typeof fa1;
beforeAll(async () => {
  data = await testDatabase();
  web = await testWeb(data);
  organisation = await givenOrganisation(data.database);
  await importText(data.database, organisation, { text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-05-05', debit: '1000,00' }, { code: 'C1', piece: 'FA2', on: '2026-05-07', debit: '300,00' }]) });
  [fa1, fa2] = await data.database.inTenant(organisation, async (t) => [await itemOf(t, 'FA1'), await itemOf(t, 'FA2')] as const);
  cookie = await web.signedIn(organisation, 'collector');
  reader = await web.signedIn(organisation, 'reader');
  other = await web.signedIn(await givenOrganisation(data.database), 'owner');
});
afterAll(async () => {
  await web.app.close();
  await data.drop();
});

async function made(url: string, body: object): Promise<string> {
  const answer = await web.ask('POST', url, { cookie, body });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.stringContaining('"id"')]);
  return answer.json<{ id: string }>().id;
}
const read = async (id: string): Promise<HoldDetail> => (await web.ask('GET', `/api/holds/${id}`, { cookie })).json<HoldDetail>();
const codeOf = async (method: 'POST' | 'PUT', url: string, body: object): Promise<string> => {
  const answer = await web.ask(method, url, { cookie, body });
  return `${answer.statusCode} ${answer.json<{ code?: string }>().code ?? ''}`.trim();
};

async function join(id: string, file: readonly [name: string, bytes: Buffer], as = cookie): Promise<ReturnType<TestWeb['ask']>> {
  const boundary = 'limit';
  const [name, bytes] = file;
  const payload = Buffer.concat([Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/html\r\n\r\n`), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return web.ask('POST', `/api/holds/${id}/files`, { cookie: as, body: payload, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } });
}

const PDF = Buffer.from('%PDF-1.7\n%%EOF\n');

test('a dispute from its opening to its end: owner, deadline, steps, comments, files, part accepted, counted', async () => {
  const id = await made('/api/holds', { kind: 'dispute', customerId: fa1.customerId, itemId: fa1.itemId, reason: 'PU_ERR', amount: '250.00', ownerName: 'Sam Leroy', ownerEmail: 'sam@duval.example' });
  expect(await read(id)).toMatchObject({
    kind: 'dispute', state: 'open', document: 'FA1', amount: '250.00', currency: 'EUR', reasonText: { fr: 'Prix unitaire erroné' },
    dispute: { ownerName: 'Sam Leroy', deadline: '2026-07-15', late: false }, comments: [], files: [],
  });
  expect(await codeOf('PUT', `/api/holds/${id}/steps/comparePrice`, { done: true })).toBe('200');
  expect(await codeOf('PUT', `/api/holds/${id}/steps/comparePrice`, { done: true })).toBe('200');
  expect(await codeOf('PUT', `/api/holds/${id}/steps/findDeliveryNote`, { done: true })).toBe('422 hold.disputeStep');
  expect(await codeOf('POST', `/api/holds/${id}/comments`, { body: 'Le tarif 2025 a été appliqué par erreur. <script>alert(1)</script>' })).toBe('200');
  const step = (await read(id)).steps.find(({ code }) => code === 'comparePrice');
  expect(step).toMatchObject({ dueOn: '2026-07-03', doneBy: 'Testeuse' });
  expect((await read(id)).comments.map(({ body }) => body)).toEqual(['Le tarif 2025 a été appliqué par erreur. <script>alert(1)</script>']);
  expect(await codeOf('PUT', `/api/holds/${id}/dispute`, { reason: 'price', amount: '1000.01', ownerName: null, ownerEmail: null, deadline: null })).toBe('422 hold.disputeAmount');
  expect(await codeOf('PUT', `/api/holds/${id}/dispute`, { reason: 'price', amount: '300.00', ownerName: 'Ada', ownerEmail: null, deadline: '2026-06-15' })).toBe('200');
  expect(await read(id)).toMatchObject({ reason: 'price', amount: '300.00', dispute: { ownerName: 'Ada', late: true } });
  expect(await codeOf('POST', `/api/holds/${id}/decision`, { outcome: 'partly' })).toBe('422 hold.disputePartNeeded');
  expect(await codeOf('POST', `/api/holds/${id}/decision`, { outcome: 'partly', amount: '120.00' })).toBe('200');
  expect(await read(id)).toMatchObject({ state: 'awaitingCredit', amount: '120.00', dispute: { outcome: 'partly' } });
  expect(await codeOf('POST', `/api/holds/${id}/decision`, { outcome: 'rejected' })).toBe('200');
  expect(await read(id)).toMatchObject({ state: 'rejected', endedOn: '2026-06-30', endedReason: 'rejected' });
  expect(await codeOf('POST', `/api/holds/${id}/decision`, { outcome: 'accepted' })).toBe('422 hold.disputeOver');
  const counted = (await web.ask('GET', '/api/disputes/statistics?by=owner', { cookie: reader })).json<DisputeStatistics>();
  expect(counted.rows).toEqual([{ key: 'Ada', name: { fr: 'Ada', en: 'Ada' }, currency: 'EUR', open: 0, openAmount: '0.00', late: 0, ended: 1, endedAmount: '120.00', resolvedDays: 0 }]);
  expect((await web.ask('GET', '/api/disputes/statistics?by=age', { cookie })).json<DisputeStatistics>().rows.map(({ key }) => key)).toEqual(['0-7']);
  expect(await brokenOf(data.database, organisation)).toEqual([]);
});

test('files: what they are follows from their bytes, they are only ever saved, never more than twenty, never another organisation’s', async () => {
  const id = await made('/api/holds', { kind: 'pause', customerId: fa1.customerId, until: '2026-07-31', reason: 'travaux chez le client' });
  const file = await join(id, ['../../bon de livraison.html', PDF]);
  expect(file.statusCode).toBe(201);
  const { id: fileId } = file.json<{ id: string }>();
  const again = await join(id, ['autre-nom.pdf', PDF]);
  expect(again.json<{ id: string }>().id).toBe(fileId);
  const saved = await web.ask('GET', `/api/holds/${id}/files/${fileId}`, { cookie: reader });
  expect(saved.headers).toMatchObject({ 'content-type': 'application/pdf', 'x-content-type-options': 'nosniff', 'content-disposition': expect.stringMatching(/^attachment; filename="bon de livraison\.html\.pdf"/) });
  expect(saved.rawPayload.equals(PDF)).toBe(true);
  for (const [name, bytes] of [['page.pdf', '<html><script>1</script>'], ['programme.png', 'MZ\u0000\u0001'], ['archive.docx', 'PK\u0003\u0004rien'], ['vide.txt', '']] as const) {
    const refused = await join(id, [name, Buffer.from(bytes, 'latin1')]);
    expect([name, refused.statusCode, refused.json<{ code: string }>().code]).toEqual([name, 422, name === 'vide.txt' ? 'hold.fileSize' : 'hold.fileKind']);
  }
  expect((await join(id, ['gros.pdf', Buffer.concat([PDF, Buffer.alloc(10 * 1024 * 1024)])])).statusCode).toBe(413);
  expect((await join(id, ['a.pdf', PDF], reader)).statusCode).toBe(403);
  expect((await join(id, ['a.pdf', PDF], other)).statusCode).toBe(404);
  expect((await web.ask('GET', `/api/holds/${id}/files/${fileId}`, { cookie: other })).statusCode).toBe(404);
  expect((await web.ask('GET', `/api/holds/${id}`, { cookie: other })).statusCode).toBe(404);
  for (let count = 1; count < HOLD_FILES_MAX; count += 1) expect((await join(id, [`note ${count}.txt`, Buffer.from(`note ${count}`)])).statusCode).toBe(201);
  expect((await join(id, ['de trop.txt', Buffer.from('de trop')])).json()).toMatchObject({ code: 'hold.fileCount' });
  expect((await read(id)).files).toHaveLength(HOLD_FILES_MAX);
  await web.ask('POST', `/api/holds/${id}/end`, { cookie, body: { reason: 'terminé' } });
});

test('a plan: looked at, corrected by hand, proposed, accepted; listed by kind and state', async () => {
  const items = [fa1.itemId, fa2.itemId];
  const preview = (await web.ask('POST', '/api/plans/preview', { cookie, body: { customerId: fa1.customerId, items, count: 3, firstOn: '2026-07-31', period: { every: 'month' } } })).json<PlanPreview>();
  expect(preview).toEqual({ currency: 'EUR', total: '1300.00', instalments: [{ dueOn: '2026-07-31', amount: '433.33' }, { dueOn: '2026-08-31', amount: '433.33' }, { dueOn: '2026-09-30', amount: '433.34' }] });
  const plan = { customerId: fa1.customerId, items, instalments: [{ dueOn: '2026-07-31', amount: '300.00' }, { dueOn: '2026-08-31', amount: '1000.00' }] };
  expect(await codeOf('POST', '/api/plans', { ...plan, instalments: [{ dueOn: '2026-07-31', amount: '1299.99' }] })).toBe('422 hold.planSum');
  expect(await codeOf('POST', '/api/plans', { ...plan, instalments: [{ dueOn: '2026-07-31', amount: '1300.001' }] })).toBe('422 hold.amount');
  expect(await codeOf('POST', '/api/plans', { ...plan, instalments: [{ dueOn: '2026-06-01', amount: '1300.00' }] })).toBe('422 hold.planPast');
  expect(await codeOf('POST', '/api/plans', { ...plan, items: [fa1.itemId, '999999'] })).toBe('422 hold.planItems');
  const id = await made('/api/plans', plan);
  expect(await read(id)).toMatchObject({ kind: 'plan', state: 'proposed', amount: '1300.00', received: '0.00', items: [{ document: 'FA1', open: '1000.00' }, { document: 'FA2', open: '300.00' }], plan: { acceptedOn: null, nextDueOn: '2026-07-31', nextAmount: '300.00' } });
  expect(await codeOf('POST', `/api/plans/${id}/accept`, { acceptedBy: 'M. Roux' })).toBe('200');
  expect(await read(id)).toMatchObject({ state: 'current', plan: { acceptedOn: '2026-06-30', acceptedBy: 'M. Roux' }, instalments: [{ amount: '300.00', paid: '0.00', state: 'due', lastDay: '2026-08-04' }, { amount: '1000.00' }] });
  const second = await made('/api/plans', { ...plan, replaces: id, acceptedBy: 'M. Roux', instalments: [{ dueOn: '2026-07-31', amount: '650.00' }, { dueOn: '2026-08-31', amount: '650.00' }] });
  expect(await read(id)).toMatchObject({ state: 'ended', endedReason: 'replanned' });
  const page = (await web.ask('GET', '/api/holds?kind=plan&state=current', { cookie: reader })).json<HoldPage>();
  expect(page.rows.map((row) => [row.id, row.stateText.fr, row.itemCount])).toEqual([[second, 'respecté', 2]]);
  expect((await web.ask('POST', '/api/plans', { cookie: reader, body: plan })).statusCode).toBe(403);
});

test('promises and insolvency: who, how, when; the claim to file with its last day', async () => {
  const promise = await made('/api/holds', { kind: 'promise', customerId: fa1.customerId, items: [fa2.itemId], until: '2026-07-10', amount: '100.00', by: 'Mme Roux', channel: 'phone', graceDays: 0 });
  expect(await read(promise)).toMatchObject({ state: 'open', amount: '100.00', received: '0.00', promise: { by: 'Mme Roux', channel: 'phone' }, graceDays: 0, items: [{ document: 'FA2', openThen: '300.00' }] });
  expect(await codeOf('POST', '/api/holds', { kind: 'promise', customerId: fa1.customerId, until: '2026-06-01' })).toBe('422 hold.until');
  expect(await codeOf('POST', '/api/holds', { kind: 'pause', customerId: fa1.customerId, until: '2026-07-10', reason: ' ' })).toBe('400 request.invalid');
  expect(await codeOf('POST', '/api/holds', { kind: 'dispute', customerId: fa1.customerId, itemId: fa1.itemId, reason: 'REJ_SEMAN' })).toBe('400 request.invalid');
  const insolvent = await made('/api/holds', { kind: 'insolvency', customerId: fa1.customerId });
  expect((await read(insolvent)).claim).toMatchObject({ dueOn: null, problem: { fr: expect.stringContaining('BODACC') } });
  expect(await codeOf('PUT', `/api/holds/${insolvent}/insolvency`, { publishedOn: '2026-06-15', claimFiledOn: null })).toBe('200');
  expect((await read(insolvent)).claim).toMatchObject({ dueOn: '2026-08-15', article: expect.stringContaining('R622-24'), problem: null });
});

test('the list of reasons with their plans, and pages by age and owner', async () => {
  const reasons = (await web.ask('GET', '/api/disputes/reasons', { cookie })).json<DisputeReasonView[]>();
  expect(reasons.find(({ code }) => code === 'LIVR_INCOMP')).toMatchObject({ family: 'delivery', name: { fr: 'Livraison incomplète ou contestée' } });
  const of = async (query: string): Promise<number> => (await web.ask('GET', `/api/holds?${query}`, { cookie })).json<HoldPage>().rows.length;
  expect([await of('all=true'), await of(''), await of('agedDaysMin=1'), await of('all=true&owner=ad'), await of('all=true&kind=dispute&withoutOwner=true'), await of('all=true&owner=%25')]).toEqual([6, 3, 0, 1, 0, 0]);
});

test('a pause has a reason, whatever the road; the road without one is closed', async () => {
  const body = { itemId: null, kind: 'pause', reason: null, amount: null, from: '2026-06-30', until: null, note: null };
  expect(await codeOf('POST', `/api/customers/${fa1.customerId}/holds`, body)).toBe('404 request.unknown');
  for (const reason of [null, '', '   ', undefined]) expect(await codeOf('POST', '/api/holds', { kind: 'pause', customerId: fa1.customerId, until: '2026-07-10', reason })).toBe('400 request.invalid');
});

test('an end is taken back on its day: a pause, and a dispute that was turned down; nothing else', async () => {
  const pause = await made('/api/holds', { kind: 'pause', customerId: fa1.customerId, until: '2026-07-31', reason: 'travaux' });
  expect(await codeOf('POST', `/api/holds/${pause}/resume`, {})).toBe('422 hold.endFinal');
  expect(await codeOf('POST', `/api/holds/${pause}/end`, { reason: 'fini' })).toBe('200');
  expect(await read(pause)).toMatchObject({ state: 'ended', endedReason: 'fini' });
  expect(await codeOf('POST', `/api/holds/${pause}/resume`, {})).toBe('200');
  expect(await read(pause)).toMatchObject({ state: 'open', endedOn: null });
  const dispute = await made('/api/holds', { kind: 'dispute', customerId: fa1.customerId, itemId: fa1.itemId, reason: 'quality' });
  await codeOf('POST', `/api/holds/${dispute}/decision`, { outcome: 'rejected', note: 'Réserves absentes du bon de livraison' });
  expect((await read(dispute)).comments.map(({ body, actor }) => [body, actor])).toEqual([['Réserves absentes du bon de livraison', 'Testeuse']]);
  expect(await codeOf('POST', `/api/holds/${dispute}/resume`, {})).toBe('200');
  expect(await read(dispute)).toMatchObject({ state: 'open', endedOn: null, dispute: { outcome: null, disputed: '1000.00' } });
  await codeOf('POST', `/api/holds/${pause}/end`, { reason: 'fini' });
  await data.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('hold', 'h')} set ended_on = '2026-06-29' where ${t.own('h')} and h.hold_id = ${pause}::bigint`));
  expect(await codeOf('POST', `/api/holds/${pause}/resume`, {})).toBe('422 hold.endFinal');
  expect((await web.ask('POST', `/api/holds/${dispute}/resume`, { cookie: reader })).statusCode).toBe(403);
  await codeOf('POST', `/api/holds/${dispute}/end`, { reason: 'fin de l’essai' });
  expect(await brokenOf(data.database, organisation)).toEqual([]);
});

test('no event holds a name, an address or somebody’s words', async () => {
  const events = await data.database.inTenant(organisation, (t) => t.rows<{ body: string }>(t.sql`select e.body from ${t.from('event')} e where e.kind like 'hold.%'`));
  expect(events.length).toBeGreaterThan(10);
  expect(JSON.stringify(events)).not.toMatch(/Leroy|sam@|Roux|Réserves|travaux|Tribunal|fini/);
});

test('filters: kinds, family of reasons, late, one’s own, oldest first; totals are of all that is found', async () => {
  const one = await made('/api/holds', { kind: 'dispute', customerId: fa1.customerId, itemId: fa1.itemId, reason: 'PU_ERR', amount: '250.00', ownerName: 'testeuse', deadline: '2026-06-29' });
  const two = await made('/api/holds', { kind: 'dispute', customerId: fa1.customerId, itemId: fa2.itemId, reason: 'quality', ownerName: 'Autre' });
  const page = async (query: string): Promise<HoldPage> => (await web.ask('GET', `/api/holds?kind=dispute&${query}`, { cookie })).json<HoldPage>();
  const ids = async (query: string): Promise<string[]> => (await page(query)).rows.map(({ id }) => id);
  expect([await ids(''), await ids('oldestFirst=true'), await ids('reason=price'), await ids('reason=quality'), await ids('late=true'), await ids('mine=true')]).toEqual([[two, one], [one, two], [one], [two], [one], [one]]);
  expect(await ids(`oldestFirst=true&before=${one}`)).toEqual([two]);
  expect((await page('')).totals).toEqual([{ currency: 'EUR', count: 2, amount: '550.00' }]);
  expect((await page('mine=true')).totals).toEqual([{ currency: 'EUR', count: 1, amount: '250.00' }]);
  expect((await web.ask('GET', '/api/holds?kind=dispute,nonsense', { cookie })).statusCode).toBe(400);
  const counted = (await web.ask('GET', '/api/disputes/statistics?by=owner', { cookie })).json<DisputeStatistics>();
  expect(counted.rows.find(({ key }) => key === 'Autre')).toMatchObject({ open: 1, openAmount: '300.00' });
});

test('insolvency: day of the judgment, court; a judgment to come or published before it is refused', async () => {
  const body = { kind: 'insolvency', customerId: fa1.customerId, court: 'Tribunal de commerce de Nantes' };
  expect(await codeOf('POST', '/api/holds', { ...body, from: '2026-07-01' })).toBe('422 hold.judgmentToCome');
  expect(await codeOf('POST', '/api/holds', { ...body, from: '2026-06-12', publishedOn: '2026-06-11' })).toBe('422 hold.publishedBefore');
  const id = await made('/api/holds', { ...body, from: '2026-06-12', publishedOn: '2026-06-20' });
  expect(await read(id)).toMatchObject({ from: '2026-06-12', insolvency: { court: 'Tribunal de commerce de Nantes' }, claim: { dueOn: '2026-08-20' } });
  await web.ask('POST', `/api/holds/${id}/end`, { cookie, body: { reason: 'fin de l’essai' } });
});

test('nobody can promise more than what is open of the documents', async () => {
  const promise = { kind: 'promise', customerId: fa1.customerId, items: [fa2.itemId], until: '2026-07-10' };
  expect(await codeOf('POST', '/api/holds', { ...promise, amount: '300.01' })).toBe('422 hold.promiseTooMuch');
  expect(await codeOf('POST', '/api/holds', { ...promise, amount: '300.00' })).toBe('201');
});

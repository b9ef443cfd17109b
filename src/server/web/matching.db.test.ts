import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LinePage, MatchingSettings, MatchingSummary, OpenAccount, OpenLineView, PlacedView, DismissedView } from '#core/api/matching.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { customerNamed, givenLedger, givenMoney, itemNamed } from '#server/matching/testing/given-money.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { givenOrganisation } from '#server/testing/given.ts';
import { testWeb } from '#server/testing/web.ts';
import type { TestWeb } from '#server/testing/web.ts';

let data: TestDatabase;
let web: TestWeb;
beforeAll(async () => {
  data = await testDatabase();
  web = await testWeb(data);
});
afterAll(async () => {
  await web.app.close();
  await data.drop();
});

/** A ledger of three invoices and a credit note, and a statement of 45 lines of which the second names an invoice. */
async function given(role: 'owner' | 'collector' | 'reader' = 'owner'): Promise<{ organisation: OrganisationId; cookie: string }> {
  const organisation = await givenLedger(data.database, [
    { code: 'C1', piece: 'FA-1001', on: '2026-02-01', debit: '50,00' }, { code: 'C1', piece: 'AV-1', on: '2026-02-02', credit: '10,00', journal: 'VT' },
    { code: 'C2', piece: 'FA-2001', on: '2026-02-03', debit: '70,00' }, { code: 'C3', piece: 'FA-3001', on: '2026-02-04', debit: '30,00' },
  ]);
  await givenMoney(data.database, organisation, Array.from({ length: 45 }, (_, index) => ({
    on: '2026-03-02', cents: index === 1 ? 70_00 : 1000_00 + index, name: `Payeur ${index}`, endToEnd: `E-${index}`, ...(index === 1 ? { text: 'FA-2001 merci' } : {}),
  })));
  return { organisation, cookie: await web.signedIn(organisation, role) };
}

const get = async <T>(cookie: string, url: string): Promise<T> => {
  const answer = await web.ask('GET', url, { cookie });
  expect([url, answer.statusCode]).toEqual([url, 200]);
  return answer.json<T>();
};
const post = async (cookie: string, url: string, body: object): Promise<{ status: number; json: Record<string, unknown> }> => {
  const answer = await web.ask('POST', `/api/matching/${url}`, { cookie, body });
  return { status: answer.statusCode, json: answer.json<Record<string, unknown>>() };
};
const open = (cookie: string, query = ''): Promise<LinePage<OpenLineView>> => get(cookie, `/api/matching/open?${query}`);

test('every line once over the pages, bank lines first, then the credits beside which something is owed', async () => {
  const { cookie } = await given();
  const seen: string[] = [];
  const sizes: number[] = [];
  for (let after = ''; ;) {
    const page = await open(cookie, `limit=20${after}`);
    seen.push(...page.lines.map(({ key }) => key));
    sizes.push(page.lines.length);
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect([sizes, new Set(seen).size, seen.at(-1)?.startsWith('credit-')]).toEqual([[20, 20, 6], 46, true]);
  expect(await get<MatchingSummary>(cookie, '/api/matching')).toMatchObject({ open: { lines: 45, credits: 1, sums: [{ currency: 'EUR', amount: expect.any(String) as string }] }, placed: 0, noBank: false });
});

test.each([['search=FA-2001', 1], ['search=payeur%2044', 1], ['search=1%20000,44', 1], ['search=1000.44', 1], ['search=AV-1', 1], ['search=%25', 0], ['search=1000.99', 0], ['after=forged', 20]])('%s finds %i', async (query, count) => {
  const { cookie } = await given();
  expect((await open(cookie, query)).lines).toHaveLength(count);
});

test('a line with what is proposed for it: names, amounts as texts, sentences in both languages', async () => {
  const { organisation, cookie } = await given();
  const [line] = (await open(cookie, 'search=FA-2001')).lines;
  const customer = { id: await customerNamed(data.database, organisation, 'C2'), code: 'C2', name: 'Client C2' };
  expect(line).toMatchObject({
    kind: 'bankLine', amount: '70.00', currency: 'EUR', account: '2606', payer: 'Payeur 1', references: ['E-1'], customer: null, complete: true, why: null,
    proposals: [{ customer, parts: [{ document: 'FA-2001', open: '70.00', amount: '70.00', kind: 'invoice', customer }], credits: [], writeOff: null, left: '0.00' }],
  });
  expect(line?.proposals[0]?.evidence[0]).toEqual({ fr: expect.stringContaining('FA-2001') as string, en: expect.stringContaining('FA-2001') as string });
  expect(await get<OpenLineView>(cookie, `/api/matching/open/${line?.key ?? ''}`)).toEqual(line);
});

test('placed, listed with who did it, undone with a reason, and to be placed again', async () => {
  const { organisation, cookie } = await given();
  const [line] = (await open(cookie, 'search=FA-2001')).lines;
  const [c2, item] = [await customerNamed(data.database, organisation, 'C2'), await itemNamed(data.database, organisation, 'FA-2001')];
  const uses = [{ customer: c2, parts: [{ item, amount: '70.00' }], credits: [], writeOff: null }];
  const { status, json } = await post(cookie, 'place', { line: line?.key, uses });
  expect([status, json]).toEqual([200, { match: expect.any(String) as string }]);
  expect(await post(cookie, 'place', { line: line?.key, uses })).toMatchObject({ status: 409, json: { code: 'matching.conflict', message: { fr: expect.stringContaining('vient de placer') as string } } });
  expect((await web.ask('GET', `/api/matching/open/${line?.key ?? ''}`, { cookie })).statusCode).toBe(404);
  const placed = await get<LinePage<PlacedView>>(cookie, '/api/matching/placed?search=FA-2001');
  expect(placed.lines).toMatchObject([{
    match: json['match'], key: line?.key, customers: [{ code: 'C2' }], documents: [{ document: 'FA-2001', amount: '70.00' }], writeOff: null, left: '0.00', automatic: false, actor: 'Testeuse', undone: null, fixed: null,
  }]);
  expect((await post(cookie, 'undo', { match: json['match'], reason: 'mauvaise ligne' })).status).toBe(200);
  expect(await post(cookie, 'undo', { match: json['match'], reason: 'mauvaise ligne' })).toMatchObject({ status: 409, json: { code: 'matching.fixed' } });
  expect((await get<LinePage<PlacedView>>(cookie, '/api/matching/placed')).lines).toMatchObject([{ undone: { actor: 'Testeuse', reason: 'mauvaise ligne' }, documents: [{ document: 'FA-2001', amount: '70.00' }] }]);
  expect((await open(cookie, 'search=FA-2001')).lines).toMatchObject([{ key: line?.key, holdsBack: { code: 'C2' }, why: { fr: expect.stringContaining('défait') as string } }]);
});

test('what is certain goes by a job, and the measure counts what a person takes back', async () => {
  const { cookie } = await given();
  const answer = await web.ask('POST', '/api/matching/automatic', { cookie, body: {} });
  expect(answer.statusCode).toBe(202);
  const job = answer.json<{ job: string }>();
  const read = () => get<{ status: string; result: unknown }>(cookie, `/api/matching/automatic/${job.job}`);
  while ((await read()).status === 'running') await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await read()).toMatchObject({ status: 'done', result: { applied: 1, linked: 0, left: 44 } });
  expect((await get<MatchingSummary>(cookie, '/api/matching')).automatic).toEqual({ applied: 1, undone: 0, since: expect.any(String) as string });
  const [made] = (await get<LinePage<PlacedView>>(cookie, '/api/matching/placed')).lines;
  await post(cookie, 'undo', { match: made?.match, reason: 'autre client' });
  expect((await get<MatchingSummary>(cookie, '/api/matching')).automatic).toMatchObject({ applied: 1, undone: 1 });
});

test('a write-off without money, with its note', async () => {
  const { organisation, cookie } = await given('collector');
  const item = await itemNamed(data.database, organisation, 'FA-3001');
  expect(await post(cookie, 'write-off', { item, amount: '30.01', reason: 'lost', note: null })).toMatchObject({ status: 409, json: { code: 'matching.conflict', message: { fr: expect.stringContaining('FA-3001') as string } } });
  expect((await post(cookie, 'write-off', { item, amount: '0', reason: 'lost', note: null })).status).toBe(422);
  expect((await post(cookie, 'write-off', { item, amount: '5.00', reason: 'because', note: null })).status).toBe(400);
  expect((await post(cookie, 'write-off', { item, amount: '5.00', reason: 'lost', note: 'liquidation' })).status).toBe(200);
  expect((await get<LinePage<PlacedView>>(cookie, '/api/matching/placed')).lines).toMatchObject([{ kind: 'credit', amount: '5.00', text: 'liquidation', documents: [{ document: 'FA-3001', amount: '5.00' }], writeOff: { amount: '5.00', reason: 'lost' }, left: '0.00' }]);
});

test('set aside, listed, restored; not this customer', async () => {
  const { organisation, cookie } = await given();
  const [line] = (await open(cookie, 'search=FA-2001')).lines;
  const c2 = await customerNamed(data.database, organisation, 'C2');
  const refused = await post(cookie, 'refuse', { line: line?.key, customer: c2 });
  expect([refused.status, (refused.json as unknown as OpenLineView).proposals.filter(({ customer }) => customer.id === c2)]).toEqual([200, []]);
  expect((await post(cookie, 'dismiss', { line: line?.key, reason: 'tax', note: 'TVA' })).status).toBe(200);
  expect((await get<LinePage<DismissedView>>(cookie, '/api/matching/dismissed')).lines).toMatchObject([{ key: line?.key, reason: 'tax', note: 'TVA', actor: 'Testeuse', payer: 'Payeur 1' }]);
  expect((await post(cookie, 'restore', { line: line?.key })).status).toBe(200);
  expect(await get<LinePage<DismissedView>>(cookie, '/api/matching/dismissed')).toEqual({ lines: [], next: null });
});

test('the open account of a customer', async () => {
  const { organisation, cookie } = await given('reader');
  const customer = await customerNamed(data.database, organisation, 'C1');
  expect(await get<OpenAccount>(cookie, `/api/matching/accounts/${customer}?currency=EUR`)).toMatchObject({ customer: { code: 'C1' }, debits: [{ document: 'FA-1001', open: '50.00' }], credits: [{ document: 'AV-1', open: '10.00' }], truncated: false });
  expect((await web.ask('GET', '/api/matching/accounts/987654321?currency=EUR', { cookie })).statusCode).toBe(404);
  expect((await web.ask('GET', `/api/matching/accounts/${customer}?currency=XXX`, { cookie })).statusCode).toBe(422);
});

test.each([
  ['reader', 'place', { line: 'line-1', uses: [] }], ['reader', 'dismiss', { line: 'line-1', reason: 'loan', note: null }], ['reader', 'restore', { line: 'line-1' }], ['reader', 'undo', { match: '1', reason: 'x' }],
  ['reader', 'refuse', { line: 'line-1', customer: '1' }], ['reader', 'write-off', { item: '1', amount: '1', reason: 'lost', note: null }], ['reader', 'automatic', {}],
] as const)('a %s may not %s', async (role, url, body) => {
  const organisation = await givenOrganisation(data.database);
  expect((await post(await web.signedIn(organisation, role), url, body)).status).toBe(403);
});

test('only the owner changes the settings; everybody reads them', async () => {
  const organisation = await givenOrganisation(data.database);
  const cookie = await web.signedIn(organisation, 'collector');
  const settings = await get<MatchingSettings>(cookie, '/api/matching/settings');
  expect(settings).toEqual({
    afterImport: true, automaticFrom: 90, tolerance: { percent: '1', capUnits: 5 }, partPayments: 'automatic', writeOffs: 'propose', rememberedPayers: null, imputation: 'principalFirst', oldestFirst: true, earlyPayment: null, lines: [],
  });
  expect((await web.ask('PUT', '/api/matching/settings', { cookie, body: settings })).statusCode).toBe(403);
});

test.each([
  [{ automaticFrom: 79 }, 'automaticFrom'], [{ automaticFrom: 101 }, 'automaticFrom'], [{ automaticFrom: 90.5 }, 'automaticFrom'], [{ tolerance: { percent: '5.01', capUnits: 5 } }, 'tolerance'],
  [{ tolerance: { percent: '-1', capUnits: 5 } }, 'tolerance'], [{ tolerance: { percent: 'un', capUnits: 5 } }, 'tolerance'], [{ tolerance: { percent: '1', capUnits: 101 } }, 'tolerance'], [{ rememberedPayers: 0 }, 'rememberedPayers'],
  [{ earlyPayment: { rate: '0', days: 10, on: 'both' } }, 'earlyPayment'], [{ earlyPayment: { rate: '101', days: 10, on: 'both' } }, 'earlyPayment'], [{ earlyPayment: { rate: '2', days: 91, on: 'net' } }, 'earlyPayment'],
  [{ lines: [{ name: '', amountFrom: null, amountTo: null, currency: null, words: ['x'], without: [], outcome: { kind: 'ignore' } }] }, 'lines'],
  [{ lines: [{ name: 'Tout', amountFrom: null, amountTo: null, currency: null, words: [], without: ['x'], outcome: { kind: 'ignore' } }] }, 'lines'],
  [{ lines: [{ name: 'Montant', amountFrom: '10', amountTo: null, currency: null, words: [], without: [], outcome: { kind: 'ignore' } }] }, 'lines'],
  [{ lines: [{ name: 'Envers', amountFrom: '10', amountTo: '9.99', currency: 'EUR', words: [], without: [], outcome: { kind: 'ignore' } }] }, 'lines'],
  [{ lines: [{ name: 'Devise', amountFrom: null, amountTo: null, currency: 'XXX', words: [], without: [], outcome: { kind: 'ignore' } }] }, 'lines'],
  [{ lines: [{ name: 'Client', amountFrom: null, amountTo: null, currency: null, words: ['x'], without: [], outcome: { kind: 'customer', customer: '987654321' } }] }, 'lines'],
])('settings %j are refused with a sentence on %s', async (wrong, field) => {
  const organisation = await givenOrganisation(data.database);
  const cookie = await web.signedIn(organisation, 'owner');
  const settings = await get<MatchingSettings>(cookie, '/api/matching/settings');
  const answer = await web.ask('PUT', '/api/matching/settings', { cookie, body: { ...settings, ...wrong } });
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([422, `matching.${field}`]);
  expect(await get<MatchingSettings>(cookie, '/api/matching/settings')).toEqual(settings);
});

test('settings are kept and honoured: the tolerance, a rule of the user, the discount', async () => {
  const { organisation, cookie } = await given();
  const settings = await get<MatchingSettings>(cookie, '/api/matching/settings');
  const c3 = await customerNamed(data.database, organisation, 'C3');
  const changed: MatchingSettings = {
    ...settings, tolerance: { percent: '2,50', capUnits: 3 }, earlyPayment: { rate: '1.5', days: 10, on: 'net' },
    lines: [{ name: 'Merci', amountFrom: '60', amountTo: '80', currency: 'EUR', words: ['merci'], without: [], outcome: { kind: 'customer', customer: c3 } }],
  };
  expect((await web.ask('PUT', '/api/matching/settings', { cookie, body: changed })).statusCode).toBe(200);
  expect(await get<MatchingSettings>(cookie, '/api/matching/settings')).toEqual({ ...changed, tolerance: { percent: '2.5', capUnits: 3 } });
  const [line] = (await open(cookie, 'search=FA-2001')).lines;
  expect(line?.proposals.flatMap(({ evidence }) => evidence.map(({ fr }) => fr))).toContain('Votre règle « Merci » désigne ce client.');
});

test('customers of one payer group are kept so on their records', async () => {
  const { organisation, cookie } = await given();
  const id = await customerNamed(data.database, organisation, 'C1');
  const record = await get<Record<string, unknown>>(cookie, `/api/customers/${id}`);
  expect(record['payerGroup']).toBeNull();
  const body = Object.fromEntries(['name', 'kind', 'language', 'siren', 'vatNumber', 'address', 'postalCode', 'city', 'country', 'terms', 'scenario'].map((field) => [field, record[field]]));
  expect((await web.ask('PUT', `/api/customers/${id}`, { cookie, body: { ...body, payerGroup: ' Holding ' } })).statusCode).toBe(200);
  expect(await get(cookie, `/api/customers/${id}`)).toMatchObject({ payerGroup: 'Holding' });
});

test('keys and customers of another organisation answer as those that never were', async () => {
  const { cookie } = await given();
  const other = await given();
  const [line] = (await open(other.cookie, 'search=FA-2001')).lines;
  const [customer, item] = [await customerNamed(data.database, other.organisation, 'C2'), await itemNamed(data.database, other.organisation, 'FA-2001')];
  const uses = [{ customer, parts: [], credits: [], writeOff: null }];
  const asked = async (key: string, of: { customer: string; item: string }): Promise<unknown[]> => [
    (await web.ask('GET', `/api/matching/open/${key}`, { cookie })).json(), (await web.ask('GET', `/api/matching/accounts/${of.customer}?currency=EUR`, { cookie })).json(),
    await post(cookie, 'place', { line: key, uses }), await post(cookie, 'dismiss', { line: key, reason: 'tax', note: null }), await post(cookie, 'restore', { line: key }),
    await post(cookie, 'refuse', { line: key, customer: of.customer }), await post(cookie, 'write-off', { item: of.item, amount: '1.00', reason: 'lost', note: null }),
  ];
  expect(await asked(line?.key ?? '', { customer, item })).toEqual(await asked('line-987654321', { customer: '987654321', item: '987654321' }));
  expect((await open(cookie, `after=2026-03-02.${line?.key ?? ''}`)).lines.map(({ key }) => key)).not.toContain(line?.key);
});

test.each([['/api/matching/open/line-0x1', 400], ['/api/matching/open/other-1', 400], ['/api/matching/open?limit=51', 400], ['/api/matching/open?limit=0', 400], ['/api/matching/open/line-9999999999999999999', 400], ['/api/matching/placed?after=forged', 200], ['/api/matching/dismissed?after=forged', 200]])(
  '%s answers %i, never a failure', async (url, status) => {
    const organisation = await givenOrganisation(data.database);
    expect((await web.ask('GET', url, { cookie: await web.signedIn(organisation, 'reader') })).statusCode).toBe(status);
  });

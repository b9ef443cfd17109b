import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fault } from '#core/api/faults.ts';
import type { CustomerScenarioView, DraftKept, DraftView, DryRunView, ImpactView, ProposedCustomer, RulesCheck, ScenarioDefinition, ScenarioPreview, ScenarioWhole, StepDefinition } from '#core/api/scenarios.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
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

/** As of 30 June 2026: C1 is 11 days late, C2 is due on 25 July, C3 has three documents and no e-mail, C4 owes nothing. */
async function given(role: 'owner' | 'collector' | 'reader' = 'owner'): Promise<{ organisation: OrganisationId; cookie: string }> {
  const organisation = await givenOrganisation(data.database);
  await importText(data.database, organisation, { today: '2026-06-30', terms: '30d', text: fecOf([
    { code: 'C1', piece: 'FA1', on: '2026-05-20', debit: '120,00' }, { code: 'C2', piece: 'FA2', on: '2026-06-10', debit: '80,00' },
    { code: 'C3', piece: 'FA3', on: '2026-03-01', debit: '10,00' }, { code: 'C3', piece: 'FA4', on: '2026-04-01', debit: '20,00' }, { code: 'C3', piece: 'FA5', on: '2026-06-20', debit: '30,00' },
    { code: 'C4', piece: 'FA6', on: '2026-03-01', debit: '10,00', letter: 'A' }, { code: 'C4', piece: 'RG6', on: '2026-03-09', credit: '10,00', letter: 'A' },
  ]) });
  await importText(data.database, organisation, { today: '2026-06-30', name: 'clients.csv', text: 'Code client;Nom du client;E-mail\nC1;Alpha;compta@alpha.example\nC2;Bêta;compta@beta.example\n' });
  return { organisation, cookie: await web.signedIn(organisation, role) };
}

const get = async <T>(cookie: string, url: string): Promise<T> => {
  const answer = await web.ask('GET', `/api/${url}`, { cookie });
  expect([url, answer.statusCode]).toEqual([url, 200]);
  return answer.json<T>();
};
type Answer<T> = { readonly status: number; readonly json: T };
const send = async <T>(cookie: string, [method, url]: readonly ['POST' | 'PUT' | 'DELETE', string], body?: object): Promise<Answer<T>> => {
  const answer = await web.ask(method, `/api/${url}`, { cookie, ...(body === undefined ? {} : { body }) });
  return { status: answer.statusCode, json: answer.json<T>() };
};
const standard = async (cookie: string): Promise<ScenarioDefinition> => (await get<ScenarioWhole>(cookie, 'scenarios/standard/versions/1')).definition;
const idOf = async (organisation: OrganisationId, code: string): Promise<string> =>
  (await data.database.inTenant(organisation, (t) => t.one<{ id: string }>(t.sql`select c.customer_id as id from ${t.from('customer')} c where c.code = ${code}`)))?.id ?? '0';
const draft = ['PUT', 'scenarios/standard/draft'] as const;
const moved = (definition: ScenarioDefinition, number: number, change: Partial<StepDefinition>): ScenarioDefinition =>
  ({ ...definition, steps: definition.steps.map((step) => (step.number === number ? { ...step, ...change } : step)) });

test('a definition is previewed on a real customer before it is kept: its days, and the message of every step', async () => {
  const { organisation, cookie } = await given('reader');
  const customer = await idOf(organisation, 'C1');
  const ask = async (definition: ScenarioDefinition | null): Promise<ScenarioPreview> =>
    (await send<ScenarioPreview>(cookie, ['POST', 'scenarios/standard/preview'], { customer, definition, days: 30 })).json;
  const lines = ({ next }: ScenarioPreview): string[] => next.days.flatMap(({ today, actions }) => actions.map(({ step, channel, total, currency }) => `${today} ${step} ${channel} ${total} ${currency}`));
  const inForce = await ask(null);
  expect(lines(inForce)).toEqual(['2026-06-30 2 email 120.00 EUR', '2026-07-07 3 email 120.00 EUR', '2026-07-20 4 email 120.00 EUR']);
  expect(inForce.messages.map(({ step, today, planned, channel, to, problems }) => [step, today, planned, channel, to, problems.length])).toEqual([
    [1, '2026-06-30', false, 'email', 'compta@alpha.example', 0], [2, '2026-06-30', true, 'email', 'compta@alpha.example', 0], [3, '2026-07-07', true, 'email', 'compta@alpha.example', 0],
    [4, '2026-07-20', true, 'email', 'compta@alpha.example', 0], [5, '2026-08-03', false, 'email', 'compta@alpha.example', 0],
  ]);
  expect(inForce.messages[1]?.text).toContain('FA1');
  expect(inForce.messages.every(({ subject, text, html }) => subject !== '' && text !== '' && html !== null)).toBe(true);
  const later = await ask(moved(await standard(cookie), 2, { offsetDays: 13 }));
  expect(lines(later)).toEqual(['2026-07-02 2 email 120.00 EUR', '2026-07-09 3 email 120.00 EUR', '2026-07-20 4 email 120.00 EUR']);
  expect(later.next.days[0]?.changes[0]?.text.fr).not.toContain('celui de la société');
  const nothing = await send<ScenarioPreview>(cookie, ['POST', 'scenarios/standard/preview'], { customer: await idOf(organisation, 'C4') });
  expect(nothing).toMatchObject({ status: 200, json: { owes: false, messages: [], next: { days: [] } } });
  expect((await send(cookie, ['POST', 'scenarios/standard/preview'], { customer: '999999' })).status).toBe(404);
  expect((await send(cookie, ['POST', 'scenarios/nothing/preview'], { customer })).status).toBe(404);
});

test('a customer nobody can write to says so beside each step; a task without words has none', async () => {
  const { organisation, cookie } = await given();
  const customer = await idOf(organisation, 'C3');
  const call = moved(await standard(cookie), 4, { kind: 'task', channel: 'call', template: '' });
  const { fallbackChannel: _none, ...step } = call.steps[3] ?? call.steps[0] ?? {};
  const definition = { ...call, steps: call.steps.map((one) => (one.number === 4 ? step : one)) };
  const { json } = await send<ScenarioPreview>(cookie, ['POST', 'scenarios/standard/preview'], { customer, definition });
  expect(json.messages.map(({ step: number, reachable, channel, subject }) => [number, reachable, channel, subject === ''])).toEqual([
    [1, false, 'email', false], [2, false, 'letter', false], [3, false, 'letter', false], [4, false, 'call', true], [5, false, 'email', false],
  ]);
});

test('three customers are proposed for a look, none twice', async () => {
  const { cookie } = await given('reader');
  const found = await get<ProposedCustomer[]>(cookie, 'scenarios/preview-customers');
  expect(found.map(({ code, because }) => [code, because])).toEqual([['C1', 'late'], ['C2', 'nearDue'], ['C3', 'manyItems']]);
});

test('of two who write one draft the second is told, and may take the other’s or keep their own', async () => {
  const { organisation, cookie } = await given();
  const other = await web.signedIn(organisation, 'owner');
  const definition = await standard(cookie);
  const save = (who: string, seen: string, grace: number) => send<DraftKept & Fault>(who, ['PUT', `scenarios/standard/draft?seen=${seen}`], { ...definition, graceDays: grace });
  const first = await save(cookie, 'none', 1);
  expect(first).toMatchObject({ status: 200, json: { problems: [], changes: [{ fr: 'Tolérance en jours : 0 → 1.' }] } });
  expect(await save(other, 'none', 2)).toMatchObject({ status: 409, json: { code: 'scenario.draftChanged', message: { fr: expect.stringContaining('Testeuse a modifié ce brouillon') as string } } });
  const { stamp } = await get<DraftView>(other, 'scenarios/standard/draft');
  expect(stamp).toBe(first.json.stamp);
  expect((await save(other, stamp, 2)).status).toBe(200);
  expect((await save(cookie, stamp, 3)).status).toBe(409);
  await send(other, ['DELETE', 'scenarios/standard/draft']);
  expect(await save(cookie, stamp, 3)).toMatchObject({ status: 409, json: { message: { fr: expect.stringContaining('publié ou abandonné') as string } } });
  expect((await save(cookie, 'none', 3)).status).toBe(200);
  expect(await send(cookie, ['PUT', 'scenarios/standard/draft?seen=new'], definition)).toMatchObject({ status: 409, json: { code: 'scenario.codeTaken' } });
  expect((await send(cookie, ['PUT', 'scenarios/autre/draft?seen=new'], definition)).status).toBe(200);
});

test('whom each rule takes today, before it is saved', async () => {
  const { organisation, cookie } = await given();
  await send(cookie, ['PUT', `customers/${await idOf(organisation, 'C2')}/scenario`], { scenario: 'firm' });
  const rules = [
    { name: 'Gros', scenario: 'firm', when: { openTotals: [{ from: { amount: '60.00', currency: 'EUR' }, below: null }] } }, { name: 'Tous', scenario: 'gentle', when: { accountPrefixes: ['C'] } },
    { name: 'Trop tard', scenario: 'nowhere', when: { languages: ['fr'] } },
  ];
  const { json } = await send<RulesCheck>(cookie, ['POST', 'assignment/check'], { rules });
  expect(json).toMatchObject({
    customers: 4, chosen: { customers: 1, withOpenItems: 1 }, standard: { customers: 0, withOpenItems: 0 },
    rules: [{ customers: 2, withOpenItems: 2 }, { customers: 1, withOpenItems: 0 }, { customers: 0, withOpenItems: 0 }], problems: [{ line: 3, code: 'dunning.ruleScenario' }],
  });
  expect((await get<{ rules: unknown[] }>(cookie, 'assignment')).rules).toEqual([]);
});

test('the scenario of a customer, who chose it, and a choice that is refused', async () => {
  const { organisation, cookie } = await given('collector');
  const url = `customers/${await idOf(organisation, 'C4')}/scenario`;
  expect(await get<CustomerScenarioView>(cookie, url)).toEqual({ code: 'standard', name: 'Standard', version: 1, chosen: null, because: { fr: 'celui de la société par défaut', en: 'the default of the company' } });
  expect((await send<Fault>(cookie, ['PUT', url], { scenario: 'nowhere' }))).toMatchObject({ status: 422, json: { code: 'customer.scenario' } });
  expect((await send(cookie, ['PUT', url], { scenario: 'gentle' })).status).toBe(200);
  expect(await get<CustomerScenarioView>(cookie, url)).toMatchObject({ code: 'gentle', chosen: 'gentle', because: { fr: 'choisi par une personne pour ce client' } });
  expect((await send(cookie, ['PUT', url], { scenario: null })).status).toBe(200);
  expect((await send(cookie, ['PUT', 'customers/999999/scenario'], { scenario: null })).status).toBe(404);
  const reader = await web.signedIn(organisation, 'reader');
  expect((await send(reader, ['PUT', url], { scenario: null })).status).toBe(403);
});

test('what publishing would change today, and for how many', async () => {
  const { cookie } = await given();
  expect((await web.ask('GET', '/api/scenarios/standard/impact', { cookie })).statusCode).toBe(404);
  await send(cookie, draft, moved(await standard(cookie), 2, { offsetDays: 13 }));
  // C1 is 11 days late: its first reminder moves from today to later. C3 can be written to by nobody.
  expect(await get<ImpactView>(cookie, 'scenarios/standard/impact')).toEqual({
    customers: 4, withOpenItems: 3, documents: 5, today: '2026-06-30', actionsBefore: 1, actionsAfter: 0, customersChanged: 1,
  });
  await send(cookie, ['PUT', 'scenarios/neuf/draft'], await standard(cookie));
  expect(await get<ImpactView>(cookie, 'scenarios/neuf/impact')).toMatchObject({ customers: 0, documents: 0, actionsAfter: 0 });
});

test('a dry run counts by action and by reason', async () => {
  const { cookie } = await given('collector');
  const view = await get<DryRunView>(cookie, 'scenarios/dry-run?day=2026-07-23');
  expect(view.proposed).toEqual([{ scenario: 'standard', step: 2, purpose: 'dunning', channel: 'email', count: 2, totals: [{ amount: '200.00', currency: 'EUR' }] }]);
  expect(view.reasons.reduce((sum, { count }) => sum + count, 0)).toBe(view.decisions);
});

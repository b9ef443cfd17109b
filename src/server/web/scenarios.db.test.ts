import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssignmentView, CustomerSegmentView, DraftView, DryRunView, NextDaysView, SavedView, ScenarioDefinition, ScenarioLine, ScenarioWhole, SegmentsView, VersionView } from '#core/api/scenarios.ts';
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

async function given(role: 'owner' | 'collector' | 'reader' = 'owner'): Promise<{ organisation: OrganisationId; cookie: string }> {
  const organisation = await givenOrganisation(data.database);
  await importText(data.database, organisation, { today: '2026-06-30', terms: '30d', text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-05-20', debit: '120,00' }, { code: 'C2', piece: 'FA2', on: '2026-06-25', debit: '80,00' }]) });
  await importText(data.database, organisation, { today: '2026-06-30', name: 'clients.csv', text: 'Code client;Nom du client;E-mail\nC1;Alpha;compta@alpha.example\nC2;Bêta;compta@beta.example\n' });
  return { organisation, cookie: await web.signedIn(organisation, role) };
}

const get = async <T>(cookie: string, url: string): Promise<T> => {
  const answer = await web.ask('GET', `/api/${url}`, { cookie });
  expect([url, answer.statusCode]).toEqual([url, 200]);
  return answer.json<T>();
};
type Method = 'POST' | 'PUT' | 'DELETE';
/** Sends to "PUT scenarios/standard/draft". */
const send = async (cookie: string, what: `${Method} ${string}`, body?: object): Promise<{ status: number; json: SavedView }> => {
  const method = (['POST', 'PUT', 'DELETE'] as const).find((one) => what.startsWith(one)) ?? 'POST';
  const answer = await web.ask(method, `/api/${what.slice(method.length + 1)}`, { cookie, ...(body === undefined ? {} : { body }) });
  return { status: answer.statusCode, json: answer.json<SavedView>() };
};
const standard = async (cookie: string): Promise<ScenarioDefinition> => (await get<ScenarioWhole>(cookie, 'scenarios/standard/versions/1')).definition;
const idOf = async (organisation: OrganisationId, code: string): Promise<string> =>
  (await data.database.inTenant(organisation, (t) => t.one<{ id: string }>(t.sql`select c.customer_id as id from ${t.from('customer')} c where c.code = ${code}`)))?.id ?? '0';
const itemOf = async (organisation: OrganisationId, document: string): Promise<string> =>
  (await data.database.inTenant(organisation, (t) => t.one<{ id: string }>(t.sql`select i.item_id as id from ${t.from('item')} i where i.document = ${document}`)))?.id ?? '0';

test('a draft is written, checked, published as the next version, listed with what changed; the version before stays as it was', async () => {
  const { cookie } = await given();
  const before = await standard(cookie);
  const [notice, first, ...rest] = before.steps;
  if (notice === undefined || first === undefined) throw new Error('no steps');
  const written: ScenarioDefinition = { ...before, steps: [notice, { ...first, offsetDays: 5, copyRoles: ['management'], conditions: { overdueTotals: [{ from: { amount: '50.00', currency: 'EUR' }, below: null }] } }, ...rest] };
  expect(await send(cookie, 'PUT scenarios/standard/draft', { ...written, steps: [{ ...notice, template: 'nothing' }] })).toMatchObject({ status: 200, json: { problems: [{ severity: 'warning' }, { severity: 'error', code: 'dunning.templateUnknown', line: 1 }] } });
  expect((await send(cookie, 'POST scenarios/standard/publish')).json).toMatchObject({ version: null });
  expect(await send(cookie, 'PUT scenarios/standard/draft', written)).toMatchObject({ status: 200, json: { problems: [] } });
  const draft = await get<DraftView>(cookie, 'scenarios/standard/draft');
  expect(draft).toMatchObject({ version: 2, basedOn: 1, problems: [], definition: written });
  expect(draft.changes.map(({ fr }) => fr)).toEqual(['Étape 2, jour : échéance + 7 j → échéance + 5 j.', 'Étape 2, copies : aucun → direction.', 'Étape 2, conditions : aucun → au moins 50,00 EUR en retard.']);
  expect((await send(cookie, 'POST scenarios/standard/publish')).json).toEqual({ version: 2, problems: [] });
  expect((await send(cookie, 'POST scenarios/standard/publish')).status).toBe(404);
  expect(await standard(cookie)).toEqual(before);
  expect((await get<ScenarioWhole>(cookie, 'scenarios/standard/versions/2')).definition).toEqual(written);
  expect((await get<VersionView[]>(cookie, 'scenarios/standard/versions')).map(({ version, changes, createdBy }) => [version, changes.length, createdBy === null])).toEqual([[2, 3, false], [1, 0, true]]);
  expect(await get<unknown[]>(cookie, 'scenarios/standard/diff?from=2&to=1')).toHaveLength(3);
  expect((await web.ask('GET', '/api/scenarios/standard/versions/9', { cookie })).statusCode).toBe(404);
});

test('a draft begun before somebody else published is refused, so is one that changes nothing', async () => {
  const { cookie } = await given();
  const definition = await standard(cookie);
  await send(cookie, 'PUT scenarios/standard/draft', definition);
  expect((await send(cookie, 'POST scenarios/standard/publish')).json).toMatchObject({ version: null, problems: [{ code: 'dunning.nothingChanged' }] });
  const { organisation, cookie: other } = await given();
  await send(other, 'PUT scenarios/standard/draft', { ...definition, graceDays: 2 });
  await data.database.inTenant(organisation, (t) => t.run(t.sql`
    ${t.into('scenario', 'code, version, definition, created_at')} select ${t.org}, s.code, 2, s.definition, now() from ${t.from('scenario')} s where s.code = 'standard'`));
  expect((await send(other, 'POST scenarios/standard/publish')).json).toMatchObject({ version: null, problems: [{ code: 'dunning.draftOld' }] });
  expect((await send(other, 'DELETE scenarios/standard/draft')).status).toBe(200);
  expect((await send(other, 'DELETE scenarios/standard/draft')).status).toBe(404);
});

test('a scenario of one’s own: used by a rule it cannot be retired; retired it can be given to nobody; restored it can', async () => {
  const { organisation, cookie } = await given();
  await send(cookie, 'PUT scenarios/grands-comptes/draft', { ...(await standard(cookie)), name: 'Grands comptes' });
  expect((await send(cookie, 'POST scenarios/grands-comptes/publish')).json.version).toBe(1);
  const rules = [{ name: 'Gros', scenario: 'grands-comptes', when: { accountPrefixes: ['C1'], openTotals: [{ from: { amount: '100.00', currency: 'EUR' }, below: null }] } }];
  expect((await send(cookie, 'PUT assignment', { rules: [{ ...rules[0], scenario: 'none' }] })).json).toMatchObject({ version: null, problems: [{ code: 'dunning.ruleScenario', line: 1 }] });
  expect((await send(cookie, 'PUT assignment', { rules })).json).toEqual({ version: 1, problems: [] });
  expect(await get<AssignmentView>(cookie, 'assignment')).toEqual({ version: 1, rules });
  expect((await get<ScenarioLine[]>(cookie, 'scenarios')).map(({ code, uses }) => `${code} ${uses.isDefault} ${uses.rules}`)).toEqual(['firm false 0', 'gentle false 0', 'grands-comptes false 1', 'standard true 0']);
  expect(await send(cookie, 'POST scenarios/grands-comptes/retire')).toMatchObject({ status: 409, json: { code: 'scenario.used', message: { fr: expect.stringContaining('1 règle(s)') as string } } });
  expect((await send(cookie, 'POST scenarios/standard/retire')).status).toBe(409);
  await send(cookie, 'PUT assignment', { rules: [] });
  expect((await send(cookie, 'POST scenarios/grands-comptes/retire')).status).toBe(200);
  const item = await itemOf(organisation, 'FA1');
  expect(await send(cookie, `PUT items/${item}/scenario`, { scenario: 'grands-comptes' })).toMatchObject({ status: 422, json: { code: 'item.scenario' } });
  expect((await send(cookie, 'POST scenarios/grands-comptes/restore')).status).toBe(200);
  expect((await send(cookie, `PUT items/${item}/scenario`, { scenario: 'grands-comptes' })).status).toBe(200);
  expect(await send(cookie, 'POST scenarios/grands-comptes/retire')).toMatchObject({ status: 409, json: { message: { fr: expect.stringContaining('1 pièce(s)') as string } } });
  expect((await send(cookie, 'PUT items/999999/scenario', { scenario: null })).status).toBe(404);
});

test('which rule chose is in the words of what is to come, and of the customer’s page', async () => {
  const { organisation, cookie } = await given();
  await send(cookie, 'PUT assignment', { rules: [{ name: 'Alpha', scenario: 'gentle', when: { accountPrefixes: ['C1'] } }] });
  const { days } = await get<NextDaysView>(cookie, `customers/${await idOf(organisation, 'C1')}/next-days`);
  expect(days.flatMap(({ today, actions }) => actions.map(({ channel, step, scenario, total }) => `${today} ${channel} ${step} ${scenario} ${total}`))).toEqual(['2026-06-30 email 2 gentle 120.00', '2026-07-15 email 3 gentle 120.00']);
  expect(days[0]?.changes[0]?.text.fr).toContain('Scénario « gentle » (version 1), choisi par la règle 1 « Alpha ».');
  expect(days[0]?.changes[0]?.text.en).toContain('Scenario "gentle" (version 1), chosen by rule 1 "Alpha".');
  await send(cookie, `PUT items/${await itemOf(organisation, 'FA1')}/scenario`, { scenario: 'standard' });
  const again = await get<NextDaysView>(cookie, `customers/${await idOf(organisation, 'C1')}/next-days?days=5`);
  expect(again.days[0]?.changes[0]?.text.fr).toContain('choisi par une personne pour cette pièce');
  expect((await web.ask('GET', '/api/customers/999999/next-days', { cookie })).statusCode).toBe(404);
});

test('a dry run for any day: what was sent since that day was not, nothing is kept', async () => {
  const { cookie } = await given();
  expect(await get<DryRunView>(cookie, 'scenarios/dry-run?day=2026-06-30')).toMatchObject({ today: '2026-06-30', actions: 1, stopped: null });
  expect(await get<DryRunView>(cookie, 'scenarios/dry-run?day=2026-06-20')).toMatchObject({ actions: 0 });
  expect(await get<DryRunView>(cookie, 'scenarios/dry-run?day=2026-07-23')).toMatchObject({ actions: 2 });
  expect((await web.ask('GET', '/api/scenarios/dry-run?day=2026-02-31', { cookie })).statusCode).toBe(400);
});

test('segments: thresholds within bounds, counts, a choice by a person with its reason', async () => {
  const { organisation, cookie } = await given();
  expect((await send(cookie, 'POST segments/recompute')).json).toEqual({ customers: 2, changed: 2 });
  const page = await get<SegmentsView>(cookie, 'segments');
  expect([page.counts.new, page.bounds.windowMonths, page.names.atRisk.fr]).toEqual([2, [3, 36], 'à risque']);
  expect((await send(cookie, 'PUT segments', { ...page.thresholds, windowMonths: 2 })).status).toBe(400);
  expect(await send(cookie, 'PUT segments', { ...page.thresholds, goodLateDaysMax: 30, riskLateDaysMin: 30 })).toMatchObject({ status: 422, json: { code: 'segments.thresholds' } });
  expect((await send(cookie, 'PUT segments', { ...page.thresholds, newMonths: 1 })).status).toBe(200);
  const url = `customers/${await idOf(organisation, 'C1')}/segment`;
  expect((await send(cookie, `PUT ${url}`, { segment: 'strategic', note: 'siège' })).status).toBe(200);
  expect(await get<CustomerSegmentView>(cookie, url)).toMatchObject({ segment: 'strategic', chosenByPerson: true, ruleSegment: 'new', reason: { fr: 'Stratégique : choisi par une personne (siège).' } });
  expect((await send(cookie, 'PUT customers/999999/segment', { segment: null, note: null })).status).toBe(404);
});

test.each<['collector' | 'reader', `${Method} ${string}`]>([
  ['collector', 'PUT scenarios/standard/draft'], ['collector', 'POST scenarios/standard/publish'], ['collector', 'POST scenarios/standard/retire'], ['collector', 'PUT assignment'],
  ['collector', 'PUT segments'], ['collector', 'PUT items/1/scenario'], ['reader', 'POST segments/recompute'], ['reader', 'PUT customers/1/segment'], ['reader', 'POST tasks/1/end'],
])('%s may not %s', async (role, what) => {
  const { cookie } = await given(role);
  expect((await send(cookie, what, {})).status).toBe(403);
});

test('everybody reads', async () => {
  const { organisation, cookie } = await given('reader');
  const customer = `customers/${await idOf(organisation, 'C1')}`;
  for (const url of ['scenarios', 'scenarios/standard/versions', 'assignment', 'segments', `${customer}/segment`, `${customer}/next-days`]) {
    expect((await web.ask('GET', `/api/${url}`, { cookie })).statusCode).toBe(200);
  }
});

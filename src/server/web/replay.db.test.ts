import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HoldOutPage } from '#core/api/hold-out.ts';
import type { ReplayPage } from '#core/api/replay.ts';
import type { JobView } from '#core/api/jobs.ts';
import type { Fault } from '#core/api/faults.ts';
import { STANDARD_SCENARIO } from '#core/dunning/ready-scenarios.ts';
import { armOf } from '#core/dunning/hold-out.ts';
import { addDays, day } from '#core/kernel/day.ts';
import type { CustomerId, OrganisationId } from '#core/kernel/id.ts';
import { verify } from '#server/audit/verify.ts';
import { publishDraft, saveDraft } from '#server/dunning/scenario-drafts.ts';
import { definitionSchema, scenarioToJson } from '#server/dunning/scenario-shape.ts';
import { explainOn } from '#server/dunning/explain-then.ts';
import { chooseItemScenario } from '#server/dunning/item-scenario.ts';
import { runDunning } from '#server/dunning/run.ts';
import { namedTemplates } from '#server/letters/families-store.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
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

const TODAY = day('2026-06-30');
const by = (today: string) => ({ clock: clockAt(today), actor: 'user:1' });
type Given = { organisation: OrganisationId; cookie: string };

/** Customers each with an invoice a month since January; the odd ones pay twenty days late. Imported at the end: known since then, dated since January. */
async function given(customers = 24): Promise<Given> {
  const organisation = await givenOrganisation(data.database);
  const lines = Array.from({ length: customers }, (_, index) => index + 1).flatMap((customer) => Array.from({ length: 5 }, (_, month) => {
    const on = day(`2026-0${month + 1}-05`);
    const code = `C${String(customer).padStart(3, '0')}`;
    const piece = `F${customer}-${month}`;
    const invoice = { code, piece, on, debit: '120,00' };
    return customer % 2 === 0 || month === 4 ? [invoice] : [{ ...invoice, letter: `L${customer}${month}` }, { code, piece: `R${customer}-${month}`, on: addDays(on, 50), credit: '120,00', letter: `L${customer}${month}` }];
  })).flat();
  await importText(data.database, organisation, { today: TODAY, terms: '30d', text: fecOf(lines) });
  const rows = Array.from({ length: customers }, (_, index) => `C${String(index + 1).padStart(3, '0')};Client ${index + 1};compta@c${index + 1}.example`);
  await importText(data.database, organisation, { today: TODAY, name: 'clients.csv', text: ['Code client;Nom du client;E-mail', ...rows, ''].join('\n') });
  return { organisation, cookie: await web.signedIn(organisation, 'owner') };
}

async function publish(organisation: OrganisationId, later: number): Promise<{ version: number | null; codes: string[] }> {
  return data.database.inTenant(organisation, async (t) => {
    const steps = STANDARD_SCENARIO.steps.map((step) => (step.offsetDays > 0 ? { ...step, offsetDays: step.offsetDays + later } : step));
    await saveDraft(t, { code: 'standard', definition: definitionSchema.parse(JSON.parse(scenarioToJson({ ...STANDARD_SCENARIO, steps }))), templates: await namedTemplates(t) }, by(TODAY));
    const done = await publishDraft(t, { code: 'standard', templates: () => namedTemplates(t) }, by(TODAY));
    return { version: done?.version ?? null, codes: done?.problems.map(({ code }) => code) ?? [] };
  });
}

type What = `${'GET' | 'POST' | 'DELETE'} ${string}`;
/** Asks for "GET replay" of the standard scenario. */
const ask = (cookie: string, what: What, body?: object) => {
  const method = (['GET', 'POST', 'DELETE'] as const).find((one) => what.startsWith(one)) ?? 'GET';
  return web.ask(method, `/api/scenarios/standard/${what.slice(method.length + 1)}`, { cookie, ...(body === undefined ? {} : { body }) });
};
const answerOf = async <Answer>(cookie: string, what: What, body?: object): Promise<Answer> => (await ask(cookie, what, body)).json<Answer>();
const statusOf = async (cookie: string, what: What, body?: object): Promise<number> => (await ask(cookie, what, body)).statusCode;

async function follow(cookie: string, job: string): Promise<JobView<{ id: string }>> {
  for (;;) {
    const view = (await answerOf<JobView<{ id: string }>>(cookie, `GET replay/${job}`));
    if (view.status !== 'running') return view;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a replay is refused with how much history there is, runs by dates, is kept, and is stale once the draft has changed', async () => {
  const { organisation, cookie } = await given();
  const empty = (await answerOf<ReplayPage>(cookie, 'GET replay'));
  expect(empty).toMatchObject({ code: 'standard', version: 1, hasDraft: false, running: null, last: null, history: { knownSince: TODAY, knownDays: 0, datedSince: '2026-01-05', datedDays: 176, daysMin: 60 } });
  const refused = await answerOf<{ job: string }>(cookie, 'POST replay', { months: 12 });
  const failed = await follow(cookie, refused.job);
  expect(failed).toMatchObject({ status: 'failed', fault: { code: 'replay.refused' } });
  expect(failed.fault?.message.fr).toBe('Il faut 60 jours d’historique pour rejouer ; il y en a 0 depuis le premier import. Rejouez d’après les dates des pièces : le grand livre importé en donne davantage.');
  const started = await answerOf<{ job: string }>(cookie, 'POST replay', { months: 12, basis: 'dated' });
  expect((await follow(cookie, started.job)).status).toBe('done');
  const { last } = (await answerOf<ReplayPage>(cookie, 'GET replay'));
  expect(last).toMatchObject({ version: 1, months: 12, basis: 'dated', population: 'assigned', stale: false, result: { from: '2026-01-05', until: '2026-06-29', customers: 24, chased: { replayed: 24, done: 0 } } });
  // An invoice of 5 January is due on 4 February and paid on the 24th by the odd customers: they get two reminders of each, the even ones all steps.
  expect(last?.result.months.map(({ month }) => month)).toEqual(['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06']);
  expect(last?.result.formalNotices.replayed).toBeGreaterThan(0);
  expect(last?.result.selfPaying.customers).toBe(12);
  await data.database.inTenant(organisation, async (t) => saveDraft(t, { code: 'standard', definition: definitionSchema.parse(JSON.parse(scenarioToJson({ ...STANDARD_SCENARIO, graceDays: 3 }))), templates: await namedTemplates(t) }, by(TODAY)));
  expect((await answerOf<ReplayPage>(cookie, 'GET replay')).last?.stale).toBe(false);
  const draft = await answerOf<{ job: string }>(cookie, 'POST replay', { basis: 'dated', months: 3, population: 'everybody' });
  expect((await follow(cookie, draft.job)).status).toBe('done');
  expect((await answerOf<ReplayPage>(cookie, 'GET replay')).last).toMatchObject({ version: null, months: 3, population: 'everybody', stale: false });
  await data.database.inTenant(organisation, async (t) => saveDraft(t, { code: 'standard', definition: definitionSchema.parse(JSON.parse(scenarioToJson({ ...STANDARD_SCENARIO, graceDays: 4 }))), templates: await namedTemplates(t) }, by(TODAY)));
  expect((await answerOf<ReplayPage>(cookie, 'GET replay')).last?.stale).toBe(true);
  expect((await data.database.inTenant(organisation, verify)).filter(({ ok }) => !ok)).toEqual([]);
});

test('a replay that is stopped leaves nothing; two at once are refused', async () => {
  const { cookie } = await given(60);
  const first = await answerOf<{ job: string }>(cookie, 'POST replay', { basis: 'dated' });
  expect((await answerOf<Fault>(cookie, 'POST replay', { basis: 'dated' }))).toMatchObject({ code: 'replay.running' });
  expect((await statusOf(cookie, 'DELETE replay'))).toBe(200);
  expect((await follow(cookie, first.job)).status).toBe('cancelled');
  expect((await answerOf<ReplayPage>(cookie, 'GET replay'))).toMatchObject({ running: null, last: null });
  expect((await answerOf<Fault>(cookie, 'DELETE replay'))).toMatchObject({ code: 'replay.notRunning' });
});

const versions = (organisation: OrganisationId) => data.database.inTenant(organisation, async (t) => new Map((await t.rows<{ customer: CustomerId; version: number }>(t.sql`
  select distinct a.customer_id as customer, s.version from ${t.from('action')} a join ${t.from('scenario')} s on s.scenario_id = a.scenario_id`)).map(({ customer, version }) => [customer, version])));

test('the control group keeps the former version, drawn by the seed and noted; it is told why; a person’s choice leaves the test; nothing is published meanwhile', async () => {
  const { organisation, cookie } = await given();
  expect((await answerOf<Fault>(cookie, 'POST hold-out', { sharePercent: 50, formerVersion: 1 }))).toMatchObject({ code: 'holdOut.refused' });
  expect(await publish(organisation, 2)).toEqual({ version: 2, codes: [] });
  expect((await answerOf<Fault>(cookie, 'POST hold-out', { sharePercent: 0, formerVersion: 1 })).message.fr).toContain('1 à 50 %');
  expect((await statusOf(cookie, 'POST hold-out', { sharePercent: 51, formerVersion: 1 }))).toBe(400);
  expect((await statusOf(cookie, 'POST hold-out', { sharePercent: 50, formerVersion: 1 }))).toBe(200);
  expect((await answerOf<Fault>(cookie, 'POST hold-out', { sharePercent: 20, formerScenario: 'gentle' })).message.fr).toContain('déjà en cours');
  expect(await publish(organisation, 5)).toEqual({ version: null, codes: ['dunning.holdOutRunning'] });
  await runDunning(data.database, { organisation, today: TODAY, ...by(TODAY) });
  const tested = await data.database.inTenant(organisation, async (t) => ({
    test: await t.one<{ seed: string; share: number }>(t.sql`select h.seed::text, h.share_percent as share from ${t.from('hold_out')} h`),
    members: await t.rows<{ customer: CustomerId; arm: string }>(t.sql`select m.customer_id as customer, m.arm from ${t.from('hold_out_customer')} m`),
  }));
  expect(tested.members).toHaveLength(24);
  const sent = await versions(organisation);
  for (const { customer, arm } of tested.members) {
    expect(arm).toBe(armOf({ seed: Number(tested.test?.seed), sharePercent: tested.test?.share ?? 0 }, customer));
    expect(sent.get(customer) ?? (arm === 'former' ? 1 : 2)).toBe(arm === 'former' ? 1 : 2);
  }
  expect(new Set(sent.values())).toEqual(new Set([1, 2]));
  const former = tested.members.find(({ arm }) => arm === 'former')?.customer;
  const told = await data.database.inTenant(organisation, async (t) => {
    const row = await t.one<{ code: string; item: Parameters<typeof chooseItemScenario>[1]['item'] }>(t.sql`
      select c.code, (select min(i.item_id) from ${t.from('item')} i where i.customer_id = c.customer_id and i.side = 'debit' and i.allocated < i.amount) as item from ${t.from('customer')} c where c.customer_id = ${former ?? '0'}::bigint`);
    if (row === null) throw new Error('no customer');
    const explained = await explainOn(t, { customer: row.code }, TODAY);
    await chooseItemScenario(t, { item: row.item, scenario: 'gentle' }, by('2026-07-01'));
    return explained;
  });
  const [first] = told.filter(({ recorded }) => recorded !== null);
  expect(first).toMatchObject({ same: true });
  expect(first?.text.fr).toContain('groupe témoin');
  expect(first?.text.en).toContain('control group');
  await runDunning(data.database, { organisation, today: day('2026-07-01'), ...by('2026-07-01') });
  const page = (await answerOf<HoldOutPage>(cookie, 'GET hold-out'));
  expect(page).toMatchObject({ version: 2, versions: [1], tests: [{ version: 2, formerVersion: 1, sharePercent: 50, endedOn: null, saved: null, effect: { measurable: false, because: 'fewCustomers' } }] });
  const [one] = page.tests;
  expect([one?.sizes.new, one?.sizes.former].reduce((sum: number, size) => sum + (size ?? 0), 0)).toBe(23);
  expect(one?.sizes.left).toEqual({ new: 0, former: 1 });
  expect((await statusOf(cookie, 'DELETE hold-out'))).toBe(200);
  expect((await answerOf<Fault>(cookie, 'DELETE hold-out'))).toMatchObject({ code: 'holdOut.none' });
  expect(await publish(organisation, 5)).toEqual({ version: 3, codes: [] });
  expect((await data.database.inTenant(organisation, verify)).filter(({ ok }) => !ok)).toEqual([]);
});

test('only an owner starts and ends a test; a reader looks', async () => {
  const { organisation } = await given(2);
  const reader = await web.signedIn(organisation, 'reader');
  expect((await statusOf(reader, 'GET hold-out'))).toBe(200);
  expect((await statusOf(reader, 'GET replay'))).toBe(200);
  for (const what of ['POST hold-out', 'DELETE hold-out', 'POST replay', 'DELETE replay'] as const) expect((await statusOf(reader, what))).toBe(403);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { READY_SCENARIOS, STANDARD_SCENARIO } from '#core/dunning/ready-scenarios.ts';
import type { ScenarioVersion, Step } from '#core/dunning/scenario.ts';
import { day } from '#core/kernel/day.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { verify } from '#server/audit/verify.ts';
import type { StoredMail } from '#server/channels/mime.ts';
import { sendApproved } from '#server/channels/send.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { approve, cancelActions, listActions } from '#server/dunning/actions.ts';
import { explainDecisions } from '#server/dunning/explain.ts';
import { runDunning } from '#server/dunning/run.ts';
import { namedTemplates } from '#server/letters/families-store.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testGuard } from '#server/testing/guard.ts';
import { latestScenarios } from './scenario-store.ts';
import { publishDraft, saveDraft } from './scenario-drafts.ts';
import { definitionSchema, scenarioToJson } from './scenario-shape.ts';
import { endTask } from './tasks.ts';

let db: TestDatabase;
let letters: LetterMaker;
beforeAll(async () => {
  db = await testDatabase();
  letters = must(await openLetterMaker());
});
afterAll(() => db.drop());

const by = (today: string) => ({ clock: clockAt(today), actor: 'user:1' });

/** One invoice due on 2 March 2026, somebody in accounts and a manager. */
async function given(change: (steps: Step[]) => readonly Step[], rest: Partial<ScenarioVersion> = {}): Promise<OrganisationId> {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { today: '2026-03-02', terms: '30d', text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-31', debit: '120,00' }]) });
  await importText(db.database, organisation, { today: '2026-03-02', name: 'clients.csv', text: 'Code client;Nom du client;E-mail\nC1;Alpha;compta@alpha.example\n' });
  await db.database.inTenant(organisation, async (t) => {
    await t.run(t.sql`
      ${t.into('contact', 'customer_id, name, roles, email, phone')}
      select ${t.org}, c.customer_id, 'Direction', array['management'], 'dg@alpha.example', '+33100000000' from ${t.from('customer')} c where c.code = 'C1'`);
  });
  await publish(organisation, change, rest);
  return organisation;
}

async function publish(organisation: OrganisationId, change: (steps: Step[]) => readonly Step[], rest: Partial<ScenarioVersion> = {}): Promise<void> {
  await db.database.inTenant(organisation, async (t) => {
    const before = (await latestScenarios(t)).get('standard')?.scenario ?? STANDARD_SCENARIO;
    const steps = change([...before.steps]).map((step, index) => ({ ...step, number: index + 1 }));
    await saveDraft(t, { code: 'standard', definition: definitionSchema.parse(JSON.parse(scenarioToJson({ ...before, ...rest, steps }))), templates: await namedTemplates(t) }, by('2026-03-02'));
    const published = await publishDraft(t, { code: 'standard', templates: () => namedTemplates(t) }, by('2026-03-02'));
    expect(published?.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
}

const run = (organisation: OrganisationId, today: string) => runDunning(db.database, { organisation, today: day(today), ...by(today) });
const approveAll = (organisation: OrganisationId, today: string) => db.database.inTenant(organisation, (t) => approve(t, 'all', by(today)));
const states = async (organisation: OrganisationId): Promise<string[]> =>
  (await db.database.inTenant(organisation, (t) => listActions(t))).map((row) => `${row.step} ${row.channel} ${row.recipient ?? '-'} ${row.state}${row.state_reason === null ? '' : ` ${row.state_reason}`}`).toReversed();

async function send(organisation: OrganisationId, today: string): Promise<string[]> {
  const sent: StoredMail[] = [];
  const worker = await joinWorkers(db.database);
  try {
    await sendApproved(db.database, {
      organisation, today: day(today), ...by(today), worker, letters, sender: { from: 'relances@duval.example', instance: 'test' }, guard: testGuard(db.database),
      carriers: { letter: null, mail: { send: async (mail) => {
        sent.push(mail);
        return { kind: 'accepted', response: '250 ok' };
      } } },
    });
  } finally {
    await worker.leave();
  }
  return sent.map(({ to }) => to).toSorted();
}

async function day1(organisation: OrganisationId, today: string): Promise<string[]> {
  await run(organisation, today);
  await approveAll(organisation, today);
  return send(organisation, today);
}

const verified = async (organisation: OrganisationId): Promise<void> =>
  expect((await db.database.inTenant(organisation, verify)).filter(({ ok }) => !ok)).toEqual([]);

test('a transcript: a version published midway, nothing re-sent, the inserted step goes, every day explained', async () => {
  const organisation = await given((steps) => steps.map((step) => ({ ...step, minimumGapDays: 1 })));
  expect(await day1(organisation, '2026-03-09')).toEqual(['compta@alpha.example']);
  expect(await day1(organisation, '2026-03-10')).toEqual([]);
  await publish(organisation, ([notice, first, ...rest]) => (notice === undefined || first === undefined ? rest : [notice, { ...first, offsetDays: 8 }, { ...first, key: 'inserted', offsetDays: 10, template: 'reminder1' }, ...rest]));
  expect(await day1(organisation, '2026-03-11')).toEqual([]);
  expect(await day1(organisation, '2026-03-12')).toEqual(['compta@alpha.example']);
  expect(await day1(organisation, '2026-03-13')).toEqual([]);
  expect(await day1(organisation, '2026-03-17')).toEqual(['compta@alpha.example']);
  expect(await states(organisation)).toEqual(['2 email compta@alpha.example sent', '3 email compta@alpha.example sent', '4 email compta@alpha.example sent']);
  const keys = await db.database.inTenant(organisation, (t) => t.rows<{ key: string }>(t.sql`select x.credited_key as key from ${t.from('action_item')} x order by x.action_id`));
  expect(keys.map(({ key }) => key)).toEqual(['day-7', 'inserted', 'day-15']);
  const said = await db.database.inTenant(organisation, (t) => explainDecisions(t, { document: 'FA1', upTo: day('2026-12-31') }));
  expect(said.map(({ today, reason }) => `${today} ${reason}`)).toEqual(['2026-03-17 stepDue', '2026-03-13 stepDone', '2026-03-12 stepDue', '2026-03-11 stepDone', '2026-03-10 stepDone', '2026-03-09 stepDue']);
  expect(said[0]?.text.fr).toContain('Scénario « standard » (version 3), celui de la société par défaut.');
  await verified(organisation);
});

test('versions stored before steps had keys are read as what they meant, and go on in a new one', async () => {
  const organisation = await given((steps) => steps.slice(1));
  for (const scenario of READY_SCENARIOS) {
    const steps = scenario.steps.map(({ key: _key, kind: _kind, anchor: _anchor, approval, ...step }) => ({ ...step, needsApproval: approval === 'one' }));
    const read = definitionSchema.parse({ ...JSON.parse(scenarioToJson(scenario)) as object, steps });
    expect({ ...read, code: scenario.code, version: 1 }).toEqual({ ...scenario, otherMinimumAmounts: [], thankYou: null });
  }
  await day1(organisation, '2026-03-09');
  const owner = await db.owner();
  await owner.query('update action_item set credited_key = null where organisation_id = $1', [organisation]);
  await owner.end();
  expect(await day1(organisation, '2026-03-12')).toEqual([]);
  expect(await day1(organisation, '2026-03-17')).toEqual(['compta@alpha.example']);
});

test('copies: each a message of its own, approved and handed over beside the first; when that one ends they end', async () => {
  const organisation = await given((steps) => steps.map((step) => ({ ...step, copyRoles: ['management'] })));
  await run(organisation, '2026-03-09');
  expect((await run(organisation, '2026-03-09')).actions).toBe(0);
  expect(await states(organisation)).toEqual(['2 email compta@alpha.example proposed', '2 email dg@alpha.example proposed']);
  await approveAll(organisation, '2026-03-09');
  expect(await send(organisation, '2026-03-09')).toEqual(['compta@alpha.example', 'dg@alpha.example']);
  await run(organisation, '2026-03-17');
  const [copy, main] = await db.database.inTenant(organisation, (t) => listActions(t, { state: 'proposed' }));
  expect([main?.recipient, copy?.recipient]).toEqual(['compta@alpha.example', 'dg@alpha.example']);
  await db.database.inTenant(organisation, (t) => cancelActions(t, [main?.action_id as ActionId], by('2026-03-17')));
  await run(organisation, '2026-03-18');
  expect((await states(organisation)).slice(2)).toEqual([
    '3 email compta@alpha.example cancelled person', '3 email dg@alpha.example cancelled originalEnded', '3 email compta@alpha.example proposed', '3 email dg@alpha.example proposed',
  ]);
  await verified(organisation);
});

test('a copy is looked at again under lock: paid meanwhile, neither it nor the message leaves', async () => {
  const organisation = await given((steps) => steps.map((step) => ({ ...step, copyRoles: ['management'] })));
  await run(organisation, '2026-03-09');
  await approveAll(organisation, '2026-03-09');
  await importText(db.database, organisation, { today: '2026-03-09', terms: '30d', text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-31', debit: '120,00', letter: 'A' }, { code: 'C1', piece: 'RG1', on: '2026-03-09', credit: '120,00', letter: 'A' }]) });
  expect(await send(organisation, '2026-03-09')).toEqual([]);
  expect(await states(organisation)).toEqual(['2 email compta@alpha.example cancelled paid', '2 email dg@alpha.example cancelled paid']);
});

test('thanks: once what was reminded of is paid, once for that payment, whatever is run again', async () => {
  const organisation = await given((steps) => steps, { thankYou: { template: 'thankYou', channel: 'email', contactRoles: ['accountsPayable'], onlyWhenReminded: true } });
  await day1(organisation, '2026-03-09');
  await importText(db.database, organisation, { today: '2026-03-11', terms: '30d', text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-31', debit: '120,00', letter: 'A' }, { code: 'C1', piece: 'RG1', on: '2026-03-11', credit: '120,00', letter: 'A' }]) });
  await run(organisation, '2026-03-11');
  expect((await run(organisation, '2026-03-11')).actions).toBe(0);
  await approveAll(organisation, '2026-03-11');
  expect(await send(organisation, '2026-03-11')).toEqual(['compta@alpha.example']);
  expect(await day1(organisation, '2026-03-12')).toEqual([]);
  expect(await states(organisation)).toEqual(['2 email compta@alpha.example sent', '0 email compta@alpha.example sent']);
  const said = await db.database.inTenant(organisation, (t) => explainDecisions(t, { document: 'FA1', upTo: day('2026-03-11') }));
  expect(said[0]).toMatchObject({ do: 'wait', reason: 'awaitingApproval' });
  await verified(organisation);
});

test('thanks a person cancelled are not proposed again for that payment', async () => {
  const organisation = await given((steps) => steps, { thankYou: { template: 'thankYou', channel: 'email', contactRoles: ['accountsPayable'], onlyWhenReminded: false } });
  await importText(db.database, organisation, { today: '2026-03-03', terms: '30d', text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-31', debit: '120,00', letter: 'A' }, { code: 'C1', piece: 'RG1', on: '2026-03-03', credit: '120,00', letter: 'A' }]) });
  expect((await run(organisation, '2026-03-04')).actions).toBe(1);
  const [thanks] = await db.database.inTenant(organisation, (t) => listActions(t, { state: 'proposed' }));
  await db.database.inTenant(organisation, (t) => cancelActions(t, [thanks?.action_id as ActionId], by('2026-03-04')));
  expect((await run(organisation, '2026-03-05')).actions).toBe(0);
});

test('a task is proposed to a person and never sent; done it counts as its step, not done it is proposed again', async () => {
  const organisation = await given((steps) => steps.map((step): Step => {
    const { fallbackChannel: _letter, ...alone } = step;
    return step.key === 'day-7' ? { ...alone, kind: 'task', channel: 'call', template: '', contactRoles: ['management'] } : step;
  }));
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('profile', 'p')} set dunning = '{"approveEverything": false}'::jsonb where ${t.own('p')}`));
  await run(organisation, '2026-03-09');
  expect(await states(organisation)).toEqual(['2 call +33100000000 proposed']);
  await approveAll(organisation, '2026-03-09');
  expect(await send(organisation, '2026-03-09')).toEqual([]);
  const end = async (today: string, done: boolean): Promise<boolean> => {
    const [task] = await db.database.inTenant(organisation, (t) => listActions(t));
    return db.database.inTenant(organisation, (t) => endTask(t, task?.action_id as ActionId, { done, note: null, today: day(today), by: by(today) }));
  };
  expect(await end('2026-03-09', false)).toBe(true);
  expect(await end('2026-03-09', true)).toBe(false);
  await run(organisation, '2026-03-10');
  expect(await end('2026-03-10', true)).toBe(true);
  expect(await states(organisation)).toEqual(['2 call +33100000000 cancelled notDone', '2 call +33100000000 sent doneByPerson']);
  expect((await run(organisation, '2026-03-11')).actions).toBe(0);
  await run(organisation, '2026-03-17');
  expect((await states(organisation)).at(-1)).toContain('3 email compta@alpha.example');
  await verified(organisation);
});

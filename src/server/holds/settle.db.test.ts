import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { HoldId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { decideDispute } from './disputes.ts';
import { addHold, endHold } from './holds.ts';
import type { NewHold } from './holds.ts';
import { acceptPlan, addPlan, previewPlan } from './plans.ts';
import { bounce, brokenOf, byOn, holdEvents, holdLines, itemOf, pay, settleOn } from './testing/given-holds.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** FA1 of 1,000.00 and FA2 of 300.00 of C1, FA3 of 200.00 of C2, all due by 6 February 2026. */
async function given(): Promise<OrganisationId> {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { today: '2026-03-02', text: fecOf([
    { code: 'C1', piece: 'FA1', on: '2026-01-05', debit: '1000,00' }, { code: 'C1', piece: 'FA2', on: '2026-01-07', debit: '300,00' }, { code: 'C2', piece: 'FA3', on: '2026-01-07', debit: '200,00' },
  ]) });
  return organisation;
}

const inside = <T>(organisation: OrganisationId, work: (t: Tenant) => Promise<T>): Promise<T> => db.database.inTenant(organisation, work);
const BASE = { kind: 'promise', reason: null, amount: null, from: day('2026-03-02'), until: day('2026-03-06'), note: null } as const;
const hold = (organisation: OrganisationId, document: string, rest: Partial<NewHold> = {}): Promise<HoldId> => inside(organisation, async (t) => {
  const { itemId, customerId } = await itemOf(t, document);
  return addHold(t, { ...BASE, customerId, itemId, ...rest }, byOn('2026-03-02'));
});
const lines = (organisation: OrganisationId): Promise<string[]> => inside(organisation, holdLines);

test('day 1: promise of 500 for Friday; part on Wednesday, the rest on Friday: kept that day, and noted once', async () => {
  const organisation = await given();
  await hold(organisation, 'FA1', { amount: 500_00n, channel: 'phone', promisedBy: 'Mme Roux' });
  await inside(organisation, (t) => pay(t, 'FA1', { cents: 200_00, on: '2026-03-04' }));
  expect(await settleOn(db.database, organisation, '2026-03-04')).toEqual({ changed: {}, reopened: 0, carried: 0 });
  await inside(organisation, (t) => pay(t, 'FA1', { cents: 300_00, on: '2026-03-06' }));
  expect(await settleOn(db.database, organisation, '2026-03-09')).toEqual({ changed: { kept: 1 }, reopened: 0, carried: 0 });
  expect(await settleOn(db.database, organisation, '2026-03-09')).toEqual({ changed: {}, reopened: 0, carried: 0 });
  expect(await lines(organisation)).toEqual(['promise FA1 kept ended 2026-03-06 kept']);
  expect(await inside(organisation, holdEvents)).toEqual(['added', 'kept']);
  expect(await brokenOf(db.database, organisation)).toEqual([]);
});

test('what was paid before the promise does not keep it; nothing more comes: broken the day after its grace', async () => {
  const organisation = await given();
  await inside(organisation, (t) => pay(t, 'FA1', { cents: 500_00, on: '2026-03-02' }));
  await hold(organisation, 'FA1', { amount: 500_00n });
  await settleOn(db.database, organisation, '2026-03-10');
  expect(await lines(organisation)).toEqual(['promise FA1 open']);
  await settleOn(db.database, organisation, '2026-03-11');
  expect(await lines(organisation)).toEqual(['promise FA1 broken ended 2026-03-11 broken']);
});

test('partly kept; then the statement of those days comes in late and shows that it was kept', async () => {
  const organisation = await given();
  await hold(organisation, 'FA1', { amount: 500_00n });
  await inside(organisation, (t) => pay(t, 'FA1', { cents: 200_00, on: '2026-03-05' }));
  await settleOn(db.database, organisation, '2026-03-12');
  expect(await lines(organisation)).toEqual(['promise FA1 partly ended 2026-03-11 partly']);
  await inside(organisation, (t) => pay(t, 'FA1', { cents: 300_00, on: '2026-03-09' }));
  await settleOn(db.database, organisation, '2026-03-13');
  expect(await lines(organisation)).toEqual(['promise FA1 kept ended 2026-03-09 kept']);
});

test('kept, then the direct debit bounces before the day: the promise goes on, and breaks', async () => {
  const organisation = await given();
  await hold(organisation, 'FA2');
  const paid = await inside(organisation, (t) => pay(t, 'FA2', { cents: 300_00, on: '2026-03-03' }));
  await settleOn(db.database, organisation, '2026-03-03');
  await inside(organisation, (t) => bounce(t, paid, '2026-03-05'));
  expect(await settleOn(db.database, organisation, '2026-03-05')).toMatchObject({ changed: { open: 1 }, reopened: 1 });
  await settleOn(db.database, organisation, '2026-03-11');
  expect(await lines(organisation)).toEqual(['promise FA2 broken ended 2026-03-11 broken']);
  expect(await inside(organisation, holdEvents)).toEqual(['added', 'kept', 'reopened', 'broken']);
});

test('a promise of the whole account, without an amount, is of what is due by its day', async () => {
  const organisation = await given();
  await hold(organisation, 'FA1', { itemId: null });
  await inside(organisation, (t) => pay(t, 'FA1', { cents: 1000_00, on: '2026-03-05' }));
  await settleOn(db.database, organisation, '2026-03-06');
  expect(await lines(organisation)).toEqual(['promise - open']);
  await inside(organisation, (t) => pay(t, 'FA2', { cents: 300_00, on: '2026-03-09' }));
  await settleOn(db.database, organisation, '2026-03-09');
  expect(await lines(organisation)).toEqual(['promise - kept ended 2026-03-09 kept']);
});

const plan = async (organisation: OrganisationId, rest: { acceptedBy?: string | null; replaces?: HoldId; count?: number; firstOn?: string; on?: string } = {}): Promise<HoldId> => inside(organisation, async (t) => {
  const on = rest.on ?? '2026-03-02';
  const [a, b] = [await itemOf(t, 'FA1'), await itemOf(t, 'FA2')];
  const items = [a, b].filter(({ open }) => open > 0n).map(({ itemId }) => itemId);
  const { instalments } = must(await previewPlan(t, { customerId: a.customerId, items, count: rest.count ?? 3, firstOn: day(rest.firstOn ?? '2026-03-31'), period: { every: 'month' } }));
  const { acceptedBy = 'M. Roux', replaces } = rest;
  return must(await addPlan(t, { customerId: a.customerId, items, instalments, from: day(on), acceptedBy, note: null, ...(replaces === undefined ? {} : { replaces }) }, byOn(on)));
});

test('a plan over two items, month by month: current, late, current, defaulted by itself', async () => {
  const organisation = await given();
  await plan(organisation);
  await settleOn(db.database, organisation, '2026-03-31');
  expect(await lines(organisation)).toEqual(['plan - current']);
  await settleOn(db.database, organisation, '2026-04-01');
  expect(await lines(organisation)).toEqual(['plan - late']);
  await inside(organisation, (t) => pay(t, 'FA1', { cents: 433_33, on: '2026-04-02' }));
  await settleOn(db.database, organisation, '2026-04-03');
  expect(await lines(organisation)).toEqual(['plan - current']);
  await inside(organisation, (t) => pay(t, 'FA2', { cents: 300_00, on: '2026-04-28' }));
  await settleOn(db.database, organisation, '2026-05-05');
  expect(await lines(organisation)).toEqual(['plan - late']);
  await settleOn(db.database, organisation, '2026-05-06');
  expect(await lines(organisation)).toEqual(['plan - defaulted ended 2026-05-06 defaulted']);
  expect(await inside(organisation, holdEvents)).toEqual(['added', 'late', 'current', 'late', 'defaulted']);
});

test('paid to the end: completed on the day of the last cent', async () => {
  const organisation = await given();
  await plan(organisation, { count: 2 });
  await inside(organisation, (t) => pay(t, 'FA1', { cents: 1000_00, on: '2026-03-30' }));
  await inside(organisation, (t) => pay(t, 'FA2', { cents: 300_00, on: '2026-04-30' }));
  await settleOn(db.database, organisation, '2026-05-02');
  expect(await lines(organisation)).toEqual(['plan - completed ended 2026-04-30 completed']);
});

test('a proposal suspends nothing and waits; a payment makes it stale, a new one takes its place and conserves the sum', async () => {
  const organisation = await given();
  const proposed = await plan(organisation, { acceptedBy: null });
  await settleOn(db.database, organisation, '2026-03-05');
  expect(await lines(organisation)).toEqual(['plan - proposed']);
  await inside(organisation, (t) => pay(t, 'FA1', { cents: 100_00, on: '2026-03-05' }));
  const refused = await inside(organisation, (t) => acceptPlan(t, proposed, { on: day('2026-03-06'), acceptedBy: 'M. Roux', by: byOn('2026-03-06') }));
  expect(refused).toMatchObject({ ok: false, error: { code: 'hold.planStale' } });
  const again = await plan(organisation, { acceptedBy: null, replaces: proposed, on: '2026-03-06' });
  const total = await inside(organisation, (t) => t.one<{ sum: string }>(t.sql`select sum(p.amount)::text as sum from ${t.from('hold_instalment')} p where p.hold_id = ${again}::bigint`));
  expect(total?.sum).toBe('120000');
  expect(await inside(organisation, (t) => acceptPlan(t, again, { on: day('2026-03-06'), acceptedBy: 'M. Roux', by: byOn('2026-03-06') }))).toMatchObject({ ok: true });
  expect(await inside(organisation, (t) => acceptPlan(t, again, { on: day('2026-03-06'), acceptedBy: 'M. Roux', by: byOn('2026-03-06') }))).toMatchObject({ ok: false, error: { code: 'hold.planGone' } });
  expect(await lines(organisation)).toEqual(['plan - ended ended 2026-03-06 replanned', 'plan - current']);
  await expect(plan(organisation)).rejects.toThrow(/planTwice/);
});

test('the database itself refuses a plan whose instalments do not sum to its items', async () => {
  const organisation = await given();
  const id = await plan(organisation);
  await expect(inside(organisation, (t) => t.run(t.sql`
    ${t.into('hold_instalment', 'hold_id, ordinal, due_on, amount')} values (${t.org}, ${id}::bigint, 4, '2026-07-01', 1)`))).rejects.toThrow(/sum to/);
});

test('a dispute ends by itself when its invoice is paid, or its part credited; accepted, it waits for the credit note and then asks', async () => {
  const organisation = await given();
  await hold(organisation, 'FA1', { kind: 'dispute', reason: 'price', amount: 200_00n, until: null });
  const second = await hold(organisation, 'FA2', { kind: 'dispute', reason: 'quality', until: null });
  await hold(organisation, 'FA3', { kind: 'dispute', reason: 'delivery', until: null });
  await inside(organisation, (t) => pay(t, 'FA1', { cents: 800_00, on: '2026-03-04' }));
  await inside(organisation, (t) => pay(t, 'FA3', { cents: 200_00, on: '2026-03-04' }));
  await inside(organisation, async (t) => must(await decideDispute(t, second, { decision: { outcome: 'accepted', amount: null, note: null, on: day('2026-03-04') }, by: byOn('2026-03-04') })));
  await settleOn(db.database, organisation, '2026-03-05');
  expect(await lines(organisation)).toEqual(['dispute FA1 open', 'dispute FA2 awaitingCredit', 'dispute FA3 paid ended 2026-03-04 paid']);
  await inside(organisation, (t) => pay(t, 'FA1', { cents: 200_00, on: '2026-03-20', kind: 'creditNote' }));
  await settleOn(db.database, organisation, '2026-04-04');
  expect(await lines(organisation)).toEqual(['dispute FA1 credited ended 2026-03-20 credited', 'dispute FA2 creditLate', 'dispute FA3 paid ended 2026-03-04 paid']);
  await inside(organisation, (t) => pay(t, 'FA2', { cents: 300_00, on: '2026-04-06', kind: 'creditNote' }));
  await settleOn(db.database, organisation, '2026-04-06');
  expect((await lines(organisation))[1]).toBe('dispute FA2 credited ended 2026-04-06 credited');
  expect(await brokenOf(db.database, organisation)).toEqual([]);
});

test('what a person ended stays ended whatever comes in, and a pause is over after its day', async () => {
  const organisation = await given();
  const ended = await hold(organisation, 'FA1', { amount: 500_00n });
  await hold(organisation, 'FA2', { kind: 'pause', reason: 'travaux', until: day('2026-03-10') });
  await inside(organisation, (t) => endHold(t, ended, { on: day('2026-03-04'), reason: 'kept', by: byOn('2026-03-04') }));
  await inside(organisation, (t) => pay(t, 'FA1', { cents: 1000_00, on: '2026-03-05' }));
  await settleOn(db.database, organisation, '2026-03-11');
  expect(await lines(organisation)).toEqual(['promise FA1 ended ended 2026-03-04 kept', 'pause FA2 over ended 2026-03-11 over']);
});

test('settled for a past day, nothing that was noted later is undone', async () => {
  const organisation = await given();
  await hold(organisation, 'FA2');
  await inside(organisation, (t) => pay(t, 'FA2', { cents: 300_00, on: '2026-03-05' }));
  await settleOn(db.database, organisation, '2026-03-06');
  expect(await settleOn(db.database, organisation, '2026-03-03')).toMatchObject({ changed: {} });
  expect(await lines(organisation)).toEqual(['promise FA2 kept ended 2026-03-05 kept']);
});

test('insolvency raises the claim to file once, with its deadline or why it is not known', async () => {
  const organisation = await given();
  await hold(organisation, 'FA1', { kind: 'insolvency', itemId: null, until: null, publishedOn: day('2026-03-01') });
  await hold(organisation, 'FA1', { kind: 'insolvency', itemId: null, until: null });
  await hold(organisation, 'FA3', { kind: 'insolvency', itemId: null, until: null });
  const raised = await inside(organisation, (t) => t.rows<{ facts: { deadline: string | null; problem: string | null } }>(t.sql`
    select e.body::jsonb -> 'facts' as facts from ${t.from('event')} e where e.kind = 'hold.claimRaised' order by e.seq`));
  expect(raised.map(({ facts }) => facts.deadline ?? facts.problem)).toEqual(['2026-05-01', 'hold.claimDayUnknown']);
});

test('two settlings at once note each change once', async () => {
  const organisation = await given();
  for (const document of ['FA1', 'FA2', 'FA3']) await hold(organisation, document, { amount: 100_00n });
  const both = await Promise.all([settleOn(db.database, organisation, '2026-03-20'), settleOn(db.database, organisation, '2026-03-20')]);
  expect(both.map(({ changed }) => changed.broken ?? 0).toSorted((a, b) => a - b)).toEqual([0, 3]);
  expect(await inside(organisation, holdEvents)).toEqual(['added', 'added', 'added', 'broken', 'broken', 'broken']);
  expect(await brokenOf(db.database, organisation)).toEqual([]);
});

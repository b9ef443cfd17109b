import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { WEBHOOK_EVENTS } from '#core/channels/webhook-events.ts';
import { decideDispute } from '#server/holds/disputes.ts';
import { addHold, endHold } from '#server/holds/holds.ts';
import { acceptPlan, addPlan } from '#server/holds/plans.ts';
import { resumeHold } from '#server/holds/resume-hold.ts';
import { settleHolds } from '#server/holds/settle-holds.ts';
import { undoImport } from '#server/intake/undo-import.ts';
import { placeByPerson } from '#server/matching/place.ts';
import { customerNamed, firstLine, givenMoney, itemNamed, lineKeys } from '#server/matching/testing/given-money.ts';
import { undoMatch } from '#server/matching/undo-match.ts';
import { writeOff } from '#server/matching/write-off.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import type { ShortLine } from '#server/testing/given.ts';
import { cdarOf, ublOf } from '#server/testing/invoice-files.ts';
import { approveOn, givenDebtors, postOffice, runOn, sendAt, setSending } from '#server/testing/outbox.ts';
import { givenWebhook, TOLD_ON, webhookWorker } from '#server/testing/webhooks.ts';
import type { GivenWebhook } from '#server/testing/webhooks.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

type Body = { type: string; timestamp: string; data: Record<string, unknown> & { items: Record<string, unknown>[] } };

/** What a receiver is told now, oldest first; numbers of rows are left out. */
async function told(of: GivenWebhook): Promise<Body[]> {
  const before = of.receiver.requests.length;
  const worker = await webhookWorker(db.database, [of.receiver]);
  expect(await worker.turn(of)).toBe('idle');
  await worker.leave();
  return of.receiver.requests.slice(before).map(({ body }) => JSON.parse(body) as Body);
}

const short = (bodies: readonly Body[]): unknown[] => bodies.map(({ type, data: { items, customer: _c, part: _p, parts: _n, promise: _h, plan: _l, dispute: _d, action: _a, ...rest } }) => [type, rest, items.map(({ document }) => document)]);

const at = (minute: number): ReturnType<typeof clockAt> => {
  const clock = clockAt(TOLD_ON);
  clock.set(`${TOLD_ON}T09:${String(minute).padStart(2, '0')}:00.000Z`);
  return clock;
};

async function givenInvoices(others: readonly ShortLine[] = []): Promise<OrganisationId> {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { today: TOLD_ON, text: fecOf([
    { code: 'C1', piece: 'FA-1', on: '2026-01-05', debit: '120,00' }, { code: 'C1', piece: 'FA-2', on: '2026-01-06', debit: '80,50' }, { code: 'C2', piece: 'FA-3', on: '2026-01-07', debit: '60,00' }, ...others,
  ]) });
  return organisation;
}

test('e-mails and letters that left, with their documents; what was refused, and what was only a test, is told to nobody', async () => {
  const organisation = await givenDebtors(db.database, [{ code: 'C1', email: 'compta@c1.example', invoices: [{ piece: 'FA-1', on: '2026-01-05', debit: '120,00' }, { piece: 'FA-2', on: '2026-01-08', debit: '30,00' }] }, { code: 'C2', email: 'compta@c2.example' }]);
  const webhook = await givenWebhook(db.database, organisation, ['email.sent', 'letter.made']);
  await runOn(db.database, organisation, TOLD_ON);
  await approveOn(db.database, organisation, TOLD_ON);
  const post = postOffice((mail) => (mail.to.includes('c2') ? { kind: 'refused' as const, permanent: true, stage: 'session' as const, response: '550 no' } : { kind: 'accepted' as const, response: '250 ok' }));
  expect(await sendAt(db.database, organisation, { at: TOLD_ON, carriers: { mail: post.carrier, letter: null } })).toMatchObject({ sent: 1, failed: 1 });
  const [news, ...more] = await told(webhook);
  expect(more).toEqual([]);
  expect(news).toEqual({
    type: 'email.sent', timestamp: expect.stringMatching(/^2026-03-02T/),
    data: {
      action: expect.stringMatching(/^\d+$/), customer: { id: expect.stringMatching(/^\d+$/), code: 'C1' }, channel: 'email', purpose: 'dunning', step: 2, sentOn: TOLD_ON, currency: 'EUR', total: '150.00',
      items: [{ id: expect.stringMatching(/^\d+$/), document: 'FA-1', amount: '120.00', dueOn: '2026-02-04' }, { id: expect.stringMatching(/^\d+$/), document: 'FA-2', amount: '30.00', dueOn: '2026-02-07' }],
      part: 1, parts: 1,
    },
  });
  const printed = await givenDebtors(db.database, [{ code: 'C1', email: null }]);
  const letters = await givenWebhook(db.database, printed, ['letter.made']);
  await runOn(db.database, printed, TOLD_ON);
  await approveOn(db.database, printed, TOLD_ON);
  expect(await sendAt(db.database, printed, { at: TOLD_ON, carriers: { mail: null, letter: async ({ name }) => name } })).toMatchObject({ sent: 1 });
  expect(await told(letters)).toMatchObject([{ type: 'letter.made', data: { customer: { code: 'C1' }, channel: 'letter', total: '120.00', items: [{ document: 'FA-C1' }] } }]);
  const tried = await givenDebtors(db.database, [{ code: 'C1', email: 'compta@c1.example' }]);
  const other = await givenWebhook(db.database, tried, ['email.sent', 'letter.made']);
  await setSending(db.database, tried, { testAddress: 'essai@duval.example' });
  await runOn(db.database, tried, TOLD_ON);
  await approveOn(db.database, tried, TOLD_ON);
  expect(await sendAt(db.database, tried, { at: TOLD_ON, carriers: { mail: postOffice().carrier, letter: null } })).toMatchObject({ tested: 1 });
  expect(await told(other)).toEqual([]);
  for (const one of [webhook, letters, other]) await one.receiver.close();
});

test('promises, plans and disputes as they begin, end and come back', async () => {
  const organisation = await givenInvoices();
  const webhook = await givenWebhook(db.database, organisation, WEBHOOK_EVENTS);
  const [c1, fa1, fa2] = [await customerNamed(db.database, organisation, 'C1'), await itemNamed(db.database, organisation, 'FA-1'), await itemNamed(db.database, organisation, 'FA-2')];
  const today = day(TOLD_ON);
  await db.database.inTenant(organisation, async (t) => {
    const by = { clock: at(1), actor: 'user:1' };
    const hold = { customerId: c1, reason: null, amount: null, from: today, note: 'secret words' };
    const kept = await addHold(t, { ...hold, itemId: null, kind: 'promise', items: [fa1, fa2], amount: 200_50n, until: day('2026-03-05'), promisedBy: 'Madame Secrète' }, by);
    await endHold(t, kept, { on: today, reason: 'secret words', by });
    must(await resumeHold(t, kept, { today, by }));
    const dispute = await addHold(t, { ...hold, itemId: fa1, kind: 'dispute', reason: 'price', until: null }, by);
    must(await decideDispute(t, dispute, { decision: { outcome: 'partly', amount: 20_00n, note: 'secret words', on: today }, by }));
    await endHold(t, dispute, { on: today, reason: 'secret words', by });
    await addHold(t, { ...hold, itemId: fa2, kind: 'pause', reason: 'secret words', until: null }, by);
    const planned = must(await addPlan(t, { customerId: c1, items: [fa2], instalments: [{ dueOn: day('2026-03-10'), minor: 80_50n }], from: today, acceptedBy: null, note: 'secret words' }, by));
    must(await acceptPlan(t, planned, { on: today, acceptedBy: 'Madame Secrète', by }));
    await addHold(t, { ...hold, itemId: null, kind: 'promise', amount: 5_000n, currency: 'JPY', until: day('2026-12-31') }, by);
    await addHold(t, { ...hold, itemId: null, kind: 'promise', amount: 5_000n, until: day('2026-12-31') }, by);
  });
  await db.database.inTenant(organisation, (t) => settleHolds(t, { today: day('2026-03-25'), now: clockAt('2026-03-25').now(), actor: 'system:worker' }));
  const bodies = await told(webhook);
  expect(short(bodies)).toEqual([
    ['promise.given', { currency: 'EUR', amount: '200.50', on: TOLD_ON, until: '2026-03-05' }, ['FA-1', 'FA-2']],
    ['promise.ended', { currency: 'EUR', outcome: 'ended', on: TOLD_ON }, ['FA-1', 'FA-2']],
    ['promise.reopened', { currency: 'EUR', on: TOLD_ON }, ['FA-1', 'FA-2']],
    ['dispute.opened', { currency: 'EUR', amount: null, on: TOLD_ON, until: null, reason: 'price' }, ['FA-1']],
    ['dispute.decided', { currency: 'EUR', outcome: 'partly', granted: '20.00', on: TOLD_ON, reason: 'price' }, ['FA-1']],
    ['dispute.closed', { currency: 'EUR', outcome: 'ended', on: TOLD_ON }, ['FA-1']],
    ['plan.accepted', { currency: 'EUR', amount: '80.50', on: TOLD_ON, until: '2026-03-10' }, ['FA-2']],
    ['promise.given', { currency: 'JPY', amount: '5000', on: TOLD_ON, until: '2026-12-31' }, []],
    ['promise.given', { currency: 'EUR', amount: '50.00', on: TOLD_ON, until: '2026-12-31' }, []],
    ['promise.broken', { currency: 'EUR', outcome: 'broken', on: expect.any(String), wanted: '200.50', received: '0.00' }, ['FA-1', 'FA-2']],
    ['plan.defaulted', { currency: 'EUR', outcome: 'defaulted', on: expect.any(String), wanted: expect.any(String), received: expect.any(String) }, ['FA-2']],
  ]);
  expect(JSON.stringify(bodies)).not.toMatch(/secr/i);
  await webhook.receiver.close();
});

test('documents that a payment or a write-off settled, and those that are open again; parts of a hundred', async () => {
  const organisation = await givenInvoices(Array.from({ length: 120 }, (_, index) => ({ code: 'C3', piece: `FB-${String(index).padStart(3, '0')}`, on: '2026-01-05', debit: '1,00' })));
  await givenMoney(db.database, organisation, [{ on: TOLD_ON, cents: 160_00, name: 'Centrale' }, { on: TOLD_ON, cents: 120_00, name: 'Autre' }]);
  const webhook = await givenWebhook(db.database, organisation, ['items.settled', 'items.reopened']);
  const customer = await customerNamed(db.database, organisation, 'C1');
  const [fa1, fa2] = [await itemNamed(db.database, organisation, 'FA-1'), await itemNamed(db.database, organisation, 'FA-2')];
  const match = await placeByPerson(db.database, organisation, {
    key: await firstLine(db.database, organisation), by: { now: at(1).now(), today: day(TOLD_ON), actor: 'user:1' },
    uses: [{ customer, parts: [{ item: fa1, amount: '120.00' }, { item: fa2, amount: '40.00' }], credits: [], writeOff: null }],
  });
  await writeOff(db.database, organisation, { asked: { item: fa2, amount: '40.50', reason: 'smallDifference', note: null }, by: { now: at(2).now(), today: day(TOLD_ON), actor: 'user:1' } });
  await db.database.inTenant(organisation, (t) => undoMatch(t, match, { now: at(3).now(), today: day(TOLD_ON), actor: 'user:1', reason: 'test' }));
  const bodies = await told(webhook);
  expect(bodies.map(({ type, data }) => [type, data['by'], data.items.map(({ document, amount, open, customer: of }) => [document, amount, open, (of as { code: string }).code])])).toEqual([
    ['items.settled', 'match', [['FA-1', '120.00', '0.00', 'C1']]],
    ['items.settled', 'writeOff', [['FA-2', '80.50', '0.00', 'C1']]],
    ['items.reopened', 'match', [['FA-1', '120.00', '120.00', 'C1'], ['FA-2', '80.50', '40.00', 'C1']]],
  ]);
  const third = await customerNamed(db.database, organisation, 'C3');
  const many = await db.database.inTenant(organisation, (t) => t.rows<{ item_id: string }>(t.sql`select i.item_id from ${t.from('item')} i where i.document like 'FB-%' order by i.item_id`));
  const lines = await db.database.inTenant(organisation, (t) => t.rows<{ line: string }>(t.sql`select l.bank_line_id as line from ${t.from('bank_line')} l where l.amount = 12000`));
  await placeByPerson(db.database, organisation, {
    key: { kind: 'bankLine', line: lines[0]?.line as never }, by: { now: at(4).now(), today: day(TOLD_ON), actor: 'user:1' },
    uses: [{ customer: third, parts: many.map(({ item_id: item }) => ({ item: item as never, amount: '1.00' })), credits: [], writeOff: null }],
  });
  const parts = await told(webhook);
  expect(parts.map(({ type, data }) => [type, data['part'], data['parts'], data.items.length])).toEqual([['items.settled', 1, 2, 100], ['items.settled', 2, 2, 20]]);
  expect(new Set(parts.flatMap(({ data }) => data.items.map(({ document }) => document))).size).toBe(120);
  expect(new Set(webhook.receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(5);
  await webhook.receiver.close();
});

/** One invoice paid in two halves, each placed at its minute; what is told of both at once, and of what follows. */
async function givenHalves(first: number, second: number): Promise<{ organisation: OrganisationId; webhook: GivenWebhook; settled: Body[] }> {
  const organisation = await givenInvoices();
  await givenMoney(db.database, organisation, [{ on: TOLD_ON, cents: 50_00, name: 'Centrale', endToEnd: 'PRLV-1' }, { on: TOLD_ON, cents: 70_00, name: 'Autre', endToEnd: 'PRLV-2' }]);
  const webhook = await givenWebhook(db.database, organisation, ['items.settled', 'items.reopened']);
  const [customer, item] = [await customerNamed(db.database, organisation, 'C1'), await itemNamed(db.database, organisation, 'FA-1')];
  for (const [index, key] of (await lineKeys(db.database, organisation)).entries()) {
    await placeByPerson(db.database, organisation, {
      key, by: { now: at(index === 0 ? first : second).now(), today: day(TOLD_ON), actor: 'user:1' }, uses: [{ customer, parts: [{ item, amount: index === 0 ? '50.00' : '70.00' }], credits: [], writeOff: null }],
    });
  }
  return { organisation, webhook, settled: await told(webhook) };
}

const items = (bodies: readonly Body[]): unknown[] => bodies.map(({ type, data }) => [type, data['by'], data.items.map(({ document, open }) => [document, open])]);

test.each([['in their order', 1, 2], ['of one instant', 1, 1], ['the later one by a clock that is behind', 5, 1]])('an invoice settled in two halves is told once, by the one that comes last: %s', async (_name, first, second) => {
  const { webhook, settled } = await givenHalves(first, second);
  expect(items(settled)).toEqual([['items.settled', 'match', [['FA-1', '0.00']]]]);
  await webhook.receiver.close();
});

test('a payment that went back opens its invoice again; when the statement that said so is undone, it is settled again', async () => {
  const { organisation, webhook } = await givenHalves(1, 2);
  const back = await givenMoney(db.database, organisation, [{ on: '2026-03-09', cents: -70_00, name: 'Autre', endToEnd: 'PRLV-2', returned: 'AM04' }]);
  expect(back).toMatchObject({ changed: { takenBack: 1 } });
  expect(items(await told(webhook))).toEqual([['items.reopened', 'import', [['FA-1', '70.00']]]]);
  await undoImport(db.database, { organisation, importId: back.importId ?? ('' as never), clock: at(9), actor: 'user:1' });
  expect(items(await told(webhook))).toEqual([['items.settled', 'import', [['FA-1', '0.00']]]]);
  await webhook.receiver.close();
});

test('a dispute that a status file opened is closed when its import is undone', async () => {
  const organisation = await givenOrganisation(db.database);
  const webhook = await givenWebhook(db.database, organisation, ['dispute.opened', 'dispute.closed']);
  await importText(db.database, organisation, { name: 'facture.xml', text: ublOf({ number: 'FA-100', on: '2026-03-02', due: '2026-04-15', cents: 120_00, buyer: 'Menuiserie Roux', buyerSiren: '732829320', buyerEmail: 'compta@roux.test' }) });
  const report = await importText(db.database, organisation, { name: 'statut.xml', text: cdarOf({ number: 'FA-100', status: 210, on: '2026-03-20', reason: 'DOUBLON' }) });
  await undoImport(db.database, { organisation, importId: report.importId ?? ('' as never), clock: clockAt('2026-06-30'), actor: 'test' });
  expect((await told(webhook)).map(({ type, data }) => [type, data['dispute'] === undefined])).toEqual([['dispute.opened', false], ['dispute.closed', false]]);
  await webhook.receiver.close();
});

test('what is told of a plan does not depend on when: before somebody agreed to it, nothing', async () => {
  const organisation = await givenInvoices();
  const kinds = ['plan.accepted', 'plan.ended', 'plan.reopened'];
  const [prompt, late] = [await givenWebhook(db.database, organisation, kinds), await givenWebhook(db.database, organisation, kinds)];
  const [customerId, item, from] = [await customerNamed(db.database, organisation, 'C1'), await itemNamed(db.database, organisation, 'FA-1'), day(TOLD_ON)];
  const by = { clock: at(1), actor: 'user:1' };
  const plan = await db.database.inTenant(organisation, async (t) => must(await addPlan(t, { customerId, items: [item], instalments: [{ dueOn: day('2026-03-10'), minor: 120_00n }], from, acceptedBy: null, note: null }, by)));
  const steps: ((t: Tenant) => Promise<unknown>)[] = [(t) => endHold(t, plan, { on: from, reason: 'x', by }), (t) => resumeHold(t, plan, { today: from, by }), (t) => acceptPlan(t, plan, { on: from, acceptedBy: 'M', by }), (t) => endHold(t, plan, { on: from, reason: 'x', by })];
  const types: string[] = [];
  for (const step of steps) {
    await db.database.inTenant(organisation, step);
    types.push(...(await told(prompt)).map(({ type }) => type));
  }
  expect(types).toEqual(['plan.accepted', 'plan.ended']);
  expect((await told(late)).map(({ type }) => type)).toEqual(types);
  for (const one of [prompt, late]) await one.receiver.close();
});

test('a kind that nobody chose, or that is not in the list, is told to nobody', async () => {
  const organisation = await givenInvoices();
  const webhook = await givenWebhook(db.database, organisation, ['dispute.opened']);
  const customerId = await customerNamed(db.database, organisation, 'C1');
  await db.database.inTenant(organisation, (t) => addHold(t, { customerId, itemId: null, kind: 'promise', reason: null, amount: 1n, currency: 'EUR', from: day(TOLD_ON), until: day(TOLD_ON), note: null }, { clock: at(1), actor: 'test' }));
  await db.database.inTenant(organisation, (t) => addHold(t, { customerId, itemId: null, kind: 'insolvency', reason: null, amount: null, from: day(TOLD_ON), until: null, note: null }, { clock: at(1), actor: 'test' }));
  expect(await told(webhook)).toEqual([]);
  const standing = await db.database.inTenant(organisation, (t) => t.one<{ told: string; head: string }>(t.sql`select w.told_to as told, h.seq as head from ${t.from('webhook')} w, ${t.from('event_head')} h`));
  expect(standing?.told).toBe(standing?.head);
  await webhook.receiver.close();
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { ActionId, CustomerId, ItemId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { verify } from '#server/audit/verify.ts';
import { sendApproved } from '#server/channels/send.ts';
import type { Carriers, SendResult } from '#server/channels/send.ts';
import type { StoredMail } from '#server/channels/mime.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { approve, listActions, resolveUnknown } from '#server/dunning/actions.ts';
import { explainDecisions } from '#server/dunning/explain.ts';
import { runDunning } from '#server/dunning/run.ts';
import { addHold } from '#server/holds/holds.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { testGuard } from '#server/testing/guard.ts';

let db: TestDatabase;
let letters: LetterMaker;
beforeAll(async () => {
  db = await testDatabase();
  letters = must(await openLetterMaker());
});
afterAll(() => db.drop());

const CONTACTS = 'Code client;Nom du client;E-mail\nC1;Alpha;compta@alpha.example\nC2;Bêta;compta@beta.example\n';

async function givenLedger(): Promise<OrganisationId> {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, {
    today: '2026-03-02', text: fecOf([
      { code: 'C1', piece: 'FA1', on: '2026-01-05', debit: '120,00' },
      { code: 'C1', piece: 'FA2', on: '2026-02-20', debit: '80,00' },
      { code: 'C2', piece: 'FA3', on: '2026-01-10', debit: '300,00' },
    ]),
  });
  await importText(db.database, organisation, { today: '2026-03-02', text: CONTACTS, name: 'clients.csv' });
  return organisation;
}

const sent: StoredMail[] = [];
const accepting: Carriers['mail'] = {
  send: async (mail) => {
    sent.push(mail);
    return { kind: 'accepted', response: '250 ok' };
  },
};

async function dunOn(organisation: OrganisationId, today: string): Promise<string[]> {
  const clock = clockAt(today);
  const proposed: string[] = [];
  await runDunning(db.database, {
    organisation, today: day(today), clock, actor: 'test',
    sink: { decisions: () => undefined, actions: (batch) => void proposed.push(...batch.map((one) => `${one.customer} ${one.proposed.channel} ${one.proposed.step} ${one.proposed.total}`)) },
  });
  return proposed;
}

async function sendOn(organisation: OrganisationId, today: string, mail: Carriers['mail'] = accepting): Promise<SendResult> {
  const clock = clockAt(today);
  await db.database.inTenant(organisation, (t) => approve(t, 'all', { clock, actor: 'test' }));
  const worker = await joinWorkers(db.database);
  try {
    return await sendApproved(db.database, {
      organisation, today: day(today), clock, actor: 'test', worker, letters, carriers: { mail, letter: null }, sender: { from: 'relances@duval.example', instance: 'test' }, guard: testGuard(db.database),
    });
  } finally {
    await worker.leave();
  }
}

const states = async (organisation: OrganisationId): Promise<string[]> =>
  (await db.database.inTenant(organisation, (t) => listActions(t))).map((row) => `${row.customer} ${row.step} ${row.state}${row.state_reason === null ? '' : ` ${row.state_reason}`}`).toReversed();

async function verified(organisation: OrganisationId): Promise<void> {
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
}

test('transcript: each step once, however often the run is started, and the next one after its delay', async () => {
  const organisation = await givenLedger();
  sent.length = 0;
  expect(await dunOn(organisation, '2026-03-02')).toEqual(['C1 email 2 12000', 'C2 email 2 30000']);
  expect(await dunOn(organisation, '2026-03-02')).toEqual([]);
  expect(await sendOn(organisation, '2026-03-02')).toMatchObject({ sent: 2, failed: 0, unknown: 0, cancelled: [] });
  expect(sent.map((mail) => mail.to).toSorted()).toEqual(['compta@alpha.example', 'compta@beta.example']);
  expect(await dunOn(organisation, '2026-03-02')).toEqual([]);
  expect(await dunOn(organisation, '2026-03-05')).toEqual([]);
  expect(await dunOn(organisation, '2026-03-10')).toEqual(['C1 email 3 12000', 'C2 email 3 30000']);
  await verified(organisation);
});

test('paid, held or moved between approval and hand-off: the action is cancelled with its reason and nothing leaves', async () => {
  const organisation = await givenLedger();
  sent.length = 0;
  await dunOn(organisation, '2026-03-02');
  await importText(db.database, organisation, {
    today: '2026-03-02', text: fecOf([
      { code: 'C1', piece: 'FA1', on: '2026-01-05', debit: '120,00', letter: 'AA' },
      { code: 'C1', piece: 'FA2', on: '2026-02-20', debit: '80,00' },
      { code: 'C2', piece: 'FA3', on: '2026-01-10', debit: '300,00' },
      { code: 'C1', piece: 'RC1', on: '2026-03-01', credit: '120,00', letter: 'AA' },
    ]),
  });
  await db.database.inTenant(organisation, async (t) => {
    const row = await t.one<{ customer_id: CustomerId; item_id: ItemId }>(t.sql`select i.customer_id, i.item_id from ${t.from('item')} i where i.document = 'FA3'`);
    if (row === null) throw new Error('no item');
    await addHold(t, {
      customerId: row.customer_id, itemId: row.item_id, kind: 'dispute', reason: 'price', amount: null, from: day('2026-03-02'), until: null, note: null,
    }, { clock: clockAt('2026-03-02'), actor: 'test' });
  });
  const result = await sendOn(organisation, '2026-03-02');
  expect(result).toMatchObject({ sent: 0, failed: 0, unknown: 0 });
  expect(await states(organisation)).toEqual(['C1 2 cancelled paid', 'C2 2 cancelled disputed']);
  expect(sent).toEqual([]);
  await verified(organisation);
});

test('an unknown outcome is parked: never sent again by itself, the step not consumed, until a person decides', async () => {
  const organisation = await givenLedger();
  sent.length = 0;
  await dunOn(organisation, '2026-03-02');
  const lost: Carriers['mail'] = { send: async () => ({ kind: 'unknown', detail: 'connection lost after the final dot' }) };
  expect(await sendOn(organisation, '2026-03-02', lost)).toMatchObject({ sent: 0, unknown: 2 });
  expect(await sendOn(organisation, '2026-03-03')).toMatchObject({ sent: 0, unknown: 0 });
  expect(await dunOn(organisation, '2026-03-10')).toEqual([]);
  const [second, first] = await db.database.inTenant(organisation, (t) => listActions(t, { state: 'unknown' }));
  const by = { clock: clockAt('2026-03-03'), actor: 'user:1' };
  await db.database.inTenant(organisation, async (t) => {
    await resolveUnknown(t, first?.action_id as ActionId, { arrived: true, today: day('2026-03-02'), by });
    await resolveUnknown(t, second?.action_id as ActionId, { arrived: false, today: day('2026-03-03'), by });
  });
  expect(await states(organisation)).toEqual(['C1 2 sent confirmedByPerson', 'C2 2 approved deniedByPerson']);
  await verified(organisation);
});

test('every decision of every day is kept and said in both languages', async () => {
  const organisation = await givenLedger();
  await dunOn(organisation, '2026-03-02');
  await dunOn(organisation, '2026-03-03');
  const said = await db.database.inTenant(organisation, (t) => explainDecisions(t, { document: 'FA2', upTo: day('2026-03-31') }));
  expect(said.map((one) => [one.today, one.do, one.reason])).toEqual([['2026-03-03', 'wait', 'notDue'], ['2026-03-02', 'wait', 'notDue']]);
  expect(said[0]?.text.fr).toMatch(/FA2/);
  expect(said[0]?.text.en).toMatch(/FA2/);
});

test('a dry run writes nothing', async () => {
  const organisation = await givenLedger();
  const count = async (): Promise<unknown> => db.database.inTenant(organisation, (t) => t.one(t.sql`
    select (select count(*) from ${t.from('run')} r) as runs, (select count(*) from ${t.from('action')} a) as actions, (select count(*) from ${t.from('event')} e) as events`));
  const before = await count();
  const result = await runDunning(db.database, { organisation, today: day('2026-03-02'), clock: clockAt('2026-03-02'), actor: 'test', dryRun: true });
  expect(result).toMatchObject({ runId: null, decisions: 3, actions: 2, stopped: null });
  expect(await count()).toEqual(before);
});

test('an old ledger stops the run and says so', async () => {
  const organisation = await givenLedger();
  const result = await runDunning(db.database, { organisation, today: day('2026-09-01'), clock: clockAt('2026-09-01'), actor: 'test' });
  expect(result).toMatchObject({ stopped: 'ledgerStale', actions: 0 });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { verify } from '#server/audit/verify.ts';
import { sendApproved } from '#server/channels/send.ts';
import type { Carriers, SendOptions, SendResult } from '#server/channels/send.ts';
import type { StoredMail } from '#server/channels/mime.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { approve, listActions } from '#server/dunning/actions.ts';
import { runDunning } from '#server/dunning/run.ts';
import { lockImports } from '#server/intake/import-lock.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { testGuard } from '#server/testing/guard.ts';
import { verified } from './given-ledger.ts';

let db: TestDatabase;
let letters: LetterMaker;
beforeAll(async () => {
  db = await testDatabase();
  letters = must(await openLetterMaker());
});
afterAll(() => db.drop());

async function givenApproved(today: string, change: (organisation: OrganisationId) => Promise<void> = async () => undefined): Promise<OrganisationId> {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, {
    today, text: fecOf([{ code: 'C1', piece: 'FA1', on: '2025-11-05', debit: '120,00' }, { code: 'C2', piece: 'FA2', on: '2025-11-05', debit: '300,00' }]),
  });
  await importText(db.database, organisation, { today, text: 'Code client;Nom du client;E-mail\nC1;Alpha;compta@alpha.example\nC2;Beta;compta@beta.example\n', name: 'clients.csv' });
  await change(organisation);
  const by = { clock: clockAt(today), actor: 'test' };
  await runDunning(db.database, { organisation, today: day(today), ...by });
  await db.database.inTenant(organisation, (t) => approve(t, 'all', by));
  return organisation;
}

const sent: StoredMail[] = [];
const accepting: NonNullable<Carriers['mail']> = {
  send: async (mail) => {
    sent.push(mail);
    return { kind: 'accepted', response: '250 ok' };
  },
};

async function send(organisation: OrganisationId, today: string, given: Partial<SendOptions> = {}): Promise<SendResult> {
  const worker = await joinWorkers(db.database);
  try {
    return await sendApproved(db.database, {
      organisation, today: day(today), clock: clockAt(today), actor: 'test', worker, letters, carriers: { mail: accepting, letter: null },
      sender: { from: 'relances@duval.example', instance: 'test' }, guard: testGuard(db.database), ...given,
    });
  } finally {
    await worker.leave();
  }
}

const messages = async (organisation: OrganisationId): Promise<string | undefined> =>
  (await db.database.inTenant(organisation, (t) => t.one<{ count: string }>(t.sql`select count(*)::text as count from ${t.from('message')} m`)))?.count;

test('what waits for an open day is composed on the day it leaves, not on the closed day it was looked at', async () => {
  const organisation = await givenApproved('2025-12-19');
  sent.length = 0;
  expect(await send(organisation, '2025-12-20')).toMatchObject({ sent: 0, waiting: 2 });
  expect(await messages(organisation)).toBe('0');
  expect(await send(organisation, '2025-12-22')).toMatchObject({ sent: 2, waiting: 0 });
  expect(sent.map((mail) => /^Date: (.*)\r$/m.exec(mail.bytes.toString('latin1'))?.[1])).toEqual(Array(2).fill('Mon, 22 Dec 2025 08:00:00 +0000'));
  await verified(db.database, organisation);
});

test('without a channel actions wait: nothing is composed, and nothing fails for want of a sender', async () => {
  const organisation = await givenApproved('2025-12-19');
  expect(await send(organisation, '2025-12-19', { carriers: { mail: null, letter: null } })).toMatchObject({ sent: 0, failed: 0, waiting: 2 });
  expect(await messages(organisation)).toBe('0');
});

test('--max counts what leaves: one that waits for its own holiday does not keep the next from leaving', async () => {
  const organisation = await givenApproved('2025-12-23', (id) => db.database.inTenant(id, async (t) => {
    await t.run(t.sql`${t.update('customer', 'c')} set postal_code = '67000' where ${t.own('c')} and c.code = 'C1'`);
  }));
  sent.length = 0;
  expect(await send(organisation, '2025-12-26', { max: 1 })).toMatchObject({ sent: 1, waiting: 1 });
  expect(sent.map((mail) => mail.to)).toEqual(['compta@beta.example']);
});

test('an address that the server calls dead is not chosen again', async () => {
  const organisation = await givenApproved('2025-12-19');
  const dead: Carriers['mail'] = { send: async () => ({ kind: 'refused', permanent: true, stage: 'message', response: '550 5.1.1 <x> no such user' }) };
  expect(await send(organisation, '2025-12-19', { carriers: { mail: dead, letter: null } })).toMatchObject({ failed: 2 });
  const again = await runDunning(db.database, { organisation, today: day('2025-12-22'), clock: clockAt('2025-12-22'), actor: 'test' });
  expect(again.actions).toBe(0);
});

test('a hand-off that breaks does not take the others with it: nobody knows whether it left, so a person decides', async () => {
  const organisation = await givenApproved('2025-12-19');
  let calls = 0;
  const breaking: Carriers['mail'] = {
    send: async () => {
      calls += 1;
      if (calls === 1) throw new Error('broken channel');
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { kind: 'accepted', response: '250 ok' };
    },
  };
  expect(await send(organisation, '2025-12-19', { carriers: { mail: breaking, letter: null } })).toMatchObject({ sent: 1, unknown: 1 });
  const states = await db.database.inTenant(organisation, (t) => listActions(t));
  expect(states.map((row) => row.state).toSorted()).toEqual(['sent', 'unknown']);
});

test('while an import is under way nothing is handed over: it waits for what the import says', async () => {
  const organisation = await givenApproved('2025-12-19');
  await db.database.inTenant(organisation, async (t) => {
    await lockImports(t);
    expect(await send(organisation, '2025-12-19')).toMatchObject({ sent: 0, waiting: 2 });
  });
  expect(await send(organisation, '2025-12-19')).toMatchObject({ sent: 2 });
});

test('a worker that loses its connection does not take the process with it', async () => {
  const worker = await joinWorkers(db.database);
  const owner = await db.owner();
  await owner.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = $1`, [worker.id]);
  await owner.end();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await expect(worker.leave()).resolves.toBeUndefined();
});

test('a run for a past day decides for every item that was open then, whatever was paid since', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, {
    text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-05', debit: '120,00', letter: 'A' }, { code: 'C1', piece: 'RC1', on: '2026-05-01', credit: '120,00', letter: 'A' }]),
  });
  const run = await runDunning(db.database, { organisation, today: day('2026-03-02'), clock: clockAt('2026-03-02'), actor: 'test', dryRun: true });
  expect(run.decisions).toBe(1);
});

test('a promise whose amount came in time was kept: the rest is not chased as a broken one', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, {
    text: fecOf([
      { code: 'C1', piece: 'FA1', on: '2025-11-05', debit: '120,00', letter: 'A' }, { code: 'C1', piece: 'FA2', on: '2025-11-05', debit: '300,00' },
      { code: 'C1', piece: 'RC1', on: '2025-12-10', credit: '120,00', letter: 'A' },
    ]), today: '2025-12-15',
  });
  await importText(db.database, organisation, { today: '2025-12-15', text: 'Code client;Nom du client;E-mail\nC1;Alpha;compta@alpha.example\n', name: 'clients.csv' });
  const promise = (amount: number) => db.database.inTenant(organisation, (t) => t.run(t.sql`
    ${t.into('hold', 'customer_id, kind, amount, from_on, until_on, grace_days, created_at, actor')}
    select ${t.org}, c.customer_id, 'promise', ${amount}, '2025-12-01', '2025-12-12', 2, now(), 'test' from ${t.from('customer')} c`));
  const firmer = async (): Promise<unknown[]> => {
    const found: unknown[] = [];
    await runDunning(db.database, {
      organisation, today: day('2025-12-18'), clock: clockAt('2025-12-18'), actor: 'test', dryRun: true,
      sink: { decisions: () => undefined, actions: (batch) => void found.push(...batch.map((one) => one.proposed.firmer)) },
    });
    return found;
  };
  await promise(12_000);
  expect(await firmer()).toEqual([false]);
  await promise(20_000);
  expect(await firmer()).toEqual([true]);
});

test('a rejected direct debit is owed since the due day of its invoice, or at once when it names none', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, {
    text: fecOf([
      { code: 'C1', piece: 'FA1', on: '2026-01-05', debit: '120,00', letter: 'A' }, { code: 'C1', piece: 'PRLV1', on: '2026-02-04', credit: '120,00', letter: 'A' },
      { code: 'C1', piece: 'FA1', on: '2026-02-12', debit: '120,00', journal: 'BQ', label: 'Rejet prélèvement FA1' },
      { code: 'C2', piece: 'REJ7', on: '2026-02-12', debit: '50,00', journal: 'BQ', label: 'Impayé' },
    ]), terms: '30d',
  });
  const rows = await db.database.inTenant(organisation, (t) => t.rows(t.sql`select i.document, i.due_on from ${t.from('item')} i where i.kind = 'refund' order by i.item_id`));
  expect(rows).toEqual([{ document: 'FA1', due_on: '2026-02-04' }, { document: 'REJ7', due_on: '2026-02-12' }]);
});

test('once the ledger letters, nothing stays marked as estimated', async () => {
  const organisation = await givenOrganisation(db.database);
  const lines = [{ code: 'C1', piece: 'FA1', on: '2026-01-05', debit: '120,00' }, { code: 'C1', piece: 'FA2', on: '2026-01-06', debit: '80,00' }, { code: 'C1', piece: 'RC1', on: '2026-02-05', credit: '80,00' }];
  await importText(db.database, organisation, { text: fecOf(lines) });
  await importText(db.database, organisation, { text: fecOf(lines.map((line) => (line.piece === 'FA1' ? line : { ...line, letter: 'A' }))) });
  const rows = await db.database.inTenant(organisation, (t) => t.rows(t.sql`select i.document from ${t.from('item')} i where i.estimated`));
  expect(rows).toEqual([]);
  await verified(db.database, organisation);
});

test('an event whose time was changed beside its body is found', async () => {
  const own = await testDatabase();
  const organisation = await givenOrganisation(own.database);
  const owner = await own.owner();
  await owner.query(`alter table event disable trigger all; update event set at = at - interval '1 day'; alter table event enable trigger all`);
  await owner.end();
  const broken = (await own.database.inTenant(organisation, verify)).filter((check) => !check.ok);
  expect(broken.map((check) => check.name)).toEqual(['event columns match their bodies']);
  await own.drop();
});


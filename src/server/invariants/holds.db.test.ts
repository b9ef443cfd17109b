import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { HoldId, ImportId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { sendApproved } from '#server/channels/send.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { approve, listActions } from '#server/dunning/actions.ts';
import { chooseItemScenario } from '#server/dunning/item-scenario.ts';
import { runDunning } from '#server/dunning/run.ts';
import { changeDispute } from '#server/holds/disputes.ts';
import { addComment } from '#server/holds/hold-files.ts';
import { addHold } from '#server/holds/holds.ts';
import type { NewHold } from '#server/holds/holds.ts';
import { addPlan } from '#server/holds/plans.ts';
import { bounce, brokenOf, byOn, holdLines, itemOf, pay, settleOn } from '#server/holds/testing/given-holds.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { undoImport } from '#server/intake/undo-import.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import type { ShortLine } from '#server/testing/given.ts';
import { testGuard } from '#server/testing/guard.ts';

let db: TestDatabase;
let letters: LetterMaker;
beforeAll(async () => {
  db = await testDatabase();
  letters = must(await openLetterMaker());
});
afterAll(() => db.drop());

const INVOICES: readonly ShortLine[] = [
  { code: 'C1', piece: 'FA1', on: '2026-01-05', debit: '1000,00' }, { code: 'C1', piece: 'FA2', on: '2026-01-07', debit: '300,00' }, { code: 'C2', piece: 'FA3', on: '2026-01-07', debit: '200,00' },
];
const CONTACTS = 'Code client;Nom du client;E-mail\nC1;Alpha;compta@alpha.example\nC2;Bêta;compta@beta.example\n';
const inside = <T>(organisation: OrganisationId, work: (t: Tenant) => Promise<T>): Promise<T> => db.database.inTenant(organisation, work);

async function given(): Promise<OrganisationId> {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { today: '2026-03-02', text: fecOf(INVOICES) });
  await importText(db.database, organisation, { today: '2026-03-02', text: CONTACTS, name: 'clients.csv' });
  return organisation;
}

const BASE = { kind: 'promise', reason: null, amount: null, from: day('2026-03-02'), until: day('2026-03-06'), note: null } as const;
const hold = (organisation: OrganisationId, document: string, rest: Partial<NewHold> = {}): Promise<HoldId> => inside(organisation, async (t) => {
  const { itemId, customerId } = await itemOf(t, document);
  return addHold(t, { ...BASE, customerId, itemId, ...rest }, byOn('2026-03-02'));
});

/** What the run of a day decides, a line a document: `FA1 wait promised`, `FA1 act stepDue firmer`. A dry run: nothing is kept, each day stands alone. */
async function decisionsOn(organisation: OrganisationId, on: string): Promise<string[]> {
  const found: string[] = [];
  await importText(db.database, organisation, { today: on, text: CONTACTS.replace('Alpha', `Alpha ${on}`), name: 'clients.csv' });
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('import', 'p')} set applied_on = ${on}::date where ${t.own('p')}`));
  await runDunning(db.database, {
    organisation, today: day(on), clock: clockAt(on), actor: 'test', dryRun: true,
    sink: { actions: () => undefined, decisions: (batch) => void found.push(...batch.map(({ decision: one }) => [one.document, one.do, one.reason, ...(one.facts['firmer'] === true ? ['firmer'] : [])].join(' '))) },
  });
  return found.toSorted();
}

describe('time travel: what a commitment does to dunning, day by day', () => {
  test('a promise of 500 for Friday: waits until its grace is over, then dunning resumes firmer', async () => {
    const organisation = await given();
    await hold(organisation, 'FA1', { amount: 500_00n });
    const fa1 = async (on: string): Promise<string | undefined> => (await decisionsOn(organisation, on)).find((line) => line.startsWith('FA1'));
    expect(await fa1('2026-03-02')).toBe('FA1 wait promised');
    expect(await fa1('2026-03-06')).toBe('FA1 wait promised');
    expect(await fa1('2026-03-10')).toBe('FA1 wait promised');
    expect(await fa1('2026-03-11')).toBe('FA1 act stepDue firmer');
    await settleOn(db.database, organisation, '2026-03-11');
    expect(await fa1('2026-03-11')).toBe('FA1 act stepDue firmer');
    expect(await fa1('2026-03-12')).toBe('FA1 act stepDue firmer');
  });

  test('kept, the rest is chased, no firmer; kept in part, it covers nothing more after its day', async () => {
    const organisation = await given();
    await hold(organisation, 'FA1', { amount: 500_00n });
    await hold(organisation, 'FA3');
    await inside(organisation, (t) => pay(t, 'FA1', { cents: 500_00, on: '2026-03-04' }));
    await inside(organisation, (t) => pay(t, 'FA3', { cents: 50_00, on: '2026-03-04' }));
    expect(await decisionsOn(organisation, '2026-03-04')).toEqual(['FA1 act stepDue', 'FA2 act stepDue', 'FA3 wait promised']);
    expect(await decisionsOn(organisation, '2026-03-11')).toEqual(['FA1 act stepDue', 'FA2 act stepDue', 'FA3 act stepDue firmer']);
  });

  test('a plan suspends its items and no others; one instalment late past its grace and dunning resumes firmer', async () => {
    const organisation = await given();
    await inside(organisation, async (t) => {
      const { itemId, customerId } = await itemOf(t, 'FA1');
      must(await addPlan(t, {
        customerId, items: [itemId], from: day('2026-03-02'), acceptedBy: 'M. Roux', note: null,
        instalments: [{ dueOn: day('2026-03-06'), minor: 400_00n }, { dueOn: day('2026-04-07'), minor: 600_00n }],
      }, byOn('2026-03-02')));
    });
    expect(await decisionsOn(organisation, '2026-03-06')).toEqual(['FA1 wait planned', 'FA2 act stepDue', 'FA3 act stepDue']);
    const paid = await inside(organisation, (t) => pay(t, 'FA1', { cents: 400_00, on: '2026-03-09' }));
    expect(await decisionsOn(organisation, '2026-03-20')).toEqual(['FA1 wait planned', 'FA2 act stepDue', 'FA3 act stepDue']);
    await inside(organisation, (t) => bounce(t, paid, '2026-03-23'));
    expect((await decisionsOn(organisation, '2026-03-23'))[0]).toBe('FA1 act stepDue firmer');
  });

  test('a plan that is only proposed suspends nothing', async () => {
    const organisation = await given();
    await inside(organisation, async (t) => {
      const { itemId, customerId } = await itemOf(t, 'FA1');
      must(await addPlan(t, { customerId, items: [itemId], from: day('2026-03-02'), acceptedBy: null, note: null, instalments: [{ dueOn: day('2026-04-07'), minor: 1000_00n }] }, byOn('2026-03-02')));
    });
    expect((await decisionsOn(organisation, '2026-03-03'))[0]).toBe('FA1 act stepDue');
  });
});

describe('A2-A6 at hand-off: what was entered after the approval wins, nothing leaves', () => {
  test.each<[string, Partial<NewHold>, string]>([
    ['A2 dispute', { kind: 'dispute', reason: 'price', until: null }, 'disputed'], ['A2 part in dispute', { kind: 'dispute', reason: 'price', amount: 50_00n, until: null }, 'amountChanged'],
    ['A3 pause', { kind: 'pause', itemId: null, reason: 'accord', until: day('2026-03-31') }, 'paused'], ['A4 promise', {}, 'promised'],
    ['A4 promise of the whole account', { itemId: null }, 'promised'], ['A6 insolvency', { kind: 'insolvency', itemId: null, until: null }, 'insolvent'],
  ])('%s', async (...[, rest, reason]) => {
    const organisation = await given();
    await proposeAndApprove(organisation);
    await hold(organisation, 'FA3', rest);
    expect(await handOff(organisation)).toEqual(['C1 sent', `C2 cancelled ${reason}`]);
  });

  test('A5 plan of one of the items; a plan that is only proposed stops nothing', async () => {
    for (const [acceptedBy, expected] of [['M. Roux', 'C2 cancelled planned'], [null, 'C2 sent']] as const) {
      const organisation = await given();
      await proposeAndApprove(organisation);
      await inside(organisation, async (t) => {
        const { itemId, customerId } = await itemOf(t, 'FA3');
        must(await addPlan(t, { customerId, items: [itemId], from: day('2026-03-02'), acceptedBy, note: null, instalments: [{ dueOn: day('2026-04-07'), minor: 200_00n }] }, byOn('2026-03-02')));
      });
      expect(await handOff(organisation)).toEqual(['C1 sent', expected]);
    }
  });
});

async function proposeAndApprove(organisation: OrganisationId): Promise<void> {
  await runDunning(db.database, { organisation, today: day('2026-03-02'), ...byOn('2026-03-02') });
  await inside(organisation, (t) => approve(t, 'all', byOn('2026-03-02')));
}

/** Hands over what is approved to a mail server that takes everything; gives each action with what became of it. */
async function handOff(organisation: OrganisationId): Promise<string[]> {
  const worker = await joinWorkers(db.database);
  await sendApproved(db.database, {
    organisation, today: day('2026-03-02'), ...byOn('2026-03-02'), worker, letters, sender: { from: 'relances@duval.example', instance: 'test' }, guard: testGuard(db.database),
    carriers: { letter: null, mail: { send: async () => ({ kind: 'accepted', response: '250 ok' }) } },
  });
  await worker.leave();
  return (await inside(organisation, (t) => listActions(t))).map((row) => [row.customer, row.state, ...(row.state_reason === null ? [] : [row.state_reason])].join(' ')).toSorted();
}

const DISPUTE = { kind: 'dispute', reason: 'price', until: null } as const;

describe('F6: what people said survives any re-import', () => {
  test('the same export again, a longer one, one in another order: holds stand as they were', async () => {
    const organisation = await given();
    await hold(organisation, 'FA1', DISPUTE);
    await hold(organisation, 'FA2', { amount: 100_00n });
    await hold(organisation, 'FA3', { kind: 'pause', itemId: null, reason: 'accord', until: day('2026-12-31') });
    const before = await inside(organisation, holdLines);
    await importText(db.database, organisation, { today: '2026-03-03', text: fecOf(INVOICES) });
    await importText(db.database, organisation, { today: '2026-03-04', text: fecOf(INVOICES.toReversed()) });
    await importText(db.database, organisation, { today: '2026-03-05', text: fecOf([...INVOICES, { code: 'C2', piece: 'FA4', on: '2026-01-08', debit: '90,00' }]) });
    expect(await settleOn(db.database, organisation, '2026-03-05')).toEqual({ changed: {}, reopened: 0, carried: 0 });
    expect(await inside(organisation, holdLines)).toEqual(before);
    expect(await decisionsOn(organisation, '2026-03-05')).toEqual(expect.arrayContaining(['FA1 wait disputed', 'FA2 wait promised', 'FA3 wait paused', 'FA4 wait paused']));
  });

  test.each<[string, Partial<NewHold>, string]>([
    ['dispute', DISPUTE, 'FA1 wait disputed'], ['part in dispute as large as the invoice', { ...DISPUTE, amount: 1000_00n }, 'FA1 wait disputed'],
    ['promise', {}, 'FA1 wait promised'], ['pause', { kind: 'pause', reason: 'accord', until: day('2026-12-31') }, 'FA1 wait paused'],
  ])('the accountant corrects the amount of an invoice under a %s: its new item is not chased either', async (...[, rest, expected]) => {
    const organisation = await given();
    await hold(organisation, 'FA1', rest);
    const corrected = INVOICES.map((line) => (line.piece === 'FA1' ? { ...line, debit: '900,00' } : line));
    await importText(db.database, organisation, { today: '2026-03-04', text: fecOf([...corrected, { code: 'C2', piece: 'FA4', on: '2026-02-07', debit: '90,00' }]) });
    const { open } = await inside(organisation, (t) => itemOf(t, 'FA1'));
    expect(open).toBe(900_00n);
    expect((await settleOn(db.database, organisation, '2026-03-04')).carried).toBe(1);
    expect((await settleOn(db.database, organisation, '2026-03-04')).carried).toBe(0);
    const fa1 = (await decisionsOn(organisation, '2026-03-05')).filter((line) => line.startsWith('FA1'));
    expect(new Set(fa1)).toEqual(new Set([expected]));
    expect(await brokenOf(db.database, organisation)).toEqual([]);
  });

});

describe('F6: what people said survives an import taken back and given again', () => {
  test('a plan covers the new items, what is joined to it stays', async () => {
    const organisation = await givenOrganisation(db.database);
    const first = await importText(db.database, organisation, { today: '2026-03-02', text: fecOf(INVOICES) });
    const id = await inside(organisation, async (t) => {
      const [a, b] = [await itemOf(t, 'FA1'), await itemOf(t, 'FA2')];
      return must(await addPlan(t, {
        customerId: a.customerId, items: [a.itemId, b.itemId], from: day('2026-03-02'), acceptedBy: 'M. Roux', note: null,
        instalments: [{ dueOn: day('2026-04-01'), minor: 650_00n }, { dueOn: day('2026-05-01'), minor: 650_00n }],
      }, byOn('2026-03-02')));
    });
    await inside(organisation, async (t) => must(await addComment(t, id, { body: 'Vu au téléphone.', by: byOn('2026-03-02') })));
    const undone = await undoImport(db.database, { organisation, importId: first.importId as ImportId, clock: clockAt('2026-03-03'), actor: 'test' });
    expect(undone.status).toBe('undone');
    // The night goes by before the file is given again: the plan has nothing left to be about, and is over.
    await settleOn(db.database, organisation, '2026-03-03');
    expect(await inside(organisation, holdLines)).toEqual(['plan - completed ended 2026-03-03 completed']);
    await importText(db.database, organisation, { today: '2026-03-04', text: fecOf(INVOICES) });
    await importText(db.database, organisation, { today: '2026-03-04', text: CONTACTS, name: 'clients.csv' });
    expect(await settleOn(db.database, organisation, '2026-03-04')).toEqual({ changed: { current: 1 }, reopened: 1, carried: 2 });
    expect(await decisionsOn(organisation, '2026-03-05')).toEqual(['FA1 wait planned', 'FA2 wait planned', 'FA3 act stepDue']);
    await inside(organisation, (t) => pay(t, 'FA1', { cents: 650_00, on: '2026-03-31' }));
    await settleOn(db.database, organisation, '2026-04-07');
    expect(await inside(organisation, holdLines)).toEqual(['plan - current']);
  });

  test('planted bug: without the carrying, the corrected invoice would be chased', async () => {
    const organisation = await given();
    await hold(organisation, 'FA1', DISPUTE);
    const corrected = INVOICES.map((line) => (line.piece === 'FA1' ? { ...line, debit: '900,00' } : line));
    await importText(db.database, organisation, { today: '2026-03-04', text: fecOf([...corrected, { code: 'C2', piece: 'FA4', on: '2026-02-07', debit: '90,00' }]) });
    expect(await decisionsOn(organisation, '2026-03-05')).toContain('FA1 act stepDue');
  });

  test('a customer taken out with its import comes back under its code: what held the whole account holds it still', async () => {
    const organisation = await givenOrganisation(db.database);
    const first = await importText(db.database, organisation, { today: '2026-03-02', text: fecOf(INVOICES) });
    const id = await hold(organisation, 'FA1', { kind: 'insolvency', itemId: null, until: null });
    expect((await undoImport(db.database, { organisation, importId: first.importId as ImportId, clock: clockAt('2026-03-03'), actor: 'test' })).status).toBe('undone');
    await importText(db.database, organisation, { today: '2026-03-04', text: fecOf(INVOICES) });
    await settleOn(db.database, organisation, '2026-03-04');
    expect(await decisionsOn(organisation, '2026-03-05')).toEqual(['FA1 wait insolvent', 'FA2 wait insolvent', 'FA3 act stepDue']);
    const changed = await inside(organisation, (t) => changeDispute(t, id, { change: { reason: 'price', amount: null, owner: { name: null, email: null }, deadlineOn: null, note: null }, by: byOn('2026-03-04') }));
    expect(changed).toMatchObject({ ok: false, error: { code: 'hold.disputeOver' } });
  });
});

describe('F6: what people chose survives any import', () => {
  test('the scenario chosen for a document goes with it when it is corrected; taken back by a person, it stays taken back', async () => {
    const organisation = await givenOrganisation(db.database);
    await importText(db.database, organisation, { today: '2026-03-02', text: fecOf(INVOICES) });
    const chosen = (): Promise<string[]> => inside(organisation, async (t) => (await t.rows<{ line: string }>(t.sql`
      select i.document || ' ' || coalesce(i.scenario_code, '-') || ' ' || coalesce(c.scenario_code, '-') as line
      from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id where i.voided_at is null and i.document in ('FA1', 'FA3') order by i.document`)).map(({ line }) => line));
    await inside(organisation, async (t) => {
      expect(await chooseItemScenario(t, { item: (await itemOf(t, 'FA1')).itemId, scenario: 'gentle' }, byOn('2026-03-02'))).toBe('done');
      await t.run(t.sql`${t.update('customer', 'c')} set scenario_code = 'firm' where ${t.own('c')} and c.customer_id = ${(await itemOf(t, 'FA3')).customerId}::bigint`);
    });
    const corrected = INVOICES.map((line) => (line.piece === 'FA1' ? { ...line, debit: '900,00' } : line));
    await importText(db.database, organisation, { today: '2026-03-03', text: fecOf([...corrected, { code: 'C2', piece: 'FA4', on: '2026-02-07', debit: '90,00' }]) });
    await settleOn(db.database, organisation, '2026-03-03');
    expect(await chosen()).toEqual(['FA1 gentle -', 'FA3 - firm']);
    await inside(organisation, async (t) => chooseItemScenario(t, { item: (await itemOf(t, 'FA1')).itemId, scenario: null }, byOn('2026-03-03')));
    await settleOn(db.database, organisation, '2026-03-04');
    expect(await chosen()).toEqual(['FA1 - -', 'FA3 - firm']);
  });

  test('taken out with its import and given again: document and customer have what was chosen for them', async () => {
    const again = await givenOrganisation(db.database);
    const only = await importText(db.database, again, { today: '2026-03-02', text: fecOf(INVOICES) });
    await inside(again, async (t) => {
      const { itemId, customerId } = await itemOf(t, 'FA3');
      await chooseItemScenario(t, { item: itemId, scenario: 'gentle' }, byOn('2026-03-02'));
      await t.run(t.sql`${t.update('customer', 'c')} set scenario_code = 'firm', segment_override = 'strategic' where ${t.own('c')} and c.customer_id = ${customerId}::bigint`);
    });
    expect((await undoImport(db.database, { organisation: again, importId: only.importId as ImportId, clock: clockAt('2026-03-03'), actor: 'test' })).status).toBe('undone');
    await importText(db.database, again, { today: '2026-03-04', text: fecOf(INVOICES) });
    await settleOn(db.database, again, '2026-03-04');
    const kept = await inside(again, (t) => t.rows<{ item: string | null; customer: string | null; segment: string | null }>(t.sql`
      select i.scenario_code as item, c.scenario_code as customer, c.segment_override as segment from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id
      where i.voided_at is null and i.document = 'FA3'`));
    expect(kept).toEqual([{ item: 'gentle', customer: 'firm', segment: 'strategic' }]);
  });
});

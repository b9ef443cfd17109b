import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { HoldId, OrganisationId } from '#core/kernel/id.ts';
import { decimal, money } from '#core/kernel/money.ts';
import { must } from '#core/kernel/result.ts';
import { decideDispute } from '#server/holds/disputes.ts';
import { addHold } from '#server/holds/holds.ts';
import type { NewHold } from '#server/holds/holds.ts';
import { addPlan } from '#server/holds/plans.ts';
import { brokenOf, byOn, holdLines, itemOf, pay, settleOn } from '#server/holds/testing/given-holds.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { approveOn, givenDebtors, postOffice, runOn, sendAt, setDunning } from '#server/testing/outbox.ts';
import type { ShortCustomer } from '#server/testing/outbox.ts';
import { listActions } from './actions.ts';
import { explainDecisions } from './explain.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** A company on its days: what happens in the morning, then what the run of the day says and what leaves. */
type Story = { readonly organisation: OrganisationId; readonly on: (today: string, morning?: (t: Tenant) => Promise<unknown>) => Promise<string[]> };

async function story(invoices: ShortCustomer['invoices'], definition: object = {}): Promise<Story> {
  const organisation = await givenDebtors(db.database, [{ code: 'C1', email: 'compta@alpha.example', ...(invoices === undefined ? {} : { invoices }) }], '2026-02-02');
  await db.database.inTenant(organisation, (t) => t.run(t.sql`
    ${t.into('scenario', 'code, version, definition, created_at')}
    select ${t.org}, s.code, s.version + 1, s.definition || ${JSON.stringify(definition)}::jsonb, now() from ${t.from('scenario')} s where s.code = 'standard'`));
  await setDunning(db.database, organisation, { ledgerLimitDays: 100 });
  const post = postOffice();
  return {
    organisation,
    on: async (today, morning) => {
      if (morning !== undefined) await db.database.inTenant(organisation, morning);
      await settleOn(db.database, organisation, today);
      await runOn(db.database, organisation, today);
      await approveOn(db.database, organisation, today);
      await sendAt(db.database, organisation, { at: today, carriers: { mail: post.carrier, letter: async ({ name }) => name } });
      return db.database.inTenant(organisation, async (t) => {
        const said = (await explainDecisions(t, { upTo: day(today) })).filter((one) => one.today === day(today) && one.do === 'wait').map(({ text }) => text.en.replace(/ Scenario "standard"[^.]*\.$/, ''));
        const left = (await listActions(t)).filter((one) => one.today === day(today)).map((one) => (
          `${one.template_code}${one.firmer ? ', firmer,' : ''} for ${decimal(money(BigInt(one.total), one.currency))} (${one.documents.join(', ')}): ${one.state}`));
        return [...left, ...said];
      });
    },
  };
}

const BASE = { kind: 'promise', reason: null, amount: null, until: null, note: null } as const;
const held = (document: string, from: string, rest: Partial<NewHold>) => async (t: Tenant): Promise<HoldId> => {
  const { itemId, customerId } = await itemOf(t, document);
  return addHold(t, { ...BASE, from: day(from), customerId, itemId, ...rest }, byOn(from));
};

const WITH_MINIMUM = { minimumAmount: { amount: '100.00', currency: 'EUR' }, thankYou: { template: 'thankYou', channel: 'email', contactRoles: ['accountsPayable'], onlyWhenReminded: false } };

test('below the minimum nothing goes; a second invoice lifts it above; a promise is kept and thanked for once all is paid', async () => {
  const { organisation, on } = await story([{ piece: 'FA1', on: '2026-01-05', debit: '60,00' }, { piece: 'FA2', on: '2026-01-12', debit: '80,00' }], WITH_MINIMUM);
  expect(await on('2026-02-04')).toEqual([
    'FA1 (€60.00, due on 4 February 2026) is not to be chased yet: it will be late on 5 February 2026.',
    'FA2 (€80.00, due on 11 February 2026) is not to be chased yet: a notice before the due date is planned on 8 February 2026.',
  ]);
  expect(await on('2026-02-11')).toEqual([
    'FA1 (€60.00, due on 4 February 2026) is not chased: the customer owes €60.00 overdue, below the scenario\'s minimum of €100.00.',
    'FA2 (€80.00, due on 11 February 2026) is not to be chased yet: it will be late on 12 February 2026.',
  ]);
  expect(await on('2026-02-12')).toEqual(['reminder1 for 140.00 (FA1, FA2): sent']);
  expect(await on('2026-02-13')).toEqual([
    'FA1 (€60.00, due on 4 February 2026) waits: step 2 was done on 12 February 2026; step 3 comes on 19 February 2026.',
    'FA2 (€80.00, due on 11 February 2026) waits: no step was done yet; step 3 of FA1, with which it is chased, comes on 19 February 2026.',
  ]);
  expect(await on('2026-02-16', held('FA1', '2026-02-16', { until: day('2026-02-20') }))).toEqual([
    'FA1 (€60.00, due on 4 February 2026) is not chased: the customer promised to pay by 20 February 2026, with 2 working days of grace.',
    'FA2 (€80.00, due on 11 February 2026) is not chased: the customer owes €80.00 overdue, below the scenario\'s minimum of €100.00.',
  ]);
  expect(await on('2026-02-19', (t) => pay(t, 'FA1', { cents: 60_00, on: '2026-02-19' }))).toEqual([
    'FA1 is fully paid: nothing to chase. No thanks: another document of the customer is late.',
    'FA2 (€80.00, due on 11 February 2026) is not chased: the customer owes €80.00 overdue, below the scenario\'s minimum of €100.00.',
  ]);
  expect(await db.database.inTenant(organisation, holdLines)).toEqual(['promise FA1 kept ended 2026-02-19 kept']);
  expect(await on('2026-03-02', (t) => pay(t, 'FA2', { cents: 80_00, on: '2026-03-02' }))).toEqual(['thankYou for 80.00 (FA2): sent']);
  expect(await on('2026-03-03')).toEqual([]);
});

test('a promise of 300, of which 100 come: it holds to the end of its grace, then the next reminder is firmer', async () => {
  const { organisation, on } = await story([{ piece: 'FA1', on: '2026-01-05', debit: '500,00' }]);
  const promised = (open: string): string[] => [`FA1 (€${open}, due on 4 February 2026) is not chased: the customer promised to pay by 18 February 2026, with 2 working days of grace.`];
  expect(await on('2026-02-11')).toEqual(['reminder1 for 500.00 (FA1): sent']);
  expect(await on('2026-02-13', held('FA1', '2026-02-13', { until: day('2026-02-18'), amount: 300_00n }))).toEqual(promised('500.00'));
  expect(await on('2026-02-18')).toEqual(promised('500.00'));
  expect(await on('2026-02-20', (t) => pay(t, 'FA1', { cents: 100_00, on: '2026-02-20' }))).toEqual(promised('400.00'));
  expect(await on('2026-02-23')).toEqual(['reminder2, firmer, for 400.00 (FA1): sent']);
  expect(await db.database.inTenant(organisation, holdLines)).toEqual([expect.stringMatching(/^promise FA1 (?:partly|broken)/)]);
});

test('a dispute: the other invoice is chased meanwhile; 200 are agreed, the rest is asked for, and the credit note changes nothing more', async () => {
  const { on } = await story([{ piece: 'FA1', on: '2026-01-05', debit: '1000,00' }, { piece: 'FA2', on: '2026-01-05', debit: '300,00' }]);
  const disputes: HoldId[] = [];
  expect(await on('2026-02-11', async (t) => disputes.push(await held('FA1', '2026-02-11', { kind: 'dispute', reason: 'price' })(t)))).toEqual([
    'reminder1 for 300.00 (FA2): sent', 'FA1 (€1,000.00, due on 4 February 2026) is not chased: it has been disputed since 11 February 2026.',
  ]);
  const decision = { outcome: 'partly', amount: 200_00n, note: null, on: day('2026-02-19') } as const;
  expect(await on('2026-02-19', async (t) => {
    for (const dispute of disputes) must(await decideDispute(t, dispute, { decision, by: byOn('2026-02-19') }));
  })).toEqual(['reminder2 for 1100.00 (FA1, FA2): sent']);
  const waits = (open: string): string[] => [
    `FA1 (€${open}, due on 4 February 2026) waits: step 2 was done on 19 February 2026; step 4 of FA2, with which it is chased, comes on 6 March 2026.`,
    'FA2 (€300.00, due on 4 February 2026) waits: step 3 was done on 19 February 2026; step 4 comes on 6 March 2026.',
  ];
  expect(await on('2026-02-20')).toEqual(waits('1,000.00'));
  expect(await on('2026-02-24', (t) => pay(t, 'FA1', { cents: 200_00, on: '2026-02-24', kind: 'creditNote' }))).toEqual(waits('800.00'));
  expect(await on('2026-03-06')).toEqual(['reminder3 for 1100.00 (FA1, FA2): sent']);
});

test('a plan in two instalments: the first is paid, the second is not; once its grace is over the plan covers nothing, and the reminder is firmer', async () => {
  const { organisation, on } = await story([{ piece: 'FA1', on: '2026-01-05', debit: '900,00' }]);
  const planned = (open: string, due: string): string[] => [`FA1 (€${open}, due on 4 February 2026) is not chased: a payment plan covers it by ${due}, with 2 working days of grace.`];
  expect(await on('2026-02-11')).toEqual(['reminder1 for 900.00 (FA1): sent']);
  expect(await on('2026-02-16', async (t) => {
    const { itemId, customerId } = await itemOf(t, 'FA1');
    const instalments = [{ dueOn: day('2026-02-27'), minor: 300_00n }, { dueOn: day('2026-03-31'), minor: 600_00n }];
    must(await addPlan(t, { customerId, items: [itemId], from: day('2026-02-16'), acceptedBy: 'M. Roux', note: null, instalments }, byOn('2026-02-16')));
  })).toEqual(planned('900.00', '27 February 2026'));
  expect(await on('2026-02-27', (t) => pay(t, 'FA1', { cents: 300_00, on: '2026-02-27' }))).toEqual(planned('600.00', '31 March 2026'));
  expect(await on('2026-04-02')).toEqual(planned('600.00', '31 March 2026'));
  expect(await on('2026-04-03')).toEqual(['reminder2, firmer, for 600.00 (FA1): sent']);
  expect(await db.database.inTenant(organisation, holdLines)).toEqual([expect.stringMatching(/^plan - defaulted/)]);
  expect(await brokenOf(db.database, organisation)).toEqual([]);
});

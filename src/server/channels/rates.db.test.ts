import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { noteContact } from '#server/channels/contact-log.ts';
import { listActions } from '#server/dunning/actions.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import { manualClock } from '#server/plumbing/clock.ts';
import { clockAt } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { plantInSql } from '#server/testing/mutant.ts';
import { approveOn, chaseItemByItem, debtors, givenDebtors, postOffice, runOn, sendAt, setDunning, setSending, statesOf } from '#server/testing/outbox.ts';
import { testGuard } from '#server/testing/guard.ts';
import { claimBatch } from './claim-batch.ts';
import { claimIn } from './postgres-ledger.ts';
import type { SendOptions } from './send.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const RATES = { perHour: 60, perDay: 150, perDomainHour: 24, perDomainDay: 1000 };
const minute = (at: number): string => new Date(Date.parse('2026-03-02T08:00:00.000Z') + at * 60_000).toISOString();

async function givenOutbox(count: number, domain?: (index: number) => string): Promise<OrganisationId> {
  const organisation = await givenDebtors(db.database, debtors(count, domain));
  await setSending(db.database, organisation, { rates: RATES });
  await runOn(db.database, organisation, '2026-03-02');
  await approveOn(db.database, organisation, '2026-03-02');
  return organisation;
}

test('an hour is spread over its parts: what two workers send at any five minutes, any hour and any day stays below', async () => {
  const organisation = await givenOutbox(100);
  const post = postOffice();
  const carriers = { mail: post.carrier, letter: null };
  const sent: number[] = [];
  for (let at = 0; at < 70; at += 5) {
    const both = await Promise.all([sendAt(db.database, organisation, { at: minute(at), carriers }), sendAt(db.database, organisation, { at: minute(at), carriers })]);
    sent.push(both.reduce((sum, one) => sum + one.sent, 0));
  }
  // A twelfth of sixty in each five minutes, never more, and none lost.
  expect(sent).toEqual(Array.from({ length: 14 }, () => 5));
});

test('one recipient domain has its own part; the others do not wait for it', async () => {
  const organisation = await givenOutbox(8, (index) => (index < 6 ? 'Grand-Groupe.example' : `d${index}.example`));
  const post = postOffice();
  expect(await sendAt(db.database, organisation, { at: minute(0), carriers: { mail: post.carrier, letter: null } })).toMatchObject({ sent: 4, waiting: 4 });
  expect(post.taken.filter((mail) => mail.to.endsWith('@grand-groupe.example') || mail.to.endsWith('@Grand-Groupe.example'))).toHaveLength(2);
});

test('C3: after an outage one contact for each debtor a day, no burst above the hour; forgetting when it was approved, several', async () => {
  const afterOutage = async (): Promise<{ most: number; first: number }> => {
    const customers = Array.from({ length: 10 }, (_, index) => ({
      code: `C${index}`, email: `compta@c${index}.example`,
      invoices: [{ piece: `A${index}`, on: '2026-01-05', debit: '120,00' }, { piece: `B${index}`, on: '2026-01-06', debit: '80,00' }],
    }));
    const organisation = await givenDebtors(db.database, customers);
    await chaseItemByItem(db.database, organisation);
    await setDunning(db.database, organisation, { contactCap: { contacts: 10, windowDays: 7 } });
    await setSending(db.database, organisation, { rates: { ...RATES, perDay: 1000 } });
    await runOn(db.database, organisation, '2026-03-02');
    await approveOn(db.database, organisation, '2026-03-02');
    const post = postOffice();
    const sent: number[] = [];
    // The server was away for two days.
    for (let at = 2 * 24 * 60; at < 2 * 24 * 60 + 60; at += 5) sent.push((await sendAt(db.database, organisation, { at: minute(at), carriers: { mail: post.carrier, letter: null } })).sent);
    const byDebtor = Map.groupBy(post.taken, (mail) => String(mail.to));
    return { most: Math.max(...[...byDebtor.values()].map((mails) => mails.length)), first: Math.max(...sent) };
  };
  expect(await afterOutage()).toEqual({ most: 1, first: 5 });
  const bug = plantInSql(db.database, [{ from: 'a.test, a.approved_on, a.approvals_needed', to: 'a.test, null::date as approved_on, a.approvals_needed' }, { from: 'coalesce(n.approved_on < n.on, false)', to: 'false' }]);
  try {
    expect((await afterOutage()).most).toBe(2);
  } finally {
    bug.remove();
  }
});

test('an approval that became old is looked at again: it leaves on today’s facts, or ends with its reason', async () => {
  const organisation = await givenDebtors(db.database, [{ code: 'C1', email: 'compta@alpha.example' }, { code: 'C2', email: 'compta@beta.example' }]);
  await runOn(db.database, organisation, '2026-03-02');
  await approveOn(db.database, organisation, '2026-03-02');
  await db.database.inTenant(organisation, (t) => t.run(t.sql`
    ${t.update('contact', 'k')} set refused_channels = '{email}' where ${t.own('k')} and k.email = 'compta@beta.example'`));
  const post = postOffice();
  expect(await sendAt(db.database, organisation, { at: '2026-03-16', carriers: { mail: post.carrier, letter: null } })).toMatchObject({ sent: 1, cancelled: [], expired: [{ reason: 'changed' }] });
  expect(await statesOf(db.database, organisation)).toEqual(['C1 sent', 'C2 expired changed']);
  const [sent] = await db.database.inTenant(organisation, (t) => listActions(t, { state: 'sent' }));
  expect(sent).toMatchObject({ today: '2026-03-16', sent_on: '2026-03-16' });
  const events = await db.database.inTenant(organisation, (t) => t.rows<{ kind: string }>(t.sql`select e.kind from ${t.from('event')} e where e.kind = 'action.redated'`));
  expect(events).toHaveLength(1);
  // What expired is proposed anew, in the way that is possible now.
  expect(await runOn(db.database, organisation, '2026-03-16')).toHaveLength(1);
});

/** C1: messages that two workers let go at the same moment to a customer with room for one more contact. */
async function racedTo(): Promise<number> {
  const invoices = [{ piece: 'A', on: '2026-01-05', debit: '120,00' }, { piece: 'B', on: '2026-01-06', debit: '80,00' }];
  const organisation = await givenDebtors(db.database, [{ code: 'C1', email: 'compta@alpha.example', invoices }]);
  await chaseItemByItem(db.database, organisation);
  await runOn(db.database, organisation, '2026-03-02');
  const [first, second] = await approveOn(db.database, organisation, '2026-03-02');
  if (first === undefined || second === undefined) throw new Error('two actions were expected');
  const by = { clock: clockAt('2026-03-02'), actor: 'user:1' };
  await db.database.inTenant(organisation, async (t) => {
    const [row] = await listActions(t);
    for (const channel of ['call', 'letter'] as const) await noteContact(t, { customer: row?.customer_id as never, channel, on: day('2026-03-01'), note: null }, { by, today: day('2026-03-02') });
  });
  const clock = manualClock('2026-03-02T08:00:00.000Z');
  const options: SendOptions = {
    organisation, today: day('2026-03-02'), clock, actor: 'test', worker: { id: '1', isAlive: async () => true, leave: async () => undefined }, letters: must(await openLetterMaker()),
    carriers: { mail: postOffice().carrier, letter: null }, sender: { from: 'relances@duval.example', instance: 'test' }, guard: testGuard(db.database),
  };
  let other: Promise<number> = Promise.resolve(0);
  const mine = await db.database.inTenant(organisation, async (t) => {
    const claimed = await claimBatch(claimIn(t), options, [first]);
    // The other worker claims while this one has not committed.
    other = db.database.inTenant(organisation, async (u) => (await claimBatch(claimIn(u), options, [second])).claimed.length);
    await new Promise((resolve) => setTimeout(resolve, 400));
    return claimed.claimed.length;
  });
  return mine + (await other);
}

test('C1: two workers race for the last contact of a budget that calls and letters by hand used too: one wins; without the lock both do', async () => {
  expect(await racedTo()).toBe(1);
  const bug = plantInSql(db.database, [
    { from: 'order by c.customer_id for update', to: 'order by c.customer_id' }, { from: 'order by i.item_id for update', to: 'order by i.item_id' },
  ]);
  try {
    expect(await racedTo()).toBe(2);
  } finally {
    bug.remove();
  }
});

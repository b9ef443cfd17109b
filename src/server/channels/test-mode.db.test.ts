import { afterAll, beforeAll, expect, test } from 'vitest';
import { simpleParser } from 'mailparser';
import type { OrganisationId } from '#core/kernel/id.ts';
import { verify } from '#server/audit/verify.ts';
import { changeSending } from '#server/dunning/change-sending.ts';
import { sendingSettingsSchema } from '#server/dunning/sending-settings.ts';
import { clockAt } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { approveOn, givenDebtors, postOffice, runOn, sendAt, setDunning, statesOf } from '#server/testing/outbox.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const by = { clock: clockAt('2026-03-02'), actor: 'user:1' };
const TESTER = 'essais@ateliers-duval.test';
const turn = (organisation: OrganisationId, testAddress: string | null): Promise<unknown> =>
  db.database.inTenant(organisation, (t) => changeSending(t, { ...sendingSettingsSchema.parse({}), testAddress }, by));

const CUSTOMERS = [{ code: 'C1', email: 'compta@alpha.example' }, { code: 'C2', email: 'compta@beta.example' }, { code: 'C3', email: null }];

const counted = async (organisation: OrganisationId): Promise<unknown> => db.database.inTenant(organisation, (t) => t.one(t.sql`
  select (select count(*)::int from ${t.from('action')} a where a.sent_on is not null) as sent,
    (select count(*)::int from ${t.from('contact')} k where k.bounced_at is not null) as bounced, (select count(*)::int from ${t.from('bounce')} b) as bounces`));

const verified = async (organisation: OrganisationId): Promise<void> => {
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
};

test('transcript: in test mode everything goes to one address, marked; nothing is credited; once left, the customers get it for real', async () => {
  const organisation = await givenDebtors(db.database, CUSTOMERS);
  await setDunning(db.database, organisation, { contactCap: { contacts: 1, windowDays: 30 } });
  await turn(organisation, TESTER);
  const post = postOffice();
  const letters: { name: string }[] = [];
  const carriers = { mail: post.carrier, letter: async (letter: { name: string }) => `printed ${letters.push(letter)}` };

  await runOn(db.database, organisation, '2026-03-02');
  await approveOn(db.database, organisation, '2026-03-02');
  expect(await sendAt(db.database, organisation, { at: '2026-03-02', carriers })).toMatchObject({ sent: 0, unknown: 0, failed: 0 });
  expect(new Set(post.taken.map((mail) => String(mail.to)))).toEqual(new Set([TESTER]));
  const read = await Promise.all(post.taken.map((mail) => simpleParser(Buffer.from(mail.bytes))));
  expect(read.map((mail) => mail.subject?.split(']')[0] ?? '').toSorted()).toEqual(['[TEST → compta@alpha.example', '[TEST → compta@beta.example']);
  for (const mail of read) {
    expect(mail.text?.split('\n')[0]).toMatch(/^TEST .* compta@(?:alpha|beta)\.example/);
    expect(String(mail.html).slice(0, 2000)).toMatch(/TEST .* compta@(?:alpha|beta)\.example/);
  }
  expect(letters).toHaveLength(1);
  for (const { name } of letters) expect(name).toMatch(/^TEST-/);
  expect(await counted(organisation)).toEqual({ sent: 0, bounced: 0, bounces: 0 });
  expect(await statesOf(db.database, organisation)).toContain('C1 cancelled testSent');
  await verified(organisation);

  // The cap of one contact in thirty days was not used, and the step is proposed again.
  expect((await runOn(db.database, organisation, '2026-03-03')).length).toBeGreaterThanOrEqual(2);
  await approveOn(db.database, organisation, '2026-03-03');
  await turn(organisation, null);
  post.taken.length = 0;
  expect(await sendAt(db.database, organisation, { at: '2026-03-03', carriers })).toMatchObject({ sent: 0, tested: 0 });
  expect(post.taken).toEqual([]);
  expect(await statesOf(db.database, organisation)).toContain('C1 cancelled testModeLeft');

  await runOn(db.database, organisation, '2026-03-04');
  await approveOn(db.database, organisation, '2026-03-04');
  expect(await sendAt(db.database, organisation, { at: '2026-03-04', carriers: { ...carriers, letter: null } })).toMatchObject({ sent: 2, tested: 0 });
  expect(post.taken.map((mail) => String(mail.to)).toSorted()).toEqual(['compta@alpha.example', 'compta@beta.example']);
  await verified(organisation);
});

test('what was approved before goes to the test address too; what an earlier try had composed for the customer waits', async () => {
  const organisation = await givenDebtors(db.database, CUSTOMERS.slice(0, 2));
  await runOn(db.database, organisation, '2026-03-02');
  await approveOn(db.database, organisation, '2026-03-02');
  const busy = postOffice(() => ({ kind: 'refused', permanent: false, stage: 'message', response: '451 later' }));
  await sendAt(db.database, organisation, { at: '2026-03-02', carriers: { mail: busy.carrier, letter: null }, max: 1 });
  expect(busy.taken).toHaveLength(1);
  await turn(organisation, TESTER);
  // Long enough after for the try that was refused.
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('action', 'a')} set state_at = now() - interval '2 days' where ${t.own('a')}`));
  const post = postOffice();
  expect(await sendAt(db.database, organisation, { at: '2026-03-03', carriers: { mail: post.carrier, letter: null } })).toMatchObject({ sent: 0, tested: 1, waiting: 1 });
  expect(post.taken.map((mail) => String(mail.to))).toEqual([TESTER]);
  await verified(organisation);
});

test('a test that is refused, lost or bounces says nothing of the customer', async () => {
  const organisation = await givenDebtors(db.database, CUSTOMERS.slice(0, 2));
  await turn(organisation, TESTER);
  await runOn(db.database, organisation, '2026-03-02');
  await approveOn(db.database, organisation, '2026-03-02');
  let asked = 0;
  const post = postOffice(() => {
    asked += 1;
    return asked === 1 ? { kind: 'refused', permanent: true, stage: 'message', response: '550 5.1.1 no such user' } : { kind: 'unknown', detail: 'connection lost' };
  });
  expect(await sendAt(db.database, organisation, { at: '2026-03-02', carriers: { mail: post.carrier, letter: null } })).toMatchObject({ sent: 0, unknown: 0, failed: 1, tested: 1 });
  expect(await counted(organisation)).toEqual({ sent: 0, bounced: 0, bounces: 0 });
  expect((await statesOf(db.database, organisation)).map((state) => state.split(' ')[1] ?? '').toSorted()).toEqual(['cancelled', 'failed']);
  await verified(organisation);
});

test('the database itself refuses that a test counts as sent', async () => {
  const organisation = await givenDebtors(db.database, CUSTOMERS.slice(0, 1));
  await turn(organisation, TESTER);
  await runOn(db.database, organisation, '2026-03-02');
  const mark = (change: 'state' | 'day'): Promise<unknown> => db.database.inTenant(organisation, (t) => t.run(change === 'state'
    ? t.sql`${t.update('action', 'a')} set state = 'sent' where ${t.own('a')}` : t.sql`${t.update('action', 'a')} set sent_on = '2026-03-02' where ${t.own('a')}`));
  await expect(mark('state')).rejects.toThrow(/action_test_reaches_nobody/);
  await expect(mark('day')).rejects.toThrow(/action_test_reaches_nobody/);
});

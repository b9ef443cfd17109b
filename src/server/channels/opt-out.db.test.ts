import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { ContactId, CustomerId, OrganisationId } from '#core/kernel/id.ts';
import { clockAt } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { plantInSql } from '#server/testing/mutant.ts';
import { approveOn, givenDebtors, postOffice, runOn, sendAt, setDunning, statesOf } from '#server/testing/outbox.ts';
import { testWeb } from '#server/testing/web.ts';
import { refuseChannels } from './contact-log.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const by = { clock: clockAt('2026-03-02'), actor: 'user:1' };
const CUSTOMERS = [{ code: 'C1', email: 'compta@alpha.example' }, { code: 'C2', email: 'compta@beta.example' }];

type Who = { contact_id: ContactId; customer_id: CustomerId };
const contactOf = async (organisation: OrganisationId, email: string): Promise<Who> => {
  const row = await db.database.inTenant(organisation, (t) => t.one<Who>(t.sql`select k.contact_id, k.customer_id from ${t.from('contact')} k where k.email = ${email}`));
  if (row === null) throw new Error('no contact');
  return row;
};

async function givenApproved(): Promise<OrganisationId> {
  const organisation = await givenDebtors(db.database, CUSTOMERS);
  await runOn(db.database, organisation, '2026-03-02');
  await approveOn(db.database, organisation, '2026-03-02');
  return organisation;
}

/** C5: where e-mails go after a contact refused them between approval and hand-off. */
async function sentAfterRefusal(): Promise<string[]> {
  const organisation = await givenApproved();
  const { contact_id: contact, customer_id: customer } = await contactOf(organisation, 'compta@alpha.example');
  await db.database.inTenant(organisation, (t) => refuseChannels(t, { customer, contact, channels: ['email'], by }));
  const post = postOffice();
  await sendAt(db.database, organisation, { at: '2026-03-02', carriers: { mail: post.carrier, letter: null } });
  return post.taken.map((mail) => String(mail.to));
}

test('C5: a refusal holds for what was approved before it; not read at the claim, it would be late', async () => {
  expect(await sentAfterRefusal()).toEqual(['compta@beta.example']);
  const bug = plantInSql(db.database, [{ from: 'else k.refused_channels end as refused_channels', to: `else '{}'::text[] end as refused_channels` }]);
  try {
    expect((await sentAfterRefusal()).toSorted()).toEqual(['compta@alpha.example', 'compta@beta.example']);
  } finally {
    bug.remove();
  }
});

test('a refusal is of the mailbox: another contact with the same address, written otherwise, refuses too, and one removed keeps it', async () => {
  const organisation = await givenDebtors(db.database, [{ code: 'C1', email: 'compta@alpha.example' }, { code: 'C2', email: 'compta@beta.example' }]);
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('contact', 'k')} set email = 'COMPTA@Alpha.example' where ${t.own('k')} and k.email = 'compta@beta.example'`));
  const { contact_id: contact, customer_id: customer } = await contactOf(organisation, 'compta@alpha.example');
  await db.database.inTenant(organisation, (t) => refuseChannels(t, { customer, contact, channels: ['email'], by }));
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('contact', 'k')} set removed_at = now() where ${t.own('k')} and k.contact_id = ${contact}::bigint`));
  await runOn(db.database, organisation, '2026-03-02');
  await approveOn(db.database, organisation, '2026-03-02');
  const post = postOffice();
  await sendAt(db.database, organisation, { at: '2026-03-02', carriers: { mail: post.carrier, letter: null } });
  expect(post.taken).toEqual([]);
});

test('nothing is refused or changed by GET', async () => {
  const organisation = await givenApproved();
  const web = await testWeb(db);
  const cookie = await web.signedIn(organisation, 'owner');
  const { contact_id: contact, customer_id: customer } = await contactOf(organisation, 'compta@alpha.example');
  const refusals = `/api/customers/${customer}/contacts/${contact}/refusals`;
  const refused = async (): Promise<unknown> => db.database.inTenant(organisation, (t) => t.one(t.sql`select k.refused_channels from ${t.from('contact')} k where k.contact_id = ${contact}::bigint`));
  for (const url of [refusals, `${refusals}?channels=email`, '/api/sending/resume', '/api/bounces/lift', `/api/customers/${customer}/contacts-made`]) {
    expect((await web.ask('GET', url, { cookie })).statusCode).toBe(404);
  }
  expect(await refused()).toEqual({ refused_channels: [] });
  expect((await web.ask('PUT', refusals, { cookie, body: { channels: ['email', 'call'] } })).statusCode).toBe(200);
  expect(await refused()).toEqual({ refused_channels: expect.arrayContaining(['email', 'call']) as unknown });
  const reader = await web.signedIn(organisation, 'reader');
  expect((await web.ask('PUT', refusals, { cookie: reader, body: { channels: [] } })).statusCode).toBe(403);
  await web.app.close();
});

test('the global stop holds at the claim: nothing leaves, nothing is lost, and it goes on once the stop is taken back', async () => {
  const organisation = await givenApproved();
  await setDunning(db.database, organisation, { globalStop: true });
  const post = postOffice();
  const carriers = { mail: post.carrier, letter: null };
  expect(await sendAt(db.database, organisation, { at: '2026-03-02', carriers })).toMatchObject({ sent: 0, waiting: 2, cancelled: [], stopped: 'globalStop' });
  expect(await statesOf(db.database, organisation)).toEqual(['C1 approved', 'C2 approved']);
  await setDunning(db.database, organisation, { globalStop: false });
  expect(await sendAt(db.database, organisation, { at: '2026-03-02', carriers })).toMatchObject({ sent: 2, stopped: null });
});

test('quiet hours: what is approved at night leaves in the morning; a day set by hand has no hours', async () => {
  const organisation = await givenApproved();
  const post = postOffice();
  const carriers = { mail: post.carrier, letter: null };
  for (const at of ['2026-03-02T05:30:00.000Z', '2026-03-02T18:30:00.000Z', '2026-03-03T02:00:00.000Z']) {
    expect(await sendAt(db.database, organisation, { at, carriers })).toMatchObject({ sent: 0, waiting: 2 });
  }
  expect(await sendAt(db.database, organisation, { at: '2026-03-03T08:30:00.000Z', carriers })).toMatchObject({ sent: 2 });
  const another = await givenApproved();
  const night = clockAt('2026-05-05');
  night.set('2026-05-05T01:00:00.000Z');
  expect(await sendAt(db.database, another, { at: '2026-03-02', carriers, clock: { now: () => night.now(), today: () => day('2026-03-02') } })).toMatchObject({ sent: 2 });
});

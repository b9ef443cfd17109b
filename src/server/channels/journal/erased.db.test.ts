import { afterEach, beforeEach, expect, test } from 'vitest';
import { memoryJournal } from '#core/channels/memory-journal.ts';
import { day } from '#core/kernel/day.ts';
import type { ContactId, CustomerId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { eraseContact } from '#server/evidence/erase-contact.ts';
import { eraseDue } from '#server/evidence/erase-messages.ts';
import { createLog } from '#server/plumbing/log.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt } from '#server/testing/given.ts';
import { approveOn, debtors, givenDebtors, postOffice, runOn, sendAt, setSending } from '#server/testing/outbox.ts';
import { SendGuard } from './guard.ts';

// A message whose bytes were erased stands in the journal for ever: the database knows it still.

const TODAY = '2026-03-02';
const LONG_AFTER = '2028-06-01';
let db: TestDatabase;
let journal: ReturnType<typeof memoryJournal>;
beforeEach(async () => {
  db = await testDatabase();
  journal = memoryJournal();
});
afterEach(() => db.drop());

/** A process that starts: it reads the whole journal. */
const guardOf = (): SendGuard => new SendGuard({ journal: memoryJournal(journal.lines), log: createLog('silent') });
type Answer = Parameters<typeof postOffice>[0];
const taken: Answer = () => ({ kind: 'accepted', response: '250 ok' });
const refused: Answer = () => ({ kind: 'refused', permanent: true, stage: 'session', response: '550 no' });

async function sentBy(organisation: OrganisationId, answer: Answer): Promise<void> {
  await runOn(db.database, organisation, TODAY);
  await approveOn(db.database, organisation, TODAY);
  const { sent, failed, tested } = await sendAt(db.database, organisation, { at: TODAY, guard: guardOf(), carriers: { mail: postOffice(answer).carrier, letter: null } });
  expect(sent + failed + tested).toBe(1);
}

/** Erases the contacts of an organisation; gives how many of its messages have no bytes any more. */
async function erase(organisation: OrganisationId): Promise<number> {
  return db.database.inTenant(organisation, async (t) => {
    const contacts = await t.rows<{ customer: CustomerId; contact: ContactId }>(t.sql`select k.customer_id as customer, k.contact_id as contact from ${t.from('contact')} k where k.erased_at is null order by k.contact_id`);
    for (const of of contacts) must(await eraseContact(t, { ...of, reason: 'demande', today: day(TODAY), by: { clock: clockAt(TODAY), actor: 'user:1' } }));
    return (await t.rows(t.sql`select from ${t.from('message')} m where m.erased_at is not null`)).length;
  });
}

test.each([['a test message', { testAddress: 'essai@duval.example' }, taken], ['a refused message', {}, refused]] as const)('%s whose contact is erased is known still, and another organisation goes on sending', async (_name, sending, answer) => {
  const [organisation, other] = [await givenDebtors(db.database, debtors(1, () => 'un.example')), await givenDebtors(db.database, debtors(1, () => 'deux.example'))];
  await setSending(db.database, organisation, sending);
  await sentBy(organisation, answer);
  expect(await erase(organisation)).toBe(1);
  expect(await guardOf().check(db.database, clockAt(TODAY).now())).toBeNull();
  await sentBy(other, taken);
});

test('a reminder that is no evidence any more is erased by itself, and is known still', async () => {
  const organisation = await givenDebtors(db.database, debtors(1));
  await sentBy(organisation, taken);
  await erase(organisation);
  const owner = await db.owner();
  await owner.query(`update customer set kind = 'consumer' where organisation_id = $1`, [organisation]);
  await owner.query(`update item set allocated = amount where organisation_id = $1 and side = 'debit'`, [organisation]);
  await owner.end();
  const later = clockAt(LONG_AFTER);
  expect(await db.database.inTenant(organisation, (t) => eraseDue(t, { today: day(LONG_AFTER), by: { clock: later, actor: 'system:worker' } }))).toBe(1);
  expect(await guardOf().check(db.database, later.now())).toBeNull();
});

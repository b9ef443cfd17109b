import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ActionPage, ActionsApproved } from '#core/api/actions.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import { verify } from '#server/audit/verify.ts';
import { clockAt } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { approveOn, givenDebtors, postOffice, runOn, sendAt, setSending } from '#server/testing/outbox.ts';
import { testWeb } from '#server/testing/web.ts';
import { listActions, resolveUnknown, unapprove } from './actions.ts';
import { approvalSentence, approveActions } from './approvals.ts';
import { changeSending } from './change-sending.ts';
import { sendingSettingsSchema } from './sending-settings.ts';
import { day } from '#core/kernel/day.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const CUSTOMERS = [{ code: 'C1', email: 'compta@alpha.example' }, { code: 'C2', email: 'compta@beta.example' }];
const person = (id: number): { clock: ReturnType<typeof clockAt>; actor: string } => ({ clock: clockAt('2026-03-02'), actor: `user:${id}` });

/** Two proposed actions, the first of them a formal notice; two persons wanted for it. */
async function givenNotice(fourEyes = true): Promise<{ organisation: OrganisationId; notice: ActionId; reminder: ActionId }> {
  const organisation = await givenDebtors(db.database, CUSTOMERS);
  await setSending(db.database, organisation, { fourEyes });
  const [reminder, notice] = (await runOn(db.database, organisation, '2026-03-02')).toSorted((a, b) => Number(a) - Number(b));
  if (notice === undefined || reminder === undefined) throw new Error('two actions were expected');
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('action', 'a')} set formal_notice = true where ${t.own('a')} and a.action_id = ${notice}::bigint`));
  return { organisation, notice, reminder };
}

const approveBy = (organisation: OrganisationId, ids: readonly ActionId[] | 'all', by: ReturnType<typeof person>): ReturnType<typeof approveActions> =>
  db.database.inTenant(organisation, (t) => approveActions(t, ids, by));
const stateOf = async (organisation: OrganisationId, id: ActionId): Promise<unknown> => {
  const [row] = await db.database.inTenant(organisation, (t) => listActions(t, { id }));
  return [row?.state, row?.first_approved_by];
};

test('a formal notice needs two different persons; everything else needs one', async () => {
  const { organisation, notice, reminder } = await givenNotice();
  expect(await approveBy(organisation, 'all', person(1))).toEqual({ approved: [reminder], once: [notice], samePerson: [], nobody: [], tasks: [] });
  expect(await stateOf(organisation, notice)).toEqual(['proposed', 'user:1']);
  const again = await approveBy(organisation, [notice], person(1));
  expect(again).toEqual({ approved: [], once: [], samePerson: [notice], nobody: [], tasks: [] });
  expect(approvalSentence(again)).toMatchObject({ fr: expect.stringMatching(/seconde personne/) as string, en: expect.stringMatching(/second person/) as string });
  expect(await approveBy(organisation, [notice], { ...person(1), actor: 'cli:root' })).toMatchObject({ approved: [], nobody: [notice] });
  expect(await approveBy(organisation, 'all', person(2))).toEqual({ approved: [notice], once: [], samePerson: [], nobody: [], tasks: [] });
  const events = await db.database.inTenant(organisation, (t) => t.rows<{ kind: string; actor: string }>(t.sql`
    select e.kind, e.actor from ${t.from('event')} e where e.kind like 'action.approved%' order by e.seq`));
  expect(events).toEqual([{ kind: 'action.approvedOnce', actor: 'user:1' }, { kind: 'action.approved', actor: 'user:1' }, { kind: 'action.approved', actor: 'user:2' }]);
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
});

test('an approval taken back takes both back', async () => {
  const { organisation, notice } = await givenNotice();
  for (const id of [1, 2]) await approveBy(organisation, [notice], person(id));
  await db.database.inTenant(organisation, (t) => unapprove(t, [notice], person(3)));
  expect(await stateOf(organisation, notice)).toEqual(['proposed', null]);
  expect(await approveBy(organisation, [notice], person(2))).toMatchObject({ approved: [], once: [notice] });
});

test('one takes back the first approval that is one’s own, and nobody else’s', async () => {
  const { organisation, notice } = await givenNotice();
  await approveBy(organisation, [notice], person(1));
  const back = (id: number): Promise<ActionId[]> => db.database.inTenant(organisation, (t) => unapprove(t, [notice], person(id)));
  expect(await back(2)).toEqual([]);
  expect(await stateOf(organisation, notice)).toEqual(['proposed', 'user:1']);
  expect(await back(1)).toEqual([notice]);
  expect(await stateOf(organisation, notice)).toEqual(['proposed', null]);
});

test('"all" leaves tasks to the person who does them; what two must approve is no exception', async () => {
  const { organisation, notice, reminder } = await givenNotice();
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('action', 'a')} set channel = 'call', approvals_needed = case when a.formal_notice then 2 else 1 end where ${t.own('a')}`));
  expect(await approveBy(organisation, 'all', person(1))).toEqual({ approved: [], once: [notice], samePerson: [], nobody: [], tasks: [reminder] });
  expect(await stateOf(organisation, reminder)).toEqual(['proposed', null]);
});

test('the database refuses an action that one person approved twice', async () => {
  const { organisation, notice } = await givenNotice();
  await approveBy(organisation, [notice], person(1));
  await expect(db.database.inTenant(organisation, (t) => t.run(t.sql`
    ${t.update('action', 'a')} set state = 'approved', approved_by = 'user:1' where ${t.own('a')} and a.action_id = ${notice}::bigint`))).rejects.toThrow(/action_two_persons/);
});

test('asking for two persons later sends what one approved back for the second, who is not the first', async () => {
  const { organisation, notice, reminder } = await givenNotice(false);
  await approveBy(organisation, 'all', person(1));
  const settings = { ...sendingSettingsSchema.parse({}), fourEyes: true };
  expect(await db.database.inTenant(organisation, (t) => changeSending(t, settings, person(3)))).toEqual({ cancelledTests: 0, backForApproval: 1 });
  expect(await stateOf(organisation, notice)).toEqual(['proposed', 'user:1']);
  expect(await stateOf(organisation, reminder)).toEqual(['approved', null]);
  expect(await approveBy(organisation, [notice], person(1))).toMatchObject({ approved: [], samePerson: [notice] });
  expect(await approveBy(organisation, [notice], person(2))).toMatchObject({ approved: [notice] });
});

test('were the setting changed behind the scenes, the claim still waits for the second person', async () => {
  const { organisation } = await givenNotice(false);
  await approveOn(db.database, organisation, '2026-03-02');
  await setSending(db.database, organisation, { fourEyes: true });
  const post = postOffice();
  expect(await sendAt(db.database, organisation, { at: '2026-03-02', carriers: { mail: post.carrier, letter: null } })).toMatchObject({ sent: 1, waiting: 1 });
});

test('a notice whose end is unknown, and that a person sends again, keeps its two approvals', async () => {
  const { organisation, notice } = await givenNotice();
  for (const id of [1, 2]) await approveBy(organisation, [notice], person(id));
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('action', 'a')} set state = 'unknown' where ${t.own('a')} and a.action_id = ${notice}::bigint`));
  expect(await db.database.inTenant(organisation, (t) => resolveUnknown(t, notice, { arrived: false, today: day('2026-03-03'), by: person(1) }))).toEqual({ settled: true });
  expect(await stateOf(organisation, notice)).toEqual(['approved', 'user:1']);
});

test('over the API: noted once with the name, refused twice by the same person with a sentence, approved by the other', async () => {
  const { organisation, notice, reminder } = await givenNotice();
  const web = await testWeb(db);
  const [first, second] = [await web.signedIn(organisation, 'collector'), await web.signedIn(organisation, 'collector')];
  const ask = (cookie: string, ids: unknown): ReturnType<typeof web.ask> => web.ask('POST', '/api/actions/approve', { cookie, body: { ids } });
  const once = await ask(first, 'all');
  expect(once.json<ActionsApproved>()).toMatchObject({ ids: [reminder], once: [notice], message: { fr: expect.stringMatching(/Première approbation/) as string } });
  const list = (await web.ask('GET', '/api/actions?state=proposed', { cookie: first })).json<ActionPage>();
  expect(list.rows).toMatchObject([{ id: notice, approvalsNeeded: 2, approvedOnceBy: 'Testeuse', approvedOnceByMe: true }]);
  const twice = await ask(first, [notice]);
  expect([twice.statusCode, twice.json<{ code: string }>().code]).toEqual([409, 'actions.samePerson']);
  expect((await ask(second, [notice])).json<ActionsApproved>()).toMatchObject({ ids: [notice], message: null });
  await web.app.close();
});

import { afterAll, beforeEach, expect, test } from 'vitest';
import { memoryJournal } from '#core/channels/memory-journal.ts';
import type { JournalLine, JournalPlace } from '#core/channels/journal-lines.ts';
import type { SendJournal } from '#core/channels/send-journal.ts';
import { day } from '#core/kernel/day.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { verify } from '#server/audit/verify.ts';
import { claimBatch } from '#server/channels/claim-batch.ts';
import { claimIn } from '#server/channels/postgres-ledger.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { approve, listActions } from '#server/dunning/actions.ts';
import { createLog } from '#server/plumbing/log.ts';
import { backUp } from '#server/testing/copied-database.ts';
import type { Backup } from '#server/testing/copied-database.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt } from '#server/testing/given.ts';
import { approveOn, debtors, givenDebtors, NO_LETTERS, postOffice, runOn, sendAt, statesOf } from '#server/testing/outbox.ts';
import { SendGuard } from './guard.ts';
import { readInstallation } from './installation.ts';
import { reconcile } from './reconcile.ts';

const TODAY = '2026-03-02';
const by = { at: clockAt(TODAY).now(), actor: 'user:1' };
const log = createLog('silent');
const databases: TestDatabase[] = [];
const backups: Backup[] = [];
let db: TestDatabase;
let lines: JournalLine[];
beforeEach(async () => {
  db = await testDatabase();
  databases.push(db);
  lines = [];
});
afterAll(async () => {
  for (const one of databases) await one.drop();
  for (const one of backups) await one.drop();
});

/** Where a copy of the journal stands. */
const ELSEWHERE: JournalPlace = { machine: 'other', boot: null, device: '1', inode: '99' };

async function backedUp(): Promise<() => Promise<void>> {
  const backup = await backUp(db);
  backups.push(backup);
  return async () => {
    db = await backup.restore();
    databases.push(db);
  };
}

const guardOf = (journal: SendJournal = memoryJournal(lines)): SendGuard => new SendGuard({ journal, log });
async function send(organisation: OrganisationId, guard = guardOf()): Promise<string[]> {
  const post = postOffice();
  await sendAt(db.database, organisation, { at: TODAY, guard, carriers: { mail: post.carrier, letter: null } });
  return post.taken.map(({ to }) => String(to)).toSorted();
}
const verified = async (organisation: OrganisationId): Promise<void> => {
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
};
const eventsOf = async (organisation: OrganisationId, action: ActionId): Promise<string[]> =>
  (await db.database.inTenant(organisation, (t) => t.rows<{ kind: string }>(t.sql`select e.kind from ${t.from('event')} e where e.subject = ${`action:${action}`} order by e.seq`))).map(({ kind }) => kind);

/** Claims an action as a process does that is gone before it begins. */
async function claimAndDie(organisation: OrganisationId, action: ActionId): Promise<void> {
  const worker = await joinWorkers(db.database);
  await db.database.inTenant(organisation, (t) => claimBatch(claimIn(t), {
    organisation, today: day(TODAY), clock: clockAt(TODAY), actor: 'test', worker, letters: NO_LETTERS, carriers: { mail: postOffice().carrier, letter: null }, sender: { from: 'relances@duval.example', instance: 'test' },
  }, [action]));
  await worker.leave();
}

/**
 * An organisation whose first reminder left after the backup. In the backup the others stand: approved; claimed and not begun; thanks, approved; a call; a proposal; a copy of that; a
 * copy of what left.
 */
async function givenLost(): Promise<{ organisation: OrganisationId; ids: readonly ActionId[] }> {
  const organisation = await givenDebtors(db.database, debtors(8));
  await runOn(db.database, organisation, TODAY);
  const ids = (await db.database.inTenant(organisation, (t) => listActions(t))).toSorted((a, b) => (a.customer < b.customer ? -1 : 1)).map((row) => row.action_id);
  const [left, approved, claimed, thanks, call, proposed, copy, copyOfLeft] = ids as [ActionId, ActionId, ActionId, ActionId, ActionId, ActionId, ActionId, ActionId];
  const someone = { clock: clockAt(TODAY), actor: 'user:1' };
  await db.database.inTenant(organisation, async (t) => {
    await t.run(t.sql`${t.update('action', 'a')} set purpose = 'thankYou' where ${t.own('a')} and a.action_id = ${thanks}::bigint`);
    await t.run(t.sql`${t.update('action', 'a')} set channel = 'call' where ${t.own('a')} and a.action_id = ${call}::bigint`);
    await t.run(t.sql`${t.update('action', 'a')} set purpose = 'copy', copy_of = ${proposed}::bigint where ${t.own('a')} and a.action_id = ${copy}::bigint`);
    await t.run(t.sql`${t.update('action', 'a')} set purpose = 'copy', copy_of = ${left}::bigint where ${t.own('a')} and a.action_id = ${copyOfLeft}::bigint`);
    await approve(t, [approved, claimed, thanks], someone);
  });
  await claimAndDie(organisation, claimed);
  const restore = await backedUp();
  await db.database.inTenant(organisation, (t) => approve(t, [left], someone));
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('action', 'a')} set state = 'cancelled' where ${t.own('a')} and a.action_id <> ${left}::bigint`));
  expect(await send(organisation)).toEqual(['compta0@d0.example']);
  await restore();
  return { organisation, ids };
}

test.each([
  ['applied, the journal here is the proof', 'applied', () => memoryJournal(lines), 'approved'],
  ['adopted, with a copy of the journal', 'adopted', () => memoryJournal(lines, ELSEWHERE), 'proposed'],
] as const)('what was proposed without what the journal knew is no more, claims that had not begun neither, calls neither, copies of it neither; thanks stay: %s', { timeout: 60_000 }, async (...[, how, journal, thanks]) => {
  const { organisation, ids } = await givenLost();
  const guard = guardOf(journal());
  expect(await send(organisation, guard)).toEqual([]);
  expect(must(await reconcile(db.database, guard, { how, reason: 'disk lost', by }))).toMatchObject([{ sent: 1, parked: 0, waiting: 0 }]);
  expect(await statesOf(db.database, organisation)).toEqual([
    'C0000 sent sendJournal', 'C0001 cancelled changed', 'C0002 cancelled changed', `C0003 ${thanks}`, 'C0004 cancelled changed', 'C0005 cancelled changed', 'C0006 cancelled originalEnded', 'C0007 proposed',
  ]);
  const ended = await db.database.inTenant(organisation, (t) => t.one<{ dropped: number; back: number }>(t.sql`
    select (e.body::jsonb -> 'facts' ->> 'dropped')::int as dropped, (e.body::jsonb -> 'facts' ->> 'backToProposed')::int as back from ${t.from('event')} e where e.kind = ${`sending.${how}`}`));
  expect(ended).toEqual({ dropped: 5, back: how === 'adopted' ? 1 : 0 });
  expect((await eventsOf(organisation, ids[2] as ActionId)).slice(-3)).toEqual(['action.claimed', 'action.released', 'action.cancelled']);
  expect((await eventsOf(organisation, ids[3] as ActionId)).slice(-1)).toEqual([how === 'adopted' ? 'action.proposed' : 'action.approved']);
  await verified(organisation);
  expect(await send(organisation, guard)).not.toContain('compta2@d2.example');
});

test('taken over without proof, the first of two approvals given before counts no more, and each such action says so', { timeout: 60_000 }, async () => {
  const organisation = await givenDebtors(db.database, debtors(2));
  await runOn(db.database, organisation, TODAY);
  const [one, two] = (await db.database.inTenant(organisation, (t) => listActions(t, { state: 'proposed' }))).map(({ action_id: id }) => id);
  if (one === undefined || two === undefined) throw new Error('two were proposed');
  const approver = { clock: clockAt(TODAY), actor: 'user:1' };
  await db.database.inTenant(organisation, (t) => approve(t, [one], approver));
  await send(organisation);
  await db.database.inTenant(organisation, async (t) => {
    await t.run(t.sql`${t.update('action', 'a')} set approvals_needed = 2 where ${t.own('a')} and a.action_id = ${two}::bigint`);
    await approve(t, [two], approver);
  });
  const firsts = async (): Promise<unknown[]> => (await db.database.inTenant(organisation, (t) => listActions(t, { state: 'proposed' }))).map((row) => row.first_approved_by);
  expect(await firsts()).toEqual(['user:1']);
  const restore = await backedUp();
  await restore();
  const own = guardOf(memoryJournal());
  expect(await own.check(db.database, by.at)).toMatchObject({ stopped: 'frozen' });
  must(await reconcile(db.database, own, { how: 'adopted', reason: 'no journal', by }));
  expect(await firsts()).toEqual([null]);
  expect(await db.database.inTenant(organisation, (t) => t.rows(t.sql`select e.subject from ${t.from('event')} e where e.kind = 'action.firstApprovalWithdrawn'`))).toEqual([{ subject: `action:${two}` }]);
  await verified(organisation);
});

test('a claim that had not begun is asked again with what was approved, where nobody can say what left; each has its event', { timeout: 60_000 }, async () => {
  const organisation = await givenDebtors(db.database, debtors(3));
  await runOn(db.database, organisation, TODAY);
  const ids = await approveOn(db.database, organisation, TODAY);
  await sendAt(db.database, organisation, { at: TODAY, guard: guardOf(), carriers: { mail: postOffice().carrier, letter: null }, max: 1 });
  const [claimed, approved] = (await db.database.inTenant(organisation, (t) => listActions(t, { state: 'approved' }))).map((row) => row.action_id) as [ActionId, ActionId];
  expect(ids).toContain(claimed);
  await claimAndDie(organisation, claimed);
  const without = guardOf(memoryJournal());
  expect(await send(organisation, without)).toEqual([]);
  expect(must(await reconcile(db.database, without, { how: 'adopted', reason: 'journal lost', by }))).toMatchObject([{ sent: 0, backToProposed: 2 }]);
  expect((await statesOf(db.database, organisation)).map((one) => one.split(' ')[1] ?? '').toSorted()).toEqual(['proposed', 'proposed', 'sent']);
  expect((await eventsOf(organisation, claimed)).slice(-3)).toEqual(['action.claimed', 'action.released', 'action.proposed']);
  expect((await eventsOf(organisation, approved)).slice(-2)).toEqual(['action.approved', 'action.proposed']);
  expect(await send(organisation, without)).toEqual([]);
  await verified(organisation);
});

test.each([
  ['began', 'start'], ['ended', 'end'],
] as const)('another program that works with the journal meanwhile, a hand-off of which %s: nothing is written, everything stays frozen, tried again it is done', { timeout: 60_000 }, async (...[, kind]) => {
  const organisation = await givenDebtors(db.database, debtors(3));
  const restore = await backedUp();
  await runOn(db.database, organisation, TODAY);
  await approveOn(db.database, organisation, TODAY);
  expect(await send(organisation)).toHaveLength(3);
  await restore();
  // The last line of its kind is yet to come: it is written when everything was compared.
  const at = lines.findLastIndex((line) => line.k === kind);
  const [late] = lines.splice(at, 1);
  const lateEnds = kind === 'start' ? lines.splice(lines.findLastIndex((line) => line.k === 'end' && late?.k === 'start' && line.action === late.send.action), 1) : [];
  if (late === undefined) throw new Error('no such line');
  expect(await send(organisation)).toEqual([]);
  await runOn(db.database, organisation, TODAY);
  const [before, epoch] = [await statesOf(db.database, organisation), (await readInstallation(db.database)).epoch];
  const journal = memoryJournal(lines);
  const meddled: SendJournal = { ...journal, begin: (head) => {
    lines.push(late);
    return journal.begin(head);
  } };
  const refused = await reconcile(db.database, guardOf(meddled), { how: 'applied', reason: 'disk lost', by });
  expect(refused.ok ? '' : refused.error.en).toBe('Another program sent while this was reconciled: stop it, then try again.');
  expect(await statesOf(db.database, organisation)).toEqual(before);
  expect(await readInstallation(db.database)).toMatchObject({ epoch, frozen: { because: 'restored' } });
  lines.push(...lateEnds);
  expect(must(await reconcile(db.database, guardOf(), { how: 'applied', reason: 'disk lost', by }))).toMatchObject([{ sent: 3, parked: 0 }]);
  expect(await send(organisation)).toEqual([]);
  expect((await readInstallation(db.database)).frozen).toBeNull();
  await verified(organisation);
});

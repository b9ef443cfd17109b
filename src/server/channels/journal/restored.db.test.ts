import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendsOf } from '#core/channels/journal-lines.ts';
import { memoryJournal } from '#core/channels/memory-journal.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { verify } from '#server/audit/verify.ts';
import type { SendResult } from '#server/channels/send.ts';
import { listActions } from '#server/dunning/actions.ts';
import { createLog } from '#server/plumbing/log.ts';
import type { Database } from '#server/plumbing/database.ts';
import { backUp } from '#server/testing/copied-database.ts';
import type { Backup } from '#server/testing/copied-database.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, importText } from '#server/testing/given.ts';
import { approveOn, debtors, givenDebtors, postOffice, runOn, sendAt, statesOf } from '#server/testing/outbox.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { FileJournal } from './file-journal.ts';
import { SendGuard } from './guard.ts';
import { readInstallation } from './installation.ts';
import { compareNow, reconcile } from './reconcile.ts';

const TODAY = '2026-03-02';
const LATER = '2026-03-25';
const log = createLog('silent');
const by = { at: clockAt(TODAY).now(), actor: 'user:1' };
const open: TestDatabase[] = [];
const backups: Backup[] = [];
let original: TestDatabase;
beforeAll(async () => {
  original = await testDatabase();
  open.push(original);
});
afterAll(async () => {
  for (const journal of journals) await journal.close();
  for (const one of open) await one.drop();
  for (const one of backups) await one.drop();
});

const journals: FileJournal[] = [];
function guardOf(folder: string): SendGuard {
  const journal = new FileJournal(folder);
  journals.push(journal);
  return new SendGuard({ journal, log });
}
const send = (database: Database, organisation: OrganisationId, of: SendGuard | { guard: SendGuard; at: string }): Promise<SendResult & { taken: string[] }> => {
  const post = postOffice();
  const { guard, at } = of instanceof SendGuard ? { guard: of, at: TODAY } : of;
  return sendAt(database, organisation, { at, guard, carriers: { mail: post.carrier, letter: null } }).then((result) => ({ ...result, taken: post.taken.map(({ to }) => to) }));
};
const verified = async (database: Database, organisation: OrganisationId): Promise<void> => {
  expect((await database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
};
async function backedUp(of: TestDatabase): Promise<Backup> {
  const backup = await backUp(of);
  backups.push(backup);
  return backup;
}
async function restored(backup: Backup): Promise<Database> {
  const one = await backup.restore();
  open.push(one);
  return one.database;
}

test('B8: a backup taken before some sends, restored: nothing leaves, exactly those are listed; applied, none of them leaves again and the next steps follow', { timeout: 120_000 }, async () => {
  const { database } = original;
  const organisation = await givenDebtors(database, debtors(9));
  const folder = await scratchFolder();
  await runOn(database, organisation, TODAY);
  await approveOn(database, organisation, TODAY);
  expect((await sendAt(database, organisation, { at: TODAY, guard: guardOf(folder), carriers: { mail: postOffice().carrier, letter: null }, max: 3 })).sent).toBe(3);
  const backup = await backedUp(original);
  const first = await send(database, organisation, guardOf(folder));
  expect(first.sent).toBe(6);
  const [twin, naive] = [await restored(backup), await restored(backup)];

  const guard = guardOf(folder);
  const frozen = await send(twin, organisation, guard);
  expect(frozen).toMatchObject({ sent: 0, stopped: 'frozen', waiting: 6, taken: [] });
  const standing = must(await compareNow(twin, guard));
  expect(standing).toMatchObject({ because: 'restored', strangers: [] });
  expect(standing.missing.map(({ end, tries }) => [end, tries])).toEqual(Array.from({ length: 6 }, () => ['accepted', 1]));
  const before = await original.database.inTenant(organisation, (t) => listActions(t));
  const sent = new Set(before.filter(({ recipient }) => first.taken.includes(recipient ?? '')).map((row) => row.customer));
  expect(new Set(standing.missing.map(({ send: of }) => of?.customer))).toEqual(sent);

  expect(must(await reconcile(twin, guard, { how: 'applied', reason: 'disk lost', by }))).toMatchObject([{ sent: 6, parked: 0, waiting: 0, refused: 0 }]);
  expect(await send(twin, organisation, guard)).toMatchObject({ sent: 0, stopped: null, waiting: 0, taken: [] });
  expect(await statesOf(twin, organisation)).toEqual(before.map((row) => `${row.customer} sent${sent.has(row.customer) ? ' sendJournal' : ''}`).toSorted());
  await verified(twin, organisation);
  // The next step follows for those as for the others, in the database that went on without a restore and in this one.
  const next = async (one: Database): Promise<string[]> => {
    await runOn(one, organisation, LATER);
    return (await one.inTenant(organisation, (t) => listActions(t, { state: 'proposed' }))).map((row) => `${row.customer} ${row.step} ${row.channel} ${row.total}`).toSorted();
  };
  await importText(twin, organisation, { today: LATER, text: fecOf([{ code: 'C0000', piece: 'FA-X', on: '2026-03-24', debit: '5,00' }]), name: '000000000FEC20271231.txt' });
  await importText(database, organisation, { today: LATER, text: fecOf([{ code: 'C0000', piece: 'FA-X', on: '2026-03-24', debit: '5,00' }]), name: '000000000FEC20271231.txt' });
  const expected = await next(database);
  expect(expected.length).toBe(9);
  expect(await next(twin)).toEqual(expected);

  // Planted: the epoch kept in the database only, with no journal to compare: all six leave a second time.
  const owner = await (open.find((one) => one.database === naive))?.owner();
  await owner?.query('update installation set journal_server = null, journal_mark = null');
  await owner?.end();
  expect((await send(naive, organisation, new SendGuard({ journal: memoryJournal(), log }))).taken.toSorted()).toEqual(first.taken.toSorted());
});

test('planted: a comparison by the number of rows is content with a restored database that sent as many other messages', { timeout: 60_000 }, async () => {
  const here = await testDatabase();
  open.push(here);
  const organisation = await givenDebtors(here.database, debtors(4));
  const journal = memoryJournal();
  const guard = new SendGuard({ journal, log });
  const backup = await backedUp(here);
  await runOn(here.database, organisation, TODAY);
  await approveOn(here.database, organisation, TODAY);
  expect((await send(here.database, organisation, guard)).sent).toBe(4);
  const twin = await restored(backup);
  // The restored one is used without its journal, on another day, and sends as many.
  await runOn(twin, organisation, '2026-03-03');
  await approveOn(twin, organisation, '2026-03-03');
  expect((await send(twin, organisation, { guard: new SendGuard({ journal: memoryJournal(), log }), at: '2026-03-03' })).sent).toBe(4);
  const same = (await readInstallation(here.database)).server;
  const found = must(await compareNow(twin, new SendGuard({ journal, log, identify: () => same })));
  expect(found.missing.length).toBe(4);
  const rows = await twin.inTenant(organisation, (t) => t.one<{ n: number }>(t.sql`select count(*)::int as n from ${t.from('send_attempt')} s where s.started_at is not null`));
  expect(rows?.n).toBe(sendsOf(journal.lines).length);
});

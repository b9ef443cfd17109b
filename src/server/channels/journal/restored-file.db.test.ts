import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { memoryJournal } from '#core/channels/memory-journal.ts';
import type { SendJournal } from '#core/channels/send-journal.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { restoreBackup } from '#server/backup/restore-backup.ts';
import { takeBackup } from '#server/backup/take-backup.ts';
import { emptyDatabase, migratedDatabase } from '#server/backup/testing/empty-database.ts';
import type { EmptyDatabase } from '#server/backup/testing/empty-database.ts';
import { listActions } from '#server/dunning/actions.ts';
import type { Database } from '#server/plumbing/database.ts';
import { createLog } from '#server/plumbing/log.ts';
import { clockAt, fecOf, importText } from '#server/testing/given.ts';
import { approveOn, debtors, givenDebtors, postOffice, runOn, sendAt } from '#server/testing/outbox.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { SendGuard } from './guard.ts';
import { freezeRestored, writeFreeze } from './installation.ts';
import { compareNow, reconcile } from './reconcile.ts';

// A backup file and its restore as the commands make them: taken before the first message, before some, restored beside the journal or without it.

const TODAY = '2026-03-02';
const LATER = '2026-03-25';
const by = { at: clockAt(LATER).now(), actor: 'user:1' };

let source: EmptyDatabase;
let database: Database;
let organisation: OrganisationId;
let journal: ReturnType<typeof memoryJournal>;
let target: EmptyDatabase;
let restored: Database;

const guardOf = (of: SendJournal): SendGuard => new SendGuard({ journal: of, log: createLog('silent') });
async function send(on: Database, of: SendJournal, at = LATER): Promise<{ sent: number; stopped: string | null; taken: string[] }> {
  const post = postOffice();
  const { sent, stopped } = await sendAt(on, organisation, { at, guard: guardOf(of), carriers: { mail: post.carrier, letter: null } });
  return { sent, stopped, taken: post.taken.map(({ to }) => to).toSorted() };
}
const numbersOf = async (on: Database, state: 'proposed' | 'sent'): Promise<bigint[]> => (await on.inTenant(organisation, (t) => listActions(t, { state }))).map((row) => BigInt(row.action_id));
/** The next steps of the same debtors. */
async function runLater(on: Database): Promise<bigint[]> {
  await importText(on, organisation, { today: LATER, text: fecOf([{ code: 'C0000', piece: 'FA-X', on: '2026-03-24', debit: '5,00' }]), name: '000000000FEC20271231.txt' });
  await runOn(on, organisation, LATER);
  return numbersOf(on, 'proposed');
}
async function backUp(): Promise<string> {
  const file = join(await scratchFolder(), 'all.acquit');
  must(await takeBackup(source.config, { file, passphrase: null, force: false, clock: clockAt(LATER), program: '0.1.0' }));
  return file;
}
async function restore(file: string, on = LATER): Promise<void> {
  must(await restoreBackup(target.config, { file, passphrase: null, clock: clockAt(on), actor: 'cli', freeze: freezeRestored }));
  restored = target.login();
}

beforeEach(async () => {
  source = await migratedDatabase('superuser');
  database = source.login();
  target = await emptyDatabase('superuser');
  journal = memoryJournal();
  organisation = await givenDebtors(database, debtors(2));
  await runOn(database, organisation, TODAY);
  await approveOn(database, organisation, TODAY);
}, 60_000);
afterEach(async () => {
  await source.drop();
  await target.drop();
});

test('B8: acquit restore, the journal in its place: frozen, what left is named and written down, none of it leaves again', { timeout: 60_000 }, async () => {
  expect(await send(database, journal, TODAY)).toMatchObject({ sent: 2, stopped: null });
  const file = await backUp();
  const left = await runLater(database);
  await approveOn(database, organisation, LATER);
  const second = await send(database, journal);
  expect(second.taken.length).toBe(2);

  await restore(file);
  expect(await send(restored, journal)).toMatchObject({ sent: 0, stopped: 'frozen' });
  // What the frozen database proposes takes no number of what left: Message-IDs and letters are named after it.
  const made = await runLater(restored);
  expect(made.length).toBe(2);
  expect(made.filter((number) => left.includes(number))).toEqual([]);
  const standing = must(await compareNow(restored, guardOf(journal)));
  expect([standing.because, standing.unproven, standing.missing.map(({ end }) => end)]).toEqual(['restored', false, ['accepted', 'accepted']]);
  expect(must(await reconcile(restored, guardOf(journal), { how: 'applied', reason: 'disk lost', by }))).toMatchObject([{ sent: 2 }]);
  await approveOn(restored, organisation, LATER);
  expect(await send(restored, journal)).toMatchObject({ stopped: null, taken: [] });
  expect((await numbersOf(restored, 'sent')).length).toBe(4);
  expect(await target.rows('select because, frozen_by, ended_how from installation_freeze')).toEqual([{ because: 'restored', frozen_by: 'cli', ended_how: 'applied' }]);
});

test.each([
  ['a backup from before the first message', false],
  ['a backup from after some', true],
])('B8: %s, restored without its journal: only a person takes it over, and what was approved is asked again', { timeout: 60_000 }, async (_name, before) => {
  if (before) await send(database, journal, TODAY);
  const file = await backUp();
  if (!before) await send(database, journal, TODAY);
  await restore(file);
  const none = memoryJournal();
  expect(await send(restored, none)).toMatchObject({ sent: 0, stopped: 'frozen' });
  expect(await reconcile(restored, guardOf(none), { how: 'applied', reason: 'no journal', by })).toMatchObject({ ok: false, error: { en: expect.stringContaining('--adopt') } });
  expect(await send(restored, none)).toMatchObject({ sent: 0, stopped: 'frozen' });
  expect(must(await reconcile(restored, guardOf(none), { how: 'adopted', reason: 'no journal', by }))).toMatchObject([{ sent: 0, backToProposed: before ? 0 : 2 }]);
  expect(await send(restored, none)).toMatchObject({ sent: 0, stopped: null });
});

/** As `acquit freeze` does. */
const personFreezes = (on: Database): Promise<boolean> => writeFreeze(on, { because: 'person', unknown: [], unproven: true, reason: 'avant mise à jour' }, by);

test('B8: a backup that was taken while a person had frozen: what is restored has a freeze of its own, and gives no number of what left', { timeout: 60_000 }, async () => {
  expect(await send(database, journal, TODAY)).toMatchObject({ sent: 2, stopped: null });
  expect(await personFreezes(database)).toBe(true);
  const file = await backUp();
  must(await reconcile(database, guardOf(journal), { how: 'applied', reason: 'goes on', by }));
  const left = await runLater(database);
  await approveOn(database, organisation, LATER);
  expect((await send(database, journal)).sent).toBe(2);
  // Numbers that were skipped to the time of a freeze are behind those of a later one.
  await restore(file, '2026-03-26');
  expect(await target.rows('select because, ended_how from installation_freeze order by freeze_id')).toEqual([{ because: 'person', ended_how: 'restored' }, { because: 'restored', ended_how: null }]);
  expect((await runLater(restored)).filter((number) => left.includes(number))).toEqual([]);
});

test('B8: the same from before the first message, without its journal: only a person lets it go on, who approves everything again', { timeout: 60_000 }, async () => {
  expect(await personFreezes(database)).toBe(true);
  const file = await backUp();
  must(await reconcile(database, guardOf(journal), { how: 'adopted', reason: 'goes on', by }));
  await approveOn(database, organisation, TODAY);
  expect((await send(database, journal, TODAY)).sent).toBe(2);
  await restore(file);
  const none = memoryJournal();
  expect((await reconcile(restored, guardOf(none), { how: 'applied', reason: 'restored', by })).ok).toBe(false);
  must(await reconcile(restored, guardOf(none), { how: 'adopted', reason: 'restored', by }));
  expect(await send(restored, none, TODAY)).toMatchObject({ sent: 0, taken: [] });
});

test('B8: the server went back before any message and the journal is lost: frozen by a person first, no number of what left is given', { timeout: 60_000 }, async () => {
  const file = await backUp();
  expect((await send(database, journal, TODAY)).sent).toBe(2);
  const left = await runLater(database);
  await restore(file);
  // A base backup that was brought back holds neither freeze nor numbers that were skipped.
  await target.rows('update installation set frozen_at = null, frozen_because = null');
  await target.rows(`update installation_freeze set ended_at = now(), ended_by = 'x', ended_how = 'adopted', ended_reason = 'xxxxx' where ended_at is null`);
  await target.rows(`select setval(pg_get_serial_sequence('public.action', 'action_id'), (select max(action_id) from action))`);
  expect(await personFreezes(restored)).toBe(true);
  expect((await runLater(restored)).filter((number) => left.includes(number))).toEqual([]);
  expect((await reconcile(restored, guardOf(memoryJournal()), { how: 'applied', reason: 'lost', by })).ok).toBe(false);
});

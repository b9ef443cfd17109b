import { appendFile, cp, open as openFileOf, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { compareJournal } from '#core/channels/compare-journal.ts';
import { encodeLine, sendsOf } from '#core/channels/journal-lines.ts';
import type { ServerIdentity } from '#core/channels/journal-lines.ts';
import { memoryJournal } from '#core/channels/memory-journal.ts';
import type { MemoryJournal } from '#core/channels/memory-journal.ts';
import type { SendJournal } from '#core/channels/send-journal.ts';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { verify } from '#server/audit/verify.ts';
import { noteAttempts } from '#server/channels/attempts.ts';
import { claimBatch } from '#server/channels/claim-batch.ts';
import { claimIn } from '#server/channels/postgres-ledger.ts';
import { sendApproved } from '#server/channels/send.ts';
import type { SendOptions, SendResult } from '#server/channels/send.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { listActions } from '#server/dunning/actions.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { createLog } from '#server/plumbing/log.ts';
import { backUp } from '#server/testing/copied-database.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt } from '#server/testing/given.ts';
import { approveOn, debtors, givenDebtors, postOffice, runOn, statesOf } from '#server/testing/outbox.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { FileJournal } from './file-journal.ts';
import type { OpenFile } from './file-journal.ts';
import { SendGuard } from './guard.ts';
import { isFrozen, readInstallation, readKnown, writeFreeze } from './installation.ts';
import { reconcile } from './reconcile.ts';

const TODAY = '2026-03-02';
const by = { at: clockAt(TODAY).now(), actor: 'user:1' };
const log = createLog('silent');
const journals: SendJournal[] = [];
const databases: TestDatabase[] = [];
let db: TestDatabase;
let letters: LetterMaker;
beforeAll(async () => {
  letters = must(await openLetterMaker());
});
// Freezing is of the whole installation: each test has one of its own.
beforeEach(async () => {
  db = await testDatabase();
  databases.push(db);
});
afterAll(async () => {
  for (const journal of journals) await journal.close();
  for (const one of databases) await one.drop();
});

function guarded(journal: SendJournal, identify?: (read: ServerIdentity) => ServerIdentity): SendGuard {
  journals.push(journal);
  return new SendGuard({ journal, log, ...(identify === undefined ? {} : { identify }) });
}

type Sent = SendResult & { readonly taken: string[] };

async function optionsOf(organisation: OrganisationId, guard: SendGuard): Promise<{ options: SendOptions; taken: () => string[] }> {
  const post = postOffice();
  const worker = await joinWorkers(db.database);
  return {
    options: {
      organisation, today: day(TODAY), clock: clockAt(TODAY), actor: 'test', worker, letters, guard, carriers: { mail: post.carrier, letter: async ({ name }) => name },
      sender: { from: 'relances@duval.example', instance: 'test' },
    },
    taken: () => post.taken.map(({ to }) => to).toSorted(),
  };
}

async function send(organisation: OrganisationId, guard: SendGuard, max?: number): Promise<Sent> {
  const { options, taken } = await optionsOf(organisation, guard);
  try {
    return { ...(await sendApproved(db.database, { ...options, ...(max === undefined ? {} : { max }) })), taken: taken() };
  } finally {
    await options.worker.leave();
  }
}

async function givenApproved(count: number): Promise<OrganisationId> {
  const organisation = await givenDebtors(db.database, debtors(count));
  await runOn(db.database, organisation, TODAY);
  await approveOn(db.database, organisation, TODAY);
  return organisation;
}

const because = async (): Promise<string | null> => (await readInstallation(db.database)).frozen?.because ?? null;
const events = async (organisation: OrganisationId): Promise<string[]> =>
  (await db.database.inTenant(organisation, (t) => t.rows<{ kind: string }>(t.sql`select e.kind from ${t.from('event')} e where e.kind like 'sending.%' order by e.seq`))).map(({ kind }) => kind);
const verified = async (organisation: OrganisationId): Promise<void> => {
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
};

test('a first start is not frozen, nor the second with its journal; nothing is written before something leaves', async () => {
  const organisation = await givenApproved(3);
  const folder = join(await scratchFolder(), 'i1');
  const guard = guarded(new FileJournal(folder));
  expect(await guard.check(db.database, by.at)).toBeNull();
  expect(must(await guard.journal.tail({ mark: null, news: false })).head).toBeNull();
  expect((await send(organisation, guard, 1)).sent).toBe(1);
  expect((await send(organisation, guarded(new FileJournal(folder)))).sent).toBe(2);
  const tail = must(await new FileJournal(folder).tail({ mark: null, news: false }));
  // Two notes may be under way at once: the journal keeps no order among messages.
  expect(tail.sends.map(({ end, send: of }) => `${end ?? ''} ${of?.customer ?? ''}`).toSorted()).toEqual(['accepted C0000', 'accepted C0001', 'accepted C0002']);
  expect(await because()).toBeNull();
});

test('a line says no address, no name and no word of the message', async () => {
  const organisation = await givenApproved(1);
  const folder = join(await scratchFolder(), 'i1');
  await send(organisation, guarded(new FileJournal(folder)));
  const text = await readFile(join(folder, '000001.jsonl'), 'latin1');
  expect(text).toContain('"customer":"C0000"');
  expect(text).not.toMatch(/compta0|d0\.example|Client C0000|rue des Essais|Duval|Bonjour/);
});

test('copied to a second folder while the first runs: the copy is frozen, the first goes on; adopted in a name, what was approved is asked again', async () => {
  const organisation = await givenApproved(4);
  const folder = join(await scratchFolder(), 'i1');
  const first = guarded(new FileJournal(folder));
  expect((await send(organisation, first, 2)).sent).toBe(2);
  const other = join(await scratchFolder(), 'i1');
  await cp(folder, other, { recursive: true });
  const backup = await backUp(db);
  const original = db;
  db = await backup.restore();
  databases.push(db);
  const same = (await readInstallation(original.database)).server;
  const second = guarded(new FileJournal(other), () => same);
  // Planted: a journal that does not say where it stands agrees with the copy of its database, and both would send.
  const tail = must(await second.journal.tail({ mark: null, news: false }));
  const placeless = { ...tail, place: tail.head?.place ?? null };
  expect(compareJournal(placeless, await readInstallation(db.database, () => same), await readKnown(db.database, tail.sends))).toEqual({ verdict: 'agree' });
  expect(await send(organisation, second)).toMatchObject({ sent: 0, stopped: 'frozen', taken: [] });
  expect(await because()).toBe('journalCopied');
  const applied = await reconcile(db.database, second, { how: 'applied', reason: 'a copy for trying', by });
  expect(applied.ok ? '' : applied.error.fr).toContain('--adopt');
  const relaxed = (): Promise<{ approve: boolean } | null> => db.database.inTenant(organisation, (t) => t.one(t.sql`select (p.dunning ->> 'approveEverything')::boolean as approve from ${t.from('profile')} p`));
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('profile', 'p')} set dunning = p.dunning || '{"approveEverything": false}'::jsonb where ${t.own('p')}`));
  expect(must(await reconcile(db.database, second, { how: 'adopted', reason: 'a copy for trying', by }))).toMatchObject([{ backToProposed: 2 }]);
  // Steps that ask for nobody's approval may have left in the time that this database does not remember.
  expect(await relaxed()).toEqual({ approve: true });
  expect(await send(organisation, second)).toMatchObject({ sent: 0, stopped: null, waiting: 0, taken: [] });
  expect((await statesOf(db.database, organisation)).map((state) => state.split(' ')[1])).toEqual(['sent', 'sent', 'proposed', 'proposed']);
  expect(await events(organisation)).toEqual(['sending.frozen', 'sending.adopted']);
  await verified(organisation);
  db = original;
  expect((await send(organisation, first)).sent).toBe(2);
  await backup.drop();
});

test('a clone without the journal is frozen', async () => {
  const organisation = await givenApproved(3);
  await send(organisation, guarded(memoryJournal()), 1);
  expect(await send(organisation, guarded(new FileJournal(join(await scratchFolder(), 'i1'))))).toMatchObject({ sent: 0, stopped: 'frozen', waiting: 2, taken: [] });
  expect(await because()).toBe('journalMissing');
});

test.each<[string, (read: ServerIdentity) => ServerIdentity, string]>([
  ['a standby was promoted', (read) => ({ ...read, timeline: '00000002' }), 'failedOver'],
  ['another server answers', (read) => ({ ...read, system: '1' }), 'failedOver'],
  ['the dump of it was restored under its name', (read) => ({ ...read, database: '1' }), 'restored'],
])('under a running worker %s: its next call sends nothing, and no worker does; applied, sending goes on', async (_name, changed, reason) => {
  const organisation = await givenApproved(4);
  const journal = memoryJournal();
  let now = (read: ServerIdentity): ServerIdentity => read;
  const guard = guarded(journal, (read) => now(read));
  const another = guarded(memoryJournal(journal.lines));
  expect((await send(organisation, guard, 1)).sent).toBe(1);
  now = changed;
  expect(await send(organisation, guard)).toMatchObject({ sent: 0, stopped: 'frozen', waiting: 3, taken: [] });
  expect(await because()).toBe(reason);
  // Another worker, that sees nothing itself, obeys; its letters too.
  expect(await send(organisation, another)).toMatchObject({ sent: 0, stopped: 'frozen', taken: [] });
  must(await reconcile(db.database, guard, { how: 'applied', reason: 'the standby took over', by }));
  expect((await send(organisation, guard)).sent).toBe(3);
  await verified(organisation);
});

test('a freeze waits for the claim under way and no later claim overlooks it', async () => {
  const organisation = await givenApproved(2);
  const [first, second] = (await db.database.inTenant(organisation, (t) => listActions(t))).map((row) => row.action_id);
  if (first === undefined || second === undefined) throw new Error('two actions were expected');
  const { options } = await optionsOf(organisation, guarded(memoryJournal()));
  let frozen = false;
  let freezing: Promise<unknown> = Promise.resolve();
  await db.database.inTenant(organisation, async (t) => {
    expect((await claimBatch(claimIn(t), options, [first])).claimed.length).toBe(1);
    freezing = (async () => {
      frozen = await writeFreeze(db.database, { because: 'person', unknown: [], unproven: false, reason: 'standby' }, by);
    })();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(frozen).toBe(false);
  });
  await freezing;
  expect(await db.database.inTenant(organisation, (t) => claimBatch(claimIn(t), options, [second]))).toMatchObject({ claimed: [], waiting: 1, frozen: true });
  expect(await db.database.inTenant(organisation, isFrozen)).toBe(true);
  expect(await events(organisation)).toEqual(['sending.frozen']);
  expect(await writeFreeze(db.database, { because: 'person', unknown: [], unproven: false, reason: 'again' }, by)).toBe(false);
  await options.worker.leave();
});

test.each<[string, () => Promise<SendJournal>]>([
  ['in files', async () => new FileJournal(join(await scratchFolder(), 'i1'))], ['in memory', async () => memoryJournal()],
])('restored under a long-running process with its journal %s: reconciled by it, what was refused or only a test freezes nothing again', async (_name, make) => {
  const organisation = await givenApproved(3);
  const original = db;
  const same = (await readInstallation(db.database)).server;
  const guard = guarded(await make(), () => same);
  const backup = await backUp(db);
  expect((await send(organisation, guard)).sent).toBe(3);
  const { options } = await optionsOf(organisation, guard);
  const last = must(await guard.journal.tail({ mark: null, news: false })).sends.at(-1)?.send;
  if (last === null || last === undefined) throw new Error('no line');
  // One more that the server refused, and one that went to the test address.
  const more = { ...last, action: '777', actionKey: 'refused' };
  must(await guard.write(db.database, { starts: [more, { ...more, action: '778', test: true }], ends: ['777', '778'].map((action) => ({ organisation: more.organisation, action, fence: 1, outcome: action === '777' ? 'refused' as const : 'accepted' as const, at: by.at })) }, by.at));
  await options.worker.leave();
  db = await backup.restore();
  databases.push(db);
  expect(await send(organisation, guard)).toMatchObject({ sent: 0, stopped: 'frozen' });
  expect(must(await reconcile(db.database, guard, { how: 'applied', reason: 'disk lost', by }))).toMatchObject([{ sent: 3, refused: 1, tests: 1 }]);
  expect(await send(organisation, guard)).toMatchObject({ sent: 0, stopped: null, waiting: 0 });
  // The one that it was restored from sees that its journal went on without it.
  db = original;
  expect(await send(organisation, guard)).toMatchObject({ stopped: 'frozen' });
  expect(await because()).toBe('restored');
  await backup.drop();
});

test('a freeze for another reason does not hide that the journal proves nothing; put back in its place, it does', async () => {
  const organisation = await givenApproved(2);
  const guard = guarded(memoryJournal());
  await send(organisation, guard, 1);
  await writeFreeze(db.database, { because: 'person', unknown: [], unproven: false, reason: 'standby' }, by);
  const elsewhere = guarded(memoryJournal());
  const refused = await reconcile(db.database, elsewhere, { how: 'applied', reason: 'standby is up', by });
  expect(refused.ok ? '' : refused.error.en).toContain('--adopt');
  expect(must(await reconcile(db.database, guard, { how: 'applied', reason: 'standby is up', by }))).toMatchObject([{ sent: 0 }]);
  expect((await send(organisation, guard)).sent).toBe(1);
});

test('a crash between the note of the database and that of the journal freezes nothing: those are parked as ever', async () => {
  const organisation = await givenApproved(3);
  const guard = guarded(memoryJournal());
  await send(organisation, guard, 1);
  const { options } = await optionsOf(organisation, guard);
  const ids = (await db.database.inTenant(organisation, (t) => listActions(t, { state: 'approved' }))).map((row) => row.action_id);
  const { claimed } = await db.database.inTenant(organisation, (t) => claimBatch(claimIn(t), options, ids));
  const [one] = claimed;
  if (one === undefined) throw new Error('nothing was claimed');
  await noteAttempts(db.database, { starting: [{ action: one.action.actionId, fence: one.fence }], ended: [] }, { organisation, now: by.at, today: day(TODAY) });
  await options.worker.leave();
  expect(await send(organisation, guard)).toMatchObject({ sent: 1, unknown: 1, stopped: null });
  await verified(organisation);
});

test('killed between the journal and the first byte: parked, not frozen; in a backup from before it, parked for a person too', async () => {
  const organisation = await givenApproved(2);
  const journal = memoryJournal();
  const guard = guarded(journal);
  const backup = await backUp(db);
  const before = (await readInstallation(db.database)).server;
  const { options } = await optionsOf(organisation, guard);
  expect(await guard.check(db.database, by.at)).toBeNull();
  const [id] = (await db.database.inTenant(organisation, (t) => listActions(t))).map((row) => row.action_id);
  const { claimed, journal: facts } = await db.database.inTenant(organisation, (t) => claimBatch(claimIn(t), options, id === undefined ? [] : [id]));
  await noteAttempts(db.database, { starting: claimed.map(({ action, fence }) => ({ action: action.actionId, fence })), ended: [] }, { organisation, now: by.at, today: day(TODAY) });
  must(await guard.write(db.database, { starts: [...facts.values()], ends: [] }, by.at));
  await options.worker.leave();
  expect(await send(organisation, guarded(memoryJournal(journal.lines)))).toMatchObject({ sent: 1, unknown: 1, stopped: null });
  await verified(organisation);
  db = await backup.restore();
  databases.push(db);
  const restored = guarded(memoryJournal(journal.lines), () => before);
  expect(await send(organisation, restored)).toMatchObject({ sent: 0, stopped: 'frozen', taken: [] });
  expect(must(await reconcile(db.database, restored, { how: 'applied', reason: 'disk lost', by }))).toMatchObject([{ sent: 1, parked: 1 }]);
  expect(await statesOf(db.database, organisation)).toEqual(['C0000 sent sendJournal', 'C0001 unknown sendJournal']);
  await verified(organisation);
  await backup.drop();
});

test('a torn last line freezes nothing either: of what it was about nothing left', async () => {
  const organisation = await givenApproved(2);
  const folder = join(await scratchFolder(), 'i1');
  const journal = new FileJournal(folder);
  await send(organisation, guarded(journal), 1);
  const last = must(await journal.tail({ mark: null, news: false })).sends.at(-1)?.send;
  if (last === undefined || last === null) throw new Error('no line');
  await appendFile(join(folder, '000001.jsonl'), encodeLine({ k: 'start', epoch: 'e', send: { ...last, action: '999999' } }).slice(0, 300));
  expect((await send(organisation, guarded(new FileJournal(folder)))).sent).toBe(1);
  expect(await because()).toBeNull();
});

/** A journal whose disk is full from a write on. */
async function fullJournal(writes: number): Promise<FileJournal> {
  let left = writes;
  const openFile: OpenFile = async (path, flags) => {
    const [file, full] = [await openFileOf(path, flags), await openFileOf('/dev/full', 'w')];
    return {
      write: ((bytes: Buffer) => {
        left -= 1;
        return left < 0 ? full.write(bytes) : file.write(bytes);
      }) as unknown as typeof file.write,
      datasync: () => file.datasync(), stat: (() => file.stat()) as typeof file.stat,
      close: async () => {
        await full.close();
        await file.close();
      },
    };
  };
  return new FileJournal(join(await scratchFolder(), 'i1'), openFile);
}

test.each([[0, 'before the first message'], [1, 'at the first note'], [2, 'at a later one']])('the disk fills up after %i writes, %s: nothing leaves that the journal does not hold, it is said, everything waits and leaves later', async (writes) => {
  const organisation = await givenApproved(30);
  const full = await fullJournal(writes);
  const stopped = await send(organisation, guarded(full));
  const held = must(await full.tail({ mark: null, news: false })).sends.map(({ action }) => action);
  expect(stopped.said?.fr).toContain('disque est plein');
  expect(stopped.stopped).toBe('journal');
  expect(stopped.taken.length).toBe(held.length);
  expect(stopped).toMatchObject({ sent: held.length, unknown: 0, failed: 0 });
  const states = (await statesOf(db.database, organisation)).map((state) => state.split(' ')[1]);
  expect(states.filter((state) => state === 'approved').length).toBe(30 - held.length);
  await verified(organisation);
  // Room was made: the same folder, the rest leaves once.
  const again = await send(organisation, guarded(new FileJournal(full.where)));
  expect(again).toMatchObject({ sent: 30 - held.length, stopped: null });
  expect(new Set([...stopped.taken, ...again.taken]).size).toBe(30);
  await verified(organisation);
});

test('planted: a message handed over before its line is written is one that a restored database sends again', async () => {
  const organisation = await givenApproved(6);
  const backup = await backUp(db);
  const journal = memoryJournal();
  // The line is written when the hand-off is over; the process is killed before that.
  const late: MemoryJournal = { ...journal, write: async () => ({ ok: true, value: null }) };
  const guard = guarded(late);
  const sent = await send(organisation, guard);
  expect(sent.sent).toBe(6);
  const before = (await readInstallation(db.database)).server;
  db = await backup.restore();
  databases.push(db);
  const twice = await send(organisation, guarded(memoryJournal(journal.lines), () => before));
  expect(twice.taken).toEqual(sent.taken);
  expect(sendsOf(journal.lines).length).toBe(6);
  await backup.drop();
});

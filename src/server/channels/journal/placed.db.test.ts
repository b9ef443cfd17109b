import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { aSend } from '#core/channels/given-journal.ts';
import { memoryJournal } from '#core/channels/memory-journal.ts';
import type { MemoryJournal } from '#core/channels/memory-journal.ts';
import type { SendFacts } from '#core/dunning/send-facts.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { verify } from '#server/audit/verify.ts';
import type { SendResult } from '#server/channels/send.ts';
import { listActions, resolveUnknown } from '#server/dunning/actions.ts';
import { placeSends } from '#server/dunning/sent-elsewhere.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import { createLog } from '#server/plumbing/log.ts';
import { day } from '#core/kernel/day.ts';
import { showAction } from '#server/show-action.ts';
import { backUp } from '#server/testing/copied-database.ts';
import type { Backup } from '#server/testing/copied-database.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import type { ShortLine } from '#server/testing/given.ts';
import { approveOn, debtors, givenDebtors, postOffice, runOn, sendAt, setSending, statesOf } from '#server/testing/outbox.ts';
import { SendGuard } from './guard.ts';
import { readInstallation } from './installation.ts';
import { compareNow, reconcile } from './reconcile.ts';

const TODAY = '2026-03-02';
const TOMORROW = '2026-03-03';
const LATER = '2026-03-25';
const by = { at: clockAt(TOMORROW).now(), actor: 'user:1' };
const log = createLog('silent');
const databases: TestDatabase[] = [];
const backups: Backup[] = [];
let db: TestDatabase;
let journal: MemoryJournal;
let letters: Awaited<ReturnType<typeof openLetterMaker>>;
beforeAll(async () => {
  letters = await openLetterMaker();
});
beforeEach(async () => {
  db = await testDatabase();
  journal = memoryJournal();
  databases.push(db);
});
afterAll(async () => {
  for (const one of databases) await one.drop();
  for (const one of backups) await one.drop();
});

async function backedUp(): Promise<() => Promise<void>> {
  const backup = await backUp(db);
  backups.push(backup);
  return async () => {
    db = await backup.restore();
    databases.push(db);
  };
}

const guard = (): SendGuard => new SendGuard({ journal: memoryJournal(journal.lines), log });
const send = (organisation: OrganisationId, at = TODAY): Promise<SendResult> => sendAt(db.database, organisation, { at, guard: guard(), carriers: { mail: postOffice().carrier, letter: async ({ name }) => name } });
const verified = async (organisation: OrganisationId): Promise<void> => {
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
};
const apply = async (): Promise<unknown> => must(await reconcile(db.database, guard(), { how: 'applied', reason: 'disk lost', by }));
const LINES: readonly ShortLine[] = [
  { code: 'B1', piece: 'FA-B1', on: '2026-01-05', debit: '80,00' }, { code: 'B1', piece: 'FA-B2', on: '2026-01-06', debit: '45,50' }, { code: 'B2', piece: 'FA-B3', on: '2026-01-05', debit: '10,00' },
];
const CUSTOMERS = 'Code client;Nom du client;E-mail;Adresse;Code postal;Ville\nB1;Client B1;b1@b.example;1 rue B;44000;Nantes\nB2;Client B2;b2@b.example;1 rue B;44000;Nantes\n';

test('what was imported after the backup: its sends wait, are placed as customers and items come, and are not asked for again', { timeout: 60_000 }, async () => {
  const organisation = await givenDebtors(db.database, debtors(2));
  const restore = await backedUp();
  await importText(db.database, organisation, { today: TODAY, name: '000000000FEC20261231.txt', text: fecOf(LINES) });
  await importText(db.database, organisation, { today: TODAY, name: 'clients.csv', text: CUSTOMERS });
  await runOn(db.database, organisation, TODAY);
  await approveOn(db.database, organisation, TODAY);
  const sent = (await send(organisation)).sent;
  const original = db;
  const numbers = (await db.database.inTenant(organisation, (t) => listActions(t))).map((row) => BigInt(row.action_id));
  await restore();
  expect(await send(organisation)).toMatchObject({ sent: 0, stopped: 'frozen' });
  expect(await apply()).toMatchObject([{ sent: sent - 2, waiting: 2 }]);
  await verified(organisation);
  // First one invoice of B1 comes back, among others and in another order, so that it has another number; then the rest.
  await importText(db.database, organisation, { today: TOMORROW, name: '000000000FEC20261231.txt', text: fecOf([{ code: 'Z9', piece: 'FA-Z9', on: '2026-02-28', debit: '3,00' }, ...LINES.slice(0, 1)]) });
  await runOn(db.database, organisation, TOMORROW);
  expect((await statesOf(db.database, organisation)).filter((state) => state.startsWith('B'))).toEqual(['B1 sent sendJournal']);
  await verified(organisation);
  await importText(db.database, organisation, { today: TOMORROW, name: '000000000FEC20261231.txt', text: fecOf([{ code: 'Z9', piece: 'FA-Z9', on: '2026-02-28', debit: '3,00' }, ...LINES]) });
  await importText(db.database, organisation, { today: TOMORROW, name: 'clients.csv', text: CUSTOMERS });
  await runOn(db.database, organisation, TOMORROW);
  expect((await statesOf(db.database, organisation)).filter((state) => state.startsWith('B'))).toEqual(['B1 sent sendJournal', 'B2 sent sendJournal']);
  const rows = (one: TestDatabase): Promise<string[]> => one.database.inTenant(organisation, (t) => listActions(t)).then((all) => all.filter((row) => row.customer.startsWith('B')).map((row) => `${row.customer} ${row.step} ${row.total} ${row.documents.toSorted().join()} ${row.sent_on ?? ''} ${row.recipient ?? ''}`).toSorted());
  // Who was written to is known again by the hash of the address, when the contact is here at that time.
  expect((await rows(db)).map((row) => row.trim())).toEqual((await rows(original)).map((row) => row.replace(/ b1@b.example$/, '').trim()));
  // No number of a message that left is ever given again.
  const highest = numbers.reduce((most, one) => (one > most ? one : most));
  const placed = (await db.database.inTenant(organisation, (t) => listActions(t))).filter((row) => row.state_reason === 'sendJournal');
  expect(placed.every((row) => BigInt(row.action_id) > highest)).toBe(true);
  const left = await db.database.inTenant(organisation, (t) => t.rows(t.sql`select e.journal_ref from ${t.from('sent_elsewhere')} e where e.placed_at is null`));
  expect(left).toEqual([]);
  await verified(organisation);
});

test('the same intent standing proposed, approved, claimed or parked in the backup takes what became of it; with other amounts it is cancelled; its bytes are told to be elsewhere', { timeout: 60_000 }, async () => {
  const organisation = await givenDebtors(db.database, debtors(5));
  await runOn(db.database, organisation, TODAY);
  const ids = (await db.database.inTenant(organisation, (t) => listActions(t))).map((row) => row.action_id).toReversed();
  const stand = async (id: ActionId | undefined, state: string): Promise<void> => {
    await db.database.inTenant(organisation, async (t) => {
      await t.run(t.sql`${t.update('action', 'a')} set state = ${state}, fence = ${state === 'proposed' || state === 'approved' ? 0 : 1}, worker = ${state === 'claimed' ? '1' : null} where ${t.own('a')} and a.action_id = ${id ?? ''}::bigint`);
      if (state === 'claimed' || state === 'unknown') {
        await t.run(t.sql`${t.into('send_attempt', 'action_id, fence, worker, claimed_at, started_at, outcome, response, finished_at')} values (${t.org}, ${id ?? ''}::bigint, 1, '1', now(), ${state === 'claimed' ? null : by.at}::timestamptz,
          ${state === 'claimed' ? null : 'unknown'}, null, ${state === 'claimed' ? null : by.at}::timestamptz)`);
      }
    });
  };
  const backupOf = await (async () => {
    const states = ['proposed', 'approved', 'claimed', 'unknown', 'proposed'];
    for (const [index, state] of states.entries()) await stand(ids[index], state);
    const restore = await backedUp();
    for (const [index] of states.entries()) {
      await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('send_attempt', 's')} set outcome = 'released', started_at = null, finished_at = now() where ${t.own('s')} and s.action_id = ${ids[index] ?? ''}::bigint`));
      await stand(ids[index], 'proposed');
      await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('action', 'a')} set fence = 1 where ${t.own('a')} and a.action_id = ${ids[index] ?? ''}::bigint`));
    }
    return restore;
  })();
  await approveOn(db.database, organisation, TODAY);
  expect((await send(organisation)).sent).toBe(5);
  await backupOf();
  // Of the fifth the amounts differ: what was said was something else.
  for (const line of journal.lines) if (line.k === 'start' && line.send.customer === 'C0004') Object.assign(line, { send: { ...line.send, items: line.send.items.map((item) => ({ ...item, amount: 1n })), total: 1n } });
  const standing = must(await compareNow(db.database, guard()));
  expect(standing.missing.length).toBe(5);
  expect(await apply()).toMatchObject([{ sent: 5, parked: 0, waiting: 0 }]);
  expect(await statesOf(db.database, organisation)).toEqual(['C0000 sent sendJournal', 'C0001 sent sendJournal', 'C0002 sent sendJournal', 'C0003 sent sendJournal', 'C0004 cancelled sentElsewhere', 'C0004 sent sendJournal']);
  await verified(organisation);
  const shown = await db.database.inTenant(organisation, (t) => showAction(t, ids[0] ?? ('1' as ActionId), { today: day(TODAY), clock: clockAt(TODAY), letters: must(letters), sender: { from: null, instance: 'test' } }));
  const hash = journal.lines.flatMap((line) => (line.k === 'start' && line.send.action === ids[0] ? [line.send.sha256] : []))[0];
  expect(shown.ok ? '' : shown.error[0]?.message.fr).toContain(`SHA-256 ${hash ?? 'none'}`);
});

test('verify takes bytes that are missing for what the journal alone knows, and for nothing else', { timeout: 60_000 }, async () => {
  const organisation = await givenDebtors(db.database, debtors(2));
  await runOn(db.database, organisation, TODAY);
  await approveOn(db.database, organisation, TODAY);
  const restore = await backedUp();
  await send(organisation);
  await restore();
  await apply();
  await verified(organisation);
  const bytes = async (): Promise<string[]> => (await db.database.inTenant(organisation, verify)).filter((check) => !check.ok).map(({ name }) => name);
  const owner = await db.owner();
  const tampered = async (sql: string): Promise<string[]> => {
    await owner.query('alter table send_attempt no force row level security');
    const kept = await owner.query('select organisation_id, action_id, fence, worker, journal_ref, journal_sha256 from send_attempt');
    await owner.query(sql);
    const found = await bytes();
    for (const row of kept.rows) await owner.query('update send_attempt set worker = $4, journal_ref = $5, journal_sha256 = $6 where organisation_id = $1 and action_id = $2 and fence = $3', Object.values(row as object));
    return found;
  };
  expect(await tampered('update send_attempt set journal_sha256 = null')).toEqual(['sent messages have their bytes, or their hash from the send journal']);
  expect(await tampered(`update send_attempt set worker = '7'`)).toEqual(['sent messages have their bytes, or their hash from the send journal']);
  expect(await bytes()).toEqual([]);
  await owner.end();
});

test('sends of an organisation that the backup does not have keep everything frozen until it is there again, or somebody answers for it', { timeout: 60_000 }, async () => {
  const first = await givenDebtors(db.database, debtors(1));
  const restore = await backedUp();
  const later = await givenDebtors(db.database, debtors(2));
  const { code } = (await db.database.pool.query<{ code: string }>('select code from organisation where organisation_id = $1', [later])).rows[0] ?? { code: '' };
  await runOn(db.database, later, TODAY);
  await approveOn(db.database, later, TODAY);
  expect((await send(later)).sent).toBe(2);
  await restore();
  expect((await send(first)).stopped).toBe('frozen');
  expect(must(await compareNow(db.database, guard())).strangers).toEqual([code]);
  const refused = await reconcile(db.database, guard(), { how: 'applied', reason: 'disk lost', by });
  expect(refused.ok ? '' : refused.error.fr).toContain(code);
  expect((await readInstallation(db.database)).frozen).not.toBeNull();
  const again = await givenOrganisation(db.database, { code });
  expect(await apply()).toMatchObject([{ sent: 0 }, { code, sent: 0, waiting: 2 }]);
  await importText(db.database, again, { today: TOMORROW, text: fecOf(debtors(2).map((one) => ({ code: one.code, piece: `FA-${one.code}`, on: '2026-01-05', debit: '120,00' }))) });
  await runOn(db.database, again, TOMORROW);
  expect(await statesOf(db.database, again)).toEqual(['C0000 sent sendJournal', 'C0001 sent sendJournal']);
});

test('tests reach nobody and are not placed; a parked one is decided by a person, who lets it leave with bytes of its own', { timeout: 60_000 }, async () => {
  const organisation = await givenDebtors(db.database, debtors(2));
  const restore = await backedUp();
  await runOn(db.database, organisation, TODAY);
  await approveOn(db.database, organisation, TODAY);
  expect((await send(organisation)).sent).toBe(2);
  const started = journal.lines.filter((line) => line.k === 'start');
  journal.lines.splice(0, journal.lines.length, ...journal.lines.filter((line) => !(line.k === 'end' && line.action === started[0]?.send.action)));
  const second: SendFacts | undefined = started[1]?.send;
  for (const line of journal.lines) if (line.k === 'start' && line.send.action === second?.action) Object.assign(line, { send: { ...line.send, test: true } });
  await restore();
  expect(await apply()).toMatchObject([{ sent: 0, parked: 1, tests: 1 }]);
  await setSending(db.database, organisation, {});
  await runOn(db.database, organisation, TOMORROW);
  expect(await statesOf(db.database, organisation)).toEqual([`${started[0]?.send.customer ?? ''} unknown sendJournal`, `${second?.customer ?? ''} proposed`].toSorted());
  const [parked] = await db.database.inTenant(organisation, (t) => listActions(t, { state: 'unknown' }));
  await db.database.inTenant(organisation, (t) => resolveUnknown(t, parked?.action_id ?? ('1' as ActionId), { arrived: false, today: day(TOMORROW), by: { clock: clockAt(TOMORROW), actor: 'user:1' } }));
  expect((await send(organisation, TOMORROW)).sent).toBe(1);
  await verified(organisation);
});

test('what was proposed without what the journal knew is cancelled, and what is still due proposed anew', { timeout: 60_000 }, async () => {
  const organisation = await givenDebtors(db.database, debtors(3));
  const restore = await backedUp();
  await runOn(db.database, organisation, TODAY);
  await approveOn(db.database, organisation, TODAY);
  expect((await send(organisation)).sent).toBe(3);
  const [first] = journal.lines.flatMap((line) => (line.k === 'start' ? [line.send] : []));
  journal.lines.splice(0, journal.lines.length, ...journal.lines.filter((line) => line.k === 'head' || (line.k === 'start' ? line.send.action : line.k === 'end' ? line.action : '') === first?.action));
  await restore();
  expect(await send(organisation)).toMatchObject({ stopped: 'frozen' });
  await runOn(db.database, organisation, TODAY);
  await approveOn(db.database, organisation, TODAY);
  expect(await apply()).toMatchObject([{ sent: 1, waiting: 0 }]);
  const others = ['C0000', 'C0001', 'C0002'].filter((code) => code !== first?.customer);
  expect((await statesOf(db.database, organisation)).toSorted()).toEqual([`${first?.customer ?? ''} sent sendJournal`, ...others.map((code) => `${code} cancelled changed`)].toSorted());
  await runOn(db.database, organisation, TOMORROW);
  expect((await statesOf(db.database, organisation)).filter((state) => state.endsWith('proposed')).toSorted()).toEqual(others.map((code) => `${code} proposed`));
  await verified(organisation);
});

test('runs of a frozen database do not take the numbers of what left: not where the journal knows them, not where nobody does', { timeout: 60_000 }, async () => {
  const organisation = await givenDebtors(db.database, debtors(2));
  await runOn(db.database, organisation, TODAY);
  await approveOn(db.database, organisation, TODAY);
  await send(organisation);
  const restore = await backedUp();
  // The next steps: actions that the backup does not have.
  const numbersOfNext = async (): Promise<bigint[]> => {
    await importText(db.database, organisation, { today: LATER, text: fecOf([{ code: 'C0000', piece: 'FA-X', on: '2026-03-24', debit: '5,00' }]), name: '000000000FEC20271231.txt' });
    await runOn(db.database, organisation, LATER);
    return (await db.database.inTenant(organisation, (t) => listActions(t, { state: 'proposed' }))).map((row) => BigInt(row.action_id));
  };
  const left = await numbersOfNext();
  expect(left).toHaveLength(2);
  await approveOn(db.database, organisation, LATER);
  expect((await send(organisation, LATER)).sent).toBe(2);
  for (const known of [journal.lines, []]) {
    await restore();
    const looking = new SendGuard({ journal: memoryJournal([...known]), log });
    expect((await sendAt(db.database, organisation, { at: LATER, guard: looking, carriers: { mail: postOffice().carrier, letter: null } })).stopped).toBe('frozen');
    const made = await numbersOfNext();
    expect(made).toHaveLength(2);
    expect(made.filter((number) => left.includes(number))).toEqual([]);
  }
});

test('what the journal told of counts for the budget before its documents are here', { timeout: 60_000 }, async () => {
  const organisation = await givenDebtors(db.database, debtors(2));
  await db.database.inTenant(organisation, async (t) => {
    await t.run(t.sql`${t.update('profile', 'p')} set dunning = p.dunning || '{"contactCap":{"contacts":1,"windowDays":7}}'::jsonb where ${t.own('p')}`);
    await placeSends(t, [{ ref: 'e/lost/1/1', outcome: 'accepted', send: aSend({ customer: 'C0000', day: day(TODAY) }) }], { now: by.at, actor: by.actor });
  });
  await runOn(db.database, organisation, TODAY);
  await approveOn(db.database, organisation, TODAY);
  expect(await send(organisation)).toMatchObject({ sent: 1, waiting: 1 });
});

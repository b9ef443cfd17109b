import { afterAll, beforeAll, expect, test } from 'vitest';
import { unknownSends } from '#core/channels/compare-journal.ts';
import { sendsOf } from '#core/channels/journal-lines.ts';
import type { JournalledSend } from '#core/channels/journal-lines.ts';
import { memoryJournal } from '#core/channels/memory-journal.ts';
import type { SendJournal } from '#core/channels/send-journal.ts';
import { verify } from '#server/audit/verify.ts';
import { createLog } from '#server/plumbing/log.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt } from '#server/testing/given.ts';
import { approveOn, debtors, givenDebtors, postOffice, runOn, sendAt, statesOf } from '#server/testing/outbox.ts';
import { SendGuard } from './guard.ts';
import { readInstallation, readKnown } from './installation.ts';
import { cannotWrite } from './journal-failure.ts';

const TODAY = '2026-03-02';
const SENDS = 10_000;

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

test('ten thousand sends are compared by one statement; each changed one is found', { timeout: 60_000 }, async () => {
  const organisation = await givenDebtors(db.database, debtors(1));
  const journal = memoryJournal();
  await runOn(db.database, organisation, TODAY);
  await approveOn(db.database, organisation, TODAY);
  await sendAt(db.database, organisation, { at: TODAY, guard: new SendGuard({ journal, log: createLog('silent') }), carriers: { mail: postOffice().carrier, letter: null } });
  const [one] = sendsOf(journal.lines);
  if (one?.send === null || one === undefined) throw new Error('nothing was sent');
  const { send } = one;
  const owner = await db.owner();
  // The rows of one message, as many times as asked for.
  await owner.query(`insert into action select (jsonb_populate_record(a, jsonb_build_object('action_id', 100000 + n, 'action_key', a.action_key || '#' || n))).* from action a, generate_series(1, ${SENDS}) n`.replace('insert into action', 'insert into action overriding system value'));
  await owner.query(`insert into message select (jsonb_populate_record(m, jsonb_build_object('action_id', 100000 + n, 'header_id', m.header_id || n))).* from message m, generate_series(1, ${SENDS}) n`);
  await owner.query(`insert into send_attempt select (jsonb_populate_record(s, jsonb_build_object('action_id', 100000 + n))).* from send_attempt s, generate_series(1, ${SENDS}) n`);
  await owner.query('analyze');
  await owner.end();
  const sends = Array.from({ length: SENDS }, (_, index): JournalledSend => {
    const action = String(100_001 + index);
    return { ...one, ref: `${one.epoch}/${one.organisation}/${action}/1`, action, send: { ...send, action, actionKey: `${send.actionKey}#${index + 1}` } };
  });
  let asked = 0;
  const counting = { pool: { query: (...given: Parameters<typeof db.database.pool.query>) => {
    asked += 1;
    return db.database.pool.query(...given);
  } } } as unknown as Parameters<typeof readKnown>[0];
  expect(unknownSends(sends, await readKnown(counting, sends))).toEqual([]);
  expect(asked).toBe(1);
  // Another message under the number of the first, other bytes under that of the second, an organisation that is not here, a try that was not made.
  const changed = sends.map((of, index) => {
    if (index === 0 && of.send !== null) return { ...of, send: { ...of.send, actionKey: 'other' } };
    if (index === 1 && of.send !== null) return { ...of, send: { ...of.send, sha256: '0'.repeat(64) } };
    if (index === 2) return { ...of, organisation: 'elsewhere' };
    return index === 3 ? { ...of, fence: 2 } : of;
  });
  expect(unknownSends(changed, await readKnown(db.database, changed)).map(({ action }) => action)).toEqual(['100001', '100002', '100003', '100004']);
});

test('a line that the journal took although it said that it could not is known: looked at before the call ends, nothing is frozen', { timeout: 60_000 }, async () => {
  const own = await testDatabase();
  const organisation = await givenDebtors(own.database, debtors(14));
  const inner = memoryJournal();
  let writes = 0;
  let failed: () => void = () => undefined;
  const hasFailed = new Promise<void>((done) => (failed = done));
  const journal: SendJournal = { ...inner, write: async (note) => {
    const written = await inner.write(note);
    writes += 1;
    if (writes < 2 || note.starts.length === 0) return written;
    // Once what the failure takes back is taken back.
    setTimeout(failed, 50);
    return { ok: false, error: cannotWrite('/j', Object.assign(new Error('x'), { code: 'EIO' })) };
  } };
  const guard = new SendGuard({ journal, log: createLog('silent') });
  await runOn(own.database, organisation, TODAY);
  await approveOn(own.database, organisation, TODAY);
  const looked: unknown[] = [];
  const mail = { send: async () => {
    await hasFailed;
    // As the webhooks of the same process do every few seconds.
    if (looked.length === 0) looked.push(await guard.check(own.database, clockAt(TODAY).now()));
    return { kind: 'accepted', response: '250 ok' } as const;
  } };
  const result = await sendAt(own.database, organisation, { at: TODAY, guard, carriers: { mail, letter: null } });
  const standing = Map.groupBy((await statesOf(own.database, organisation)).map((text) => text.split(' ').at(-1)), (state) => state);
  expect([looked, result.stopped, (await readInstallation(own.database)).frozen]).toEqual([[null], 'journal', null]);
  expect(new Set(standing.keys())).toEqual(new Set(['approved', 'sent']));
  expect(standing.get('sent')?.length).toBe(result.sent);
  // They leave when the journal can be written again, each once.
  const post = postOffice();
  const again = await sendAt(own.database, organisation, { at: TODAY, guard: new SendGuard({ journal: memoryJournal(inner.lines), log: createLog('silent') }), carriers: { mail: post.carrier, letter: null } });
  expect([again.stopped, again.sent + result.sent]).toEqual([null, 14]);
  expect((await own.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
  await own.drop();
});

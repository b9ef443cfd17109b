import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import { listOrganisations } from '#server/identity/organisations.ts';
import { systemClock } from '#server/plumbing/clock.ts';
import { createLog } from '#server/plumbing/log.ts';
import { readSettings } from '#server/plumbing/settings.ts';
import { fecOf, givenOrganisation } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { startImapServer } from '#server/testing/imap-server.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { inboxProblem } from './inbox-problems.ts';
import { readInboxState } from './inbox-state.ts';
import { listKept } from './list-inbox.ts';
import { mailboxWait, startInbox } from './start-inbox.ts';
import type { Inbox } from './start-inbox.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await givenOrganisation(db.database, { code: 'duval' });
});
afterAll(() => db.drop());

const WAIT_MS = 20_000;

async function until(holds: () => Promise<boolean>): Promise<void> {
  const stop = AbortSignal.timeout(WAIT_MS);
  while (!(await holds())) {
    if (stop.aborted) throw new Error('the inbox did not get there');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const start = async (dataDir: string, more: Record<string, string>): Promise<Inbox> => startInbox({
  database: db.database, clock: systemClock, log: createLog('silent'), dataDir, organisations: () => listOrganisations(db.database),
  settings: must(readSettings({ ACQUIT_INBOX_SETTLE_SECONDS: '1', ...more })),
});

async function stopped(inbox: Inbox): Promise<number> {
  const asked = Date.now();
  await inbox.stop();
  return Date.now() - asked;
}

test('a folder below the data folder is made, what is put there is taken and listed, and a stop is heard within a second', async () => {
  const dataDir = await scratchFolder();
  const inbox = await start(dataDir, { ACQUIT_INBOX_DIR: 'depot' });
  try {
    await until(async () => (await readdir(dataDir)).includes('depot'));
    await writeFile(join(dataDir, 'depot', 'livre.txt'), fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-10', debit: '100,00' }]));
    await writeFile(join(dataDir, 'depot', 'x.txt'), 'bonjour');
    await until(async () => (await listKept(join(dataDir, 'depot'), 10)).length === 2);
  } finally {
    expect(await stopped(inbox)).toBeLessThan(1_000);
  }
  const listed = await listKept(join(dataDir, 'depot'), 10);
  expect(listed.map((one) => `${one.outcome} ${one.path}`).toSorted()).toEqual([expect.stringMatching(/^done done\/\d{4}-\d\d\/livre\.txt\.txt$/), 'refused refused/x.txt.txt']);
  expect(listed.find((one) => one.outcome === 'refused')?.text).toContain('Format not recognised');
  expect(await listKept(join(dataDir, 'depot'), 1)).toHaveLength(1);
});

test('wrong mailbox settings are told and leave the folder at work; nothing set does nothing', async () => {
  const dataDir = await scratchFolder();
  await mkdir(join(dataDir, 'depot'));
  const inbox = await start(dataDir, { ACQUIT_INBOX_DIR: 'depot', ACQUIT_IMAP_URL: 'imaps://x@h.example', ACQUIT_IMAP_PASSWORD: 'secret' });
  await writeFile(join(dataDir, 'depot', 'x.txt'), 'bonjour');
  await until(async () => (await listKept(join(dataDir, 'depot'), 10)).length === 1);
  await inbox.stop();
  expect((await readInboxState(dataDir))['mailbox']).toMatchObject({ code: 'intake.inbox.mailboxSetting', message: { en: expect.stringContaining('ACQUIT_IMAP_FROM') } });
  const idle = await scratchFolder();
  const nothing = await start(idle, {});
  expect(await stopped(nothing)).toBeLessThan(1_000);
  expect(await readdir(idle)).toEqual([]);
});

test('a mail server that trickles does not hold up a stop', async () => {
  const dataDir = await scratchFolder();
  const server = await startImapServer({ user: 'x', password: 'secret' });
  server.faults.trickleMs = 500;
  const inbox = await start(dataDir, { ACQUIT_IMAP_URL: `imap://x@127.0.0.1:${server.port}`, ACQUIT_IMAP_PASSWORD: 'secret', ACQUIT_IMAP_FROM: '@cabinet.example' });
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(await stopped(inbox)).toBeLessThan(1_000);
  await server.stop();
});

test.each([
  ['all is well: a minute', null, [0, 1]], ['failures: doubled each time, half an hour at most', inboxProblem('mailboxSlow', {}), [1, 1, 3, 4, 1_000, 30]],
  ['a wrong password: half an hour, servers lock out who insists', inboxProblem('mailboxPassword', {}), [1, 30]], ['a mailbox that may only be read: a minute', inboxProblem('mailboxKept', {}), [5, 1]],
])('the next look after %s', (_name, found, pairs) => {
  for (let at = 0; at < pairs.length; at += 2) expect(mailboxWait(found, pairs[at] ?? 0)).toBe((pairs[at + 1] ?? 0) * 60_000);
});

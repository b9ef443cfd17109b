import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { parseHead } from '#server/audit/head-line.ts';
import { headLines } from '#server/audit/heads.ts';
import { record } from '#server/audit/record.ts';
import { EXPOSED_LEAST } from '#server/channels/desk.ts';
import type { StoredMail } from '#server/channels/mime.ts';
import { approve, listActions } from '#server/dunning/actions.ts';
import { listOrganisations } from '#server/identity/organisations.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { manualClock } from '#server/plumbing/clock.ts';
import { createLog } from '#server/plumbing/log.ts';
import { readSettings } from '#server/plumbing/settings.ts';
import { fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { startImapServer } from '#server/testing/imap-server.ts';
import { approveOn, givenDebtors, postOffice, runOn, sendAt, statesOf } from '#server/testing/outbox.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { testGuard } from '#server/testing/guard.ts';
import { startWorker } from './worker.ts';

let db: TestDatabase;
let letters: LetterMaker;
beforeAll(async () => {
  db = await testDatabase();
  letters = must(await openLetterMaker());
});
afterAll(() => db.drop());

const TURNS_MS = 15_000;

async function until(holds: () => Promise<boolean>): Promise<void> {
  const stop = AbortSignal.timeout(TURNS_MS);
  while (!(await holds())) {
    if (stop.aborted) throw new Error('the worker did not get there');
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

const states = async (organisation: OrganisationId): Promise<string[]> =>
  (await db.database.inTenant(organisation, (t) => listActions(t))).map((row) => `${row.customer} ${row.step} ${row.state}`);

async function givenLedger(automatic: boolean): Promise<OrganisationId> {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { today: '2026-03-02', text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-05', debit: '120,00' }]) });
  await importText(db.database, organisation, { today: '2026-03-02', text: 'Code client;Nom du client;E-mail\nC1;Alpha;compta@alpha.example\n', name: 'clients.csv' });
  await db.database.inTenant(organisation, (t) => t.run(t.sql`
    ${t.update('profile', 'p')} set dunning = ${JSON.stringify({ automatic })}::jsonb where ${t.own('p')}`));
  return organisation;
}

test('a morning: the run starts by itself after six, once; what a person approves leaves once the customer’s day has begun; nothing else does', async () => {
  const organisation = await givenLedger(true);
  const quiet = await givenLedger(false);
  const clock = manualClock('2026-03-03T04:30:00.000Z');
  const sent: StoredMail[] = [];
  const mail = {
    send: async (one: StoredMail) => {
      sent.push(one);
      return { kind: 'accepted' as const, response: '250 ok' };
    },
  };
  const worker = await startWorker({ database: db.database, settings: must(readSettings({ ACQUIT_SMTP_FROM: 'relances@duval.example' })), clock, log: createLog('silent'), carriers: { mail, letter: null }, letters, guard: testGuard(db.database) });
  try {
    worker.wake();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await states(organisation)).toEqual([]);
    clock.set('2026-03-03T05:30:00.000Z');
    worker.wake();
    await until(async () => (await states(organisation)).length > 0);
    expect(await states(organisation)).toEqual(['C1 2 proposed']);
    worker.wake();
    await db.database.inTenant(organisation, (t) => approve(t, 'all', { clock, actor: 'test' }));
    worker.wake();
    // Half past six is no hour to write to a firm.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await states(organisation)).toEqual(['C1 2 approved']);
    clock.set('2026-03-03T08:05:00.000Z');
    worker.wake();
    await until(async () => (await states(organisation)).includes('C1 2 sent'));
  } finally {
    await worker.stop();
  }
  expect(sent.map((one) => one.to)).toEqual(['compta@alpha.example']);
  expect(await states(quiet)).toEqual([]);
  const runs = await db.database.inTenant(organisation, (t) => t.rows(t.sql`select r.run_id from ${t.from('run')} r`));
  expect(runs).toHaveLength(1);
});

test('a delivery report in the mailbox is noted by the worker itself', async () => {
  const organisation = await givenDebtors(db.database, [{ code: 'C1', email: 'compta@beta.example' }]);
  await runOn(db.database, organisation, '2026-03-02');
  await approveOn(db.database, organisation, '2026-03-02');
  const post = postOffice();
  await sendAt(db.database, organisation, { at: '2026-03-02', carriers: { mail: post.carrier, letter: null } });
  const id = /^Message-ID: (<[^>]+>)/im.exec(post.taken[0]?.bytes.toString('latin1') ?? '')?.[1] ?? '';
  const server = await startImapServer({ user: 'duval', password: 'secret' });
  server.deliver(readFileSync(new URL('../../fixtures/bounces/gmail.eml', import.meta.url), 'latin1').replaceAll('<MESSAGE-ID@duval.example>', id));
  const code = (await listOrganisations(db.database)).find((one) => one.id === organisation)?.code ?? '';
  const settings = must(readSettings({
    ACQUIT_SMTP_FROM: 'relances@duval.example', ACQUIT_IMAP_URL: `imap://duval@127.0.0.1:${server.port}`, ACQUIT_IMAP_PASSWORD: 'secret', ACQUIT_IMAP_FROM: '@cabinet.example', ACQUIT_IMAP_ORGANISATION: code,
  }));
  const worker = await startWorker({
    database: db.database, settings, clock: manualClock('2026-03-03T04:30:00.000Z'), log: createLog('silent'), carriers: { mail: null, letter: null }, letters, guard: testGuard(db.database), dataDir: await scratchFolder(),
  });
  try {
    await until(async () => server.messagesIn('Acquit/Traité').length === 1);
    expect(await statesOf(db.database, organisation)).toEqual(['C1 bounced notDelivered']);
  } finally {
    await worker.stop();
    await server.stop();
  }
});

test('the head of a day that nobody was there in the evening of is written the next day, that of a day in its evening, once, to the file of the data folder too; a file that differs is left alone and said once', async () => {
  const organisation = await givenLedger(false);
  const code = (await listOrganisations(db.database)).find(({ id }) => id === organisation)?.code ?? '';
  const dataDir = await scratchFolder();
  const lines: string[] = [];
  const file = join(dataDir, 'heads', `${code}.jsonl`);
  const clock = manualClock('2026-03-03T18:59:00.000Z');
  const log = { ...createLog('silent'), error: (_facts: object, said: string) => void lines.push(said) } as ReturnType<typeof createLog>;
  const heads = (): Promise<string[]> => db.database.inTenant(organisation, headLines);
  const worker = await startWorker({ database: db.database, settings: must(readSettings({})), clock, log, carriers: { mail: null, letter: null }, letters, guard: testGuard(db.database), dataDir });
  try {
    worker.wake();
    await until(async () => (await heads()).length === 1);
    await db.database.inTenant(organisation, (t) => record(t, { at: clock.now(), actor: 'test', kind: 'test.happened', subject: 'test', facts: {} }));
    clock.set('2026-03-03T19:10:00.000Z');
    worker.wake();
    await until(async () => (await heads()).length === 2 && existsSync(file));
    await until(async () => readFileSync(file, 'utf8') === (await heads()).map((line) => `${line}\n`).join(''));
    expect((await heads()).map((line) => parseHead(line)?.day)).toEqual(['2026-03-02', '2026-03-03']);
    writeFileSync(file, 'other\n');
    for (const minute of ['30', '45']) {
      clock.set(`2026-03-03T19:${minute}:00.000Z`);
      worker.wake();
      await until(async () => lines.length > 0);
    }
    expect(readFileSync(file, 'utf8')).toBe('other\n');
    expect(lines.filter((line) => line.includes('exported heads'))).toHaveLength(1);
    expect(await heads()).toHaveLength(2);
  } finally {
    await worker.stop();
  }
});

test('stopped in the middle of a long call it ends what has begun and begins nothing more, however slow the server: nothing is parked, the rest waits', { timeout: 60_000 }, async () => {
  const own = await testDatabase();
  try {
    const many = Array.from({ length: 150 }, (_, index) => ({ code: `S${index}`, email: `compta@s${index}.example` }));
    const organisation = await givenDebtors(own.database, many);
    await runOn(own.database, organisation, '2026-03-03');
    await approveOn(own.database, organisation, '2026-03-03');
    let taken = 0;
    let first: () => void = () => undefined;
    const began = new Promise<void>((resolve) => (first = resolve));
    const mail = {
      send: async (_mail: StoredMail, stillOurs: (stage: 'begin' | 'end') => boolean) => {
        if (!stillOurs('begin')) throw new Error('not ours');
        first();
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        taken += 1;
        return { kind: 'accepted' as const, response: '250 ok' };
      },
    };
    const worker = await startWorker({
      database: own.database, settings: must(readSettings({ ACQUIT_SMTP_FROM: 'relances@duval.example' })), clock: manualClock('2026-03-03T10:00:00.000Z'), log: createLog('silent'), carriers: { mail, letter: null }, letters,
      guard: testGuard(own.database),
    });
    await began;
    await worker.stop();
    const standing = Map.groupBy(await statesOf(own.database, organisation), (text) => text.split(' ').at(-1) ?? '');
    expect([...standing.keys()].toSorted()).toEqual(['approved', 'sent']);
    expect(standing.get('sent')?.length).toBe(taken);
    // What has begun is what was exposed; the sixty of its chunks that had not are released.
    expect(taken).toBeLessThanOrEqual(EXPOSED_LEAST);
  } finally {
    await own.drop();
  }
});

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { verify } from '#server/audit/verify.ts';
import { listOrganisations } from '#server/identity/organisations.ts';
import { createTeller, readInboxState } from '#server/intake/inbox/inbox-state.ts';
import type { ReportReader } from '#server/intake/inbox/mailed-report.ts';
import { openMailbox } from '#server/intake/inbox/mailbox.ts';
import type { Mailbox } from '#server/intake/inbox/mailbox.ts';
import { checkMailboxSettings } from '#server/intake/inbox/mailbox-settings.ts';
import { manualClock } from '#server/plumbing/clock.ts';
import { createLog } from '#server/plumbing/log.ts';
import { readSettings } from '#server/plumbing/settings.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { fecOf } from '#server/testing/given.ts';
import { startImapServer } from '#server/testing/imap-server.ts';
import type { ImapServer } from '#server/testing/imap-server.ts';
import { plantInSql } from '#server/testing/mutant.ts';
import { approveOn, debtors, givenDebtors, postOffice, runOn, sendAt, statesOf } from '#server/testing/outbox.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import type { StoredMail } from '../mime.ts';
import { mailedReports } from './mailed-reports.ts';

const FOREVER = new AbortController().signal;
const LIMITS = { openMs: 2_000, commandMs: 5_000, messageMs: 5_000 };
const PASSWORD = 'secret';
const LISTED = 'compta@cabinet.example';
const clock = manualClock('2026-03-03T08:00:00.000Z');

let db: TestDatabase;
let server: ImapServer;
let dataDir: string;
let organisation: OrganisationId;
let sent: readonly StoredMail[];
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  server = await startImapServer({ user: 'duval', password: PASSWORD });
  dataDir = await scratchFolder();
  organisation = await givenDebtors(db.database, debtors(3));
  sent = await sentBy(organisation);
});
afterEach(() => server.stop());

/** What an organisation's three customers were sent. */
async function sentBy(of: OrganisationId): Promise<readonly StoredMail[]> {
  await runOn(db.database, of, '2026-03-02');
  await approveOn(db.database, of, '2026-03-02');
  const post = postOffice();
  await sendAt(db.database, of, { at: '2026-03-02', carriers: { mail: post.carrier, letter: null } });
  expect(post.taken).toHaveLength(3);
  return post.taken.toSorted((a, b) => String(a.to).localeCompare(String(b.to)));
}

const mailAt = (index: number): StoredMail => {
  const mail = sent[index];
  if (mail === undefined) throw new Error('not sent');
  return mail;
};
const idOf = (mail: StoredMail): string => /^Message-ID: (<[^>]+>)/im.exec(mail.bytes.toString('latin1'))?.[1] ?? '';

/** A report of `fixtures/bounces` on a message that was handed over, as it goes over the wire. */
function reportOn(mail: StoredMail, name: string): string {
  const text = readFileSync(new URL(`../../../../fixtures/bounces/${name}.eml`, import.meta.url), 'latin1');
  return text.replaceAll('<MESSAGE-ID@duval.example>', idOf(mail)).replaceAll(/Compta@Beta\.example|compta@(?:beta|gamma|delta)\.example/g, String(mail.to)).replaceAll(/\r?\n/g, '\r\n');
}

const lines: string[] = [];

async function mailbox(more: Record<string, string> = {}, reports: ReportReader = mailedReports(db.database, clock)): Promise<Mailbox> {
  const code = (await listOrganisations(db.database)).find(({ id }) => id === organisation)?.code ?? '';
  const settings = must(checkMailboxSettings(must(readSettings({
    ACQUIT_IMAP_URL: `imap://duval@127.0.0.1:${server.port}/INBOX`, ACQUIT_IMAP_PASSWORD: PASSWORD, ACQUIT_IMAP_FROM: LISTED, ACQUIT_IMAP_ORGANISATION: code, ...more,
  }))));
  if (settings === null) throw new Error('no mailbox');
  const keeping = (...said: readonly unknown[]): void => void lines.push(JSON.stringify(said));
  const log = Object.assign(createLog('silent'), { info: keeping, warn: keeping, error: keeping });
  return openMailbox({
    database: db.database, clock, log, settings, limits: LIMITS, reports, organisations: () => listOrganisations(db.database), teller: createTeller({ dataDir, clock, log }),
    inbox: { root: join(dataDir, 'inbox'), watched: false, ours: true },
  });
}

const boxes = (): Record<string, number> => ({ inbox: server.messagesIn('INBOX').length, done: server.messagesIn('Acquit/Traité').length, refused: server.messagesIn('Acquit/Refusé').length });
const bounces = async (of: OrganisationId = organisation): Promise<string[]> => (await db.database.inTenant(of, (t) => t.rows<{ said: string }>(t.sql`
  select b.kind || ' ' || coalesce(b.status, '-') || ' ' || b.source || ' ' || b.actor as said from ${t.from('bounce')} b order by b.bounce_id`))).map(({ said }) => said);
const counted = async (): Promise<unknown> => (await readInboxState(dataDir))['mailbox']?.reports;
const look = async (more: Record<string, string> = {}): Promise<string | null> => (await (await mailbox(more)).look(FOREVER))?.code ?? null;

describe('a report on a message of ours is noted, filed and counted', () => {
  test.each([
    ['Postfix', 'unknown-user', 'hard 5.1.1', 'bounced notDelivered'], ['Exchange', 'exchange', 'hard 5.1.10', 'bounced notDelivered'], ['Gmail', 'gmail', 'hard 5.1.1', 'bounced notDelivered'],
    ['a mailbox that is full', 'mailbox-full', 'soft 5.2.2', 'sent'], ['a refusal by policy', 'policy', 'blocked 5.7.1', 'bounced notDelivered'], ['a complaint', 'complaint', 'complaint -', 'sent'],
  ])('%s', async (...[, fixture, said, state]) => {
    server.deliver(reportOn(mailAt(0), fixture));
    expect(await look()).toBeNull();
    expect(await bounces()).toEqual([`${said} report system:inbox`]);
    expect((await statesOf(db.database, organisation))[0]).toBe(`C0000 ${state}`);
    expect(boxes()).toEqual({ inbox: 0, done: 1, refused: 0 });
    expect(await counted()).toEqual({ since: clock.now(), noted: 1, bounces: 1, left: 0 });
    expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
  });

  test('whoever its From line names: a listed sender’s report is no ledger, and a ledger in the same mailbox is taken as before', async () => {
    server.deliver(reportOn(mailAt(0), 'exchange').replace('<postmaster@beta.example>', LISTED));
    server.deliver(`From: ${LISTED}\r\nSubject: Livre\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; name="livre.txt"\r\n`
      + `Content-Disposition: attachment; filename="livre.txt"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(fecOf([{ code: 'C9', piece: 'FA9', on: '2026-01-05', debit: '10,00' }])).toString('base64').replaceAll(/(.{76})/g, '$1\r\n')}\r\n--b--\r\n`);
    expect(await look()).toBeNull();
    expect(await bounces()).toHaveLength(1);
    expect(boxes()).toEqual({ inbox: 0, done: 2, refused: 0 });
  });

  test('the same report again, after a crash or sent twice, notes nothing more', async () => {
    const report = reportOn(mailAt(0), 'gmail');
    server.deliver(report);
    server.faults.hangUpOn = /^UID MOVE/;
    expect(await look()).toBe('intake.inbox.mailboxUnreachable');
    delete server.faults.hangUpOn;
    server.deliver(report);
    expect(await look()).toBeNull();
    expect(await bounces()).toHaveLength(1);
    expect(boxes()).toEqual({ inbox: 0, done: 2, refused: 0 });
  });

  test('from a folder of their own too; in that folder nothing else is touched, and that it is missing slows nothing down', async () => {
    expect(await look({ ACQUIT_IMAP_REPORTS: 'Avis' })).toBe('intake.inbox.mailboxReportsMissing');
    server.deliver(reportOn(mailAt(0), 'unknown-user'), 'Avis');
    const other = server.deliver(`From: ${LISTED}\r\nSubject: x\r\n\r\nBonjour\r\n`, 'Avis');
    expect(await look({ ACQUIT_IMAP_REPORTS: 'Avis' })).toBeNull();
    expect(await bounces()).toHaveLength(1);
    expect(server.messagesIn('Avis')).toEqual([other]);
    expect([...other.flags]).toEqual([]);
    expect(boxes()).toEqual({ inbox: 0, done: 1, refused: 0 });
  });

  test('no name, address or subject goes into the log or the state', async () => {
    lines.length = 0;
    for (const index of [0, 1, 2]) server.deliver(reportOn(mailAt(index), 'unknown-user'));
    server.deliver(reportOn(mailAt(0), 'exchange').replaceAll(idOf(mailAt(0)), '<someone@else.example>'));
    await look();
    expect(await counted()).toMatchObject({ noted: 3, bounces: 3, left: 1 });
    const said = lines.join('\n') + (await readFile(join(dataDir, 'inbox-state.json'), 'utf8'));
    expect(said).toMatch(/delivery report/);
    expect(said).not.toMatch(/@|Rappel|compta|Undelivered|User unknown/);
  });
});

describe('a report that is not ours, or says nothing, is left as it was and said', () => {
  const forged = (change: (report: string) => string) => async (): Promise<string> => change(reportOn(mailAt(0), 'unknown-user'));
  test.each<[string, () => Promise<string>]>([
    ['an id that was guessed', forged((report) => report.replaceAll(idOf(mailAt(0)), '<1.1@duval.example>'))],
    ['no id at all', forged((report) => report.replaceAll(/\r\nMessage-ID: <[^>]*>\r\n\r\n--/g, '\r\n\r\n--'))],
    ['our id, another address', forged((report) => report.replaceAll(/Recipient: ?rfc822; ?[^\r]*/g, 'Recipient: rfc822; victim@other.example'))],
    ['a message of another organisation', async () => {
      const other = await sentBy(await givenDebtors(db.database, debtors(3)));
      return reportOn(other[0] ?? mailAt(0), 'unknown-user');
    }],
    ['cut in the middle of its status', forged((report) => report.slice(0, report.indexOf('Action: failed')))],
    ['10,000 recipients, ours the last', forged((report) => report.replace('\r\n\r\nFinal-Recipient', `\r\n\r\n${Array.from({ length: 10_000 }, (_, index) => `Final-Recipient: rfc822; v${index}@other.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n`).join('')}Final-Recipient`))],
    ['a report in a report in a report', forged((report) => Array.from({ length: 30 }).reduce<string>((inner, _, depth) => `From: x@y.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=n${depth}\r\n\r\n--n${depth}\r\n${inner.replace(/^[^]*?(?=Content-Type: multipart)/, '')}\r\n--n${depth}--\r\n`, report))],
    ['100,000 parts', forged((report) => report.replace(/\r\n--8A31/, `${'\r\n--8A31.1772438410/mx.beta.example\r\n'.repeat(100_000)}\r\n--8A31`))],
    ['a status of nothing but blank lines', forged((report) => report.replace('Reporting-MTA', `${'\r\n \t'.repeat(100_000)}\r\nReporting-MTA`).slice(0, 300_000))],
    ['a boundary of nothing', forged((report) => report.replaceAll('boundary="8A31.1772438410/mx.beta.example"', 'boundary=""'))],
  ])('%s', async (_name, made) => {
    const message = server.deliver(await made());
    const began = Date.now();
    const reader = await mailbox();
    expect(await reader.look(FOREVER)).toBeNull();
    expect(Date.now() - began).toBeLessThan(3_000);
    expect(await bounces()).toEqual([]);
    expect(await statesOf(db.database, organisation)).toEqual(['C0000 sent', 'C0001 sent', 'C0002 sent']);
    expect([...message.flags]).toEqual([]);
    expect(boxes()).toEqual({ inbox: 1, done: 0, refused: 0 });
    // Counted once, not at every look.
    expect(await reader.look(FOREVER)).toBeNull();
    expect(await counted()).toMatchObject({ noted: 0, left: 1 });
  });
});

describe('how much is looked at, and what fails', () => {
  test('ours among fifty recipients is found, and it alone is noted', async () => {
    server.deliver(reportOn(mailAt(0), 'unknown-user').replace('\r\n\r\nFinal-Recipient', `\r\n\r\n${Array.from({ length: 49 }, (_, index) => `Final-Recipient: rfc822; v${index}@other.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n`).join('')}Final-Recipient`));
    await look();
    expect(await bounces()).toEqual(['hard 5.1.1 report system:inbox']);
  });

  test('a message of 5 MB brought back is not fetched whole', async () => {
    server.deliver(reportOn(mailAt(0), 'gmail').replace('Bonjour', 'x'.repeat(5_000_000)));
    await look();
    expect(await bounces()).toHaveLength(1);
    expect(server.commands.filter((one) => one.includes('BODY.PEEK[]'))).toEqual([expect.stringContaining(`<0.${512 * 1024}>`)]);
  });

  test('a receipt that a message was read, and an absence, are messages of others', async () => {
    server.deliver(reportOn(mailAt(0), 'unknown-user').replace('report-type=delivery-status', 'report-type=disposition-notification'));
    server.deliver(reportOn(mailAt(0), 'out-of-office'));
    expect(await look()).toBeNull();
    expect(boxes()).toEqual({ inbox: 2, done: 0, refused: 0 });
    expect(await counted()).toBeUndefined();
  });

  test('the database is away: it stays unread and is tried again; a report that makes its reading fail is left after three looks', async () => {
    server.deliver(reportOn(mailAt(0), 'unknown-user'));
    const failing = await mailbox({}, { bytesMax: 1_000_000, take: () => Promise.reject(new Error('fails')) });
    for (let turn = 0; turn < 3; turn += 1) expect((await failing.look(FOREVER))?.code).toBe('intake.inbox.takingFailed');
    expect(await failing.look(FOREVER)).toBeNull();
    expect(await counted()).toMatchObject({ noted: 0, left: 1 });
    expect(boxes()).toEqual({ inbox: 1, done: 0, refused: 0 });
    expect(await look()).toBeNull();
    expect(await bounces()).toHaveLength(1);
  });
});

test('planted bug: a report believed for its recipient alone, without our Message-ID, would silence a customer’s mailbox', async () => {
  const silenced = async (): Promise<number> => {
    server.deliver(reportOn(mailAt(0), 'unknown-user').replaceAll(idOf(mailAt(0)), '<1.1@duval.example>'));
    await look();
    return (await bounces()).length;
  };
  expect(await silenced()).toBe(0);
  const bug = plantInSql(db.database, [{ from: 'where m.header_id =', to: `where m.recipient = '${mailAt(0).to}' or m.header_id =` }]);
  try {
    expect(await silenced()).toBe(1);
  } finally {
    bug.remove();
  }
});

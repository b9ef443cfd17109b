import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { listOrganisations } from '#server/identity/organisations.ts';
import { manualClock } from '#server/plumbing/clock.ts';
import { createLog } from '#server/plumbing/log.ts';
import { readSettings } from '#server/plumbing/settings.ts';
import { fecOf, givenOrganisation } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { startImapServer } from '#server/testing/imap-server.ts';
import type { ImapServer } from '#server/testing/imap-server.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { createTeller, readInboxState } from './inbox-state.ts';
import type { MailLimits } from './mail-session.ts';
import { openMailbox } from './mailbox.ts';
import type { Mailbox } from './mailbox.ts';
import { checkMailboxSettings } from './mailbox-settings.ts';
import type { MailboxSettings } from './mailbox-settings.ts';

const FOREVER = new AbortController().signal;
const LIMITS: MailLimits = { openMs: 2_000, commandMs: 2_000, messageMs: 5_000 };
const FROM = 'compta@cabinet.example';
const PASSWORD = 'mot "de" passe é';

const ledger = (piece: string): string => fecOf([{ code: 'C1', piece, on: '2026-01-10', debit: '100,00' }]);
const base64 = (content: string | Buffer): string => (Buffer.from(content).toString('base64').match(/.{1,76}/g) ?? []).join('\r\n');

type Part = { readonly name: string; readonly content: string | Buffer; readonly type?: string; readonly more?: string };

const part = ({ name, content, type = 'application/octet-stream', more = '' }: Part): string =>
  `--b\r\nContent-Type: ${type}; name="${name}"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="${name}"\r\n${more}\r\n${base64(content)}\r\n`;

function mail(parts: readonly Part[], head: { from?: string; before?: string } = {}): string {
  return `${head.before ?? ''}From: ${head.from ?? `Compta <${FROM}>`}\r\nTo: factures@duval.example\r\nSubject: =?utf-8?q?Grand_livre_de_f=C3=A9vrier?=\r\nMessage-ID: <${parts.length}@x>\r\nDate: Mon, 02 Mar 2026 08:00:00 +0000\r\n`
    + `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n${parts.map(part).join('')}--b--\r\n`;
}

let db: TestDatabase;
let server: ImapServer;
let organisation: OrganisationId;
let dataDir: string;
let made = 0;
const clock = manualClock('2026-03-02T08:00:00.000Z');
const log = createLog('silent');

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  made += 1;
  server = await startImapServer({ user: 'duval', password: PASSWORD });
  organisation = await givenOrganisation(db.database, { code: `duval-${made}` });
  dataDir = await scratchFolder();
});
afterEach(() => server.stop());

function mailbox(more: Record<string, string> = {}, of: TestDatabase['database'] = db.database, planted: Partial<MailboxSettings> = {}): Mailbox {
  const settings = must(checkMailboxSettings(must(readSettings({
    ACQUIT_IMAP_URL: `imap://duval@127.0.0.1:${server.port}/INBOX`, ACQUIT_IMAP_PASSWORD: PASSWORD, ACQUIT_IMAP_FROM: `${FROM.toUpperCase()}, @partenaire.example`,
    ACQUIT_IMAP_ORGANISATION: `duval-${made}`, ...more,
  }))));
  if (settings === null) throw new Error('no mailbox');
  return openMailbox({ database: of, clock, log, organisations: () => listOrganisations(db.database), settings: { ...settings, ...planted }, limits: LIMITS, teller: createTeller({ dataDir, clock, log }), inbox: { root: join(dataDir, 'inbox'), watched: false, ours: true } });
}

const imports = async (): Promise<string[]> => {
  const rows = await db.database.inTenant(organisation, (t) => t.rows<{ said: string }>(t.sql`select i.file_name || ' ' || i.status || ' ' || i.actor as said from ${t.from('import')} i order by i.import_id`));
  return rows.map((row) => row.said);
};
const count = (box: string): number => server.messagesIn(box).length;
const boxes = (): Record<string, number> => ({ inbox: count('INBOX'), done: count('Acquit/Traité'), refused: count('Acquit/Refusé') });

async function refusedReports(): Promise<string> {
  const folder = join(dataDir, 'inbox', `duval-${made}`, 'refused');
  const names = await readdir(folder).catch(() => []);
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

test('a ledger mailed by a listed sender is imported by the system, and its message filed', async () => {
  server.deliver(mail([{ name: 'livre.txt', content: ledger('FA1') }]));
  expect(await mailbox().look(FOREVER)).toBeNull();
  expect(await imports()).toEqual(['livre.txt applied system:inbox']);
  expect(boxes()).toEqual({ inbox: 0, done: 1, refused: 0 });
  // The only organisation of this database: its reports lie in the folder itself.
  const [report] = await readdir(join(dataDir, 'inbox', 'done', '2026-03'));
  expect(report).toBe('Grand livre de février.txt');
  const text = await readFile(join(dataDir, 'inbox', 'done', '2026-03', 'Grand livre de février.txt'), 'utf8');
  expect(text).toContain(`${FROM} · 2026-03-02T08:00:00.000Z`);
  expect(text).toContain('livre.txt: taken (fec, 2 lines)');
});

test('the same message delivered twice, and one found again after a crash, change nothing', async () => {
  const source = mail([{ name: 'livre.txt', content: ledger('FA1') }]);
  server.deliver(source);
  server.faults.hangUpOn = /^UID MOVE/;
  expect((await mailbox().look(FOREVER))?.code).toBe('intake.inbox.mailboxUnreachable');
  expect(boxes()).toEqual({ inbox: 1, done: 0, refused: 0 });
  delete server.faults.hangUpOn;
  server.deliver(source);
  expect(await mailbox().look(FOREVER)).toBeNull();
  expect(await imports()).toHaveLength(1);
  expect(boxes()).toEqual({ inbox: 0, done: 2, refused: 0 });
});

describe('who may send', () => {
  const attached = [{ name: 'livre.txt', content: ledger('FA1') }];

  test.each([
    ['somebody else', 'pirate@ailleurs.example'],
    ['a listed name before another address', `"${FROM}" <pirate@ailleurs.example>`],
    ['a listed address as a part of another one', `x${FROM}, pirate@ailleurs.example`.split(',')[1] ?? ''],
    ['an address that only ends like a listed one', 'x.compta@cabinet.example'],
    ['a sub-domain of a listed domain', 'a@sous.partenaire.example'],
    ['a domain that ends like a listed one', 'a@pas-partenaire.example'],
    ['nobody', ''],
  ])('%s: nothing is read, the message stays as it was', async (_name, from) => {
    const message = server.deliver(mail(attached, { from }));
    const reader = mailbox();
    expect(await reader.look(FOREVER)).toBeNull();
    expect(await reader.look(FOREVER)).toBeNull();
    expect(await imports()).toEqual([]);
    expect(boxes()).toEqual({ inbox: 1, done: 0, refused: 0 });
    expect([...message.flags]).toEqual([]);
    expect(server.commands.filter((one) => one.includes('BODY.PEEK[]'))).toEqual([]);
    expect(server.commands.filter((one) => one.includes('HEADER.FIELDS'))).toHaveLength(1);
  });

  test.each([
    ['a listed domain', 'a@partenaire.example', ''],
    ['in capitals', FROM.toUpperCase(), ''],
    ['proven', FROM, 'Authentication-Results: mx.duval.example; dmarc=pass (spf=fail) header.from=cabinet.example; spf=pass\r\n'],
    ['forwarded: SPF breaks, DMARC holds', FROM, 'Authentication-Results: mx.duval.example; spf=fail; dkim=pass; dmarc=pass\r\n'],
    ['softly doubtful', FROM, 'Authentication-Results: mx.duval.example; spf=softfail; dmarc=none\r\n'],
  ])('%s: taken', async (_name, from, before) => {
    server.deliver(mail(attached, { from, before }));
    expect(await mailbox().look(FOREVER)).toBeNull();
    expect(boxes()).toEqual({ inbox: 0, done: 1, refused: 0 });
  });

  test.each([
    ['dmarc=fail', 'Authentication-Results: mx.duval.example; spf=pass; dmarc=fail (p=none)\r\n'],
    ['dmarc=fail', 'Authentication-Results: mx.duval.example;\r\n\tspf=pass;\r\n\tdmarc = FAIL\r\nAuthentication-Results: mx.duval.example; dmarc=pass\r\n'],
    ['dmarc=fail', 'Authentication-Results: forged; dmarc=pass\r\nAuthentication-Results: mx.duval.example; dmarc=fail\r\n'],
    ['spf=fail', 'Authentication-Results: mx.duval.example; spf=fail smtp.mailfrom=x\r\nAuthentication-Results: forged; dmarc=pass\r\n'],
    ['dkim=fail', 'Authentication-Results: mx.duval.example; dkim=fail\r\n'],
  ])('a listed sender whom the receiving server does not believe (%s): refused, nothing taken', async (check, before) => {
    server.deliver(mail(attached, { before }));
    expect(await mailbox().look(FOREVER)).toBeNull();
    expect(await imports()).toEqual([]);
    expect(boxes()).toEqual({ inbox: 0, done: 0, refused: 1 });
    expect(await refusedReports()).toContain(check);
  });

  test.each([
    ['two From lines', `${FROM}\r\nFrom: pirate@ailleurs.example`],
    ['two addresses', `${FROM}, pirate@ailleurs.example`],
    ['a group', `cabinet: ${FROM}, pirate@ailleurs.example;`],
  ])('%s: refused', async (_name, from) => {
    server.deliver(mail(attached, { from }));
    await mailbox().look(FOREVER);
    expect(await imports()).toEqual([]);
    expect(await refusedReports()).toContain('several senders');
  });
});

test('planted bug: a reader that ignores ACQUIT_IMAP_FROM is found', async () => {
  const takenFrom = async (reader: Mailbox): Promise<number> => {
    server.deliver(mail([{ name: 'livre.txt', content: ledger('FA1') }], { from: 'pirate@ailleurs.example' }));
    await reader.look(FOREVER);
    return (await imports()).length;
  };
  expect(await takenFrom(mailbox())).toBe(0);
  const everybody = Object.assign(['@x.example'], { includes: () => true });
  expect(await takenFrom(mailbox({}, db.database, { senders: everybody }))).toBe(1);
});

describe('what a message carries', () => {
  test.each<[string, string | Buffer, string]>([
    ['nothing', mail([]), 'carries no file to read'],
    ['only the picture of a signature', mail([{ name: 'logo.png', content: 'x', type: 'image/png' }]), 'carries no file to read'],
    ['a message in a message', mail([{ name: 'tr.eml', content: mail([{ name: 'livre.txt', content: ledger('FA7') }]), type: 'message/rfc822' }]), 'is not opened'],
    ['51 files', mail(Array.from({ length: 51 }, (_, n) => ({ name: `${n}.txt`, content: ledger(`F${n}`) }))), 'more than 50 attachments'],
    ['a file of no kind we read', mail([{ name: 'x.txt', content: 'bonjour' }]), 'Format not recognised'],
  ])('%s: refused with its reason, nothing taken', async (_name, source, said) => {
    server.deliver(source);
    expect(await mailbox().look(FOREVER)).toBeNull();
    expect(await imports()).toEqual([]);
    expect(boxes()).toEqual({ inbox: 0, done: 0, refused: 1 });
    expect(await refusedReports()).toContain(said);
  });

  test('a ledger beside the picture of a signature is taken', async () => {
    server.deliver(mail([{ name: 'logo.png', content: 'x', type: 'image/png' }, { name: 'livre.txt', content: ledger('FA1') }]));
    await mailbox().look(FOREVER);
    expect(boxes()).toEqual({ inbox: 0, done: 1, refused: 0 });
  });

  test('a good and a bad file: the good one is taken, the message goes where a person looks', async () => {
    server.deliver(mail([{ name: 'livre.txt', content: ledger('FA1') }, { name: 'x.txt', content: 'bonjour' }]));
    await mailbox().look(FOREVER);
    expect(await imports()).toHaveLength(1);
    expect(boxes()).toEqual({ inbox: 0, done: 0, refused: 1 });
  });

  test.each([
    ['S3-057', '../../x', '___.._x'], ['S3-058', '=?utf-8?q?a=0D=0ASet-Cookie:_x=3D1?=', 'aSet-Cookie_ x=1'], ['S3-061', 'con.pdf', '_con.pdf'],
    ['a NUL, which the database refuses', '=?utf-8?q?li=00vre.txt?=', 'livre.txt'], ['S3-065: no name', '', 'sans-nom'],
  ])('%s: the name of an attachment cannot escape', async (_id, given, kept) => {
    server.deliver(mail([{ name: given, content: ledger('FA1') }]));
    expect(await mailbox().look(FOREVER)).toBeNull();
    expect(await imports()).toEqual([`${kept} applied system:inbox`]);
  });

});

describe('messages built to hurt', () => {
  test.each([
    ['cut in the middle of its attachment', (text: string) => text.slice(0, text.length / 2)],
    ['no end of its parts', (text: string) => text.replace('--b--', '')],
    ['no blank line', (text: string) => text.replaceAll('\r\n\r\n', '\r\n')],
    ['a base64 of nonsense', (text: string) => text.replace(/[A-Za-z0-9+/]{76}/g, '§§')],
    ['parts in parts, 5,000 deep', (text: string) => text.replace('--b\r\n', Array.from({ length: 5_000 }, (_, n) => `--${n === 0 ? 'b' : `b${n}`}\r\nContent-Type: multipart/mixed; boundary=b${n + 1}\r\n\r\n`).join(''))],
  ])('a broken message (%s) hurts nobody: no import that is not whole, the next message is taken', async (_name, breakIt) => {
    server.deliver(breakIt(mail([{ name: 'abîmé.txt', content: ledger('FA1').repeat(3) }])));
    server.deliver(mail([{ name: 'bon.txt', content: ledger('FA2') }]));
    await mailbox().look(FOREVER);
    expect((await imports()).filter((one) => one.startsWith('bon.txt'))).toHaveLength(1);
    expect(count('INBOX')).toBe(0);
  });

  test('too large by what the server says: never fetched; by what comes: not read', async () => {
    server.faults.claimedSize = 60 * 1024 * 1024;
    server.deliver(mail([{ name: 'livre.txt', content: ledger('FA1') }]));
    await mailbox().look(FOREVER);
    expect(server.commands.filter((one) => one.includes('BODY.PEEK[]'))).toEqual([]);
    expect(await refusedReports()).toContain('larger than 50 MB');
    server.faults.claimedSize = 100;
    server.deliver(Buffer.concat([Buffer.from(mail([{ name: 'livre.txt', content: ledger('FA1') }])), Buffer.alloc(50 * 1024 * 1024 + 1, 'x')]));
    await mailbox().look(FOREVER);
    expect(await imports()).toEqual([]);
    expect(boxes()).toEqual({ inbox: 0, done: 0, refused: 2 });
  });
});

describe('a server that fails', () => {
  const state = async (): Promise<string | null | undefined> => (await readInboxState(dataDir))['mailbox']?.code;

  test('a wrong password is a state of its own, and well again when corrected', async () => {
    expect((await mailbox({ ACQUIT_IMAP_PASSWORD: 'faux' }).look(FOREVER))?.code).toBe('intake.inbox.mailboxPassword');
    expect(await state()).toBe('intake.inbox.mailboxPassword');
    await mailbox().look(FOREVER);
    expect(await state()).toBeNull();
    expect(server.commands.join('\n')).not.toContain('faux');
  });

  test('a mailbox that is not there', async () => {
    expect((await mailbox({ ACQUIT_IMAP_URL: `imap://duval@127.0.0.1:${server.port}/Ailleurs` }).look(FOREVER))?.code).toBe('intake.inbox.mailboxMissing');
  });

  test('no server', async () => {
    const reader = mailbox();
    await server.stop();
    expect((await reader.look(FOREVER))?.code).toBe('intake.inbox.mailboxUnreachable');
  });

  test('TLS where there is none: nothing is said in clear', async () => {
    expect((await mailbox({ ACQUIT_IMAP_URL: `imaps://duval@127.0.0.1:${server.port}/INBOX` }).look(FOREVER))?.code).toMatch(/mailboxTls|mailboxUnreachable|mailboxSlow/);
    expect(server.commands.join('\n')).not.toContain('LOGIN');
  });

  test('a connection lost in the middle of a message: nothing of it is taken; the others pass first, then it is taken whole', async () => {
    const broken = server.deliver(mail([{ name: 'gros.txt', content: ledger('FA1') }]));
    server.faults.cutAfter = { command: new RegExp(`^UID FETCH ${broken.uid} .*BODY\\.PEEK\\[\\]`), bytes: 400 };
    const reader = mailbox();
    expect((await reader.look(FOREVER))?.code).toBe('intake.inbox.mailboxUnreachable');
    server.deliver(mail([{ name: 'autre.txt', content: ledger('FA2') }]));
    expect((await reader.look(FOREVER))?.code).toBe('intake.inbox.mailboxUnreachable');
    expect(await imports()).toEqual(['autre.txt applied system:inbox']);
    delete server.faults.cutAfter;
    expect(await reader.look(FOREVER)).toBeNull();
    expect(await imports()).toHaveLength(2);
  });

});

describe('a server that is slow, or lets little be done', () => {
  test('one byte a second: given up in time, and a stop ends it at once', async () => {
    server.faults.trickleMs = 1_000;
    const began = Date.now();
    expect((await mailbox().look(FOREVER))?.code).toBe('intake.inbox.mailboxSlow');
    expect(Date.now() - began).toBeLessThan(LIMITS.openMs + 1_500);
    const stopping = new AbortController();
    const look = mailbox().look(stopping.signal);
    setTimeout(() => stopping.abort(), 300);
    const asked = Date.now();
    expect(await look).toBeNull();
    expect(Date.now() - asked).toBeLessThan(1_300);
  });

  test('no MOVE: by copy and delete of this one message; without UIDPLUS either, nothing is expunged and the message is marked', async () => {
    server.faults.without = ['MOVE'];
    const deleted = server.deliver('Subject: x\r\n\r\nde quelqu\'un\r\n');
    deleted.flags.add('\\Deleted');
    server.deliver(mail([{ name: 'livre.txt', content: ledger('FA1') }]));
    expect(await mailbox().look(FOREVER)).toBeNull();
    expect(boxes()).toEqual({ inbox: 1, done: 1, refused: 0 });
    server.faults.without = ['MOVE', 'UIDPLUS'];
    const marked = server.deliver(mail([{ name: 'livre.txt', content: ledger('FA2') }]));
    expect(await mailbox().look(FOREVER)).toBeNull();
    expect([...marked.flags].toSorted()).toEqual(['\\Flagged', '\\Seen']);
    expect(boxes()).toEqual({ inbox: 2, done: 1, refused: 0 });
  });

  test('a mailbox that may only be read: taken once, told, and not again at every look', async () => {
    server.faults.refuse = /^(?:CREATE|UID (?:MOVE|COPY|STORE))/;
    server.deliver(mail([{ name: 'livre.txt', content: ledger('FA1') }]));
    const reader = mailbox();
    expect((await reader.look(FOREVER))?.code).toBe('intake.inbox.mailboxKept');
    await reader.look(FOREVER);
    expect(await imports()).toHaveLength(1);
    expect(server.commands.filter((one) => one.includes('BODY.PEEK[]'))).toHaveLength(1);
  });

  test('numbers given anew: what was left alone is judged again', async () => {
    server.deliver(mail([{ name: 'livre.txt', content: ledger('FA1') }], { from: 'pirate@ailleurs.example' }));
    const reader = mailbox();
    await reader.look(FOREVER);
    server.renumber();
    await reader.look(FOREVER);
    expect(server.commands.filter((one) => one.includes('HEADER.FIELDS'))).toHaveLength(2);
  });
});

describe('the database fails while a message is taken', () => {
  /** Reads go through, what changes something fails as long as `failing` says so. */
  const withFailing = (failing: () => boolean, answers: boolean): TestDatabase['database'] => {
    const open = db.withNets({ filter: true });
    const flaky = Object.create(open) as TestDatabase['database'];
    flaky.inTenant = (organisationId, work, options) => (failing() && options?.readOnly !== true ? Promise.reject(new Error('fails')) : open.inTenant(organisationId, work, options));
    if (!answers) {
      Object.defineProperty(flaky, 'pool', { value: { connect: () => open.pool.connect(), query: (text: string) => (failing() && text === 'select 1' ? Promise.reject(new Error('away')) : open.pool.query(text)) } });
    }
    return flaky;
  };

  test('it is away: the message stays unread for as long as that lasts, then it is taken', async () => {
    let away = true;
    const message = server.deliver(mail([{ name: 'livre.txt', content: ledger('FA1') }]));
    const reader = mailbox({}, withFailing(() => away, false));
    for (let look = 0; look < 5; look += 1) expect((await reader.look(FOREVER))?.code).toBe('intake.inbox.takingFailed');
    expect([...message.flags]).toEqual([]);
    expect(boxes()).toEqual({ inbox: 1, done: 0, refused: 0 });
    away = false;
    expect(await reader.look(FOREVER)).toBeNull();
    expect(await imports()).toHaveLength(1);
    expect(boxes()).toEqual({ inbox: 0, done: 1, refused: 0 });
  });

  test('it answers but the message makes it fail each time: after three looks the message is put aside, and the others get through', async () => {
    server.deliver(mail([{ name: 'livre.txt', content: ledger('FA1') }]));
    const reader = mailbox({}, withFailing(() => true, true));
    for (let look = 0; look < 3; look += 1) expect((await reader.look(FOREVER))?.code).toBe('intake.inbox.takingFailed');
    expect(await reader.look(FOREVER)).toBeNull();
    expect(boxes()).toEqual({ inbox: 0, done: 0, refused: 1 });
    expect(await refusedReports()).toContain('failed 3 times');
  });
});

test('two workers on one mailbox: each message is taken once', async () => {
  for (let n = 0; n < 6; n += 1) server.deliver(mail([{ name: `livre ${n}.txt`, content: ledger(`FC${n}`) }]));
  const readers = [mailbox(), mailbox({}, db.withNets({ filter: true }))];
  await Promise.all(readers.map((reader) => reader.look(FOREVER)));
  await Promise.all(readers.map((reader) => reader.look(FOREVER)));
  expect(await imports()).toHaveLength(6);
  expect(boxes()).toEqual({ inbox: 0, done: 6, refused: 0 });
});

test('an organisation that is not there, or not named among several: nothing is read', async () => {
  server.deliver(mail([{ name: 'livre.txt', content: ledger('FA1') }]));
  expect((await mailbox({ ACQUIT_IMAP_ORGANISATION: 'personne' }).look(FOREVER))?.code).toBe('intake.inbox.mailboxOrganisation');
  await givenOrganisation(db.database);
  expect((await mailbox({ ACQUIT_IMAP_ORGANISATION: '' }).look(FOREVER))?.code).toBe('intake.inbox.mailboxOrganisation');
  expect(server.commands).toEqual([]);
});

import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import type { MimeMessage } from './mime-problems.ts';
import { buildMail } from './mime.ts';
import type { StoredMail } from './mime.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import { createSmtpChannel } from './smtp.ts';
import type { SmtpChannel } from './smtp.ts';

type Taken = { readonly from: string; readonly to: readonly string[]; readonly bytes: Buffer; readonly session: string };

const taken: Taken[] = [];
let server: SMTPServer;
let channel: SmtpChannel;

const BASE: MimeMessage = {
  from: { address: 'compta@exemple.fr', name: 'Trois Rivières' },
  to: 'achats@client.fr',
  subject: 'Rappel',
  messageId: '<a1@exemple.fr>',
  date: '2026-02-15T08:00:00.000Z',
  text: 'Bonjour\n',
  html: '<p>Bonjour</p>',
};

function makeServer(): SMTPServer {
  return new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: 30 * 1024 * 1024,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map((one) => one.address), bytes: Buffer.concat(chunks), session: session.id });
        done();
      });
    },
  });
}

const portOf = (one: SMTPServer): number => {
  const address: string | AddressInfo | null = one.server.address();
  if (address === null || typeof address === 'string') throw new Error('the test server has no port');
  return address.port;
};

beforeAll(async () => {
  server = makeServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  channel = must(createSmtpChannel({ host: '127.0.0.1', port: portOf(server), connectionsMax: 2 }));
});

beforeEach(() => {
  taken.length = 0;
});

afterAll(async () => {
  await channel.close();
  await new Promise<void>((resolve) => {
    server.close(resolve);
  });
});

/** Sends, and gives what the sink took: one message to one recipient. */
async function sunk(mail: StoredMail): Promise<Buffer | undefined> {
  const outcome = await channel.send(mail);
  expect(outcome).toMatchObject({ kind: 'accepted', response: expect.stringMatching(/^250/) });
  expect(taken).toHaveLength(1);
  expect(taken[0]?.to).toEqual([mail.to]);
  expect(taken[0]?.from).toBe(mail.from);
  return taken[0]?.bytes;
}

test.each<[string, string, string]>([
  ['S4-038 line with a single dot', 'a\n.\nb', '<p>a</p>\n.\n<p>b</p>'],
  ['S4-039 dot CRLF dot CRLF and a second message', 'a\r\n.\r\nMAIL FROM:<evil@x.com>\r\nRCPT TO:<c@x.com>\r\nDATA\r\nfaux\r\n.\r\n', '<p>a\r\n.\r\n</p>'],
  ['S4-040 LF.LF', 'a\n.\nMAIL FROM:<evil@x.com>\n', '<p>\n.\n</p>'],
  ['S4-041 lone CR', 'a\r.\rb\rMAIL FROM:<evil@x.com>\r', '<p>a\r.\r</p>'],
  ['S4-042 8-bit text', 'é€ü\u00A0株', '<p>é€ü</p>'],
  ['S4-043 a line of 1 MB', 'z'.repeat(1024 * 1024), '<p>z</p>'],
  ['S4-044 a boundary inside the text', 'a\n--=_acquit-0123-Part_1--\n', '<p>--=_acquit</p>'],
  ['S4-045 a remote image', '<img src="https://evil.example/1x1.gif">', '<p>&lt;img src=&quot;https://evil.example/1x1.gif&quot;&gt;</p>'],
  ['S4-046 a data: URI', 'data:text/html;base64,PHNjcmlwdD4=', '<p>data:text/html;base64,PHNjcmlwdD4=</p>'],
  ['S4-047 a form action', '<form action="https://evil.example">', '<p>&lt;form action=&quot;https://evil.example&quot;&gt;</p>'],
  ['S4-048 a javascript: link', 'javascript:alert(1)', '<p>javascript:alert(1)</p>'],
  ['S4-049 a CSS expression', 'width:expression(alert(1))', '<p>width:expression(alert(1))</p>'],
])('%s: the sink takes one message, its bytes those stored', async (_name, text, html) => {
  const mail = must(await buildMail({ ...BASE, text, html }));
  expect((await sunk(mail))?.equals(mail.bytes)).toBe(true);
});

const raw = (text: string): StoredMail => {
  return { from: must(parseRecipient('compta@exemple.fr')), to: must(parseRecipient('achats@client.fr')), bytes: Buffer.from(text, 'latin1'), sha256: '' };
};

const HEAD = 'From: a@b.fr\r\nTo: c@d.fr\r\n\r\n';

test.each([
  ['lines that begin with dots', `${HEAD}.\r\n..\r\n...a\r\n.b\r\n`],
  ['a line of 998 octets', `${HEAD}${'a'.repeat(998)}\r\n`],
])('stored bytes with %s arrive as they are', async (_name, text) => {
  expect((await sunk(raw(text)))?.toString('latin1')).toBe(text);
});

test.each([
  ['a lone CR', `${HEAD}a\rb\r\n`],
  ['a lone LF', `${HEAD}a\n.\nb\r\n`],
  ['a CR before the end', `${HEAD}a\r`],
  ['8-bit octets', `${HEAD}é\r\n`],
  ['a NUL', `${HEAD}a\0b\r\n`],
  ['a line of 999 octets', `${HEAD}${'a'.repeat(999)}\r\n`],
  ['no last line end', `${HEAD}a`],
  ['nothing', ''],
])('stored bytes with %s never leave', async (_name, text) => {
  expect(await channel.send(raw(text))).toMatchObject({ kind: 'refused', stage: 'check', permanent: true });
  expect(taken).toEqual([]);
});

test.each(['a@b.fr, c@evil.com', 'a@b.fr\r\nRCPT TO:<c@evil.com>', '', 'undefined'])('the recipient %j is refused at hand-off too', async (to) => {
  const mail = Object.assign(must(await buildMail(BASE)), { to });
  expect(await channel.send(mail)).toMatchObject({ kind: 'refused', stage: 'check' });
  expect(taken).toEqual([]);
});

test('many messages at once use the two connections allowed, each message once', async () => {
  const mails = await Promise.all(Array.from({ length: 24 }, async (_, index) => must(await buildMail({ ...BASE, to: `client${index}@client.fr`, messageId: `<m${index}@exemple.fr>` }))));
  const outcomes = await Promise.all(mails.map((mail) => channel.send(mail)));
  expect(outcomes.every((outcome) => outcome.kind === 'accepted')).toBe(true);
  expect(taken).toHaveLength(mails.length);
  expect(new Set(taken.map((one) => one.to[0]))).toEqual(new Set(mails.map((mail) => mail.to)));
  expect(new Set(taken.map((one) => one.session)).size).toBeLessThanOrEqual(3);
});

test('right before the first byte it is asked whether the message may still leave: a claim that grew old in the queue does not', async () => {
  const asked: number[] = [];
  const outcome = await channel.send(must(await buildMail(BASE)), () => {
    asked.push(taken.length);
    return false;
  });
  expect(outcome).toMatchObject({ kind: 'refused', permanent: false, stage: 'check' });
  expect(asked).toEqual([0]);
  expect(taken).toEqual([]);
  // The session was not used: the next message leaves on it.
  expect(await channel.send(must(await buildMail(BASE)), () => true)).toMatchObject({ kind: 'accepted' });
});

test('and right before the last byte: a process that was stopped in the middle hangs up, and the server has no message', async () => {
  const large = must(await buildMail({ ...BASE, text: 'Bonjour\n'.repeat(20_000) }));
  const outcome = await channel.send(large, (stage) => stage === 'begin');
  expect(outcome).toMatchObject({ kind: 'refused', permanent: false, stage: 'check' });
  expect(await channel.send(must(await buildMail(BASE)), (stage) => stage === 'begin')).toMatchObject({ kind: 'refused', stage: 'check' });
  // Whatever the server had of them it would have by now: this one goes over the same places.
  expect(await channel.send(must(await buildMail(BASE)))).toMatchObject({ kind: 'accepted' });
  expect(taken).toHaveLength(1);
});

test('a connection the server closed while at rest is replaced, the message leaves once', async () => {
  const other = makeServer();
  await new Promise<void>((resolve) => {
    other.listen(0, '127.0.0.1', resolve);
  });
  const own = must(createSmtpChannel({ host: '127.0.0.1', port: portOf(other) }));
  const mail = must(await buildMail(BASE));
  expect((await own.send(mail)).kind).toBe('accepted');
  for (const connection of other.connections) connection.close();
  expect((await own.send(mail)).kind).toBe('accepted');
  expect(taken).toHaveLength(2);
  await own.close();
  expect(await own.send(mail)).toMatchObject({ kind: 'refused', stage: 'check', permanent: false });
  await new Promise<void>((resolve) => {
    other.close(resolve);
  });
});

test('a server without TLS is refused when TLS is asked for, and nothing is said to it', async () => {
  const strict = must(createSmtpChannel({ host: '127.0.0.1', port: portOf(server), security: 'startTls' }));
  expect(await strict.send(must(await buildMail(BASE)))).toMatchObject({ kind: 'refused', permanent: false, stage: 'session' });
  expect(taken).toEqual([]);
  await strict.close();
});

test('a server whose certificate nobody vouches for is refused, in both ways of TLS', async () => {
  for (const secure of [false, true]) {
    const other = new SMTPServer({ secure, onData: (stream) => stream.resume() });
    other.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const own = must(createSmtpChannel({ host: '127.0.0.1', port: portOf(other), security: secure ? 'tls' : 'startTls' }));
    expect(await own.send(must(await buildMail(BASE)))).toMatchObject({ kind: 'refused', permanent: false, stage: 'session', response: expect.stringMatching(/certificate|expired|self/i) });
    await own.close();
    await new Promise<void>((resolve) => {
      other.close(resolve);
    });
  }
});

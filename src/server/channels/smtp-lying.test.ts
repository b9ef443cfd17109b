import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import { act, converse, GOOD } from '#server/testing/smtp-dialogue.ts';
import type { Act, Script } from '#server/testing/smtp-dialogue.ts';
import { buildMail } from './mime.ts';
import type { StoredMail } from './mime.ts';
import type { SmtpOutcome } from './smtp-outcome.ts';
import type { SmtpSettings } from './smtp-settings.ts';
import { createSmtpChannel } from './smtp.ts';

let servers: Server[] = [];
let sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  servers = [];
  sockets = [];
});

async function serve(script: Script): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    converse(socket, script);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address: string | AddressInfo | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the test server has no port');
  return address.port;
}

async function mailOf(size: number): Promise<StoredMail> {
  const mail = must(
    await buildMail({
      from: { address: 'compta@exemple.fr' },
      to: 'achats@client.fr',
      subject: 'Rappel',
      messageId: '<a1@exemple.fr>',
      date: '2026-02-15T08:00:00.000Z',
      text: 'x',
      html: '<p>x</p>',
    }),
  );
  const padding = 'x'.repeat(70).concat('\r\n').repeat(Math.ceil(size / 72));
  return { ...mail, bytes: Buffer.concat([mail.bytes, Buffer.from(padding)]) };
}

async function outcomeWith(script: Script, options: Partial<SmtpSettings> & { size?: number } = {}): Promise<SmtpOutcome> {
  const { size = 100, ...settings } = options;
  const channel = must(
    createSmtpChannel({ host: '127.0.0.1', port: await serve(script), connectTimeoutMs: 400, answerTimeoutMs: 300, sendTimeoutMs: 2_000, ...settings }),
  );
  const outcome = await channel.send(await mailOf(size));
  await channel.close();
  return outcome;
}

/** Beyond what the buffers of both ends can swallow, so that the end surely has not left. */
const LARGE = 19 * 1024 * 1024;
/** What the outcome must say, and with which settings and size of message. */
type Refusal = { permanent: boolean; stage: 'session' | 'message'; with?: Partial<SmtpSettings> & { size?: number } };

const silence: Act = () => undefined;
const reset: Act = (socket) => socket.resetAndDestroy();
const hangUp: Act = (socket) => socket.destroy();
const sayThen = (words: string, then: (socket: Socket) => void, waitMs = 50): Act => (socket) => {
  socket.write(`${words}\r\n`);
  setTimeout(() => then(socket), waitMs);
};

test.each<[string, Script]>([
  ['a plain 250', {}],
  ['250, then reset', { dot: sayThen('250 taken', (socket) => socket.resetAndDestroy()) }],
  ['250, then hang-up', { dot: sayThen('250 taken', (socket) => socket.destroy(), 0) }],
  ['250 in two pieces', { dot: (socket) => { socket.write('25'); setTimeout(() => socket.write('0 taken\r\n'), 50); } }],
  ['250 on several lines', { dot: '250-one\r\n250 two' }],
  ['251 at RCPT', { rcpt: '251 will forward' }],
])('%s → accepted', async (_name, script) => {
  expect(await outcomeWith(script)).toMatchObject({ kind: 'accepted', response: expect.stringContaining('25') });
});

test.each<[string, Script, object?]>([
  ['silence after the final dot', { dot: silence }],
  ['reset before the 250', { dot: reset }],
  ['hang-up before the 250', { dot: hangUp }],
  ['half a reply, then hang-up', { dot: (socket) => { socket.write('25'); setTimeout(() => socket.destroy(), 20); } }],
  ['a refusal cut before its line end', { dot: (socket) => { socket.write('550 no'); setTimeout(() => socket.destroy(), 20); } }],
  ['a stray 354 after the dot', { dot: '354 go on' }],
  ['a reply that is no SMTP', { dot: 'bonjour' }],
  ['reset as the content of a small message begins', { content: reset }],
  ['an extra 250 that shifts every reply', { mail: '250 ok\r\n250 ok' }],
  ['250 before the content was sent', { content: (socket) => { socket.pause(); socket.write('250 taken\r\n'); } }, { size: LARGE }],
  ['one octet of a reply every 20 ms, without end', { dot: (socket) => { const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write('2')), 20); } }, { sendTimeoutMs: 800 }],
])('%s → unknown', async (_name, script, options) => {
  expect(await outcomeWith(script, options)).toMatchObject({ kind: 'unknown' });
});

test.each<[string, Script, Refusal]>([
  ['421 at the greeting', { greeting: '421 later' }, { permanent: false, stage: 'session' }],
  ['554 at the greeting', { greeting: '554 go away' }, { permanent: false, stage: 'session' }],
  ['hang-up before the greeting', { greeting: hangUp }, { permanent: false, stage: 'session' }],
  ['no greeting', { greeting: silence }, { permanent: false, stage: 'session' }],
  ['hang-up at EHLO', { ehlo: hangUp }, { permanent: false, stage: 'session' }],
  ['TLS not offered though required', {}, { permanent: false, stage: 'session', with: { security: 'startTls' } }],
  ['a wrong password', { ehlo: '250-hi\r\n250 AUTH PLAIN' }, { permanent: false, stage: 'session', with: { user: 'u', password: 'p' } }],
  ['550 at MAIL', { mail: '550 sender refused' }, { permanent: true, stage: 'message' }],
  ['451 at MAIL', { mail: '451 later' }, { permanent: false, stage: 'message' }],
  ['550 at RCPT', { rcpt: '550 no such user' }, { permanent: true, stage: 'message' }],
  ['450 at RCPT', { rcpt: '450 greylisted' }, { permanent: false, stage: 'message' }],
  ['421 at RCPT', { rcpt: sayThen('421 closing', (socket) => socket.destroy()) }, { permanent: false, stage: 'message' }],
  ['550 at RCPT when commands are pipelined', { ehlo: '250-hi\r\n250 PIPELINING', rcpt: '550 no such user', data: '503 no recipient' }, { permanent: true, stage: 'message' }],
  ['hang-up at RCPT', { rcpt: hangUp }, { permanent: false, stage: 'session' }],
  ['silence at RCPT', { rcpt: silence }, { permanent: false, stage: 'session' }],
  ['silence at DATA', { data: silence }, { permanent: false, stage: 'session' }],
  ['reset at DATA', { data: reset }, { permanent: false, stage: 'session' }],
  ['554 at DATA', { data: '554 no' }, { permanent: true, stage: 'message' }],
  ['552 after the final dot', { dot: '552 too large' }, { permanent: true, stage: 'message' }],
  ['451 after the final dot', { dot: '451 later' }, { permanent: false, stage: 'message' }],
  ['421 after the final dot', { dot: '421 later' }, { permanent: false, stage: 'message' }],
  ['503 after the final dot', { dot: '503 lost' }, { permanent: false, stage: 'message' }],
  ['a size limit announced below ours', { ehlo: '250-hi\r\n250 SIZE 10' }, { permanent: true, stage: 'message' }],
  ['reset in the middle of a large message', { content: reset }, { permanent: false, stage: 'message', with: { size: LARGE } }],
  ['a server that stops reading a large message', { content: (socket) => socket.pause() }, { permanent: false, stage: 'message', with: { size: LARGE } }],
])('%s → refused', async (_name, script, { with: options, ...expected }) => {
  expect(await outcomeWith(script, options)).toMatchObject({ kind: 'refused', ...expected });
});

test('the reason of a refusal is the server’s own words', async () => {
  const outcome = await outcomeWith({ ehlo: '250-hi\r\n250 AUTH PLAIN' }, { user: 'u', password: 'p' });
  expect(outcome).toMatchObject({ response: '535 wrong password' });
  expect(await outcomeWith({ greeting: '421 come back later' })).toMatchObject({ response: '421 come back later' });
});

test('a port where nobody listens → refused, temporary', async () => {
  const channel = must(createSmtpChannel({ host: '127.0.0.1', port: 1, connectTimeoutMs: 400 }));
  expect(await channel.send(await mailOf(10))).toMatchObject({ kind: 'refused', permanent: false, stage: 'session' });
  await channel.close();
});

test('the message is spoken of once, whatever the server does (no retry inside)', async () => {
  for (const script of [{ dot: silence }, { dot: reset }, { rcpt: hangUp }, { mail: '451 later' }, { dot: '421 later' }] satisfies Script[]) {
    let mails = 0;
    const answer = (script as Script).mail ?? GOOD.mail;
    await outcomeWith({ ...script, mail: (socket) => { mails += 1; act(socket, answer); } });
    expect(mails).toBe(1);
  }
});

/** Sends so many messages over one connection at a time, all waiting in the queue at once. */
async function outcomesOf(script: Script, count: number): Promise<string[]> {
  const channel = must(createSmtpChannel({ host: '127.0.0.1', port: await serve(script), connectionsMax: 1, connectTimeoutMs: 400, answerTimeoutMs: 300, sendTimeoutMs: 2_000 }));
  const mails = await Promise.all(Array.from({ length: count }, () => mailOf(100)));
  const outcomes = await Promise.all(mails.map((mail) => channel.send(mail)));
  await channel.close();
  return outcomes.map(({ kind }) => kind);
}

test.each<[string, (socket: Socket) => void]>([
  ['421', (socket) => socket.end('421 too many messages in this session\r\n')],
  ['no word', (socket) => socket.destroy()],
])('a server that ends each session after two messages, with %s, gets them all, each once', async (_name, end) => {
  const mails = new Map<Socket, number>();
  let dots = 0;
  const kinds = await outcomesOf({
    mail: (socket) => {
      const count = (mails.get(socket) ?? 0) + 1;
      mails.set(socket, count);
      if (count > 2) end(socket);
      else socket.write('250 ok\r\n');
    },
    dot: (socket) => {
      dots += 1;
      socket.write('250 taken\r\n');
    },
  }, 7);
  expect(kinds).toEqual(Array(7).fill('accepted'));
  expect([dots, mails.size]).toEqual([7, 4]);
});

test('a fresh session that ends the same way is a refusal: a message is spoken of on two sessions at most', async () => {
  let mails = 0;
  const kinds = await outcomesOf({
    mail: (socket) => {
      mails += 1;
      if (mails === 1) socket.write('250 ok\r\n');
      else socket.destroy();
    },
  }, 2);
  expect(kinds).toEqual(['accepted', 'refused']);
  expect(mails).toBe(3);
});

test.each(['250 taken\r\n250 taken', '250 taken\r\n354 more'])('a server that answers twice (%j) makes no message look taken that was not', async (twice) => {
  let dots = 0;
  const kinds = await outcomesOf({
    dot: (socket) => {
      dots += 1;
      socket.write(`${twice}\r\n`);
    },
  }, 6);
  const accepted = kinds.filter((kind) => kind === 'accepted').length;
  expect(accepted).toBeGreaterThan(0);
  expect(accepted).toBeLessThanOrEqual(dots);
});

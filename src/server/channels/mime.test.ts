// oxlint-disable-next-line typescript/triple-slash-reference -- the only way to the types of a package that ships none
/// <reference path="./mime-mailparser.d.ts" />
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import type { Attachment, MimeMessage } from './mime-problems.ts';
import { buildMail, messageIdOf } from './mime.ts';

const BASE: MimeMessage = {
  from: { address: 'compta@exemple.fr', name: 'Menuiserie des Trois Rivières' },
  to: 'achats@client.fr',
  replyTo: { address: 'compta+c421@exemple.fr' },
  subject: 'Rappel – 1\u202F234,56\u00A0€ à régler',
  messageId: '<a1b2@exemple.fr>',
  date: '2026-02-15T08:00:00.000Z',
  inReplyTo: '<a1b1@exemple.fr>',
  text: 'Bonjour,\n.\nà régler : 1\u202F234,56\u00A0€\n',
  html: '<!doctype html><p>Bonjour, à régler</p>',
  attachments: [{ fileName: 'relance C421 été.pdf', contentType: 'application/pdf', bytes: new Uint8Array([0, 255, 13, 10, 46, 13, 10]) }],
};

const attachment = (fileName: string): Attachment => ({ fileName, contentType: 'application/pdf', bytes: new Uint8Array([1]) });

/** Header names in order, of the part before the first empty line. */
const headerNames = (bytes: Buffer): string[] =>
  (bytes.toString('latin1').split('\r\n\r\n')[0] ?? '').split('\r\n').filter((line) => !/^[ \t]/.test(line)).map((line) => line.slice(0, line.indexOf(':')));

const OURS = ['From', 'To', 'Reply-To', 'In-Reply-To', 'References', 'Subject', 'Message-ID', 'Date', 'MIME-Version', 'Content-Type'];

test.each<[string, Partial<MimeMessage>, string]>([
  ['S4-026 subject with CRLF Bcc', { subject: 'Rappel\r\nBcc: evil@x.com' }, 'channels.headerControl'],
  ['S4-027 display name with CRLF', { from: { address: 'a@b.fr', name: 'A\r\nBcc: evil@x.com' } }, 'channels.headerControl'],
  ['S4-028 Reply-To with CRLF', { replyTo: { address: 'a@b.fr\r\nBcc: evil@x.com' } }, 'channels.recipient'],
  ['S4-028 Reply-To name with CRLF', { replyTo: { address: 'a@b.fr', name: 'x\nBcc: evil@x.com' } }, 'channels.headerControl'],
  ['S4-029 attachment name with CRLF', { attachments: [attachment('a.pdf"\r\nBcc: evil@x.com')] }, 'channels.headerControl'],
  ['S4-030 Message-ID with CRLF', { messageId: '<a@b.fr>\r\nBcc: evil@x.com' }, 'channels.headerControl'],
  ['S4-035 In-Reply-To of 100 kB', { inReplyTo: `<${'a'.repeat(100_000)}@b.fr>` }, 'channels.headerTooLong'],
  ['S4-036 subject of 10,000 chars', { subject: 'a'.repeat(10_000) }, 'channels.headerTooLong'],
  ['S4-037 subject with NUL', { subject: 'Rappel\0' }, 'channels.headerControl'],
  ['line separator U+2028 in the subject', { subject: 'Rappel\u2028Bcc: x' }, 'channels.headerControl'],
  ['lone surrogate in the subject', { subject: 'Rappel \uD800' }, 'channels.headerControl'],
  ['empty subject', { subject: ' ' }, 'channels.subjectEmpty'],
  ['Message-ID without brackets', { messageId: 'a@b.fr' }, 'channels.messageId'],
  ['two recipients', { to: 'a@b.fr, c@d.fr' }, 'channels.recipient'],
  ['no recipient', { to: '' }, 'channels.recipient'],
  ['sender with a route', { from: { address: '<a@b.fr>' } }, 'channels.recipient'],
  ['file name with a path', { attachments: [attachment('../../etc/passwd.pdf')] }, 'channels.fileName'],
  ['date that is no instant', { date: '15/02/2026' }, 'channels.date'],
  ['empty body', { text: '' }, 'channels.body'],
  ['files over the limit', { attachments: [{ ...attachment('a.pdf'), bytes: new Uint8Array(8 * 1024 * 1024) }] }, 'channels.attachments'],
])('%s is refused and nothing is built', async (_name, change, code) => {
  const built = await buildMail({ ...BASE, ...change });
  expect(built.ok ? [] : built.error.map((problem) => problem.code)).toContain(code);
});

test.each<[string, object]>([
  ['S4-031 List-Unsubscribe with CRLF', { list: { unsubscribe: 'https://x\r\nBcc: evil@x.com' }, headers: { 'List-Unsubscribe': '<https://x>\r\nBcc: evil@x.com' } }],
  ['S4-032 X-header from a custom field', { headers: { 'X-Custom': 'a\r\nBcc: evil@x.com' }, bcc: 'evil@x.com', cc: 'evil@x.com' }],
  ['S4-033 envelope with a size of its own', { envelope: { from: 'a@b.fr', to: ['evil@x.com'], size: '1\r\nRCPT TO:<evil@x.com>' }, raw: 'X: y' }],
])('%s: unknown fields are not read, the bytes are the same', async (_name, extra) => {
  const plain = must(await buildMail(BASE));
  const hostile = must(await buildMail({ ...BASE, ...extra }));
  expect(hostile.bytes.equals(plain.bytes)).toBe(true);
  expect(hostile.to).toBe(BASE.to);
});

test('the headers are ours and no other, and the message reads back as it was given', async () => {
  const mail = must(await buildMail(BASE));
  expect(headerNames(mail.bytes)).toEqual(OURS);
  const read = await simpleParser(mail.bytes);
  expect(read.subject).toBe(BASE.subject);
  expect(read.from?.value).toEqual([{ address: 'compta@exemple.fr', name: 'Menuiserie des Trois Rivières' }]);
  expect(read.to).toMatchObject({ value: [{ address: 'achats@client.fr', name: '' }] });
  expect(read.messageId).toBe(BASE.messageId);
  expect(read.inReplyTo).toBe(BASE.inReplyTo);
  expect(read.date?.toISOString()).toBe(BASE.date);
  expect(read.text?.trimEnd()).toBe(BASE.text.trimEnd());
  expect(read.attachments[0]?.filename).toBe('relance C421 été.pdf');
  expect(new Uint8Array(read.attachments[0]?.content ?? [])).toEqual(BASE.attachments?.[0]?.bytes);
});

test('no body can hold a boundary, even one that is known beforehand', async () => {
  const boundary = /boundary="([^"]+Part_2)"/.exec(must(await buildMail(BASE)).bytes.toString('latin1'))?.[1] ?? '';
  expect(boundary).toMatch(/^=_/);
  const mail = must(await buildMail({ ...BASE, text: `avant\n--${boundary}\nContent-Type: text/html\n\n<b>faux</b>\n--${boundary}--\n` }));
  const read = await simpleParser(mail.bytes);
  expect(read.text).toContain(`--${boundary}`);
  expect(read.html).toBe(BASE.html);
});

const messages: fc.Arbitrary<MimeMessage> = fc.record({
  from: fc.constant(BASE.from),
  to: fc.constantFrom('a@b.fr', 'prenom.nom@client.com'),
  subject: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).map((text) => `R ${text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, '')}`),
  messageId: fc.stringMatching(/^[a-f0-9]{16}$/).map((left) => messageIdOf(left, 'exemple.fr')),
  date: fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
  text: fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => `x${text.replaceAll('\0', '')}`),
  html: fc.constant(BASE.html),
});

/** Builds the bytes of an attempt made at an instant. */
type Builder = (message: MimeMessage, attemptAt: string) => Promise<Buffer>;

/** Invariant B2: the same intent gives the same bytes at each attempt, however much later. */
async function sameBytesAtRetry(build: Builder): Promise<void> {
  await fc.assert(
    fc.asyncProperty(messages, async (message) => {
      const first = await build(message, '2026-02-15T08:00:00.000Z');
      const second = await build(message, '2026-02-15T08:01:01.000Z');
      const third = await build(message, '2026-02-16T08:00:00.000Z');
      return second.equals(first) && third.equals(first);
    }),
    { numRuns: 60, seed: 20_261_122 },
  );
}

const ours: Builder = async (message) => must(await buildMail(message)).bytes;

/** The planted bug: the Date header says when the attempt was made. */
const rebuiltDate: Builder = async (message, attemptAt) => must(await buildMail({ ...message, date: attemptAt })).bytes;

/** The planted bug: boundaries that change with the attempt. */
const changingBoundary: Builder = async (message, attemptAt) =>
  Buffer.from((await ours(message, attemptAt)).toString('latin1').replaceAll('=_acquit-', `=_${Date.parse(attemptAt)}-`), 'latin1');

test('one intent is one byte string (B2)', async () => {
  await expect(sameBytesAtRetry(ours)).resolves.toBeUndefined();
});

test.each([
  ['Date rebuilt at retry', rebuiltDate],
  ['boundary made at each attempt', changingBoundary],
])('the property catches: %s', async (_name, build) => {
  await expect(sameBytesAtRetry(build)).rejects.toThrow(/Property failed/);
});

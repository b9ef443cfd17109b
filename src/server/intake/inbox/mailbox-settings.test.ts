import { expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import { readSettings } from '#server/plumbing/settings.ts';
import { checkMailboxSettings } from './mailbox-settings.ts';

const RIGHT = { ACQUIT_IMAP_URL: 'imaps://compta%40duval.example@imap.duval.example/INBOX', ACQUIT_IMAP_PASSWORD: 'secret', ACQUIT_IMAP_FROM: 'A@cabinet.example, @banque.example' };
const check = (more: Record<string, string>): ReturnType<typeof checkMailboxSettings> => checkMailboxSettings(must(readSettings({ ...RIGHT, ...more })));

test('no address: no mailbox', () => {
  expect(checkMailboxSettings(must(readSettings({})))).toEqual({ ok: true, value: null });
});

test('the parts of an address', () => {
  expect(must(check({}))).toEqual({
    host: 'imap.duval.example', port: 993, security: 'tls', user: 'compta@duval.example', password: 'secret', mailbox: 'INBOX',
    senders: ['a@cabinet.example', '@banque.example'], organisation: null, reports: null,
  });
  expect(must(check({ ACQUIT_IMAP_URL: 'imaps://x@h.example:1993/Compta/Re%C3%A7us', ACQUIT_IMAP_ORGANISATION: 'duval' }))).toMatchObject({ port: 1993, mailbox: 'Compta/Reçus', organisation: 'duval' });
  expect(must(check({ ACQUIT_IMAP_URL: 'imaps://x@h.example' }))).toMatchObject({ mailbox: 'INBOX' });
});

test.each([['imap://x@h.example', 'startTls'], ['imap://x@127.0.0.1:1143', 'none'], ['imap://x@localhost', 'none'], ['imap://x@[::1]', 'none'], ['imap://x@127.0.0.1.example', 'startTls'], ['imaps://x@127.0.0.1', 'tls']])(
  '%s: %s, for nothing crosses a network in clear', (url, security) => {
    expect(must(check({ ACQUIT_IMAP_URL: url }))).toMatchObject({ security });
  });

test.each([
  ['nobody is listed', { ACQUIT_IMAP_FROM: '' }, 'ACQUIT_IMAP_FROM'],
  ['only commas', { ACQUIT_IMAP_FROM: ' , ,' }, 'ACQUIT_IMAP_FROM'],
  ['everybody is listed', { ACQUIT_IMAP_FROM: '*' }, 'ACQUIT_IMAP_FROM'],
  ['an @ alone', { ACQUIT_IMAP_FROM: '@' }, 'ACQUIT_IMAP_FROM'],
  ['a domain without its @', { ACQUIT_IMAP_FROM: 'a@cabinet.example, cabinet.example' }, 'ACQUIT_IMAP_FROM'],
  ['no password', { ACQUIT_IMAP_PASSWORD: '' }, 'ACQUIT_IMAP_PASSWORD'],
  ['the password in the address', { ACQUIT_IMAP_URL: 'imaps://x:secret@h.example' }, 'ACQUIT_IMAP_URL'],
  ['no user', { ACQUIT_IMAP_URL: 'imaps://h.example' }, 'ACQUIT_IMAP_URL'],
  ['a user that ends the line', { ACQUIT_IMAP_URL: 'imaps://x%0D%0AA1@h.example' }, 'ACQUIT_IMAP_URL'],
  ['a mailbox that ends the line', { ACQUIT_IMAP_URL: 'imaps://x@h.example/INBOX%0A' }, 'ACQUIT_IMAP_URL'],
  ['a percent sign that is none', { ACQUIT_IMAP_URL: 'imaps://x@h.example/100%' }, 'ACQUIT_IMAP_URL'],
] as const)('%s: refused, with the name of the setting and never the password', (_name, more, setting) => {
  const checked = check(more);
  const said = checked.ok ? [] : checked.error.flatMap((one) => [one.message.fr, one.message.en]);
  expect(said.join('\n')).toContain(setting);
  expect(said.join('\n')).not.toContain('secret');
});

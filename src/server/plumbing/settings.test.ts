import { expect, test } from 'vitest';
import { describeSettings, readSettings } from './settings.ts';

test('nothing set: defaults, and no server of any kind', () => {
  expect(readSettings({ PATH: '/bin', DATABASE_URL: '' })).toEqual({
    ok: true, value: { ACQUIT_HOST: '127.0.0.1', ACQUIT_PORT: 4180, ACQUIT_JOURNAL_DIR: 'send-journal', ACQUIT_SMTP_PLAIN: 'false', ACQUIT_INBOX_SETTLE_SECONDS: 5, ACQUIT_LOG_LEVEL: 'info' },
  });
});

test.each([
  ['a misspelt name', { ACQUIT_SMPT_URL: 'smtp://a.example' }, /ACQUIT_SMPT_URL: unknown/],
  ['a port that is none', { ACQUIT_PORT: '70000' }, /ACQUIT_PORT/],
  ['a database of another kind', { DATABASE_URL: 'mysql://a/b' }, /DATABASE_URL/],
  ['mail over the web', { ACQUIT_SMTP_URL: 'https://a.example' }, /ACQUIT_SMTP_URL/],
  ['a mailbox read over the web', { ACQUIT_IMAP_URL: 'https://a.example' }, /ACQUIT_IMAP_URL/],
  ['a file taken the moment it appears', { ACQUIT_INBOX_SETTLE_SECONDS: '0' }, /ACQUIT_INBOX_SETTLE_SECONDS/],
  ['a level nobody knows', { ACQUIT_LOG_LEVEL: 'loud' }, /ACQUIT_LOG_LEVEL/],
] as const)('%s is refused by name', (_name, environment, said) => {
  const settings = readSettings(environment);
  expect(settings.ok ? '' : settings.error.join('\n')).toMatch(said);
});

test('two wrong settings are both named', () => {
  const settings = readSettings({ ACQUIT_PORT: 'x', ACQUIT_LOG_LEVEL: 'y' });
  expect(settings.ok ? 0 : settings.error.length).toBe(2);
});

test('every setting is described', () => {
  for (const name of ['DATABASE_URL', 'ACQUIT_SMTP_URL', 'ACQUIT_BASE_URL', 'ACQUIT_PORT (4180)']) expect(describeSettings()).toContain(name);
});

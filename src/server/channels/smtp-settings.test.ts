import { expect, test } from 'vitest';
import { checkSmtpSettings } from './smtp-settings.ts';
import type { SmtpSettings } from './smtp-settings.ts';

const BASE: SmtpSettings = { host: 'smtp.exemple.fr', port: 587 };

test.each<[string, Partial<SmtpSettings>, string]>([
  ['S4-034 EHLO name with CRLF', { clientName: 'a.fr\r\nMAIL FROM:<evil@x.com>' }, 'clientName'],
  ['EHLO name with a space', { clientName: 'a b' }, 'clientName'],
  ['host with CRLF', { host: 'smtp.exemple.fr\r\nX' }, 'host'],
  ['host that is a URL', { host: 'https://smtp.exemple.fr' }, 'host'],
  ['port 0', { port: 0 }, 'port'],
  ['port over 65535', { port: 70_000 }, 'port'],
  ['password without user', { password: 'x' }, 'credentials'],
  ['user with CRLF', { user: 'a\r\nb', password: 'x' }, 'credentials'],
  ['no TLS beyond this machine', { security: 'none' }, 'clearText'],
  ['time-out without end', { answerTimeoutMs: Number.POSITIVE_INFINITY }, 'limits'],
  ['no connection at all', { connectionsMax: 0 }, 'limits'],
])('%s is refused', (_name, change, field) => {
  const checked = checkSmtpSettings({ ...BASE, ...change });
  expect(checked.ok ? [] : checked.error.map((problem) => problem.code)).toEqual([`channels.smtp.${field}`]);
});

test.each<[string, SmtpSettings, string]>([
  ['port 587', BASE, 'startTls'],
  ['port 465', { host: 'smtp.exemple.fr', port: 465 }, 'tls'],
  ['a loopback host', { host: '127.0.0.1', port: 1025 }, 'none'],
  ['a name that only looks like loopback', { host: '127.0.0.1.evil.com', port: 25 }, 'startTls'],
  ['clear text asked for', { host: 'relais.local', port: 25, security: 'none', allowClearText: true }, 'none'],
])('%s: security is %s', (_name, settings, security) => {
  const checked = checkSmtpSettings(settings);
  expect(checked.ok ? checked.value.security : checked.error).toBe(security);
});

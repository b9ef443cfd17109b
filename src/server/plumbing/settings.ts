import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';

/** A host with or without a port; an IPv6 address with a port stands in brackets. */
const isHost = (text: string): boolean => text === '' || isIPv6(text) || /^(?:\[[\da-f:.]+\]|[^\s:/?#@[\]]+)(?::\d{1,5})?$/iu.test(text);

/** Every setting, read once at start from the environment; anything else Acquit needs to know is in the database. */
const SETTINGS = {
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional()
    .describe('PostgreSQL server to use instead of the embedded one; its role owns the tables and runs migrations'),
  ACQUIT_DATABASE_APP_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional()
    .describe('login that serves requests and owns nothing; by default a role made from DATABASE_URL'),
  ACQUIT_HOST: z.string().min(1).default('127.0.0.1').describe('address the web server listens on'),
  ACQUIT_PORT: z.coerce.number().int().min(0).max(65_535).default(4180).describe('port of the web server; 0 takes a free one'),
  ACQUIT_BASE_URL: z.url({ protocol: /^https?$/ }).optional().describe('public address of the web app, for links; by default http://HOST:PORT'),
  ACQUIT_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional()
    .describe('smtp://user:password@host:587 or smtps://…; without it messages wait in the outbox'),
  ACQUIT_SMTP_FROM: z.string().max(254).optional().describe('sender address of e-mails; by default the e-mail of the company'),
  ACQUIT_SMTP_PLAIN: z.enum(['true', 'false']).default('false').describe('true allows SMTP without TLS to a host that is not this machine'),
  ACQUIT_JOURNAL_DIR: z.string().min(1).max(1_000).default('send-journal')
    .describe('folder of the send journal, absolute or below the data folder: best on another disk than the database'),
  ACQUIT_INBOX_DIR: z.string().min(1).max(1_000).optional()
    .describe('watched folder, absolute or below the data folder: files put there are imported and moved to done/ or refused/'),
  ACQUIT_INBOX_SETTLE_SECONDS: z.coerce.number().int().min(1).max(3_600).default(5)
    .describe('how long a file of the watched folder must stay unchanged before it is taken'),
  ACQUIT_IMAP_URL: z.url({ protocol: /^imaps?$/ }).optional()
    .describe('mailbox whose attachments are imported: imaps://user@host/INBOX; TLS is required, with imap:// too (STARTTLS)'),
  ACQUIT_IMAP_PASSWORD: z.string().min(1).max(1_000).optional().describe('password of the mailbox'),
  ACQUIT_IMAP_FROM: z.string().min(1).max(10_000).optional()
    .describe('who may send files to the mailbox: addresses or @domains, comma separated; nothing is read without it'),
  ACQUIT_IMAP_ORGANISATION: z.string().min(1).max(40).optional().describe('code of the organisation of the mailbox; needed when there are several'),
  ACQUIT_IMAP_REPORTS: z.string().min(1).max(200).optional().describe('second folder of the mailbox that only delivery reports are taken from'),
  ACQUIT_WEBHOOK_PRIVATE_HOSTS: z.string().min(1).max(10_000).refine((text) => text.split(',').every((one) => isHost(one.trim())), 'hosts are host, host:port, IPv6 or [IPv6]:port, comma separated').optional()
    .describe('hosts that webhooks may call though they are of this machine or network, with their ports, comma separated (erp.lan:8443); to them http is allowed too'),
  ACQUIT_BACKUP_PASSPHRASE: z.string().min(12).max(1_000).optional()
    .describe('passphrase of backups, 12 characters or more: with it they are encrypted, and without it an encrypted one is lost'),
  ACQUIT_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info').describe('how much is logged, on stderr'),
} as const;

const schema = z.object(SETTINGS);

/** The settings as read; optional ones are absent when not set. */
export type Settings = z.infer<typeof schema>;

/** Reads the environment once. The error is one line per wrong setting; an unknown ACQUIT_… name is wrong too (a misspelt one must not pass). */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Result<Settings, string[]> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const unknown = Object.keys(given).filter((name) => name.startsWith('ACQUIT_') && !Object.hasOwn(SETTINGS, name));
  const parsed = schema.safeParse(given);
  const problems = [
    ...unknown.map((name) => `${name}: unknown setting / réglage inconnu`),
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)),
  ];
  return parsed.success && problems.length === 0 ? ok(parsed.data) : err(problems);
}

/** One line per setting for `--help`: name, default, meaning. */
export function describeSettings(): string {
  return Object.entries(SETTINGS)
    .map(([name, field]) => {
      const standard = field instanceof z.ZodDefault ? ` (${String(field.parse(undefined))})` : '';
      return `  ${name}${standard}\n      ${field.description ?? ''}`;
    })
    .join('\n');
}

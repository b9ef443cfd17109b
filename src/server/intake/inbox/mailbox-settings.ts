import { isIP } from 'node:net';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Settings } from '#server/plumbing/settings.ts';
import { inboxProblem } from './inbox-problems.ts';

/** The mailbox as the settings name it, checked. `senders` are addresses and "@domains" in lower case; `security` is `none` on this machine only. */
export type MailboxSettings = {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'startTls' | 'none';
  readonly user: string;
  readonly password: string;
  readonly mailbox: string;
  /** A second folder that only delivery reports are taken from, or null. */
  readonly reports: string | null;
  readonly senders: readonly string[];
  readonly organisation: string | null;
};

const IMAPS_PORT = 993;
const IMAP_PORT = 143;

const SENDER = /^[^\s@,<>"]{0,64}@[^\s@,<>".]+(?:\.[^\s@,<>".]+)*$/u;

const wrong = (setting: keyof Settings, fr: string, en: string): Problem => inboxProblem('mailboxSetting', { setting, fr, en });

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** A percent-encoded part of an address as text; null when it decodes to none, or to control characters that could carry a second command. */
function decoded(part: string): string | null {
  try {
    const text = decodeURIComponent(part);
    return /\p{Cc}/u.test(text) ? null : text;
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

function sendersOf(text: string | undefined): Result<readonly string[], Problem> {
  const senders = (text ?? '').split(',').map((one) => one.trim().toLowerCase()).filter((one) => one !== '');
  const unclear = senders.find((one) => !SENDER.test(one));
  if (unclear !== undefined) {
    return err(wrong('ACQUIT_IMAP_FROM', `« ${unclear} » n'est ni une adresse (compta@exemple.fr) ni un domaine (@exemple.fr).`, `"${unclear}" is neither an address (books@example.com) nor a domain (@example.com).`));
  }
  if (senders.length > 0) return ok(senders);
  return err(wrong('ACQUIT_IMAP_FROM', 'nommez qui peut envoyer des fichiers (adresses ou @domaines, séparés par des virgules) ; sans cela n\'importe qui pourrait envoyer un grand livre, donc rien n\'est lu.',
    'name who may send files (addresses or @domains, comma separated); without it anyone could mail in a ledger, so nothing is read.'));
}

/** Checks the settings of the mailbox; null when none is set. The problems say every setting that is wrong. */
export function checkMailboxSettings(settings: Settings): Result<MailboxSettings | null, readonly Problem[]> {
  if (settings.ACQUIT_IMAP_URL === undefined) return ok(null);
  const url = new URL(settings.ACQUIT_IMAP_URL);
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const user = decoded(url.username);
  const mailbox = decoded(url.pathname.replace(/^\//, ''));
  const password = settings.ACQUIT_IMAP_PASSWORD;
  const senders = sendersOf(settings.ACQUIT_IMAP_FROM);
  const problems: Problem[] = senders.ok ? [] : [senders.error];
  if (host === '') problems.push(wrong('ACQUIT_IMAP_URL', 'le nom du serveur manque.', 'the name of the server is missing.'));
  if (user === null || user === '' || mailbox === null) {
    problems.push(wrong('ACQUIT_IMAP_URL', 'écrivez imaps://utilisateur@serveur/INBOX (un @ dans l\'utilisateur s\'écrit %40).', 'write imaps://user@server/INBOX (an @ in the user is written %40).'));
  }
  if (url.password !== '') problems.push(wrong('ACQUIT_IMAP_URL', 'le mot de passe va dans ACQUIT_IMAP_PASSWORD, pas dans l\'adresse.', 'the password goes into ACQUIT_IMAP_PASSWORD, not into the address.'));
  if (password === undefined || /\p{Cc}/u.test(password)) problems.push(wrong('ACQUIT_IMAP_PASSWORD', 'donnez le mot de passe de la boîte, sans caractère de contrôle.', 'give the password of the mailbox, without control characters.'));
  const reports = settings.ACQUIT_IMAP_REPORTS?.trim() ?? '';
  if (/\p{Cc}/u.test(reports)) problems.push(wrong('ACQUIT_IMAP_REPORTS', 'donnez le nom du dossier, sans caractère de contrôle.', 'give the name of the folder, without control characters.'));
  if (problems.length > 0 || !senders.ok || user === null || mailbox === null || password === undefined) return err(problems);
  const secure = url.protocol === 'imaps:';
  return ok({
    host, user, password, senders: senders.value, organisation: settings.ACQUIT_IMAP_ORGANISATION ?? null,
    mailbox: mailbox === '' ? 'INBOX' : mailbox,
    reports: reports === '' ? null : reports,
    port: url.port === '' ? (secure ? IMAPS_PORT : IMAP_PORT) : Number(url.port),
    security: secure ? 'tls' : isLoopback(host) ? 'none' : 'startTls',
  });
}

import { isIP } from 'node:net';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';

/** How the connection is protected: TLS from the start (465), upgraded before anything is said (587), or not at all. */
export type SmtpSecurity = 'tls' | 'startTls' | 'none';

/** Where and how mail is handed off. Times are in milliseconds and default to the constants below. */
export type SmtpSettings = {
  readonly host: string;
  readonly port: number;
  /** Default: `tls` on port 465, `none` on a loopback host, `startTls` elsewhere. */
  readonly security?: SmtpSecurity;
  /** `security: 'none'` beyond this machine must be asked for: letters and addresses would travel in clear. */
  readonly allowClearText?: boolean;
  readonly user?: string;
  readonly password?: string;
  /** Host name given in EHLO; default an address literal, so that the machine's own name stays home. */
  readonly clientName?: string;
  /** Certificate authority (PEM) of a private server. */
  readonly certificateAuthority?: string;
  readonly connectionsMax?: number;
  readonly connectTimeoutMs?: number;
  readonly answerTimeoutMs?: number;
  readonly sendTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
};

/** Settings checked and complete. */
export type CheckedSmtpSettings = Omit<Required<SmtpSettings>, 'user' | 'password' | 'certificateAuthority' | 'allowClearText'> &
  Pick<SmtpSettings, 'user' | 'password' | 'certificateAuthority'>;

/** Connections at once: relays for small firms start to refuse beyond five. */
export const CONNECTIONS_MAX = 5;
/** To connect, greet and encrypt: a server that needs longer is down. */
export const CONNECT_TIMEOUT_MS = 30_000;
/** Silence of the server while it owes an answer: RFC 5321 (4.5.3.2) asks for 5 minutes, 10 after the final dot. */
export const ANSWER_TIMEOUT_MS = 600_000;
/** One message from MAIL to the last answer: a server that trickles its answers must end too. With the waits before it (queue,
 * session, courtesy) a call ends within 15 minutes. */
export const SEND_TIMEOUT_MS = 720_000;
/** To wait for a free connection: longer, and the caller does better to come back. */
export const QUEUE_TIMEOUT_MS = 60_000;
/** Messages on one connection: servers end it after some hundreds or thousands by themselves, which costs nothing; opening one costs a greeting, TLS and the log-in. */
export const MESSAGES_PER_SESSION_MAX = 1000;
/** To answer QUIT or RSET; a server that takes longer is hung up on. */
export const COURTESY_TIMEOUT_MS = 5_000;
/** A connection kept for the next message: below the minutes after which servers hang up. */
export const IDLE_TIMEOUT_MS = 20_000;

const HOST_NAME = /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;
/** Name given in EHLO by default: an address literal, allowed when a client has no name of its own (RFC 5321, 4.1.4). */
const CLIENT_NAME = '[127.0.0.1]';

const problem = (field: string, fr: string, en: string): Problem => ({ line: 0, severity: 'error', code: `channels.smtp.${field}`, message: { fr, en } });

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

const defaultSecurity = (settings: SmtpSettings): SmtpSecurity =>
  settings.port === 465 ? 'tls' : isLoopback(settings.host) ? 'none' : 'startTls';

function timeProblems(settings: SmtpSettings): Problem[] {
  const times = [settings.connectTimeoutMs, settings.answerTimeoutMs, settings.sendTimeoutMs, settings.idleTimeoutMs];
  const count = settings.connectionsMax ?? CONNECTIONS_MAX;
  const timesRight = times.every((time) => time === undefined || (Number.isInteger(time) && time >= 1 && time <= SEND_TIMEOUT_MS));
  if (timesRight && Number.isInteger(count) && count >= 1 && count <= 50) return [];
  return [
    problem('limits', 'Un délai SMTP va de 1 ms à 12 minutes, le nombre de connexions de 1 à 50 : corrigez le réglage.', 'An SMTP time-out goes from 1 ms to 12 minutes, the number of connections from 1 to 50: correct the setting.'),
  ];
}

/** Checks the settings of a mail server: no field can carry a second command, and no letter leaves in clear by accident. */
export function checkSmtpSettings(settings: SmtpSettings): Result<CheckedSmtpSettings, readonly Problem[]> {
  const problems = timeProblems(settings);
  const { user, password, certificateAuthority, allowClearText, ...rest } = settings;
  if (isIP(settings.host) === 0 && !HOST_NAME.test(settings.host)) {
    problems.push(problem('host', 'Le serveur SMTP doit être un nom d’hôte ou une adresse IP.', 'The SMTP server must be a host name or an IP address.'));
  }
  if (!Number.isInteger(settings.port) || settings.port < 1 || settings.port > 65_535) {
    problems.push(problem('port', 'Le port SMTP va de 1 à 65535 (587 ou 465 le plus souvent).', 'The SMTP port goes from 1 to 65535 (587 or 465 most often).'));
  }
  const { clientName = CLIENT_NAME } = settings;
  if (clientName !== CLIENT_NAME && !HOST_NAME.test(clientName)) {
    problems.push(problem('clientName', 'Le nom annoncé au serveur (EHLO) doit être un nom d’hôte.', 'The name announced to the server (EHLO) must be a host name.'));
  }
  if ((user === undefined) !== (password === undefined) || /\p{Cc}/u.test(`${user ?? ''}${password ?? ''}`)) {
    problems.push(problem('credentials', 'Donnez l’utilisateur et le mot de passe SMTP ensemble, sans caractère de contrôle.', 'Give the SMTP user and password together, without control characters.'));
  }
  const security = settings.security ?? defaultSecurity(settings);
  if (security === 'none' && allowClearText !== true && !isLoopback(settings.host)) {
    problems.push(problem('clearText', 'Sans TLS, les relances et le mot de passe passeraient en clair sur le réseau : choisissez TLS ou autorisez-le expressément.', 'Without TLS, reminders and the password would cross the network in clear: choose TLS or allow it expressly.'));
  }
  if (problems.length > 0) return err(problems);
  return ok({
    connectionsMax: CONNECTIONS_MAX,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    answerTimeoutMs: ANSWER_TIMEOUT_MS,
    sendTimeoutMs: SEND_TIMEOUT_MS,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    ...rest,
    clientName,
    security,
    ...(user === undefined || password === undefined ? {} : { user, password }),
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
  });
}

import { ImapFlow } from 'imapflow';
import type { FetchMessageObject } from 'imapflow';
import type { Problem } from '#core/kernel/problem.ts';
import { codeOf, inboxProblem } from './inbox-problems.ts';
import type { MailboxSettings } from './mailbox-settings.ts';

/** Largest message read: providers stop at 25 to 50 MB. */
export const MESSAGE_BYTES_MAX = 50 * 1024 * 1024;
/** What one answer may hold besides the message itself. */
const ANSWER_SPARE_BYTES = 1024 * 1024;

/** How long each thing may take in all, in milliseconds. A server that trickles is never silent, so silence alone is no measure. */
export type MailLimits = {
  /** To connect, encrypt, sign in and open the mailbox. */
  readonly openMs: number;
  /** One short command. */
  readonly commandMs: number;
  /** One message of 50 MB: 2.3 Mbit/s. */
  readonly messageMs: number;
};

/** The limits outside tests. */
export const MAIL_LIMITS: MailLimits = { openMs: 60_000, commandMs: 30_000, messageMs: 180_000 };
/** To say goodbye; a server that takes longer is hung up on. */
const GOODBYE_MS = 500;

/** The server failed us, not a message. */
export class MailFault extends Error {
  readonly found: Problem;
  constructor(found: Problem) {
    super(found.code);
    this.found = found;
  }
}

/** Thrown when the worker stops. */
export class MailStopped extends Error {}

/** A mailbox that is open for reading and filing. Every method throws `MailFault`, or `MailStopped`. */
export type MailSession = {
  readonly uidValidity: bigint;
  /** Numbers of the messages nobody has read, oldest first. */
  unseen(): Promise<number[]>;
  /** Size and the header lines that say who sent a message; null when it is gone. */
  header(uid: number): Promise<{ size: number; header: Buffer } | null>;
  /** The whole message, or its beginning of so many bytes, without marking it as read; null when it is gone. Longer than `MESSAGE_BYTES_MAX` when it is too large. */
  source(uid: number, bytesMax?: number): Promise<Buffer | null>;
  /** Files a message into a folder of the mailbox, made when missing; where that cannot be, marks it. False when neither can be. */
  file(uid: number, folder: readonly string[]): Promise<boolean>;
};

type Options = { readonly limits: MailLimits; readonly stop: AbortSignal };

const HEADERS = ['from', 'authentication-results', 'subject', 'date', 'message-id', 'content-type'];

/** Opens the mailbox, does `work`, and closes it whatever happens. */
export async function withMailbox(settings: MailboxSettings, options: Options, work: (session: MailSession) => Promise<void>): Promise<void> {
  const { limits, stop } = options;
  const client = new ImapFlow({
    host: settings.host, port: settings.port, secure: settings.security === 'tls', doSTARTTLS: settings.security === 'startTls' ? true : settings.security === 'none' ? false : undefined,
    auth: { user: settings.user, pass: settings.password }, logger: false, disableAutoIdle: true, disableCompression: true, disableBinary: true, clientInfo: { name: 'Acquit' },
    connectionTimeout: limits.openMs, greetingTimeout: limits.openMs, socketTimeout: limits.messageMs,
    maxLineLength: ANSWER_SPARE_BYTES, maxLiteralSize: MESSAGE_BYTES_MAX + ANSWER_SPARE_BYTES, maxResponseSize: MESSAGE_BYTES_MAX + 2 * ANSWER_SPARE_BYTES,
  });
  // The call that was under way says it too; without a listener the process would end.
  client.on('error', () => undefined);
  const within = <T>(ms: number, call: Promise<T>): Promise<T> => bounded(client, { ms, stop }, call);
  try {
    await within(limits.openMs, client.connect());
    const opened = await within(limits.openMs, client.mailboxOpen(settings.mailbox));
    await work(sessionOf(client, opened.uidValidity, { limits, within }));
    await within(GOODBYE_MS, client.logout()).catch(() => undefined);
  } catch (error) {
    throw faultOf(error, settings);
  } finally {
    client.close();
  }
}

/** A call that ends in time, when the worker stops, or with the connection. */
async function bounded<T>(client: ImapFlow, { ms, stop }: { ms: number; stop: AbortSignal }, call: Promise<T>): Promise<T> {
  let end: () => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    const stopped = (): void => reject(new MailStopped('stopped'));
    const timer = setTimeout(() => reject(new MailFault(inboxProblem('mailboxSlow', {}))), ms);
    const closed = (): void => reject(Object.assign(new Error('connection closed'), { code: 'EConnectionClosed' }));
    if (stop.aborted) stopped();
    stop.addEventListener('abort', stopped);
    client.once('close', closed);
    end = () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', stopped);
      client.off('close', closed);
    };
  });
  try {
    return await Promise.race([call, ended]);
  } finally {
    end();
  }
}

type Within = <T>(ms: number, call: Promise<T>) => Promise<T>;

function sessionOf(client: ImapFlow, uidValidity: bigint, { limits, within }: { limits: MailLimits; within: Within }): MailSession {
  const byUid = { uid: true };
  const made = new Set<string>();
  const one = async (ms: number, call: Promise<FetchMessageObject | false | undefined>): Promise<FetchMessageObject | null> => {
    const found = await within(ms, call);
    return found === false || found === undefined ? null : found;
  };
  return {
    uidValidity,
    unseen: async () => {
      const found = await within(limits.commandMs, client.search({ seen: false, deleted: false }, byUid));
      if (!Array.isArray(found)) throw new MailFault(inboxProblem('mailboxUnreachable', { code: 'SEARCH' }));
      return found.toSorted((a, b) => a - b);
    },
    header: async (uid) => {
      const found = await one(limits.commandMs, client.fetchOne(String(uid), { uid: true, size: true, headers: HEADERS }, byUid));
      return found === null ? null : { size: found.size ?? 0, header: found.headers ?? Buffer.alloc(0) };
    },
    source: async (uid, bytesMax) => {
      // One byte more than is read shows that there is more, whatever size the server named.
      const found = await one(limits.messageMs, client.fetchOne(String(uid), { uid: true, source: { start: 0, maxLength: bytesMax ?? MESSAGE_BYTES_MAX + 1 } }, byUid));
      return found?.source ?? null;
    },
    file: async (uid, folder) => {
      const flag = (): Promise<boolean> => within(limits.commandMs, client.messageFlagsAdd(String(uid), ['\\Seen', '\\Flagged'], byUid));
      // Without either extension a move would expunge what other people marked as deleted.
      if (!client.capabilities.has('MOVE') && !client.capabilities.has('UIDPLUS')) return flag();
      if (!made.has(folder.join('\n'))) {
        // A server that does not say "already exists" refuses to make it again; whether it is there shows when moving.
        for (let depth = 1; depth <= folder.length; depth += 1) await within(limits.commandMs, client.mailboxCreate(folder.slice(0, depth)).catch(() => null));
        made.add(folder.join('\n'));
      }
      const moved = await within(limits.commandMs, client.messageMove(String(uid), [...folder], byUid));
      return moved === false ? flag() : true;
    },
  };
}

const TLS_CODE = /CERT|TLS|SSL|ALTNAME|SELF_SIGNED|EPROTO|UNABLE_TO_/;

/** What failed, for a person. What is no failure of the server passes as it is. */
function faultOf(error: unknown, settings: MailboxSettings): unknown {
  if (!(error instanceof Error) || error instanceof MailFault || error instanceof MailStopped) return error;
  const code = codeOf(error);
  if (Reflect.get(error, 'authenticationFailed') === true) return new MailFault(inboxProblem('mailboxPassword', {}));
  if (Reflect.get(error, 'tlsFailed') === true || TLS_CODE.test(code)) return new MailFault(inboxProblem('mailboxTls', { code }));
  if (Reflect.get(error, 'mailboxMissing') === true) return new MailFault(inboxProblem('mailboxMissing', { mailbox: settings.mailbox }));
  return isConnectionError(error) ? new MailFault(inboxProblem('mailboxUnreachable', { code })) : error;
}

const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'NoConnection', 'EConnectionClosed', 'StateLogout', 'ClosedAfterConnectText', 'ClosedAfterConnectTLS', 'CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT', 'ETIMEOUT',
  'ETHROTTLE', 'UnexpectedTag', 'InvalidResponse', 'ResponseProcessingFailed', 'STARTTLS_INJECTION', 'LineTooLarge', 'LiteralTooLarge', 'ResponseTooLarge', 'MAX_IMAP_NESTING_REACHED',
]);

/** Whether an error is of the socket, of names, of the protocol, or a command that the server answered with NO or BAD. */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  const network = Reflect.get(error, 'syscall') !== undefined && Reflect.get(error, 'path') === undefined;
  return CONNECTION_CODES.has(code) || code.startsWith('ParserError') || network || Reflect.get(error, 'responseStatus') !== undefined;
}

import { Duplex, Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { StoredMail } from './mime.ts';
import { outcomeOfFailure, outcomeOfSuccess, TOO_LATE } from './smtp-outcome.ts';
import type { HandOffProgress, SmtpFailure, SmtpOutcome, StillOurs } from './smtp-outcome.ts';
import { COURTESY_TIMEOUT_MS, MESSAGES_PER_SESSION_MAX } from './smtp-settings.ts';
import type { CheckedSmtpSettings } from './smtp-settings.ts';

/** One connection to the mail server, greeted, encrypted and logged in. */
export type SmtpSession = {
  /** Hands one message off; never repeats anything. `ended`: the server had enough of a session that had served before, and took up nothing of this message. */
  send(mail: StoredMail, stillOurs: StillOurs): Promise<SmtpOutcome | 'ended'>;
  /** Whether one more message may go over it, as long as it is still there: servers count them. */
  hasRoom(): boolean;
  /** True when, after a rest, the server still answers and forgot the last message: the session can serve again. */
  ready(): Promise<boolean>;
  /** Says goodbye and hangs up. */
  close(): void;
  /** Hangs up at once: after a failure nothing more may be said on this connection. */
  drop(): void;
};

/** Bytes given to the connection at a time: small enough to see how far a large message went. */
const CHUNK_BYTES = 16_384;

/** TLS versions below 1.2 are withdrawn (RFC 8996). */
const TLS_VERSION_MIN = 'TLSv1.2';

const failureOf = (thrown: unknown): SmtpFailure => (thrown instanceof Error ? thrown : { message: String(thrown) });

function connectionOf(settings: CheckedSmtpSettings): SMTPConnection {
  const { security, certificateAuthority } = settings;
  return new SMTPConnection({
    host: settings.host,
    port: settings.port,
    name: settings.clientName,
    secure: security === 'tls',
    requireTLS: security === 'startTls',
    ignoreTLS: security === 'none',
    allowInternalNetworkInterfaces: true,
    connectionTimeout: settings.connectTimeoutMs,
    greetingTimeout: settings.connectTimeoutMs,
    dnsTimeout: settings.connectTimeoutMs,
    socketTimeout: settings.answerTimeoutMs,
    tls: { minVersion: TLS_VERSION_MIN, ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }) },
  });
}

/** Who looks on while bytes leave: told how far they were read, and asked before the last of them. */
type Observer = { readonly note: (progress: HandOffProgress) => void; readonly mayEnd: () => boolean };

/** The stored bytes as a stream that is read only when the server asked for them. */
function observed(bytes: Buffer, { note, mayEnd }: Observer): Readable {
  let at = 0;
  return new Readable({
    read() {
      if (at < bytes.length && at + CHUNK_BYTES >= bytes.length && !mayEnd()) return;
      if (at >= bytes.length) {
        note('ended');
        this.push(null);
        return;
      }
      note('content');
      const chunk = bytes.subarray(at, at + CHUNK_BYTES);
      at += chunk.length;
      // The last chunk and the final dot may leave together from here on.
      if (at >= bytes.length) note('ended');
      this.push(chunk);
    },
  });
}

const LINE_DOT = '\r\n.';
const END = Buffer.from('.\r\n');
const DOT = Buffer.from('.');

/**
 * A message as it goes over the wire (RFC 5321, 4.5.2): one more dot before each line that begins with one, and the dot that ends it. The bytes were looked
 * at (`storedBytesProblem`): every line ends by CRLF, the last one too.
 */
function onTheWire(bytes: Buffer): Buffer {
  const parts: Buffer[] = bytes[0] === DOT[0] ? [DOT] : [];
  let from = 0;
  for (let at = bytes.indexOf(LINE_DOT, 0, 'latin1'); at !== -1; at = bytes.indexOf(LINE_DOT, at + 2, 'latin1')) {
    parts.push(bytes.subarray(from, at + 2), DOT);
    from = at + 2;
  }
  parts.push(bytes.subarray(from), END);
  return Buffer.concat(parts);
}

/**
 * A message that is given away whole, with its final dot, in one write: the library would look at each of its octets, and write the dot by itself. It is asked for
 * when the server wants the content.
 */
class WholeContent extends Readable {
  readonly #bytes: Buffer;
  readonly #observer: Observer;

  constructor(bytes: Buffer, observer: Observer) {
    super();
    this.#bytes = bytes;
    this.#observer = observer;
  }

  override pipe<T extends NodeJS.WritableStream>(destination: T): T {
    if (!(destination instanceof Duplex)) throw new Error('the mail library does not read its content from a stream of its own');
    if (!this.#observer.mayEnd()) return destination;
    this.#observer.note('ended');
    destination.push(onTheWire(this.#bytes));
    destination.push(null);
    return destination;
  }
}

/** What a hand-off needs beside its message; `used`: the session has served before. */
type HandOff = { readonly connection: SMTPConnection; readonly settings: CheckedSmtpSettings; readonly used: boolean; readonly stillOurs: StillOurs };

/** Codes of the library for a connection that is gone; a time-out is not among them: the server may still be there. */
const GONE: ReadonlySet<unknown> = new Set(['ECONNECTION', 'ESOCKET']);

/** Whether the server, before it asked for any content, ended the session rather than refuse the message: by 421 at MAIL, or without a word. */
function isEndOfSession(failure: SmtpFailure, progress: HandOffProgress): boolean {
  if (progress !== 'envelope') return false;
  if (failure.responseCode === 421) return failure.command === 'MAIL FROM' || GONE.has(failure.code);
  return GONE.has(failure.code) && failure.responseCode === undefined;
}

function handOff(mail: StoredMail, { connection, settings, used, stillOurs }: HandOff): Promise<SmtpOutcome | 'ended'> {
  return new Promise((resolve) => {
    let progress: HandOffProgress = 'envelope';
    const deadline = setTimeout(() => {
      resolve(outcomeOfFailure({ message: `no end after ${settings.sendTimeoutMs} ms` }, progress));
      connection.close();
    }, settings.sendTimeoutMs);
    const observer: Observer = {
      note: (reached) => {
        progress = reached;
      },
      mayEnd: () => {
        if (stillOurs('end')) return true;
        clearTimeout(deadline);
        resolve(TOO_LATE);
        // Hung up before the final dot: what the server has so far is no message.
        connection.close();
        return false;
      },
    };
    const content = mail.bytes.length <= CHUNK_BYTES ? new WholeContent(mail.bytes, observer) : observed(mail.bytes, observer);
    // Only these fields: nothing from outside can add a parameter to MAIL or a second recipient.
    const envelope = { from: mail.from, to: [mail.to], size: mail.bytes.length };
    connection.send(envelope, content, (error, info) => {
      clearTimeout(deadline);
      if (error) {
        resolve(used && isEndOfSession(error, progress) ? 'ended' : outcomeOfFailure(error, progress));
        // At once, in this turn: a refusal in the middle of the content must not be followed by its final dot.
        connection.close();
      } else resolve(outcomeOfSuccess(info?.response ?? '', progress));
    });
  });
}

/** Asks the server to forget the last message (RSET): true when it answers in time. */
function answers(connection: SMTPConnection): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (usable: boolean): void => {
      clearTimeout(tooLate);
      connection.removeListener('end', gone);
      resolve(usable);
    };
    const gone = (): void => settle(false);
    const tooLate = setTimeout(gone, COURTESY_TIMEOUT_MS);
    connection.once('end', gone);
    connection.reset((error) => settle(!error));
  });
}

function sessionOf(connection: SMTPConnection, settings: CheckedSmtpSettings): SmtpSession {
  let sent = 0;
  let gone = false;
  connection.once('end', () => {
    gone = true;
  });
  const hasRoom = (): boolean => !gone && sent < MESSAGES_PER_SESSION_MAX;
  return {
    hasRoom,
    send(mail, stillOurs) {
      sent += 1;
      return handOff(mail, { connection, settings, used: sent > 1, stillOurs });
    },
    ready: async () => hasRoom() && (await answers(connection)),
    close() {
      connection.quit();
      setTimeout(() => connection.close(), COURTESY_TIMEOUT_MS).unref();
    },
    drop: () => connection.close(),
  };
}

/** Opens a session, or says why the server or the account refuses: nothing of the message was spoken of. */
export function openSession(settings: CheckedSmtpSettings): Promise<SmtpSession | SmtpOutcome> {
  return new Promise((resolve) => {
    const connection = connectionOf(settings);
    let settled = false;
    const refuse = (thrown: unknown): void => {
      if (settled) return;
      settled = true;
      clearTimeout(tooLate);
      resolve(outcomeOfFailure(failureOf(thrown), 'session'));
      connection.close();
    };
    // The library bounds connecting and greeting; EHLO and the log-in get as long again.
    const tooLate = setTimeout(() => refuse(new Error('the server takes too long to open the session')), 2 * settings.connectTimeoutMs);
    // After the opening, a send in flight gets the same error through its own callback.
    connection.on('error', refuse);
    connection.once('end', () => refuse(new Error('the server closed the connection')));
    const open = (): void => {
      if (settled) return;
      settled = true;
      clearTimeout(tooLate);
      resolve(sessionOf(connection, settings));
    };
    connection.connect((error) => {
      if (error) {
        refuse(error);
        return;
      }
      const { user, password } = settings;
      if (user === undefined || password === undefined) open();
      else connection.login({ user, pass: password }, (refusal) => (refusal ? refuse(refusal) : open()));
    });
  });
}

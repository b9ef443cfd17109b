import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { StoredMail } from './mime.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import { TOO_LATE } from './smtp-outcome.ts';
import type { SmtpOutcome, StillOurs } from './smtp-outcome.ts';
import { openSession } from './smtp-session.ts';
import type { SmtpSession } from './smtp-session.ts';
import { checkSmtpSettings, QUEUE_TIMEOUT_MS } from './smtp-settings.ts';
import type { CheckedSmtpSettings, SmtpSettings } from './smtp-settings.ts';
import { storedBytesProblem } from './stored-bytes.ts';

/** Hands stored bytes to a mail server, once per call. SMTP cannot be asked afterwards what it took ("blind"): the caller keeps
 * the ledger, records the outcome and decides whether to call again. */
export type SmtpChannel = {
  /**
   * Hands one message to one recipient. Never throws for what a server does, never repeats anything by itself. `stillOurs` is asked right before the
   * first byte and the last, which may be long after the call: every connection may be busy, or this process may have been stopped.
   */
  send(mail: StoredMail, stillOurs?: StillOurs): Promise<SmtpOutcome>;
  /** Ends idle connections and refuses further messages; those under way finish. */
  close(): Promise<void>;
};

/** What a call that cannot even start answers: nothing left. */
const checked = (response: string, permanent: boolean): SmtpOutcome => ({ kind: 'refused', permanent, stage: 'check', response });

/** The last look before the wire: one strict recipient, one strict sender, bytes that cannot be read in two ways. */
function checkMail(mail: StoredMail): SmtpOutcome | null {
  for (const address of [mail.from, mail.to]) {
    const parsed = parseRecipient(address);
    if (!parsed.ok) return checked(parsed.error.message.en, true);
  }
  const wrong = storedBytesProblem(mail.bytes);
  return wrong === null ? null : checked(wrong.message.en, true);
}

type Idle = { readonly session: SmtpSession; readonly timer: NodeJS.Timeout };

/** Sessions at rest and the queue for a free place: at most `connectionsMax` messages are under way at once. */
class SessionPool {
  readonly #settings: CheckedSmtpSettings;
  readonly #idle: Idle[] = [];
  readonly #waiting: ((session: SmtpSession | null) => void)[] = [];
  #busy = 0;
  #closed = false;
  #drained: (() => void) | null = null;

  constructor(settings: CheckedSmtpSettings) {
    this.#settings = settings;
  }

  async run(mail: StoredMail, stillOurs: StillOurs): Promise<SmtpOutcome> {
    const place = await this.#place();
    if (place === 'none') return checked('every connection to the mail server is busy', false);
    let kept: SmtpSession | null = null;
    try {
      if (this.#closed) {
        place?.close();
        return checked('the channel is closed', false);
      }
      let session = place ?? (await this.#session());
      if ('kind' in session) return session;
      if (!stillOurs('begin')) {
        kept = session;
        return TOO_LATE;
      }
      let outcome = await session.send(mail, stillOurs);
      if (outcome === 'ended') {
        // Servers count the messages of a session and end it at their own number. Nothing of this one was taken up: a fresh session begins with it.
        session.drop();
        session = await openSession(this.#settings);
        if ('kind' in session) return session;
        if (!stillOurs('begin')) {
          session.close();
          return TOO_LATE;
        }
        outcome = await session.send(mail, stillOurs);
        if (outcome === 'ended') throw new Error('a first message cannot find its session used');
      }
      // After anything but a clear acceptance the state of the session is not worth trusting.
      if (outcome.kind === 'accepted' && !this.#closed) kept = session;
      else session.drop();
      return outcome;
    } finally {
      this.#leave(kept);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const idle of this.#idle.splice(0)) {
      clearTimeout(idle.timer);
      idle.session.close();
    }
    if (this.#busy === 0) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }

  /**
   * Takes one of the places, waiting for it a bounded time; `none` when none came free. With the place comes the session of
   * the one who left it, when its server has just said yes: nothing needs to be asked of it first.
   */
  async #place(): Promise<SmtpSession | null | 'none'> {
    if (this.#busy >= this.#settings.connectionsMax) {
      return new Promise((resolve) => {
        const turn = (session: SmtpSession | null): void => {
          clearTimeout(timer);
          resolve(session);
        };
        const timer = setTimeout(() => {
          this.#waiting.splice(this.#waiting.indexOf(turn), 1);
          resolve('none');
        }, QUEUE_TIMEOUT_MS);
        this.#waiting.push(turn);
      });
    }
    this.#busy += 1;
    return null;
  }

  /** Gives the place, and the session that is good for more, to the next in the queue; with nobody there the session rests. */
  #leave(kept: SmtpSession | null): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      // The place passes on without being freed: `#busy` stays.
      if (kept === null || kept.hasRoom()) next(kept);
      else {
        kept.close();
        next(null);
      }
      return;
    }
    if (kept !== null) this.#rest(kept);
    this.#busy -= 1;
    if (this.#busy === 0) this.#drained?.();
  }

  /** A rested session that still answers, or a new one. The check (RSET) is about the session: no message is tried twice. */
  async #session(): Promise<SmtpSession | SmtpOutcome> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (await idle.session.ready()) return idle.session;
      idle.session.close();
    }
    return openSession(this.#settings);
  }

  #rest(session: SmtpSession): void {
    const idle: Idle = {
      session,
      timer: setTimeout(() => {
        this.#idle.splice(this.#idle.indexOf(idle), 1);
        session.close();
      }, this.#settings.idleTimeoutMs),
    };
    idle.timer.unref();
    this.#idle.push(idle);
  }
}

/** Makes a channel to a mail server from its settings; it connects at the first message. */
export function createSmtpChannel(settings: SmtpSettings): Result<SmtpChannel, readonly Problem[]> {
  const valid = checkSmtpSettings(settings);
  if (!valid.ok) return err(valid.error);
  const pool = new SessionPool(valid.value);
  return ok({
    send: async (mail, stillOurs = () => true) => checkMail(mail) ?? (await pool.run(mail, stillOurs)),
    close: () => pool.close(),
  });
}

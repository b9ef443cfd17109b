import { compareJournal, UNPROVEN } from '#core/channels/compare-journal.ts';
import type { FreezeReason } from '#core/channels/compare-journal.ts';
import type { JournalHead } from '#core/channels/journal-lines.ts';
import type { JournalFailure, JournalTail, SendJournal } from '#core/channels/send-journal.ts';
import type { Instant } from '#core/kernel/clock.ts';
import { ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Log } from '#server/plumbing/log.ts';
import { frozenSentence } from './freeze-sentence.ts';
import type { JournalNote } from './journalled-notes.ts';
import type { Identify, Installation } from './installation.ts';
import type { InstallationStore } from './installation-store.ts';
import { postgresInstallation } from './postgres-installation.ts';

/** Why nothing leaves, by name and in a sentence. */
export type Closed = { readonly stopped: 'frozen' | 'journal'; readonly said: Bilingual };

/** What a guard works with. */
export type GuardParts = { readonly journal: SendJournal; readonly log: Pick<Log, 'warn' | 'error'>; readonly identify?: Identify; readonly markAfterLines?: number };

/** Lines after which journal and database leave a mark in each other: what is before it is not compared again, and a few thousand are compared in a tenth of a second. */
const MARK_AFTER_LINES = 2_000;
const ACTOR = 'system:journal';

type Head = Omit<JournalHead, 'k' | 'v' | 'place'>;

/** Stands between this process and the world: nothing leaves while journal and database disagree, and nothing that the journal does not hold. One for each process. */
export class SendGuard {
  readonly journal: SendJournal;
  readonly identify: Identify;
  readonly #log: GuardParts['log'];
  readonly #markAfterLines: number;
  #told: string | null = null;
  #head: Head | null = null;
  /** The database was never sent from with a journal: the first send begins one. */
  #first = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ journal, log, identify, markAfterLines }: GuardParts) {
    this.journal = journal;
    this.#log = log;
    this.identify = identify ?? ((read) => read);
    this.#markAfterLines = markAfterLines ?? MARK_AFTER_LINES;
  }

  /** Looks whether anything may leave: at the start of a process, and of each call. Freezes the installation when journal and database tell different stories. */
  check(database: Database, now: Instant): Promise<Closed | null> {
    return this.checkOn(postgresInstallation(database, this.identify), now);
  }

  /** The same on any store. */
  checkOn(store: InstallationStore, now: Instant): Promise<Closed | null> {
    const done = this.#turn.then(() => this.#check(store, now));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Makes starts durable, with the ends that came since the note before. */
  write(database: Database, note: JournalNote, now: Instant): Promise<Result<null, JournalFailure>> {
    return this.writeOn(postgresInstallation(database, this.identify), note, now);
  }

  /** The same on any store. */
  async writeOn(store: InstallationStore, note: JournalNote, now: Instant): Promise<Result<null, JournalFailure>> {
    const head = this.#head;
    if (head === null) throw new Error('the journal was not looked at before it was written to');
    if (this.#first) {
      const begun = await this.#begin(store, { ...head, at: now });
      if (!begun.ok) return begun;
      this.#first = false;
    }
    const { epoch } = head;
    return this.journal.write({ starts: note.starts.map((send) => ({ k: 'start', epoch, send })), ends: note.ends.map((end) => ({ k: 'end', epoch, ...end })) });
  }

  async #check(store: InstallationStore, now: Instant): Promise<Closed | null> {
    const installation = await store.read();
    if (installation.frozen !== null) return this.#frozen(installation.frozen.because);
    // The journal is read before the database is asked: whatever it holds was committed there before.
    const tail = await this.journal.tail({ mark: installation.mark, news: true });
    if (!tail.ok) return this.failed(tail.error);
    const verdict = compareJournal(tail.value, installation, await store.known(tail.value.sends));
    if (verdict.verdict === 'freeze') {
      await store.freeze({ because: verdict.because, unknown: verdict.unknown, unproven: UNPROVEN.has(verdict.because), reason: null }, { at: now, actor: ACTOR });
      return this.#frozen(verdict.because);
    }
    if (tail.value.torn > 0 && this.#told === null) this.#log.warn({ part: 'journal', torn: tail.value.torn }, 'lines of the send journal that were broken off are set aside: nothing of them left');
    this.#told = 'open';
    const { epoch, server, installation: id } = installation;
    this.#head = { epoch, installation: id, server, at: now };
    this.#first = verdict.verdict === 'first';
    if (!this.#first) await this.#agreed(store, installation, tail.value);
    return null;
  }

  async #agreed(store: InstallationStore, installation: Installation, tail: JournalTail): Promise<void> {
    this.journal.settle(tail);
    if (installation.opened === null) await store.noteOpened(installation.server);
    if (tail.lines < this.#markAfterLines || this.#head === null) return;
    const mark = await store.newName();
    const marked = await this.journal.mark({ mark, tail, head: this.#head });
    // Without a mark the next comparison is only longer; whether the journal can be written shows at the next note, before anything leaves.
    if (marked.ok) await store.noteMark(mark, installation.epoch);
  }

  /** Begins the journal of a database that never had one; one of several processes does. */
  #begin(store: InstallationStore, head: Head): Promise<Result<null, JournalFailure>> {
    return store.beginning(async (noteOpened) => {
      const tail = await this.journal.tail({ mark: null, news: false });
      if (!tail.ok) return tail;
      if (tail.value.head === null) {
        const begun = await this.journal.begin(head);
        if (!begun.ok) return begun;
      }
      await noteOpened(head.server);
      return ok(null);
    });
  }

  #frozen(because: FreezeReason): Closed {
    if (this.#told !== because) this.#log.error({ part: 'journal', because }, 'sending is frozen: see acquit reconcile');
    this.#told = because;
    return { stopped: 'frozen', said: frozenSentence(because) };
  }

  /** What a journal that fails means for a call: nothing leaves; said in the log once. */
  failed({ code, message }: JournalFailure): Closed {
    if (this.#told !== code) this.#log.error({ part: 'journal', code, where: this.journal.where }, 'nothing leaves: the send journal fails');
    this.#told = code;
    return { stopped: 'journal', said: message };
  }
}

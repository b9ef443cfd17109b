import type { FreezeReason, KnownSend } from '#core/channels/compare-journal.ts';
import type { JournalLine, JournalPlace, JournalledSend, ServerIdentity } from '#core/channels/journal-lines.ts';
import { memoryJournal } from '#core/channels/memory-journal.ts';
import type { SendJournal } from '#core/channels/send-journal.ts';
import { numbersFrom } from '#core/channels/sort-missing.ts';
import type { Instant } from '#core/kernel/clock.ts';
import { SendGuard } from '#server/channels/journal/guard.ts';
import type { InstallationStore, ThawLedger, ThawTransaction } from '#server/channels/journal/installation-store.ts';

/** The row of the installation. */
export type InstallationRow = {
  readonly installation: string; epoch: string; readonly server: ServerIdentity; opened: ServerIdentity | null; mark: string | null; frozen: { readonly at: Instant; readonly because: FreezeReason } | null;
};

/** A company's ledger as its installation reaches it. */
export type InstalledLedger = { known(sends: readonly JournalledSend[]): readonly KnownSend[]; thaw(): ThawLedger; skipNumbers(upTo: bigint): void;
  /** What is written in it leaves nothing behind when it throws. */
  transaction<T>(work: () => Promise<T>): Promise<T> };

/** Lines of a journal, and where they stand: what is copied elsewhere has another place. */
export type JournalFolder = { readonly lines: JournalLine[]; readonly place: JournalPlace };

/** Lines after which journal and ledger leave a mark in each other: so few that seeds of some months have several. */
const MARK_AFTER_LINES = 30;
const SILENT = { warn: () => undefined, error: () => undefined };

/** The row of an installation that was just founded. */
export const foundedRow = (name: string): InstallationRow => ({ installation: name, epoch: `${name} epoch 0`, server: { system: 'sim', timeline: '1', database: '1' }, opened: null, mark: null, frozen: null });

/** A journal that nothing was written in, in a place of its own. */
export const emptyFolder = (place: string): JournalFolder => ({ lines: [], place: { machine: 'sim', boot: 'sim', device: '0', inode: place } });

/** A database in memory as the guards of its processes see it: its row, the ledgers of its companies, the journal it stands beside. */
export class MemoryInstallation {
  readonly row: InstallationRow;
  readonly ledgers = new Map<string, InstalledLedger>();
  journal: JournalFolder;
  readonly #names: () => string;
  readonly #guards = new Map<string, SendGuard>();

  /** `names` gives one that nothing else has at each call. */
  constructor(row: InstallationRow, of: { journal: JournalFolder; names: () => string }) {
    this.row = row;
    this.journal = of.journal;
    this.#names = of.names;
  }

  get frozen(): boolean {
    return this.row.frozen !== null;
  }

  /** The journal as a command sees it that begins now. */
  journalHere(): SendJournal {
    return memoryJournal(this.journal.lines, this.journal.place);
  }

  /** The guard of a process. */
  guardOf(process: string): SendGuard {
    const guard = this.#guards.get(process) ?? new SendGuard({ journal: this.journalHere(), log: SILENT, markAfterLines: MARK_AFTER_LINES });
    this.#guards.set(process, guard);
    return guard;
  }

  /** Puts another journal in the place of this one; processes that were there before are gone. */
  putJournal(journal: JournalFolder): void {
    this.journal = journal;
    this.#guards.clear();
  }

  readonly store: InstallationStore = {
    read: async () => ({ ...this.row }),
    known: async (sends) => [...Map.groupBy(sends, ({ organisation }) => organisation)].flatMap(([organisation, own]) => this.ledgers.get(organisation)?.known(own) ?? []),
    freeze: async ({ because, unknown, unproven }, { at }) => {
      if (this.row.frozen !== null) return false;
      this.row.frozen = { at, because };
      this.#skip(numbersFrom({ unproven, unknown, at }));
      return true;
    },
    noteOpened: async (server) => {
      this.row.opened ??= server;
    },
    newName: async () => this.#names(),
    noteMark: async (mark, epoch) => {
      if (this.row.frozen === null && this.row.epoch === epoch) this.row.mark = mark;
    },
    beginning: (work) => this.#undone(() => work((server) => this.store.noteOpened(server))),
    organisations: async () => new Set(this.ledgers.keys()),
    thaw: (work) => this.#undone([...this.ledgers.values()].reduce((within, ledger) => () => ledger.transaction(within), () => work(this.#thawing))),
  };

  readonly #thawing: ThawTransaction = {
    frozenEpoch: async () => (this.row.frozen === null ? null : this.row.epoch),
    skipActionNumbers: async (upTo) => this.#skip(upTo),
    each: async (work) => {
      for (const [code, ledger] of this.ledgers) await work(ledger.thaw(), code);
    },
    newName: async () => this.#names(),
    end: async ({ epoch, mark, server }) => {
      Object.assign(this.row, { epoch, mark, opened: server, frozen: null });
    },
  };

  /** Puts the row back as it was when the work throws. */
  async #undone<T>(work: () => Promise<T>): Promise<T> {
    const before = { ...this.row };
    try {
      return await work();
    } catch (error) {
      Object.assign(this.row, before);
      throw error;
    }
  }

  #skip(upTo: bigint): void {
    for (const ledger of this.ledgers.values()) ledger.skipNumbers(upTo);
  }
}

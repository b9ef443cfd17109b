import type { FreezeReason, KnownSend, MissingSend } from '#core/channels/compare-journal.ts';
import type { JournalledSend, ServerIdentity } from '#core/channels/journal-lines.ts';
import type { EndToWrite, SendToPlace } from '#core/dunning/place-sends.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Facts } from '#server/audit/record.ts';
import type { Placed } from '#server/dunning/placing.ts';
import type { EndsWritten, PlacingBy } from '#server/dunning/sent-elsewhere.ts';
import type { Installation } from './installation.ts';

/** Who does something to the whole installation, and when. */
export type Doing = { readonly at: Instant; readonly actor: string };

/** Why the installation is frozen, and the sends that its database does not know. */
export type Freezing = {
  readonly because: FreezeReason;
  readonly unknown: readonly { readonly organisation: string; readonly action: string }[];
  /** Nothing here proves that `unknown` is all. */
  readonly unproven: boolean;
  readonly reason: string | null;
};

/** The ledger of one organisation within a reconciliation. */
export type ThawLedger = {
  /** Of the missing sends those that this database began itself: only their end is unknown to it. */
  begunHere(missing: readonly MissingSend[]): Promise<readonly MissingSend[]>;
  /** Gives how many actions took their end, and those that are sent by it. */
  writeEnds(ends: readonly EndToWrite[], by: PlacingBy): Promise<EndsWritten>;
  place(sends: readonly SendToPlace[], by: PlacingBy): Promise<Placed>;
  /** Cancels what was proposed without what the journal knew; gives how many. */
  dropProposals(by: PlacingBy): Promise<number>;
  /** Everything approved is asked again, and what comes too; gives how many. */
  backToProposed(by: PlacingBy): Promise<number>;
  /** Other software is told nothing more until a person switches on; gives how many webhooks were on. */
  switchWebhooksOff(by: PlacingBy): Promise<number>;
  record(event: { readonly at: Instant; readonly actor: string; readonly kind: string; readonly facts: Facts }): Promise<void>;
};

/** How a freeze ends. */
export type Thawed = { readonly epoch: string; readonly mark: string; readonly server: ServerIdentity; readonly how: 'applied' | 'adopted'; readonly reason: string; readonly by: Doing };

/** What a reconciliation does, all in one transaction. */
export type ThawTransaction = {
  /** Of the installation while it is frozen, held until the transaction ends; null: it is not frozen. */
  frozenEpoch(): Promise<string | null>;
  skipActionNumbers(upTo: bigint): Promise<void>;
  each(work: (ledger: ThawLedger, code: string) => Promise<void>): Promise<void>;
  newName(): Promise<string>;
  end(thawed: Thawed): Promise<void>;
};

/**
 * What the guard and a reconciliation ask of an installation: PostgreSQL in production, memory in the simulator. Everything that decides whether anything may leave, and what
 * becomes of what the journal knows, stands on this side of it.
 */
export type InstallationStore = {
  read(): Promise<Installation>;
  /** What the ledgers say of sends of the journal; those they do not know are left out. */
  known(sends: readonly JournalledSend[]): Promise<readonly KnownSend[]>;
  /** Freezes, with an event in each organisation; false when it was frozen already. */
  freeze(of: Freezing, by: Doing): Promise<boolean>;
  /** Remembers the server on which the journal was opened, unless one is remembered. */
  noteOpened(server: ServerIdentity): Promise<void>;
  /** A name that nothing else has. */
  newName(): Promise<string>;
  /** Remembers the latest mark, unless the epoch is another one by now. */
  noteMark(mark: string, epoch: string): Promise<void>;
  /** Begins a journal while no other process does; what `noteOpened` writes is undone when it throws. */
  beginning<T>(work: (noteOpened: (server: ServerIdentity) => Promise<void>) => Promise<T>): Promise<T>;
  organisations(): Promise<ReadonlySet<string>>;
  thaw<T>(work: (transaction: ThawTransaction) => Promise<T>): Promise<T>;
};

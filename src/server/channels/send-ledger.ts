import type { SendFacts } from '#core/dunning/send-facts.ts';
import type { Allowance, Rates } from '#core/channels/allowance.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Attempt, Note } from './attempts.ts';
import type { Bounce } from './bounces/record-bounce.ts';
import type { Claimed, Ended } from './claim-batch.ts';
import type { LockedAction } from './claim.ts';
import type { Ground } from './ground.ts';
import type { Closed } from './journal/guard.ts';
import type { JournalNote } from './journal/journalled-notes.ts';
import type { Prepared, Preparing } from './prepare.ts';
import type { EndedAttempt, Orphan, StandingClaim } from './rescue.ts';
import type { Ending } from './rescue-writes.ts';
import type { Sending } from './send.ts';
import type { Settled, Settling } from './settle.ts';

/** What is known before anything is claimed; each claim looks again. */
export type Gate = { readonly sample: boolean; readonly stopped: 'globalStop' | 'breakerOpen' | null; readonly testAddress: string | null; readonly timeZone: string; readonly allowance: Allowance };

/** An approved action as the queue shows it. */
export type Queued = { readonly action_id: ActionId; readonly printed: boolean; readonly recipient: string | null; readonly mailed: boolean };

/** The writes by which an action takes the end of its attempt, in the caller's transaction. */
export type SettleWrites = {
  /** Moves claimed actions whose fence still stands, with one event; gives those that were moved. The list is not empty. */
  writeSettled(by: Settling, rows: readonly Settled[]): Promise<Set<ActionId>>;
};

/** What a claim does to the ledger, all in one transaction. Lists given are not empty. */
export type ClaimTransaction = {
  /** Nothing leaves an installation that is frozen; it stays as it is until the transaction ends. */
  isFrozen(): Promise<boolean>;
  /** What the journal says of claimed messages. */
  readSendFacts(claimed: readonly Claimed[], at: { today: Day; now: Instant }): Promise<ReadonlyMap<ActionId, SendFacts>>;
  /** The rates in force, counted by nobody else until the transaction ends; null: none. */
  lockRates(): Promise<Rates | null>;
  /** False when an import is under way: nothing is claimed then. */
  holdImportsOff(): Promise<boolean>;
  /** Those of the actions that are approved and nobody else has, under lock with all they rest on. */
  lockActions(ids: readonly ActionId[]): Promise<LockedAction[]>;
  readGround(actions: readonly LockedAction[], at: { today: Day; now: Instant }): Promise<Ground>;
  readAllowance(rates: Rates | null, now: Instant): Promise<Allowance>;
  /** The bytes of each action: those stored, or composed now and stored. The list may be empty. */
  prepare(actions: readonly LockedAction[], preparing: Preparing): Promise<Map<ActionId, Result<Prepared, readonly Problem[]>>>;
  writeRechecked(old: readonly LockedAction[], by: Sending): Promise<void>;
  writeEnded(ended: readonly Ended[], by: Sending): Promise<void>;
  /** `ground` is what they were looked at with. */
  writeClaimed(claimed: readonly Claimed[], of: { readonly by: Sending; readonly ground: Ground }): Promise<void>;
};

/** What settling a chunk does to the ledger, all in one transaction. */
export type SettleTransaction = SettleWrites & {
  endOpen(by: Settling, kept: readonly Settled[]): Promise<void>;
  recordBounces(by: Settling, bounces: readonly Bounce[]): Promise<void>;
};

/** What rescuing the claims of lost workers does to the ledger, all in one transaction. */
export type RescueTransaction = SettleWrites & {
  standingClaims(): Promise<readonly StandingClaim[]>;
  isAlive(worker: string): Promise<boolean>;
  endAttempts(by: Settling, ending: Ending): Promise<readonly Orphan[]>;
  release(by: Settling, released: readonly Orphan[]): Promise<void>;
  park(by: Settling, one: Orphan): Promise<void>;
  readEnded(orphans: readonly Orphan[]): Promise<readonly EndedAttempt[]>;
};

/**
 * What sending asks of the ledger of one organisation, a transaction a call: PostgreSQL in production, memory in the simulator. Everything that decides
 * whether a message leaves stands on this side of it; on the other side are reads, locks, and writes that say what they are conditional on.
 */
export type SendLedger = {
  /** Whether anything may leave at all: why not, when journal and database tell different stories or a person froze the installation. */
  check(now: Instant): Promise<Closed | null>;
  gate(now: Instant): Promise<Gate>;
  /** Approved actions of these channels that may be tried now, and how many wait for another channel. A try refused for now makes its action wait. */
  queue(channels: readonly string[]): Promise<{ queue: readonly Queued[]; waiting: number }>;
  rescue<T>(work: (ledger: RescueTransaction) => Promise<T>): Promise<T>;
  claim<T>(work: (ledger: ClaimTransaction) => Promise<T>): Promise<T>;
  /** Notes starts and ends durably; gives the actions whose attempt was still open (attempts.ts). */
  note(note: Note, at: { now: Instant; today: Day }): Promise<ReadonlySet<string>>;
  settle<T>(work: (ledger: SettleTransaction) => Promise<T>): Promise<T>;
  /** Makes a note durable outside the database; why nothing leaves any more when that fails. */
  writeJournal(note: JournalNote, now: Instant): Promise<Closed | null>;
  /** Takes back that attempts started, of which nothing left: they are released. */
  unstart(attempts: readonly Attempt[], at: Instant): Promise<void>;
};

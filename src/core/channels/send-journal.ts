import type { Result } from '../kernel/result.ts';
import type { Bilingual } from '../kernel/text.ts';
import type { JournalEnd, JournalHead, JournalledSend, JournalPlace, JournalStart } from './journal-lines.ts';

/** Why a journal can be neither written nor read, in a sentence that names the place and what to do. */
export type JournalFailure = { readonly code: string; readonly message: Bilingual };

/** What is read of a journal. */
export type JournalTail = {
  /** Of the newest file; null: there is no journal here. */
  readonly head: JournalHead | null;
  /** Where the newest file really stands; null with `head`. */
  readonly place: JournalPlace | null;
  /** Every epoch it ever had. */
  readonly epochs: ReadonlySet<string>;
  readonly sends: readonly JournalledSend[];
  /** Lines that were broken off or changed: of these nothing left. */
  readonly torn: number;
  /** Positions up to which this was read, by file. */
  readonly upTo: Readonly<Record<string, number>>;
  /** Lines since the mark it was read from. */
  readonly lines: number;
};

/** What one write makes durable, together. */
export type JournalNote = { readonly starts: readonly JournalStart[]; readonly ends: readonly JournalEnd[] };

/**
 * What left, kept outside the database. Nothing here reads a clock or decides anything; whoever writes to it brings instants, and the comparison with the database is
 * `compareJournal`.
 */
export type SendJournal = {
  /** Where it is, for sentences to people. */
  readonly where: string;
  /**
   * Returns when the lines are durable. A failure means that they may or may not be: nothing of them may leave. Starts fail when another epoch than theirs was
   * begun, before or meanwhile: another database took over.
   */
  write(note: JournalNote): Promise<Result<null, JournalFailure>>;
  /** What was written since the mark, or ever when the mark is null or not there; `news`: only since the last `settle` of this process, and the last few sends before it. */
  tail(since: { readonly mark: string | null; readonly news: boolean }): Promise<Result<JournalTail, JournalFailure>>;
  /** From now on `news` begins where that tail ended: the database knew all of it. */
  settle(tail: JournalTail): void;
  /** Begins an epoch with a file of its own. */
  begin(head: Omit<JournalHead, 'k' | 'v' | 'place'>): Promise<Result<null, JournalFailure>>;
  /** Writes down that the database knew everything up to a tail's positions. */
  mark(mark: { readonly mark: string; readonly tail: Pick<JournalTail, 'upTo'>; readonly head: Omit<JournalHead, 'k' | 'v' | 'place'> }): Promise<Result<null, JournalFailure>>;
  close(): Promise<void>;
};

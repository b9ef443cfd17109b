import type { Fault } from './faults.ts';
import type { ImportOutcome, MatchedView } from './imports.ts';

/** Most files of one drop: a year of daily statements with its invoices; more go in archives or several drops. */
export const DROP_FILES_MAX = 500;

/** How far a file of a drop is. `failed`: for a reason that is not in the file; it can be tried again. */
export type DropFileState = 'waiting' | 'reading' | 'done' | 'failed' | 'cancelled';

/** One file of a drop, or one that came in an archive of it. */
export type DropFileView = {
  readonly id: string;
  /** The archive it came in; null when it was dropped itself. */
  readonly parent: string | null;
  readonly name: string;
  /** Folders it lay in, joined by " / "; empty when it was dropped alone. */
  readonly folder: string;
  readonly bytes: number;
  /** Recognised by its content; null when it is nothing that is read. */
  readonly format: string | null;
  readonly state: DropFileState;
  readonly progress: { readonly done: number; readonly total: number };
  readonly outcome: ImportOutcome | null;
  readonly fault: Fault | null;
  /** True while the server still has its bytes, so that it can be read another way. */
  readonly kept: boolean;
};

/** Files dropped together. `files` are those that changed since the version asked for. */
export type DropView = {
  readonly id: string;
  readonly state: 'receiving' | 'working' | 'ended';
  /** Files the person dropped; fewer may have arrived. */
  readonly expected: number;
  readonly startedAt: string;
  readonly version: number;
  readonly files: readonly DropFileView[];
  /** What was matched by itself once the files were in; null or absent while they are not, or when nothing goes by itself. */
  readonly matched?: MatchedView | null | undefined;
};

/** The drop a person has on the go or just finished; null when there is none. */
export type CurrentDrop = { readonly drop: DropView | null };

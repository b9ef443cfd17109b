import type { Bilingual } from '../kernel/text.ts';
import type { Fault } from './faults.ts';

/** Work that outlives its request: asked for by POST, looked at by GET until it is no longer `running`. */
export type JobView<Result> = {
  readonly id: string;
  readonly kind: string;
  /** `cancelled`: a person stopped it, and nothing of it was kept. */
  readonly status: 'running' | 'done' | 'failed' | 'cancelled';
  /** Share of the work done: bytes of a file, decisions of a run; `total` 0 when it is not known. */
  readonly progress: { readonly done: number; readonly total: number };
  readonly result: Result | null;
  readonly fault: Fault | null;
};

/** What a dunning run did, real or dry. */
export type RunOutcome = {
  readonly today: string;
  readonly dryRun: boolean;
  readonly stopped: 'ledgerStale' | 'bankStale' | 'globalStop' | null;
  readonly decisions: number;
  readonly actions: number;
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
};

/** What became of the approved actions that were handed over. */
export type SendOutcome = {
  readonly sent: number;
  readonly failed: number;
  readonly unknown: number;
  readonly waiting: number;
  /** Sent to the test address. */
  readonly tested: number;
  readonly cancelled: readonly { readonly action: string; readonly reason: string }[];
  /** Approved too long ago and no longer what should be said. */
  readonly expired: readonly { readonly action: string; readonly reason: string }[];
  readonly stopped: 'globalStop' | 'breakerOpen' | 'frozen' | 'journal' | null;
  /** The same in a sentence, where the reason is of the moment. */
  readonly said: Bilingual | null;
};

import type { PoolConfig } from 'pg';
import type { SmtpSettings } from '#server/channels/smtp-settings.ts';

/** Points of the send path that a worker's own process can hold at: hooks around what it is given, nothing in the product. */
export const CHILD_POINTS = [
  'beforeClaim', 'inClaim', 'afterClaim', 'beforeStart', 'startUnanswered', 'afterStart', 'content', 'afterAnswer', 'afterEnd', 'beforeSettle', 'inSettle', 'afterSettle', 'inRescue',
  'drawing', 'writing', 'afterLetter',
] as const;
/** One of them. */
export type ChildPoint = (typeof CHILD_POINTS)[number];

/** Points that the mail server sees. `answered`: the 250 was written to the socket. */
export const SINK_POINTS = ['ehlo', 'mail', 'rcpt', 'data', 'dot', 'answered'] as const;
/** One of them. */
export type SinkPoint = (typeof SINK_POINTS)[number];

/**
 * What a process does at a point, the so-manieth time it comes there: `hold` tells and never goes on, `hang` tells and goes on, but no note of its is answered any more, as where the database is gone, `stop` tells and stops itself as a suspended
 * machine would, `tell` tells and goes on.
 */
export type Pause = { readonly point: ChildPoint; readonly nth: number; readonly does: 'hold' | 'hang' | 'stop' | 'tell' };

/** What a worker's process is told first. */
export type WorkerOrder = {
  readonly login: PoolConfig;
  readonly organisation: string;
  readonly today: string;
  readonly smtp: SmtpSettings;
  /** Data folder with the print folder; null: letters wait. */
  readonly dataDir: string | null;
  /** Folder of the send journal. */
  readonly journal: string;
  /** A file with milliseconds that its clock is ahead. */
  readonly clockFile?: string;
  /** Share of its transactions that the database fails, from this seed. */
  readonly faults?: { readonly share: number; readonly seed: number };
};

/** What it is told then. `turns`: calls until it waits for the next word; null: until it ends. */
export type WorkerCommand = { readonly do: 'work'; readonly turns: number | null; readonly max?: number; readonly pause?: Pause } | { readonly do: 'end' };

/** What it says. `rescued`: the claims of lost workers are settled; `turned`: a call ended; `failed`: it threw. */
export type WorkerWord =
  | { readonly said: 'loaded' }
  | { readonly said: 'ready'; readonly worker: string }
  | { readonly said: 'point'; readonly point: ChildPoint }
  | { readonly said: 'rescued' }
  | { readonly said: 'acknowledged'; readonly actions: readonly string[] }
  | { readonly said: 'turned'; readonly handled: number }
  | { readonly said: 'failed'; readonly code: string; readonly message: string };

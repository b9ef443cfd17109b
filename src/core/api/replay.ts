import type { JobView } from './jobs.ts';
import type { ReplayResult } from '../dunning/replay-tally.ts';

/** How a replay is asked for; without a version the draft is tried, or the version in force when there is no draft. */
export type ReplayBody = { readonly version: number | null; readonly months: number; readonly basis: 'known' | 'dated'; readonly population: 'assigned' | 'everybody' };

/** A replay that was kept; `stale`: what it tried is not what the scenario says now. */
export type ReplayView = {
  readonly version: number | null; readonly months: number; readonly basis: 'known' | 'dated'; readonly population: 'assigned' | 'everybody'; readonly endedAt: string; readonly by: string;
  readonly stale: boolean; readonly result: ReplayResult;
};

/** What the page of a scenario's replays shows: how much history there is, the one under way, the last one kept. */
export type ReplayPage = {
  readonly code: string; readonly name: string; readonly version: number; readonly hasDraft: boolean;
  readonly history: { readonly knownSince: string | null; readonly knownDays: number; readonly datedSince: string | null; readonly datedDays: number; readonly daysMin: number };
  readonly running: JobView<{ readonly id: string }> | null;
  readonly last: ReplayView | null;
};

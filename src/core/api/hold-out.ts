import type { Effect } from '../dunning/effect.ts';
import type { AmountView } from './faults.ts';

/** How a test is asked for: the share that keeps an earlier version of the scenario, or another scenario. */
export type HoldOutBody = { readonly sharePercent: number; readonly formerVersion: number | null; readonly formerScenario: string | null };

/** A test of a version against what was before it. */
export type HoldOutView = {
  readonly id: string; readonly version: number; readonly formerCode: string; readonly formerName: string; readonly formerVersion: number; readonly sharePercent: number; readonly seed: number; readonly startedOn: string; readonly startedBy: string;
  readonly endedOn: string | null;
  /** Customers under test by arm, and those a person's choice took out. */
  readonly sizes: { readonly new: number; readonly former: number; readonly left: { readonly new: number; readonly former: number } };
  readonly effect: Effect;
  /** Financing saved on what came due in the arm of the new version, at `ratePercent` a year; null while it cannot be measured. */
  readonly saved: { readonly due: AmountView; readonly financing: AmountView; readonly low: AmountView; readonly high: AmountView; readonly ratePercent: string } | null;
};

/** The tests of a scenario, newest first, and what one could be compared with. */
export type HoldOutPage = {
  readonly code: string; readonly name: string; readonly version: number; readonly versions: readonly number[];
  readonly others: readonly { readonly code: string; readonly name: string }[];
  readonly tests: readonly HoldOutView[];
};

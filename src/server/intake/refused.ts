import type { Problem } from '#core/kernel/problem.ts';
import type { ImportReport, Understood } from './import-file.ts';

/** Totals of a file of which nothing was understood. */
export const NO_TOTALS = { debit: '0.00', credit: '0.00', balance: '0.00' };

/** A file that may not be applied: its problems, and how far it was understood. Thrown inside the transaction to roll it back. */
export class Refused extends Error {
  readonly problems: readonly Problem[];
  readonly lines: number;
  readonly totals: ImportReport['totals'];
  readonly understood: Understood | null;
  constructor(problems: readonly Problem[], seen: { lines?: number; totals?: ImportReport['totals']; understood?: Understood | null } = {}) {
    super('file refused');
    this.problems = problems;
    this.lines = seen.lines ?? 0;
    this.totals = seen.totals ?? NO_TOTALS;
    this.understood = seen.understood ?? null;
  }
}

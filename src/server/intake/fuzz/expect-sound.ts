import { failureText, RUN_MIB_MAX } from './fuzz.ts';
import type { FuzzReport } from './fuzz.ts';
import { MUTATION_NAMES } from './mutate-text.ts';

/** What a run must have seen for its silence to mean something. */
export type Expected = { readonly cases: number; readonly codes: number; readonly pairs: boolean; readonly texts: boolean };

/** What speaks against a run: a failure, memory that grew, or a meter at zero that makes the run worth nothing. Empty when it is sound. */
export function objections(report: FuzzReport, { cases, codes, pairs, texts }: Expected): string[] {
  const found: string[] = [];
  if (report.failure !== null) return [failureText(report.failure)];
  if (report.cases !== cases) found.push(`${report.cases} cases of ${cases}`);
  if (report.grownMiB > RUN_MIB_MAX) found.push(`memory grew by ${report.grownMiB} MiB`);
  if (report.accepted < cases / 100) found.push(`only ${report.accepted} files accepted`);
  if (report.refused < cases / 100) found.push(`only ${report.refused} files refused`);
  if (report.codes.size < codes) found.push(`only ${report.codes.size} kinds of problem`);
  if (pairs && report.pairsTold < cases / 10) found.push(`only ${report.pairsTold} changed amounts told`);
  if (texts) for (const name of MUTATION_NAMES) if ((report.changes.get(name) ?? 0) === 0) found.push(`no change "${name}"`);
  return found;
}

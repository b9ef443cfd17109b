import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Clock } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ImportId, OrganisationId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { MAX_TEXT_BYTES } from '#core/intake/limits.ts';
import { problem } from '#core/intake/problems.ts';
import type { ConfirmedMapping } from '#core/intake/table/mapping.ts';
import type { ProfileName } from '#core/intake/table/profile.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { applyFormat, prepareFormat } from './apply-format.ts';
import type { Prepared } from './apply-format.ts';
import type { Created } from './derive-items.ts';
import { lockImports } from './import-lock.ts';
import { findImport, openImport, closeImport } from './import-record.ts';
import type { Job } from './import-record.ts';
import { NO_TOTALS, Refused } from './refused.ts';
import { describeFile, formatProblem } from './sniff.ts';
import type { IntakeFormat } from './sniff.ts';

/** A file to take in, and what the person said about it. */
export type ImportOptions = {
  readonly organisation: OrganisationId;
  readonly path: string;
  /** As the person knows it; the path may be that of an upload. */
  readonly fileName: string;
  readonly today: Day;
  readonly clock: Clock;
  readonly actor: string;
  /** Format named by hand instead of recognised. */
  readonly format?: IntakeFormat;
  /** Payment terms of this file's customers that have none of their own. */
  readonly terms?: string;
  readonly dryRun?: boolean;
  /** A mapping corrected by a person; remembered for the source. */
  readonly mapping?: ConfirmedMapping;
  /** The person said that an account not known yet is the company's own. */
  readonly newAccount?: boolean;
  /** Bytes read so far, for a progress bar. */
  readonly progress?: (bytes: number, total: number) => void;
};

/** What became of one file; `problems` name every refused or doubtful line. */
export type ImportReport = {
  readonly importId: ImportId | null;
  readonly format: string | null;
  readonly sha256: string;
  readonly status: 'applied' | 'unchanged' | 'refused';
  readonly lines: number;
  readonly created: Created;
  readonly changed: Record<string, number>;
  /** Decimal texts, of the customer lines of the file. */
  readonly totals: { readonly debit: string; readonly credit: string; readonly balance: string };
  readonly problems: readonly Problem[];
  /** How a table's columns were understood; null for formats that need no mapping. */
  readonly understood: Understood | null;
};

/** The reading of a table, to show and correct. */
export type Understood = {
  readonly sourceKey: string;
  readonly headers: readonly string[];
  readonly sample: readonly (readonly string[])[];
  readonly mapping: ConfirmedMapping;
  readonly notes: readonly { readonly column: number; readonly field: string | null; readonly confidence: string; readonly reason: { fr: string; en: string } }[];
  readonly remembered: boolean;
  /** The export recognised ("Sage 100, interrogation tiers"); null when it is none that is known. */
  readonly profile: ProfileName | null;
};

/** What an `apply…` gives back to be recorded; throwing `Refused` undoes everything. */
export type Applied = {
  readonly source: string;
  readonly lines: number;
  readonly created: Created;
  readonly changed: Record<string, number>;
  readonly totals: ImportReport['totals'];
  readonly problems: readonly Problem[];
  readonly coversFrom: Day | null;
  readonly coversUntil: Day | null;
  readonly understood: Understood | null;
};

class DryRunDone extends Error {
  readonly applied: Applied;
  constructor(applied: Applied) {
    super('dry run');
    this.applied = applied;
  }
}

const NOTHING: Created = { customers: 0, debits: 0, credits: 0, allocations: 0, bankLines: 0 };

/** Applies one file whole or not at all, in one transaction; the same bytes again change nothing. */
export async function importFile(database: Database, options: ImportOptions): Promise<ImportReport> {
  const { size } = await stat(options.path);
  const limited = size > MAX_TEXT_BYTES;
  const sha256 = limited ? '' : await hashFile(options.path, size);
  const base = { importId: null, sha256, created: NOTHING, changed: {}, totals: NO_TOTALS, lines: 0, understood: null };
  if (limited) {
    return { ...base, format: null, status: 'refused', problems: [problem('fileTooLarge', 0, { bytes: size, limit: MAX_TEXT_BYTES })] };
  }
  const sniffed = await describeFile(options.path, options.fileName);
  const format = options.format ?? sniffed.format;
  if (format === 'unknown') return { ...base, format: null, status: 'refused', problems: [formatProblem(sniffed.reason)] };
  try {
    const prepared = await prepareFormat(options, format);
    const job = { options, sha256, size, format, warnings: sniffed.warnings };
    return await database.inTenant(options.organisation, (t) => applyOnce(t, job, prepared), { keepPlans: prepared !== null });
  } catch (error) {
    if (error instanceof Refused) {
      const { problems, lines, totals, understood } = error;
      return { ...base, format, status: 'refused', problems: [...sniffed.warnings, ...problems], lines, totals, understood };
    }
    if (error instanceof DryRunDone) return { ...error.applied, importId: null, sha256, format, status: 'applied' };
    throw error;
  }
}

async function applyOnce(t: Tenant, job: Job, prepared: Prepared): Promise<ImportReport> {
  const { options, sha256, format } = job;
  await lockImports(t, prepared === null ? 'bulk' : 'single');
  const importId = await openImport(t, job);
  if (importId === null) {
    if (options.mapping !== undefined) throw new Refused([problem('alreadyApplied', 0, {})]);
    const seen = await findImport(t, sha256);
    return { ...seen, sha256, format, status: 'unchanged', created: NOTHING, changed: {}, problems: [], understood: null };
  }
  const found = await applyFormat(t, importId, { options, format, prepared });
  const applied = { ...found, problems: [...job.warnings, ...found.problems] };
  if (options.dryRun === true) throw new DryRunDone(applied);
  await closeImport(t, job, { importId, applied });
  return { ...applied, importId, sha256, format, status: 'applied' };
}

/** Bytes hashed at once; a buffer of that size for each of ten thousand small files would keep the garbage collector busy. */
const HASH_CHUNK_BYTES = 1_048_576;

async function hashFile(path: string, size: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: Math.max(1, Math.min(size, HASH_CHUNK_BYTES)) })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

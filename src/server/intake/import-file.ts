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
import { record } from '#server/audit/record.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { applyFec } from './apply-fec.ts';
import { applyTable } from './apply-table.ts';
import type { Created } from './derive-items.ts';
import { lockImports } from './import-lock.ts';
import { storeProblems } from './import-store.ts';
import { sniffFile } from './sniff.ts';

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
  readonly format?: 'fec' | 'csv' | 'xlsx';
  /** Payment terms of this file's customers that have none of their own. */
  readonly terms?: string;
  readonly dryRun?: boolean;
  /** A mapping corrected by a person; remembered for the source. */
  readonly mapping?: ConfirmedMapping;
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

class DryRunDone extends Error {
  readonly applied: Applied;
  constructor(applied: Applied) {
    super('dry run');
    this.applied = applied;
  }
}

const NO_TOTALS = { debit: '0.00', credit: '0.00', balance: '0.00' };
const NOTHING: Created = { customers: 0, debits: 0, credits: 0, allocations: 0, bankLines: 0 };

/** Applies one file whole or not at all, in one transaction; the same bytes again change nothing. */
export async function importFile(database: Database, options: ImportOptions): Promise<ImportReport> {
  const { size } = await stat(options.path);
  const limited = size > MAX_TEXT_BYTES;
  const sha256 = limited ? '' : await hashFile(options.path);
  const base = { importId: null, sha256, created: NOTHING, changed: {}, totals: NO_TOTALS, lines: 0, understood: null };
  if (limited) {
    return { ...base, format: null, status: 'refused', problems: [problem('fileTooLarge', 0, { bytes: size, limit: MAX_TEXT_BYTES })] };
  }
  const format = options.format ?? (await sniffFile(options.path, options.fileName));
  if (typeof format !== 'string') return { ...base, format: null, status: 'refused', problems: [format] };
  try {
    return await database.inTenant(options.organisation, (t) => applyOnce(t, { options, sha256, size, format }));
  } catch (error) {
    if (error instanceof Refused) {
      const { problems, lines, totals, understood } = error;
      return { ...base, format, status: 'refused', problems, lines, totals, understood };
    }
    if (error instanceof DryRunDone) return { ...error.applied, importId: null, sha256, format, status: 'applied' };
    throw error;
  }
}

type Job = { options: ImportOptions; sha256: string; size: number; format: 'fec' | 'csv' | 'xlsx' };

async function applyOnce(t: Tenant, job: Job): Promise<ImportReport> {
  const { options, sha256, format } = job;
  await lockImports(t);
  const seen = await t.one<{ import_id: ImportId; line_count: string; summary: { totals: ImportReport['totals'] } }>(t.sql`
    select i.import_id, i.line_count, i.summary from ${t.from('import')} i
    where i.sha256 = decode(${sha256}, 'hex') and i.status = 'applied'`);
  if (seen !== null && options.mapping === undefined) {
    return {
      importId: seen.import_id, sha256, format, status: 'unchanged', lines: Number(seen.line_count), created: NOTHING, changed: {},
      totals: seen.summary.totals, problems: [], understood: null,
    };
  }
  const importId = await openImport(t, job);
  const applied = format === 'fec' ? await applyFec(t, importId, options) : await applyTable(t, importId, { ...options, format });
  if (options.dryRun === true) throw new DryRunDone(applied);
  await closeImport(t, job, { importId, applied });
  return { ...applied, importId, sha256, format, status: 'applied' };
}

async function openImport(t: Tenant, job: Job): Promise<ImportId> {
  const { options, sha256, size, format } = job;
  const row = await t.one<{ import_id: ImportId }>(t.sql`
    ${t.into('import', 'source, format, file_name, sha256, byte_size, line_count, status, summary, applied_at, applied_on, actor')}
    values (${t.org}, '', ${format}, ${options.fileName.slice(0, 255)}, decode(${sha256}, 'hex'), ${size}, 0, 'applied', '{}'::jsonb,
      ${options.clock.now()}::timestamptz, ${options.today}::date, ${options.actor})
    on conflict do nothing returning import_id`);
  if (row === null) throw new Refused([problem('alreadyApplied', 0, {})]);
  return row.import_id;
}

async function closeImport(t: Tenant, job: Job, done: { importId: ImportId; applied: Applied }): Promise<void> {
  const { importId, applied } = done;
  const { options, sha256 } = job;
  const summary = { created: applied.created, changed: applied.changed, totals: applied.totals, understood: applied.understood };
  await t.run(t.sql`
    ${t.update('import', 'i')} set source = ${applied.source}, line_count = ${applied.lines}, covers_from = ${applied.coversFrom}::date,
      covers_until = ${applied.coversUntil}::date, summary = ${JSON.stringify(summary)}::jsonb
    where ${t.own('i')} and i.import_id = ${importId}::bigint`);
  await storeProblems(t, importId, applied.problems);
  await record(t, {
    at: options.clock.now(), actor: options.actor, kind: 'import.applied', subject: `import:${importId}`,
    facts: {
      format: job.format, sha256, lines: applied.lines, debit: applied.totals.debit, credit: applied.totals.credit, ...applied.created, ...applied.changed,
      digest: await digestOf(t, importId),
    },
  });
}

/** What the import put into the ledger, as one hash: its items and allocations in the order of their ids. */
async function digestOf(t: Tenant, importId: ImportId): Promise<string> {
  const row = await t.one<{ digest: string }>(t.sql`
    select encode(sha256(convert_to(
      coalesce((select string_agg(md5(i.natural_key || '|' || i.amount || '|' || i.issued_on), '' order by i.item_id)
        from ${t.from('item')} i where i.import_id = ${importId}::bigint), '') || '/' ||
      coalesce((select string_agg(md5(a.debit_item_id || '|' || a.credit_item_id || '|' || a.amount), '' order by a.allocation_id)
        from ${t.from('allocation')} a where a.import_id = ${importId}::bigint), ''), 'UTF8')), 'hex') as digest`);
  return row?.digest ?? '';
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

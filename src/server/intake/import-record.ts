import type { ImportId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Applied, ImportOptions, ImportReport } from './import-file.ts';
import { storeProblems } from './import-store.ts';
import { withoutErased } from './not-erased.ts';
import type { IntakeFormat } from './sniff.ts';

/** A file about to be applied. */
export type Job = { readonly options: ImportOptions; readonly sha256: string; readonly size: number; readonly format: IntakeFormat; readonly warnings: readonly Problem[] };

/** The import that already brought these very bytes. */
export async function findImport(t: Tenant, sha256: string): Promise<{ importId: ImportId; lines: number; totals: ImportReport['totals'] }> {
  const seen = await t.one<{ import_id: ImportId; line_count: string; summary: { totals: ImportReport['totals'] } }>(t.sql`
    select i.import_id, i.line_count, i.summary from ${t.from('import')} i
    where i.sha256 = decode(${sha256}, 'hex') and i.status = 'applied'`);
  if (seen === null) throw new Error('no import of these bytes');
  return { importId: seen.import_id, lines: Number(seen.line_count), totals: seen.summary.totals };
}

/** Adds the import's row, so that everything it brings can name it; null when these very bytes are applied already. */
export async function openImport(t: Tenant, job: Job): Promise<ImportId | null> {
  const { options, sha256, size, format } = job;
  const row = await t.one<{ import_id: ImportId }>(t.sql`
    ${t.into('import', 'source, format, file_name, sha256, byte_size, line_count, status, summary, applied_at, applied_on, actor')}
    values (${t.org}, '', ${format}, ${options.fileName.slice(0, 255)}, decode(${sha256}, 'hex'), ${size}, 0, 'applied', '{}'::jsonb,
      ${options.clock.now()}::timestamptz, ${options.today}::date, ${options.actor})
    on conflict do nothing returning import_id`);
  return row?.import_id ?? null;
}

/** Completes the import's row, keeps its problems, and writes the event. */
export async function closeImport(t: Tenant, job: Job, done: { importId: ImportId; applied: Applied }): Promise<void> {
  const { importId, applied } = done;
  const { options, sha256 } = job;
  const summary = { created: applied.created, changed: applied.changed, totals: applied.totals, understood: applied.understood === null ? null : { ...applied.understood, sample: await withoutErased(t, applied.understood.sample) } };
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

/** What the import put into the books, as one hash: its items, allocations and bank lines in the order of their ids. */
async function digestOf(t: Tenant, importId: ImportId): Promise<string> {
  const row = await t.one<{ digest: string }>(t.sql`
    select encode(sha256(convert_to(
      coalesce((select string_agg(md5(i.natural_key || '|' || i.amount || '|' || i.issued_on), '' order by i.item_id)
        from ${t.from('item')} i where i.import_id = ${importId}::bigint), '') || '/' ||
      coalesce((select string_agg(md5(a.debit_item_id || '|' || a.credit_item_id || '|' || a.amount), '' order by a.allocation_id)
        from ${t.from('allocation')} a where a.import_id = ${importId}::bigint), '') || '/' ||
      coalesce((select string_agg(md5(l.entry_key || '|' || l.entry_part || '|' || l.amount), '' order by l.bank_line_id)
        from ${t.from('bank_line')} l join ${t.from('bank_statement')} s on s.bank_statement_id = l.bank_statement_id where s.import_id = ${importId}::bigint), ''), 'UTF8')), 'hex') as digest`);
  return row?.digest ?? '';
}

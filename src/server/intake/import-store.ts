import type { ImportId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Keeps the problems of an import, in the order they were found. */
export async function storeProblems(t: Tenant, importId: ImportId, problems: readonly Problem[]): Promise<void> {
  if (problems.length === 0) return;
  await t.run(t.sql`
    ${t.into('import_problem', 'import_id, ordinal, line, severity, code, message_fr, message_en')}
    select ${t.org}, ${importId}::bigint, n.ordinal, n.line, n.severity, n.code, n.fr, n.en from unnest(
      ${problems.map((_, index) => index + 1)}::int[], ${problems.map((one) => String(one.line))}::bigint[], ${problems.map((one) => one.severity)}::text[],
      ${problems.map((one) => one.code)}::text[], ${problems.map((one) => one.message.fr)}::text[], ${problems.map((one) => one.message.en)}::text[]
    ) as n(ordinal, line, severity, code, fr, en)`);
}

/** One import as a list shows it. */
export type ImportRow = {
  import_id: ImportId; source: string; format: string; file_name: string; line_count: string; status: 'applied' | 'undone'; applied_at: string;
  applied_on: string; actor: string; summary: unknown; problems: string;
};

/** The latest imports, newest first. */
export async function listImports(t: Tenant, limit = 50): Promise<ImportRow[]> {
  return t.rows<ImportRow>(t.sql`
    select i.import_id, i.source, i.format, i.file_name, i.line_count, i.status, i.applied_at, i.applied_on, i.actor, i.summary,
      (select count(*) from ${t.from('import_problem')} p where p.import_id = i.import_id)::text as problems
    from ${t.from('import')} i order by i.import_id desc limit ${limit}`);
}

/** The problems of an import, as kept. */
export async function importProblems(t: Tenant, importId: ImportId): Promise<Problem[]> {
  const rows = await t.rows<{ line: string; severity: Problem['severity']; code: string; message_fr: string; message_en: string }>(t.sql`
    select p.line, p.severity, p.code, p.message_fr, p.message_en from ${t.from('import_problem')} p
    where p.import_id = ${importId}::bigint order by p.ordinal`);
  return rows.map((row) => ({ line: Number(row.line), severity: row.severity, code: row.code, message: { fr: row.message_fr, en: row.message_en } }));
}

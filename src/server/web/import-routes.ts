import { z } from 'zod';
import type { ImportView } from '#core/api/imports.ts';
import { importProblems, listImports } from '#server/intake/import-store.ts';
import type { ImportRow } from '#server/intake/import-store.ts';
import { undoImport } from '#server/intake/undo-import.ts';
import { actorOf, sessionOf } from './access.ts';
import { sendAttachment } from './attachment.ts';
import type { WebContext } from './context.ts';
import { languageQuery } from './contracts/drop-shapes.ts';
import { importsSchema, problemsSchema, summarySchema, undoSchema } from './contracts/import-shapes.ts';
import { idSchema } from './contracts/shapes.ts';
import { dropRoutes } from './import-drop-routes.ts';
import { Drops } from './import-drops.ts';
import { namesOf } from './import-found.ts';
import { problemsCsv } from './import-problems-csv.ts';
import type { WebApp } from './web-app.ts';

const params = z.object({ id: idSchema<'import'>() });

/** Imports of one page of the history, and the most a page grows to. */
const HISTORY_SHOWN = 20;
const HISTORY_MAX = 1000;

function viewOf(row: ImportRow, by: string): ImportView {
  const summary = summarySchema.safeParse(row.summary).data ?? { created: {}, totals: {} };
  const { customers = 0, debits = 0, credits = 0, allocations = 0, bankLines = 0 } = summary.created;
  return {
    id: row.import_id, fileName: row.file_name, format: row.format, lines: Number(row.line_count), status: row.status, appliedAt: row.applied_at, appliedOn: row.applied_on, actor: row.actor, by,
    problems: Number(row.problems), created: { customers, debits, credits, allocations, bankLines }, balance: summary.totals.balance ?? null,
  };
}

function historyRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/imports', config: { access: { signedIn: 'reader' } },
    schema: { querystring: z.object({ limit: z.coerce.number().int().min(1).max(HISTORY_MAX).default(HISTORY_SHOWN) }), response: { 200: importsSchema } },
    handler: async (request) => {
      const rows = await web.database.inTenant(sessionOf(request).organisation, (t) => listImports(t, request.query.limit), { readOnly: true });
      const names = await namesOf(web, rows.map((row) => row.actor));
      return rows.map((row) => viewOf(row, names.get(row.actor) ?? row.actor));
    },
  });
  app.route({
    method: 'GET', url: '/api/imports/:id/problems', config: { access: { signedIn: 'reader' } }, schema: { params, response: { 200: problemsSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, (t) => importProblems(t, request.params.id), { readOnly: true }),
  });
  app.route({
    method: 'GET', url: '/api/imports/:id/problems.csv', config: { access: { signedIn: 'reader' } }, schema: { params, querystring: languageQuery },
    handler: async (request, reply) => {
      const { language } = request.query;
      const file = await web.database.inTenant(sessionOf(request).organisation, async (t) => ({
        name: (await t.one<{ file_name: string }>(t.sql`select i.file_name from ${t.from('import')} i where i.import_id = ${request.params.id}::bigint`))?.file_name ?? '',
        problems: await importProblems(t, request.params.id),
      }), { readOnly: true });
      return sendAttachment(reply, { bytes: problemsCsv([file], language), type: 'text/csv; charset=utf-8', name: language === 'fr' ? 'remarques' : 'remarks', extension: '.csv' });
    },
  });
}

/** Imports: files in, what became of them, the history, and taking one back. */
export function importRoutes(app: WebApp, web: WebContext): void {
  const drops = new Drops(web.uploads, web.clock);
  app.addHook('preClose', async () => drops.stop());
  dropRoutes(app, { web, drops });
  historyRoutes(app, web);
  app.route({
    method: 'POST', url: '/api/imports/:id/undo', config: { access: { signedIn: 'collector' } }, schema: { params, response: { 200: undoSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const result = await undoImport(web.database, { organisation: session.organisation, importId: request.params.id, clock: web.clock, actor: actorOf(session) });
      return { status: result.status === 'undone' ? 'undone' as const : 'blocked' as const, blocking: [...result.blocking] };
    },
  });
}

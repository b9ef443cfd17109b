import type { MultipartFile } from '@fastify/multipart';
import { z } from 'zod';
import type { ImportView } from '#core/api/imports.ts';
import { MAX_TEXT_BYTES } from '#core/intake/limits.ts';
import { importProblems, listImports } from '#server/intake/import-store.ts';
import type { ImportRow } from '#server/intake/import-store.ts';
import { undoImport } from '#server/intake/undo-import.ts';
import { readJob } from './action-routes.ts';
import { actorOf, sessionOf } from './access.ts';
import type { WebContext } from './context.ts';
import { applyBody, importOutcomeSchema, importsSchema, problemsSchema, summarySchema, undoSchema } from './contracts/import-shapes.ts';
import { idSchema, jobSchema, startedSchema } from './contracts/shapes.ts';
import { checkMapping, takeIn } from './import-work.ts';
import { invalid, notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

/** Fields beside the file (payment terms), and their size: a form sends a few short ones. */
const FORM = { fileSize: MAX_TEXT_BYTES, files: 1, fields: 4, fieldSize: 500, headerPairs: 50, parts: 6 } as const;

/** Characters kept of a file name; what looks like a path is cut to its last part. */
const FILE_NAME_MAX = 200;

function fileNameOf(file: MultipartFile): string {
  const last = file.filename.split(/[\\/]/).at(-1) ?? '';
  const clean = last.replaceAll(/\p{Cc}/gu, '').trim().slice(-FILE_NAME_MAX);
  return clean === '' ? 'import' : clean;
}

/** A text field of the form, or null; the browser sends fields before the file. */
function fieldOf(file: MultipartFile, name: string): string | null {
  const field = file.fields[name];
  if (field === undefined || Array.isArray(field) || field.type !== 'field' || typeof field.value !== 'string') return null;
  return field.value.trim() === '' ? null : field.value.trim();
}

const viewOf = (row: ImportRow): ImportView => {
  const summary = summarySchema.safeParse(row.summary).data ?? { created: {}, totals: {} };
  const { customers = 0, debits = 0, credits = 0, allocations = 0 } = summary.created;
  return {
    id: row.import_id, fileName: row.file_name, format: row.format, lines: Number(row.line_count), status: row.status, appliedAt: row.applied_at,
    appliedOn: row.applied_on, actor: row.actor, problems: Number(row.problems), created: { customers, debits, credits, allocations }, balance: summary.totals.balance ?? null,
  };
};

function uploadRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'POST', url: '/api/imports', config: { access: { signedIn: 'collector' }, upload: true }, schema: { response: { 202: startedSchema } },
    handler: async (request, reply) => {
      const session = sessionOf(request);
      const file = await request.file({ limits: FORM, throwFileSizeLimit: false });
      if (file === undefined) throw invalid('import.noFile', 'Choisissez un fichier : FEC, CSV ou Excel.', 'Choose a file: FEC, CSV or Excel.');
      const received = await web.uploads.receive({ organisation: session.organisation, fileName: fileNameOf(file) }, file.file, () => file.file.truncated);
      if (received === null) throw invalid('import.tooLarge', 'Le fichier dépasse 1 Go : coupez-le par exercice ou par trimestre.', 'The file is over 1 GB: split it by year or quarter.');
      const reading = { mapping: null, terms: fieldOf(file, 'terms'), check: false };
      const job = web.jobs.start({ organisation: session.organisation, kind: 'import' }, (advance) => takeIn(web, session, { upload: received, reading, advance }));
      return reply.code(202).send({ job });
    },
  });
  app.route({
    method: 'POST', url: '/api/uploads/:upload', config: { access: { signedIn: 'collector' } },
    schema: { params: z.object({ upload: z.string().max(64) }), body: applyBody, response: { 202: startedSchema } },
    handler: async (request, reply) => {
      const session = sessionOf(request);
      const upload = web.uploads.find(session.organisation, request.params.upload);
      if (upload === null) throw notFound('Ce fichier n’est plus gardé sur le serveur : déposez-le de nouveau.', 'This file is no longer kept on the server: drop it again.');
      const { mapping, terms, check } = request.body;
      if (mapping !== null) checkMapping(mapping);
      const job = web.jobs.start({ organisation: session.organisation, kind: 'import' }, (advance) => takeIn(web, session, { upload, reading: { mapping, terms, check }, advance }));
      return reply.code(202).send({ job });
    },
  });
}

/** Imports: a file in, its columns settled, what became of it, the history, and taking one back. */
export function importRoutes(app: WebApp, web: WebContext): void {
  uploadRoutes(app, web);
  app.route({
    method: 'GET', url: '/api/imports/jobs/:job', config: { access: { signedIn: 'collector' } },
    schema: { params: z.object({ job: z.string().max(64) }), response: { 200: jobSchema(importOutcomeSchema) } },
    handler: async (request) => readJob(web, sessionOf(request), { id: request.params.job, kind: 'import', result: importOutcomeSchema }),
  });
  app.route({
    method: 'GET', url: '/api/imports', config: { access: { signedIn: 'reader' } }, schema: { response: { 200: importsSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => (await listImports(t)).map(viewOf), { readOnly: true }),
  });
  app.route({
    method: 'GET', url: '/api/imports/:id/problems', config: { access: { signedIn: 'reader' } },
    schema: { params: z.object({ id: idSchema<'import'>() }), response: { 200: problemsSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, (t) => importProblems(t, request.params.id), { readOnly: true }),
  });
  app.route({
    method: 'POST', url: '/api/imports/:id/undo', config: { access: { signedIn: 'collector' } },
    schema: { params: z.object({ id: idSchema<'import'>() }), response: { 200: undoSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const result = await undoImport(web.database, { organisation: session.organisation, importId: request.params.id, clock: web.clock, actor: actorOf(session) });
      return { status: result.status === 'undone' ? 'undone' as const : 'blocked' as const, blocking: [...result.blocking] };
    },
  });
}

import type { MultipartFile } from '@fastify/multipart';
import { z } from 'zod';
import { MAX_TEXT_BYTES } from '#core/intake/limits.ts';
import { sessionOf } from './access.ts';
import { sendAttachment } from './attachment.ts';
import { againBody, arrivedSchema, currentDropSchema, currentQuery, dropBody, dropFileParams, dropParams, languageQuery, openedSchema } from './contracts/drop-shapes.ts';
import { problemsSchema } from './contracts/import-shapes.ts';
import { doneSchema } from './contracts/shapes.ts';
import { fileNameOf, folderOf } from './import-names.ts';
import { problemsCsv } from './import-problems-csv.ts';
import { arrive, begin } from './import-queue.ts';
import type { Queue } from './import-queue.ts';
import { checkMapping } from './import-work.ts';
import { Refusal, invalid } from './refusal.ts';
import type { WebApp } from './web-app.ts';

/** Fields beside the file (its drop and its path), and their size: a form sends a few short ones. */
const FORM = { fileSize: MAX_TEXT_BYTES, files: 1, fields: 4, fieldSize: 2000, headerPairs: 50, parts: 6 } as const;

/** A text field of the form, or null; the browser sends fields before the file. */
function fieldOf(file: MultipartFile, name: string): string | null {
  const field = file.fields[name];
  if (field === undefined || Array.isArray(field) || field.type !== 'field' || typeof field.value !== 'string') return null;
  return field.value.trim() === '' ? null : field.value.trim();
}

function arrivalRoute(app: WebApp, queue: Queue): void {
  const { web, drops } = queue;
  app.route({
    method: 'POST', url: '/api/imports', config: { access: { signedIn: 'collector' }, upload: true }, schema: { response: { 201: arrivedSchema } },
    handler: async (request, reply) => {
      const session = sessionOf(request);
      const file = await request.file({ limits: FORM, throwFileSizeLimit: false });
      if (file === undefined) throw invalid('import.noFile', 'Choisissez un fichier à importer.', 'Choose a file to import.');
      const drop = drops.find(session, fieldOf(file, 'drop') ?? '');
      const received = await web.uploads.receive({ organisation: session.organisation, fileName: fileNameOf(file.filename) }, file.file, () => file.file.truncated);
      if (received === null) {
        throw new Refusal(413, 'import.tooLarge', { fr: 'Le fichier dépasse 1 Go : coupez-le par exercice ou par trimestre.', en: 'The file is over 1 GB: split it by year or quarter.' });
      }
      const entry = await arrive(queue, drop, { upload: received, folder: folderOf(fieldOf(file, 'path') ?? ''), bytes: file.file.bytesRead });
      return reply.code(201).send({ file: entry.id });
    },
  });
}

function fileRoutes(app: WebApp, queue: Queue): void {
  const { drops } = queue;
  app.route({
    method: 'POST', url: '/api/drops/:drop/files/:file', config: { access: { signedIn: 'collector' } }, schema: { params: dropFileParams, body: againBody, response: { 202: doneSchema } },
    handler: async (request, reply) => {
      const drop = drops.find(sessionOf(request), request.params.drop);
      if (request.body.mapping !== null) checkMapping(request.body.mapping);
      drops.again(drop, drops.file(drop, request.params.file), request.body);
      begin(queue, drop);
      return reply.code(202).send({ done: true } as const);
    },
  });
  app.route({
    method: 'GET', url: '/api/drops/:drop/files/:file/problems', config: { access: { signedIn: 'collector' } }, schema: { params: dropFileParams, response: { 200: problemsSchema } },
    handler: async (request) => {
      const drop = drops.find(sessionOf(request), request.params.drop);
      return [...drops.file(drop, request.params.file).problems];
    },
  });
  app.route({
    method: 'GET', url: '/api/drops/:drop/problems.csv', config: { access: { signedIn: 'collector' } }, schema: { params: dropParams, querystring: languageQuery.extend({ file: z.string().max(64).optional() }) },
    handler: async (request, reply) => {
      const drop = drops.find(sessionOf(request), request.params.drop);
      const { language, file } = request.query;
      const files = file === undefined ? drop.files : [drops.file(drop, file)];
      return sendAttachment(reply, { bytes: problemsCsv(files, language), type: 'text/csv; charset=utf-8', name: language === 'fr' ? 'remarques' : 'remarks', extension: '.csv' });
    },
  });
}

/** Files dropped together: opened, filled, worked in their order, looked at, cancelled, read again, and put away. */
export function dropRoutes(app: WebApp, queue: Queue): void {
  const { drops } = queue;
  arrivalRoute(app, queue);
  fileRoutes(app, queue);
  app.route({
    method: 'POST', url: '/api/drops', config: { access: { signedIn: 'collector' } }, schema: { body: dropBody, response: { 201: openedSchema } },
    handler: async (request, reply) => reply.code(201).send({ drop: (await drops.open(sessionOf(request), request.body)).id }),
  });
  app.route({
    method: 'GET', url: '/api/drops/current', config: { access: { signedIn: 'reader' } }, schema: { querystring: currentQuery, response: { 200: currentDropSchema } },
    handler: async (request) => {
      const drop = drops.current(sessionOf(request));
      return { drop: drop === null ? null : drops.view(drop, request.query.since) };
    },
  });
  app.route({
    method: 'POST', url: '/api/drops/:drop/start', config: { access: { signedIn: 'collector' } }, schema: { params: dropParams, response: { 202: doneSchema } },
    handler: async (request, reply) => {
      begin(queue, drops.find(sessionOf(request), request.params.drop));
      return reply.code(202).send({ done: true } as const);
    },
  });
  app.route({
    method: 'POST', url: '/api/drops/:drop/cancel', config: { access: { signedIn: 'collector' } }, schema: { params: dropParams, response: { 200: doneSchema } },
    handler: async (request) => {
      await drops.cancel(drops.find(sessionOf(request), request.params.drop));
      return { done: true } as const;
    },
  });
  app.route({
    method: 'DELETE', url: '/api/drops/:drop', config: { access: { signedIn: 'collector' } }, schema: { params: dropParams, response: { 200: doneSchema } },
    handler: async (request) => {
      await drops.dismiss(drops.find(sessionOf(request), request.params.drop));
      return { done: true } as const;
    },
  });
}

import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { guardAccess } from './access.ts';
import { actionRoutes } from './action-routes.ts';
import { assignmentRoutes } from './assignment-routes.ts';
import { configurationRoutes } from './configuration-routes.ts';
import type { WebContext, WebOptions } from './context.ts';
import { customerRoutes } from './customer-routes.ts';
import { documentRoutes } from './document-routes.ts';
import { answerFaults, unknownRoute } from './faults.ts';
import { holdOutRoutes } from './hold-out-routes.ts';
import { holdRoutes } from './hold-routes.ts';
import { importRoutes } from './import-routes.ts';
import { journalRoutes } from './journal-routes.ts';
import { Jobs } from './jobs.ts';
import { letterRoutes } from './letter-routes.ts';
import { proofRoutes } from './proof-routes.ts';
import { matchingRoutes } from './matching-routes.ts';
import { overviewRoutes } from './overview-routes.ts';
import { previewRoutes } from './preview-routes.ts';
import { replayRoutes } from './replay-routes.ts';
import { reviewRoutes } from './review-routes.ts';
import { addSecurityHeaders } from './security.ts';
import { sendingRoutes } from './sending-routes.ts';
import { scenarioRoutes } from './scenario-routes.ts';
import { templateRoutes } from './template-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { stopRoutes } from './stop-routes.ts';
import { setupRoutes } from './setup-routes.ts';
import { serveStaticFiles } from './static-files.ts';
import { Uploads } from './uploads.ts';
import { webhookRoutes } from './webhook-routes.ts';
import type { WebApp } from './web-app.ts';

/** A JSON body: the largest is a list of some thousand ids. */
const BODY_BYTES_MAX = 256 * 1024;
/** A request that has not arrived whole by then is hung up on; uploads of a gigabyte on a slow line fit. */
const REQUEST_TIMEOUT_MS = 30 * 60_000;

/** Makes the web server: API, sessions, uploads and the built web app. The caller listens, and closes it. */
export async function createApp(options: WebOptions): Promise<WebApp> {
  const app: WebApp = fastify({
    logger: false, bodyLimit: BODY_BYTES_MAX, requestTimeout: REQUEST_TIMEOUT_MS, trustProxy: false, routerOptions: { maxParamLength: 100 },
  });
  const web: WebContext = { ...options, jobs: new Jobs(options.log, options.clock), uploads: new Uploads(options.clock) };
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  answerFaults(app, web);
  await addSecurityHeaders(app, web.settings);
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await app.register(multipart);
  guardAccess(app, web);
  app.setNotFoundHandler((_request, reply) => unknownRoute(reply));
  for (const routes of [sessionRoutes, setupRoutes, overviewRoutes, customerRoutes, holdRoutes, actionRoutes, sendingRoutes, stopRoutes, journalRoutes, webhookRoutes, letterRoutes, proofRoutes, importRoutes, matchingRoutes, reviewRoutes, documentRoutes, configurationRoutes, scenarioRoutes, templateRoutes, replayRoutes, holdOutRoutes, assignmentRoutes, previewRoutes]) {
    routes(app, web);
  }
  await serveStaticFiles(app, web);
  app.addHook('onClose', async () => {
    await web.jobs.settle();
    await web.uploads.close();
  });
  return app;
}

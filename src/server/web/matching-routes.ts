import { z } from 'zod';
import { parseCurrency } from '#core/kernel/currency.ts';
import type { Session } from '#server/identity/sessions.ts';
import { placeCertain } from '#server/matching/automatic.ts';
import type { By } from '#server/matching/apply.ts';
import { dismissLine, refuseCustomer, restoreLine } from '#server/matching/dismiss.ts';
import { MatchingFault } from '#server/matching/faults.ts';
import { inTurn } from '#server/matching/in-turn.ts';
import { placeByPerson, readOffers } from '#server/matching/place.ts';
import { changeSettings, readSettings } from '#server/matching/settings.ts';
import { undoMatch } from '#server/matching/undo-match.ts';
import { writeOff } from '#server/matching/write-off.ts';
import { actorOf, sessionOf } from './access.ts';
import { readJob } from './action-routes.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import {
  accountQuery, automaticResultSchema, dismissBody, dismissedPageSchema, lineKeySchema, linesQuery, matchingSettingsSchema, matchingSummarySchema, openAccountSchema, openLineSchema, openPageSchema,
  placedPageSchema, placedSchema, placingBody, refuseBody, restoreBody, undoBody, writeOffBody,
} from './contracts/matching-shapes.ts';
import { doneSchema, idSchema, jobSchema, startedSchema } from './contracts/shapes.ts';
import { openLinesOf, readAccount, readDismissedPage, readMatchingSummary, readOpenPage, readPlacedPage } from './matching-query.ts';
import type { Found } from './matching-query.ts';
import { Refusal, invalid, notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

const snapshot = { isolation: 'repeatable read', readOnly: true } as const;
const reader = { access: { signedIn: 'reader' } } as const;
const collector = { access: { signedIn: 'collector' } } as const;

const STATUS = { conflict: 409, fixed: 409, unknown: 404, invalid: 422 } as const;
const CODES = { conflict: 'matching.conflict', fixed: 'matching.fixed', unknown: 'request.notFound' } as const;

/** A change by the person of a session; what stands against it is answered with its sentence. */
async function change<T>(web: WebContext, session: Session, work: (by: By) => Promise<T>): Promise<T> {
  const today = await web.database.inTenant(session.organisation, (t) => todayOf(t, web.clock), { readOnly: true });
  try {
    return await work({ now: web.clock.now(), today, actor: actorOf(session) });
  } catch (error) {
    if (!(error instanceof MatchingFault)) throw error;
    throw new Refusal(STATUS[error.kind], error.kind === 'invalid' ? `matching.${error.field}` : CODES[error.kind], error.said);
  }
}

const gone = (): Refusal => notFound('Cette ligne n’est pas, ou n’est plus, à placer.', 'This line is not, or no longer, to be placed.');

async function viewOf(web: WebContext, session: Session, found: Found | null): Promise<Awaited<ReturnType<typeof openLinesOf>>[number]> {
  if (found === null) throw gone();
  const [view] = await web.database.inTenant(session.organisation, (t) => openLinesOf(t, [found]), snapshot);
  if (view === undefined) throw gone();
  return view;
}

function listRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/matching', config: reader, schema: { response: { 200: matchingSummarySchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, readMatchingSummary, snapshot),
  });
  app.route({
    method: 'GET', url: '/api/matching/open', config: reader, schema: { querystring: linesQuery, response: { 200: openPageSchema } },
    handler: (request) => readOpenPage(web, sessionOf(request).organisation, request.query),
  });
  app.route({
    method: 'GET', url: '/api/matching/open/:key', config: reader, schema: { params: z.object({ key: lineKeySchema }), response: { 200: openLineSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      return viewOf(web, session, await readOffers(web.database, session.organisation, request.params.key));
    },
  });
  app.route({
    method: 'GET', url: '/api/matching/placed', config: reader, schema: { querystring: linesQuery, response: { 200: placedPageSchema } },
    handler: (request) => readPlacedPage(web, sessionOf(request).organisation, request.query),
  });
  app.route({
    method: 'GET', url: '/api/matching/dismissed', config: reader, schema: { querystring: linesQuery, response: { 200: dismissedPageSchema } },
    handler: (request) => readDismissedPage(web, sessionOf(request).organisation, request.query),
  });
  app.route({
    method: 'GET', url: '/api/matching/accounts/:customer', config: reader,
    schema: { params: z.object({ customer: idSchema<'customer'>() }), querystring: accountQuery, response: { 200: openAccountSchema } },
    handler: async (request) => {
      const currency = parseCurrency(request.query.currency);
      if (currency === null) throw invalid('matching.currency', 'Cette devise n’existe pas.', 'There is no such currency.');
      const found = await web.database.inTenant(sessionOf(request).organisation, (t) => readAccount(t, request.params.customer, currency), snapshot);
      if (found === null) throw notFound('Ce client n’existe pas ou plus.', 'This customer does not exist or no longer does.');
      return found;
    },
  });
}

function placeRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'POST', url: '/api/matching/place', config: collector, schema: { body: placingBody, response: { 200: placedSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const { line: key, uses } = request.body;
      return { match: await change(web, session, (by) => placeByPerson(web.database, session.organisation, { key, uses, by })) };
    },
  });
  app.route({
    method: 'POST', url: '/api/matching/write-off', config: collector, schema: { body: writeOffBody, response: { 200: placedSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      return { match: await change(web, session, (by) => writeOff(web.database, session.organisation, { asked: request.body, by })) };
    },
  });
  app.route({
    method: 'POST', url: '/api/matching/undo', config: collector, schema: { body: undoBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const { match, reason } = request.body;
      await change(web, session, (by) => inTurn(web.database, session.organisation, (t) => undoMatch(t, match, { ...by, reason })));
      return { done: true } as const;
    },
  });
}

function lineRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'POST', url: '/api/matching/dismiss', config: collector, schema: { body: dismissBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const { line: key, reason, note } = request.body;
      await change(web, session, (by) => dismissLine(web.database, session.organisation, { key, reason, note, by }));
      return { done: true } as const;
    },
  });
  app.route({
    method: 'POST', url: '/api/matching/restore', config: collector, schema: { body: restoreBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      await change(web, session, (by) => restoreLine(web.database, session.organisation, { key: request.body.line, by }));
      return { done: true } as const;
    },
  });
  app.route({
    method: 'POST', url: '/api/matching/refuse', config: collector, schema: { body: refuseBody, response: { 200: openLineSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const { line: key, customer } = request.body;
      return viewOf(web, session, await change(web, session, (by) => refuseCustomer(web.database, session.organisation, { key, customer, by })));
    },
  });
}

function settingsRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/matching/settings', config: reader, schema: { response: { 200: matchingSettingsSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, readSettings, snapshot),
  });
  app.route({
    method: 'PUT', url: '/api/matching/settings', config: { access: { signedIn: 'owner' } }, schema: { body: matchingSettingsSchema, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      await change(web, session, (by) => web.database.inTenant(session.organisation, (t) => changeSettings(t, request.body, by)));
      return { done: true } as const;
    },
  });
}

function jobRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'POST', url: '/api/matching/automatic', config: collector, schema: { body: z.strictObject({}).nullish(), response: { 202: startedSchema } },
    handler: async (request, reply) => {
      const session = sessionOf(request);
      const { organisation } = session;
      const job = web.jobs.start({ organisation, kind: 'matching' }, () => change(web, session, ({ today, actor }) => placeCertain(web.database, { organisation, clock: web.clock, today, actor })));
      return reply.code(202).send({ job });
    },
  });
  app.route({
    method: 'GET', url: '/api/matching/automatic/:job', config: reader, schema: { params: z.object({ job: z.string().max(64) }), response: { 200: jobSchema(automaticResultSchema) } },
    handler: async (request) => readJob(web, sessionOf(request), { id: request.params.job, kind: 'matching', result: automaticResultSchema }),
  });
}

/** Lettrage: what waits with its proposals, what was placed and set aside, every decision of a person, settings, and placing what is certain. */
export function matchingRoutes(app: WebApp, web: WebContext): void {
  listRoutes(app, web);
  placeRoutes(app, web);
  lineRoutes(app, web);
  settingsRoutes(app, web);
  jobRoutes(app, web);
}

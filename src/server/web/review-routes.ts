import { z } from 'zod';
import { acceptStatement, decideDocument } from '#server/intake/review.ts';
import type { Reviewer } from '#server/intake/review.ts';
import type { Session } from '#server/identity/sessions.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { actorOf, sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import { decisionBody, reviewCountSchema, reviewsSchema } from './contracts/review-shapes.ts';
import { doneSchema, idSchema } from './contracts/shapes.ts';
import { notFound } from './refusal.ts';
import { countReviews, readReviews } from './review-query.ts';
import type { WebApp } from './web-app.ts';

/** A decision by the person of a session; refused when nothing waits under that id, perhaps because somebody was faster. */
async function decide(web: WebContext, session: Session, decision: (t: Tenant, by: Reviewer) => Promise<boolean>): Promise<{ done: true }> {
  const done = await web.database.inTenant(session.organisation, async (t) => decision(t, { now: web.clock.now(), today: await todayOf(t, web.clock), actor: actorOf(session) }));
  if (!done) throw notFound('Il n’y a plus rien à vérifier ici : quelqu’un l’a peut-être déjà fait.', 'There is nothing left to check here: somebody may have done it already.');
  return { done: true };
}

/** What imports set aside until a person has looked: the list, how many, and what the person says. */
export function reviewRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/reviews', config: { access: { signedIn: 'reader' } }, schema: { response: { 200: reviewsSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, readReviews, { isolation: 'repeatable read', readOnly: true }),
  });
  app.route({
    method: 'GET', url: '/api/reviews/count', config: { access: { signedIn: 'reader' } }, schema: { response: { 200: reviewCountSchema } },
    handler: async (request) => ({ waiting: await web.database.inTenant(sessionOf(request).organisation, countReviews, { readOnly: true }) }),
  });
  app.route({
    method: 'POST', url: '/api/reviews/statements/:id/accept', config: { access: { signedIn: 'collector' } },
    schema: { params: z.object({ id: idSchema<'bankStatement'>() }), response: { 200: doneSchema } },
    handler: (request) => decide(web, sessionOf(request), (t, by) => acceptStatement(t, request.params.id, by)),
  });
  app.route({
    method: 'POST', url: '/api/reviews/documents/:id', config: { access: { signedIn: 'collector' } },
    schema: { params: z.object({ id: idSchema<'document'>() }), body: decisionBody, response: { 200: doneSchema } },
    handler: (request) => decide(web, sessionOf(request), (t, by) => decideDocument(t, request.params.id, { decision: request.body.decision, by })),
  });
}

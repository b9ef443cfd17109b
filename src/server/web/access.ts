import type { RouteOptions } from 'fastify';
import { closeSession, findSession } from '#server/identity/sessions.ts';
import type { Session } from '#server/identity/sessions.ts';
import { atLeast } from '#server/identity/users.ts';
import type { WebContext } from './context.ts';
import { sessionToken } from './cookie.ts';
import { checkOrigin } from './origin.ts';
import { Refusal } from './refusal.ts';
import type { WebApp } from './web-app.ts';

/** The session of a request on a route that is not public. */
export function sessionOf(request: { readonly session: Session | null }): Session {
  if (request.session !== null) return request.session;
  throw new Refusal(401, 'session.none', { fr: 'Votre session n’est pas ouverte ou a expiré : connectez-vous.', en: 'Your session is not open or has expired: sign in.' });
}

/** How events and imports name the person of a session. */
export const actorOf = (session: Session): string => `user:${session.user}`;

function refuseUndeclared(route: RouteOptions): void {
  if (route.config?.access === undefined) throw new Error(`route ${String(route.method)} ${route.url} does not say who may call it`);
}

/** Makes every route say who may call it, and holds it to that; what is not declared is not served. */
export function guardAccess(app: WebApp, web: WebContext): void {
  app.addHook('onRoute', refuseUndeclared);
  app.decorateRequest('session', null);
  app.addHook('onRequest', async (request) => {
    checkOrigin(request, web.settings);
    const access = request.routeOptions.config.access;
    if (access === undefined) return;
    const token = sessionToken(request, web.settings);
    if (token !== null) request.session = await findSession(web.database, token, web.clock);
    if (access === 'public') return;
    const session = sessionOf(request);
    if (atLeast(session.role, access.signedIn)) return;
    throw new Refusal(403, 'session.role', {
      fr: 'Votre rôle ne permet pas cette action : demandez-la au propriétaire de l’organisation.',
      en: 'Your role does not allow this: ask the owner of the organisation.',
    });
  });
}

/** Ends the session that a request came with, if any: a new one never lives beside it. */
export async function endSession(web: WebContext, session: Session | null): Promise<void> {
  if (session !== null) await closeSession(web.database, session.tokenHash);
}

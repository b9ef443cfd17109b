import { endStop, readStop, stopAll } from '#server/dunning/global-stop.ts';
import { atLeast } from '#server/identity/users.ts';
import { actorOf, sessionOf } from './access.ts';
import type { WebContext } from './context.ts';
import { reasonBody } from './contracts/sending-shapes.ts';
import { doneSchema } from './contracts/shapes.ts';
import { Refusal, notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

/** The stop of everything: whoever works may pull it; the owner, or the one who pulled it, lets go. */
export function stopRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'POST', url: '/api/stop', config: { access: { signedIn: 'collector' } }, schema: { body: reasonBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const stopped = await web.database.inTenant(session.organisation, (t) => stopAll(t, { reason: request.body.reason, by: { clock: web.clock, actor: actorOf(session) } }));
      if (!stopped) throw new Refusal(409, 'stop.already', { fr: 'Tout est déjà arrêté : rechargez la page pour voir par qui et pourquoi.', en: 'Everything is stopped already: reload the page to see by whom and why.' });
      return { done: true } as const;
    },
  });
  app.route({
    method: 'POST', url: '/api/stop/end', config: { access: { signedIn: 'collector' } }, schema: { response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const actor = actorOf(session);
      await web.database.inTenant(session.organisation, async (t) => {
        const stop = await readStop(t);
        if (stop === null) throw notFound('Rien n’est arrêté.', 'Nothing is stopped.');
        if (!atLeast(session.role, 'owner') && stop.by !== actor) {
          throw new Refusal(403, 'stop.other', { fr: 'Seuls le propriétaire et la personne qui a tout arrêté peuvent reprendre.', en: 'Only the owner and the person who stopped everything can let it go on.' });
        }
        await endStop(t, { clock: web.clock, actor });
      });
      return { done: true } as const;
    },
  });
}

import { writeFreeze } from '#server/channels/journal/installation.ts';
import { reconcile } from '#server/channels/journal/reconcile.ts';
import type { Session } from '#server/identity/sessions.ts';
import { actorOf, sessionOf } from './access.ts';
import type { WebContext } from './context.ts';
import { journalPageSchema, reconcileBody, reconciledSchema } from './contracts/journal-shapes.ts';
import { reasonBody } from './contracts/sending-shapes.ts';
import { doneSchema } from './contracts/shapes.ts';
import { ownsEverything, readJournalPage } from './journal-query.ts';
import { Refusal } from './refusal.ts';
import type { WebApp } from './web-app.ts';

async function refuseOthers(web: WebContext, session: Session): Promise<void> {
  if (await ownsEverything(web.database, session)) return;
  throw new Refusal(403, 'journal.owner', {
    fr: 'Le journal d’envoi est celui de toutes les organisations de cette installation : seul qui les possède toutes décide ici. L’administrateur de la machine le peut aussi, par « acquit reconcile » et « acquit freeze ».',
    en: 'The send journal is that of every organisation of this installation: only who owns them all decides here. The administrator of the machine can too, with "acquit reconcile" and "acquit freeze".',
  });
}

/** The send journal beside the database: what it knows alone, and how sending goes on; a freeze asked for by a person. */
export function journalRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/journal', config: { access: { signedIn: 'reader' } }, schema: { response: { 200: journalPageSchema } },
    handler: (request) => readJournalPage(web, sessionOf(request)),
  });
  app.route({
    method: 'POST', url: '/api/journal/freeze', config: { access: { signedIn: 'owner' } }, schema: { body: reasonBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      await refuseOthers(web, session);
      const frozen = await writeFreeze(web.database, { because: 'person', unknown: [], unproven: true, reason: request.body.reason }, { at: web.clock.now(), actor: actorOf(session) });
      if (!frozen) throw new Refusal(409, 'journal.frozen', { fr: 'Les envois sont déjà gelés : rechargez la page pour voir pourquoi.', en: 'Sending is frozen already: reload the page to see why.' });
      return { done: true } as const;
    },
  });
  app.route({
    method: 'POST', url: '/api/journal/reconcile', config: { access: { signedIn: 'owner' } }, schema: { body: reconcileBody, response: { 200: reconciledSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      await refuseOthers(web, session);
      const done = await reconcile(web.database, web.guard, { ...request.body, by: { at: web.clock.now(), actor: actorOf(session) } });
      if (!done.ok) throw new Refusal(409, 'journal.refused', done.error);
      const code = await web.database.pool.query<{ code: string }>('select o.code from organisation o where o.organisation_id = $1', [session.organisation]);
      const own = done.value.find((one) => one.code === code.rows[0]?.code);
      return { sent: own?.sent ?? 0, parked: own?.parked ?? 0, waiting: own?.waiting ?? 0, refused: own?.refused ?? 0, tests: own?.tests ?? 0, dropped: own?.dropped ?? 0, backToProposed: own?.backToProposed ?? 0, webhooksOff: own?.webhooksOff ?? 0 };
    },
  });
}

import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { sessionOf } from './access.ts';
import type { WebContext } from './context.ts';
import { actionPreviewSchema } from './contracts/action-shapes.ts';
import { idSchema } from './contracts/shapes.ts';
import { letterOf, mailOf, previewAction } from './letter-preview.ts';
import { notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

const params = z.object({ id: idSchema<'action'>() });
const snapshot = { isolation: 'repeatable read', readOnly: true } as const;

/** A file under a name of ours that no browser runs, frames or guesses the type of. */
function sendFile(reply: FastifyReply, file: { bytes: Buffer; type: string; name: string }): FastifyReply {
  return reply
    .header('content-type', file.type)
    .header('content-disposition', `attachment; filename="${file.name}"`)
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .send(file.bytes);
}

/** What an action says, before it leaves and after. */
export function letterRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/actions/:id/preview', config: { access: { signedIn: 'reader' } }, schema: { params, response: { 200: actionPreviewSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, (t) => previewAction(t, web, request.params.id), snapshot),
  });
  app.route({
    method: 'GET', url: '/api/actions/:id/letter.pdf', config: { access: { signedIn: 'reader' } }, schema: { params },
    handler: async (request, reply) => {
      const { id } = request.params;
      const bytes = await web.database.inTenant(sessionOf(request).organisation, (t) => letterOf(t, web, id), snapshot);
      if (bytes === null) throw notFound('Cette action n’a pas de courrier.', 'This action has no letter.');
      return sendFile(reply, { bytes, type: 'application/pdf', name: `acquit-${id}.pdf` });
    },
  });
  app.route({
    method: 'GET', url: '/api/actions/:id/message.eml', config: { access: { signedIn: 'reader' } }, schema: { params },
    handler: async (request, reply) => {
      const { id } = request.params;
      const bytes = await web.database.inTenant(sessionOf(request).organisation, (t) => mailOf(t, id), snapshot);
      if (bytes === null) throw notFound('L’e-mail de cette action n’est pas encore composé.', 'The e-mail of this action is not composed yet.');
      return sendFile(reply, { bytes, type: 'message/rfc822', name: `acquit-${id}.eml` });
    },
  });
}

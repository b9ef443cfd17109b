import { z } from 'zod';
import { makePack } from '#server/evidence/pack.ts';
import { packArchive } from '#server/intake/read-xlsx-archive.ts';
import { sessionOf } from './access.ts';
import { sendAttachment } from './attachment.ts';
import type { WebContext } from './context.ts';
import { idSchema } from './contracts/shapes.ts';
import { notFound, Refusal } from './refusal.ts';
import type { WebApp } from './web-app.ts';

/** The proof of an action's message, with all that is needed to verify it, as one archive. */
export function proofRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/actions/:id/proof.zip', config: { access: { signedIn: 'reader' } }, schema: { params: z.object({ id: idSchema<'action'>() }) },
    handler: async (request, reply) => {
      const { id } = request.params;
      const pack = await web.database.inTenant(sessionOf(request).organisation, (t) => makePack(t, id, web.letters), { isolation: 'repeatable read', readOnly: true });
      if (pack === null) throw notFound('Cette action n’existe pas.', 'There is no such action.');
      if (!pack.ok) throw new Refusal(409, pack.error.code, pack.error.message);
      return sendAttachment(reply, { bytes: packArchive(new Map(pack.value.files.map(({ name, bytes }) => [name, bytes]))), type: 'application/zip', name: `preuve-${id}.zip`, extension: '.zip' });
    },
  });
}

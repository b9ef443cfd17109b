import { z } from 'zod';
import { sessionOf } from './access.ts';
import { sendAttachment } from './attachment.ts';
import type { WebContext } from './context.ts';
import { idSchema } from './contracts/shapes.ts';
import { readFileOf } from './document-files.ts';
import { notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

/** Files of issued documents, to be saved. */
export function documentRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/documents/:id/files/:file', config: { access: { signedIn: 'reader' } },
    schema: { params: z.object({ id: idSchema<'document'>(), file: idSchema<'documentFile'>() }) },
    handler: async (request, reply) => {
      const { id, file } = request.params;
      const found = await web.database.inTenant(sessionOf(request).organisation, (t) => readFileOf(t, { document: id, file }), { readOnly: true });
      if (found === null) throw notFound('Ce fichier n’existe pas ou plus.', 'This file does not exist or no longer does.');
      return sendAttachment(reply, found);
    },
  });
}

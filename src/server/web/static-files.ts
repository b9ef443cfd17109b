import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { WebContext } from './context.ts';
import { unknownRoute } from './faults.ts';
import type { WebApp } from './web-app.ts';

/** Where `vite build` puts the web app. */
const BUILT_FOLDER = fileURLToPath(new URL('../../../dist/web/', import.meta.url));

/** File names that carry a hash of their content never change. */
const HASHED = /^\/assets\/[A-Za-z0-9_.-]+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

const NOT_BUILT = 'L’application web n’est pas construite : lancez « npm run build ».\nThe web app is not built: run "npm run build".\n';

/** Serves the built web app: its files, and its page for every address that is none of them. */
export async function serveStaticFiles(app: WebApp, web: WebContext): Promise<void> {
  const root = resolve(web.webFolder ?? BUILT_FOLDER);
  await app.register(fastifyStatic, { root, serve: false });
  app.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    config: { access: 'public' },
    handler: async (request, reply) => {
      const path = request.url.split('?')[0] ?? '/';
      if (path.startsWith('/api/')) return unknownRoute(reply);
      if (HASHED.test(path)) return reply.sendFile(path.slice(1), { maxAge: '1y', immutable: true });
      if (/^\/[a-z0-9-]+\.(?:svg|png|ico|txt|webmanifest)$/.test(path)) return reply.sendFile(path.slice(1), { maxAge: '1d' });
      if (path.startsWith('/assets/')) return unknownRoute(reply);
      if (!existsSync(join(root, 'index.html'))) return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
      return reply.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false });
    },
  });
}

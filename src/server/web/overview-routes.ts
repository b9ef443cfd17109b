import { sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import { overviewSchema } from './contracts/overview-shapes.ts';
import { readOverview } from './overview-query.ts';
import type { WebApp } from './web-app.ts';

/** The first screen's figures. */
export function overviewRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/overview', config: { access: { signedIn: 'reader' } }, schema: { response: { 200: overviewSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) =>
      readOverview(t, await todayOf(t, web.clock), web.sender.from !== null), { isolation: 'repeatable read', readOnly: true }),
  });
}

import { randomBytes } from 'node:crypto';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { addMember, createUser } from '#server/identity/users.ts';
import type { Role } from '#server/identity/users.ts';
import { openSession } from '#server/identity/sessions.ts';
import type { manualClock } from '#server/plumbing/clock.ts';
import { createLog } from '#server/plumbing/log.ts';
import { readSettings } from '#server/plumbing/settings.ts';
import { createApp } from '#server/web/app.ts';
import type { WebOptions } from '#server/web/context.ts';
import type { WebApp } from '#server/web/web-app.ts';
import { clockAt } from './given.ts';
import { testGuard } from './guard.ts';
import type { TestDatabase } from './database.ts';
import { NO_LETTERS } from './outbox.ts';

/** Host of every test request; a loopback address, as at home. */
const HOST = '127.0.0.1:4180';

/** A web server without a socket, its clock, and a way to ask it as somebody. */
export type TestWeb = {
  readonly app: WebApp;
  readonly clock: ReturnType<typeof manualClock>;
  /** A signed-in person of an organisation; gives the cookie. */
  signedIn(organisation: OrganisationId, role: Role): Promise<string>;
  /** Asks as a browser on the page itself would. */
  ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, of?: { cookie?: string; body?: object; headers?: Record<string, string> }): Promise<LightMyRequestResponse>;
};

/** Opens the web server on a test database; letters are not drawn. */
export async function testWeb(test: TestDatabase, given: Partial<WebOptions> & { environment?: Record<string, string> } = {}): Promise<TestWeb> {
  const { environment = {}, ...options } = given;
  const clock = clockAt('2026-06-30');
  const app = await createApp({
    database: test.database, settings: must(readSettings(environment)), clock, log: createLog('silent'), letters: NO_LETTERS,
    carriers: { mail: null, letter: null }, sender: { from: null, instance: 'test' }, worker: { id: '1', isAlive: async () => false, leave: async () => undefined }, guard: testGuard(test.database), ...options,
  });
  return {
    app, clock,
    signedIn: async (organisation, role) => {
      const email = `${randomBytes(6).toString('hex')}@acquit.test`;
      const user = await test.database.inTransaction(async (client) => {
        const id = await createUser(client, { email, name: 'Testeuse', language: 'fr' }, clock.now());
        await addMember(client, { organisation, user: id, role });
        return id;
      });
      const { token } = await openSession(test.database, { user, organisation }, clock);
      return `acquit-session=${token}`;
    },
    ask: (method, url, of = {}) => {
      const headers = { host: HOST, origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin', ...(of.cookie === undefined ? {} : { cookie: of.cookie }), ...of.headers };
      const request: InjectOptions = { method, url, headers, ...(of.body === undefined ? {} : { payload: of.body }) };
      return app.inject(request);
    },
  };
}

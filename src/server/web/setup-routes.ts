import { z } from 'zod';
import { record } from '#server/audit/record.ts';
import { switchOrganisation } from '#server/identity/sessions.ts';
import { addMember, membershipsOf } from '#server/identity/users.ts';
import { actorOf, sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import { doneSchema, jobSchema, startedSchema } from './contracts/shapes.ts';
import { notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

/** Code of the sample company's organisation; a second one gets a number. */
const SAMPLE_CODE = 'sample';

const companyBody = z.strictObject({ name: z.string().trim().min(1).max(200) });
const setupSchema = z.object({ sample: z.boolean() });
const sampleSchema = z.object({ organisation: z.string() });

async function freeCode(web: WebContext): Promise<string> {
  const found = await web.database.pool.query<{ code: string }>('select code from organisation where code like $1', [`${SAMPLE_CODE}%`]);
  const taken = new Set(found.rows.map((row) => row.code));
  let code = SAMPLE_CODE;
  for (let number = 2; taken.has(code); number += 1) code = `${SAMPLE_CODE}-${number}`;
  return code;
}

/** First start: try it with a sample company, or name one's own and import its ledger. */
export function setupRoutes(app: WebApp, web: WebContext): void {
  const { createSample } = web;
  app.route({
    method: 'GET', url: '/api/setup', config: { access: { signedIn: 'reader' } }, schema: { response: { 200: setupSchema } },
    handler: async () => ({ sample: createSample !== undefined }),
  });
  app.route({
    method: 'POST', url: '/api/setup/sample', config: { access: { signedIn: 'owner' } }, schema: { response: { 202: startedSchema } },
    handler: async (request, reply) => {
      const session = sessionOf(request);
      if (createSample === undefined) throw notFound('Cette installation n’a pas de société d’exemple.', 'This installation has no sample company.');
      const known = await web.database.pool.query<{ organisation_id: string }>('select organisation_id from organisation where code = $1', [SAMPLE_CODE]);
      const mine = (await membershipsOf(web.database, session.user)).find((one) => one.id === known.rows[0]?.organisation_id);
      const job = web.jobs.start({ organisation: session.organisation, kind: 'sample' }, async () => {
        if (mine !== undefined) {
          await switchOrganisation(web.database, session, mine.id);
          return { organisation: mine.id };
        }
        const today = await web.database.inTenant(session.organisation, (t) => todayOf(t, web.clock), { readOnly: true });
        const organisation = await createSample(web.database, { clock: web.clock, today, actor: actorOf(session), code: await freeCode(web) });
        await web.database.inTransaction((client) => addMember(client, { organisation, user: session.user, role: 'owner' }));
        await switchOrganisation(web.database, session, organisation);
        return { organisation };
      });
      return reply.code(202).send({ job });
    },
  });
  app.route({
    method: 'GET', url: '/api/setup/sample/:job', config: { access: { signedIn: 'owner' } },
    schema: { params: z.object({ job: z.string().max(64) }), response: { 200: jobSchema(sampleSchema) } },
    handler: async (request) => {
      const session = sessionOf(request);
      const mine = await membershipsOf(web.database, session.user);
      // The session has moved to the sample once the job is done, while the job belongs to where it was started.
      const found = mine.map((one) => web.jobs.read(one.id, request.params.job)).find((view) => view?.kind === 'sample');
      if (found === undefined || found === null) throw notFound('Ce traitement n’existe plus.', 'This job no longer exists.');
      return { ...found, result: found.result === null ? null : sampleSchema.parse(found.result) };
    },
  });
  app.route({
    method: 'PUT', url: '/api/setup/company', config: { access: { signedIn: 'owner' } }, schema: { body: companyBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      await web.database.inTenant(session.organisation, async (t) => {
        const { name } = request.body;
        await t.run(t.sql`${t.update('profile', 'p')} set name = ${name} where ${t.own('p')}`);
        await t.run(t.sql`${t.update('entity', 'e')} set name = ${name} where ${t.own('e')} and e.code = 'main'`);
        await record(t, { at: web.clock.now(), actor: actorOf(session), kind: 'organisation.named', subject: `organisation:${session.organisation}`, facts: {} });
      });
      return { done: true } as const;
    },
  });
}

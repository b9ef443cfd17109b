import type { JobView } from '#core/api/jobs.ts';
import type { ReplayPage, ReplayView } from '#core/api/replay.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { historyDepth, lastReplay, REPLAY_DAYS_MIN, runReplay } from '#server/dunning/replays.ts';
import type { KeptReplay } from '#server/dunning/replays.ts';
import { readDraft } from '#server/dunning/scenario-drafts.ts';
import { latestScenarios } from '#server/dunning/scenario-store.ts';
import { memberNames } from '#server/identity/users.ts';
import { actorOf, sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import { replayBody, replayJobParams, replayJobSchema, replayPageSchema, replayParams } from './contracts/replay-shapes.ts';
import { doneSchema, startedSchema } from './contracts/shapes.ts';
import { notFound, Refusal } from './refusal.ts';
import type { WebApp } from './web-app.ts';

const reader = { access: { signedIn: 'reader' } } as const;
const collector = { access: { signedIn: 'collector' } } as const;
const kindOf = (code: string): string => `replay:${code}`;
const unknown = (): Refusal => notFound('Ce scénario n’existe pas.', 'This scenario does not exist.');

const viewOf = (kept: KeptReplay, names: ReadonlyMap<string, string>): ReplayView => ({
  version: kept.source === 'draft' ? null : kept.source.version, months: kept.months, basis: kept.basis, population: kept.population, endedAt: kept.endedAt, by: names.get(kept.actor) ?? kept.actor,
  stale: kept.stale, result: kept.result,
});

const runningView = (view: JobView<unknown> | null): ReplayPage['running'] => (view === null ? null : { ...view, result: null });

async function readPage(web: WebContext, organisation: OrganisationId, code: string): Promise<ReplayPage> {
  const names = await memberNames(web.database, organisation);
  return web.database.inTenant(organisation, async (t) => {
    const latest = (await latestScenarios(t)).get(code)?.scenario ?? null;
    const draft = (await readDraft(t, code))?.scenario ?? null;
    const scenario = draft ?? latest;
    if (scenario === null) throw unknown();
    const last = await lastReplay(t, code);
    return {
      code, name: scenario.name, version: latest?.version ?? 0, hasDraft: draft !== null, history: { ...(await historyDepth(t, await todayOf(t, web.clock))), daysMin: REPLAY_DAYS_MIN },
      running: runningView(web.jobs.running(organisation, kindOf(code))), last: last === null ? null : viewOf(last, names),
    };
  }, { isolation: 'repeatable read', readOnly: true });
}

/** Replays of a scenario: started as a job, looked at while it runs, stopped, and shown again once kept. */
export function replayRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/scenarios/:code/replay', config: reader, schema: { params: replayParams, response: { 200: replayPageSchema } },
    handler: (request) => readPage(web, sessionOf(request).organisation, request.params.code),
  });
  app.route({
    method: 'POST', url: '/api/scenarios/:code/replay', config: collector, schema: { params: replayParams, body: replayBody, response: { 202: startedSchema } },
    handler: async (request, reply) => {
      const session = sessionOf(request);
      const { organisation } = session;
      const { code } = request.params;
      const { version, months, basis, population } = request.body;
      const page = await readPage(web, organisation, code);
      if (page.running !== null) throw new Refusal(409, 'replay.running', { fr: 'Ce scénario est déjà en train d’être rejoué : attendez la fin, ou arrêtez-le.', en: 'This scenario is being replayed already: wait for its end, or stop it.' });
      const source = version !== null ? { version } : page.hasDraft ? 'draft' as const : { version: page.version };
      const today = await web.database.inTenant(organisation, (t) => todayOf(t, web.clock), { readOnly: true });
      const job = web.jobs.start({ organisation, kind: kindOf(code) }, async (advance, signal) => {
        const done = await runReplay(web.database, { code, source, months, basis, population }, { organisation, today, clock: web.clock, actor: actorOf(session), advance, signal });
        if (!done.ok) throw new Refusal(422, 'replay.refused', done.error);
        return { id: done.value.id };
      });
      return reply.code(202).send({ job });
    },
  });
  app.route({
    method: 'GET', url: '/api/scenarios/:code/replay/:job', config: reader, schema: { params: replayJobParams, response: { 200: replayJobSchema } },
    handler: (request) => {
      const job = web.jobs.read(sessionOf(request).organisation, request.params.job);
      if (job === null || job.kind !== kindOf(request.params.code)) throw notFound('Ce traitement n’est plus suivi : rechargez la page.', 'This job is no longer followed: reload the page.');
      return Promise.resolve(replayJobSchema.parse(job));
    },
  });
  app.route({
    method: 'DELETE', url: '/api/scenarios/:code/replay', config: collector, schema: { params: replayParams, response: { 200: doneSchema } },
    handler: async (request) => {
      const { organisation } = sessionOf(request);
      const running = web.jobs.running(organisation, kindOf(request.params.code));
      if (running === null || !web.jobs.cancel(organisation, running.id)) throw new Refusal(409, 'replay.notRunning', { fr: 'Aucun rejeu de ce scénario n’est en cours.', en: 'This scenario is not being replayed.' });
      return Promise.resolve({ done: true } as const);
    },
  });
}

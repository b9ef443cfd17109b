import type { OrganisationId } from '#core/kernel/id.ts';
import { scenarioDiff } from '#core/dunning/scenario-diff.ts';
import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import type { DraftView, ScenarioLine, ScenarioWhole } from '#core/api/scenarios.ts';
import {
  dropDraft, listVersions, publishDraft, readDraft, restoreScenario, retireScenario, saveDraft, scenarioProblems, usesOf,
} from '#server/dunning/scenario-drafts.ts';
import type { Draft } from '#server/dunning/scenario-drafts.ts';
import { scenarioToJson } from '#server/dunning/scenario-shape.ts';
import { latestScenarios, scenarioVersion } from '#server/dunning/scenario-store.ts';
import { memberNames } from '#server/identity/users.ts';
import { namedTemplates } from '#server/letters/families-store.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { actorOf, sessionOf } from './access.ts';
import type { WebContext } from './context.ts';
import {
  changesSchema, codeParams, definitionBody, definitionView, diffQuery, draftKeptSchema, draftQuery, draftSchema, problemsSchema, savedSchema, scenarioLinesSchema, scenarioWholeSchema, versionParams, versionsSchema,
} from './contracts/scenario-shapes.ts';
import { doneSchema } from './contracts/shapes.ts';
import { Refusal, notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

const reader = { access: { signedIn: 'reader' } } as const;
const owner = { access: { signedIn: 'owner' } } as const;
const unknown = (): Refusal => notFound('Ce scénario, ou cette version, n’existe pas.', 'This scenario, or this version, does not exist.');

const codeTaken = (code: string): Refusal => new Refusal(409, 'scenario.codeTaken', {
  fr: `Un scénario « ${code} » existe déjà : choisissez un autre nom.`, en: `A scenario "${code}" already exists: choose another name.`,
});

/** Somebody else wrote the draft, published it or threw it away since it was read. */
async function draftChanged(web: WebContext, organisation: OrganisationId, by: string | null): Promise<Refusal> {
  const name = by === null ? undefined : (await memberNames(web.database, organisation)).get(by);
  return new Refusal(409, 'scenario.draftChanged', {
    fr: by === null
      ? 'Ce brouillon a été publié ou abandonné depuis que vous l’avez ouvert : reprenez ce qui est en vigueur, ou gardez votre version comme nouveau brouillon.'
      : `${name ?? 'Une autre personne'} a modifié ce brouillon depuis que vous l’avez ouvert : reprenez sa version, ou gardez la vôtre à la place.`,
    en: by === null
      ? 'This draft was published or discarded since you opened it: take what is in force, or keep yours as a new draft.'
      : `${name ?? 'Somebody else'} changed this draft since you opened it: take their version, or keep yours instead.`,
  });
}

const wholeOf = (scenario: ScenarioVersion): ScenarioWhole => ({
  code: scenario.code, version: scenario.version, definition: definitionView.parse(JSON.parse(scenarioToJson({ otherMinimumAmounts: [], thankYou: null, ...scenario }))),
});

async function linesOf(t: Tenant): Promise<ScenarioLine[]> {
  const drafts = new Set((await t.rows<{ code: string }>(t.sql`select d.code from ${t.from('scenario_draft')} d`)).map(({ code }) => code));
  const lines: ScenarioLine[] = [];
  for (const [code, { scenario, retired }] of await latestScenarios(t)) {
    lines.push({ code, name: scenario.name, version: scenario.version, steps: scenario.steps.length, retired, hasDraft: drafts.delete(code), uses: await usesOf(t, code) });
  }
  for (const code of drafts) {
    const draft = await readDraft(t, code);
    if (draft === null) continue;
    const { name, steps } = draft.scenario;
    lines.push({ code, name, version: 0, steps: steps.length, retired: false, hasDraft: true, uses: { isDefault: false, rules: 0, customers: 0, items: 0 } });
  }
  return lines;
}

async function draftView(t: Tenant, draft: Draft): Promise<DraftView> {
  const before = (await latestScenarios(t)).get(draft.scenario.code)?.scenario;
  return {
    ...wholeOf(draft.scenario), basedOn: draft.basedOn, changedAt: draft.changedAt, changedBy: draft.changedBy, stamp: draft.stamp, problems: scenarioProblems(draft.scenario, await namedTemplates(t)),
    changes: before === undefined ? [] : scenarioDiff(before, draft.scenario),
  };
}

function readRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/scenarios', config: reader, schema: { response: { 200: scenarioLinesSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, linesOf, { readOnly: true }),
  });
  app.route({
    method: 'GET', url: '/api/scenarios/:code/versions', config: reader, schema: { params: codeParams, response: { 200: versionsSchema } },
    handler: async (request) => {
      const { organisation } = sessionOf(request);
      const versions = await web.database.inTenant(organisation, (t) => listVersions(t, request.params.code), { readOnly: true });
      if (versions.length === 0) throw unknown();
      const names = await memberNames(web.database, organisation);
      return versions.map(({ createdBy, ...version }) => ({ ...version, createdBy: createdBy === null ? null : (names.get(createdBy) ?? createdBy) }));
    },
  });
  app.route({
    method: 'GET', url: '/api/scenarios/:code/versions/:version', config: reader, schema: { params: versionParams, response: { 200: scenarioWholeSchema } },
    handler: async (request) => {
      const { code, version } = request.params;
      const stored = await web.database.inTenant(sessionOf(request).organisation, (t) => scenarioVersion(t, code, version), { readOnly: true });
      if (stored === null) throw unknown();
      return wholeOf(stored.scenario);
    },
  });
  app.route({
    method: 'GET', url: '/api/scenarios/:code/diff', config: reader, schema: { params: codeParams, querystring: diffQuery, response: { 200: changesSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => {
      const [from, to] = [await scenarioVersion(t, request.params.code, request.query.from), await scenarioVersion(t, request.params.code, request.query.to)];
      if (from === null || to === null) throw unknown();
      return scenarioDiff(from.scenario, to.scenario);
    }, { readOnly: true }),
  });
  app.route({
    method: 'GET', url: '/api/scenarios/:code/draft', config: reader, schema: { params: codeParams, response: { 200: draftSchema } },
    handler: async (request) => {
      const { organisation } = sessionOf(request);
      const names = await memberNames(web.database, organisation);
      return web.database.inTenant(organisation, async (t) => {
        const draft = await readDraft(t, request.params.code);
        if (draft === null) throw unknown();
        return { ...(await draftView(t, draft)), changedBy: names.get(draft.changedBy) ?? draft.changedBy };
      }, { readOnly: true });
    },
  });
}

function draftRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'POST', url: '/api/scenarios/:code/check', config: reader, schema: { params: codeParams, body: definitionBody, response: { 200: problemsSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => (
      { problems: scenarioProblems({ ...request.body, code: request.params.code, version: 1 }, await namedTemplates(t)) }), { readOnly: true }),
  });
  app.route({
    method: 'PUT', url: '/api/scenarios/:code/draft', config: owner,
    schema: { params: codeParams, querystring: draftQuery, body: definitionBody, response: { 200: draftKeptSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const saved = await web.database.inTenant(session.organisation, async (t) =>
        saveDraft(t, { code: request.params.code, definition: request.body, templates: await namedTemplates(t), seen: request.query.seen }, { clock: web.clock, actor: actorOf(session) }));
      if (saved.kept) return saved;
      if (saved.taken === 'code') throw codeTaken(request.params.code);
      throw await draftChanged(web, session.organisation, saved.changedBy);
    },
  });
  app.route({
    method: 'DELETE', url: '/api/scenarios/:code/draft', config: owner, schema: { params: codeParams, response: { 200: doneSchema } },
    handler: async (request) => {
      if (!(await web.database.inTenant(sessionOf(request).organisation, (t) => dropDraft(t, request.params.code)))) throw unknown();
      return { done: true } as const;
    },
  });
  app.route({
    method: 'POST', url: '/api/scenarios/:code/publish', config: owner, schema: { params: codeParams, response: { 200: savedSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const published = await web.database.inTenant(session.organisation, (t) => publishDraft(t, { code: request.params.code, templates: () => namedTemplates(t) }, { clock: web.clock, actor: actorOf(session) }));
      if (published === null) throw unknown();
      return published;
    },
  });
}

/** Scenarios: their versions, drafts, publication and retirement. */
export function scenarioRoutes(app: WebApp, web: WebContext): void {
  readRoutes(app, web);
  draftRoutes(app, web);
  app.route({
    method: 'POST', url: '/api/scenarios/:code/retire', config: owner, schema: { params: codeParams, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      await web.database.inTenant(session.organisation, async (t) => {
        if (!(await latestScenarios(t)).has(request.params.code)) throw unknown();
        const against = await retireScenario(t, request.params.code, { clock: web.clock, actor: actorOf(session) });
        if (against !== null) throw new Refusal(409, 'scenario.used', against);
      });
      return { done: true } as const;
    },
  });
  app.route({
    method: 'POST', url: '/api/scenarios/:code/restore', config: owner, schema: { params: codeParams, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      if (!(await web.database.inTenant(session.organisation, (t) => restoreScenario(t, request.params.code, { clock: web.clock, actor: actorOf(session) })))) throw unknown();
      return { done: true } as const;
    },
  });
}

import type { AssignmentView, CustomerSegmentView } from '#core/api/scenarios.ts';
import { SEGMENT_NAMES, segmentReason, THRESHOLD_BOUNDS } from '#core/risk/segment.ts';
import { readAssignment, saveAssignment } from '#server/dunning/assignment-store.ts';
import { chooseItemScenario } from '#server/dunning/item-scenario.ts';
import { jsonWithAmounts } from '#server/dunning/scenario-shape.ts';
import { endTask } from '#server/dunning/tasks.ts';
import { chooseSegment, countSegments, customerSegment, readThresholds, recomputeSegments, saveThresholds } from '#server/risk/segments.ts';
import type { CustomerSegment } from '#server/risk/segments.ts';
import { actorOf, sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import {
  assignmentBody, assignmentSchema, chooseSegmentBody, customerParams, customerSegmentSchema, itemParams, itemScenarioBody,
  recomputedSchema, savedSchema, segmentsSchema, taskBody, taskParams, thresholdsBody,
} from './contracts/scenario-shapes.ts';
import { doneSchema } from './contracts/shapes.ts';
import { Refusal, invalid, notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

const reader = { access: { signedIn: 'reader' } } as const;
const collector = { access: { signedIn: 'collector' } } as const;
const owner = { access: { signedIn: 'owner' } } as const;
const snapshot = { isolation: 'repeatable read', readOnly: true } as const;
const noCustomer = (): Refusal => notFound('Ce client n’existe pas ou plus.', 'This customer does not exist or no longer does.');

function ruleRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/assignment', config: reader, schema: { response: { 200: assignmentSchema } },
    handler: async (request): Promise<AssignmentView> =>
      assignmentSchema.parse(JSON.parse(jsonWithAmounts(await web.database.inTenant(sessionOf(request).organisation, readAssignment, { readOnly: true })))),
  });
  app.route({
    method: 'PUT', url: '/api/assignment', config: owner, schema: { body: assignmentBody, response: { 200: savedSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      return web.database.inTenant(session.organisation, (t) => saveAssignment(t, request.body.rules, { clock: web.clock, actor: actorOf(session) }));
    },
  });
  app.route({
    method: 'PUT', url: '/api/items/:id/scenario', config: owner, schema: { params: itemParams, body: itemScenarioBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const chosen = await web.database.inTenant(session.organisation, (t) =>
        chooseItemScenario(t, { item: request.params.id, scenario: request.body.scenario }, { clock: web.clock, actor: actorOf(session) }));
      if (chosen === 'unknownItem') throw notFound('Cette pièce n’existe pas ou n’est pas une facture.', 'This document does not exist or is no invoice.');
      if (chosen === 'unknownScenario') throw invalid('item.scenario', 'Ce scénario n’existe pas ou est retiré : choisissez-en un de la liste.', 'This scenario does not exist or is retired: choose one of the list.');
      return { done: true } as const;
    },
  });
}

function segmentView(found: CustomerSegment): CustomerSegmentView {
  const { rule, chosen, since, history } = found;
  const given = chosen === null ? rule : (history.find(({ given: one }) => one?.because === 'person')?.given ?? rule);
  return {
    segment: chosen ?? rule.segment, chosenByPerson: chosen !== null, ruleSegment: rule.segment, reason: segmentReason(given), since,
    history: history.map((line) => ({
      segment: line.segment, on: line.on, actor: line.actor,
      reason: line.given === null ? { fr: 'Le choix d’une personne est retiré : la règle vaut de nouveau.', en: 'The choice of a person was taken back: the rule holds again.' } : segmentReason(line.given),
    })),
  };
}

function segmentRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/segments', config: reader, schema: { response: { 200: segmentsSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => ({
      thresholds: await readThresholds(t), bounds: THRESHOLD_BOUNDS, counts: await countSegments(t), names: SEGMENT_NAMES,
    }), { readOnly: true }),
  });
  app.route({
    method: 'PUT', url: '/api/segments', config: owner, schema: { body: thresholdsBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const [problem] = await web.database.inTenant(session.organisation, (t) => saveThresholds(t, request.body, { clock: web.clock, actor: actorOf(session) }));
      if (problem !== undefined) throw new Refusal(422, 'segments.thresholds', problem);
      return { done: true } as const;
    },
  });
  app.route({
    method: 'POST', url: '/api/segments/recompute', config: collector, schema: { response: { 200: recomputedSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const today = await web.database.inTenant(session.organisation, (t) => todayOf(t, web.clock), { readOnly: true });
      return recomputeSegments(web.database, { organisation: session.organisation, today, clock: web.clock, actor: actorOf(session) });
    },
  });
  app.route({
    method: 'GET', url: '/api/customers/:id/segment', config: reader, schema: { params: customerParams, response: { 200: customerSegmentSchema } },
    handler: async (request) => {
      const found = await web.database.inTenant(sessionOf(request).organisation, async (t) => customerSegment(t, request.params.id, await todayOf(t, web.clock)), snapshot);
      if (found === null) throw noCustomer();
      return segmentView(found);
    },
  });
  app.route({
    method: 'PUT', url: '/api/customers/:id/segment', config: collector, schema: { params: customerParams, body: chooseSegmentBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const { segment, note } = request.body;
      const done = await web.database.inTenant(session.organisation, async (t) =>
        chooseSegment(t, { customer: request.params.id, segment, note, today: await todayOf(t, web.clock) }, { clock: web.clock, actor: actorOf(session) }));
      if (!done) throw noCustomer();
      return { done: true } as const;
    },
  });
}

/** What chooses a scenario, how customers pay, and tasks done. */
export function assignmentRoutes(app: WebApp, web: WebContext): void {
  ruleRoutes(app, web);
  segmentRoutes(app, web);
  app.route({
    method: 'POST', url: '/api/tasks/:id/end', config: collector, schema: { params: taskParams, body: taskBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const ended = await web.database.inTenant(session.organisation, async (t) =>
        endTask(t, request.params.id, { ...request.body, today: await todayOf(t, web.clock), by: { clock: web.clock, actor: actorOf(session) } }));
      if (!ended) throw notFound('Cette tâche n’est pas, ou n’est plus, à faire ; si elle demande deux accords, faites-la approuver d’abord.', 'This task is not, or no longer, to be done; if it needs two approvals, have it approved first.');
      return { done: true } as const;
    },
  });
}

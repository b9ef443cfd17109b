import type { DryRunView, RulesCheck } from '#core/api/scenarios.ts';
import { checkAssignment } from '#core/dunning/assignment.ts';
import { choiceInWords } from '#core/dunning/explain-scenario.ts';
import { decimal, money } from '#core/kernel/money.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { readAssignment } from '#server/dunning/assignment-store.ts';
import { choiceOf, countCatches } from '#server/dunning/catches.ts';
import { chooseCustomerScenario } from '#server/dunning/customer-scenario.ts';
import { readPolicy } from '#server/dunning/policy.ts';
import { previewCustomer } from '#server/dunning/preview.ts';
import { runDunning } from '#server/dunning/run.ts';
import type { ActionLine } from '#server/dunning/run.ts';
import { readDraft } from '#server/dunning/scenario-drafts.ts';
import { scenarioImpact } from '#server/dunning/scenario-impact.ts';
import { latestScenarios, scenariosInUse } from '#server/dunning/scenario-store.ts';
import type { Session } from '#server/identity/sessions.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { actorOf, sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import {
  customerScenarioBody, customerScenarioSchema, dryRunQuery, dryRunSchema, impactSchema, nextDaysQuery, nextDaysSchema, previewBody, previewSchema, proposedSchema, rulesCheckSchema,
} from './contracts/preview-shapes.ts';
import { assignmentBody, codeParams, customerParams } from './contracts/scenario-shapes.ts';
import { doneSchema } from './contracts/shapes.ts';
import { nextDaysView, previewScenario, proposedCustomers } from './preview-query.ts';
import { Refusal, invalid, notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

const reader = { access: { signedIn: 'reader' } } as const;
const collector = { access: { signedIn: 'collector' } } as const;
const snapshot = { isolation: 'repeatable read', readOnly: true } as const;
const noScenario = (): Refusal => notFound('Ce scénario, ou cette version, n’existe pas.', 'This scenario, or this version, does not exist.');
const noCustomer = (): Refusal => notFound('Ce client n’existe pas ou plus.', 'This customer does not exist or no longer does.');

function scenarioPreviews(app: WebApp, web: WebContext): void {
  app.route({
    method: 'POST', url: '/api/scenarios/:code/preview', config: reader, schema: { params: codeParams, body: previewBody, response: { 200: previewSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => {
      const { code } = request.params;
      const { customer, definition, days } = request.body;
      const stored = (await latestScenarios(t)).get(code)?.scenario;
      const scenario = definition === null ? ((await readDraft(t, code))?.scenario ?? stored) : { ...definition, code, version: (stored?.version ?? 0) + 1 };
      if (scenario === undefined) throw noScenario();
      const found = await previewScenario(t, scenario, { customer, today: await todayOf(t, web.clock), days });
      if (found === null) throw noCustomer();
      return found;
    }, snapshot),
  });
  app.route({
    method: 'GET', url: '/api/scenarios/preview-customers', config: reader, schema: { response: { 200: proposedSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => proposedCustomers(t, await todayOf(t, web.clock)), snapshot),
  });
  app.route({
    method: 'GET', url: '/api/scenarios/:code/impact', config: reader, schema: { params: codeParams, response: { 200: impactSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => {
      const draft = await readDraft(t, request.params.code);
      if (draft === null) throw noScenario();
      const today = await todayOf(t, web.clock);
      return { ...(await scenarioImpact(t, draft.scenario, today)), today };
    }, snapshot),
  });
}

async function checkRules(t: Tenant, rules: Parameters<typeof checkAssignment>[0], web: WebContext): Promise<RulesCheck> {
  const today = await todayOf(t, web.clock);
  const { settings } = await readPolicy(t, today);
  const { rules: caught, chosen, standard, customers } = await countCatches(t, { assignment: { version: 0, rules }, standard: settings.scenario, today });
  return { problems: checkAssignment(rules, new Set((await scenariosInUse(t)).keys())), rules: caught, chosen, standard, customers };
}

function customerPreviews(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/customers/:id/next-days', config: reader, schema: { params: customerParams, querystring: nextDaysQuery, response: { 200: nextDaysSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => {
      const known = await t.one(t.sql`select 1 as found from ${t.from('customer')} c where c.customer_id = ${request.params.id}::bigint and c.voided_at is null`);
      if (known === null) throw noCustomer();
      const today = await todayOf(t, web.clock);
      return nextDaysView(today, (await previewCustomer(t, request.params.id, { today, days: request.query.days }))?.days ?? []);
    }, snapshot),
  });
  app.route({
    method: 'GET', url: '/api/customers/:id/scenario', config: reader, schema: { params: customerParams, response: { 200: customerScenarioSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => {
      const today = await todayOf(t, web.clock);
      const { settings } = await readPolicy(t, today);
      const found = await choiceOf(t, request.params.id, { assignment: await readAssignment(t), standard: settings.scenario, today });
      if (found === null) throw noCustomer();
      const scenario = (await latestScenarios(t)).get(found.code)?.scenario;
      return { code: found.code, name: scenario?.name ?? found.code, version: scenario?.version ?? 0, chosen: found.own, because: choiceInWords(found.choice) };
    }, snapshot),
  });
  app.route({
    method: 'PUT', url: '/api/customers/:id/scenario', config: collector, schema: { params: customerParams, body: customerScenarioBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const done = await web.database.inTenant(session.organisation, (t) =>
        chooseCustomerScenario(t, { customer: request.params.id, scenario: request.body.scenario }, { clock: web.clock, actor: actorOf(session) }));
      if (done === 'unknownCustomer') throw noCustomer();
      if (done === 'unknownScenario') throw invalid('customer.scenario', 'Ce scénario n’existe pas ou est retiré : choisissez-en un de la liste.', 'This scenario does not exist or is retired: choose one of the list.');
      return { done: true } as const;
    },
  });
}

/** Counts what a run proposes by scenario, step and channel, with sums by currency. */
class Tally {
  readonly #kinds = new Map<string, { scenario: string; step: number; purpose: string; channel: string; count: number; totals: Map<Currency, bigint> }>();

  add({ proposed }: ActionLine): void {
    const { scenarioCode: scenario, step, purpose, channel, currency, total } = proposed;
    const key = [scenario, step, purpose, channel].join('/');
    const kind = this.#kinds.get(key) ?? { scenario, step, purpose, channel, count: 0, totals: new Map<Currency, bigint>() };
    this.#kinds.set(key, kind);
    kind.count += 1;
    kind.totals.set(currency, (kind.totals.get(currency) ?? 0n) + total);
  }

  view(): DryRunView['proposed'] {
    return [...this.#kinds.values()].toSorted((a, b) => b.count - a.count || a.step - b.step).map(({ totals, ...kind }) => ({
      ...kind, totals: [...totals].map(([currency, minor]) => ({ amount: decimal(money(minor, currency)), currency })),
    }));
  }
}

async function dryRun(web: WebContext, session: Session, today: Parameters<typeof runDunning>[1]['today']): Promise<DryRunView> {
  const counts = new Map<string, number>();
  const tally = new Tally();
  const result = await runDunning(web.database, {
    organisation: session.organisation, today, clock: web.clock, actor: actorOf(session), dryRun: true,
    sink: {
      decisions: (batch) => {
        for (const { decision } of batch) counts.set(decision.reason, (counts.get(decision.reason) ?? 0) + 1);
      },
      actions: (batch) => batch.forEach((line) => tally.add(line)),
    },
  });
  const reasons = [...counts].map(([reason, count]) => ({ reason, count })).toSorted((a, b) => b.count - a.count);
  return { today, stopped: result.stopped, decisions: result.decisions, actions: result.actions, proposed: tally.view(), reasons };
}

/** What scenarios, drafts and rules would do, nothing kept: for one customer, for everybody on a day, for the customers of a rule. */
export function previewRoutes(app: WebApp, web: WebContext): void {
  scenarioPreviews(app, web);
  customerPreviews(app, web);
  app.route({
    method: 'POST', url: '/api/assignment/check', config: reader, schema: { body: assignmentBody, response: { 200: rulesCheckSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, (t) => checkRules(t, request.body.rules, web), snapshot),
  });
  app.route({
    method: 'GET', url: '/api/scenarios/dry-run', config: collector, schema: { querystring: dryRunQuery, response: { 200: dryRunSchema } },
    handler: (request) => dryRun(web, sessionOf(request), request.query.day),
  });
}

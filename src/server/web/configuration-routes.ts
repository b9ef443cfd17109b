import type { DunningPage } from '#core/api/configuration.ts';
import { rememberSettings } from '#server/audit/fact-before.ts';
import { record } from '#server/audit/record.ts';
import { verify } from '#server/audit/verify.ts';
import { readStop } from '#server/dunning/global-stop.ts';
import { dunningSettingsSchema } from '#server/dunning/policy.ts';
import { scenariosInUse } from '#server/dunning/scenario-store.ts';
import type { StoredScenario } from '#server/dunning/scenario-store.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { actorOf, sessionOf } from './access.ts';
import { changeCompany, readCompany } from './company-store.ts';
import type { WebContext } from './context.ts';
import { checksSchema, companyBody, companySchema, dunningBody, dunningPageSchema } from './contracts/configuration-shapes.ts';
import { doneSchema } from './contracts/shapes.ts';
import { invalid } from './refusal.ts';
import type { WebApp } from './web-app.ts';

function scenarioView({ scenario }: StoredScenario): DunningPage['scenarios'][number] {
  return {
    code: scenario.code, name: scenario.name, version: scenario.version,
    steps: scenario.steps.map((step) => ({
      number: step.number, offsetDays: step.offsetDays, minimumGapDays: step.minimumGapDays, channel: step.channel, fallbackChannel: step.fallbackChannel ?? null,
      tone: step.tone, formalNotice: step.formalNotice, needsApproval: step.approval !== 'none', key: step.key, kind: step.kind, anchor: step.anchor, approval: step.approval,
    })),
  };
}

async function readDunning(t: Tenant): Promise<DunningPage> {
  const profile = await t.one<{ dunning: unknown }>(t.sql`select p.dunning from ${t.from('profile')} p`);
  const scenarios = await scenariosInUse(t);
  return { settings: dunningSettingsSchema.parse(profile?.dunning ?? {}), scenarios: [...scenarios.values()].map(scenarioView) };
}

function dunningRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/dunning', config: { access: { signedIn: 'reader' } }, schema: { response: { 200: dunningPageSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, readDunning, { readOnly: true }),
  });
  app.route({
    method: 'PUT', url: '/api/dunning', config: { access: { signedIn: 'owner' } }, schema: { body: dunningBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      await web.database.inTenant(session.organisation, async (t) => {
        // The stop of everything has a reason and a route of its own: saving other settings neither makes nor ends it.
        const settings = { ...request.body, globalStop: (await readStop(t)) !== null };
        if (!(await scenariosInUse(t)).has(settings.scenario)) throw invalid('dunning.scenario', 'Ce scénario n’existe pas : choisissez-en un de la liste.', 'This scenario does not exist: choose one of the list.');
        await rememberSettings(t, web.clock.now());
        await t.run(t.sql`${t.update('profile', 'p')} set dunning = ${JSON.stringify(settings)}::jsonb where ${t.own('p')}`);
        await record(t, {
          at: web.clock.now(), actor: actorOf(session), kind: 'dunning.changed', subject: 'dunning',
          facts: { scenario: settings.scenario, approveEverything: settings.approveEverything, ledgerLimitDays: settings.ledgerLimitDays, formalNoticeDays: settings.formalNoticeDays },
        });
      });
      return { done: true } as const;
    },
  });
}

/** Company details, dunning settings, and the check of every invariant. */
export function configurationRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/company', config: { access: { signedIn: 'reader' } }, schema: { response: { 200: companySchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, readCompany, { readOnly: true }),
  });
  app.route({
    method: 'PUT', url: '/api/company', config: { access: { signedIn: 'owner' } }, schema: { body: companyBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      await web.database.inTenant(session.organisation, (t) => changeCompany(t, request.body, { clock: web.clock, actor: actorOf(session) }));
      return { done: true } as const;
    },
  });
  app.route({
    method: 'GET', url: '/api/verify', config: { access: { signedIn: 'collector' } }, schema: { response: { 200: checksSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, verify, { isolation: 'repeatable read', readOnly: true }),
  });
  dunningRoutes(app, web);
}

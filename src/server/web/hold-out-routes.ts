import type { HoldOutPage, HoldOutView } from '#core/api/hold-out.ts';
import type { AmountView } from '#core/api/faults.ts';
import { decimal } from '#core/kernel/money.ts';
import type { Money } from '#core/kernel/money.ts';
import type { Day } from '#core/kernel/day.ts';
import { FINANCING_RATE, measureHoldOut } from '#server/dunning/hold-out-effect.ts';
import { endHoldOut, listHoldOuts, startHoldOut } from '#server/dunning/hold-outs.ts';
import type { HoldOutLine } from '#server/dunning/hold-outs.ts';
import { latestScenarios } from '#server/dunning/scenario-store.ts';
import { memberNames } from '#server/identity/users.ts';
import { systemRandom } from '#server/plumbing/random.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { actorOf, sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import { holdOutBody, holdOutPageSchema } from './contracts/hold-out-shapes.ts';
import { replayParams } from './contracts/replay-shapes.ts';
import { doneSchema } from './contracts/shapes.ts';
import { notFound, Refusal } from './refusal.ts';
import type { WebApp } from './web-app.ts';

const reader = { access: { signedIn: 'reader' } } as const;
const owner = { access: { signedIn: 'owner' } } as const;
/** Tests shown, each measured when it is asked for. */
const TESTS_MAX = 10;
const HUNDREDTHS = 100;

const amountOf = (amount: Money): AmountView => ({ amount: decimal(amount), currency: amount.currency });

async function viewOf(t: Tenant, line: HoldOutLine, of: { today: Day; names: ReadonlyMap<string, string>; nameOf: (code: string) => string }): Promise<HoldOutView> {
  const { sizes, effect, saved } = await measureHoldOut(t, line, of.today);
  return {
    id: line.id, version: line.version, formerCode: line.formerCode, formerName: of.nameOf(line.formerCode), formerVersion: line.formerVersion, sharePercent: line.sharePercent, seed: line.seed, startedOn: line.startedOn,
    startedBy: of.names.get(line.startedBy) ?? line.startedBy, endedOn: line.endedOn, sizes, effect,
    saved: saved === null ? null : { due: amountOf(saved.due), financing: amountOf(saved.financing), low: amountOf(saved.low), high: amountOf(saved.high), ratePercent: String(Number(FINANCING_RATE) / HUNDREDTHS) },
  };
}

/** Control groups of a scenario: started, measured whenever they are looked at, and ended. */
export function holdOutRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/scenarios/:code/hold-out', config: reader, schema: { params: replayParams, response: { 200: holdOutPageSchema } },
    handler: async (request): Promise<HoldOutPage> => {
      const { organisation } = sessionOf(request);
      const { code } = request.params;
      const names = await memberNames(web.database, organisation);
      return web.database.inTenant(organisation, async (t) => {
        const latest = await latestScenarios(t);
        const scenario = latest.get(code)?.scenario;
        if (scenario === undefined) throw notFound('Ce scénario n’existe pas, ou n’est pas encore publié.', 'This scenario does not exist, or is not published yet.');
        const today = await todayOf(t, web.clock);
        const tests: HoldOutView[] = [];
        for (const line of (await listHoldOuts(t, code)).slice(0, TESTS_MAX)) tests.push(await viewOf(t, line, { today, names, nameOf: (one) => latest.get(one)?.scenario.name ?? one }));
        const others = [...latest.values()].filter(({ retired, scenario: one }) => !retired && one.code !== code).map(({ scenario: one }) => ({ code: one.code, name: one.name }));
        return { code, name: scenario.name, version: scenario.version, versions: Array.from({ length: scenario.version - 1 }, (_, index) => scenario.version - 1 - index), others, tests };
      }, { isolation: 'repeatable read', readOnly: true });
    },
  });
  app.route({
    method: 'POST', url: '/api/scenarios/:code/hold-out', config: owner, schema: { params: replayParams, body: holdOutBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const { sharePercent, formerVersion, formerScenario } = request.body;
      const former = formerVersion === null ? { scenario: formerScenario ?? '' } : { version: formerVersion };
      const started = await web.database.inTenant(session.organisation, async (t) =>
        startHoldOut(t, { code: request.params.code, sharePercent, former, today: await todayOf(t, web.clock), random: systemRandom }, { clock: web.clock, actor: actorOf(session) }));
      if (!started.ok) throw new Refusal(422, 'holdOut.refused', started.error);
      return { done: true } as const;
    },
  });
  app.route({
    method: 'DELETE', url: '/api/scenarios/:code/hold-out', config: owner, schema: { params: replayParams, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const ended = await web.database.inTenant(session.organisation, async (t) => endHoldOut(t, request.params.code, { today: await todayOf(t, web.clock), by: { clock: web.clock, actor: actorOf(session) } }));
      if (!ended) throw new Refusal(409, 'holdOut.none', { fr: 'Aucune mesure de ce scénario n’est en cours.', en: 'No test of this scenario is running.' });
      return { done: true } as const;
    },
  });
}

import type pg from 'pg';
import type { AssignmentRule } from '#core/dunning/assignment.ts';
import type { CustomerKind } from '#core/dunning/facts.ts';
import { STANDARD_SCENARIO } from '#core/dunning/ready-scenarios.ts';
import type { ScenarioVersion, Step, StepConditions } from '#core/dunning/scenario.ts';
import { money } from '#core/kernel/money.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Language } from '#core/kernel/text.ts';
import { SEGMENTS } from '#core/risk/segment.ts';
import { saveAssignment } from '#server/dunning/assignment-store.ts';
import { scenarioToJson } from '#server/dunning/scenario-shape.ts';
import { checkScenario } from '#core/dunning/scenario-check.ts';
import type { Database } from '#server/plumbing/database.ts';
import { CLOCK, TODAY } from './data.ts';

const SCENARIOS = 40;
const LANGUAGES: readonly Language[] = ['fr', 'en'];
const KINDS: readonly CustomerKind[] = ['business', 'public', 'consumer'];

const pick = <T>(list: readonly T[], at: number): T => {
  const found = list[at % list.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

/** Every kind of condition comes up in some step of every scenario, each with figures of its own. */
function conditionsOf(scenario: number, step: number): StepConditions {
  const from = BigInt(1000 * (scenario % 7));
  switch (step % 4) {
    case 0: return { overdueTotals: [{ from: money(from, 'EUR'), below: null }, { from: money(0n, 'CHF'), below: money(90_000_000n, 'CHF') }] };
    case 1: return { ageFrom: 1 + (scenario % 5), segmentsOut: [pick(SEGMENTS, scenario)] };
    case 2: return { languages: LANGUAGES, segmentsIn: SEGMENTS };
    default: return { ageTo: 300 + scenario, overdueTotals: [{ from: money(100n, 'EUR'), below: money(9_000_000_000n, 'EUR') }] };
  }
}

function scenarioOf(number: number): ScenarioVersion {
  const shift = number % 6;
  const steps = STANDARD_SCENARIO.steps.map((step, index): Step => ({
    ...step, offsetDays: step.offsetDays < 0 ? step.offsetDays - shift : step.offsetDays + shift, conditions: conditionsOf(number, index), ...(index === 3 ? { copyRoles: ['management'] } : {}),
    ...(index === 2 && number % 3 === 0 ? { anchor: 'previousStep' as const, offsetDays: 6 + shift } : {}), ...(index === 1 && number % 5 === 0 ? { kind: 'task' as const, channel: 'call' as const } : {}),
  }));
  return {
    ...STANDARD_SCENARIO, code: `scenario-${number}`, name: `Scénario ${number}`, scope: number % 4 === 0 ? 'item' : 'account', entry: number % 2 === 0 ? 'byAge' : 'first',
    minimumAmount: money(BigInt(500 * (number % 9)), 'EUR'), otherMinimumAmounts: [money(1000n, 'CHF')], graceDays: number % 3,
    thankYou: { template: 'thankYou', channel: 'email', contactRoles: ['accountsPayable'], onlyWhenReminded: true }, steps,
  };
}

const COUNTRIES = ['FR', 'BE', 'CH', 'LU', 'DE'] as const;

/** Rules for 38 of them, of every kind of condition, the narrowest first; the others are chosen for customers and items by hand. */
function rules(): AssignmentRule[] {
  const all = Array.from({ length: SCENARIOS - 2 }, (_, number): AssignmentRule => ({
    name: `Règle ${number + 1}`, scenario: `scenario-${number + 1}`,
    when: {
      segments: [pick(SEGMENTS, number)], languages: LANGUAGES, kinds: number < COUNTRIES.length * SEGMENTS.length ? KINDS : ['consumer'], countries: [pick(COUNTRIES, number)],
      accountPrefixes: ['B', 'C'], openTotals: [{ from: money(BigInt(number), 'EUR'), below: null }],
    },
  }));
  return all.toReversed();
}

/** Publishes the forty scenarios and their rules, and gives customers and items what the conditions look at; a twentieth of the documents are in francs. */
export async function layOutScenarios(of: { database: Database; owner: pg.Client; organisation: OrganisationId }): Promise<void> {
  const { database, owner, organisation } = of;
  const scenarios = Array.from({ length: SCENARIOS }, (_, number) => scenarioOf(number + 1));
  for (const scenario of scenarios) {
    const wrong = checkScenario(scenario).filter(({ severity }) => severity === 'error');
    if (wrong.length > 0) throw new Error(`${scenario.code}: ${wrong.map(({ message }) => message.en).join(' ')}`);
    await owner.query(`insert into scenario (organisation_id, code, version, definition, created_at) values ($1, $2, 1, $3::jsonb, now())`, [organisation, scenario.code, scenarioToJson(scenario)]);
  }
  // Independent of each other, so that every combination comes up whatever the number of customers.
  await owner.query(`
    update customer c set segment = 'oftenLate', segment_override = ($2::text[])[1 + get_byte(h.b, 0) % cardinality($2::text[])], segment_on = $3, segment_because = 'bench',
      language = case when get_byte(h.b, 1) % 7 = 0 then 'en' else 'fr' end, kind = ($4::text[])[1 + get_byte(h.b, 2) % cardinality($4::text[])],
      country = ($5::text[])[1 + get_byte(h.b, 3) % cardinality($5::text[])], scenario_code = case when get_byte(h.b, 4) % 50 = 1 then 'scenario-39' end
    from (select customer_id, sha256(convert_to(code, 'UTF8')) as b from customer where organisation_id = $1) h where c.organisation_id = $1 and h.customer_id = c.customer_id`,
  [organisation, SEGMENTS, TODAY, KINDS, COUNTRIES]);
  await owner.query(`update item set currency = case when item_id % 20 = 0 then 'CHF' else currency end, scenario_code = case when item_id % 100 = 3 then 'scenario-40' end where organisation_id = $1`, [organisation]);
  await owner.query(`
    insert into contact (organisation_id, customer_id, email, roles) select organisation_id, customer_id, 'direction' || customer_id || '@client.example', '{management}' from customer
    where organisation_id = $1 and customer_id % 3 = 0`, [organisation]);
  await owner.query(`
    insert into hold (organisation_id, customer_id, kind, from_on, until_on, amount, currency, grace_days, promised_by, created_at, actor)
    select organisation_id, customer_id, 'promise', $2::date - 5, $2::date + 10, 5000, 'EUR', 3, 'bench', now(), 'bench' from customer where organisation_id = $1 and customer_id % 23 = 0`, [organisation, TODAY]);
  const saved = await database.inTenant(organisation, (t) => saveAssignment(t, rules(), { clock: CLOCK, actor: 'bench' }));
  if (saved.version === null) throw new Error(saved.problems.map(({ message }) => message.en).join(' '));
  await owner.query('vacuum analyze');
}

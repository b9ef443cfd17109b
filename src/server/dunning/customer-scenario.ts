import type { CustomerId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By } from './actions.ts';
import { CHOICES_LOCK } from './assignment-store.ts';
import { scenariosInUse } from './scenario-store.ts';

/** Gives one customer a scenario of its own, or leaves it to the rules and the default again; what was done to its items stays done. */
export async function chooseCustomerScenario(t: Tenant, of: { customer: CustomerId; scenario: string | null }, by: By): Promise<'done' | 'unknownCustomer' | 'unknownScenario'> {
  await t.run(t.sql`select pg_advisory_xact_lock(${CHOICES_LOCK}, hashtext(${t.organisation}))`);
  if (of.scenario !== null && !(await scenariosInUse(t)).has(of.scenario)) return 'unknownScenario';
  const moved = await t.run(t.sql`
    ${t.update('customer', 'c')} set scenario_code = ${of.scenario} where ${t.own('c')} and c.customer_id = ${of.customer}::bigint and c.voided_at is null`);
  if (moved === 0) return 'unknownCustomer';
  await record(t, { at: by.clock.now(), actor: by.actor, kind: 'customer.scenarioChosen', subject: `customer:${of.customer}`, facts: { scenario: of.scenario } });
  return 'done';
}

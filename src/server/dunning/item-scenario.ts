import type { ItemId } from '#core/kernel/id.ts';
import { rememberItems } from '#server/audit/fact-before.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By } from './actions.ts';
import { CHOICES_LOCK } from './assignment-store.ts';
import { scenariosInUse } from './scenario-store.ts';

/** What became of a choice: done, or what is not known. */
export type Chosen = 'done' | 'unknownItem' | 'unknownScenario';

/** Gives one item a scenario of its own, or takes it back; what was done to the item stays done. */
export async function chooseItemScenario(t: Tenant, of: { item: ItemId; scenario: string | null }, by: By): Promise<Chosen> {
  await t.run(t.sql`select pg_advisory_xact_lock(${CHOICES_LOCK}, hashtext(${t.organisation}))`);
  if (of.scenario !== null && !(await scenariosInUse(t)).has(of.scenario)) return 'unknownScenario';
  await rememberItems(t, t.sql`i.item_id = ${of.item}::bigint and i.side = 'debit'`, by.clock.now());
  const moved = await t.run(t.sql`
    ${t.update('item', 'i')} set scenario_code = ${of.scenario}
    where ${t.own('i')} and i.item_id = ${of.item}::bigint and i.side = 'debit' and i.voided_at is null`);
  if (moved === 0) return 'unknownItem';
  await record(t, { at: by.clock.now(), actor: by.actor, kind: 'item.scenarioChosen', subject: `item:${of.item}`, facts: { scenario: of.scenario } });
  return 'done';
}

import { allocateGroups } from '#server/ledger/allocate-groups.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { groupStage } from './derive-items.ts';
import type { Applying } from './derive-items.ts';

/** A lettering group that does not balance. */
export type OpenGroup = { readonly code: string; readonly lettrage: string; readonly line: string; readonly net: string };

/**
 * Lettering groups of a table. A group with only one side in the file was lettered with something outside of its period: its debits
 * are settled, its credits are used up and leave the stage. A group with both sides that does not balance stays open and is given back.
 */
export async function letterTable(t: Tenant): Promise<OpenGroup[]> {
  await t.run(t.sql`
    create temporary table stage_one_sided on commit drop as
    select letter_group from stage_keyed where letter_group is not null group by letter_group having count(distinct side) = 1`);
  await t.run(t.sql`
    update stage_keyed k set open_amount = 0, letter_group = null from stage_one_sided o where o.letter_group = k.letter_group and k.side = 'debit'`);
  await t.run(t.sql`delete from stage_keyed k using stage_one_sided o where o.letter_group = k.letter_group and k.side = 'credit'`);
  return groupStage(t);
}

/** Allocates the items of closed lettering groups to each other. Gives the number of allocations. */
export async function allocateLettered(t: Tenant, applying: Applying): Promise<number> {
  const members = (born: boolean) => t.sql`
    select i.item_id, g.closed_group as part from stage_group g
    join ${t.from('item')} i on i.natural_key = g.natural_key and i.voided_at is null
    left join stage_born b on b.closed_group = g.closed_group
    where g.closed_group is not null and (b.closed_group is not null) = ${born}`;
  const how = { origin: 'import', importId: applying.importId, now: applying.now, actor: applying.actor } as const;
  return (await allocateGroups(t, members(true), { ...how, born: true })) + (await allocateGroups(t, members(false), how));
}

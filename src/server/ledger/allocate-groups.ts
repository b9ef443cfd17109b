import type { ImportId } from '#core/kernel/id.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/** Where allocations come from and on whose account they are recorded. */
export type AllocationOrigin = {
  readonly origin: 'import' | 'estimate' | 'match' | 'person';
  readonly importId: ImportId | null;
  readonly now: string;
  readonly actor: string;
  /** The members were inserted as wholly allocated: their groups net to zero and nothing was allocated of them before. */
  readonly born?: boolean;
};

/**
 * Sets credits against debits inside each group, oldest first, until one side is used up; the effective day is the later
 * of the two items' days. `members` gives (item_id, part): the items and the group each belongs to. Gives the number of
 * allocations added.
 *
 * Both sides of a group are laid end to end on one line of money; every boundary cuts it, and each piece between two
 * cuts belongs to exactly one debit and one credit: the first of each side to end there or further along. That takes
 * sorts only; a join of pieces with items is quadratic whenever the planner misjudges how many there are.
 */
export async function allocateGroups(t: Tenant, members: SqlPiece, by: AllocationOrigin): Promise<number> {
  return t.run(t.sql`
    with member as materialized (
      select m.part, i.item_id, i.side, i.issued_on, case when ${by.born ?? false} then i.amount else i.amount - i.allocated end as remaining,
        case when ${by.origin === 'estimate'} then i.natural_key else '' end as tie
      from (${members}) m join ${t.from('item')} i on i.item_id = m.item_id
      where i.voided_at is null and (${by.born ?? false} or i.allocated < i.amount)
    ), laid as materialized (
      select *,
        sum(remaining) over (partition by part, side order by issued_on, tie collate "C", item_id) as upto,
        row_number() over (partition by part, side order by issued_on, tie collate "C", item_id) as place
      from member
    ), cut as (
      select part, upto,
        min(array[place, item_id, issued_on - date '1970-01-01']) filter (where side = 'debit') as debit,
        min(array[place, item_id, issued_on - date '1970-01-01']) filter (where side = 'credit') as credit
      from laid group by part, upto
    ), piece as (
      select part, upto - lag(upto, 1, 0) over (partition by part order by upto) as amount, min(debit) over ahead as debit, min(credit) over ahead as credit
      from cut window ahead as (partition by part order by upto desc)
    )
    ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, projected, origin, import_id, recorded_at, actor')}
    select ${t.org}, p.debit[2], p.credit[2], p.amount, date '1970-01-01' + greatest(p.debit[3], p.credit[3])::int, ${by.born ?? false}, ${by.origin},
      ${by.importId}::bigint, ${by.now}::timestamptz, ${by.actor}
    from piece p where p.debit is not null and p.credit is not null
    order by p.debit[2], p.credit[2]`);
}

/** Allocations by each of their two items (`touched_item_id`): a join on one column, where a condition on either would compare every pair. */
export function allocationsByItem(t: Tenant): SqlPiece {
  return t.sql`(
    select a.*, side.touched_item_id from ${t.from('allocation')} a, lateral (values (a.debit_item_id), (a.credit_item_id)) side(touched_item_id)
  )`;
}

/** Takes allocations back by adding their opposites with the same effective day; `which` gives allocation_id. Gives how many. */
export async function reverseAllocations(t: Tenant, which: SqlPiece, by: AllocationOrigin): Promise<number> {
  return t.run(t.sql`
    ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, origin, import_id, reverses, recorded_at, actor')}
    select ${t.org}, a.debit_item_id, a.credit_item_id, -a.amount, a.effective_on, ${by.origin}, ${by.importId}::bigint, a.allocation_id,
      ${by.now}::timestamptz, ${by.actor}
    from ${t.from('allocation')} a
    where a.allocation_id in (${which}) and a.reverses is null
      and not exists (select from ${t.from('allocation')} r where r.reverses = a.allocation_id)
    order by a.allocation_id`);
}

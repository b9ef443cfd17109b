import type { Tenant } from '#server/plumbing/tenant.ts';
import { allocateGroups, reverseAllocations } from '#server/ledger/allocate-groups.ts';
import type { AllocationOrigin } from '#server/ledger/allocate-groups.ts';
import type { Applying } from './derive-items.ts';

const origin = (applying: Applying, kind: 'import' | 'estimate'): AllocationOrigin => ({
  origin: kind, importId: applying.importId, now: applying.now, actor: applying.actor,
});

/** A customer whose amount in the file differs from what the ledger held; amounts are EUR cents as texts. */
export type Difference = { code: string; file: string; ledger: string };

/**
 * Opening balances of a year whose predecessor was imported from the same source: the ledger already has the detail
 * behind them. Lines it knows by key stay; the others are dropped from the stage and what is missing between the two
 * totals of a customer becomes one estimated opening item, so that the balance stays that of the file.
 */
export async function reconcileOpening(t: Tenant, applying: Applying): Promise<Difference[]> {
  const earlier = await t.one(t.sql`
    select 1 as found from ${t.from('import')} i
    where i.source = ${applying.source} and i.status = 'applied' and i.import_id <> ${applying.importId}::bigint
      and i.covers_from < ${applying.coversFrom}::date limit 1`);
  if (earlier === null || applying.older) return [];
  await t.run(t.sql`
    create temporary table stage_opening on commit drop as
    select f.code, f.total as file, coalesce(l.total, 0) as ledger from (
      select code, sum(case side when 'debit' then amount else -amount end)::bigint as total from stage_keyed where opening group by code
    ) f left join (
      select c.code, sum(case i.side when 'debit' then i.amount else -i.amount end)::bigint as total
      from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id
      where i.voided_at is null and i.issued_on < ${applying.coversFrom}::date group by c.code
    ) l on l.code = f.code`);
  await t.run(t.sql`
    delete from stage_keyed k where k.opening
      and not exists (select from ${t.from('item')} i where i.natural_key = k.natural_key and i.voided_at is null)`);
  await t.run(t.sql`
    insert into stage_keyed (line, account, code, name, entry_on, issued_on, document, label, kind, side, amount, lettrage, opening, currency, natural_key)
    select 1, '411', o.code, o.code, ${applying.coversFrom}::date, ${applying.coversFrom}::date, '', 'Écart d''à-nouveau', 'opening',
      case when o.file > o.ledger then 'debit' else 'credit' end, abs(o.file - o.ledger), '', true, 'EUR',
      'opening|' || o.code || '|' || ${applying.coversFrom}::text
    from stage_opening o where o.file <> o.ledger`);
  return t.rows<Difference>(t.sql`
    select o.code, o.file::text, o.ledger::text from stage_opening o where o.file <> o.ledger order by o.code limit 200`);
}

/**
 * What an earlier export of the same period showed and this newer one does not: the accountant removed or rewrote it.
 * Such items are voided unless a person or a message relies on them; those are given back by document.
 */
export async function voidVanished(t: Tenant, applying: Applying): Promise<{ voided: number; kept: string[] }> {
  if (applying.older) return { voided: 0, kept: [] };
  await t.run(t.sql`
    create temporary table stage_vanished on commit drop as
    select i.item_id, i.document,
      exists (select from ${t.from('allocation')} a where a.origin in ('match', 'person') and i.item_id in (a.debit_item_id, a.credit_item_id))
      or exists (select from ${t.from('hold')} h where h.item_id = i.item_id)
      or exists (select from ${t.from('action_item')} x where x.item_id = i.item_id) as relied_on
    from ${t.from('item')} i join ${t.from('import')} p on p.import_id = i.import_id
    where p.source = ${applying.source} and p.covers_from = ${applying.coversFrom}::date and p.import_id <> ${applying.importId}::bigint
      and i.voided_at is null and not exists (select from stage_keyed k where k.natural_key = i.natural_key)`);
  await reverseAllocations(t, t.sql`
    select a.allocation_id from ${t.from('allocation')} a
    join stage_vanished v on v.item_id in (a.debit_item_id, a.credit_item_id) and not v.relied_on`, origin(applying, 'import'));
  await t.run(t.sql`
    ${t.into('import_change', 'import_id, relation, row_id, before')}
    select ${t.org}, ${applying.importId}::bigint, 'item', v.item_id, '{"voided_at": null}'::jsonb from stage_vanished v where not v.relied_on`);
  const voided = await t.run(t.sql`
    ${t.update('item', 'i')} set voided_at = ${applying.now}::timestamptz from stage_vanished v
    where ${t.own('i')} and i.item_id = v.item_id and not v.relied_on`);
  const kept = await t.rows<{ document: string | null }>(t.sql`select document from stage_vanished where relied_on order by item_id limit 50`);
  return { voided, kept: kept.map((row) => row.document ?? '?') };
}

/** Allocations that earlier files of this source made and this newer file no longer shows as lettered (a payment bounced, a lettering undone). */
async function reverseUnlettered(t: Tenant, applying: Applying): Promise<number> {
  return reverseAllocations(t, t.sql`
    select a.allocation_id from ${t.from('allocation')} a
    join ${t.from('import')} p on p.import_id = a.import_id and p.source = ${applying.source}
    join ${t.from('item')} d on d.item_id = a.debit_item_id
    join ${t.from('item')} c on c.item_id = a.credit_item_id
    join stage_keyed kd on kd.natural_key = d.natural_key
    join stage_keyed kc on kc.natural_key = c.natural_key
    left join stage_group gd on gd.natural_key = d.natural_key
    left join stage_group gc on gc.natural_key = c.natural_key
    where a.origin in ('import', 'estimate') and a.reverses is null
      and (gd.closed_group is null or gc.closed_group is null or gd.closed_group <> gc.closed_group)`, origin(applying, 'import'));
}

/** Allocations of the file: inside closed lettering groups, or, when the file letters nothing at all, oldest first by customer and estimated. */
export async function allocateStage(t: Tenant, applying: Applying, lettered: boolean): Promise<number> {
  if (!applying.older) await reverseUnlettered(t, applying);
  if (lettered || applying.older) {
    return allocateGroups(t, t.sql`
      select i.item_id, g.closed_group as part from stage_group g
      join ${t.from('item')} i on i.natural_key = g.natural_key and i.voided_at is null
      where g.closed_group is not null`, origin(applying, 'import'));
  }
  const added = await allocateGroups(t, t.sql`
    select i.item_id, i.customer_id::text as part from stage_keyed k
    join ${t.from('item')} i on i.natural_key = k.natural_key and i.voided_at is null`, origin(applying, 'estimate'));
  await t.run(t.sql`
    ${t.update('item', 'i')} set estimated = true
    where ${t.own('i')} and not i.estimated and i.customer_id in (
      select d.customer_id from ${t.from('allocation')} a join ${t.from('item')} d on d.item_id = a.debit_item_id
      where a.import_id = ${applying.importId}::bigint)`);
  return added;
}

/** Customers of the file whose ledger balance is not that of the file after all is applied (another source, an earlier year without its sequel). */
export async function balanceDifferences(t: Tenant): Promise<Difference[]> {
  return t.rows<Difference>(t.sql`
    select f.code, f.total::text as file, coalesce(l.total, 0)::text as ledger from (
      select code, sum(case side when 'debit' then amount else -amount end) as total from stage_line group by code
    ) f join ${t.from('customer')} c on c.code = f.code and c.voided_at is null
    left join (
      select i.customer_id, sum(case i.side when 'debit' then i.amount else -i.amount end) as total
      from ${t.from('item')} i where i.voided_at is null group by i.customer_id
    ) l on l.customer_id = c.customer_id
    where f.total <> coalesce(l.total, 0) order by f.code limit 200`);
}

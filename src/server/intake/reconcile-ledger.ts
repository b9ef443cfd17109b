import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';
import { allocateGroups, allocationsByItem, reverseAllocations } from '#server/ledger/allocate-groups.ts';
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
  await compareOpening(t, applying);
  await t.run(t.sql`
    create temporary table stage_dropped on commit drop as
    select k.natural_key, k.code, k.side, g.closed_group from stage_keyed k left join stage_group g on g.natural_key = k.natural_key
    where k.opening and not exists (select from ${t.from('item')} i where i.natural_key = k.natural_key and i.voided_at is null)`);
  await t.run(t.sql`delete from stage_keyed k using stage_dropped d where d.natural_key = k.natural_key`);
  await t.run(t.sql`
    insert into stage_keyed (line, account, code, name, entry_on, issued_on, document, label, kind, side, amount, lettrage, opening, currency, natural_key)
    select 1, '411', o.code, o.code, ${applying.coversFrom}::date, ${applying.coversFrom}::date, '', 'Écart d''à-nouveau', 'opening',
      case when o.file > o.ledger then 'debit' else 'credit' end, abs(o.file - o.ledger), '', true, 'EUR',
      'opening|' || o.code || '|' || ${applying.coversFrom}::text || '|' || (o.file - o.ledger)
    from stage_opening o where o.file <> o.ledger`);
  return t.rows<Difference>(t.sql`
    select o.code, o.file::text, o.ledger::text from stage_opening o where o.file <> o.ledger order by o.code limit 200`);
}

/**
 * Opening total of each customer in the file beside what the ledger held at that day. A customer of this source that the
 * openings leave out owes nothing any more (paid after the last export of the year before); but when those left out are
 * more than those named, the file is a part and says nothing of them.
 */
async function compareOpening(t: Tenant, applying: Applying): Promise<void> {
  await t.run(t.sql`
    create temporary table stage_opening on commit drop as
    with named as (
      select code, sum(case side when 'debit' then amount else -amount end)::bigint as total from stage_keyed where opening group by code
    ), held as (
      select c.code, sum(case i.side when 'debit' then i.amount else -i.amount end)::bigint as total, bool_or(p.source = ${applying.source}) as ours
      from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id left join ${t.from('import')} p on p.import_id = i.import_id
      where i.voided_at is null and i.issued_on < ${applying.coversFrom}::date group by c.code
    ), absent as (
      select h.code, h.total from held h where h.ours and h.total <> 0 and not exists (select from named n where n.code = h.code)
    )
    select n.code, n.total as file, coalesce(h.total, 0) as ledger from named n left join held h on h.code = n.code
    union all
    select a.code, 0::bigint, a.total from absent a where (select count(*) from absent) <= (select count(*) from named)`);
}

/** Whether a file is only a part of one already applied: of the same period, shorter, and without any later fact. */
async function isPart(t: Tenant, applying: Applying): Promise<boolean> {
  const longest = await t.one<{ lines: string | null; until: string | null }>(t.sql`
    select max(p.line_count)::text as lines, max(p.covers_until)::text as until from ${t.from('import')} p
    where p.source = ${applying.source} and p.covers_from = ${applying.coversFrom}::date and p.status = 'applied' and p.import_id <> ${applying.importId}::bigint`);
  return longest !== null && longest.lines !== null && longest.until !== null && applying.lines < Number(longest.lines) && applying.coversUntil <= longest.until;
}

/**
 * What an earlier export of the same period showed and this newer one does not: the accountant removed or rewrote it.
 * Such items are voided unless a person or a message relies on them; those are given back by document.
 */
export async function voidVanished(t: Tenant, applying: Applying): Promise<{ voided: number; kept: string[]; part: boolean }> {
  if (applying.older) return { voided: 0, kept: [], part: false };
  const part = await isPart(t, applying);
  await t.run(t.sql`
    create temporary table stage_vanished on commit drop as
    select i.item_id, i.document,
      exists (select from ${allocationsByItem(t)} a where a.origin = 'person' and a.touched_item_id = i.item_id)
      or exists (select from ${t.from('hold')} h where h.item_id = i.item_id)
      or exists (select from ${t.from('action_item')} x where x.item_id = i.item_id) as relied_on
    from ${t.from('item')} i join ${t.from('import')} p on p.import_id = i.import_id
    where not ${part} and p.source = ${applying.source} and p.covers_from = ${applying.coversFrom}::date and p.import_id <> ${applying.importId}::bigint
      and i.voided_at is null and not exists (select from stage_keyed k where k.natural_key = i.natural_key)`);
  await t.run(t.sql`analyze stage_vanished`);
  await overrule(t, applying, t.sql`
    select a.match_id from ${allocationsByItem(t)} a join stage_vanished v on v.item_id = a.touched_item_id and not v.relied_on where a.match_id is not null
    union select m.match_id from ${t.from('match')} m join stage_vanished v on v.item_id = m.credit_item_id and not v.relied_on`);
  // The money of a receipt that is gone is to be placed again.
  await t.run(t.sql`
    ${t.update('bank_line', 'l')} set item_id = null from stage_vanished v where ${t.own('l')} and l.item_id = v.item_id and not v.relied_on`);
  await reverseAllocations(t, t.sql`
    select a.allocation_id from ${allocationsByItem(t)} a join stage_vanished v on v.item_id = a.touched_item_id and not v.relied_on`, origin(applying, 'import'));
  await t.run(t.sql`
    ${t.into('import_change', 'import_id, relation, row_id, before')}
    select ${t.org}, ${applying.importId}::bigint, 'item', v.item_id, '{"voided_at": null}'::jsonb from stage_vanished v where not v.relied_on`);
  const voided = await t.run(t.sql`
    ${t.update('item', 'i')} set voided_at = ${applying.now}::timestamptz from stage_vanished v
    where ${t.own('i')} and i.item_id = v.item_id and not v.relied_on`);
  const kept = await t.rows<{ document: string | null }>(t.sql`select document from stage_vanished where relied_on order by item_id limit 50`);
  return { voided, kept: kept.map((row) => row.document ?? '?'), part };
}

/**
 * Allocations that earlier files of this source made and this newer file no longer shows as lettered (a payment bounced, a
 * lettering undone). Two lines under one code stay together even when the rest of their group is in another file. An
 * estimate of a file that letters nothing is only made again for customers of whom something changed.
 */
async function reverseUnlettered(t: Tenant, applying: Applying, lettered: boolean): Promise<number> {
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
      and (kd.letter_group is null or kc.letter_group is null or kd.letter_group <> kc.letter_group or gd.closed_group <> gc.closed_group)
      and (${lettered} or a.origin = 'import'
        or exists (select from ${t.from('item')} n where n.customer_id = d.customer_id and n.import_id = ${applying.importId}::bigint)
        or exists (select from stage_vanished v join ${t.from('item')} n on n.item_id = v.item_id where n.customer_id = d.customer_id and not v.relied_on))`,
  origin(applying, 'import'));
}

/** Marks matches of which this ledger says otherwise; undoing its import makes them hold again. */
async function overrule(t: Tenant, applying: Applying, which: SqlPiece): Promise<void> {
  await t.run(t.sql`
    ${t.update('match', 'm')} set overruled_by = ${applying.importId}::bigint
    where ${t.own('m')} and m.match_id in (${which}) and m.automatic and m.undone_at is null and m.overruled_by is null`);
}

/** What went by itself yields to the ledger where its accountant lettered one of the two items, and not with the other. */
async function yieldToLedger(t: Tenant, applying: Applying): Promise<number> {
  await t.run(t.sql`
    create temporary table stage_overruled on commit drop as
    select a.allocation_id, a.match_id from ${t.from('allocation')} a
    join ${t.from('item')} d on d.item_id = a.debit_item_id join ${t.from('item')} c on c.item_id = a.credit_item_id
    left join stage_group gd on gd.natural_key = d.natural_key left join stage_group gc on gc.natural_key = c.natural_key
    where a.origin = 'match' and a.reverses is null and (gd.closed_group is not null or gc.closed_group is not null) and gd.closed_group is distinct from gc.closed_group
      and not exists (select from ${t.from('allocation')} r where r.reverses = a.allocation_id)`);
  await overrule(t, applying, t.sql`select o.match_id from stage_overruled o`);
  return reverseAllocations(t, t.sql`select o.allocation_id from stage_overruled o`, origin(applying, 'import'));
}

/** Allocations of the file: inside closed lettering groups, or, when the file letters nothing at all, oldest first by customer and estimated. */
export async function allocateStage(t: Tenant, applying: Applying, lettered: boolean): Promise<number> {
  const reversed = applying.older ? 0 : (await reverseUnlettered(t, applying, lettered)) + (await yieldToLedger(t, applying));
  if (lettered || applying.older) {
    const members = (born: boolean) => t.sql`
      select i.item_id, g.closed_group as part from stage_group g
      join ${t.from('item')} i on i.natural_key = g.natural_key and i.voided_at is null
      left join stage_born b on b.closed_group = g.closed_group
      where g.closed_group is not null and (b.closed_group is not null) = ${born}`;
    const born = await allocateGroups(t, members(true), { ...origin(applying, 'import'), born: true });
    const settled = await allocateGroups(t, members(false), origin(applying, 'import'));
    const bridged = await bridgeOpening(t, applying);
    if (reversed > 0) await clearEstimates(t);
    return born + settled + bridged;
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

/**
 * Groups lettered with an opening line that stands for the detail of the year before: what is left of them goes to the
 * customer's oldest items on the side of that line, as an estimate. Gives the number of allocations.
 */
async function bridgeOpening(t: Tenant, applying: Applying): Promise<number> {
  const made = await t.one<{ found: boolean }>(t.sql`select to_regclass('pg_temp.stage_dropped') is not null as found`);
  if (made?.found !== true) return 0;
  const added = await allocateGroups(t, t.sql`
    select i.item_id, d.code as part from (select distinct code, closed_group from stage_dropped where closed_group is not null) d
    join stage_group g on g.closed_group = d.closed_group
    join ${t.from('item')} i on i.natural_key = g.natural_key and i.voided_at is null
    union
    select i.item_id, d.code from (select distinct code, side from stage_dropped where closed_group is not null) d
    join ${t.from('customer')} c on c.code = d.code and c.voided_at is null
    join ${t.from('item')} i on i.customer_id = c.customer_id and i.side = d.side and i.voided_at is null and i.issued_on < ${applying.coversFrom}::date`,
  origin(applying, 'estimate'));
  if (added > 0) {
    await t.run(t.sql`
      ${t.update('item', 'i')} set estimated = true where ${t.own('i')} and not i.estimated and i.item_id in (
        select unnest(array[a.debit_item_id, a.credit_item_id]) from ${t.from('allocation')} a
        where a.import_id = ${applying.importId}::bigint and a.origin = 'estimate')`);
  }
  return added;
}

/** Items of customers of whom no estimate stands any more are certain again; what an import made up itself stays estimated. */
export async function clearEstimates(t: Tenant): Promise<void> {
  await t.run(t.sql`
    ${t.update('item', 'i')} set estimated = false
    where ${t.own('i')} and i.estimated and i.voided_at is null and i.natural_key not like 'settled|%' and i.natural_key not like 'opening|%'
      and not exists (select from ${t.from('allocation')} a join ${t.from('item')} d on d.item_id = a.debit_item_id
        where d.customer_id = i.customer_id and a.origin = 'estimate' and a.reverses is null
          and not exists (select from ${t.from('allocation')} r where r.reverses = a.allocation_id))`);
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

import { allocateGroups } from '#server/ledger/allocate-groups.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Applying } from './derive-items.ts';

/** Due days that a newer file gives differently, kept so that the import can be undone; a person's own day stays. Gives how many changed. */
export async function updateDueDays(t: Tenant, applying: Applying): Promise<number> {
  if (applying.older) return 0;
  await t.run(t.sql`
    ${t.into('import_change', 'import_id, relation, row_id, before')}
    select ${t.org}, ${applying.importId}::bigint, 'item', i.item_id, jsonb_build_object('due_on', i.due_on, 'due_source', i.due_source)
    from ${t.from('item')} i join stage_keyed k on k.natural_key = i.natural_key
    where i.voided_at is null and i.side = 'debit' and k.due_on is not null and k.due_on <> i.due_on and i.due_source <> 'person'
      and i.import_id <> ${applying.importId}::bigint
    on conflict (organisation_id, import_id, relation, row_id) do update set before = excluded.before || import_change.before`);
  return t.run(t.sql`
    ${t.update('item', 'i')} set due_on = k.due_on, due_source = 'file' from stage_keyed k
    where ${t.own('i')} and k.natural_key = i.natural_key and i.voided_at is null and i.side = 'debit' and k.due_on is not null
      and k.due_on <> i.due_on and i.due_source <> 'person' and i.import_id <> ${applying.importId}::bigint`);
}

/** What settling gave: receipts made, allocations, and rows whose open amount is above what the ledger knows. */
export type Settled = { receipts: number; allocations: number; higher: { line: string; document: string; file: string; ledger: string }[] };

/**
 * A table of open items says how much is left, not how it was paid. The difference to what the ledger holds open becomes a
 * receipt on the day paid (or of the import), allocated to its item; an item of the same source that a newer snapshot no
 * longer lists was settled. More open than the ledger knows is reported and never reopens anything.
 */
export async function settleFromTable(t: Tenant, applying: Applying, snapshot: boolean): Promise<Settled> {
  const vanished = snapshot && !applying.older ? t.sql`
    union all
    select i.item_id, i.customer_id, i.currency, i.amount - i.allocated, ${applying.today}::date, true
    from ${t.from('item')} i join ${t.from('import')} p on p.import_id = i.import_id
    where p.source = ${applying.source} and i.import_id <> ${applying.importId}::bigint and i.side = 'debit' and i.voided_at is null
      and i.allocated < i.amount and not exists (select from stage_keyed k where k.natural_key = i.natural_key)` : t.sql``;
  await t.run(t.sql`
    create temporary table stage_settled on commit drop as
    select i.item_id, i.customer_id, i.currency, i.amount - i.allocated - k.open_amount as amount,
      greatest(coalesce(k.paid_on, ${applying.today}::date), i.issued_on) as paid_on, false as gone
    from stage_keyed k join ${t.from('item')} i on i.natural_key = k.natural_key and i.voided_at is null
    where k.side = 'debit' and k.open_amount is not null and k.open_amount < i.amount - i.allocated
    ${vanished}`);
  const receipts = await t.run(t.sql`
    ${t.into('item', 'customer_id, side, kind, label, issued_on, first_seen_on, currency, amount, estimated, natural_key, import_id')}
    select ${t.org}, s.customer_id, 'credit', 'receipt', case when s.gone then 'Soldé d''après l''export' else 'Règlement constaté' end, s.paid_on,
      ${applying.today}::date, s.currency, s.amount, true, 'settled|' || s.item_id || '|' || ${applying.importId}, ${applying.importId}::bigint
    from stage_settled s order by s.item_id`);
  const allocations = await allocateGroups(t, t.sql`
    select s.item_id, s.item_id::text as part from stage_settled s
    union all
    select c.item_id, s.item_id::text from stage_settled s
    join ${t.from('item')} c on c.natural_key = 'settled|' || s.item_id || '|' || ${applying.importId} and c.voided_at is null`,
  { origin: 'import', importId: applying.importId, now: applying.now, actor: applying.actor });
  const higher = await t.rows<Settled['higher'][number]>(t.sql`
    select k.line::text, k.document, k.open_amount::text as file, (i.amount - i.allocated)::text as ledger
    from stage_keyed k join ${t.from('item')} i on i.natural_key = k.natural_key and i.voided_at is null
    where k.side = 'debit' and k.open_amount > i.amount - i.allocated order by k.line limit 100`);
  return { receipts, allocations, higher };
}

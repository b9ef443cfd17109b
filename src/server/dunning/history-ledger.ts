import type { AllocationHistory, CreditHistory, Dated, ItemHistory } from '#core/dunning/history.ts';
import { ALWAYS } from '#core/dunning/history.ts';
import type { ItemFacts } from '#core/dunning/facts.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { datedFrom, grouped, loadBefore, ms, spanOf } from './history-rows.ts';
import type { AllocationRow, BeforeRow, ItemRow } from './history-rows.ts';

const KINDS: Readonly<Record<string, ItemFacts['kind']>> = { invoice: 'invoice', deposit: 'depositInvoice', debitNote: 'debitNote', opening: 'openingDebit' };

/** Debits and credits of customers with their allocations. */
export type LedgerHistories = { readonly debits: ReadonlyMap<string, ItemHistory[]>; readonly credits: ReadonlyMap<string, CreditHistory[]> };

/** Loads the dated ledger of customers. An item known to be settled for good before `since` is left out: on no later day is it open again. */
export async function loadLedgerHistories(t: Tenant, ids: readonly string[], since: Day | null): Promise<LedgerHistories> {
  const rows = await loadItems(t, ids, since);
  const items = rows.map((row) => row.item_id);
  const allocations = await t.rows<AllocationRow>(t.sql`
    select a.allocation_id, a.debit_item_id, a.credit_item_id, a.amount, a.effective_on, ${ms(t, t.sql`a.recorded_at`)} as at, a.reverses, k.kind
    from ${t.from('allocation')} a join ${t.from('item')} k on k.item_id = a.credit_item_id
    where a.allocation_id in (select x.allocation_id from ${t.from('allocation')} x where x.debit_item_id = any(${items}::bigint[])
      union select x.allocation_id from ${t.from('allocation')} x where x.credit_item_id = any(${items}::bigint[])) order by a.allocation_id`);
  const debits = new Map<string, AllocationHistory[]>();
  const credits = new Map<string, AllocationHistory[]>();
  for (const row of allocations) {
    const one = allocationOf(row);
    add(debits, row.debit_item_id, one);
    add(credits, row.credit_item_id, one);
  }
  const before = await changesOf(t, rows.filter(({ side }) => side === 'debit').map((row) => row.item_id));
  return {
    debits: grouped(rows.filter(({ side }) => side === 'debit'), (row) => row.customer_id, (row) => debitOf(row, { allocations: debits.get(row.item_id) ?? [], before: before.get(row.item_id) ?? [] })),
    credits: grouped(rows.filter(({ side }) => side === 'credit'), (row) => row.customer_id, (row): CreditHistory => ({
      itemId: row.item_id, currency: row.currency, amount: BigInt(row.amount), issuedOn: row.issued_on, known: spanOf(row.from_at, row.until_at), allocations: credits.get(row.item_id) ?? [],
    })),
  };
}

/** A receipt that a person or the matching made was learnt with its match; an item without import, on the day it was first seen. */
async function loadItems(t: Tenant, ids: readonly string[], since: Day | null): Promise<ItemRow[]> {
  return t.rows<ItemRow>(t.sql`
    select i.item_id, i.customer_id, i.side, i.kind, i.document, i.label, i.currency, i.amount, i.issued_on, i.due_on, i.first_seen_on, i.estimated, i.scenario_code,
      coalesce(${ms(t, t.sql`p.applied_at`)}, ${ms(t, t.sql`m.made_at`)}, ${ms(t, t.sql`i.first_seen_on::timestamptz`)}) as from_at, ${ms(t, t.sql`i.voided_at`)} as until_at
    from ${t.from('item')} i
    left join ${t.from('import')} p on p.import_id = i.import_id
    left join lateral (select min(x.made_at) as made_at from ${t.from('match')} x where i.import_id is null and i.side = 'credit' and (x.credit_item_id = i.item_id or x.write_off_item_id = i.item_id)) m on true
    where i.customer_id = any(${ids}::bigint[])
      and (${since === null} or i.voided_at is not null or i.allocated < i.amount or exists (
        select from ${t.from('allocation')} l where (l.debit_item_id = i.item_id or l.credit_item_id = i.item_id) and (l.effective_on >= ${since}::date or l.recorded_at >= ${since}::date)))
    order by i.customer_id, i.item_id`);
}

function add(lists: Map<string, AllocationHistory[]>, key: string, one: AllocationHistory): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [one]);
  else list.push(one);
}

const allocationOf = (row: AllocationRow): AllocationHistory => ({
  id: BigInt(row.allocation_id), credit: row.credit_item_id, by: row.kind === 'receipt' ? 'receipt' : row.kind === 'creditNote' ? 'creditNote' : 'other', amount: BigInt(row.amount), on: row.effective_on, at: row.at,
  reverses: row.reverses === null ? null : BigInt(row.reverses),
});

/** What people changed of items, and the due days that imports moved, oldest first. An import that was undone put its day back and is left out. */
async function changesOf(t: Tenant, items: readonly string[]): Promise<Map<string, BeforeRow[]>> {
  const byPeople = await loadBefore(t, 'item', items);
  const byImports = await t.rows<BeforeRow>(t.sql`
    select 'item' as relation, h.row_id::text, h.before, ${ms(t, t.sql`p.applied_at`)} as at from ${t.from('import_change')} h join ${t.from('import')} p on p.import_id = h.import_id
    where h.relation = 'item' and h.before ? 'due_on' and p.status = 'applied' and h.row_id = any(${items}::bigint[])`);
  for (const row of byImports) byPeople.set(row.row_id, [...(byPeople.get(row.row_id) ?? []), row].toSorted((a, b) => a.at - b.at));
  return byPeople;
}

function debitOf(row: ItemRow, of: { allocations: readonly AllocationHistory[]; before: readonly BeforeRow[] }): ItemHistory {
  if (row.due_on === null) throw new Error(`debit item ${row.item_id} has no due day`);
  const { dueOn, scenario } = changing(row, row.due_on, of.before);
  return {
    itemId: row.item_id, document: row.document ?? row.label ?? row.item_id, kind: KINDS[row.kind] ?? 'other', currency: row.currency, amount: BigInt(row.amount), issuedOn: row.issued_on,
    firstSeenOn: row.first_seen_on, estimated: row.estimated, known: spanOf(row.from_at, row.until_at), dueOn, scenario, allocations: of.allocations,
  };
}

/** An import says nothing of the scenario: only what people changed does. */
function changing(row: ItemRow, dueOn: Day, before: readonly BeforeRow[]): { dueOn: Dated<Day>[]; scenario: Dated<string | null>[] } {
  if (before.length === 0) return { dueOn: [{ at: ALWAYS, value: dueOn }], scenario: [{ at: ALWAYS, value: row.scenario_code }] };
  return {
    dueOn: datedFrom(before.filter((one) => one.before?.['due_on'] !== undefined && one.before['due_on'] !== null), (one) => one['due_on'] as Day, dueOn),
    scenario: datedFrom(before.filter((one) => one.before !== null && 'scenario_code' in one.before), (one) => one['scenario_code'] as string | null, row.scenario_code),
  };
}

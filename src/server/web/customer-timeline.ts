import type { TimelineEntry } from '#core/api/customers.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId } from '#core/kernel/id.ts';
import { decimal, money } from '#core/kernel/money.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/** Entries of a timeline: several years of a customer that is chased; older ones are in the events. */
const ENTRIES_MAX = 200;

type Row = {
  at: string; on_day: Day; kind: TimelineEntry['kind']; detail: string; channel: string | null; step: number | null; count: number | null; documents: string | null;
  amount: string | null; currency: Currency | null; actor: string; action_id: string | null; note: string | null;
};

function actions(t: Tenant, id: CustomerId): SqlPiece {
  return t.sql`
    select a.state_at as at, coalesce(a.sent_on, a.state_at::date) as on_day, 'action' as kind, a.state as detail, a.channel, a.step::int,
      (select count(*)::int from ${t.from('action_item')} x where x.action_id = a.action_id) as count,
      (select string_agg(coalesce(i.document, i.label, i.item_id::text), ', ' order by i.due_on, i.item_id) from ${t.from('action_item')} x
        join ${t.from('item')} i on i.item_id = x.item_id where x.action_id = a.action_id) as documents,
      a.total::text as amount, a.currency, coalesce(a.approved_by, '') as actor, a.action_id::text, a.state_reason as note
    from ${t.from('action')} a where a.customer_id = ${id}::bigint`;
}

function holds(t: Tenant, id: CustomerId): SqlPiece {
  return t.sql`
    select h.created_at, h.from_on, 'hold', h.kind, null::text, null::int, null::int, i.document, h.amount::text, coalesce(i.currency, h.currency), h.actor, null::text,
      coalesce(h.note, h.reason, h.court)
    from ${t.from('hold')} h left join ${t.from('item')} i on i.item_id = h.item_id where h.customer_id = ${id}::bigint
    union all
    select greatest(h.ended_on::timestamptz, h.created_at), h.ended_on, 'holdEnded', h.kind, null, null, null, i.document, null, null, h.actor, null, h.ended_reason
    from ${t.from('hold')} h left join ${t.from('item')} i on i.item_id = h.item_id where h.customer_id = ${id}::bigint and h.ended_on is not null`;
}

function ledger(t: Tenant, id: CustomerId): SqlPiece {
  return t.sql`
    select p.applied_at, p.applied_on, 'import', p.format, null::text, null::int, count(*)::int, null::text, null::text, null::text, p.actor, null::text, p.file_name
    from ${t.from('item')} i join ${t.from('import')} p on p.import_id = i.import_id
    where i.customer_id = ${id}::bigint and i.voided_at is null group by p.import_id, p.applied_at, p.applied_on, p.format, p.actor, p.file_name
    union all
    select i.issued_on::timestamptz, i.issued_on, 'receipt', i.kind, null, null, 1, i.document, i.amount::text, i.currency, '', null, i.label
    from ${t.from('item')} i where i.customer_id = ${id}::bigint and i.side = 'credit' and i.voided_at is null`;
}

function changes(t: Tenant, id: CustomerId): SqlPiece {
  return t.sql`
    select e.at, e.at::date, 'change', replace(e.kind, 'customer.', ''), null::text, null::int, null::int, null::text, null::text, null::text, e.actor, null::text, null::text
    from ${t.from('event')} e where e.subject = ${`customer:${id}`} and e.kind in ('customer.changed', 'customer.contactSaved', 'customer.contactRemoved')`;
}

/** What happened with a customer, newest first: actions, holds, imports, receipts and credit notes, changes of the record. */
export async function readTimeline(t: Tenant, id: CustomerId): Promise<TimelineEntry[]> {
  const rows = await t.rows<Row>(t.sql`
    select * from (${actions(t, id)} union all ${holds(t, id)} union all ${ledger(t, id)} union all ${changes(t, id)}) h
    order by h.on_day desc, h.at desc limit ${ENTRIES_MAX}`);
  return rows.map((row) => ({
    at: row.at, on: row.on_day, kind: row.kind, detail: row.detail, channel: row.channel, step: row.step, count: row.count, documents: row.documents,
    amount: row.amount === null || row.currency === null ? null : decimal(money(BigInt(row.amount), row.currency)), currency: row.currency,
    actor: row.actor, actionId: row.action_id, note: row.note,
  }));
}

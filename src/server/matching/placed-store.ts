import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Evidence } from '#core/matching/evidence.ts';
import { fixedGestures, gestureOf } from '#server/ledger/gestures.ts';
import type { Fixed } from '#server/ledger/gestures.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { accountName, saidByBank, searched } from './waiting.ts';
import type { BankRow } from './waiting.ts';

/** A gesture that somebody, or matching itself, made; amounts are minor units as texts. */
export type PlacedRow = BankRow & {
  readonly gesture: string;
  readonly line: string | null;
  readonly credit: string;
  readonly booked_on: Day;
  readonly amount: string;
  readonly currency: Currency;
  readonly account: string | null;
  /** Label of the credit. */
  readonly own_label: string | null;
  readonly customers: readonly { readonly id: string; readonly code: string; readonly name: string }[];
  /** What it paid, write-offs and credits taken in included. */
  readonly settled: readonly { readonly document: string; readonly amount: string }[];
  readonly write_off: string | null;
  readonly write_off_reason: string | null;
  readonly note: string | null;
  /** Loose today. */
  readonly loose: string;
  readonly automatic: boolean;
  readonly confidence: number | null;
  readonly evidence: readonly Evidence[];
  readonly made_at: string;
  readonly actor: string;
  readonly undone_at: string | null;
  readonly undone_by: string | null;
  readonly undone_reason: string | null;
};

/** A gesture with what stands against undoing it. */
export type PlacedGesture = { readonly row: PlacedRow; readonly fixed: Fixed | null };

/** Why a credit that went by itself stands no more, beside what a person said: a ledger lettered it otherwise. */
export const OVERRULED = 'ledgerPrevails';

/** How the list is continued and narrowed: gestures before a number, newest first. */
export type PlacedAsked = { readonly before: string | null; readonly limit: number; readonly search: string };

/** Gestures, newest first, undone ones too; those that fell with their import are left out. */
export async function listPlaced(t: Tenant, asked: PlacedAsked): Promise<PlacedGesture[]> {
  const search = searched(t, asked.search, {
    texts: t.sql`k.name, k.code, l.counterparty_name, l.ultimate_name, l.remittance, l.label, c.document, c.label, (
      select string_agg(distinct d.document, ' ') from ${t.from('match')} g join ${t.from('allocation')} a on a.match_id = g.match_id join ${t.from('item')} d on d.item_id = a.debit_item_id
      where ${t.sql`coalesce(g.gesture_id, g.match_id)`} = m.match_id)`,
    amount: t.sql`coalesce(l.amount, c.amount)`, currency: t.sql`c.currency`,
  });
  const rows = await t.rows<PlacedRow>(t.sql`
    with page as (
      select m.*, c.issued_on, c.currency, c.amount as credit_amount, c.label as own_label from ${t.from('match')} m join ${t.from('item')} c on c.item_id = m.credit_item_id
      join ${t.from('customer')} k on k.customer_id = m.customer_id left join ${t.from('bank_line')} l on l.bank_line_id = m.bank_line_id
      where m.gesture_id is null and m.undone_reason is distinct from 'importUndone' and (${asked.before}::bigint is null or m.match_id < ${asked.before}::bigint) and ${search}
      order by m.match_id desc limit ${asked.limit}
    ), member as (
      select p.match_id as gesture, m.* from page p join ${t.from('match')} m on ${gestureOf(t)} = p.match_id
    ), settled as (
      -- What the ledger had booked pays what the ledger says; what was matched pays what was matched, undone or not.
      select x.gesture, d.item_id, coalesce(d.document, d.label, d.kind) as document, sum(a.amount) as amount
      from member x join ${t.from('allocation')} a on a.match_id = x.match_id and a.reverses is null join ${t.from('item')} d on d.item_id = a.debit_item_id
      where x.overruled_by is null or x.bank_line_id is null or not exists (select from ${t.from('allocation')} r where r.reverses = a.allocation_id)
      group by x.gesture, d.item_id, d.document, d.label, d.kind
      union all
      select x.gesture, d.item_id, coalesce(d.document, d.label, d.kind), sum(a.amount)
      from member x join ${t.from('item')} c on c.item_id = x.credit_item_id and c.import_id is not null
      join ${t.from('allocation')} a on a.credit_item_id = c.item_id join ${t.from('item')} d on d.item_id = a.debit_item_id
      where x.bank_line_id is not null and x.undone_at is null group by x.gesture, d.item_id, d.document, d.label, d.kind having sum(a.amount) > 0
    )
    select p.match_id::text as gesture, p.bank_line_id::text as line, p.credit_item_id::text as credit, coalesce(l.booked_on, p.issued_on) as booked_on, p.currency, ${saidByBank(t)},
      coalesce(l.amount, p.credit_amount)::text as amount, case when a.bank_account_id is not null then ${accountName(t)} end as account, p.own_label,
      (select jsonb_agg(jsonb_build_object('id', k.customer_id::text, 'code', k.code, 'name', k.name) order by x.match_id) from member x join ${t.from('customer')} k on k.customer_id = x.customer_id where x.gesture = p.match_id) as customers,
      coalesce((select jsonb_agg(jsonb_build_object('document', s.document, 'amount', s.amount::text) order by s.item_id) from settled s where s.gesture = p.match_id), '[]') as settled,
      w.amount::text as write_off, w.reason as write_off_reason, w.note,
      case when p.undone_at is null then o.loose else 0 end::text as loose, p.automatic, p.confidence, p.evidence, p.made_at, p.actor,
      coalesce(p.undone_at, v.applied_at) as undone_at, coalesce(p.undone_by, v.actor) as undone_by, coalesce(p.undone_reason, case when v.import_id is not null then ${OVERRULED} end) as undone_reason
    from page p left join ${t.from('import')} v on v.import_id = p.overruled_by and p.bank_line_id is null left join ${t.from('bank_line')} l on l.bank_line_id = p.bank_line_id left join ${t.from('bank_account')} a on a.bank_account_id = l.bank_account_id
    left join lateral (
      select sum(i.amount) as amount, string_agg(distinct i.label, ', ') as reason, string_agg(distinct x.note, ' ') as note from member x join ${t.from('item')} i on i.item_id = x.write_off_item_id where x.gesture = p.match_id
    ) w on true
    left join lateral (
      select sum(i.amount - i.allocated) as loose from (select distinct x.credit_item_id from member x where x.gesture = p.match_id) x join ${t.from('item')} i on i.item_id = x.credit_item_id
    ) o on true
    order by p.match_id desc`);
  const fixed = new Map((await fixedGestures(t, rows.flatMap((row) => (row.undone_at === null ? [row.gesture] : [])))).map((one) => [one.gesture, one]));
  return rows.map((row) => ({ row, fixed: fixed.get(row.gesture) ?? null }));
}

/** A line that a person said is no customer's; the amount is minor units as text. */
export type DismissedRow = BankRow & {
  readonly line: string; readonly booked_on: Day; readonly amount: string; readonly currency: Currency; readonly account: string; readonly reason: string; readonly note: string | null;
  readonly at: string; readonly actor: string;
};

/** Lines set aside, the latest first, from after an instant and a number on. */
export async function listDismissed(t: Tenant, asked: { readonly after: { readonly at: string; readonly id: string } | null; readonly limit: number }): Promise<DismissedRow[]> {
  const { after } = asked;
  return t.rows<DismissedRow>(t.sql`
    select l.bank_line_id::text as line, l.booked_on, l.amount::text, l.currency, ${accountName(t)} as account, ${saidByBank(t)}, l.dismissed_reason as reason, l.dismissed_note as note,
      l.dismissed_at as at, l.dismissed_by as actor
    from ${t.from('bank_line')} l join ${t.from('bank_account')} a on a.bank_account_id = l.bank_account_id
    where l.dismissed_at is not null and l.voided_at is null
      and (${after === null} or (l.dismissed_at, l.bank_line_id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::bigint))
    order by l.dismissed_at desc, l.bank_line_id desc limit ${asked.limit}`);
}

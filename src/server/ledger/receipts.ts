import type { Instant } from '#core/kernel/clock.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ImportId } from '#core/kernel/id.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/** What the returned and reversed payments of one import did: linked with the line they take back, debts re-opened, and those of which nothing is known. */
export type TakenBack = { readonly linked: number; readonly reopened: number; readonly unknown: readonly UnknownReturn[] };

/** A return whose payment is in no known statement; the amount is signed minor units. */
export type UnknownReturn = { readonly line: string; readonly booked_on: Day; readonly amount: string; readonly currency: Currency; readonly label: string };

/**
 * Links every returned payment of an import with the line it takes back, by a reference they share, same account and same amount. Where
 * that line was a receipt, or several of as many customers, their allocations end on the day of the return, so what they had paid is open
 * again at its own due day, and each receipt is set against its part of the return. What was let go because they had paid is owed again.
 */
export async function takeBackReturns(t: Tenant, of: { readonly importId: ImportId; readonly now: Instant; readonly actor: string }): Promise<TakenBack> {
  await linkReturns(t, of.importId);
  const reopened = await reopenReceipts(t, { ...of, which: t.sql`b.import_id = ${of.importId}::bigint` });
  const rows = await t.rows<UnknownReturn & { linked: boolean }>(t.sql`
    select l.source_line::text as line, l.booked_on, l.amount::text, l.currency, coalesce(nullif(l.label, ''), l.remittance) as label, l.takes_back is not null as linked from ${t.from('bank_line')} l
    where l.import_id = ${of.importId}::bigint and l.voided_at is null and l.status = 'booked' and (l.returned or l.reversal) order by l.bank_line_id`);
  return { linked: rows.filter((row) => row.linked).length, reopened, unknown: rows.filter((row) => !row.linked) };
}

/** The same for payments whose receipts became known after they had come back: bank lines that were just linked with what a ledger had booked. */
export async function takeBackLinked(t: Tenant, of: { readonly lines: readonly string[]; readonly now: Instant; readonly actor: string }): Promise<number> {
  return reopenReceipts(t, { ...of, which: t.sql`b.takes_back = any(${[...of.lines]}::bigint[])` });
}

/** A payment may come back once; of several equal ones before it the latest, and none when two of one day are equal. */
async function linkReturns(t: Tenant, importId: ImportId): Promise<void> {
  await t.run(t.sql`
    ${t.update('bank_line', 'r')} set takes_back = m.original from (
      select f.return_line, min(f.original) as original from (
        select b.bank_line_id as return_line, o.bank_line_id as original, rank() over (partition by b.bank_line_id order by o.booked_on desc) as recency,
          count(*) over (partition by o.bank_line_id) as claims
        from ${t.from('bank_line')} b join ${t.from('bank_line')} o on o.bank_account_id = b.bank_account_id and o.amount = -b.amount and o.currency = b.currency
          and o.booked_on <= b.booked_on and o.bank_line_id <> b.bank_line_id
        where b.import_id = ${importId}::bigint and b.voided_at is null and b.status = 'booked' and (b.returned or b.reversal) and b.takes_back is null
          and o.voided_at is null and o.status = 'booked' and not o.returned and not o.reversal
          and (o.end_to_end_id = b.end_to_end_id or o.creditor_reference = b.creditor_reference or o.bank_reference = b.bank_reference
            or (o.mandate_id = b.mandate_id and o.booked_on > b.booked_on - ${RETURN_DAYS_MAX}::int) or (o.documents && b.documents))
          and not exists (select from ${t.from('bank_line')} x where x.takes_back = o.bank_line_id and x.voided_at is null)
      ) f where f.recency = 1 and f.claims = 1 group by f.return_line having count(*) = 1
    ) m where ${t.own('r')} and r.bank_line_id = m.return_line`);
}

/** A mandate names many debits: only one of the last eight weeks and the bank's days can be refunded without a word (SEPA core rulebook). */
const RETURN_DAYS_MAX = 70;

/** Which returns `b` are looked at; what they do belongs to the import that brought them, and is undone with it. */
type Returning = { readonly which: SqlPiece; readonly now: Instant; readonly actor: string };

/** Days between a return in the bank and in the ledger. */
const BOOKED_APART_DAYS_MAX = 7;

/**
 * A return that the ledger has booked itself, beside the receipt it booked, is that entry: the account says it already. Same customer, amount and
 * currency a few days apart, each the nearest of the other.
 */
async function linkBookedReturns(t: Tenant, which: SqlPiece): Promise<void> {
  await t.run(t.sql`
    ${t.update('bank_line', 'l')} set item_id = n.item_id from (
      select p.bank_line_id, p.item_id, row_number() over (partition by p.bank_line_id order by p.apart, p.item_id) as of_line,
        row_number() over (partition by p.item_id order by p.apart, p.bank_line_id) as of_item
      from (
        select b.bank_line_id, d.item_id, abs(d.issued_on - b.booked_on) as apart
        from ${t.from('bank_line')} b join ${t.from('bank_line')} o on o.bank_line_id = b.takes_back join ${t.from('item')} r on r.item_id = o.item_id
        join ${t.from('item')} d on d.customer_id = r.customer_id and d.amount = r.amount and d.currency = r.currency and d.side = 'debit' and d.kind = 'refund'
        where ${which} and b.voided_at is null and b.item_id is null and r.natural_key not like 'bank|%' and r.amount = -b.amount
          and d.voided_at is null and d.natural_key not like 'return|%' and abs(d.issued_on - b.booked_on) <= ${BOOKED_APART_DAYS_MAX}::int
          and not exists (select from ${t.from('bank_line')} x where x.item_id = d.item_id and x.voided_at is null)
      ) p
    ) n where ${t.own('l')} and l.bank_line_id = n.bank_line_id and n.of_line = 1 and n.of_item = 1`);
}

async function reopenReceipts(t: Tenant, of: Returning): Promise<number> {
  await linkBookedReturns(t, of.which);
  await t.run(t.sql`
    create temporary table stage_return on commit drop as
    select b.import_id, b.bank_line_id as return_line, o.bank_line_id as paid_line, b.booked_on, b.return_code, b.return_text, b.source_line, r.receipt_id,
      row_number() over (partition by b.bank_line_id order by r.receipt_id <> o.item_id, r.receipt_id) as place
    from ${t.from('bank_line')} b join ${t.from('bank_line')} o on o.bank_line_id = b.takes_back
    cross join lateral (
      select o.item_id as receipt_id union select m.credit_item_id from ${t.from('match')} m where m.bank_line_id = o.bank_line_id and m.undone_at is null
    ) r
    where ${of.which} and b.voided_at is null and b.item_id is null and o.item_id is not null`);
  await t.run(t.sql`
    create temporary table stage_let_go on commit drop as
    select distinct m.write_off_item_id as item_id, s.booked_on, s.import_id from stage_return s
    join ${t.from('match')} m on m.bank_line_id = s.paid_line and m.undone_at is null and m.write_off_item_id is not null`);
  await t.run(t.sql`
    ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, origin, import_id, reverses, recorded_at, actor')}
    select ${t.org}, a.debit_item_id, a.credit_item_id, -a.amount, greatest(a.effective_on, s.booked_on), 'import', s.import_id, a.allocation_id,
      ${of.now}::timestamptz, ${of.actor}
    from (select receipt_id, booked_on, import_id from stage_return union all select item_id, booked_on, import_id from stage_let_go) s join ${t.from('allocation')} a on a.credit_item_id = s.receipt_id
    where a.reverses is null and not exists (select from ${t.from('allocation')} r where r.reverses = a.allocation_id) order by a.allocation_id`);
  await voidLetGo(t, of);
  return refund(t, of);
}

/** A discount or a difference is let go because the rest was paid: that is over. The import that says so puts it back when it is undone. */
async function voidLetGo(t: Tenant, of: Returning): Promise<void> {
  await t.run(t.sql`
    ${t.into('import_change', 'import_id, relation, row_id, before')}
    select ${t.org}, w.import_id, 'item', w.item_id, '{"voided_at": null}'::jsonb from stage_let_go w
    on conflict (organisation_id, import_id, relation, row_id) do update set before = excluded.before || import_change.before`);
  await t.run(t.sql`
    ${t.update('item', 'i')} set voided_at = ${of.now}::timestamptz from stage_let_go w where ${t.own('i')} and i.item_id = w.item_id`);
}

/** One debit for each receipt, of its customer: their sum is the line that took the money back. */
async function refund(t: Tenant, of: Returning): Promise<number> {
  const key = t.sql`case s.place when 1 then 'return|' || s.return_line else 'return|' || s.return_line || '|' || s.place end`;
  await t.run(t.sql`
    ${t.into('item', 'customer_id, side, kind, label, issued_on, first_seen_on, due_on, due_source, currency, amount, natural_key, import_id, source_line')}
    select ${t.org}, i.customer_id, 'debit', 'refund', nullif(concat_ws(' ', s.return_code, s.return_text), ''), s.booked_on, s.booked_on, s.booked_on, 'file', i.currency, i.amount,
      ${key}, s.import_id, s.source_line
    from stage_return s join ${t.from('item')} i on i.item_id = s.receipt_id order by s.return_line, s.place`);
  await t.run(t.sql`
    ${t.update('bank_line', 'l')} set item_id = i.item_id from stage_return s, ${t.from('item')} i
    where ${t.own('l')} and l.bank_line_id = s.return_line and s.place = 1 and i.natural_key = 'return|' || s.return_line and i.voided_at is null`);
  return t.run(t.sql`
    ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, origin, import_id, recorded_at, actor')}
    select ${t.org}, d.item_id, s.receipt_id, d.amount, s.booked_on, 'import', s.import_id, ${of.now}::timestamptz, ${of.actor}
    from stage_return s join ${t.from('item')} d on d.natural_key = ${key} and d.voided_at is null`);
}

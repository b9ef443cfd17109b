import type { BankFormat } from '#core/intake/bank/bank-line.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { ImportId } from '#core/kernel/id.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Lines inserted, entries the books had already, and lines that better knowledge replaced. */
export type InsertedLines = { readonly lines: number; readonly known: number; readonly superseded: number };

/** The import whose entries are staged. */
export type BankInsert = { readonly importId: ImportId; readonly format: BankFormat; readonly now: Instant };

/**
 * Brings the staged entries into the books, each once. An entry is known when an entry with the same facts (and as many twins before
 * it) is there, or when a file of another format brought an entry of that account, day and amount: banks give one movement in several
 * formats with other words. A batch that was one total and now comes with its transactions is replaced by them; pending entries go
 * when a later statement of the account is there.
 */
export async function insertLines(t: Tenant, of: BankInsert): Promise<InsertedLines> {
  const { importId, format } = of;
  await stageEntries(t, importId);
  const known = await markKnown(t, format);
  const superseded = (await replaceTotals(t, of)) + (await replacePending(t, of));
  const lines = await t.run(t.sql`
    ${t.into('bank_line', `bank_account_id, bank_statement_id, import_id, format, entry_key, entry_part, entry_amount, status, booked_on, value_on, amount, currency,
      original_amount, original_currency, counterparty_name, counterparty_iban, counterparty_account, counterparty_bic, ultimate_name, end_to_end_id, mandate_id,
      bank_reference, creditor_reference, documents, remittance, label, transaction_code, returned, return_code, return_text, reversal, batch_count, raw, source_line`)}
    select ${t.org}, e.bank_account_id, e.bank_statement_id, ${importId}::bigint, ${format}, e.entry_key, s.part, e.amount, s.status, s.booked_on, s.value_on, s.amount, s.currency,
      s.original_amount, s.original_currency, s.counterparty_name, s.counterparty_iban, s.counterparty_account, s.counterparty_bic, s.ultimate_name, s.end_to_end_id,
      s.mandate_id, s.bank_reference, s.creditor_reference, s.documents, s.remittance, s.label, s.transaction_code, s.returned, s.return_code, s.return_text, s.reversal,
      s.batch_count, s.raw, s.line
    from stage_bank s join stage_entry e on e.entry = s.entry where not e.known order by s.entry, s.part`);
  return { lines, known, superseded };
}

async function stageEntries(t: Tenant, importId: ImportId): Promise<void> {
  await t.run(t.sql`
    create temporary table stage_entry on commit drop as
    select e.*, e.facts_hash || '#' || row_number() over (partition by e.bank_account_id, e.facts_hash order by e.entry) as entry_key, false as known
    from (
      select s.entry, p.bank_account_id, p.bank_statement_id, p.until_on, count(*)::int as parts, sum(s.amount)::bigint as amount, min(s.status) as status,
        min(s.booked_on) as booked_on, min(s.currency) as currency, md5(string_agg(s.facts, '' order by s.part)) as facts_hash
      from stage_bank s join ${t.from('bank_statement')} p on p.import_id = ${importId}::bigint and p.ordinal = s.statement
      group by s.entry, p.bank_account_id, p.bank_statement_id, p.until_on
    ) e`);
  await t.run(t.sql`create index on stage_entry (entry)`);
  await t.run(t.sql`analyze stage_entry`);
  await t.run(t.sql`analyze stage_bank`);
}

/** Pairs staged entries with those of the books; twins pair one to one, in their order. Gives how many are known. */
async function markKnown(t: Tenant, format: BankFormat): Promise<number> {
  const same = await t.run(t.sql`
    update stage_entry e set known = true
    where exists (select from ${t.from('bank_line')} b where b.bank_account_id = e.bank_account_id and b.entry_key = e.entry_key and b.entry_part = 1 and b.voided_at is null)`);
  await t.run(t.sql`
    create temporary table stage_other on commit drop as
    with held as (
      select b.bank_account_id, b.entry_key, b.status, b.booked_on, b.currency, b.entry_amount, count(*)::int as parts, bool_or(b.item_id is not null or t.taken) as used,
        row_number() over (partition by b.bank_account_id, b.status, b.booked_on, b.currency, b.entry_amount order by min(b.bank_line_id)) as place
      from ${t.from('bank_line')} b, lateral (select exists (select from ${t.from('bank_line')} x where x.takes_back = b.bank_line_id and x.voided_at is null) as taken) t
      where b.voided_at is null and b.format <> ${format} and b.booked_on between (select min(booked_on) from stage_entry) and (select max(booked_on) from stage_entry)
      group by b.bank_account_id, b.entry_key, b.status, b.booked_on, b.currency, b.entry_amount
    ), fresh as (
      select e.*, row_number() over (partition by e.bank_account_id, e.status, e.booked_on, e.currency, e.amount order by e.entry) as place from stage_entry e where not e.known
    )
    select f.entry, h.bank_account_id, h.entry_key, h.parts = 1 and f.parts > 1 and not h.used as better
    from fresh f join held h on h.bank_account_id = f.bank_account_id and h.status = f.status and h.booked_on = f.booked_on and h.currency = f.currency
      and h.entry_amount = f.amount and h.place = f.place`);
  const other = await t.run(t.sql`update stage_entry e set known = true from stage_other o where o.entry = e.entry and not o.better`);
  return same + other;
}

/** A total whose transactions are known now gives way to them. */
async function replaceTotals(t: Tenant, of: BankInsert): Promise<number> {
  return voidLines(t, of, t.sql`
    select b.bank_line_id from ${t.from('bank_line')} b join stage_other o on o.better and o.bank_account_id = b.bank_account_id and o.entry_key = b.entry_key
    where b.voided_at is null`);
}

/** What was announced is either booked by now or will be announced again. */
async function replacePending(t: Tenant, of: BankInsert): Promise<number> {
  return voidLines(t, of, t.sql`
    select b.bank_line_id from ${t.from('bank_line')} b
    where b.status <> 'booked' and b.voided_at is null and exists (
      select from stage_entry e where e.bank_account_id = b.bank_account_id and e.status = 'booked' and coalesce(e.until_on, e.booked_on) >= b.booked_on)
      and not exists (select from stage_entry e where e.known and e.bank_account_id = b.bank_account_id and e.entry_key = b.entry_key)`);
}

async function voidLines(t: Tenant, of: BankInsert, which: ReturnType<Tenant['sql']>): Promise<number> {
  await t.run(t.sql`
    ${t.into('import_change', 'import_id, relation, row_id, before')}
    select ${t.org}, ${of.importId}::bigint, 'bankLine', w.bank_line_id, '{"voided_at": null}'::jsonb from (${which}) w on conflict do nothing`);
  return t.run(t.sql`
    ${t.update('bank_line', 'b')} set voided_at = ${of.now}::timestamptz from ${t.from('import_change')} h
    where ${t.own('b')} and h.import_id = ${of.importId}::bigint and h.relation = 'bankLine' and h.row_id = b.bank_line_id and b.voided_at is null`);
}

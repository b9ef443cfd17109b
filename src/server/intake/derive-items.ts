import type { Day } from '#core/kernel/day.ts';
import { dueDates } from '#server/ledger/due-dates.ts';
import type { ImportId } from '#core/kernel/id.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** What one import knows of itself while it is applied. */
export type Applying = {
  readonly importId: ImportId;
  readonly source: string;
  readonly today: Day;
  readonly now: string;
  readonly actor: string;
  /** Payment terms named for this file; null: those of the entity. */
  readonly terms: string | null;
  /** First day the file covers, and the latest fact it knows. */
  readonly coversFrom: Day;
  readonly coversUntil: Day;
  /** Data lines of the file. */
  readonly lines: number;
  /** A newer file of the same source was applied before: this one only adds settled history. */
  readonly older: boolean;
};

/** What an import created, by kind of row. */
export type Created = { customers: number; debits: number; credits: number; allocations: number; bankLines: number };

/**
 * Gives every staged line its natural key and lettering group. The key says which item of the ledger a line is, in
 * any later file too: customer, side, document (or label and day when it has none), amount, and how many like it are
 * older (not: stand higher up, so that the order of lines says nothing).
 */
export async function keyStage(t: Tenant): Promise<void> {
  await t.run(t.sql`
    create temporary table stage_keyed on commit drop as
    select s.*,
      base || '|' || row_number() over (partition by base order by issued_on, label, lettrage = '', lettrage_on, lettrage, line) as natural_key,
      case when lettrage <> '' and lettrage <> lower(lettrage) or lettrage ~ '^[0-9]+$' then code || '|' || lettrage end as letter_group
    from (
      select l.*, code || '|' || side || '|' || amount || '|' ||
        case when document <> '' then document else '~' || issued_on::text || '|' || label end as base
      from stage_line l
    ) s`);
  await t.run(t.sql`create index on stage_keyed (natural_key)`);
  await t.run(t.sql`analyze stage_keyed`);
}

/** Formats that bring documents one by one, before or beside the ledger that books them. */
const INVOICED: readonly string[] = ['cii', 'ubl', 'facturx'];
const LISTED: readonly string[] = ['csv', 'xlsx', ...INVOICED];

/**
 * A customer that only e-invoices named so far bears a code made up for it. A ledger that books the same document for the same amount
 * under one account tells its real code; the customer takes it, unless another customer has it already.
 */
export async function adoptInvoicedCustomers(t: Tenant, applying: Pick<Applying, 'importId'>): Promise<void> {
  const any = await t.one(t.sql`select 1 as found from ${t.from('import')} p where p.status = 'applied' and p.format = any(${INVOICED}::text[]) limit 1`);
  if (any === null) return;
  await t.run(t.sql`
    create temporary table stage_adopted on commit drop as
    select m.customer_id, m.former, m.code from (
      select c.customer_id, c.code as former, min(k.code) as code, count(distinct k.code) as codes
      from ${t.from('customer')} c join ${t.from('import')} p on p.import_id = c.import_id and p.format = any(${INVOICED}::text[])
      join ${t.from('item')} i on i.customer_id = c.customer_id and i.document is not null and i.voided_at is null
      join stage_line k on k.document = i.document and k.side = i.side and k.amount = i.amount and k.kind <> 'refund'
      where c.voided_at is null and c.account is null group by c.customer_id, c.code
    ) m where m.codes = 1 and m.code <> m.former
      and not exists (select from ${t.from('customer')} o where o.code = m.code and o.voided_at is null)
      and not exists (select from stage_line s where s.code = m.former)`);
  await t.run(t.sql`delete from stage_adopted a using stage_adopted b where a.code = b.code and a.customer_id > b.customer_id`);
  await t.run(t.sql`
    ${t.into('import_change', 'import_id, relation, row_id, before')}
    select ${t.org}, ${applying.importId}::bigint, 'customer', a.customer_id, jsonb_build_object('code', a.former) from stage_adopted a
    on conflict (organisation_id, import_id, relation, row_id) do update set before = excluded.before || import_change.before`);
  await t.run(t.sql`${t.update('customer', 'c')} set code = a.code from stage_adopted a where ${t.own('c')} and c.customer_id = a.customer_id`);
}

/**
 * A document that a list of open items brought before is that item: its line takes the item's key. Without it the first
 * ledger after a list would have every invoice owed twice.
 */
export async function adoptListedItems(t: Tenant): Promise<void> {
  const listed = await t.one(t.sql`select 1 as found from ${t.from('import')} p where p.status = 'applied' and p.format = any(${LISTED}::text[]) limit 1`);
  if (listed === null) return;
  await t.run(t.sql`
    update stage_keyed k set natural_key = m.known from (
      select n.natural_key as fresh, min(i.natural_key) as known
      from stage_keyed n
      join ${t.from('customer')} c on c.code = n.code and c.voided_at is null
      join ${t.from('item')} i on i.customer_id = c.customer_id and i.document = n.document and i.side = n.side and i.amount = n.amount and i.voided_at is null
      join ${t.from('import')} p on p.import_id = i.import_id and p.format = any(${LISTED}::text[])
      where (n.side = 'debit' or p.format = any(${INVOICED}::text[])) and n.document <> '' and n.natural_key like '%|1'
      group by n.natural_key having count(*) = 1
    ) m where k.natural_key = m.fresh`);
}

/** Days between a receipt in the bank and in the ledger: value dates, and the bookkeeper's week. */
const BOOKED_LATER_DAYS_MAX = 7;

/**
 * Money that came in through a bank statement is a receipt already when the ledger that books it arrives, and money that went back a debit: the
 * ledger's line takes that item's key, or the customer would have paid, or owed, twice. Same customer and amount, a few days apart; several of them pair
 * in their order.
 */
export async function adoptBankReceipts(t: Tenant): Promise<void> {
  const any = await t.one(t.sql`select 1 as found from ${t.from('bank_line')} l where l.item_id is not null limit 1`);
  if (any === null) return;
  await t.run(t.sql`
    with banked as (
      select i.natural_key, i.side, c.code, i.amount, i.currency, i.issued_on,
        row_number() over (partition by i.side, c.code, i.amount, i.currency order by i.issued_on, i.item_id) as place
      from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id
      where ((i.natural_key like 'bank|%' and i.kind = 'receipt') or (i.natural_key like 'return|%' and i.kind = 'refund')) and i.voided_at is null
    ), listed as (
      select k.natural_key, k.side, k.code, k.amount, k.currency, k.issued_on,
        row_number() over (partition by k.side, k.code, k.amount, k.currency order by k.issued_on, k.line) as place
      from stage_keyed k
      where (k.side, k.kind) in (('credit', 'receipt'), ('debit', 'refund')) and not exists (select from ${t.from('item')} i where i.natural_key = k.natural_key and i.voided_at is null)
        and exists (select from banked b where b.side = k.side and b.code = k.code and b.amount = k.amount and b.currency = k.currency
          and abs(b.issued_on - k.issued_on) <= ${BOOKED_LATER_DAYS_MAX}::int)
    )
    update stage_keyed k set natural_key = b.natural_key from listed l join banked b on b.side = l.side and b.code = l.code and b.amount = l.amount and b.currency = l.currency
      and b.place = l.place and abs(b.issued_on - l.issued_on) <= ${BOOKED_LATER_DAYS_MAX}::int
    where k.natural_key = l.natural_key`);
}

/** Writes down which items of other sources this file lists too: the import that brought one cannot be undone under the file that confirms it. */
export async function relyOnItems(t: Tenant, applying: Applying): Promise<void> {
  const other = await t.one(t.sql`
    select 1 as found from ${t.from('import')} p where p.status = 'applied' and p.source <> ${applying.source} and p.import_id <> ${applying.importId}::bigint limit 1`);
  if (other === null) return;
  await t.run(t.sql`
    ${t.into('import_change', 'import_id, relation, row_id, before')}
    select ${t.org}, ${applying.importId}::bigint, 'item', i.item_id, '{}'::jsonb
    from stage_keyed k join ${t.from('item')} i on i.natural_key = k.natural_key and i.voided_at is null
    join ${t.from('import')} p on p.import_id = i.import_id and p.source <> ${applying.source} and p.import_id <> ${applying.importId}::bigint
    on conflict do nothing`);
}

/**
 * Lettering groups that net to zero, by customer and code, or, when a code was used again within the file, by
 * customer, code and lettering day. Gives the groups that do not: they stay open and are reported.
 */
export async function groupStage(t: Tenant): Promise<{ code: string; lettrage: string; line: string; net: string }[]> {
  await t.run(t.sql`
    create temporary table stage_group on commit drop as
    with by_code as (
      select letter_group, sum(case side when 'debit' then amount else -amount end) as net from stage_keyed
      where letter_group is not null group by letter_group
    ), by_day as (
      select k.letter_group, k.lettrage_on, sum(case k.side when 'debit' then k.amount else -k.amount end) as net
      from stage_keyed k join by_code b on b.letter_group = k.letter_group and b.net <> 0
      group by k.letter_group, k.lettrage_on
    )
    select k.natural_key,
      case when b.net = 0 then k.letter_group when d.net = 0 then k.letter_group || '|' || coalesce(d.lettrage_on::text, '') end as closed_group
    from stage_keyed k join by_code b on b.letter_group = k.letter_group
    left join by_day d on d.letter_group = k.letter_group and d.lettrage_on is not distinct from k.lettrage_on`);
  await t.run(t.sql`analyze stage_group`);
  return t.rows(t.sql`
    select k.code, k.lettrage, min(k.line)::text as line, sum(case k.side when 'debit' then k.amount else -k.amount end)::text as net
    from stage_keyed k join stage_group g on g.natural_key = k.natural_key
    where g.closed_group is null group by k.code, k.lettrage order by min(k.line) limit 200`);
}

/** An older file may only add history that is settled and wholly unknown: a group that the ledger knows in part was decided by newer facts. */
export async function keepUnknownGroups(t: Tenant): Promise<void> {
  await t.run(t.sql`
    update stage_group set closed_group = null where closed_group in (
      select g.closed_group from stage_group g join ${t.from('item')} i on i.natural_key = g.natural_key and i.voided_at is null)`);
}

/** Creates the customers the ledger does not know; a newer file also brings names up to date. Gives how many were created. */
export async function createCustomers(t: Tenant, applying: Applying): Promise<number> {
  await t.run(t.sql`
    create temporary table stage_customer on commit drop as
    select distinct on (code) code, name, account from stage_keyed order by code, line desc`);
  const created = await t.run(t.sql`
    ${t.into('customer', 'code, name, account, terms, import_id')}
    select ${t.org}, s.code, s.name, s.account, null, ${applying.importId}::bigint
    from stage_customer s
    where not exists (select from ${t.from('customer')} c where c.code = s.code and c.voided_at is null)
    order by s.code`);
  // The foreign key of each item looks its customer up; taken for an empty table it would be scanned each time.
  if (created >= BULK_ROWS) await t.run(t.sql`select refresh_statistics()`);
  if (applying.older) return created;
  await t.run(t.sql`
    ${t.into('import_change', 'import_id, relation, row_id, before')}
    select ${t.org}, ${applying.importId}::bigint, 'customer', c.customer_id, jsonb_build_object('name', c.name)
    from ${t.from('customer')} c join stage_customer s on s.code = c.code
    where c.voided_at is null and c.name <> s.name and s.name <> s.code
    on conflict (organisation_id, import_id, relation, row_id) do update set before = excluded.before || import_change.before`);
  await t.run(t.sql`
    ${t.update('customer', 'c')} set name = s.name from stage_customer s
    where ${t.own('c')} and c.code = s.code and c.voided_at is null and c.name <> s.name and s.name <> s.code`);
  return created;
}

/**
 * Lettering groups of which the ledger knows nothing and of which no line was dropped: their items are inserted as
 * allocated, which spares an update of each. Everything else is allocated afterwards.
 */
async function bornSettled(t: Tenant): Promise<void> {
  await t.run(t.sql`
    create temporary table stage_born on commit drop as
    select g.closed_group from stage_group g left join stage_keyed k on k.natural_key = g.natural_key
    where g.closed_group is not null group by g.closed_group having count(*) = count(k.natural_key)
    except
    select g.closed_group from stage_group g join ${t.from('item')} i on i.natural_key = g.natural_key and i.voided_at is null`);
}

/** A rejected direct debit is owed since the due day of the document it names, or else at once: terms are not granted a second time. */
async function dateRejects(t: Tenant, applying: Applying): Promise<void> {
  const any = await t.one(t.sql`select 1 as found from stage_keyed k where k.kind = 'refund' and k.side = 'debit' and k.due_on is null limit 1`);
  if (any === null) return;
  await t.run(t.sql`
    ${t.update('item', 'i')} set due_on = coalesce(m.due_on, i.issued_on) from (
      select r.item_id, min(o.due_on) as due_on
      from stage_keyed k join ${t.from('item')} r on r.natural_key = k.natural_key and r.voided_at is null
      left join ${t.from('item')} o on o.customer_id = r.customer_id and o.document = r.document and o.side = 'debit' and o.kind <> 'refund' and o.voided_at is null
      where k.kind = 'refund' and k.side = 'debit' and r.import_id = ${applying.importId}::bigint and r.due_source = 'terms' group by r.item_id
    ) m where ${t.own('i')} and i.item_id = m.item_id`);
}

/** Rows from which a load changes what the planner must know at once: below, even the worst plan is quick. */
const BULK_ROWS = 100;

/** Creates the items the ledger does not know. Of an older file only what it shows as settled. */
export async function createItems(t: Tenant, applying: Applying): Promise<{ debits: number; credits: number }> {
  await dueDates(t, applying.terms);
  await bornSettled(t);
  const settledOnly = applying.older ? t.sql`and g.closed_group is not null` : t.sql``;
  const made = await t.rows<{ side: string; made: string }>(t.sql`
    with added as (
      ${t.into('item', `customer_id, side, kind, document, label, issued_on, first_seen_on, due_on, due_source, currency, amount, allocated, natural_key,
        estimated, import_id, source_line`)}
      select ${t.org}, c.customer_id, k.side, k.kind, nullif(k.document, ''), nullif(k.label, ''), k.issued_on, ${applying.today}::date,
        case when k.side = 'debit' then coalesce(k.due_on, d.due_on) end,
        case when k.side = 'credit' then 'none' when k.due_on is not null then 'file' else 'terms' end,
        k.currency, k.amount, case when b.closed_group is null then 0 else k.amount end, k.natural_key,
        k.natural_key like 'opening|%', ${applying.importId}::bigint, k.line
      from stage_keyed k
      join ${t.from('customer')} c on c.code = k.code and c.voided_at is null
      left join stage_group g on g.natural_key = k.natural_key
      left join stage_born b on b.closed_group = g.closed_group
      left join stage_due d on d.terms = coalesce(c.terms, d.standard) and d.issued_on = k.issued_on
      where not exists (select from ${t.from('item')} i where i.natural_key = k.natural_key and i.voided_at is null) ${settledOnly}
      order by k.line
      returning side
    ) select side, count(*)::text as made from added group by side`);
  const count = (side: string): number => Number(made.find((row) => row.side === side)?.made ?? 0);
  if (count('debit') + count('credit') >= BULK_ROWS) await t.run(t.sql`select refresh_statistics()`);
  await dateRejects(t, applying);
  return { debits: count('debit'), credits: count('credit') };
}

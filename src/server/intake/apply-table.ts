import type { Currency } from '#core/kernel/currency.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import { earlier, later } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ImportId } from '#core/kernel/id.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { amountText, problem } from '#core/intake/problems.ts';
import type { TableSummary } from '#core/intake/table/apply-mapping.ts';
import { isBankMapping } from '#core/intake/table/mapping.ts';
import type { ConfirmedMapping } from '#core/intake/table/mapping.ts';
import type { OpenItemRow } from '#core/intake/table/open-item-row.ts';
import { parseTerms } from '#core/ledger/terms.ts';
import type { CopyWriter } from '#server/plumbing/copy.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { isOlder } from './apply-fec.ts';
import { applyBankTable } from './bank/apply-bank.ts';
import { adoptInvoicedCustomers, createCustomers, createItems, relyOnItems } from './derive-items.ts';
import type { Applying } from './derive-items.ts';
import type { Applied, ImportOptions, Understood } from './import-file.ts';
import { Refused } from './refused.ts';
import { applyParties, Parties } from './parties.ts';
import { allocateLettered, letterTable } from './letter-table.ts';
import { openTable } from './open-table.ts';
import type { OpenedTable } from './open-table.ts';
import { readBankTable } from './read-bank-table.ts';
import { settleFromTable, updateDueDays } from './settle-from-table.ts';
import { createStage } from './stage-fec.ts';

type TableImport = ImportOptions & { readonly format: 'csv' | 'xlsx' };

/** Reads a table of open items, invoices or customers with a mapping (given, remembered, or guessed), and brings the ledger up to it. */
export async function applyTable(t: Tenant, importId: ImportId, options: TableImport): Promise<Applied> {
  const opened = await openTable(options);
  if (!opened.ok) throw new Refused(opened.error);
  const table = opened.value;
  const understood = await understand(t, table, options);
  if (options.mapping === undefined && !understood.remembered) {
    const errors = table.guess.uncertain.filter((one) => one.severity === 'error');
    if (errors.length > 0 && !table.customersOnly) throw new Refused(table.guess.uncertain, { lines: table.guess.rows, understood });
  }
  if (isBankMapping(understood.mapping)) return applyStatement(t, { importId, options, table, understood });
  const items = await createStage(t);
  const parties = new Parties();
  const seen = await read(table, { mapping: understood.mapping, items, parties, today: options.today });
  if (!seen.summary.accepted) throw new Refused(seen.summary.problems, { lines: seen.summary.rows, understood });
  return apply(t, { importId, options, table, understood, seen, parties });
}

/** Takes in a table whose rows are the lines of a bank statement. */
async function applyStatement(t: Tenant, job: { importId: ImportId; options: TableImport; table: OpenedTable; understood: Understood }): Promise<Applied> {
  const { importId, options, table, understood } = job;
  const warnings = [...table.warnings, ...(understood.remembered || options.mapping !== undefined ? [] : table.guess.uncertain)];
  try {
    const applied = await applyBankTable(t, importId, { options, read: (sink) => readBankTable(table, understood.mapping, sink) });
    return { ...applied, understood, problems: [...warnings, ...applied.problems] };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused([...warnings, ...error.problems], { lines: error.lines, totals: error.totals, understood });
  }
}

/** The mapping used: what a person just said, else what was kept for this source, else the guess. */
async function understand(t: Tenant, table: OpenedTable, options: TableImport): Promise<Understood> {
  const { guess } = table;
  const kept = await t.one<{ mapping: ConfirmedMapping }>(t.sql`
    select m.mapping from ${t.from('import_mapping')} m where m.source_key = ${guess.sourceKey}`);
  if (options.mapping !== undefined) {
    await t.run(t.sql`
      ${t.into('import_mapping', 'source_key, mapping, changed_at')}
      values (${t.org}, ${guess.sourceKey}, ${JSON.stringify(options.mapping)}::jsonb, ${options.clock.now()}::timestamptz)
      on conflict (organisation_id, source_key) do update set mapping = excluded.mapping, changed_at = excluded.changed_at`);
  }
  return {
    sourceKey: guess.sourceKey, headers: guess.headers, sample: table.sample, mapping: options.mapping ?? kept?.mapping ?? guess.mapping,
    remembered: options.mapping === undefined && kept !== null,
    profile: guess.profile, notes: guess.guesses.map(({ column, field, confidence, reason }) => ({ column, field, confidence, reason })),
  };
}

type Seen = { summary: TableSummary; firstOn: Day | null; lastOn: Day | null; currencies: Set<Currency> };

async function read(table: OpenedTable, into: { mapping: ConfirmedMapping; items: CopyWriter; parties: Parties; today: Day }): Promise<Seen> {
  const seen: Omit<Seen, 'summary'> = { firstOn: null, lastOn: null, currencies: new Set() };
  const item = (row: OpenItemRow): void => {
    const issuedOn = row.issuedOn ?? row.dueOn ?? into.today;
    seen.firstOn = seen.firstOn === null ? issuedOn : earlier(seen.firstOn, issuedOn);
    seen.lastOn = seen.lastOn === null ? issuedOn : later(seen.lastOn, issuedOn);
    seen.currencies.add(row.currency);
    into.items.row([
      String(row.line), '', row.customerCode.slice(0, 80), (row.customerName === '' ? row.customerCode : row.customerName).slice(0, 300), issuedOn, issuedOn,
      row.side === 'debit' ? row.dueOn : null, row.document, row.label, row.kind, row.side, String(row.amount), row.lettering.slice(0, 40), null, 'f', row.currency,
      row.paidOn !== null ? '0' : row.openAmount === null ? null : String(row.openAmount), row.paidOn,
    ]);
    into.parties.add(row);
  };
  try {
    const summary = await table.read(into.mapping, { item, party: (row) => into.parties.add(row) });
    await into.items.end();
    return { ...seen, summary };
  } catch (error) {
    await into.items.abort();
    throw error;
  }
}

type Job = { importId: ImportId; options: TableImport; table: OpenedTable; understood: Understood; seen: Seen; parties: Parties };

async function apply(t: Tenant, job: Job): Promise<Applied> {
  const { importId, options, table, understood, seen } = job;
  const { summary } = seen;
  const terms = options.terms === undefined ? null : parseTerms(options.terms);
  if (terms !== null && !terms.ok) throw new Refused([terms.error]);
  const source = `table:${understood.sourceKey}`.slice(0, 200);
  const until = seen.lastOn ?? options.today;
  const { columns, buckets = [] } = understood.mapping;
  const snapshot = columns.openAmount !== undefined || buckets.length > 0;
  await adoptInvoicedCustomers(t, { importId });
  await keyTable(t);
  const openGroups = await letterTable(t);
  const applying: Applying = {
    importId, source, today: options.today, now: options.clock.now(), actor: options.actor, terms: options.terms ?? null,
    coversFrom: seen.firstOn ?? options.today, coversUntil: until, lines: summary.rows,
    older: (await isOlder(t, source, until)) && (!snapshot || (await knowsLess(t))),
  };
  await relyOnItems(t, applying);
  const known = [...(await otherAmounts(t)), ...(await dropOtherSplits(t, source))];
  const customers = (await createCustomers(t, applying)) + (await createDescribed(t, applying, job.parties));
  const parties = await applyParties(t, applying, job.parties);
  const created = await createItems(t, { ...applying, older: false });
  const lettered = await allocateLettered(t, applying);
  const changed = await updateDueDays(t, applying);
  const settled = await settleFromTable(t, applying, snapshot);
  const main = summary.totals[0] ?? { currency: 'EUR', debit: 0n, credit: 0n, open: 0n };
  const digits = currencyDigits(main.currency as Currency);
  const warnings: Problem[] = [...table.warnings, ...table.guess.uncertain.filter((one) => one.severity === 'warning')];
  return {
    source, lines: summary.rows, understood, coversFrom: seen.firstOn, coversUntil: seen.lastOn,
    created: { customers, ...created, credits: created.credits + settled.receipts, allocations: settled.allocations + lettered, bankLines: 0 },
    changed: { dueDays: changed + parties.dueDays, customers: parties.changed, contacts: parties.contacts },
    totals: { debit: decimalMinor(main.debit, digits), credit: decimalMinor(main.credit, digits), balance: decimalMinor(main.open, digits) },
    problems: [
      ...warnings, ...summary.problems, ...parties.problems,
      ...openGroups.map((group) => problem('tableLetteringOpen', Number(group.line), { customer: group.code, code: group.lettrage, net: amountText(BigInt(group.net)) })),
      ...known.map((row) => problem('duplicateKnown', Number(row.line), { document: row.document, customer: row.code })),
      ...settled.higher.map((row) => problem('tableOpenHigher', Number(row.line), {
        document: row.document, file: amountText(BigInt(row.file)), ledger: amountText(BigInt(row.ledger)),
      })),
      ...(applying.older ? [problem('olderFile', 0, {})] : []),
    ],
  };
}

/** Customers that the table describes without giving them an item. */
async function createDescribed(t: Tenant, applying: Applying, parties: Parties): Promise<number> {
  const all = parties.all();
  return t.run(t.sql`
    ${t.into('customer', 'code, name, import_id')}
    select ${t.org}, n.code, n.name, ${applying.importId}::bigint
    from unnest(${all.map((row) => row.customerCode.slice(0, 80))}::text[], ${all.map((row) => row.customerName.slice(0, 300))}::text[]) as n(code, name)
    where not exists (select from ${t.from('customer')} c where c.code = n.code and c.voided_at is null)
    order by n.code`);
}

/**
 * The key of a table's row leaves the amount out: an export of open items shows the same document with less to pay each
 * time. A document that the ledger already has from any source is that item.
 */
async function keyTable(t: Tenant): Promise<void> {
  await t.run(t.sql`
    create temporary table stage_keyed on commit drop as
    select s.*, coalesce(known.natural_key, s.fresh_key) as natural_key,
      case when s.lettrage <> '' then s.code || '|' || s.currency || '|' || s.lettrage end as letter_group from (
      select l.*, code || '|' || side || '|' || case when document <> '' then document || '|' || coalesce(due_on::text, '')
          || '|' || row_number() over (partition by code, side, document, due_on order by line)
        else '~' || amount || '|' || issued_on::text || '|' || label || '|' || row_number() over (partition by code, side, amount, issued_on, label order by line)
        end as fresh_key,
        count(*) over (partition by code, document, side) as copies
      from stage_line l
    ) s left join lateral (
      select min(i.natural_key) as natural_key from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id
      where s.document <> '' and s.copies = 1 and i.document = s.document and i.side = s.side and c.code = s.code and i.voided_at is null
        and (i.due_on = s.due_on or s.due_on is null or i.side = 'credit'
          or not exists (select from ${t.from('item')} o where o.document = i.document and o.customer_id = i.customer_id and o.item_id <> i.item_id
            and o.voided_at is null))
      having count(*) = 1
    ) known on true`);
  await t.run(t.sql`create index on stage_keyed (natural_key)`);
  await t.run(t.sql`analyze stage_keyed`);
}

/**
 * Whether a list shows more to pay on some document than the ledger knows: it is then from before. That its newest invoice
 * is older proves nothing, the newer ones may have been paid.
 */
async function knowsLess(t: Tenant): Promise<boolean> {
  const row = await t.one(t.sql`
    select 1 as found from stage_keyed k join ${t.from('item')} i on i.natural_key = k.natural_key and i.voided_at is null
    where k.side = 'debit' and k.open_amount > i.amount - i.allocated limit 1`);
  return row !== null;
}

/** Leaves out rows of documents that another source brought cut otherwise (one line there, instalments here): they would be owed twice. */
async function dropOtherSplits(t: Tenant, source: string): Promise<{ line: string; document: string; code: string }[]> {
  return t.rows(t.sql`
    with other as (
      select k.line from stage_keyed k join ${t.from('customer')} c on c.code = k.code and c.voided_at is null
      where k.side = 'debit' and k.document <> ''
        and not exists (select from ${t.from('item')} i where i.natural_key = k.natural_key and i.voided_at is null)
        and exists (select from ${t.from('item')} i left join ${t.from('import')} p on p.import_id = i.import_id
          where i.customer_id = c.customer_id and i.document = k.document and i.side = 'debit' and i.kind <> 'refund' and i.voided_at is null
            and p.source is distinct from ${source})
    ), gone as (
      delete from stage_keyed k using other o where k.line = o.line returning k.line, k.document, k.code
    )
    select g.line::text, g.document, g.code from gone g order by g.line limit 100`);
}

/** Documents the ledger has with another total than the file gives, when both are totals. */
async function otherAmounts(t: Tenant): Promise<{ line: string; document: string; code: string }[]> {
  return t.rows(t.sql`
    select k.line::text, k.document, k.code from stage_keyed k join ${t.from('item')} i on i.natural_key = k.natural_key and i.voided_at is null
    where k.open_amount is not null and k.amount <> i.amount and k.amount > k.open_amount order by k.line limit 100`);
}

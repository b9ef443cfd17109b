import type { FoundView, ImportOutcome, NamedCustomer } from '#core/api/imports.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ImportId, OrganisationId } from '#core/kernel/id.ts';
import { decimal, money } from '#core/kernel/money.ts';
import type { ImportReport } from '#server/intake/import-file.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { WebContext } from './context.ts';

/** Accounts and statuses named of one file; the rest is counted. */
const NAMED_MAX = 20;

/** What the books hold of a file: of what this import brought, or the earlier one with the same content. */
export async function readFound(web: WebContext, organisation: OrganisationId, report: ImportReport): Promise<Pick<ImportOutcome, 'found' | 'before'>> {
  const { importId } = report;
  if (importId === null) return { found: null, before: null };
  const read = await web.database.inTenant(organisation, async (t) => ({
    found: await foundOf(t, importId, report),
    row: report.status === 'unchanged' ? await t.one<{ at: string; actor: string }>(t.sql`select i.applied_at as at, i.actor from ${t.from('import')} i where i.import_id = ${importId}::bigint`) : null,
  }), { readOnly: true });
  const { found, row } = read;
  return { found, before: row === null ? null : { at: row.at, by: (await namesOf(web, [row.actor])).get(row.actor) ?? row.actor } };
}

async function foundOf(t: Tenant, importId: ImportId, report: ImportReport): Promise<FoundView | null> {
  switch (report.format) {
    case 'cii': case 'ubl': case 'facturx': return invoiceOf(t, importId, report.sha256);
    case 'cdar': return statusesOf(t, importId);
    case 'fec': case null: return periodOf(t, importId);
    default: return (await accountsOf(t, importId)) ?? periodOf(t, importId);
  }
}

async function periodOf(t: Tenant, importId: ImportId): Promise<FoundView | null> {
  const row = await t.one<{ from: Day | null; until: Day | null }>(t.sql`select i.covers_from as from, i.covers_until as until from ${t.from('import')} i where i.import_id = ${importId}::bigint`);
  return row === null ? null : { kind: 'ledger', from: row.from, until: row.until };
}

type AccountRow = { account: string; name: string | null; currency: Currency; from: Day | null; until: Day | null; closing: string | null; lines: number; to_review: boolean };

/** Accounts of a bank file with their period and last balance; null when the file is of no bank. */
async function accountsOf(t: Tenant, importId: ImportId): Promise<FoundView | null> {
  const rows = await t.rows<AccountRow>(t.sql`
    select a.account_key as account, a.name, s.currency, min(s.from_on) as from, max(s.until_on) as until,
      (array_agg(s.closing::text order by s.until_on desc nulls last, s.ordinal desc))[1] as closing, sum(s.line_count)::int as lines,
      bool_or(s.review is not null and s.reviewed_at is null) as to_review
    from ${t.from('bank_statement')} s join ${t.from('bank_account')} a on a.bank_account_id = s.bank_account_id
    where s.import_id = ${importId}::bigint and s.voided_at is null group by a.account_key, a.name, s.currency order by a.account_key, s.currency limit ${NAMED_MAX}`);
  if (rows.length === 0) return null;
  return {
    kind: 'bank', accounts: rows.map(({ to_review: toReview, closing, ...row }) => ({ ...row, toReview, closing: closing === null ? null : decimal(money(BigInt(closing), row.currency)) })),
  };
}

type InvoiceRow = {
  number: string; type: string; buyer: string; currency: Currency; due: string; issued_on: Day; due_on: Day | null; customer_id: string | null; customer: string | null;
  status: string | null; to_review: boolean;
};

/** The invoice of a file, whichever import brought it: a PDF and its XML alone are two files of one invoice. */
async function invoiceOf(t: Tenant, importId: ImportId, sha256: string): Promise<FoundView | null> {
  const row = await t.one<InvoiceRow>(t.sql`
    select d.number, d.kind as type, d.buyer_name as buyer, d.currency, d.due::text, d.issued_on, d.due_on, c.customer_id::text, c.name as customer,
      (${latestStatus(t)}) as status, d.review <> '{}' and d.decision is null as to_review
    from ${t.from('document')} d left join ${t.from('customer')} c on c.customer_id = d.customer_id
    where d.voided_at is null and (d.import_id = ${importId}::bigint
      or exists (select from ${t.from('document_file')} f where f.document_id = d.document_id and f.sha256 = decode(${sha256}, 'hex')))
    order by d.import_id = ${importId}::bigint desc, d.document_id desc limit 1`);
  if (row === null) return null;
  const { number, type, buyer, currency, status } = row;
  return {
    kind: 'invoice', number, type, buyer, currency, status, customer: namedOf(row.customer_id, row.customer), due: decimal(money(BigInt(row.due), currency)), issuedOn: row.issued_on,
    dueOn: row.due_on, toReview: row.to_review,
  };
}

/** The last thing that was said of document `d`: the latest statement, of one moment the one that came last. */
const latestStatus = (t: Tenant): ReturnType<Tenant['sql']> => t.sql`
  select s.status from ${t.from('document_status')} s where s.number = d.number and (s.issued_on is null or s.issued_on = d.issued_on) and s.voided_at is null
  order by s.stated_on desc, s.stated_at desc nulls last, s.document_status_id desc limit 1`;

type StatusRow = { number: string; status: string; on: Day; customer_id: string | null; customer: string | null; total: number };

async function statusesOf(t: Tenant, importId: ImportId): Promise<FoundView | null> {
  const rows = await t.rows<StatusRow>(t.sql`
    select s.number, s.status, s.stated_on as on, c.customer_id::text, c.name as customer, count(*) over ()::int as total
    from ${t.from('document_status')} s left join lateral (
      select c.customer_id, c.name from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id
      where i.document = s.number and (s.issued_on is null or i.issued_on = s.issued_on) and i.kind <> 'refund' and i.voided_at is null order by i.item_id limit 1
    ) c on true
    where s.import_id = ${importId}::bigint and s.voided_at is null order by s.document_status_id limit ${NAMED_MAX}`);
  if (rows.length === 0) return null;
  return {
    kind: 'status', total: rows[0]?.total ?? rows.length,
    statuses: rows.map((row) => ({ number: row.number, status: row.status, on: row.on, customer: namedOf(row.customer_id, row.customer) })),
  };
}

const namedOf = (id: string | null, name: string | null): NamedCustomer | null => (id === null ? null : { id, name: name ?? id });

/** Names of those who imported, by the way imports name them; what is no person keeps its own word. */
export async function namesOf(web: WebContext, actors: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const users = new Map(actors.flatMap((actor) => { const id = /^user:(\d+)$/.exec(actor)?.[1]; return id === undefined ? [] : [[id, actor] as const]; }));
  if (users.size === 0) return new Map();
  const { rows } = await web.database.pool.query<{ user_id: string; name: string }>('select user_id::text, name from app_user where user_id = any($1::bigint[])', [[...users.keys()]]);
  return new Map(rows.flatMap((row) => { const actor = users.get(row.user_id); return actor === undefined ? [] : [[actor, row.name] as const]; }));
}

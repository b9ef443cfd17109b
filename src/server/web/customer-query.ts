import type { ContactView, CustomerDetail, CustomerKindView, DecisionHistory, ItemView, WhyView } from '#core/api/customers.ts';
import { decideAccount } from '#core/dunning/decide.ts';
import type { Decision, DecisionFacts, Reason } from '#core/dunning/decision.ts';
import { explanation } from '#core/dunning/explain.ts';
import type { FileView } from '#core/api/reviews.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import { decimal, money } from '#core/kernel/money.ts';
import type { Language } from '#core/kernel/text.ts';
import { loadAccounts } from '#server/dunning/facts-store.ts';
import { readPolicy } from '#server/dunning/policy.ts';
import { latestScenarios } from '#server/dunning/scenario-store.ts';
import { itemsAsOf } from '#server/ledger/store.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { readTimeline } from './customer-timeline.ts';
import { filesOf } from './document-files.ts';
import { sumsByCustomer, sumsOf } from './customers-query.ts';
import type { SumsRow } from './customers-query.ts';

/** Lines of an account one page shows; the open ones come first, a longer account is for an export. */
const ITEMS_MAX = 1000;

type CustomerRow = {
  customer_id: string; code: string; name: string; kind: CustomerKindView; language: Language; siren: string | null; vat_number: string | null; address: string[];
  postal_code: string | null; city: string | null; country: string; terms: string | null; scenario_code: string | null; in_legal_case: boolean; payer_group: string | null;
};

type ContactRow = { contact_id: string; name: string | null; email: string | null; phone: string | null; roles: string[]; bounced: boolean; refused_channels: string[] };

type ItemRow = {
  item_id: string; document: string | null; label: string | null; kind: string; side: 'debit' | 'credit'; currency: Currency; issued_on: Day; due_on: Day | null;
  days_late: number | null; amount: string; open: string; estimated: boolean; document_id: string | null; status: string | null; stated_on: Day | null;
  scenario_code: string | null;
};

async function readContacts(t: Tenant, id: CustomerId): Promise<ContactView[]> {
  const rows = await t.rows<ContactRow>(t.sql`
    select k.contact_id, k.name, k.email, k.phone, k.roles, k.bounced_at is not null as bounced, k.refused_channels from ${t.from('contact')} k
    where k.customer_id = ${id}::bigint and k.removed_at is null order by k.contact_id`);
  return rows.map((row) => ({ id: row.contact_id, name: row.name, email: row.email, phone: row.phone, roles: row.roles, bounced: row.bounced, refused: row.refused_channels }));
}

async function readItems(t: Tenant, id: CustomerId, today: Day): Promise<ItemRow[]> {
  const order = t.sql`i.open = 0, i.due_on nulls last, i.issued_on desc, i.item_id`;
  return t.rows<ItemRow>(t.sql`
    select i.item_id, i.document, i.label, i.kind, i.side, i.currency, i.issued_on, i.due_on, case when i.side = 'debit' then ${today}::date - i.due_on end as days_late,
      i.amount, i.open, i.estimated, i.scenario_code, d.document_id::text, s.status, s.stated_on
    from (select i.* from (${itemsAsOf(t, today)}) i where i.customer_id = ${id}::bigint order by ${order} limit ${ITEMS_MAX + 1}) i
    left join lateral (
      select d.document_id from ${t.from('document')} d
      where d.customer_id = i.customer_id and d.number = i.document and (d.kind = 'creditNote') = (i.side = 'credit') and i.kind <> 'refund' and d.voided_at is null
      order by d.document_id desc limit 1
    ) d on true
    left join lateral (
      select s.status, s.stated_on from ${t.from('document_status')} s
      where s.number = i.document and (s.issued_on is null or s.issued_on = i.issued_on) and i.kind <> 'refund' and s.voided_at is null
      order by s.stated_on desc, s.stated_at desc nulls last, s.document_status_id desc limit 1
    ) s on true
    order by ${order}`);
}

/** What the engine would decide for each open item of a customer if it ran now; nothing is kept. */
export async function decideNow(t: Tenant, id: CustomerId, today: Day): Promise<ReadonlyMap<string, Decision>> {
  const policy = await readPolicy(t, today);
  const found = new Map<string, Decision>();
  const batches = loadAccounts(t, {
    today, scenarios: await latestScenarios(t), standardScenario: policy.settings.scenario,
    contactWindowDays: Math.max(policy.facts.contactCap?.windowDays ?? 1, 1), customerIds: [id],
  });
  for await (const accounts of batches) {
    for (const account of accounts) for (const decision of decideAccount(policy.facts, account).decisions) found.set(decision.itemId, decision);
  }
  return found;
}

function whyOf(decision: Decision | undefined): WhyView | null {
  if (decision === undefined) return null;
  return { acts: decision.do === 'act', reason: decision.reason, text: explanation(decision), step: decision.step, until: decision.until };
}

function itemOf(row: ItemRow, of: { decision: Decision | undefined; files: readonly FileView[] }): ItemView {
  const text = (minor: string): string => decimal(money(BigInt(minor), row.currency));
  return {
    id: row.item_id, document: row.document, label: row.label, kind: row.kind, side: row.side, currency: row.currency, issuedOn: row.issued_on, dueOn: row.due_on,
    daysLate: row.days_late, amount: text(row.amount), open: text(row.open), estimated: row.estimated, why: row.open === '0' ? null : whyOf(of.decision), scenario: row.scenario_code,
    status: row.status === null || row.stated_on === null ? null : { code: row.status, on: row.stated_on }, files: of.files,
  };
}

/** Everything on a customer as of a day, or null when there is no such customer. */
export async function readCustomer(t: Tenant, id: CustomerId, today: Day): Promise<CustomerDetail | null> {
  const row = await t.one<CustomerRow>(t.sql`
    select c.customer_id, c.code, c.name, c.kind, c.language, c.siren, c.vat_number, c.address, c.postal_code, c.city, c.country, c.terms, c.scenario_code,
      c.in_legal_case, c.payer_group from ${t.from('customer')} c where c.customer_id = ${id}::bigint and c.voided_at is null`);
  if (row === null) return null;
  const items = await readItems(t, id, today);
  const decisions = await decideNow(t, id, today);
  const files = await filesOf(t, items.flatMap((item) => (item.document_id === null ? [] : [item.document_id])));
  const sums = await t.rows<SumsRow>(t.sql`
    select s.currency, s.balance::text, s.outstanding::text, s.overdue::text, s.credits::text, s.days_late
    from (${sumsByCustomer(t, today)}) s where s.customer_id = ${id}::bigint order by s.outstanding desc, s.currency`);
  const pending = await t.one<{ pending: number }>(t.sql`
    select count(*)::int as pending from ${t.from('action')} a where a.customer_id = ${id}::bigint and a.state in ('proposed', 'approved', 'unknown')`);
  return {
    id: row.customer_id, code: row.code, name: row.name, kind: row.kind, language: row.language, siren: row.siren, vatNumber: row.vat_number, address: row.address,
    postalCode: row.postal_code, city: row.city, country: row.country, terms: row.terms, scenario: row.scenario_code, inLegalCase: row.in_legal_case,
    payerGroup: row.payer_group,
    sums: sums.map(sumsOf),
    contacts: await readContacts(t, id),
    items: items.slice(0, ITEMS_MAX).map((item) => itemOf(item, { decision: decisions.get(item.item_id), files: files.get(item.document_id ?? '') ?? [] })),
    itemsTruncated: items.length > ITEMS_MAX,
    timeline: await readTimeline(t, id),
    pendingActions: pending?.pending ?? 0,
  };
}

type DecisionRow = { today: Day; acts: boolean; reason: Reason; step: number | null; until_on: Day | null; facts: string; document: string; action_id: string | null };

/** Decisions of past runs shown for one item: a year of working days. */
const HISTORY_MAX = 260;

/** What past runs decided for an item, newest first; of several runs on one day with one outcome the last. */
export async function readDecisions(t: Tenant, itemId: ItemId): Promise<DecisionHistory> {
  const rows = await t.rows<DecisionRow>(t.sql`
    select r.today, d.acts, d.reason, d.step, d.until_on, d.facts, coalesce(i.document, i.label, i.item_id::text) as document, d.action_id
    from ${t.from('decision')} d join ${t.from('run')} r on r.run_id = d.run_id join ${t.from('item')} i on i.item_id = d.item_id
    where d.item_id = ${itemId}::bigint order by d.run_id desc limit ${HISTORY_MAX}`);
  return rows.map((row) => ({
    today: row.today, acts: row.acts, reason: row.reason, step: row.step, actionId: row.action_id,
    text: explanation({ document: row.document, reason: row.reason, step: row.step, until: row.until_on, facts: JSON.parse(row.facts) as DecisionFacts }),
  }));
}

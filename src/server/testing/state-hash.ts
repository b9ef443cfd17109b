import { createHash } from 'node:crypto';
import type { QueryResultRow } from 'pg';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/**
 * What the ledger of an organisation says, a line a fact, sorted; two ledgers that say the same give the same lines, however they came
 * to it: no row's number, no instant, no import appears in it, rows that were voided or removed do not, and an allocation that was
 * reversed has cancelled out.
 */
export async function stateLines(t: Tenant): Promise<string[]> {
  // To the planner an organisation younger than its statistics has one row; what it then joins in loops takes seconds.
  await t.run(t.sql`select set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)`);
  const lines: string[] = [];
  for (const [name, query] of Object.entries(facts(t))) {
    for (const row of await t.rows<QueryResultRow>(query)) lines.push(`${name} ${JSON.stringify(Object.values(row))}`);
  }
  return lines.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The same as one hash. */
export async function stateHash(t: Tenant): Promise<string> {
  return createHash('sha256').update((await stateLines(t)).join('\n')).digest('hex');
}

/** The key of a receipt made from a table's open amount carries the row's number of its item. */
const keyOf = (t: Tenant): SqlPiece => t.sql`case when i.natural_key like 'settled|%' then 'settled' else i.natural_key end`;

function facts(t: Tenant): Readonly<Record<string, SqlPiece>> {
  const item = t.sql`
    select i.item_id, c.code as customer, ${keyOf(t)} as key from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id`;
  return {
    customer: t.sql`
      select c.code, c.name, c.kind, c.account, c.language, c.siren, c.vat_number, c.address, c.postal_code, c.city, c.country, c.terms, c.scenario_code, c.in_legal_case
      from ${t.from('customer')} c where c.voided_at is null`,
    contact: t.sql`
      select c.code, k.name, k.email, k.phone, k.roles, k.refused_channels, k.bounced_at is not null as bounced
      from ${t.from('contact')} k join ${t.from('customer')} c on c.customer_id = k.customer_id where k.removed_at is null and c.voided_at is null`,
    item: t.sql`
      select o.customer, o.key, i.side, i.kind, i.document, i.label, i.issued_on, i.due_on, i.due_source, i.currency, i.amount, i.allocated, i.estimated
      from ${t.from('item')} i join (${item}) o on o.item_id = i.item_id where i.voided_at is null`,
    allocation: t.sql`
      select d.customer, d.key as debit, c.key as credit, a.effective_on, sum(a.amount)::text as amount
      from ${t.from('allocation')} a join (${item}) d on d.item_id = a.debit_item_id join (${item}) c on c.item_id = a.credit_item_id
      group by d.customer, d.item_id, d.key, c.item_id, c.key, a.effective_on having sum(a.amount) <> 0`,
    hold: t.sql`
      select c.code, o.key, h.kind, h.reason, h.amount, h.from_on, h.until_on, h.grace_days, h.note, h.ended_on, h.ended_reason
      from ${t.from('hold')} h join ${t.from('customer')} c on c.customer_id = h.customer_id left join (${item}) o on o.item_id = h.item_id
      where h.ended_reason is distinct from 'importUndone'`,
    bankLine: t.sql`
      select a.account_key, l.entry_key, l.entry_part, l.status, l.booked_on, l.value_on, l.amount, l.currency, l.counterparty_name, l.counterparty_iban, l.end_to_end_id,
        l.remittance, l.label, l.returned, l.reversal, o.key, b.entry_key as takes_back
      from ${t.from('bank_line')} l join ${t.from('bank_account')} a on a.bank_account_id = l.bank_account_id left join (${item}) o on o.item_id = l.item_id
      left join ${t.from('bank_line')} b on b.bank_line_id = l.takes_back where l.voided_at is null`,
    statement: t.sql`
      select a.account_key, s.identification, s.sequence, s.from_on, s.until_on, s.opening, s.closing, s.movement, s.review, s.reviewed_at is not null as reviewed
      from ${t.from('bank_statement')} s join ${t.from('bank_account')} a on a.bank_account_id = s.bank_account_id where s.voided_at is null and s.line_count > 0`,
    document: t.sql`
      select c.code, d.number, d.kind, d.issued_on, d.due_on, d.currency, d.due, d.review, d.decision, d.details
      from ${t.from('document')} d left join ${t.from('customer')} c on c.customer_id = d.customer_id where d.voided_at is null`,
    status: t.sql`
      select s.number, s.status, s.stated_on, s.reasons from ${t.from('document_status')} s where s.voided_at is null`,
    action: t.sql`
      select c.code, a.today, a.channel, a.step, a.currency, a.total, a.recipient, a.state, a.state_reason
      from ${t.from('action')} a join ${t.from('customer')} c on c.customer_id = a.customer_id`,
  };
}

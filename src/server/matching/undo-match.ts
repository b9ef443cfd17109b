import { payerKeys, refused } from '#core/matching/memory.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import { reverseAllocations } from '#server/ledger/allocate-groups.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By, MatchId } from './apply.ts';
import { loadMemory } from './facts-store.ts';
import { storeMemory } from './memory-store.ts';

type Row = { bank_line_id: string | null; credit_item_id: ItemId; write_off_item_id: ItemId | null; customer_id: CustomerId };
type Payer = { counterparty_name: string | null; counterparty_iban: string | null; ultimate_name: string | null; mandate_id: string | null };

/**
 * Takes a match back whole: its allocations are reversed, the receipt and what was let go are void, the bank line is nobody's again, and
 * the payer counts as refused for that customer for a while. False when there is no such match, it is undone already, or the money came back since.
 */
export async function undoMatch(t: Tenant, match: MatchId, by: By & { readonly reason: string }): Promise<boolean> {
  const row = await t.one<Row>(t.sql`
    ${t.update('match', 'm')} set undone_at = ${by.now}::timestamptz, undone_by = ${by.actor}, undone_reason = ${by.reason}
    where ${t.own('m')} and m.match_id = ${match}::bigint and m.undone_at is null
      and not exists (select from ${t.from('bank_line')} b where b.takes_back = m.bank_line_id and b.voided_at is null)
    returning m.bank_line_id, m.credit_item_id, m.write_off_item_id, m.customer_id`);
  if (row === null) return false;
  await reverseAllocations(t, t.sql`select a.allocation_id from ${t.from('allocation')} a where a.match_id = ${match}::bigint`, { origin: 'person', importId: null, now: by.now, actor: by.actor });
  const gone = [...(row.bank_line_id === null ? [] : [row.credit_item_id]), ...(row.write_off_item_id === null ? [] : [row.write_off_item_id])];
  // A receipt that the ledger brought stays the ledger's: only the link with the bank goes.
  await t.run(t.sql`
    ${t.update('item', 'i')} set voided_at = ${by.now}::timestamptz
    where ${t.own('i')} and i.item_id = any(${gone}::bigint[]) and (i.natural_key like 'bank|%' or i.natural_key like 'writeOff|%')`);
  if (row.bank_line_id !== null) {
    await t.run(t.sql`
      ${t.update('bank_line', 'l')} set item_id = null, likely_customer_id = ${row.customer_id}::bigint where ${t.own('l')} and l.bank_line_id = ${row.bank_line_id}::bigint`);
    await unlearn(t, { line: row.bank_line_id, customer: row.customer_id }, by);
  }
  await record(t, { at: by.now, actor: by.actor, kind: 'match.undone', subject: `match:${match}`, facts: { bankLine: row.bank_line_id, customer: row.customer_id, reason: by.reason } });
  return true;
}

async function unlearn(t: Tenant, of: { line: string; customer: CustomerId }, by: By): Promise<void> {
  const payer = await t.one<Payer>(t.sql`
    select l.counterparty_name, l.counterparty_iban, l.ultimate_name, l.mandate_id from ${t.from('bank_line')} l where l.bank_line_id = ${of.line}::bigint`);
  if (payer === null) return;
  const keys = payerKeys({
    payer: { name: payer.counterparty_name, iban: payer.counterparty_iban, ultimateName: payer.ultimate_name },
    references: { endToEndId: null, creditorReference: null, mandateId: payer.mandate_id, documents: [] },
  });
  await storeMemory(t, refused(await loadMemory(t), keys, { customer: of.customer, on: by.today }), by.today);
}

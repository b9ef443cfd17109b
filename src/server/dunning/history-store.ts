import type { ActionHistory, AccountHistory, BankHistory, Dated } from '#core/dunning/history.ts';
import { ALWAYS } from '#core/dunning/history.ts';
import type { CustomerFacts } from '#core/dunning/facts.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId } from '#core/kernel/id.ts';
import type { Segment } from '#core/risk/segment.ts';
import type { Channel } from '#core/dunning/scenario.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { loadContactHistories } from './history-contacts.ts';
import { loadHoldHistories } from './history-holds.ts';
import { loadLedgerHistories } from './history-ledger.ts';
import { datedFrom, grouped, loadBefore, ms, spanOf } from './history-rows.ts';
import type { ActionRow, BeforeRow, CustomerRow, ListedRow, SegmentRow } from './history-rows.ts';

/** Customers whose whole history is in memory at once: some tens of megabytes for accounts of a hundred items. */
const BATCH_CUSTOMERS = 250;

/** Which histories are asked for. `since` leaves out the items that were settled before that day, which nothing of it can rest on. */
export type HistoryOptions = { readonly customerIds?: readonly CustomerId[]; readonly since?: Day };

/** The dated facts of every customer account that ever had a debit, batch by batch; those of one snapshot. */
export async function* loadHistories(t: Tenant, options: HistoryOptions = {}): AsyncGenerator<AccountHistory[]> {
  let after = '0';
  for (;;) {
    const customers = await t.rows<CustomerRow>(t.sql`
      select c.customer_id, c.code, c.name, c.kind, c.language, c.country, c.postal_code, c.scenario_code, c.in_legal_case,
        cardinality(c.address) > 0 and c.postal_code is not null and c.city is not null as has_address,
        ${ms(t, t.sql`p.applied_at`)} as from_at, ${ms(t, t.sql`c.voided_at`)} as until_at
      from ${t.from('customer')} c left join ${t.from('import')} p on p.import_id = c.import_id
      where c.customer_id > ${after}::bigint and (${options.customerIds === undefined} or c.customer_id = any(${options.customerIds ?? []}::bigint[]))
        and exists (select from ${t.from('item')} i where i.customer_id = c.customer_id and i.side = 'debit')
      order by c.customer_id limit ${BATCH_CUSTOMERS}`);
    const last = customers.at(-1);
    if (last === undefined) return;
    yield await loadBatch(t, customers, options);
    if (customers.length < BATCH_CUSTOMERS) return;
    after = last.customer_id;
  }
}

/** How many customers `loadHistories` will give, for the progress of what is done with them. */
export async function countHistories(t: Tenant): Promise<number> {
  const row = await t.one<{ count: number }>(t.sql`
    select count(*)::int as count from ${t.from('customer')} c where exists (select from ${t.from('item')} i where i.customer_id = c.customer_id and i.side = 'debit')`);
  return row?.count ?? 0;
}

async function loadBatch(t: Tenant, customers: readonly CustomerRow[], options: HistoryOptions): Promise<AccountHistory[]> {
  const ids = customers.map((row) => row.customer_id);
  const before = await loadBefore(t, 'customer', ids);
  const segments = await loadSegments(t, ids);
  const ledger = await loadLedgerHistories(t, ids, options.since ?? null);
  const holds = await loadHoldHistories(t, ids);
  const contacts = await loadContactHistories(t, ids);
  const [made, actions, bank, left] = [await loadMade(t, ids), await loadActions(t, ids), await loadBank(t, ids), await loadLeft(t, ids)];
  return customers.map((row) => ({
    customerId: row.customer_id, known: spanOf(row.from_at, row.until_at), inLegalCase: row.in_legal_case, ...customerHistory(row, before.get(row.customer_id) ?? []),
    segment: segmentHistory(segments.get(row.customer_id) ?? []), items: ledger.debits.get(row.customer_id) ?? [], credits: ledger.credits.get(row.customer_id) ?? [],
    holds: holds.get(row.customer_id) ?? [], contacts: contacts.get(row.customer_id) ?? [], contactsMade: made.get(row.customer_id) ?? [], actions: actions.get(row.customer_id) ?? [],
    bank: bank.get(row.customer_id) ?? [], leftHoldOuts: left.get(row.customer_id) ?? [],
  }));
}

function customerHistory(row: CustomerRow, changes: readonly BeforeRow[]): Pick<AccountHistory, 'customer' | 'scenario'> {
  const facts = (of: Pick<CustomerRow, 'kind' | 'language' | 'country' | 'postal_code' | 'has_address'>): CustomerFacts => ({
    id: row.customer_id, code: row.code, name: row.name, kind: of.kind, language: of.language, place: { country: of.country, postalCode: of.postal_code }, hasPostalAddress: of.has_address,
  });
  return {
    customer: datedFrom(changes, (before) => facts(before as unknown as CustomerRow), facts(row)),
    scenario: datedFrom(changes, (before) => before['scenario_code'] as string | null, row.scenario_code),
  };
}

async function loadSegments(t: Tenant, ids: readonly string[]): Promise<Map<string, SegmentRow[]>> {
  return grouped(await t.rows<SegmentRow>(t.sql`
    select h.customer_id, h.segment, h.because, ${ms(t, t.sql`h.recorded_at`)} as at from ${t.from('segment_history')} h
    where h.customer_id = any(${ids}::bigint[]) order by h.segment_history_id`), (row) => row.customer_id, (row) => row);
}

/** A person's word, once given, stands before the rule's until it is taken back. */
function segmentHistory(rows: readonly SegmentRow[]): Dated<Segment | null>[] {
  const dated: Dated<Segment | null>[] = [{ at: ALWAYS, value: null }];
  let rule: Segment | null = null;
  let person: Segment | null = null;
  for (const row of rows) {
    if (row.because === 'person') person = row.segment;
    else rule = row.segment;
    dated.push({ at: row.at, value: person ?? rule });
  }
  return dated;
}

async function loadMade(t: Tenant, ids: readonly string[]): Promise<Map<string, AccountHistory['contactsMade'][number][]>> {
  const rows = await t.rows<{ customer_id: string; channel: Channel; made_on: Day; from_at: number; until_at: number | null }>(t.sql`
    select m.customer_id, m.channel, m.made_on, ${ms(t, t.sql`m.recorded_at`)} as from_at, ${ms(t, t.sql`m.voided_at`)} as until_at
    from ${t.from('contact_made')} m where m.customer_id = any(${ids}::bigint[]) order by m.contact_made_id`);
  return grouped(rows, (row) => row.customer_id, (row) => ({ channel: row.channel, on: row.made_on, known: spanOf(row.from_at, row.until_at) }));
}

const ENDED = new Set(['cancelled', 'failed', 'expired']);

async function loadActions(t: Tenant, ids: readonly string[]): Promise<Map<string, ActionHistory[]>> {
  const rows = await t.rows<ActionRow>(t.sql`
    select a.action_id, a.customer_id, a.run_id::text, a.today as proposed_on, ${ms(t, t.sql`r.started_at`)} as proposed_at, a.purpose, a.channel, a.currency, a.step, s.code, s.version,
      a.anchor_item_id, a.formal_notice, a.needs_approval, a.approved_on, a.state, ${ms(t, t.sql`a.state_at`)} as state_at, a.sent_on, ${ms(t, t.sql`n.finished_at`)} as accepted_at
    from ${t.from('action')} a join ${t.from('run')} r on r.run_id = a.run_id join ${t.from('scenario')} s on s.scenario_id = a.scenario_id
    left join lateral (select max(x.finished_at) as finished_at from ${t.from('send_attempt')} x where x.action_id = a.action_id and x.outcome = 'accepted') n on true
    where a.customer_id = any(${ids}::bigint[]) order by a.action_id`);
  if (rows.length === 0) return new Map();
  const listed = grouped(await t.rows<ListedRow>(t.sql`
    select x.action_id, x.item_id, x.credited_step, x.credited_offset, x.credited_key from ${t.from('action_item')} x where x.action_id = any(${rows.map((row) => row.action_id)}::bigint[])
    order by x.action_id, x.item_id`), (row) => row.action_id, (row) => ({ itemId: row.item_id, step: row.credited_step, offset: row.credited_offset, key: row.credited_key }));
  return grouped(rows, (row) => row.customer_id, (row) => ({
    actionId: row.action_id, run: BigInt(row.run_id), proposedOn: row.proposed_on, proposedAt: row.proposed_at, purpose: row.purpose, channel: row.channel, currency: row.currency, step: row.step,
    scenarioCode: row.code, scenarioVersion: row.version, anchorItemId: row.anchor_item_id, formalNotice: row.formal_notice, needsApproval: row.needs_approval, approvedOn: row.approved_on,
    endedAt: ENDED.has(row.state) ? row.state_at : null, accepted: row.sent_on === null ? null : { on: row.sent_on, at: row.accepted_at ?? row.state_at }, unknown: row.state === 'unknown',
    items: listed.get(row.action_id) ?? [],
  }));
}

/** Money in the bank that nobody has placed. Once it is placed it is a credit; whose it had seemed before is not kept. */
async function loadBank(t: Tenant, ids: readonly string[]): Promise<Map<string, BankHistory[]>> {
  const rows = await t.rows<{ customer_id: string; currency: Currency; amount: string; booked_on: Day; announced: boolean; from_at: number; until_at: number | null }>(t.sql`
    select l.likely_customer_id as customer_id, l.currency, l.amount, l.booked_on, l.status = 'pending' as announced, ${ms(t, t.sql`p.applied_at`)} as from_at, ${ms(t, t.sql`l.voided_at`)} as until_at
    from ${t.from('bank_line')} l join ${t.from('import')} p on p.import_id = l.import_id
    where l.likely_customer_id = any(${ids}::bigint[]) and l.item_id is null and l.dismissed_at is null and l.status in ('booked', 'pending') order by l.bank_line_id`);
  return grouped(rows, (row) => row.customer_id, (row) => ({ currency: row.currency, amount: BigInt(row.amount), bookedOn: row.booked_on, announced: row.announced, known: spanOf(row.from_at, row.until_at) }));
}

async function loadLeft(t: Tenant, ids: readonly string[]): Promise<Map<string, AccountHistory['leftHoldOuts'][number][]>> {
  const rows = await t.rows<{ customer_id: string; hold_out_id: string; at: number }>(t.sql`
    select m.customer_id, m.hold_out_id::text, ${ms(t, t.sql`m.left_at`)} as at from ${t.from('hold_out_customer')} m where m.left_at is not null and m.customer_id = any(${ids}::bigint[])`);
  return grouped(rows, (row) => row.customer_id, (row) => ({ holdOut: row.hold_out_id, at: row.at }));
}

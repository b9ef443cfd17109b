import type { Evidence } from '#core/matching/evidence.ts';
import type { Candidate, Incoming } from '#core/matching/matching.ts';
import { accepted, payerKeys, withChanges } from '#core/matching/memory.ts';
import type { MemoryChange } from '#core/matching/memory.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, Id, ItemId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { loadMemory } from './facts-store.ts';
import { storeMemory } from './memory-store.ts';
import { splitByVat } from './vat-store.ts';

/** One use of money. */
export type MatchId = Id<'match'>;

/** An incoming amount and what is done with it: a bank line becomes a receipt, a credit that stands on the account already (`incoming.item`) is only allocated. */
export type Use = {
  readonly incoming: Incoming;
  readonly candidate: Pick<Candidate, 'customer' | 'parts' | 'credits' | 'writeOff'> & { readonly confidence: number | null; readonly evidence: readonly Evidence[] };
  readonly automatic: boolean;
};

/** Who does it, and when. */
export type By = { readonly now: Instant; readonly today: Day; readonly actor: string };

/** Matches made, by bank line; lines that somebody else placed meanwhile are in `lost`. */
export type Applied = { readonly made: ReadonlyMap<string, MatchId>; readonly lost: readonly string[] };

type Allocation = { readonly match: string; readonly debit: ItemId; readonly credit: ItemId; readonly minor: bigint };

/**
 * Makes bank lines the receipts of customers and sets them, with the credits and write-offs taken in, against debts: all of them in the
 * caller's transaction. What does not fit any more (paid meanwhile by somebody else) fails on the items' own constraint and undoes it all.
 */
export async function applyUses(t: Tenant, uses: readonly Use[], by: By): Promise<Applied> {
  const lines = uses.filter(({ incoming }) => incoming.item === null);
  const free = await lockLines(t, lines.map(({ incoming }) => incoming.id));
  for (const { incoming } of uses) if (incoming.item !== null) free.add(incoming.id);
  const taken = uses.filter(({ incoming }) => free.has(incoming.id));
  const lost = uses.flatMap(({ incoming }) => (free.has(incoming.id) ? [] : [incoming.id]));
  if (taken.length === 0) return { made: new Map(), lost };
  const receipts = await insertReceipts(t, taken.filter(({ incoming }) => incoming.item === null), by);
  for (const { incoming } of taken) if (incoming.item !== null) receipts.set(incoming.id, incoming.item);
  const writeOffs = await insertWriteOffs(t, taken, { receipts, today: by.today });
  const matches = await insertMatches(t, taken, { receipts, writeOffs, by });
  const allocations = taken.flatMap((use) => allocationsOf(use, {
    match: known(matches, use.incoming.id), receipt: known(receipts, use.incoming.id), writeOff: writeOffs.get(use.incoming.id) ?? null,
  }));
  await insertAllocations(t, allocations, { by, automatic: taken.every(({ automatic }) => automatic) });
  await splitByVat(t, [...matches.values()]);
  await learn(t, taken, by);
  await record(t, {
    at: by.now, actor: by.actor, kind: 'match.made', subject: taken.length === 1 ? `match:${[...matches.values()][0] ?? ''}` : 'matches',
    facts: {
      matches: [...matches.values()], bankLines: taken.map(({ incoming }) => incoming.id), customers: taken.map(({ candidate }) => candidate.customer),
      allocations: allocations.map(({ debit, credit, minor }) => `${debit}:${credit}:${minor}`), automatic: taken.filter(({ automatic }) => automatic).length,
    },
  });
  return { made: matches, lost };
}

function known<Value>(map: ReadonlyMap<string, Value>, key: string): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`nothing was made of bank line ${key}`);
  return value;
}

/** Takes the lines that are still nobody's, in the order of their numbers. */
async function lockLines(t: Tenant, ids: readonly string[]): Promise<Set<string>> {
  const rows = await t.rows<{ id: string }>(t.sql`
    select l.bank_line_id::text as id from ${t.from('bank_line')} l join ${t.from('bank_statement')} s on s.bank_statement_id = l.bank_statement_id
    where l.bank_line_id = any(${[...ids]}::bigint[]) and l.item_id is null and l.dismissed_at is null and l.voided_at is null and l.status = 'booked' and l.amount > 0
      and (s.review is null or s.reviewed_at is not null)
      and not exists (select from ${t.from('bank_line')} b where b.takes_back = l.bank_line_id and b.voided_at is null)
    order by l.bank_line_id for update of l`);
  return new Set(rows.map((row) => row.id));
}

async function insertReceipts(t: Tenant, uses: readonly Use[], by: By): Promise<Map<string, ItemId>> {
  if (uses.length === 0) return new Map();
  const rows = await t.rows<{ item_id: ItemId; key: string }>(t.sql`
    ${t.into('item', 'customer_id, side, kind, label, issued_on, first_seen_on, currency, amount, natural_key')}
    select ${t.org}, n.customer, 'credit', 'receipt', nullif(concat_ws(' ', l.counterparty_name, nullif(l.remittance, '')), ''), l.booked_on, ${by.today}::date, l.currency, l.amount,
      'bank|' || l.bank_line_id
    from unnest(${uses.map(({ incoming }) => incoming.id)}::bigint[], ${uses.map(({ candidate }) => candidate.customer)}::bigint[]) as n(line, customer)
    join ${t.from('bank_line')} l on l.bank_line_id = n.line order by n.line
    returning item_id, natural_key as key`);
  await t.run(t.sql`
    ${t.update('bank_line', 'l')} set item_id = n.item, likely_customer_id = null
    from unnest(${rows.map((row) => row.key.slice('bank|'.length))}::bigint[], ${rows.map((row) => row.item_id)}::bigint[]) as n(line, item)
    where ${t.own('l')} and l.bank_line_id = n.line`);
  return new Map(rows.map((row) => [row.key.slice('bank|'.length), row.item_id]));
}

async function insertWriteOffs(t: Tenant, uses: readonly Use[], of: { receipts: ReadonlyMap<string, ItemId>; today: Day }): Promise<Map<string, ItemId>> {
  const some = uses.flatMap(({ incoming, candidate }) => (candidate.writeOff === null ? [] : [{ line: incoming.id, ...candidate.writeOff }]));
  if (some.length === 0) return new Map();
  const rows = await t.rows<{ item_id: ItemId; key: string }>(t.sql`
    ${t.into('item', 'customer_id, side, kind, label, issued_on, first_seen_on, currency, amount, natural_key')}
    select ${t.org}, r.customer_id, 'credit', 'writeOff', n.reason, r.issued_on, ${of.today}::date, r.currency, n.minor, 'writeOff|' || n.line
    from unnest(${some.map((one) => one.line)}::bigint[], ${some.map((one) => String(one.minor))}::bigint[], ${some.map((one) => one.reason)}::text[],
      ${some.map((one) => known(of.receipts, one.line))}::bigint[]) as n(line, minor, reason, receipt)
    join ${t.from('item')} r on r.item_id = n.receipt order by n.line
    returning item_id, natural_key as key`);
  return new Map(rows.map((row) => [row.key.slice('writeOff|'.length), row.item_id]));
}

type Made = { readonly receipts: ReadonlyMap<string, ItemId>; readonly writeOffs: ReadonlyMap<string, ItemId>; readonly by: By };

async function insertMatches(t: Tenant, uses: readonly Use[], { receipts, writeOffs, by }: Made): Promise<Map<string, MatchId>> {
  const rows = await t.rows<{ match_id: MatchId; line: string }>(t.sql`
    ${t.into('match', 'bank_line_id, credit_item_id, write_off_item_id, customer_id, automatic, confidence, evidence, made_at, actor')}
    select ${t.org}, n.line, n.receipt, n.write_off, n.customer, n.automatic, n.confidence, n.evidence::jsonb, ${by.now}::timestamptz, ${by.actor}
    from unnest(${uses.map(({ incoming }) => incoming.id)}::bigint[], ${uses.map(({ incoming }) => known(receipts, incoming.id))}::bigint[],
      ${uses.map(({ incoming }) => writeOffs.get(incoming.id) ?? null)}::bigint[], ${uses.map(({ candidate }) => candidate.customer)}::bigint[],
      ${uses.map(({ automatic }) => automatic)}::boolean[], ${uses.map(({ candidate }) => candidate.confidence)}::int[],
      ${uses.map(({ candidate }) => JSON.stringify(candidate.evidence))}::text[]) as n(line, receipt, write_off, customer, automatic, confidence, evidence)
    order by n.line returning match_id, bank_line_id::text as line`);
  return new Map(rows.map((row) => [row.line, row.match_id]));
}

/** Pairs debts with what pays them: first the credits taken in, then the money, then what is let go. */
function allocationsOf({ incoming, candidate }: Use, made: { match: MatchId; receipt: ItemId; writeOff: ItemId | null }): Allocation[] {
  const sources = [
    ...candidate.credits.map(({ item, minor }) => ({ item, left: minor })), { item: made.receipt, left: incoming.minor },
    ...(candidate.writeOff === null || made.writeOff === null ? [] : [{ item: made.writeOff, left: candidate.writeOff.minor }]),
  ];
  const allocations: Allocation[] = [];
  for (const part of candidate.parts) {
    let due = part.minor;
    for (const source of sources) {
      const minor = due < source.left ? due : source.left;
      if (minor === 0n) continue;
      source.left -= minor;
      due -= minor;
      allocations.push({ match: made.match, debit: part.item, credit: source.item, minor });
    }
    if (due > 0n) throw new Error(`bank line ${incoming.id} does not pay what it is set against`);
  }
  return allocations;
}

async function insertAllocations(t: Tenant, all: readonly Allocation[], of: { by: By; automatic: boolean }): Promise<void> {
  if (all.length === 0) return;
  await t.run(t.sql`
    ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, origin, match_id, recorded_at, actor')}
    select ${t.org}, n.debit, n.credit, n.minor, greatest(d.issued_on, c.issued_on), ${of.automatic ? 'match' : 'person'}, n.match, ${of.by.now}::timestamptz, ${of.by.actor}
    from unnest(${all.map((one) => one.match)}::bigint[], ${all.map((one) => one.debit)}::bigint[], ${all.map((one) => one.credit)}::bigint[], ${all.map((one) => String(one.minor))}::bigint[])
      with ordinality as n(match, debit, credit, minor, place)
    join ${t.from('item')} d on d.item_id = n.debit and d.side = 'debit' and d.voided_at is null
    join ${t.from('item')} c on c.item_id = n.credit and c.side = 'credit' and c.voided_at is null and c.currency = d.currency
    order by n.place`);
}

/** Named text and a person's choice teach who pays for whom. */
async function learn(t: Tenant, uses: readonly Use[], by: By): Promise<void> {
  let memory = await loadMemory(t);
  const changes: MemoryChange[] = [];
  for (const { incoming, candidate } of uses) {
    const some = accepted(memory, payerKeys(incoming), candidate.customer satisfies CustomerId);
    changes.push(...some);
    memory = withChanges(memory, some);
  }
  await storeMemory(t, changes, by.today);
}

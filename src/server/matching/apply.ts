import type { Evidence } from '#core/matching/evidence.ts';
import type { Incoming } from '#core/matching/matching.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Id, ItemId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { learnUses } from './learn.ts';
import { lockItems } from './lock-items.ts';
import type { LockedItems } from './lock-items.ts';
import { moneyOfShare } from './shares.ts';
import type { Share } from './shares.ts';
import { splitByVat } from './vat-store.ts';
import { lineWaits } from './waiting.ts';

/** One use of money by one customer. */
export type MatchId = Id<'match'>;

/**
 * An incoming amount and what is done with it: a bank line becomes a receipt of each customer, a credit that stands on the account already
 * (`incoming.item`) is only allocated. The first share keeps what is left.
 */
export type Use = {
  readonly incoming: Incoming;
  readonly shares: readonly Share[];
  readonly confidence: number | null;
  readonly evidence: readonly Evidence[];
  readonly automatic: boolean;
};

/** Who does it, and when. */
export type By = { readonly now: Instant; readonly today: Day; readonly actor: string };

/** Gestures made, by incoming amount: the number of their first match; lines that somebody else placed meanwhile are in `lost`. */
export type Applied = { readonly made: ReadonlyMap<string, MatchId>; readonly lost: readonly string[] };

/** A share with its place in its use, from 0, and what was made of it. */
type Placed = { readonly use: Use; readonly share: Share; readonly place: number; readonly credit: ItemId; readonly writeOff: ItemId | null };
type Matched = Placed & { readonly match: MatchId };

type Allocation = { readonly match: string; readonly debit: ItemId; readonly credit: ItemId; readonly minor: bigint; readonly automatic: boolean };

/**
 * Makes bank lines the receipts of customers and sets them, with the credits and write-offs taken in, against debts: all of them in the
 * caller's transaction. Throws a conflict that names the document when something does not fit any more; nothing is done by halves.
 */
export async function applyUses(t: Tenant, uses: readonly Use[], by: By): Promise<Applied> {
  const free = await lockLines(t, uses.flatMap(({ incoming }) => (incoming.item === null ? [incoming.id] : [])));
  const taken = uses.filter(({ incoming }) => incoming.item !== null || free.has(incoming.id));
  const lost = uses.flatMap(({ incoming }) => (incoming.item !== null || free.has(incoming.id) ? [] : [incoming.id]));
  if (taken.length === 0) return { made: new Map(), lost };
  const items = await lockItems(t, taken.flatMap(itemsOf));
  for (const use of taken) takeUse(items, use);
  const placed = await insertWriteOffs(t, await insertReceipts(t, taken, by), by);
  const matched = await insertMatches(t, placed, by);
  const allocations = matched.flatMap(allocationsOf);
  await insertAllocations(t, allocations, by);
  await splitByVat(t, matched.map(({ match }) => match));
  await learnUses(t, taken, by);
  const firsts = matched.filter(({ place }) => place === 0);
  await record(t, {
    at: by.now, actor: by.actor, kind: 'match.made', subject: firsts.length === 1 ? `match:${firsts[0]?.match ?? ''}` : 'matches',
    facts: {
      matches: matched.map(({ match }) => match), money: taken.map(({ incoming }) => (incoming.item === null ? `line:${incoming.id}` : `item:${incoming.item}`)),
      customers: matched.map(({ share }) => share.customer), allocations: allocations.map(({ debit, credit, minor }) => `${debit}:${credit}:${minor}`),
      automatic: taken.filter(({ automatic }) => automatic).length,
    },
  });
  return { made: new Map(firsts.map(({ use, match }) => [use.incoming.id, match])), lost };
}

/** Takes the lines that are still nobody's, in the order of their numbers. */
async function lockLines(t: Tenant, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await t.rows<{ id: string }>(t.sql`
    select l.bank_line_id::text as id from ${t.from('bank_line')} l join ${t.from('bank_statement')} s on s.bank_statement_id = l.bank_statement_id
    where l.bank_line_id = any(${[...ids]}::bigint[]) and ${lineWaits(t)} order by l.bank_line_id for update of l`);
  return new Set(rows.map((row) => row.id));
}

const itemsOf = ({ incoming, shares }: Use): ItemId[] =>
  [...(incoming.item === null ? [] : [incoming.item]), ...shares.flatMap(({ parts, credits }) => [...parts, ...credits].map(({ item }) => item))];

/** Sets a use against what is open now; throws a conflict when it is more. */
function takeUse(items: LockedItems, { incoming, shares }: Use): void {
  for (const { customer, parts, credits } of shares) {
    for (const part of parts) items.take(part, { side: 'debit', customer, currency: incoming.currency });
    for (const credit of credits) items.take(credit, { side: 'credit', customer, currency: incoming.currency });
  }
  const money = shares.reduce((sum, share) => sum + moneyOfShare(share), 0n);
  if (money > incoming.minor || shares.length === 0) throw new Error(`money ${incoming.id} does not pay what it is set against`);
  if (incoming.item === null) return;
  const [share] = shares;
  if (share === undefined || shares.length > 1) throw new Error(`credit ${incoming.item} is of one customer`);
  items.take({ item: incoming.item, minor: money }, { side: 'credit', customer: share.customer, currency: incoming.currency });
}

type Receipt = { readonly use: Use; readonly share: Share; readonly place: number; readonly key: string; readonly minor: bigint };

async function insertReceipts(t: Tenant, uses: readonly Use[], by: By): Promise<Omit<Placed, 'writeOff'>[]> {
  const receipts = uses.filter(({ incoming }) => incoming.item === null).flatMap((use) => {
    const left = use.shares.reduce((rest, share) => rest - moneyOfShare(share), use.incoming.minor);
    return use.shares.map((share, place): Receipt => ({
      use, share, place, key: place === 0 ? `bank|${use.incoming.id}` : `bank|${use.incoming.id}|${place + 1}`, minor: moneyOfShare(share) + (place === 0 ? left : 0n),
    }));
  });
  const items = new Map<string, ItemId>();
  if (receipts.length > 0) {
    const rows = await t.rows<{ item_id: ItemId; key: string }>(t.sql`
      ${t.into('item', 'customer_id, side, kind, label, issued_on, first_seen_on, currency, amount, natural_key')}
      select ${t.org}, n.customer, 'credit', 'receipt', nullif(concat_ws(' ', l.counterparty_name, nullif(l.remittance, '')), ''), l.booked_on, ${by.today}::date, l.currency, n.minor, n.key
      from unnest(${receipts.map(({ use }) => use.incoming.id)}::bigint[], ${receipts.map(({ share }) => share.customer)}::bigint[], ${receipts.map(({ minor }) => String(minor))}::bigint[],
        ${receipts.map(({ key }) => key)}::text[]) with ordinality as n(line, customer, minor, key, place)
      join ${t.from('bank_line')} l on l.bank_line_id = n.line order by n.place
      returning item_id, natural_key as key`);
    for (const row of rows) items.set(row.key, row.item_id);
    const firsts = receipts.filter(({ place }) => place === 0);
    await t.run(t.sql`
      ${t.update('bank_line', 'l')} set item_id = n.item, likely_customer_id = null
      from unnest(${firsts.map(({ use }) => use.incoming.id)}::bigint[], ${firsts.map(({ key }) => known(items, key))}::bigint[]) as n(line, item)
      where ${t.own('l')} and l.bank_line_id = n.line`);
  }
  const placed = new Map(receipts.map(({ use, share, place, key }) => [share, { use, share, place, credit: known(items, key) }]));
  return uses.flatMap((use) => use.shares.map((share, place) => placed.get(share) ?? { use, share, place, credit: creditOf(use) }));
}

function creditOf({ incoming }: Use): ItemId {
  if (incoming.item === null) throw new Error(`no receipt was made of bank line ${incoming.id}`);
  return incoming.item;
}

function known<Value>(map: ReadonlyMap<string, Value>, key: string): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`nothing was made of ${key}`);
  return value;
}

async function insertWriteOffs(t: Tenant, placed: readonly Omit<Placed, 'writeOff'>[], by: By): Promise<Placed[]> {
  const some = placed.flatMap((one) => (one.share.writeOff === null ? [] : [{ ...one, writeOff: one.share.writeOff }]));
  if (some.length === 0) return placed.map((one) => ({ ...one, writeOff: null }));
  // Named after the receipt; a credit may be used several times, so they are numbered.
  const rows = await t.rows<{ item_id: ItemId; receipt: string }>(t.sql`
    ${t.into('item', 'customer_id, side, kind, label, issued_on, first_seen_on, currency, amount, natural_key')}
    select ${t.org}, r.customer_id, 'credit', 'writeOff', n.reason, greatest(r.issued_on, n.booked_on), ${by.today}::date, r.currency, n.minor, 'writeOff|' || n.receipt || '|' || (
      select count(*) + 1 from ${t.from('match')} m where m.credit_item_id = n.receipt and m.write_off_item_id is not null)
    from unnest(${some.map(({ credit }) => credit)}::bigint[], ${some.map(({ writeOff }) => String(writeOff.minor))}::bigint[], ${some.map(({ writeOff }) => writeOff.reason)}::text[],
      ${some.map(({ use }) => use.incoming.bookedOn)}::date[]) with ordinality as n(receipt, minor, reason, booked_on, place)
    join ${t.from('item')} r on r.item_id = n.receipt order by n.place
    returning item_id, split_part(natural_key, '|', 2) as receipt`);
  const items = new Map(rows.map((row) => [row.receipt, row.item_id]));
  return placed.map((one) => ({ ...one, writeOff: one.share.writeOff === null ? null : known(items, one.credit) }));
}

/** One match for each customer; those after the first say which gesture they belong to. */
async function insertMatches(t: Tenant, placed: readonly Placed[], by: By): Promise<Matched[]> {
  const insert = async (some: readonly Placed[], gestures: ReadonlyMap<Use, MatchId>): Promise<Matched[]> => {
    if (some.length === 0) return [];
    const rows = await t.rows<{ match: MatchId; credit: string }>(t.sql`
      ${t.into('match', 'bank_line_id, credit_item_id, write_off_item_id, customer_id, automatic, confidence, evidence, note, gesture_id, made_at, actor')}
      select ${t.org}, n.line, n.credit, n.write_off, n.customer, n.automatic, n.confidence, n.evidence::jsonb, n.note, n.gesture, ${by.now}::timestamptz, ${by.actor}
      from unnest(${some.map(({ use }) => (use.incoming.item === null ? use.incoming.id : null))}::bigint[], ${some.map(({ credit }) => credit)}::bigint[],
        ${some.map(({ writeOff }) => writeOff)}::bigint[], ${some.map(({ share }) => share.customer)}::bigint[], ${some.map(({ use }) => use.automatic)}::boolean[],
        ${some.map(({ use }) => use.confidence)}::int[], ${some.map(({ use }) => JSON.stringify(use.evidence))}::text[], ${some.map(({ share }) => share.writeOff?.note ?? null)}::text[],
        ${some.map(({ use }) => gestures.get(use) ?? null)}::bigint[]) with ordinality as n(line, credit, write_off, customer, automatic, confidence, evidence, note, gesture, place)
      order by n.place returning match_id as match, credit_item_id::text as credit`);
    const matches = new Map(rows.map((row) => [row.credit, row.match]));
    return some.map((one) => ({ ...one, match: known(matches, one.credit) }));
  };
  const firsts = await insert(placed.filter(({ place }) => place === 0), new Map());
  const gestures = new Map(firsts.map(({ use, match }) => [use, match]));
  return [...firsts, ...(await insert(placed.filter(({ place }) => place > 0), gestures))];
}

/** Pairs debts with what pays them: first the credits taken in, then the money, then what is let go. */
function allocationsOf({ use, share, match, credit, writeOff }: Matched): Allocation[] {
  const sources = [
    ...share.credits.map(({ item, minor }) => ({ item, left: minor })), { item: credit, left: moneyOfShare(share) },
    ...(share.writeOff === null || writeOff === null ? [] : [{ item: writeOff, left: share.writeOff.minor }]),
  ];
  const allocations: Allocation[] = [];
  for (const part of share.parts) {
    let due = part.minor;
    for (const source of sources) {
      const minor = due < source.left ? due : source.left;
      if (minor === 0n) continue;
      source.left -= minor;
      due -= minor;
      allocations.push({ match, debit: part.item, credit: source.item, minor, automatic: use.automatic });
    }
    if (due > 0n) throw new Error(`money ${use.incoming.id} does not pay what it is set against`);
  }
  return allocations;
}

async function insertAllocations(t: Tenant, all: readonly Allocation[], by: By): Promise<void> {
  if (all.length === 0) return;
  const added = await t.run(t.sql`
    ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, origin, match_id, recorded_at, actor')}
    select ${t.org}, n.debit, n.credit, n.minor, greatest(d.issued_on, c.issued_on), case when n.automatic then 'match' else 'person' end, n.match, ${by.now}::timestamptz, ${by.actor}
    from unnest(${all.map((one) => one.match)}::bigint[], ${all.map((one) => one.debit)}::bigint[], ${all.map((one) => one.credit)}::bigint[], ${all.map((one) => String(one.minor))}::bigint[],
      ${all.map((one) => one.automatic)}::boolean[]) with ordinality as n(match, debit, credit, minor, automatic, place)
    join ${t.from('item')} d on d.item_id = n.debit and d.side = 'debit' and d.voided_at is null
    join ${t.from('item')} c on c.item_id = n.credit and c.side = 'credit' and c.voided_at is null and c.currency = d.currency and c.customer_id = d.customer_id
    order by n.place`);
  if (added !== all.length) throw new Error('an allocation was not recorded');
}

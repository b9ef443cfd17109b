import { disputeReason } from '#core/holds/dispute-reasons.ts';
import { HOLD_KINDS_TOLD, holdNews, MATCH_KINDS, MESSAGE_KINDS, messageNews, PLACED_KINDS } from '#core/channels/webhook-events.ts';
import type { WebhookEvent } from '#core/channels/webhook-events.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { decimal, money } from '#core/kernel/money.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/** An event of the chain, as its row says it. */
export type ChainEvent = { readonly seq: string; readonly at: Instant; readonly kind: string; readonly subject: string; readonly facts: Readonly<Record<string, unknown>>; readonly hash: Buffer };

/** One call's worth of news: of which event, which part of it, and the bytes. */
export type News = { readonly seq: string; readonly hash: Buffer; readonly part: number; readonly type: WebhookEvent; readonly body: Buffer };

/** A document of a list; amounts are decimal texts. */
type ListedItem = { readonly id: string; readonly document: string | null } & Readonly<Record<string, string | null | { readonly id: string; readonly code: string }>>;

/** What an event is told as: single values, and the documents it is about. */
type Told = { readonly type: WebhookEvent; readonly data: Readonly<Record<string, string | number | null | { readonly id: string; readonly code: string }>>; readonly items: readonly ListedItem[] };

/** Documents of one call: a hundred are some 15 kB, which every receiver takes; the rest follows in further parts. */
const ITEMS_PER_CALL = 100;

/**
 * Makes what is told of events: a closed list of values for each kind, chosen here, of ids, codes, document numbers, amounts and days. No name, address, text, reason
 * in a person's words or content of a message is ever read for it.
 */
export async function composeNews(t: Tenant, events: readonly ChainEvent[]): Promise<News[]> {
  const told = new Map([...(await messagesOf(t, events)), ...(await holdsOf(t, events)), ...(await matchesOf(t, events))]);
  return events.flatMap((event) => (told.get(event.seq) ?? []).flatMap(inParts).map(({ type, data }, index): News => {
    const body = Buffer.from(JSON.stringify({ type, timestamp: event.at, data }), 'utf8');
    return { seq: event.seq, hash: event.hash, part: index + 1, type, body };
  }));
}

/** Cuts what is told into calls; each says which part of how many it is. */
function inParts({ type, data, items }: Told): { readonly type: WebhookEvent; readonly data: object }[] {
  const parts = Math.max(1, Math.ceil(items.length / ITEMS_PER_CALL));
  return Array.from({ length: parts }, (_, index) => ({ type, data: { ...data, items: items.slice(index * ITEMS_PER_CALL, (index + 1) * ITEMS_PER_CALL), part: index + 1, parts } }));
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);
const amountOf = (minor: string | null, currency: Currency | null): string | null => (minor === null || currency === null ? null : decimal(money(BigInt(minor), currency)));

type ToldOf = readonly [seq: string, told: readonly Told[]];

type ActionRow = {
  action_id: string; channel: string; customer_id: string; code: string; currency: Currency; total: string; step: number; purpose: string; formal_notice: boolean; sent_on: Day | null;
};

/** E-mails that a server took and letters that lie in the print folder; what was only a test is told to nobody. */
async function messagesOf(t: Tenant, events: readonly ChainEvent[]): Promise<ToldOf[]> {
  const left = events.flatMap(({ seq, kind, facts }) => leftBy({ kind, facts }).map((action) => ({ seq, action, sentOn: textOf(facts['sentOn']) })));
  if (left.length === 0) return [];
  const ids = left.map(({ action }) => action);
  const actions = await t.rows<ActionRow>(t.sql`
    select a.action_id, a.channel, a.customer_id, c.code, a.currency, a.total, a.step, a.purpose, a.formal_notice, a.sent_on
    from ${t.from('action')} a join ${t.from('customer')} c on c.customer_id = a.customer_id where a.action_id = any(${ids}::bigint[]) and not a.test`);
  const items = await t.rows<{ action_id: string; item_id: string; document: string | null; listed_amount: string; due_on: Day }>(t.sql`
    select x.action_id, x.item_id, i.document, x.listed_amount, x.due_on from ${t.from('action_item')} x join ${t.from('item')} i on i.item_id = x.item_id
    where x.action_id = any(${ids}::bigint[]) order by x.action_id, x.due_on, x.item_id`);
  const actionOf = new Map(actions.map((row) => [row.action_id, row]));
  const itemsOf = Map.groupBy(items, (row) => row.action_id);
  const told = left.flatMap(({ seq, action, sentOn }): (readonly [seq: string, told: Told])[] => {
    const row = actionOf.get(action);
    const type = row === undefined ? null : messageNews(row.channel);
    if (row === undefined || type === null) return [];
    return [[seq, {
      type,
      data: {
        action: row.action_id, customer: { id: row.customer_id, code: row.code }, channel: row.channel, purpose: row.purpose, step: row.step, sentOn: sentOn ?? row.sent_on,
        currency: row.currency, total: amountOf(row.total, row.currency),
      },
      items: (itemsOf.get(row.action_id) ?? []).map((item) => ({ id: item.item_id, document: item.document, amount: amountOf(item.listed_amount, row.currency), dueOn: item.due_on })),
    }]];
  });
  return [...Map.groupBy(told, ([seq]) => seq)].map(([seq, of]): ToldOf => [seq, of.map(([, one]) => one)]);
}

/** The actions of an event that left. */
function leftBy({ kind, facts }: Pick<ChainEvent, 'kind' | 'facts'>): string[] {
  if (PLACED_KINDS.includes(kind)) return [...textsOf(facts['sent']), ...textsOf(facts['endedSent'])];
  if (!MESSAGE_KINDS.includes(kind) || facts['test'] === true || (kind !== 'action.sent' && facts['state'] !== 'sent')) return [];
  return textsOf([facts['action']]);
}

type HoldRow = { hold_id: string; kind: string; customer_id: string; code: string; currency: Currency | null; amount: string | null; reason: string | null; until_on: Day | null; accepted_on: Day | null };

/** Promises, plans and disputes. Amounts and days are those of the event; a dispute without an amount is of the whole document. A promise of the whole account is in its one currency. */
async function holdsOf(t: Tenant, events: readonly ChainEvent[]): Promise<ToldOf[]> {
  const about = events.filter(({ kind }) => HOLD_KINDS_TOLD.includes(kind));
  if (about.length === 0) return [];
  const ids = about.map(({ facts }) => textOf(facts['hold']));
  const holds = await t.rows<HoldRow>(t.sql`
    select h.hold_id, h.kind, h.customer_id, c.code, h.amount, h.reason, h.until_on, h.accepted_on,
      coalesce(h.currency, i.currency, (select x.currency from ${t.from('hold_item')} n join ${t.from('item')} x on x.item_id = n.item_id where n.hold_id = h.hold_id limit 1),
        (select min(x.currency) from ${t.from('item')} x where x.customer_id = h.customer_id and x.side = 'debit' and x.voided_at is null having count(distinct x.currency) = 1)) as currency
    from ${t.from('hold')} h join ${t.from('customer')} c on c.customer_id = h.customer_id left join ${t.from('item')} i on i.item_id = h.item_id
    where h.hold_id = any(${ids}::bigint[])`);
  const items = await t.rows<{ hold_id: string; item_id: string; document: string | null }>(t.sql`
    select distinct n.hold_id, i.item_id, i.document from (
      select h.hold_id, h.item_id from ${t.from('hold')} h where h.item_id is not null union all select x.hold_id, x.item_id from ${t.from('hold_item')} x
    ) n join ${t.from('item')} i on i.item_id = n.item_id where n.hold_id = any(${ids}::bigint[]) order by n.hold_id, i.item_id`);
  const plans = holds.filter(({ kind, accepted_on }) => kind === 'plan' && accepted_on !== null);
  const agreed = plans.length === 0 ? [] : await t.rows<{ hold_id: string; seq: string }>(t.sql`
    select n.hold_id, e.seq from unnest(${plans.map(({ hold_id }) => hold_id)}::bigint[], ${plans.map(({ customer_id }) => `customer:${customer_id}`)}::text[]) as n(hold_id, subject)
    join ${t.from('event')} e on e.subject = n.subject and e.kind = 'hold.planAccepted' and e.body::jsonb -> 'facts' ->> 'hold' = n.hold_id::text`);
  const agreedAt = new Map(agreed.map(({ hold_id: id, seq }) => [id, BigInt(seq)]));
  const holdOf = new Map(holds.map((row) => [row.hold_id, row]));
  const itemsOf = Map.groupBy(items, (row) => row.hold_id);
  return about.flatMap(({ seq, kind, facts }): ToldOf[] => {
    const row = holdOf.get(textOf(facts['hold']) ?? '');
    const type = row === undefined ? null : holdNews(kind, row.kind);
    // A plan that nobody had agreed to by then was never told of, nor is its end. One agreed to from the first has no event that says so.
    if (row === undefined || type === null || (row.kind === 'plan' && (row.accepted_on === null || BigInt(seq) < (agreedAt.get(row.hold_id) ?? 0n)))) return [];
    return [[seq, [{
      type,
      data: {
        [row.kind]: row.hold_id, customer: { id: row.customer_id, code: row.code }, currency: row.currency, ...holdValues({ kind, facts }, row),
      },
      items: (itemsOf.get(row.hold_id) ?? []).map((item) => ({ id: item.item_id, document: item.document })),
    }]]];
  });
}

/** The values of one event of a hold: what it is about as it begins, what became of it as it ends. */
function holdValues({ kind, facts }: Pick<ChainEvent, 'kind' | 'facts'>, row: HoldRow): Readonly<Record<string, string | null>> {
  const minor = (name: string): string | null => amountOf(textOf(facts[name]), row.currency);
  const reason = row.kind === 'dispute' ? { reason: disputeReason(textOf(facts['reason']) ?? row.reason ?? '') } : {};
  switch (kind) {
    case 'hold.added': return { amount: minor('amount'), on: textOf(facts['from']), until: textOf(facts['until']), ...reason };
    case 'hold.planAccepted': return { amount: minor('amount'), on: textOf(facts['on']), until: row.until_on };
    case 'hold.decided': return { outcome: textOf(facts['outcome']), granted: minor('granted'), on: textOf(facts['on']), ...reason };
    case 'hold.ended': return { outcome: facts['because'] === 'rejected' ? 'rejected' : 'ended', on: textOf(facts['on']) };
    case 'hold.resumed': return { on: textOf(facts['on']) };
    default: return { outcome: textOf(facts['state']), on: textOf(facts['on']), wanted: minor('wanted'), received: minor('received') };
  }
}

type ItemRow = { seq: string; item_id: string; document: string | null; customer_id: string; code: string; currency: Currency; amount: string; before: string; after: string };

/**
 * Documents that an event settled, or that are open again by it. Allocations of a debt are numbered while it is locked, so their numbers are its history whatever the clocks
 * said: before the event is before the first row it wrote, after it is up to its last.
 */
async function matchesOf(t: Tenant, events: readonly ChainEvent[]): Promise<ToldOf[]> {
  const about = events.filter(({ kind }) => MATCH_KINDS.includes(kind));
  const matches = about.flatMap(({ seq, at, kind, subject, facts }) => (kind === 'match.writtenOff' ? [numberOf(subject)] : textsOf(facts['matches'])).map((match) => ({ seq, at, match, made: kind === 'match.made' || kind === 'match.writtenOff' })));
  const imports = about.filter(({ kind }) => kind.startsWith('import.')).map(({ seq, at, kind, subject }) => ({ seq, at, id: numberOf(subject), undone: kind === 'import.undone' }));
  if (matches.length + imports.length === 0) return [];
  const allocation = t.from('allocation');
  const rows = await t.rows<ItemRow>(t.sql`
    with matched as (
      select * from unnest(${matches.map(({ seq }) => seq)}::bigint[], ${matches.map(({ at }) => at)}::timestamptz[], ${matches.map(({ match }) => match)}::bigint[], ${matches.map(({ made }) => made)}::boolean[])
        as n(seq, at, match_id, made)
    ), imported as (
      select * from unnest(${imports.map(({ seq }) => seq)}::bigint[], ${imports.map(({ at }) => at)}::timestamptz[], ${imports.map(({ id }) => id)}::bigint[], ${imports.map(({ undone }) => undone)}::boolean[])
        as n(seq, at, import_id, undone)
    ), wrote as (
      select n.seq, a.debit_item_id as item_id, a.allocation_id from matched n join ${allocation} a on a.match_id = n.match_id and a.reverses is null and a.recorded_at = n.at where n.made
      union all
      select n.seq, r.debit_item_id, r.allocation_id from matched n join ${allocation} a on a.match_id = n.match_id join ${allocation} r on r.reverses = a.allocation_id and r.recorded_at = n.at where not n.made
      union all
      -- A payment that went back, a match that gave way to the ledger.
      select n.seq, r.debit_item_id, r.allocation_id from imported n join ${allocation} r on r.import_id = n.import_id and r.reverses is not null
        join ${allocation} a on a.allocation_id = r.reverses and a.match_id is not null where not n.undone
      union all
      -- Both hold again when that import is undone: as new rows beside those it had reversed.
      select n.seq, r.debit_item_id, r.allocation_id from imported n join ${allocation} x on x.import_id = n.import_id and x.reverses is not null
        join ${allocation} a on a.allocation_id = x.reverses and a.match_id is not null
        join ${allocation} r on r.match_id = a.match_id and r.debit_item_id = a.debit_item_id and r.credit_item_id = a.credit_item_id and r.reverses is null and r.recorded_at = n.at where n.undone
    ), spans as (
      select w.seq, w.item_id, least(min(w.allocation_id), min(e.first)) as first, greatest(max(w.allocation_id), max(e.last)) as last
      from wrote w left join imported n on n.seq = w.seq left join lateral (${besideMatches(t)}) e on n.seq is not null group by w.seq, w.item_id
    )
    select s.seq::text, i.item_id, i.document, i.customer_id, c.code, i.currency, i.amount, o.before::text, o.after::text
    from spans s join ${t.from('item')} i on i.item_id = s.item_id and i.voided_at is null join ${t.from('customer')} c on c.customer_id = i.customer_id
    cross join lateral (
      select coalesce(sum(a.amount) filter (where a.allocation_id < s.first), 0) as before, coalesce(sum(a.amount), 0) as after from ${allocation} a where a.debit_item_id = i.item_id and a.allocation_id <= s.last
    ) o
    order by s.seq, i.item_id`);
  const rowsOf = Map.groupBy(rows, (row) => row.seq);
  return about.map(({ seq, kind }): ToldOf => {
    const of = rowsOf.get(seq) ?? [];
    // What the lettering of a ledger settles, the receiver brought.
    const settled = kind === 'import.applied' ? [] : of.filter((row) => BigInt(row.before) < BigInt(row.amount) && BigInt(row.after) >= BigInt(row.amount));
    const reopened = of.filter((row) => BigInt(row.before) >= BigInt(row.amount) && BigInt(row.after) < BigInt(row.amount));
    return [seq, [...itemNews('items.settled', settled, kind), ...itemNews('items.reopened', reopened, kind)]];
  });
}

const numberOf = (subject: string): string => subject.slice(subject.indexOf(':') + 1);

/** The first and the last row of the debt of `w` that the import of `n` wrote, or that were written as it was undone: its own lettering is of the same moment as what it did to matches. */
function besideMatches(t: Tenant): SqlPiece {
  const allocation = t.from('allocation');
  return t.sql`
    select min(r.allocation_id) as first, max(r.allocation_id) as last from ${allocation} r left join ${allocation} a on a.allocation_id = r.reverses
    where r.debit_item_id = w.item_id and case when n.undone then r.recorded_at = n.at and (a.import_id = n.import_id or exists (
      select from ${allocation} x join ${allocation} b on b.allocation_id = x.reverses
      where r.reverses is null and x.debit_item_id = w.item_id and x.import_id = n.import_id and b.credit_item_id = r.credit_item_id and b.amount = r.amount and b.match_id is not distinct from r.match_id))
      else r.import_id = n.import_id and r.recorded_at <= n.at end`;
}

function itemNews(type: WebhookEvent, rows: readonly ItemRow[], kind: string): Told[] {
  if (rows.length === 0) return [];
  return [{
    type, data: { by: kind === 'match.writtenOff' ? 'writeOff' : kind.startsWith('import.') ? 'import' : 'match' },
    items: rows.map((row) => ({
      id: row.item_id, document: row.document, customer: { id: row.customer_id, code: row.code }, currency: row.currency, amount: amountOf(row.amount, row.currency),
      open: amountOf((BigInt(row.amount) - BigInt(row.after)).toString(), row.currency),
    })),
  }];
}

import { hash } from 'node:crypto';
import type { ActionId } from '#core/kernel/id.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { eventBody } from './record.ts';
import type { Facts, NewEvent } from './record.ts';

/** Events one statement carries: a few megabytes of text. */
const EVENTS_AT_ONCE = 5_000;

/**
 * Appends events to the organisation's chain as `record` does for one, in their order: the head is locked and moved once for many, because
 * a row that moves at every event leaves as many dead versions behind for the next to pass.
 */
export async function recordEach(t: Tenant, events: readonly NewEvent[]): Promise<void> {
  if (events.length > 0) await append(t, await lockHead(t), events);
}

/** Where the chain of an organisation stands, under lock until the transaction ends. */
type Head = { readonly seq: bigint; readonly hash: Buffer };

async function lockHead(t: Tenant): Promise<Head> {
  const head = await t.one<{ seq: string; hash: Buffer }>(t.sql`select h.seq::text, h.hash from ${t.from('event_head')} h for update`);
  if (head === null) throw new Error('the organisation has no event chain');
  return { seq: BigInt(head.seq), hash: head.hash };
}

async function append(t: Tenant, locked: Head, events: readonly NewEvent[]): Promise<void> {
  let head = locked;
  for (let from = 0, at = 1; at <= events.length; at += 1) {
    if (at < events.length && at - from < EVENTS_AT_ONCE && isAlike(events[from], events[at])) continue;
    head = await appendPart(t, head, events.slice(from, at));
    from = at;
  }
}

/** Whether one statement says of both who did it, when, and what kind it was. */
const isAlike = (one: NewEvent | undefined, other: NewEvent | undefined): boolean => one?.at === other?.at && one?.actor === other?.actor && one?.kind === other?.kind;

/** One happening of an action, beside who did it and when. */
export type OfAction = { readonly action: ActionId; readonly facts: Facts };

/**
 * One event for each action that something happened to: the proof of a message shows the events of its own action, and must not show
 * those of other customers (docs/decisions/0018-proof-of-one-message.md). Each names the event of the action before it, so that none can be left out
 * between two that are shown.
 */
export async function recordOfActions(t: Tenant, of: Pick<NewEvent, 'at' | 'actor' | 'kind'>, happened: readonly OfAction[]): Promise<void> {
  if (happened.length === 0) return;
  // Whoever records next for one of these actions waits here, and then sees what is recorded now.
  const head = await lockHead(t);
  // One look into the index for each: asked for all at once, the whole chain is read as long as the statistics do not know how it grew.
  const before = await t.rows<{ subject: string; seq: string }>(t.sql`
    select n.subject, last.seq from unnest(${[...new Set(happened.map(({ action }) => `action:${action}`))]}::text[]) as n(subject)
    cross join lateral (select e.seq from ${t.from('event')} e where e.subject = n.subject order by e.seq desc limit 1) last`);
  const after = new Map(before.map((row) => [row.subject, row.seq]));
  await append(t, head, happened.map(({ action, facts }) => ofAction(of, { action, facts }, after.get(`action:${action}`) ?? null)));
}

/** The first event of each of these actions, which are new: none is before it. */
export async function recordFirstOfActions(t: Tenant, of: Pick<NewEvent, 'at' | 'actor' | 'kind'>, happened: readonly OfAction[]): Promise<void> {
  await recordEach(t, happened.map((one) => ofAction(of, one, null)));
}

const ofAction = (of: Pick<NewEvent, 'at' | 'actor' | 'kind'>, { action, facts }: OfAction, after: string | null): NewEvent =>
  ({ at: of.at, actor: of.actor, kind: of.kind, subject: `action:${action}`, facts: { action, after, ...facts } });

const HASH_BYTES = 32;

/**
 * Writes some events of one kind behind a head, by one statement; gives the head after them. What differs goes as one text, a line an event (JSON has no
 * line break in it, nor has a subject), and the hashes as bytes behind each other, that of the head first: an array would have each of its elements
 * quoted here and read there.
 */
async function appendPart(t: Tenant, head: Head, events: readonly NewEvent[]): Promise<Head> {
  const [first] = events;
  if (first === undefined) return head;
  const bodies = events.map(eventBody);
  const hashes = Buffer.alloc((events.length + 1) * HASH_BYTES);
  let previous = head.hash;
  previous.copy(hashes);
  for (const [index, body] of bodies.entries()) {
    previous = hash('sha256', Buffer.concat([previous, Buffer.from(body, 'utf8')]), 'buffer');
    previous.copy(hashes, (index + 1) * HASH_BYTES);
  }
  const seq = head.seq + BigInt(events.length);
  const added = await t.run(t.sql`
    with moved as (${t.update('event_head', 'e')} set seq = ${seq}, hash = ${previous} where ${t.own('e')})
    ${t.into('event', 'seq, at, actor, kind, subject, body, previous_hash, hash')}
    select ${t.org}, ${head.seq}::bigint + n.nth, ${first.at}::timestamptz, ${first.actor}, ${first.kind}, n.subject, n.body,
      substring(${hashes}::bytea from (n.nth::int - 1) * ${HASH_BYTES}::int + 1 for ${HASH_BYTES}::int), substring(${hashes}::bytea from n.nth::int * ${HASH_BYTES}::int + 1 for ${HASH_BYTES}::int)
    from unnest(string_to_array(${events.map(({ subject }) => subject).join('\n')}, chr(10)), string_to_array(${bodies.join('\n')}, chr(10))) with ordinality as n(subject, body, nth)`);
  if (added !== events.length) throw new Error('an event holds a line break');
  return { seq, hash: previous };
}

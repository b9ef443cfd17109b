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
  for (let at = 0; at < events.length; at += EVENTS_AT_ONCE) head = await appendPart(t, head, events.slice(at, at + EVENTS_AT_ONCE));
}

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

/** Writes some events behind a head, by one statement; gives the head after them. */
async function appendPart(t: Tenant, head: Head, events: readonly NewEvent[]): Promise<Head> {
  let { seq, hash: previous } = head;
  const links = events.map((event) => {
    const body = eventBody(event);
    const before = previous;
    seq += 1n;
    previous = hash('sha256', Buffer.concat([before, Buffer.from(body, 'utf8')]), 'buffer');
    return { seq, body, before, hash: previous };
  });
  await t.run(t.sql`
    with moved as (${t.update('event_head', 'e')} set seq = ${seq}, hash = ${previous} where ${t.own('e')})
    ${t.into('event', 'seq, at, actor, kind, subject, body, previous_hash, hash')}
    select ${t.org}, n.seq, n.at, n.actor, n.kind, n.subject, n.body, decode(n.before, 'hex'), decode(n.hash, 'hex')
    from unnest(${links.map((link) => String(link.seq))}::bigint[], ${events.map((event) => event.at)}::timestamptz[], ${events.map((event) => event.actor)}::text[],
      ${events.map((event) => event.kind)}::text[], ${events.map((event) => event.subject)}::text[], ${links.map((link) => link.body)}::text[],
      ${links.map((link) => link.before.toString('hex'))}::text[], ${links.map((link) => link.hash.toString('hex'))}::text[]) as n(seq, at, actor, kind, subject, body, before, hash)`);
  return { seq, hash: previous };
}

import { repeatableSince, UNKNOWN_ENDS } from '#core/channels/webhook-retry.ts';
import type { CallOutcome } from '#core/channels/webhook-retry.ts';
import { chainKinds, webhookEvent } from '#core/channels/webhook-events.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { composeNews } from './compose.ts';
import type { ChainEvent, News } from './compose.ts';
import { callId } from './signature.ts';

/** Events one look into the chain passes over: they are read by their place, and most are of no kind that is told. */
const PASSED_MAX = 20_000;
/** Events whose calls are made at a time: a few megabytes of bytes wait for one receiver at most, the rest waits in the chain. */
const EVENTS_MAX = 200;
/** And no more than of so many bytes, one at least: a hundred thousand bank lines placed by themselves are one event. */
const EVENT_BYTES_MAX = 1_000_000;
/** Days for which calls that are done are kept, for whoever asks why the other software does not know. Their events stay in the chain. */
export const CALLS_KEPT_DAYS = 30;
/** A call not noted as ended for so long is of a worker that is gone, whatever else it seems: a call takes ten seconds. */
export const LEASE_SECONDS = 120;

/** A webhook that a worker has claimed. */
export type ClaimedWebhook = {
  readonly id: string; readonly fence: number; readonly url: string; readonly events: readonly string[]; readonly secrets: readonly Buffer[];
};

/** A call about to be handed over; `tries` counts this one. */
export type WebhookCall = { readonly seq: string; readonly part: number; readonly id: string; readonly type: string; readonly body: Buffer; readonly tries: number; readonly firstAt: Instant; readonly mayHaveArrived: boolean };

type CallRow = { seq: string; part: number; call_id: string; type: string; body: Buffer; tries: number; first_at: Instant; may_have_arrived: boolean };

const WAITS = ['taken', 'skipped'];

/** Makes the calls of the next events, once the calls before them are done. The place in the chain moves in the same transaction: an event is told once, and none is passed over. */
export async function makeCalls(t: Tenant, webhook: { readonly id: string; readonly events: readonly string[] }, { now, bytesMax = EVENT_BYTES_MAX }: { now: Instant; bytesMax?: number }): Promise<void> {
  const standing = await t.one<{ told_to: string; head: string; waits: boolean }>(t.sql`
    select w.told_to, h.seq as head, exists (
      select from ${t.from('webhook_call')} c where c.webhook_id = w.webhook_id and (c.outcome is null or c.outcome <> all (${WAITS}::text[]))) as waits
    from ${t.from('webhook')} w, ${t.from('event_head')} h where w.webhook_id = ${webhook.id}::bigint`);
  if (standing === null || standing.waits) return;
  const wanted = new Set(webhook.events);
  let from = BigInt(standing.told_to);
  const head = BigInt(standing.head);
  let news: News[] = [];
  while (from < head && news.length === 0) {
    const upTo = from + BigInt(PASSED_MAX) < head ? from + BigInt(PASSED_MAX) : head;
    const { events, more } = await readEvents(t, { from, upTo, bytesMax, kinds: chainKinds(webhook.events.flatMap((event) => webhookEvent(event) ?? [])) });
    news = (await composeNews(t, events)).filter(({ type }) => wanted.has(type));
    const last = events.at(-1);
    from = last !== undefined && more ? BigInt(last.seq) : upTo;
  }
  if (from === BigInt(standing.told_to)) return;
  await insertCalls(t, webhook.id, { news, now });
  await t.run(t.sql`${t.update('webhook', 'w')} set told_to = ${from} where ${t.own('w')} and w.webhook_id = ${webhook.id}::bigint`);
}

async function readEvents(t: Tenant, of: { from: bigint; upTo: bigint; bytesMax: number; kinds: readonly string[] }): Promise<{ events: ChainEvent[]; more: boolean }> {
  const rows = await t.rows<{ seq: string; at: Instant; kind: string; body: string; hash: Buffer; found: number }>(t.sql`
    select n.seq, n.at, n.kind, n.body, n.hash, n.found from (
      select f.*, sum(length(f.body)) over (order by f.seq) - length(f.body) as before, count(*) over ()::int as found from (
        select e.seq, e.at, e.kind, e.body, e.hash from ${t.from('event')} e
        where e.seq > ${of.from} and e.seq <= ${of.upTo} and e.kind = any(${of.kinds}::text[]) order by e.seq limit ${EVENTS_MAX}
      ) f
    ) n where n.before < ${of.bytesMax} order by n.seq`);
  const events = rows.map(({ seq, at, kind, body, hash }) => ({ seq, at, kind, hash, ...(JSON.parse(body) as Pick<ChainEvent, 'subject' | 'facts'>) }));
  const found = rows[0]?.found ?? 0;
  return { events, more: found === EVENTS_MAX || events.length < found };
}

async function insertCalls(t: Tenant, webhook: string, { news, now }: { news: readonly News[]; now: Instant }): Promise<void> {
  for (const one of news) {
    await t.run(t.sql`
      ${t.into('webhook_call', 'webhook_id, seq, part, call_id, type, body, made_at')}
      values (${t.org}, ${webhook}::bigint, ${one.seq}::bigint, ${one.part}, ${callId(one.hash, one.part)}, ${one.type}, ${one.body}, ${now}::timestamptz)`);
  }
}

/** Whether the claim still stands, under lock until the transaction ends; `to` begin a call the webhook must be on as well, to note an end it may have been switched off meanwhile. */
export async function holdFence(t: Tenant, webhook: ClaimedWebhook, to: 'begin' | 'end'): Promise<boolean> {
  const held = await t.run(t.sql`
    ${t.update('webhook', 'w')} set lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
    where ${t.own('w')} and w.webhook_id = ${webhook.id}::bigint and w.fence = ${webhook.fence} and w.worker is not null and (w.state = 'on' or ${to === 'end'})`);
  return held === 1;
}

/** Notes that the first call that waits is begun; null: none waits, or it may have arrived so long ago that the receiver may have forgotten it. From here on nobody knows its end until it is noted. */
export async function startCall(t: Tenant, webhook: ClaimedWebhook, now: Instant): Promise<WebhookCall | null> {
  const row = await t.one<CallRow>(t.sql`
    ${t.update('webhook_call', 'c')} set tries = c.tries + 1, first_at = coalesce(c.first_at, ${now}::timestamptz), started_at = ${now}::timestamptz, ended_at = null, outcome = null, status = null
    where ${t.own('c')} and c.webhook_id = ${webhook.id}::bigint and (c.seq, c.part) in (
      select n.seq, n.part from ${t.from('webhook_call')} n where n.webhook_id = ${webhook.id}::bigint and (n.outcome is null or n.outcome <> all (${WAITS}::text[]))
      order by n.seq, n.part limit 1)
      and not (c.may_have_arrived and c.first_at < ${repeatableSince(now)}::timestamptz)
    returning c.seq, c.part, c.call_id, c.type, c.body, c.tries, c.first_at, c.may_have_arrived`);
  return row === null ? null : { seq: row.seq, part: row.part, id: row.call_id, type: row.type, body: row.body, tries: row.tries, firstAt: row.first_at, mayHaveArrived: row.may_have_arrived };
}

/** Whether any call of a webhook waits. */
export async function someWait(t: Tenant, webhook: string): Promise<boolean> {
  const row = await t.one<{ waits: boolean }>(t.sql`
    select exists (select from ${t.from('webhook_call')} n where n.webhook_id = ${webhook}::bigint and (n.outcome is null or n.outcome <> all (${WAITS}::text[]))) as waits`);
  return row?.waits === true;
}

/** How a try ended. */
export type EndedCall = { readonly call: Pick<WebhookCall, 'seq' | 'part'>; readonly outcome: CallOutcome; readonly status: number | null };

/** Notes the end of a try in the call and, for lists, in its webhook. */
export async function endCall(t: Tenant, webhook: string, { call, outcome, status, now }: EndedCall & { readonly now: Instant }): Promise<void> {
  await t.run(t.sql`
    ${t.update('webhook_call', 'c')} set outcome = ${outcome}, status = ${status}, ended_at = ${now}::timestamptz, may_have_arrived = c.may_have_arrived or ${UNKNOWN_ENDS.includes(outcome)}
    where ${t.own('c')} and c.webhook_id = ${webhook}::bigint and c.seq = ${call.seq}::bigint and c.part = ${call.part} and c.started_at is not null and c.outcome is null`);
  await t.run(t.sql`
    ${t.update('webhook', 'w')} set last_at = ${now}::timestamptz, last_outcome = ${outcome}, last_status = ${status} where ${t.own('w')} and w.webhook_id = ${webhook}::bigint`);
}

/** The try that a worker began and did not end: at most one, since calls go one after the other. */
export async function unendedCall(t: Tenant, webhook: string): Promise<(EndedCall['call'] & { readonly tries: number; readonly firstAt: Instant; readonly mayHaveArrived: boolean }) | null> {
  const row = await t.one<{ seq: string; part: number; tries: number; first_at: Instant }>(t.sql`
    select c.seq, c.part, c.tries, c.first_at from ${t.from('webhook_call')} c
    where c.webhook_id = ${webhook}::bigint and c.started_at is not null and c.outcome is null`);
  return row === null ? null : { seq: row.seq, part: row.part, tries: row.tries, firstAt: row.first_at, mayHaveArrived: true };
}

/** Removes calls that were done long enough ago; gives how many. */
export function forgetCalls(t: Tenant, now: Instant): Promise<number> {
  return t.run(t.sql`
    ${t.deleteFrom('webhook_call', 'c')} where ${t.own('c')} and c.outcome in ('taken', 'skipped') and c.ended_at < ${now}::timestamptz - make_interval(days => ${CALLS_KEPT_DAYS})`);
}

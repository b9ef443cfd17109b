import type { WebhookFrom, WebhookView } from '#core/channels/webhook-view.ts';
import type { CallOutcome, OffBecause } from '#core/channels/webhook-retry.ts';
import { chainKinds, WEBHOOK_EVENTS } from '#core/channels/webhook-events.ts';
import type { WebhookEvent } from '#core/channels/webhook-events.ts';
import type { Clock, Instant } from '#core/kernel/clock.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { newWebhookSecret } from './signature.ts';
import { switchOff } from './switch-off.ts';
import { readTarget } from './target.ts';
import type { PrivateHosts } from './target.ts';

/** Webhooks of one organisation: each is called on its own, and a person still sees them all. */
export const WEBHOOKS_MAX = 10;
/** For so long the former secret signs beside the new one: a working day to change it at the receiver. */
const FORMER_HOURS = 24;
/** So many sign beside it: each makes every call a little longer. */
const FORMER_MAX = 3;

/** Who does something to webhooks, and when. */
export type By = { readonly clock: Clock; readonly actor: string };

const problem = (code: string, fr: string, en: string): Problem => ({ line: 0, severity: 'error', code: `webhook.${code}`, message: { fr, en } });
const NO_EVENT = problem('events', 'Choisissez au moins un événement.', 'Choose at least one event.');

const known = (events: readonly string[]): WebhookEvent[] => WEBHOOK_EVENTS.filter((event) => events.includes(event));

/** Locks the chain's head and gives its place: what is recorded after this is behind it. */
async function lockedHead(t: Tenant): Promise<bigint> {
  const head = await t.one<{ seq: string }>(t.sql`select h.seq from ${t.from('event_head')} h for update`);
  if (head === null) throw new Error('the organisation has no event chain');
  return BigInt(head.seq);
}

/** Adds a webhook, on, that is told of what happens from now; gives its secret, which nobody is shown again. */
export async function addWebhook(t: Tenant, of: { readonly url: string; readonly events: readonly string[]; readonly hosts: PrivateHosts }, by: By): Promise<Result<{ id: string; secret: Buffer }, Problem>> {
  const target = readTarget(of.url, of.hosts);
  if (!target.ok) return target;
  const events = known(of.events);
  if (events.length === 0) return err(NO_EVENT);
  const head = await lockedHead(t);
  const count = await t.one<{ count: number }>(t.sql`select count(*)::int as count from ${t.from('webhook')} w where w.state <> 'removed'`);
  if (count !== null && count.count >= WEBHOOKS_MAX) return err(problem('many', `Il y a déjà ${WEBHOOKS_MAX} webhooks : retirez-en un.`, `There are ${WEBHOOKS_MAX} webhooks already: remove one.`));
  const secret = newWebhookSecret();
  const now = by.clock.now();
  const made = await t.one<{ webhook_id: string }>(t.sql`
    ${t.into('webhook', 'url, events, secret, state, state_because, state_at, told_to, created_at, created_by')}
    values (${t.org}, ${of.url}, ${events}::text[], ${secret}, 'on', 'person', ${now}::timestamptz, ${head}, ${now}::timestamptz, ${by.actor}) returning webhook_id`);
  if (made === null) throw new Error('no webhook row');
  // The host alone: the rest of an address may hold a key.
  await record(t, { at: now, actor: by.actor, kind: 'webhook.added', subject: `webhook:${made.webhook_id}`, facts: { host: target.value.host, events } });
  return ok({ id: made.webhook_id, secret });
}

/** Changes what a webhook is told of all that it was not told yet, also of what happened while it was off; calls that wait stay as they are. */
export async function changeEvents(t: Tenant, of: { readonly id: string; readonly events: readonly string[] }, by: By): Promise<Result<boolean, Problem>> {
  const events = known(of.events);
  if (events.length === 0) return err(NO_EVENT);
  const changed = await t.run(t.sql`${t.update('webhook', 'w')} set events = ${events}::text[] where ${t.own('w')} and w.webhook_id = ${of.id}::bigint and w.state <> 'removed'`);
  if (changed === 1) await record(t, { at: by.clock.now(), actor: by.actor, kind: 'webhook.changed', subject: `webhook:${of.id}`, facts: { events } });
  return ok(changed === 1);
}

/** Gives a webhook a new secret; those before it sign beside it until it is a day old. Null when there is no such webhook. */
export async function rotateSecret(t: Tenant, id: string, by: By): Promise<Buffer | null> {
  const secret = newWebhookSecret();
  const now = by.clock.now();
  const changed = await t.run(t.sql`
    ${t.update('webhook', 'w')} set former_secrets = (array_prepend(w.secret, case when w.former_until > ${now}::timestamptz then w.former_secrets else '{}' end))[1:${FORMER_MAX}], former_until = ${now}::timestamptz + make_interval(hours => ${FORMER_HOURS}), secret = ${secret}
    where ${t.own('w')} and w.webhook_id = ${id}::bigint and w.state <> 'removed'`);
  if (changed === 0) return null;
  await record(t, { at: now, actor: by.actor, kind: 'webhook.rotated', subject: `webhook:${id}`, facts: {} });
  return secret;
}

/** Switches a webhook off in a person's name; what happens meanwhile waits in the chain. */
export const switchOffByPerson = (t: Tenant, id: string, by: By): Promise<boolean> => switchOff(t, id, { because: 'person', at: by.clock.now(), actor: by.actor });

/**
 * Switches a webhook on again. `here`: it goes on where it stopped, the call that failed first; a receiver that has forgotten its id takes a repeat for news, and who
 * switches on accepts that. `now`: what waits and what happened since is never told.
 */
export async function switchOn(t: Tenant, of: { readonly id: string; readonly from: WebhookFrom }, by: By): Promise<boolean> {
  const now = by.clock.now();
  // First the webhook, then the chain, as whoever notes the end of a call does.
  await t.run(t.sql`select from ${t.from('webhook')} w where w.webhook_id = ${of.id}::bigint for update`);
  const head = await lockedHead(t);
  const on = await t.run(t.sql`
    ${t.update('webhook', 'w')} set state = 'on', state_because = 'person', state_at = ${now}::timestamptz, next_at = null, told_to = case when ${of.from === 'now'} then ${head} else w.told_to end
    where ${t.own('w')} and w.webhook_id = ${of.id}::bigint and w.state = 'off'`);
  if (on === 0) return false;
  const skipped = of.from === 'here' ? 0 : await t.run(t.sql`
    ${t.update('webhook_call', 'c')} set outcome = 'skipped', ended_at = ${now}::timestamptz
    where ${t.own('c')} and c.webhook_id = ${of.id}::bigint and (c.outcome is null or c.outcome not in ('taken', 'skipped'))`);
  // Its tries count anew, and so does the time for which the receiver is known to remember its id; a try whose end nobody noted is the first of them.
  if (of.from === 'here') await t.run(t.sql`
    ${t.update('webhook_call', 'c')} set tries = case when c.outcome is null then 1 else 0 end, first_at = case when c.outcome is null then ${now}::timestamptz end, may_have_arrived = false
    where ${t.own('c')} and c.webhook_id = ${of.id}::bigint and c.tries > 0 and (c.outcome is null or c.outcome not in ('taken', 'skipped'))`);
  await record(t, { at: now, actor: by.actor, kind: 'webhook.switchedOn', subject: `webhook:${of.id}`, facts: { from: of.from, skipped } });
  return true;
}

/** Removes a webhook for good: secrets and the address beyond its host go at once, its calls that are done after their time. */
export async function removeWebhook(t: Tenant, id: string, by: By): Promise<boolean> {
  const row = await t.one<{ url: string }>(t.sql`select w.url from ${t.from('webhook')} w where w.webhook_id = ${id}::bigint and w.state <> 'removed' for update`);
  if (row === null) return false;
  const now = by.clock.now();
  await t.run(t.sql`
    ${t.update('webhook', 'w')} set state = 'removed', state_because = 'person', state_at = ${now}::timestamptz, url = ${shownAddress(row.url, false)}, secret = null, former_secrets = '{}', former_until = null,
      worker = null, lease_until = null where ${t.own('w')} and w.webhook_id = ${id}::bigint`);
  await t.run(t.sql`
    ${t.update('webhook_call', 'c')} set outcome = 'skipped', ended_at = ${now}::timestamptz where ${t.own('c')} and c.webhook_id = ${id}::bigint and (c.outcome is null or c.outcome not in ('taken', 'skipped'))`);
  await record(t, { at: now, actor: by.actor, kind: 'webhook.removed', subject: `webhook:${id}`, facts: {} });
  return true;
}

/** An address as it may be shown: without its query, for others than owners without its path. */
function shownAddress(text: string, whole: boolean): string {
  const url = new URL(text);
  return `${url.origin}${whole ? url.pathname : '/'}${whole && url.search !== '' ? '?…' : ''}`;
}

type Row = {
  webhook_id: string; url: string; events: string[]; state: 'on' | 'off'; state_because: OffBecause; state_at: Instant; last_at: Instant | null; last_outcome: CallOutcome | null; last_status: number | null;
  next_at: Instant | null; former_until: Instant | null; created_at: Instant; waiting: number; more: boolean;
};

/** The webhooks that are not removed, oldest first. */
export async function listWebhooks(t: Tenant, of: { readonly whole: boolean; readonly now: Instant }): Promise<WebhookView[]> {
  const rows = await t.rows<Row>(t.sql`
    select w.webhook_id, w.url, w.events, w.state, w.state_because, w.state_at, w.last_at, w.last_outcome, w.last_status, w.next_at, w.former_until, w.created_at,
      (select count(*)::int from ${t.from('webhook_call')} c where c.webhook_id = w.webhook_id and (c.outcome is null or c.outcome not in ('taken', 'skipped'))) as waiting, false as more
    from ${t.from('webhook')} w where w.state <> 'removed' order by w.webhook_id`);
  const views: WebhookView[] = [];
  for (const row of rows) {
    const events = known(row.events);
    views.push({
      id: row.webhook_id, address: shownAddress(row.url, of.whole), events, on: row.state === 'on', offBecause: row.state === 'on' ? null : row.state_because, stateAt: row.state_at,
      last: row.last_at === null || row.last_outcome === null ? null : { at: row.last_at, outcome: row.last_outcome, status: row.last_status },
      nextAt: row.state === 'on' && row.waiting > 0 ? row.next_at : null, waiting: row.waiting, more: await hasNews(t, row.webhook_id, events),
      formerUntil: row.former_until !== null && row.former_until > of.now ? row.former_until : null, createdAt: row.created_at,
    });
  }
  return views;
}

/** Whether events of its kinds lie behind what a webhook was told of; some of them may turn out to be told to nobody. */
async function hasNews(t: Tenant, id: string, events: readonly WebhookEvent[]): Promise<boolean> {
  const row = await t.one<{ more: boolean }>(t.sql`
    select exists (select from ${t.from('event')} e where e.seq > w.told_to and e.kind = any(${chainKinds(events)}::text[])) as more from ${t.from('webhook')} w where w.webhook_id = ${id}::bigint`);
  return row?.more === true;
}

/** Webhooks that are off without anybody of the organisation having switched them off. */
export async function countFailedWebhooks(t: Tenant): Promise<number> {
  const row = await t.one<{ count: number }>(t.sql`select count(*)::int as count from ${t.from('webhook')} w where w.state = 'off' and w.state_because <> 'person'`);
  return row?.count ?? 0;
}

/** Webhooks that are on and may be called now, with when they were called last: those that wait for their next try are left out. */
export async function dueWebhooks(t: Tenant, now: Instant): Promise<{ due: { webhook: string; lastAt: string }[]; some: boolean }> {
  const rows = await t.rows<{ webhook_id: string; last_at: Instant | null; due: boolean }>(t.sql`
    select w.webhook_id, w.last_at, coalesce(w.next_at <= ${now}::timestamptz, true) and (
      w.worker is not null or w.told_to < (select h.seq from ${t.from('event_head')} h)
      or exists (select from ${t.from('webhook_call')} c where c.webhook_id = w.webhook_id and (c.outcome is null or c.outcome not in ('taken', 'skipped')))) as due
    from ${t.from('webhook')} w where w.state = 'on' order by w.webhook_id`);
  return { due: rows.filter(({ due }) => due).map((row) => ({ webhook: row.webhook_id, lastAt: row.last_at ?? '' })), some: rows.length > 0 };
}

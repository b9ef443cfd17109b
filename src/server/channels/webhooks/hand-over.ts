import { afterFailedCall, UNKNOWN_ENDS } from '#core/channels/webhook-retry.ts';
import type { CallOutcome } from '#core/channels/webhook-retry.ts';
import type { Clock, Instant } from '#core/kernel/clock.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Random } from '#core/kernel/random.ts';
import type { SendGuard } from '#server/channels/journal/guard.ts';
import { isFrozen } from '#server/channels/journal/installation.ts';
import type { WorkerPresence } from '#server/channels/worker-presence.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { endCall, holdFence, LEASE_SECONDS, makeCalls, someWait, startCall, unendedCall } from './calls.ts';
import type { ClaimedWebhook, WebhookCall } from './calls.ts';
import type { Post } from './post.ts';
import { signedHeaders } from './signature.ts';
import { switchOff } from './switch-off.ts';

/** What calls are handed over with. */
export type Calling = { readonly database: Database; readonly clock: Clock; readonly random: Random; readonly guard: SendGuard; readonly worker: WorkerPresence; readonly post: Post; readonly stopping?: AbortSignal };

/** One webhook of one organisation. */
export type WebhookOf = { readonly organisation: OrganisationId; readonly webhook: string };

/**
 * Why a webhook's turn ended. `idle`: nothing waits. `busy`: another worker has it. `later`: not yet, or a try failed. `closed`: it was switched off. `frozen`: nothing leaves this
 * database. `more`: its turn is over, calls may wait still. `lost`: another worker took over meanwhile.
 */
export type TurnEnd = 'idle' | 'busy' | 'later' | 'closed' | 'frozen' | 'more' | 'lost';

/** A turn of one webhook: then the others that wait for a place go first. */
const TURN_MS = 30_000;
/** A worker that was stopped between the note of a start and the call for so long makes no call: the next one may have its place already. */
const START_MS = (LEASE_SECONDS - 60) * 1000;

/** Hands over the calls of a webhook, in their order, one after the other, until none waits or one fails. A failing receiver holds up nobody else. */
export async function callWebhook(by: Calling, of: WebhookOf): Promise<TurnEnd> {
  const { database, clock, guard } = by;
  if ((await guard.check(database, clock.now())) !== null) return 'frozen';
  const claimed = await database.inTenant(of.organisation, (t) => claim(t, by, of.webhook));
  if (typeof claimed === 'string') return claimed;
  try {
    const begun = Date.parse(clock.now());
    while (by.stopping?.aborted !== true && Date.parse(clock.now()) - begun < TURN_MS) {
      const end = await callNext(by, of, claimed);
      if (end !== null) return end;
    }
    return 'more';
  } finally {
    await database.inTenant(of.organisation, (t) => t.run(t.sql`
      ${t.update('webhook', 'w')} set worker = null, lease_until = null where ${t.own('w')} and w.webhook_id = ${of.webhook}::bigint and w.fence = ${claimed.fence}`));
  }
}

type WebhookRow = {
  url: string; events: string[]; secret: Buffer; former_secrets: Buffer[]; former_until: Instant | null; worker: string | null; expired: boolean; early: boolean; sample: boolean;
};

/** Takes the webhook for this worker, unless a living one has it; settles what a lost one left, and makes the next calls. */
async function claim(t: Tenant, { clock, random, worker }: Calling, id: string): Promise<ClaimedWebhook | TurnEnd> {
  if (await isFrozen(t)) return 'frozen';
  const now = clock.now();
  const row = await t.one<WebhookRow>(t.sql`
    select w.url, w.events, w.secret, w.former_secrets, w.former_until, w.worker, coalesce(w.lease_until < now(), true) as expired,
      coalesce(w.next_at > ${now}::timestamptz, false) as early, (select p.sample from ${t.from('profile')} p) as sample
    from ${t.from('webhook')} w where w.webhook_id = ${id}::bigint and w.state = 'on' for update skip locked`);
  // Nothing of a sample company is true: nobody is told of it, as none of its messages leaves.
  if (row === null || row.sample) return 'busy';
  const held = row.worker !== null && !row.expired && row.worker !== worker.id && (await worker.isAlive(t, row.worker));
  if (held) return 'busy';
  const forget = row.former_until !== null && row.former_until <= now;
  const taken = await t.one<{ fence: number }>(t.sql`
    ${t.update('webhook', 'w')} set fence = w.fence + 1, worker = ${worker.id}, lease_until = now() + make_interval(secs => ${LEASE_SECONDS}),
      former_secrets = case when ${forget} then '{}' else w.former_secrets end, former_until = case when ${forget} then null else w.former_until end
    where ${t.own('w')} and w.webhook_id = ${id}::bigint returning w.fence`);
  const claimed: ClaimedWebhook = { id, fence: taken?.fence ?? 0, url: row.url, events: row.events, secrets: [row.secret, ...(forget ? [] : row.former_secrets)] };
  const lost = await unendedCall(t, id);
  const end = lost !== null ? await noteEnd(t, claimed, { call: lost, outcome: 'lost', status: null, now, chance: random.next() }) : row.early ? 'later' : null;
  if (end !== null) {
    await t.run(t.sql`${t.update('webhook', 'w')} set worker = null, lease_until = null where ${t.own('w')} and w.webhook_id = ${id}::bigint`);
    return end;
  }
  await makeCalls(t, claimed, { now });
  return claimed;
}

/** One call: its start noted, handed over, its end noted; null when the next may follow. */
async function callNext({ database, clock, random, post }: Calling, { organisation }: WebhookOf, webhook: ClaimedWebhook): Promise<TurnEnd | null> {
  const startedAt = clock.now();
  const call = await database.inTenant(organisation, (t) => begin(t, webhook, startedAt));
  if (typeof call === 'string') return call;
  if (Date.parse(clock.now()) - Date.parse(startedAt) > START_MS) return 'lost';
  const at = clock.now();
  const { outcome, status } = await post({ url: webhook.url, headers: signedHeaders({ id: call.id, at, body: call.body, secrets: webhook.secrets }), body: call.body });
  return database.inTenant(organisation, async (t) => {
    if (!(await holdFence(t, webhook, 'end'))) return 'lost';
    return noteEnd(t, webhook, { call, outcome, status, now: clock.now(), chance: random.next() });
  });
}

/** The freeze is looked at with each start, under a lock that it waits for: after it no call begins. */
async function begin(t: Tenant, webhook: ClaimedWebhook, now: Instant): Promise<WebhookCall | TurnEnd> {
  if (await isFrozen(t)) return 'frozen';
  if (!(await holdFence(t, webhook, 'begin'))) return 'lost';
  const call = await startCall(t, webhook, now);
  if (call !== null) return call;
  if (await someWait(t, webhook.id)) {
    await switchOff(t, webhook.id, { because: 'unsure', at: now, actor: 'system:worker' });
    return 'closed';
  }
  await makeCalls(t, webhook, { now });
  return (await startCall(t, webhook, now)) ?? 'idle';
}

type Ending = { readonly call: Pick<WebhookCall, 'seq' | 'part' | 'tries' | 'firstAt' | 'mayHaveArrived'>; readonly outcome: CallOutcome; readonly status: number | null; readonly now: Instant; readonly chance: number };

/** Notes how a try ended and what follows: the next call, this one again after a while, or none until a person looks. The caller holds the fence. */
async function noteEnd(t: Tenant, webhook: ClaimedWebhook, { call, outcome, status, now, chance }: Ending): Promise<TurnEnd | null> {
  await endCall(t, webhook.id, { call, outcome, status, now });
  if (outcome === 'taken') {
    await t.run(t.sql`${t.update('webhook', 'w')} set next_at = null where ${t.own('w')} and w.webhook_id = ${webhook.id}::bigint and w.next_at is not null`);
    return null;
  }
  const after = afterFailedCall({ outcome, status, tries: call.tries, firstAt: call.firstAt, mayHaveArrived: call.mayHaveArrived || UNKNOWN_ENDS.includes(outcome) }, now, chance);
  if (after.next === 'off') {
    await switchOff(t, webhook.id, { because: after.because, at: now, actor: 'system:worker' });
    return 'closed';
  }
  await t.run(t.sql`
    ${t.update('webhook', 'w')} set next_at = ${now}::timestamptz + make_interval(secs => ${after.afterMs / 1000}) where ${t.own('w')} and w.webhook_id = ${webhook.id}::bigint`);
  return 'later';
}

import { domainOf } from '#core/channels/allowance.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { openAttempts } from './attempts.ts';
import { LEASE_MINUTES } from './claim-batch.ts';
import type { Claimed, Ended } from './claim-batch.ts';
import type { LockedAction } from './claim.ts';
import type { SendOptions } from './send.ts';

/** Says of actions approved long ago that they were looked at again and still stand: they leave on the facts of today. */
export async function writeRechecked(t: Tenant, options: SendOptions, old: readonly LockedAction[]): Promise<void> {
  await t.run(t.sql`
    ${t.update('action', 'a')} set today = ${options.today}::date
    where ${t.own('a')} and a.action_id = any(${old.map(({ actionId }) => actionId)}::bigint[])`);
  await record(t, {
    at: options.clock.now(), actor: options.actor, kind: 'action.redated', subject: old.length === 1 ? `action:${old[0]?.actionId ?? ''}` : 'actions',
    facts: { actions: old.map(({ actionId }) => actionId), approvedOn: old.map(({ approvedOn }) => approvedOn ?? ''), today: options.today },
  });
}

/** Takes the fences of claimed actions and opens their attempts, with one event for all. */
export async function writeClaimed(t: Tenant, options: SendOptions, claimed: readonly Claimed[]): Promise<void> {
  const now = options.clock.now();
  const ids = claimed.map(({ action }) => action.actionId);
  await t.run(t.sql`
    ${t.update('action', 'a')} set state = 'claimed', state_reason = null, state_at = ${now}::timestamptz, fence = a.fence + 1, worker = ${options.worker.id},
      lease_until = now() + make_interval(mins => ${LEASE_MINUTES}), test = a.test or ${claimed.some(({ action }) => action.test)}
    where ${t.own('a')} and a.action_id = any(${ids}::bigint[])`);
  await openAttempts(t, claimed.map(({ action, fence, mail }) => ({ action: action.actionId, fence, domain: mail === null ? null : domainOf(mail.to) })), { worker: options.worker.id, now });
  await record(t, {
    at: now, actor: options.actor, kind: 'action.claimed', subject: ids.length === 1 ? `action:${ids[0] ?? ''}` : 'actions',
    facts: {
      actions: ids, fences: claimed.map(({ fence }) => String(fence)), sha256: claimed.map((one) => one.sha256),
      totals: claimed.map(({ action }) => `${action.total} ${action.currency}`), ...(claimed.some(({ action }) => action.test) ? { test: true } : {}),
    },
  });
}

/** Ends actions that do not leave, with one event for all. */
export async function writeEnded(t: Tenant, options: SendOptions, ended: readonly Ended[]): Promise<void> {
  const now = options.clock.now();
  await t.run(t.sql`
    ${t.update('action', 'a')} set state = n.state, state_reason = n.reason, state_at = ${now}::timestamptz
    from unnest(${ended.map((one) => one.action)}::bigint[], ${ended.map((one) => one.state)}::text[], ${ended.map((one) => one.reason)}::text[]) as n(action_id, state, reason)
    where ${t.own('a')} and a.action_id = n.action_id`);
  await record(t, {
    at: now, actor: options.actor, kind: 'action.ended', subject: ended.length === 1 ? `action:${ended[0]?.action ?? ''}` : 'actions',
    facts: { actions: ended.map((one) => one.action), states: ended.map((one) => one.state), reasons: ended.map((one) => one.reason) },
  });
}

import { domainOf } from '#core/channels/allowance.ts';
import type { HoldFacts } from '#core/dunning/facts.ts';
import { commitment } from '#server/audit/commitment.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import type { Facts } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { openAttempts } from './attempts.ts';
import { LEASE_MINUTES } from './claim-batch.ts';
import type { Claimed, Ended } from './claim-batch.ts';
import type { LockedAction } from './claim.ts';
import type { Ground } from './ground.ts';
import type { Sending } from './send.ts';

/** Says of actions approved long ago that they were looked at again and still stand: they leave on the facts of today. */
export async function writeRechecked(t: Tenant, options: Sending, old: readonly LockedAction[]): Promise<void> {
  await t.run(t.sql`
    ${t.update('action', 'a')} set today = ${options.today}::date
    where ${t.own('a')} and a.action_id = any(${old.map(({ actionId }) => actionId)}::bigint[])`);
  await recordOfActions(t, { at: options.clock.now(), actor: options.actor, kind: 'action.redated' },
    old.map(({ actionId, approvedOn }) => ({ action: actionId, facts: { approvedOn, today: options.today } })));
}

/** Takes the fences of claimed actions and opens their attempts, with an event each. */
export async function writeClaimed(t: Tenant, options: Sending, { claimed, ground }: { claimed: readonly Claimed[]; ground: Ground }): Promise<void> {
  const now = options.clock.now();
  const ids = claimed.map(({ action }) => action.actionId);
  await t.run(t.sql`
    ${t.update('action', 'a')} set state = 'claimed', state_reason = null, state_at = ${now}::timestamptz, fence = a.fence + 1, worker = ${options.worker.id},
      lease_until = now() + make_interval(mins => ${LEASE_MINUTES}), test = a.test or ${claimed.some(({ action }) => action.test)}
    where ${t.own('a')} and a.action_id = any(${ids}::bigint[])`);
  await openAttempts(t, claimed.map(({ action, fence, mail }) => ({ action: action.actionId, fence, domain: mail === null ? null : domainOf(mail.to) })), { worker: options.worker.id, now });
  await recordOfActions(t, { at: now, actor: options.actor, kind: 'action.claimed' },
    claimed.map((one) => ({ action: one.action.actionId, facts: claimFacts(one, ground.accounts.get(one.action.customerId)?.holds ?? []) })));
}

/** What is kept of a message that is about to leave: to whom and which bytes as commitments, the amounts, and the holds that were looked at. */
function claimFacts({ action, fence, headerId, evidence }: Claimed, holds: readonly HoldFacts[]): Facts {
  const { salt, recipient, mimeSha256, pdfSha256, template } = evidence;
  return {
    fence, headerId, currency: action.currency, total: String(action.total),
    items: [...action.listed].map(([item, amount]) => `${item} ${amount}`).toSorted(),
    recipient: commitment(salt, 'recipient', recipient),
    mime: mimeSha256 === null ? null : commitment(salt, 'mime', mimeSha256), pdf: pdfSha256 === null ? null : commitment(salt, 'pdf', pdfSha256),
    template, holds: holds.map((hold) => [hold.holdId, hold.kind, hold.from, hold.until ?? '', hold.itemId ?? [...(hold.items ?? [])].join(',')].join(' ').trim()).toSorted(),
    ...(action.test ? { test: true } : {}),
  };
}

/** Ends actions that do not leave, with an event each. */
export async function writeEnded(t: Tenant, options: Sending, ended: readonly Ended[]): Promise<void> {
  const now = options.clock.now();
  await t.run(t.sql`
    ${t.update('action', 'a')} set state = n.state, state_reason = n.reason, state_at = ${now}::timestamptz
    from unnest(${ended.map((one) => one.action)}::bigint[], ${ended.map((one) => one.state)}::text[], ${ended.map((one) => one.reason)}::text[]) as n(action_id, state, reason)
    where ${t.own('a')} and a.action_id = n.action_id`);
  await recordOfActions(t, { at: now, actor: options.actor, kind: 'action.ended' }, ended.map(({ action, state, reason }) => ({ action, facts: { state, reason } })));
}

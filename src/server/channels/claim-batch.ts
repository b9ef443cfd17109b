import type { ActionId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import { holdImportsOff } from '#server/intake/import-lock.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { openAttempts } from './attempts.ts';
import { lockActions, readGround, recheck } from './claim.ts';
import type { LockedAction } from './claim.ts';
import type { StoredMail } from './mime.ts';
import { prepareMessages } from './prepare.ts';
import type { Preparing } from './prepare.ts';
import type { SendOptions } from './send.ts';

/** An action of which this process holds the fence and whose bytes are stored: it may be handed over, once. */
export type Claimed = {
  readonly action: LockedAction;
  readonly fence: number;
  readonly mail: StoredMail | null;
  readonly pdf: Buffer | null;
  readonly sha256: string;
  readonly headerId: string;
};

/** What a claim transaction decided for its actions. */
export type ClaimResult = { claimed: Claimed[]; waiting: number; failed: number; cancelled: { action: ActionId; reason: string }[] };

/** A claim older than this, counted from its hand-off once that began, belongs to nobody: longer than any hand-off may last (smtp-settings: 15 minutes). */
export const LEASE_MINUTES = 20;

type Ended = { action: ActionId; state: 'cancelled' | 'failed'; reason: string };

/**
 * The claim transaction of some actions: lock, ask the engine again, store the bytes, take the fences. What it commits is
 * handed over once. One event tells of all that were claimed, one of all that were cancelled.
 */
export async function claimBatch(t: Tenant, options: SendOptions, ids: readonly ActionId[]): Promise<ClaimResult> {
  const result: ClaimResult = { claimed: [], waiting: 0, failed: 0, cancelled: [] };
  if (!(await holdImportsOff(t))) return { ...result, waiting: ids.length };
  const actions = await lockActions(t, ids);
  if (actions.length === 0) return result;
  const ground = await readGround(t, actions, options.today);
  const preparing: Preparing = { ...options, formalNoticeDays: ground.policy.settings.formalNoticeDays };
  const ended: Ended[] = [];
  const leaving: LockedAction[] = [];
  for (const action of actions) {
    const verdict = recheck(ground, action);
    const carrier = action.channel === 'email' ? options.carriers.mail : options.carriers.letter;
    // Nothing is composed before it can leave: the stored bytes never change, and would carry the day and the interest of today.
    if (verdict.go === 'cancel') ended.push({ action: action.actionId, state: 'cancelled', reason: verdict.reason });
    else if (verdict.go === 'later' || carrier === null) result.waiting += 1;
    else leaving.push(action);
  }
  const prepared = await prepareMessages(t, leaving, preparing);
  for (const action of leaving) {
    const message = prepared.get(action.actionId);
    if (message?.ok === true) result.claimed.push({ action, fence: action.fence + 1, ...message.value });
    else ended.push({ action: action.actionId, state: 'failed', reason: message?.error[0]?.code ?? 'cannotCompose' });
  }
  await writeEnded(t, options, ended);
  await writeClaimed(t, options, result.claimed);
  result.failed = ended.filter((one) => one.state === 'failed').length;
  result.cancelled = ended.filter((one) => one.state === 'cancelled').map(({ action, reason }) => ({ action, reason }));
  return result;
}

async function writeClaimed(t: Tenant, options: SendOptions, claimed: readonly Claimed[]): Promise<void> {
  if (claimed.length === 0) return;
  const now = options.clock.now();
  const ids = claimed.map(({ action }) => action.actionId);
  await t.run(t.sql`
    ${t.update('action', 'a')} set state = 'claimed', state_reason = null, state_at = ${now}::timestamptz, fence = a.fence + 1, worker = ${options.worker.id},
      lease_until = now() + make_interval(mins => ${LEASE_MINUTES})
    where ${t.own('a')} and a.action_id = any(${ids}::bigint[])`);
  await openAttempts(t, claimed.map(({ action, fence }) => ({ action: action.actionId, fence })), { worker: options.worker.id, now });
  await record(t, {
    at: now, actor: options.actor, kind: 'action.claimed', subject: ids.length === 1 ? `action:${ids[0] ?? ''}` : 'actions',
    facts: {
      actions: ids, fences: claimed.map(({ fence }) => String(fence)), sha256: claimed.map((one) => one.sha256),
      totals: claimed.map(({ action }) => `${action.total} ${action.currency}`),
    },
  });
}

async function writeEnded(t: Tenant, options: SendOptions, ended: readonly Ended[]): Promise<void> {
  if (ended.length === 0) return;
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

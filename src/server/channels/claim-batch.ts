import { domainOf } from '#core/channels/allowance.ts';
import type { Allowance } from '#core/channels/allowance.ts';
import type { SendFacts } from '#core/dunning/send-facts.ts';
import type { ActionId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import { readSending } from '#server/dunning/sending-settings.ts';
import { holdImportsOff } from '#server/intake/import-lock.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { openAttempts } from './attempts.ts';
import { lockActions } from './claim.ts';
import type { LockedAction } from './claim.ts';
import { readGround } from './ground.ts';
import type { Ground } from './ground.ts';
import { isFrozen } from './journal/installation.ts';
import { readSendFacts } from './journal/send-facts-store.ts';
import type { StoredMail } from './mime.ts';
import { prepareMessages } from './prepare.ts';
import { lockRates, readAllowance } from './rates.ts';
import { isOld, noteLeaving, recheck } from './recheck.ts';
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

/** What a claim transaction decided for its actions; `allowance` is what the rates have left after it. */
export type ClaimResult = {
  claimed: Claimed[]; waiting: number; failed: number; cancelled: EndedAction[]; expired: EndedAction[]; halted: boolean; stopped: boolean; allowance: Allowance | null;
  /** What the send journal will say of the claimed ones. */
  journal: ReadonlyMap<ActionId, SendFacts>;
  /** Nothing may leave: the installation was frozen meanwhile. */
  frozen: boolean;
};

/** An action that ended without being handed over, and why. */
export type EndedAction = { readonly action: ActionId; readonly reason: string };

/** A claim older than this, counted from its hand-off once that began, belongs to nobody: longer than any hand-off may last (smtp-settings: 15 minutes). */
export const LEASE_MINUTES = 20;

type Ended = { action: ActionId; state: 'cancelled' | 'failed' | 'expired'; reason: string };

/**
 * The claim transaction of some actions: lock, ask the engine again, store the bytes, take the fences. What it commits is
 * handed over once. One event tells of all that were claimed, one of all that were cancelled.
 */
export async function claimBatch(t: Tenant, options: SendOptions, ids: readonly ActionId[]): Promise<ClaimResult> {
  const result: ClaimResult = { claimed: [], waiting: 0, failed: 0, cancelled: [], expired: [], halted: false, stopped: false, allowance: null, journal: new Map(), frozen: false };
  if (await isFrozen(t)) return { ...result, waiting: ids.length, frozen: true };
  const { rates } = await readSending(t);
  if (rates !== null) await lockRates(t);
  if (!(await holdImportsOff(t))) return { ...result, waiting: ids.length };
  const actions = await lockActions(t, ids);
  if (actions.length === 0) return result;
  const ground = await readGround(t, actions, { today: options.today, now: options.clock.now() });
  const { testAddress } = ground.policy.sending;
  result.halted = ground.halted;
  result.stopped = ground.policy.settings.globalStop;
  result.allowance = await readAllowance(t, rates, options.clock.now());
  const { leaving, ended } = sorted({ ground, options, result, allowance: result.allowance }, actions);
  await writeRechecked(t, options, leaving.filter((action) => isOld(ground, action)));
  const prepared = await prepareMessages(t, leaving, { ...options, formalNoticeDays: ground.policy.settings.formalNoticeDays, testAddress });
  for (const action of leaving) {
    const message = prepared.get(action.actionId);
    if (message?.ok === true) result.claimed.push({ action: { ...action, test: testAddress !== null }, fence: action.fence + 1, ...message.value });
    else ended.push({ action: action.actionId, state: 'failed', reason: message?.error[0]?.code ?? 'cannotCompose' });
  }
  await writeEnded(t, options, ended);
  await writeClaimed(t, options, result.claimed);
  result.journal = await readSendFacts(t, result.claimed, { today: options.today, now: options.clock.now() });
  const of = (state: Ended['state']): EndedAction[] => ended.filter((one) => one.state === state).map(({ action, reason }) => ({ action, reason }));
  return { ...result, failed: of('failed').length, cancelled: of('cancelled'), expired: of('expired') };
}

type Sorting = { readonly ground: Ground; readonly options: SendOptions; readonly result: ClaimResult; readonly allowance: Allowance };

/** Which actions leave now and which end; the others wait. Each that leaves counts for those after it. */
function sorted({ ground, options, result, allowance }: Sorting, actions: readonly LockedAction[]): { leaving: LockedAction[]; ended: Ended[] } {
  const ended: Ended[] = [];
  const leaving: LockedAction[] = [];
  const { testAddress } = ground.policy.sending;
  for (const action of actions) {
    const verdict = recheck(ground, action);
    const carrier = action.channel === 'email' ? options.carriers.mail : options.carriers.letter;
    if (verdict.go === 'cancel' || verdict.go === 'expire') {
      ended.push({ action: action.actionId, state: verdict.go === 'cancel' ? 'cancelled' : 'expired', reason: verdict.reason });
      continue;
    }
    // Nothing is composed before it can leave: the stored bytes never change, and would carry the day and the interest of today.
    const free = verdict.go === 'now' && carrier !== null && (action.channel !== 'email' || allowance.take(domainOf(testAddress ?? action.recipient ?? '')));
    if (!free) {
      result.waiting += 1;
      continue;
    }
    leaving.push(action);
    if (testAddress === null) noteLeaving(ground, action);
  }
  return { leaving, ended };
}

/** Says of actions approved long ago that they were looked at again and still stand: they leave on the facts of today. */
async function writeRechecked(t: Tenant, options: SendOptions, old: readonly LockedAction[]): Promise<void> {
  if (old.length === 0) return;
  await t.run(t.sql`
    ${t.update('action', 'a')} set today = ${options.today}::date
    where ${t.own('a')} and a.action_id = any(${old.map(({ actionId }) => actionId)}::bigint[])`);
  await record(t, {
    at: options.clock.now(), actor: options.actor, kind: 'action.redated', subject: old.length === 1 ? `action:${old[0]?.actionId ?? ''}` : 'actions',
    facts: { actions: old.map(({ actionId }) => actionId), approvedOn: old.map(({ approvedOn }) => approvedOn ?? ''), today: options.today },
  });
}

async function writeClaimed(t: Tenant, options: SendOptions, claimed: readonly Claimed[]): Promise<void> {
  if (claimed.length === 0) return;
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

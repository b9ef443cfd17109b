import { domainOf } from '#core/channels/allowance.ts';
import type { Allowance } from '#core/channels/allowance.ts';
import type { SendFacts } from '#core/dunning/send-facts.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { LockedAction } from './claim.ts';
import type { Ground } from './ground.ts';
import type { StoredMail } from './mime.ts';
import type { Evidence } from './prepare.ts';
import { isOld, noteLeaving, recheck } from './recheck.ts';
import type { ClaimTransaction } from './send-ledger.ts';
import type { Sending } from './send.ts';

/** An action of which this process holds the fence and whose bytes are stored: it may be handed over, once. */
export type Claimed = {
  readonly action: LockedAction;
  readonly fence: number;
  /** When it was begun to be looked at again: nothing of what it rests on was read before. */
  readonly at: Instant;
  readonly mail: StoredMail | null;
  readonly pdf: Buffer | null;
  readonly sha256: string;
  readonly headerId: string;
  readonly evidence: Evidence;
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

/** An action that ends without being handed over: its new state and why. */
export type Ended = { readonly action: ActionId; readonly state: 'cancelled' | 'failed' | 'expired'; readonly reason: string };

/**
 * The claim transaction of some actions: lock, ask the engine again, store the bytes, take the fences. What it commits is
 * handed over once. Each that was claimed or cancelled has its event.
 */
export async function claimBatch(ledger: ClaimTransaction, options: Sending, ids: readonly ActionId[]): Promise<ClaimResult> {
  const result: ClaimResult = { claimed: [], waiting: 0, failed: 0, cancelled: [], expired: [], halted: false, stopped: false, allowance: null, journal: new Map(), frozen: false };
  if (await ledger.isFrozen()) return { ...result, waiting: ids.length, frozen: true };
  const at = options.clock.now();
  const rates = await ledger.lockRates();
  if (!(await ledger.holdImportsOff())) return { ...result, waiting: ids.length };
  const actions = await ledger.lockActions(ids);
  if (actions.length === 0) return result;
  const ground = await ledger.readGround(actions, { today: options.today, now: options.clock.now() });
  // A call that outlives its day looks at it no more: the next one asks with the day that it is then.
  if (options.clock.today(ground.policy.timeZone) !== options.today) return { ...result, waiting: actions.length };
  const { testAddress } = ground.policy.sending;
  result.halted = ground.halted;
  result.stopped = ground.policy.settings.globalStop;
  result.allowance = await ledger.readAllowance(rates, options.clock.now());
  const { leaving, ended } = sorted({ ground, options, result, allowance: result.allowance }, actions);
  const old = leaving.filter((action) => isOld(ground, action));
  if (old.length > 0) await ledger.writeRechecked(old, options);
  const prepared = await ledger.prepare(leaving, { ...options, formalNoticeDays: ground.policy.settings.formalNoticeDays, testAddress });
  for (const action of leaving) {
    const message = prepared.get(action.actionId);
    if (message?.ok === true) result.claimed.push({ action: { ...action, test: testAddress !== null }, fence: action.fence + 1, at, ...message.value });
    else ended.push({ action: action.actionId, state: 'failed', reason: message?.error[0]?.code ?? 'cannotCompose' });
  }
  if (ended.length > 0) await ledger.writeEnded(ended, options);
  if (result.claimed.length > 0) {
    // Read before anything is written: from its first event on this claim keeps every other writer of the organisation waiting.
    result.journal = await ledger.readSendFacts(result.claimed, { today: options.today, now: at });
    await ledger.writeClaimed(result.claimed, { by: options, ground });
  }
  const of = (state: Ended['state']): EndedAction[] => ended.filter((one) => one.state === state).map(({ action, reason }) => ({ action, reason }));
  return { ...result, failed: of('failed').length, cancelled: of('cancelled'), expired: of('expired') };
}

type Sorting = { readonly ground: Ground; readonly options: Sending; readonly result: ClaimResult; readonly allowance: Allowance };

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

import type { Clock } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import { commitment } from '#server/audit/commitment.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { wordsOf } from './attempts.ts';
import type { Outcome } from './attempts.ts';
import type { Bounce } from './bounces/record-bounce.ts';
import type { Claimed } from './claim-batch.ts';
import type { SettleTransaction } from './send-ledger.ts';

/** A hand-off and what became of it. */
export type HandedOver = { readonly claimed: Claimed; readonly outcome: Outcome };

/** How an action stands after its hand-off, as results count it; `waiting` will be tried again. */
export type Written = 'sent' | 'failed' | 'unknown' | 'waiting' | 'tested';

/** Tries refused for a passing reason before the action fails. */
const TRIES_MAX = 6;

/** Who writes, when, and the business day accepted messages count as sent. */
export type Settling = { readonly today: Day; readonly clock: Clock; readonly actor: string };

type State = 'sent' | 'failed' | 'unknown' | 'approved';

/** The state that an attempt's end gives its action; `tries` counts this one. */
export type Settled = {
  readonly action: ActionId; readonly fence: number; readonly kind: Outcome['kind']; readonly state: State; readonly response: string; readonly sentOn: Day | null; readonly headerId: string;
  readonly salt: Buffer; readonly test: boolean;
};

/** The state an action takes after so many tries, the last of which ended so. */
export function nextState(outcome: { kind: Outcome['kind']; permanent: boolean }, tries: number): State {
  switch (outcome.kind) {
    case 'accepted': return 'sent';
    case 'unknown': return 'unknown';
    case 'refused': return outcome.permanent || tries >= TRIES_MAX ? 'failed' : 'approved';
  }
}

/** Moves claimed actions to what their attempts ended in, where the claim still stands (fence), with one event each; gives those that were moved. */
export async function writeSettled(t: Tenant, by: Settling, rows: readonly Settled[]): Promise<Set<ActionId>> {
  const now = by.clock.now();
  const moved = await t.rows<{ action_id: ActionId }>(t.sql`
    ${t.update('action', 'a')} set worker = null, lease_until = null, state_at = ${now}::timestamptz,
      state = case when a.test and n.state in ('sent', 'unknown') then 'cancelled' else n.state end,
      state_reason = case n.state when 'sent' then case when a.test then 'testSent' end when 'unknown' then case when a.test then 'testUnknown' else n.response end else n.response end,
      sent_on = case when not a.test then coalesce(n.sent_on, a.sent_on) end
    from unnest(${rows.map((row) => row.action)}::bigint[], ${rows.map((row) => row.fence)}::int[], ${rows.map((row) => row.state)}::text[],
      ${rows.map((row) => row.response)}::text[], ${rows.map((row) => row.sentOn)}::date[]) as n(action_id, fence, state, response, sent_on)
    where ${t.own('a')} and a.action_id = n.action_id and a.fence = n.fence and a.state = 'claimed'
    returning a.action_id`);
  const ours = new Set(moved.map((row) => row.action_id));
  const kept = rows.filter((row) => ours.has(row.action));
  if (kept.length === 0) return ours;
  // A server's words may hold the address it was given: the event keeps what stands for them.
  await recordOfActions(t, { at: now, actor: by.actor, kind: 'action.settled' }, kept.map((row) => ({
    action: row.action,
    facts: {
      fence: row.fence, outcome: row.kind, state: row.test && row.state !== 'failed' && row.state !== 'approved' ? 'cancelled' : row.state, sentOn: row.test ? null : row.sentOn,
      response: commitment(row.salt, 'response', row.response), headerId: row.headerId, ...(row.test ? { test: true } : {}),
    },
  })));
  return ours;
}

/** Writes what became of a chunk's hand-offs; one that was parked meanwhile stays parked for a person. */
export async function settleBatch(ledger: SettleTransaction, by: Settling, handed: readonly HandedOver[]): Promise<Written[]> {
  const rows = handed.map((one): Settled => settledOf(one, by.today));
  const ours = rows.length === 0 ? new Set<ActionId>() : await ledger.writeSettled(by, rows);
  // Most are noted already; the others could not be when their hand-off ended.
  await ledger.endOpen(by, rows.filter((row) => ours.has(row.action)));
  await ledger.recordBounces(by, handed.flatMap((one) => (ours.has(one.claimed.action.actionId) ? bounceOf(one) : [])));
  return rows.map((row) => (ours.has(row.action) ? writtenAs(row) : 'unknown'));
}

/** Gives the attempts of settled actions the end they had, where none was noted. */
export async function endOpen(t: Tenant, by: Settling, kept: readonly Settled[]): Promise<void> {
  await t.run(t.sql`
    ${t.update('send_attempt', 's')} set outcome = n.kind, response = n.response, finished_at = ${by.clock.now()}::timestamptz, sent_on = n.sent_on
    from unnest(${kept.map((row) => row.action)}::bigint[], ${kept.map((row) => row.fence)}::int[], ${kept.map((row) => row.kind)}::text[],
      ${kept.map((row) => row.response)}::text[], ${kept.map((row) => row.sentOn)}::date[]) as n(action_id, fence, kind, response, sent_on)
    where ${t.own('s')} and s.action_id = n.action_id and s.fence = n.fence and s.outcome is null`);
}

/** How an end is counted: a test never as anything that reached a customer, or may have. */
export function writtenAs({ state, test }: Settled): Written {
  if (state === 'approved') return 'waiting';
  return test && state !== 'failed' ? 'tested' : state;
}

function settledOf({ claimed, outcome }: HandedOver, today: Day): Settled {
  const permanent = outcome.kind === 'refused' && outcome.permanent;
  return {
    action: claimed.action.actionId, fence: claimed.fence, kind: outcome.kind, state: nextState({ kind: outcome.kind, permanent }, claimed.action.tries + 1),
    response: wordsOf(outcome), sentOn: outcome.kind === 'accepted' ? today : null, headerId: claimed.headerId,
    salt: claimed.evidence.salt, test: claimed.action.test,
  };
}

/** Enhanced codes (RFC 3463) by which a server says that this address does not exist, moved or is closed; the plain 550 says too little. */
const BAD_ADDRESS = /(?:^|\s)(5\.(?:1\.(?:[1-46]|10)|2\.1))(?!\d)/;

/** A hand-off whose answer says that the address is dead. A test says nothing of the customer's address: it went to another one. */
function bounceOf({ claimed, outcome }: HandedOver): Bounce[] {
  const { action } = claimed;
  if (action.test || action.channel !== 'email' || action.recipient === null || outcome.kind !== 'refused' || !outcome.permanent) return [];
  const status = BAD_ADDRESS.exec(outcome.response)?.[1];
  return status === undefined ? [] : [{ action: action.actionId, address: action.recipient, kind: 'hard', status, diagnostic: outcome.response, source: 'smtp' }];
}

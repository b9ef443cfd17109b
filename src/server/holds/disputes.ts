import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { HoldId } from '#core/kernel/id.ts';
import { decimal, money } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { DisputeOutcome } from '#core/holds/dispute.ts';
import { disputeSteps } from '#core/holds/dispute-reasons.ts';
import type { DisputeReason } from '#core/holds/dispute-reasons.ts';
import { holdProblem } from '#core/holds/hold-problems.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { addComment } from './hold-files.ts';
import { endHold, lockCustomer } from './holds.ts';
import type { By } from './holds.ts';

type Open = { customer_id: string; item_id: string | null; reason: string | null; amount: string | null; currency: Currency | null; open: string | null };

async function lockDispute(t: Tenant, holdId: HoldId): Promise<Open | null> {
  const found = await t.one<{ customer_id: string }>(t.sql`select h.customer_id from ${t.from('hold')} h where h.hold_id = ${holdId}::bigint and h.kind = 'dispute' and h.ended_on is null`);
  if (found === null) return null;
  await lockCustomer(t, found.customer_id);
  return t.one<Open>(t.sql`
    select h.customer_id, h.item_id, h.reason, h.amount, i.currency, (i.amount - i.allocated)::text as open from ${t.from('hold')} h left join ${t.from('item')} i on i.item_id = h.item_id
    where h.hold_id = ${holdId}::bigint and h.kind = 'dispute' and h.ended_on is null`);
}

/** Whether an amount can be a part of what is open of the disputed item; the problem says how much at most. */
function partFault(dispute: Open, amount: bigint): Problem | null {
  if (dispute.currency === null || dispute.open === null) return amount > 0n ? null : holdProblem('disputeAmount', { max: '' });
  const open = BigInt(dispute.open);
  return amount > 0n && amount <= open ? null : holdProblem('disputeAmount', { max: decimal(money(open, dispute.currency)) });
}

/** What a person may change of a dispute that goes on; null amount is all of the item. */
export type DisputeChange = {
  readonly reason: DisputeReason; readonly amount: bigint | null; readonly owner: { readonly name: string | null; readonly email: string | null }; readonly deadlineOn: Day | null; readonly note: string | null;
};

/** Changes reason, part, owner or deadline of a dispute in force, with an event that says from what to what. */
export async function changeDispute(t: Tenant, holdId: HoldId, of: { change: DisputeChange; by: By }): Promise<Result<true, Problem>> {
  const { change, by } = of;
  const dispute = await lockDispute(t, holdId);
  if (dispute === null) return err(holdProblem('disputeOver', {}));
  const fault = change.amount === null ? null : partFault(dispute, change.amount);
  if (fault !== null) return err(fault);
  await t.run(t.sql`
    ${t.update('hold', 'h')} set reason = ${change.reason}, amount = ${change.amount}::bigint, owner_name = ${change.owner.name}, owner_email = ${change.owner.email},
      deadline_on = ${change.deadlineOn}::date, note = ${change.note}
    where ${t.own('h')} and h.hold_id = ${holdId}::bigint`);
  await record(t, {
    at: by.clock.now(), actor: by.actor, kind: 'hold.changed', subject: `customer:${dispute.customer_id}`,
    facts: {
      hold: holdId, reason: change.reason, reasonBefore: dispute.reason, amount: change.amount === null ? null : String(change.amount), amountBefore: dispute.amount,
      deadline: change.deadlineOn,
    },
  });
  return ok(true);
}

/** How a dispute is decided: `amount` is what is granted when it is accepted in part; the note becomes a comment. */
export type DisputeDecision = { readonly outcome: DisputeOutcome; readonly amount: bigint | null; readonly note: string | null; readonly on: Day };

/**
 * Decides a dispute. Rejected: it ends, dunning resumes. Accepted: the item stays out of dunning until its credit note comes. In part: what is
 * granted stays out, the rest is chased again. May be decided again as long as the credit note has not come.
 */
export async function decideDispute(t: Tenant, holdId: HoldId, of: { decision: DisputeDecision; by: By }): Promise<Result<true, Problem>> {
  const { decision, by } = of;
  const dispute = await lockDispute(t, holdId);
  if (dispute === null) return err(holdProblem('disputeOver', {}));
  if (decision.outcome === 'partly' && (decision.amount === null || dispute.item_id === null)) return err(holdProblem('disputePartNeeded', {}));
  const part = decision.outcome === 'partly' ? decision.amount : null;
  const fault = part === null ? null : partFault(dispute, part);
  if (fault !== null) return err(fault);
  await t.run(t.sql`
    ${t.update('hold', 'h')} set outcome = ${decision.outcome}, outcome_on = ${decision.on}::date, amount = coalesce(${part}::bigint, h.amount),
      state = ${decision.outcome === 'rejected' ? 'open' : 'awaitingCredit'}, state_on = ${decision.on}::date
    where ${t.own('h')} and h.hold_id = ${holdId}::bigint`);
  await record(t, {
    at: by.clock.now(), actor: by.actor, kind: 'hold.decided', subject: `customer:${dispute.customer_id}`,
    facts: { hold: holdId, outcome: decision.outcome, on: decision.on, granted: part === null ? null : String(part), amountBefore: dispute.amount },
  });
  if (decision.note !== null) await addComment(t, holdId, { body: decision.note, by });
  if (decision.outcome === 'rejected') await endHold(t, holdId, { on: decision.on, reason: 'rejected', by, state: 'rejected' });
  return ok(true);
}

/** Ticks a step of the action plan of a dispute, or takes the tick back; ticked twice it stays as it is. */
export async function tickStep(t: Tenant, holdId: HoldId, of: { code: string; done: boolean; by: By }): Promise<Result<true, Problem>> {
  const hold = await t.one<{ customer_id: string; reason: string | null }>(t.sql`select h.customer_id, h.reason from ${t.from('hold')} h where h.hold_id = ${holdId}::bigint and h.kind = 'dispute'`);
  if (hold === null) return err(holdProblem('disputeOver', {}));
  if (!disputeSteps(hold.reason).some((step) => step.code === of.code)) return err(holdProblem('disputeStep', { code: of.code }));
  const at = of.done ? of.by.clock.now() : null;
  const actor = of.done ? of.by.actor : null;
  const changed = await t.run(t.sql`
    ${t.into('hold_step', 'hold_id, code, done_at, done_by')} values (${t.org}, ${holdId}::bigint, ${of.code}, ${at}::timestamptz, ${actor})
    on conflict (organisation_id, hold_id, code) do update set done_at = excluded.done_at, done_by = excluded.done_by where (hold_step.done_at is null) <> (excluded.done_at is null)`);
  if (changed > 0) {
    await record(t, { at: of.by.clock.now(), actor: of.by.actor, kind: of.done ? 'hold.stepDone' : 'hold.stepUndone', subject: `customer:${hold.customer_id}`, facts: { hold: holdId, step: of.code } });
  }
  return ok(true);
}

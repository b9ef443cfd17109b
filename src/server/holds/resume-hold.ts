import type { Day } from '#core/kernel/day.ts';
import type { HoldId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { holdProblem } from '#core/holds/hold-problems.ts';
import type { HoldKind } from '#core/holds/hold-state.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { lockCustomer } from './holds.ts';
import type { By } from './holds.ts';
import { otherPlanOf } from './plans.ts';

type Row = { customer_id: string; kind: HoldKind; state: string; ended_on: Day | null; ended_reason: string | null; outcome: string | null; accepted_on: Day | null };

const read = (t: Tenant, holdId: HoldId): Promise<Row | null> => t.one<Row>(t.sql`
  select h.customer_id, h.kind, h.state, h.ended_on, h.ended_reason, h.outcome, h.accepted_on from ${t.from('hold')} h where h.hold_id = ${holdId}::bigint`);

/**
 * Takes back the end that a person put to a hold, on the same business day only: later, letters may have gone because of it. A dispute that was
 * turned down is open again. What ended by itself goes on by itself, and a plan that another one replaced does not come back.
 */
export async function resumeHold(t: Tenant, holdId: HoldId, of: { today: Day; by: By }): Promise<Result<true, Problem>> {
  const known = await read(t, holdId);
  if (known === null) return err(holdProblem('holdUnknown', {}));
  await lockCustomer(t, known.customer_id);
  const hold = await read(t, holdId);
  const byPerson = hold !== null && (hold.state === 'ended' || hold.state === 'rejected');
  if (hold === null || !byPerson || hold.ended_on !== of.today || hold.ended_reason === 'replanned') return err(holdProblem('endFinal', {}));
  const clash = hold.kind === 'plan' && hold.accepted_on !== null ? await otherPlanOf(t, holdId) : null;
  if (clash !== null) return err(holdProblem('planTwice', { document: clash }));
  const rejected = hold.outcome === 'rejected';
  const goesOn = hold.kind === 'plan' ? (hold.accepted_on === null ? 'proposed' : 'current') : hold.outcome === null || rejected ? 'open' : 'awaitingCredit';
  await t.run(t.sql`
    ${t.update('hold', 'h')} set ended_on = null, ended_reason = null, state = ${goesOn}, state_on = ${of.today}::date,
      outcome = case when ${rejected} then null else h.outcome end, outcome_on = case when ${rejected} then null else h.outcome_on end
    where ${t.own('h')} and h.hold_id = ${holdId}::bigint`);
  await record(t, {
    at: of.by.clock.now(), actor: of.by.actor, kind: 'hold.resumed', subject: `customer:${hold.customer_id}`, facts: { hold: holdId, kind: hold.kind, was: hold.state, on: of.today },
  });
  return ok(true);
}

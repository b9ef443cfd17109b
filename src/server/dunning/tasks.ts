import { TASK_CHANNELS } from '#core/dunning/scenario.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By } from './actions.ts';

/** What became of a task: done, its step counts; not done, the next run may propose it again. */
export type TaskEnd = { readonly done: boolean; readonly note: string | null; readonly today: Day; readonly by: By };

/**
 * A person says what became of a call, a visit or a check; one that two persons approve must be approved first. Done, it counts as made that
 * day, as a message that was accepted does (in test mode nothing counts); not done, it is cancelled. False when there is no such task to do (any more).
 */
export async function endTask(t: Tenant, id: ActionId, end: TaskEnd): Promise<boolean> {
  const { done, note, today, by } = end;
  const moved = await t.run(t.sql`
    ${t.update('action', 'a')} set state = case when ${done} and not a.test then 'sent' else 'cancelled' end,
      state_reason = case when not ${done} then 'notDone' when a.test then 'test' else 'doneByPerson' end,
      state_at = ${by.clock.now()}::timestamptz, sent_on = case when ${done} and not a.test then ${today}::date end, approved_by = coalesce(a.approved_by, ${by.actor}),
      task_note = ${note}
    where ${t.own('a')} and a.action_id = ${id}::bigint and a.channel = any(${[...TASK_CHANNELS]}::text[])
      and (a.state = 'approved' or (a.state = 'proposed' and a.approvals_needed = 1))`);
  if (moved === 0) return false;
  await recordOfActions(t, { at: by.clock.now(), actor: by.actor, kind: done ? 'task.done' : 'task.notDone' }, [{ action: id, facts: { today } }]);
  return true;
}

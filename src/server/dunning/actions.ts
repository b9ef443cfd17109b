import { arrivedOn, underWayFor } from '#core/dunning/hand-off-times.ts';
import type { Clock, Instant } from '#core/kernel/clock.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { Segment } from '#core/risk/segment.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { approveActions, withdrawFirst } from './approvals.ts';
import type { PlacingBy } from './sent-elsewhere.ts';

/** States an action can be listed by. */
export const ACTION_STATES = [
  'proposed', 'approved', 'claimed', 'sent', 'delivered', 'bounced', 'replied', 'cancelled', 'failed', 'unknown', 'expired',
] as const;
/** One of them. */
export type ActionState = (typeof ACTION_STATES)[number];

/** An action as lists show it; amounts are minor units as texts. */
export type ActionRow = {
  action_id: ActionId; customer: string; customer_name: string; customer_id: string; channel: string; recipient: string | null; step: number;
  scenario: string; currency: Currency; total: string; documents: string[]; state: ActionState; state_reason: string | null; state_at: string;
  today: Day; formal_notice: boolean; firmer: boolean; sent_on: Day | null; tone: string; template_code: string; offset_days: number;
  /** Made or handed over in test mode. */
  test: boolean;
  approvals_needed: number;
  /** Who approved it first where two must. */
  first_approved_by: string | null;
  /** A reminder, the copy of one, or thanks. */
  purpose: 'dunning' | 'copy' | 'thankYou';
  /** The customer's segment; null when none was found yet. */
  segment: Segment | null;
  /** What a person said of a task that ended. */
  task_note: string | null;
};

/** How actions are narrowed. */
export type ActionFilter = { readonly state?: ActionState | readonly ActionState[]; readonly customerId?: string; readonly id?: ActionId; readonly limit?: number };

/** Actions one answer carries at most. */
const ACTIONS_MAX = 100_000;

/** Actions, newest first within a customer code order. */
export async function listActions(t: Tenant, filter: ActionFilter = {}): Promise<ActionRow[]> {
  const states = filter.state === undefined ? null : typeof filter.state === 'string' ? [filter.state] : filter.state;
  return t.rows<ActionRow>(t.sql`
    select a.action_id, c.code as customer, c.name as customer_name, a.customer_id, a.channel, a.recipient, a.step, s.code as scenario, a.currency,
      a.total, a.state, a.state_reason, a.state_at, a.today, a.formal_notice, a.firmer, a.sent_on, a.tone, a.template_code, a.offset_days,
      a.test, a.approvals_needed, a.first_approved_by, a.purpose, a.task_note, coalesce(c.segment_override, c.segment) as segment,
      coalesce((select array_agg(coalesce(i.document, i.label, i.item_id::text) order by i.due_on, i.item_id)
        from ${t.from('action_item')} x join ${t.from('item')} i on i.item_id = x.item_id where x.action_id = a.action_id), '{}') as documents
    from ${t.from('action')} a
    join ${t.from('customer')} c on c.customer_id = a.customer_id
    join ${t.from('scenario')} s on s.scenario_id = a.scenario_id
    where (${states}::text[] is null or a.state = any(${states}::text[]))
      and (${filter.customerId ?? null}::bigint is null or a.customer_id = ${filter.customerId ?? null}::bigint)
      and (${filter.id ?? null}::bigint is null or a.action_id = ${filter.id ?? null}::bigint)
    order by a.action_id desc limit ${filter.limit ?? ACTIONS_MAX}`);
}

/** Who does something to actions, and when. */
export type By = { readonly clock: Clock; readonly actor: string };

/** From which states actions go to which, why, who says so and when. */
export type Move = { readonly from: readonly ActionState[]; readonly to: ActionState; readonly reason: string | null; readonly by: PlacingBy };

/** Moves actions to another state, each with its event; ids that are in none of the states to move from are left alone. Gives those moved. */
export async function moveActions(t: Tenant, ids: readonly ActionId[], change: Move): Promise<ActionId[]> {
  const { from, to, reason, by } = change;
  const rows = await t.rows<{ action_id: ActionId }>(t.sql`
    ${t.update('action', 'a')} set state = ${to}, state_reason = ${reason}, state_at = ${by.now}::timestamptz, worker = null, lease_until = null,
      first_approved_by = case when ${to === 'proposed'} then null else a.first_approved_by end
    where ${t.own('a')} and a.state = any(${from}::text[]) and a.action_id = any(${ids}::bigint[])
    returning a.action_id`);
  const moved = rows.map((row) => row.action_id).toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  await recordOfActions(t, { at: by.now, actor: by.actor, kind: `action.${to}` }, moved.map((action) => ({ action, facts: { reason } })));
  return moved;
}

const now = ({ clock, actor }: By): PlacingBy => ({ now: clock.now(), actor });

/** Approves proposed actions; gives those that may leave now. Where two persons are needed the first one is noted. */
export const approve = async (t: Tenant, ids: readonly ActionId[] | 'all', by: By): Promise<ActionId[]> => (await approveActions(t, ids, by)).approved;

/** Takes approvals back before anything was claimed: those that stand, and the first of two that is the person's own. */
export async function unapprove(t: Tenant, ids: readonly ActionId[], by: By): Promise<ActionId[]> {
  const first = await withdrawFirst(t, ids, by);
  return [...(await moveActions(t, ids, { from: ['approved'], to: 'proposed', reason: null, by: now(by) })), ...first];
}

/** Cancels proposed or approved actions by a person's decision; the next run may propose the step again. */
export async function cancelActions(t: Tenant, ids: readonly ActionId[], by: By): Promise<ActionId[]> {
  return moveActions(t, ids, { from: ['proposed', 'approved'], to: 'cancelled', reason: 'person', by: now(by) });
}

/** Whether a person's word was taken; `minutes`: it may still be under way for so many, and nobody can say yet that it did not arrive. */
export type Resolved = { readonly settled: true } | { readonly settled: false; readonly minutes: number | null };

/**
 * A named person says what became of a parked action: it arrived (it counts as sent that day) or it did not (it goes back
 * to approved and carries the same bytes again). The latter only once a worker that merely seemed lost cannot finish it any more.
 */
export async function resolveUnknown(t: Tenant, id: ActionId, of: { arrived: boolean; today: Day; by: By }): Promise<Resolved> {
  const { reason, claimedAt, claimedOn } = await lastClaim(t, id);
  const minutes = of.arrived ? 0 : underWayFor({ reason, claimedAt }, of.by.clock.now());
  if (minutes > 0) return { settled: false, minutes };
  const moved = await moveActions(t, [id], { from: ['unknown'], to: of.arrived ? 'sent' : 'approved', reason: of.arrived ? 'confirmedByPerson' : 'deniedByPerson', by: now(of.by) });
  if (moved.length === 0) return { settled: false, minutes: null };
  // What a person looked at today is as good as approved today.
  if (!of.arrived) await t.run(t.sql`${t.update('action', 'a')} set approved_on = ${of.today}::date where ${t.own('a')} and a.action_id = ${id}::bigint`);
  if (of.arrived) {
    await t.run(t.sql`${t.update('action', 'a')} set sent_on = ${arrivedOn(of.today, claimedOn)}::date where ${t.own('a')} and a.action_id = ${id}::bigint`);
    await t.run(t.sql`
      ${t.update('send_attempt', 's')} set outcome = 'accepted', response = ${`confirmed by ${of.by.actor}`}
      where ${t.own('s')} and s.action_id = ${id}::bigint and s.outcome = 'unknown'
        and s.fence = (select max(n.fence) from ${t.from('send_attempt')} n where n.action_id = ${id}::bigint)`);
  }
  return { settled: true };
}

type LastClaim = { readonly reason: string | null; readonly claimedAt: Instant | null; readonly claimedOn: Day | null };

/** The latest claim of a parked action, and why it was parked; nulls when it is not parked. Locked, so that it is parked yet when it is moved. */
async function lastClaim(t: Tenant, id: ActionId): Promise<LastClaim> {
  const row = await t.one<{ reason: string | null; claimed_at: Instant | null; claimed_on: Day | null }>(t.sql`
    select a.state_reason as reason, s.claimed_at, (s.claimed_at at time zone p.time_zone)::date as claimed_on
    from ${t.from('action')} a left join ${t.from('send_attempt')} s on s.action_id = a.action_id and s.fence = a.fence cross join ${t.from('profile')} p
    where a.action_id = ${id}::bigint and a.state = 'unknown' for update of a`);
  return { reason: row?.reason ?? null, claimedAt: row?.claimed_at ?? null, claimedOn: row?.claimed_on ?? null };
}

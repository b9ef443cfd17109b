import { channelClass } from '#core/channels/channel-class.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { LEASE_MINUTES } from './claim-batch.ts';
import { letterName } from './rescue.ts';
import type { EndedAttempt, Orphan, StandingClaim } from './rescue.ts';
import type { Settling } from './settle.ts';

/** Every claim that stands, locked; those another rescuer has are left out. */
export async function standingClaims(t: Tenant): Promise<StandingClaim[]> {
  const rows = await t.rows<Omit<StandingClaim, 'file'> & { test: boolean; customer: string }>(t.sql`
    select a.action_id, a.fence, a.worker, a.channel, a.test, c.code as customer, greatest(a.lease_until, s.started_at + make_interval(mins => ${LEASE_MINUTES})) < now() as expired
    from ${t.from('action')} a left join ${t.from('send_attempt')} s on s.action_id = a.action_id and s.fence = a.fence
      join ${t.from('customer')} c on c.customer_id = a.customer_id
    where a.state = 'claimed' order by a.action_id for update of a skip locked`);
  return rows.map((row) => ({ ...row, file: channelClass(row.channel) !== 'askable' ? null : letterName({ customerCode: row.customer, actionId: row.action_id, test: row.test }) }));
}

/** How open attempts end when their worker is gone: `released` had not started, `unknown` had, `accepted` had and the channel says that it has it. */
export type Ending = { readonly orphans: readonly Orphan[]; readonly outcome: 'released' | 'accepted' | 'unknown' };

/** Ends open attempts that were not started (`released`; also those released already whose journal could not be written) or were (`unknown`); a worker that only seemed gone can then neither start nor settle them. */
export async function endAttempts(t: Tenant, by: Settling, { orphans, outcome }: Ending): Promise<Orphan[]> {
  const response = { released: 'worker lost before the hand-off', accepted: 'found in the print folder', unknown: 'worker lost' }[outcome];
  const released = outcome === 'released';
  return t.rows<Orphan>(t.sql`
    ${t.update('send_attempt', 's')} set outcome = ${outcome}, response = coalesce(s.response, ${response}), finished_at = coalesce(s.finished_at, ${by.clock.now()}::timestamptz), sent_on = ${outcome === 'accepted' ? by.today : null}::date
    from unnest(${orphans.map((one) => one.action_id)}::bigint[], ${orphans.map((one) => one.fence)}::int[]) as n(action_id, fence)
    where ${t.own('s')} and s.action_id = n.action_id and s.fence = n.fence and (s.outcome is null or (${released} and s.outcome = 'released')) and (s.started_at is null) = ${released}
    returning s.action_id, s.fence`);
}

/** Actions that had not begun to leave are approved again. */
export async function release(t: Tenant, by: Settling, released: readonly Orphan[]): Promise<void> {
  const now = by.clock.now();
  const ids = released.map((one) => one.action_id);
  await t.run(t.sql`
    ${t.update('action', 'a')} set state = 'approved', state_reason = null, state_at = ${now}::timestamptz, worker = null, lease_until = null
    where ${t.own('a')} and a.action_id = any(${ids}::bigint[]) and a.state = 'claimed'`);
  await recordOfActions(t, { at: now, actor: by.actor, kind: 'action.released' }, released.map(({ action_id: action, fence }) => ({ action, facts: { fence, reason: 'workerLost' } })));
}

/** An action that nobody knows the end of waits for a person. */
export async function park(t: Tenant, by: Settling, one: Orphan): Promise<void> {
  const parked = await t.one<{ test: boolean }>(t.sql`
    ${t.update('action', 'a')} set state = case when a.test then 'cancelled' else 'unknown' end, state_reason = case when a.test then 'testUnknown' else 'workerLost' end, state_at = ${by.clock.now()}::timestamptz, worker = null, lease_until = null
    where ${t.own('a')} and a.action_id = ${one.action_id}::bigint and a.fence = ${one.fence} returning a.test`);
  const test = parked?.test === true;
  await recordOfActions(t, { at: by.clock.now(), actor: by.actor, kind: 'action.unknown' },
    [{ action: one.action_id, facts: { fence: one.fence, state: test ? 'cancelled' : 'unknown', reason: test ? 'testUnknown' : 'workerLost' } }]);
}

/** Attempts whose end was noted while the action was not moved any more. */
export async function readEnded(t: Tenant, orphans: readonly Orphan[]): Promise<EndedAttempt[]> {
  return t.rows<EndedAttempt>(t.sql`
    select s.action_id, s.fence, s.outcome, s.response, s.sent_on, m.header_id, m.salt,
      (select a.test from ${t.from('action')} a where a.action_id = s.action_id) as test,
      (select count(*)::int from ${t.from('send_attempt')} e where e.action_id = s.action_id and e.started_at is not null) as tries
    from unnest(${orphans.map((one) => one.action_id)}::bigint[], ${orphans.map((one) => one.fence)}::int[]) as n(action_id, fence)
    join ${t.from('send_attempt')} s on s.action_id = n.action_id and s.fence = n.fence join ${t.from('message')} m on m.action_id = s.action_id
    order by s.action_id`);
}

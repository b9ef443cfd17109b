import type { Day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { LEASE_MINUTES } from './claim-batch.ts';
import { nextState, writeSettled } from './settle.ts';
import type { Settled, Settling } from './settle.ts';
import type { WorkerPresence } from './worker-presence.ts';

/** What became of the claims of workers that are gone. */
export type Rescued = { readonly released: number; readonly parked: number; readonly settled: readonly Settled[] };

/** Who rescues: a worker that has no hand-off of this organisation under way. */
export type Rescuing = Settling & { readonly worker: WorkerPresence };

type Orphan = { action_id: ActionId; fence: number };

/**
 * Settles the claims of workers that are gone by what their attempts prove. Not started: nothing left, the action is approved
 * again. Ended: the action takes that end. Started and not ended: it may or may not have arrived, only a person can say.
 */
export async function rescueOrphans(t: Tenant, by: Rescuing): Promise<Rescued> {
  const orphans = await findOrphans(t, by.worker);
  if (orphans.length === 0) return { released: 0, parked: 0, settled: [] };
  const released = await endAttempts(t, by, { orphans, outcome: 'released' });
  await release(t, by, released);
  const parked = await endAttempts(t, by, { orphans, outcome: 'unknown' });
  for (const one of parked) await park(t, by, one);
  const open = new Set([...released, ...parked].map((one) => one.action_id));
  const settled = await readEnded(t, orphans.filter((one) => !open.has(one.action_id)));
  await writeSettled(t, by, settled);
  return { released: released.length, parked: parked.length, settled };
}

/** Claims whose worker lives no more, or has held them too long, or is the asking one, whose earlier call broke off. */
async function findOrphans(t: Tenant, worker: WorkerPresence): Promise<Orphan[]> {
  const claims = await t.rows<Orphan & { worker: string; expired: boolean }>(t.sql`
    select a.action_id, a.fence, a.worker, greatest(a.lease_until, s.started_at + make_interval(mins => ${LEASE_MINUTES})) < now() as expired
    from ${t.from('action')} a left join ${t.from('send_attempt')} s on s.action_id = a.action_id and s.fence = a.fence
    where a.state = 'claimed' order by a.action_id for update of a skip locked`);
  const alive = new Map<string, boolean>([[worker.id, false]]);
  for (const { worker: holder } of claims) if (!alive.has(holder)) alive.set(holder, await worker.isAlive(t, holder));
  return claims.filter((one) => one.expired || alive.get(one.worker) === false);
}

type Ending = { readonly orphans: readonly Orphan[]; readonly outcome: 'released' | 'unknown' };

/** Ends open attempts that were not started (`released`) or were (`unknown`); a worker that only seemed gone can then neither start nor settle them. */
async function endAttempts(t: Tenant, by: Rescuing, { orphans, outcome }: Ending): Promise<Orphan[]> {
  const response = outcome === 'released' ? 'worker lost before the hand-off' : 'worker lost';
  return t.rows<Orphan>(t.sql`
    ${t.update('send_attempt', 's')} set outcome = ${outcome}, response = ${response}, finished_at = ${by.clock.now()}::timestamptz
    from unnest(${orphans.map((one) => one.action_id)}::bigint[], ${orphans.map((one) => one.fence)}::int[]) as n(action_id, fence)
    where ${t.own('s')} and s.action_id = n.action_id and s.fence = n.fence and s.outcome is null and (s.started_at is null) = ${outcome === 'released'}
    returning s.action_id, s.fence`);
}

async function release(t: Tenant, by: Rescuing, released: readonly Orphan[]): Promise<void> {
  if (released.length === 0) return;
  const now = by.clock.now();
  const ids = released.map((one) => one.action_id);
  await t.run(t.sql`
    ${t.update('action', 'a')} set state = 'approved', state_reason = null, state_at = ${now}::timestamptz, worker = null, lease_until = null
    where ${t.own('a')} and a.action_id = any(${ids}::bigint[]) and a.state = 'claimed'`);
  await recordOfActions(t, { at: now, actor: by.actor, kind: 'action.released' }, released.map(({ action_id: action, fence }) => ({ action, facts: { fence, reason: 'workerLost' } })));
}

async function park(t: Tenant, by: Rescuing, one: Orphan): Promise<void> {
  const parked = await t.one<{ test: boolean }>(t.sql`
    ${t.update('action', 'a')} set state = case when a.test then 'cancelled' else 'unknown' end, state_reason = case when a.test then 'testUnknown' else 'workerLost' end, state_at = ${by.clock.now()}::timestamptz, worker = null, lease_until = null
    where ${t.own('a')} and a.action_id = ${one.action_id}::bigint and a.fence = ${one.fence} returning a.test`);
  await recordOfActions(t, { at: by.clock.now(), actor: by.actor, kind: 'action.unknown' }, [{ action: one.action_id, facts: { fence: one.fence, state: parked?.test === true ? 'cancelled' : 'unknown', reason: parked?.test === true ? 'testUnknown' : 'workerLost' } }]);
}

type Ended = { action_id: ActionId; fence: number; outcome: Settled['kind']; response: string; sent_on: Day | null; tries: number; header_id: string; salt: Buffer; test: boolean };

/** Attempts whose end was noted while the action was not moved any more. Whether a refusal was for good is not noted: the server says it again. */
async function readEnded(t: Tenant, orphans: readonly Orphan[]): Promise<Settled[]> {
  const rows = await t.rows<Ended>(t.sql`
    select s.action_id, s.fence, s.outcome, s.response, s.sent_on, m.header_id, m.salt,
      (select a.test from ${t.from('action')} a where a.action_id = s.action_id) as test,
      (select count(*)::int from ${t.from('send_attempt')} e where e.action_id = s.action_id and e.started_at is not null) as tries
    from unnest(${orphans.map((one) => one.action_id)}::bigint[], ${orphans.map((one) => one.fence)}::int[]) as n(action_id, fence)
    join ${t.from('send_attempt')} s on s.action_id = n.action_id and s.fence = n.fence join ${t.from('message')} m on m.action_id = s.action_id
    order by s.action_id`);
  return rows.map((row) => ({
    action: row.action_id, fence: row.fence, kind: row.outcome, state: nextState({ kind: row.outcome, permanent: false }, row.tries), response: row.response,
    sentOn: row.sent_on, headerId: row.header_id, salt: row.salt, test: row.test,
  }));
}

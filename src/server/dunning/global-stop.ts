import type { Instant } from '#core/kernel/clock.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By } from './actions.ts';

/** All dunning stopped: why, since when and by whom; null where it was stopped before that was asked. */
export type GlobalStop = { readonly reason: string | null; readonly at: Instant | null; readonly by: string | null };

/** The stop in force, or null. */
export async function readStop(t: Tenant): Promise<GlobalStop | null> {
  const row = await t.one<{ stopped: boolean; stop: { reason: string; at: Instant; by: string } | null }>(t.sql`
    select coalesce((p.dunning ->> 'globalStop')::boolean, false) as stopped, p.stop from ${t.from('profile')} p for update`);
  return row === null || !row.stopped ? null : (row.stop ?? { reason: null, at: null, by: null });
}

/** Stops everything: nothing is proposed, what is approved waits. False when it is stopped already. The words of the reason are in no event. */
export async function stopAll(t: Tenant, of: { reason: string; by: By }): Promise<boolean> {
  const { reason, by } = of;
  if ((await readStop(t)) !== null) return false;
  const at = by.clock.now();
  await t.run(t.sql`
    ${t.update('profile', 'p')} set dunning = p.dunning || '{"globalStop": true}'::jsonb, stop = ${JSON.stringify({ reason, at, by: by.actor })}::jsonb where ${t.own('p')}`);
  await record(t, { at, actor: by.actor, kind: 'dunning.stopped', subject: 'dunning', facts: {} });
  return true;
}

/** Lets everything go on: what is approved leaves with the next sending, asked again at that moment. False when nothing was stopped. */
export async function endStop(t: Tenant, by: By): Promise<boolean> {
  if ((await readStop(t)) === null) return false;
  await t.run(t.sql`${t.update('profile', 'p')} set dunning = p.dunning || '{"globalStop": false}'::jsonb, stop = null where ${t.own('p')}`);
  await record(t, { at: by.clock.now(), actor: by.actor, kind: 'dunning.resumed', subject: 'dunning', facts: {} });
  return true;
}

import { standsAfterEnd } from '#core/dunning/place-sends.ts';
import type { EndToWrite, SendToPlace } from '#core/dunning/place-sends.ts';
import { sendWritten } from '#core/dunning/send-facts.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { Day } from '#core/kernel/day.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { placingIn } from './place-sends.ts';
import { placeWaiting } from './placing.ts';
import type { Placed } from './placing.ts';

/** Who writes, and when. */
export type PlacingBy = { readonly now: Instant; readonly actor: string };

/** Notes what left elsewhere; each is placed now as far as its customer and items are here, the rest at the runs to come. The caller records the event. */
export async function placeSends(t: Tenant, sends: readonly SendToPlace[], by: PlacingBy): Promise<Placed> {
  await t.run(t.sql`
    ${t.into('sent_elsewhere', 'journal_ref, outcome, send, noted_at')}
    select ${t.org}, n.ref, n.outcome, n.send::jsonb, ${by.now}::timestamptz
    from unnest(${sends.map(({ ref }) => ref)}::text[], ${sends.map(({ outcome }) => outcome)}::text[], ${sends.map(({ send }) => JSON.stringify(sendWritten(send)))}::text[]) as n(ref, outcome, send)
    on conflict (organisation_id, journal_ref) do nothing`);
  return placeWaiting(placingIn(t, by));
}

/** Places what came in since: at the start of every run, so that nobody is asked again for what was asked of them elsewhere. One event when anything was placed. */
export async function adoptSentElsewhere(t: Tenant, by: PlacingBy): Promise<void> {
  const { sent, parked, waiting } = await placeWaiting(placingIn(t, by));
  if (sent.length + parked.length === 0) return;
  await record(t, { at: by.now, actor: by.actor, kind: 'sending.placed', subject: 'sending', facts: { sent, parked, waiting } });
}

/** How many actions took an end, and those that are sent by it. */
export type EndsWritten = { readonly moved: number; readonly sent: readonly ActionId[] };

/** Writes such ends: the action takes them as if its worker had come back with them. */
export async function writeJournalEnds(t: Tenant, ends: readonly EndToWrite[], by: PlacingBy): Promise<EndsWritten> {
  if (ends.length === 0) return { moved: 0, sent: [] };
  await t.run(t.sql`
    ${t.update('send_attempt', 's')} set outcome = n.outcome, response = 'send journal', started_at = coalesce(s.started_at, s.claimed_at), finished_at = ${by.now}::timestamptz,
      sent_on = case when n.outcome = 'accepted' then coalesce(n.day, s.claimed_at::date) end
    from unnest(${ends.map(({ action }) => action)}::bigint[], ${ends.map(({ fence }) => fence)}::int[], ${ends.map(({ outcome }) => outcome)}::text[], ${ends.map(({ day }) => day)}::date[])
      as n(action_id, fence, outcome, day)
    where ${t.own('s')} and s.action_id = n.action_id and s.fence = n.fence and (s.outcome is null or s.outcome = 'released')`);
  const here = await t.rows<{ action: ActionId; fence: number; test: boolean; today: Day }>(t.sql`
    select a.action_id as action, a.fence, a.test, a.today from ${t.from('action')} a
    where a.action_id = any(${ends.map(({ action }) => action)}::bigint[]) and a.state in ('claimed', 'approved', 'unknown') order by a.action_id for update`);
  const byAction = new Map<string, (typeof here)[number]>(here.map((row) => [row.action, row]));
  const moved = ends.flatMap((end) => {
    const row = byAction.get(end.action);
    return row === undefined || row.fence !== end.fence ? [] : [{ action: row.action, ...standsAfterEnd(end, row) }];
  });
  const count = await t.run(t.sql`
    ${t.update('action', 'a')} set worker = null, lease_until = null, state_at = ${by.now}::timestamptz, state = n.state, state_reason = n.reason, sent_on = n.sent_on
    from unnest(${moved.map(({ action }) => action)}::bigint[], ${moved.map(({ state }) => state)}::text[], ${moved.map(({ reason }) => reason)}::text[], ${moved.map(({ sentOn }) => sentOn)}::date[])
      as n(action_id, state, reason, sent_on)
    where ${t.own('a')} and a.action_id = n.action_id`);
  return { moved: count, sent: moved.filter(({ state }) => state === 'sent').map(({ action }) => action) };
}

import { placingsOf } from '#core/dunning/place-sends.ts';
import type { EndToWrite, Here, SendToPlace } from '#core/dunning/place-sends.ts';
import { sendRead, sendWritten } from '#core/dunning/send-facts.ts';
import type { SendFacts, WrittenSend } from '#core/dunning/send-facts.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { ActionId, CustomerId, ItemId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { placeOnce } from './place-sends.ts';

/** What became of such messages: actions that stand as sent, or wait for a person; those of whose customer or items something is not here. */
export type Placed = { readonly sent: ActionId[]; readonly parked: ActionId[]; readonly waiting: number };

/** Who writes, and when. */
export type PlacingBy = { readonly now: Instant; readonly actor: string };

/** Sends looked at in one transaction; more wait for the next run. */
const WAITING_MAX = 20_000;

/** Notes what left elsewhere; each is placed now as far as its customer and items are here, the rest at the runs to come. The caller records the event. */
export async function placeSends(t: Tenant, sends: readonly SendToPlace[], by: PlacingBy): Promise<Placed> {
  await t.run(t.sql`
    ${t.into('sent_elsewhere', 'journal_ref, outcome, send, noted_at')}
    select ${t.org}, n.ref, n.outcome, n.send::jsonb, ${by.now}::timestamptz
    from unnest(${sends.map(({ ref }) => ref)}::text[], ${sends.map(({ outcome }) => outcome)}::text[], ${sends.map(({ send }) => JSON.stringify(sendWritten(send)))}::text[]) as n(ref, outcome, send)
    on conflict (organisation_id, journal_ref) do nothing`);
  return placeWaiting(t, by);
}

/** Places what came in since: at the start of every run, so that nobody is asked again for what was asked of them elsewhere. One event when anything was placed. */
export async function adoptSentElsewhere(t: Tenant, by: PlacingBy): Promise<void> {
  const { sent, parked, waiting } = await placeWaiting(t, by);
  if (sent.length + parked.length === 0) return;
  await record(t, { at: by.now, actor: by.actor, kind: 'sending.placed', subject: 'sending', facts: { sent, parked, waiting } });
}

type WaitingRow = { sent_elsewhere_id: string; journal_ref: string; outcome: SendToPlace['outcome']; send: WrittenSend; action_id: ActionId | null };

async function placeWaiting(t: Tenant, by: PlacingBy): Promise<Placed> {
  const rows = await t.rows<WaitingRow>(t.sql`
    select e.sent_elsewhere_id, e.journal_ref, e.outcome, e.send, e.action_id from ${t.from('sent_elsewhere')} e
    where e.placed_at is null order by e.sent_elsewhere_id limit ${WAITING_MAX} for update`);
  if (rows.length === 0) return { sent: [], parked: [], waiting: 0 };
  const waiting = rows.map((row) => ({ row: row.sent_elsewhere_id, ref: row.journal_ref, outcome: row.outcome, action: row.action_id, send: sendRead(row.send) }));
  const placings = placingsOf(waiting, await findHere(t, waiting.map(({ send }) => send)));
  const mains = await placeOnce(t, placings.filter(({ send }) => send.purpose !== 'copy'), by);
  const copies = await placeOnce(t, placings.filter(({ send }) => send.purpose === 'copy'), by);
  const done = [...mains, ...copies];
  return {
    sent: done.flatMap(({ action, outcome }) => (outcome === 'accepted' ? [action] : [])), parked: done.flatMap(({ action, outcome }) => (outcome === 'unknown' ? [action] : [])),
    waiting: rows.length - placings.filter(({ whole }) => whole).length,
  };
}

async function findHere(t: Tenant, sends: readonly SendFacts[]): Promise<Here> {
  const codes = [...new Set(sends.map(({ customer }) => customer))];
  const keys = [...new Set(sends.flatMap((send) => [send.anchor, ...(send.payment === null ? [] : [send.payment]), ...send.items.map(({ naturalKey }) => naturalKey)]))];
  const customers = await t.rows<{ code: string; customer_id: CustomerId }>(t.sql`
    select c.code, c.customer_id from ${t.from('customer')} c where c.code = any(${codes}::text[]) and c.voided_at is null`);
  const items = await t.rows<{ natural_key: string; item_id: ItemId }>(t.sql`
    select i.natural_key, i.item_id from ${t.from('item')} i where i.natural_key = any(${keys}::text[]) and i.voided_at is null`);
  return { customers: new Map(customers.map((row) => [row.code, row.customer_id])), items: new Map(items.map((row) => [row.natural_key, row.item_id])) };
}

/** Writes such ends: the action takes them as if its worker had come back with them. Gives how many it moved. */
export async function writeJournalEnds(t: Tenant, ends: readonly EndToWrite[], by: PlacingBy): Promise<number> {
  if (ends.length === 0) return 0;
  const lines = t.sql`unnest(${ends.map(({ action }) => action)}::bigint[], ${ends.map(({ fence }) => fence)}::int[], ${ends.map(({ outcome }) => outcome)}::text[],
    ${ends.map(({ day }) => day)}::date[]) as n(action_id, fence, outcome, day)`;
  await t.run(t.sql`
    ${t.update('send_attempt', 's')} set outcome = n.outcome, response = 'send journal', started_at = coalesce(s.started_at, s.claimed_at), finished_at = ${by.now}::timestamptz,
      sent_on = case when n.outcome = 'accepted' then coalesce(n.day, s.claimed_at::date) end
    from ${lines} where ${t.own('s')} and s.action_id = n.action_id and s.fence = n.fence and (s.outcome is null or s.outcome = 'released')`);
  return t.run(t.sql`
    ${t.update('action', 'a')} set worker = null, lease_until = null, state_at = ${by.now}::timestamptz,
      state = case n.outcome when 'accepted' then case when a.test then 'cancelled' else 'sent' end when 'refused' then 'approved' else case when a.test then 'cancelled' else 'unknown' end end,
      state_reason = case n.outcome when 'accepted' then case when a.test then 'testSent' else 'sendJournal' end when 'refused' then null else case when a.test then 'testUnknown' else 'sendJournal' end end,
      sent_on = case when n.outcome = 'accepted' and not a.test then coalesce(n.day, a.today) end
    from ${lines} where ${t.own('a')} and a.action_id = n.action_id and a.fence = n.fence and a.state in ('claimed', 'approved', 'unknown')`);
}

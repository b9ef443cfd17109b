import { LIFECYCLE_STATUSES } from '#core/intake/einvoice/lifecycle-status.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { HoldId, ImportId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** The import under which holds are opened or ended, and when. */
export type Settling = { readonly importId: ImportId; readonly today: Day; readonly now: Instant; readonly actor: string };

const codesOf = (...effects: readonly string[]): string[] => Object.entries(LIFECYCLE_STATUSES).flatMap(([code, { effect }]) => (effects.includes(effect) ? [code] : []));

/** Statuses that stop dunning until something else is said, those that let it go on, and of the first which is only a pause. */
const STOPS = codesOf('holdDispute', 'holdPause', 'refused');
const RESUMES = codesOf('accepted', 'cashed', 'resumes');
/** A part is accepted: what is not, when the message says how much, stays in dispute. */
const PARTLY = codesOf('partlyAccepted');
/** Amounts approved and not approved, tax included (law-fr.md REF-05). */
const APPROVED = 'MAPTTC';
const NOT_APPROVED = 'MNATTC';
const PAUSES = codesOf('holdPause');

type Wanted = { amount: string | null; status_id: string; status: string; item_id: string; customer_id: string; stated_on: Day; reason: string | null; note: string | null };

/**
 * Brings the holds up to the latest decisive status of every document: a refused, disputed or suspended invoice is not chased until the
 * buyer approves, completes or pays. Runs after every import, because a status may arrive before its invoice. Holds that people entered
 * are never touched.
 */
export async function settleLifecycle(t: Tenant, settling: Settling): Promise<{ opened: number; ended: number }> {
  const any = await t.one(t.sql`select 1 as found from ${t.from('document_status')} s limit 1`);
  if (any === null) return { opened: 0, ended: 0 };
  const latest = t.sql`
    select distinct on (s.number) s.*, p.approved, p.refused
    from ${t.from('document_status')} s, lateral (
      select min((a.value ->> 'minor')::bigint) filter (where a.value ->> 'type' = ${APPROVED}) as approved,
        min((a.value ->> 'minor')::bigint) filter (where a.value ->> 'type' = ${NOT_APPROVED}) as refused
      from jsonb_array_elements(s.reasons) r, jsonb_array_elements(r.value -> 'amounts') a where s.status = any(${PARTLY}::text[])
    ) p
    where s.voided_at is null and s.status = any(${[...STOPS, ...RESUMES, ...PARTLY]}::text[])
    order by s.number, s.stated_on desc, s.stated_at desc nulls last, s.document_status_id desc`;
  const ended = await t.rows<{ hold_id: HoldId; customer_id: string; kind: string; status: string }>(t.sql`
    ${t.update('hold', 'h')} set ended_on = ${settling.today}::date, ended_reason = 'eInvoice' || l.status
    from ${t.from('document_status')} o, (${latest}) l
    where ${t.own('h')} and h.document_status_id = o.document_status_id and h.ended_on is null and l.number = o.number and l.document_status_id <> o.document_status_id
    returning h.hold_id, h.customer_id, h.kind, l.status`);
  for (const hold of ended) {
    await record(t, {
      at: settling.now, actor: settling.actor, kind: 'hold.ended', subject: `customer:${hold.customer_id}`,
      facts: { hold: hold.hold_id, kind: hold.kind, on: settling.today, reason: `eInvoice${hold.status}`, import: settling.importId },
    });
  }
  const wanted = await t.rows<Wanted>(t.sql`
    select l.document_status_id as status_id, l.status, i.item_id, i.customer_id, l.stated_on, (case when q.part < i.amount then q.part end)::text as amount, l.reasons -> 0 ->> 'code' as reason,
      nullif(concat_ws(' ', l.reasons -> 0 ->> 'text', l.reasons -> 0 -> 'notes' ->> 0), '') as note
    from (${latest}) l join ${t.from('item')} i on i.document = l.number and i.side = 'debit' and i.kind <> 'refund' and i.voided_at is null
      and (l.issued_on is null or i.issued_on = l.issued_on),
      lateral (select coalesce(l.refused, i.amount - l.approved) as part) q
    where not exists (select from ${t.from('hold')} h where h.document_status_id = l.document_status_id and h.item_id = i.item_id) and (l.status = any(${STOPS}::text[]) or q.part > 0)
      and (select count(distinct x.customer_id) from ${t.from('item')} x where x.document = l.number and x.side = 'debit' and x.voided_at is null
        and (l.issued_on is null or x.issued_on = l.issued_on)) = 1
    order by l.document_status_id, i.item_id`);
  for (const one of wanted) await openHold(t, settling, one);
  return { opened: wanted.length, ended: ended.length };
}

/** Longest note kept with a hold: what a buyer wrote in the message. */
const NOTE_MAX = 2_000;

/** The customer's row is locked first, as for a hold that a person enters: a message being claimed either sees it or was before it. */
async function openHold(t: Tenant, settling: Settling, wanted: Wanted): Promise<void> {
  await t.run(t.sql`select from ${t.from('customer')} c where c.customer_id = ${wanted.customer_id}::bigint for update`);
  const kind = PAUSES.includes(wanted.status) ? 'pause' : 'dispute';
  const reason = wanted.reason ?? `eInvoice${wanted.status}`;
  const row = await t.one<{ hold_id: HoldId }>(t.sql`
    ${t.into('hold', 'customer_id, item_id, kind, reason, amount, from_on, note, created_at, actor, import_id, document_status_id')}
    values (${t.org}, ${wanted.customer_id}::bigint, ${wanted.item_id}::bigint, ${kind}, ${reason}, ${wanted.amount}::bigint, ${wanted.stated_on}::date, ${wanted.note?.slice(0, NOTE_MAX) ?? null},
      ${settling.now}::timestamptz, ${settling.actor}, ${settling.importId}::bigint, ${wanted.status_id}::bigint) returning hold_id`);
  if (row === null) throw new Error('no hold row');
  await record(t, {
    at: settling.now, actor: settling.actor, kind: 'hold.added', subject: `customer:${wanted.customer_id}`,
    facts: { hold: row.hold_id, kind, item: wanted.item_id, reason, status: wanted.status, import: settling.importId, from: wanted.stated_on, amount: wanted.amount, until: null },
  });
}

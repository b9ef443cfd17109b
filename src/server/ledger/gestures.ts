import type { Instant } from '#core/kernel/clock.ts';
import type { ImportId } from '#core/kernel/id.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';
import { allocationsByItem, reverseAllocations } from './allocate-groups.ts';

/** Why a match of a file that was taken back is undone: nobody found it wrong. */
export const IMPORT_UNDONE = 'importUndone';

/** What stands against taking a gesture back whole: the money was returned since, or what it left was used or lettered since. */
export type Fixed = { readonly gesture: string; readonly returned: boolean; readonly used: boolean };

/** The gesture a match belongs to: the number of its first match. */
export const gestureOf = (t: Tenant): SqlPiece => t.sql`coalesce(m.gesture_id, m.match_id)`;

const stands = (t: Tenant): SqlPiece => t.sql`a.reverses is null and not exists (select from ${t.from('allocation')} r where r.reverses = a.allocation_id)`;

/** Which of some gestures cannot be taken back, and why; those that can are left out. */
export async function fixedGestures(t: Tenant, gestures: readonly string[]): Promise<Fixed[]> {
  return t.rows<Fixed>(t.sql`
    select f.gesture::text, f.returned, f.used from (
      select g.gesture,
        bool_or(exists (select from ${t.from('bank_line')} b where b.takes_back = m.bank_line_id and b.voided_at is null)
          or exists (select from ${t.from('allocation')} b join ${t.from('allocation')} r on r.reverses = b.allocation_id
            where b.match_id = m.match_id and m.overruled_by is null and not exists (
              select from ${t.from('allocation')} a where a.match_id = b.match_id and a.debit_item_id = b.debit_item_id and a.credit_item_id = b.credit_item_id and ${stands(t)}))) as returned,
        bool_or(m.bank_line_id is not null and c.natural_key like 'bank|%' and exists (
          select from ${t.from('allocation')} a left join ${t.from('match')} o on o.match_id = a.match_id
          where a.credit_item_id = m.credit_item_id and coalesce(o.gesture_id, o.match_id) is distinct from g.gesture and ${stands(t)})) as used
      from unnest(${[...gestures]}::bigint[]) as g(gesture) join ${t.from('match')} m on ${gestureOf(t)} = g.gesture and m.undone_at is null
      join ${t.from('item')} c on c.item_id = m.credit_item_id group by g.gesture
    ) f where f.returned or f.used`);
}

/** A match that was taken back, with the bank line it had placed; null for a credit of the account. */
export type TakenBackMatch = { readonly match_id: string; readonly gesture: string; readonly bank_line_id: string | null; readonly customer_id: string; readonly automatic: boolean };

/**
 * Takes gestures back whole: their allocations are reversed, the receipts and what was let go are void, their bank lines are nobody's again. What
 * the ledger brought stays the ledger's. The caller has made sure that they are not fixed, and records the event.
 */
export async function takeBackGestures(t: Tenant, gestures: readonly string[], by: { readonly now: Instant; readonly actor: string; readonly reason: string }): Promise<TakenBackMatch[]> {
  if (gestures.length === 0) return [];
  const matches = await t.rows<TakenBackMatch & { credit_item_id: string; write_off_item_id: string | null }>(t.sql`
    ${t.update('match', 'm')} set undone_at = ${by.now}::timestamptz, undone_by = ${by.actor}, undone_reason = ${by.reason}
    where ${t.own('m')} and m.match_id in (
        select m.match_id from ${t.from('match')} m where ${gestureOf(t)} = any(${[...gestures]}::bigint[]) and m.undone_at is null order by m.match_id for update)
    returning m.match_id, ${gestureOf(t)}::text as gesture, m.bank_line_id, m.customer_id, m.automatic, m.credit_item_id, m.write_off_item_id`);
  const ids = matches.map((one) => one.match_id);
  // Everywhere in the order of their numbers: two people never wait for each other.
  await t.run(t.sql`
    select i.item_id from ${t.from('item')} i where i.item_id in (
      select touched_item_id from ${allocationsByItem(t)} a where a.match_id = any(${ids}::bigint[])) order by i.item_id for update`);
  await reverseAllocations(t, t.sql`select a.allocation_id from ${t.from('allocation')} a where a.match_id = any(${ids}::bigint[])`, { origin: 'person', importId: null, now: by.now, actor: by.actor });
  const placed = matches.filter((one) => one.bank_line_id !== null);
  await t.run(t.sql`
    ${t.update('bank_line', 'l')} set item_id = null from unnest(${placed.map((one) => one.bank_line_id)}::bigint[], ${placed.map((one) => one.credit_item_id)}::bigint[]) as n(line, item)
    where ${t.own('l')} and l.bank_line_id = n.line and l.item_id = n.item`);
  const gone = [...placed.map((one) => one.credit_item_id), ...matches.flatMap((one) => one.write_off_item_id ?? [])];
  await t.run(t.sql`
    ${t.update('item', 'i')} set voided_at = ${by.now}::timestamptz
    where ${t.own('i')} and i.item_id = any(${gone}::bigint[]) and i.voided_at is null and (i.natural_key like 'bank|%' or i.kind = 'writeOff')`);
  return matches.map(({ match_id, gesture, bank_line_id, customer_id, automatic }) => ({ match_id, gesture, bank_line_id, customer_id, automatic }));
}

/** A gesture that rests on what an import brought. `lettered`: a later ledger set its receipt against something, which no match says. */
export type ResultingGesture = { readonly gesture: string; readonly automatic: boolean; readonly own_line: boolean; readonly lettered: boolean; readonly name: string };

/** Gestures that fall with an import: those of its bank lines and items, and those that used what these left. */
export async function gesturesOfImport(t: Tenant, importId: ImportId): Promise<ResultingGesture[]> {
  const line = t.sql`select l.bank_line_id from ${t.from('bank_line')} l where l.import_id = ${importId}::bigint and l.voided_at is null`;
  const item = t.sql`select i.item_id from ${t.from('item')} i where i.import_id = ${importId}::bigint and i.voided_at is null`;
  return t.rows<ResultingGesture>(t.sql`
    with recursive touched as (
      select a.match_id from ${allocationsByItem(t)} a where a.match_id is not null and a.touched_item_id in (${item}) and ${stands(t)}
    ), fallen as (
      select ${gestureOf(t)} as gesture from ${t.from('match')} m
      where m.undone_at is null and (m.bank_line_id in (${line}) or m.credit_item_id in (${item}) or m.match_id in (select match_id from touched))
      union
      select coalesce(o.gesture_id, o.match_id) from fallen f
      join ${t.from('match')} m on ${gestureOf(t)} = f.gesture and m.undone_at is null and m.bank_line_id is not null
      join ${t.from('item')} c on c.item_id = m.credit_item_id and c.natural_key like 'bank|%'
      join ${t.from('allocation')} a on a.credit_item_id = c.item_id and ${stands(t)}
      join ${t.from('match')} o on o.match_id = a.match_id and o.undone_at is null
    )
    select f.gesture::text, bool_and(m.automatic) as automatic, bool_or(m.bank_line_id in (${line})) as own_line,
      bool_or(m.bank_line_id is not null and c.natural_key like 'bank|%' and exists (
        select from ${t.from('allocation')} a where a.credit_item_id = c.item_id and a.match_id is null and ${stands(t)})) as lettered,
      coalesce(min(nullif(b.label, '')), min(c.document), min(c.label), f.gesture::text) as name
    from fallen f join ${t.from('match')} m on ${gestureOf(t)} = f.gesture and m.undone_at is null
    join ${t.from('item')} c on c.item_id = m.credit_item_id left join ${t.from('bank_line')} b on b.bank_line_id = m.bank_line_id
    group by f.gesture order by f.gesture`);
}

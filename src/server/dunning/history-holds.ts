import type { Dated, HoldHistory } from '#core/dunning/history.ts';
import { ALWAYS } from '#core/dunning/history.ts';
import type { DisputeOutcome } from '#core/holds/dispute.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ItemId } from '#core/kernel/id.ts';
import { selfEnded } from '#server/holds/standings.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { grouped, ms } from './history-rows.ts';
import type { HoldRow } from './history-rows.ts';

/** What a person did to a hold, from its event. */
type HoldEvent = { hold: string; kind: string; at: number; on: Day | null; outcome: DisputeOutcome | null; amount_before: string | null; says_amount: boolean };

/** Holds of customers with what people said of them and when; their events tell when each was said. */
export async function loadHoldHistories(t: Tenant, ids: readonly string[]): Promise<Map<string, HoldHistory[]>> {
  const rows = await t.rows<HoldRow>(t.sql`
    select h.hold_id, h.customer_id, h.kind, h.item_id, coalesce(i.currency, h.currency) as currency, h.amount, h.from_on, h.until_on, h.grace_days, ${ms(t, t.sql`h.created_at`)} as made_at,
      h.accepted_on, h.outcome, h.outcome_on, h.ended_on, coalesce(${selfEnded(t)}, false) as by_itself
    from ${t.from('hold')} h left join ${t.from('item')} i on i.item_id = h.item_id where h.customer_id = any(${ids}::bigint[]) order by h.hold_id`);
  if (rows.length === 0) return new Map();
  const holds = rows.map((row) => row.hold_id);
  const covered = grouped(await t.rows<{ hold_id: string; item_id: ItemId; open_amount: string; carried_from: ItemId | null }>(t.sql`
    select x.hold_id, x.item_id, x.open_amount, x.carried_from from ${t.from('hold_item')} x join ${t.from('hold')} h on h.hold_id = x.hold_id
    where h.kind in ('promise', 'plan') and x.hold_id = any(${holds}::bigint[]) order by x.hold_id, x.item_id`),
  (row) => row.hold_id, (row) => ({ item: row.item_id, open: BigInt(row.open_amount), carriedFrom: row.carried_from }));
  const instalments = grouped(await t.rows<{ hold_id: string; due_on: Day; amount: string }>(t.sql`
    select p.hold_id, p.due_on, p.amount from ${t.from('hold_instalment')} p where p.hold_id = any(${holds}::bigint[]) order by p.hold_id, p.ordinal`),
  (row) => row.hold_id, (row) => ({ dueOn: row.due_on, minor: BigInt(row.amount) }));
  const events = await loadEvents(t, ids);
  return grouped(rows, (row) => row.customer_id, (row): HoldHistory => ({
    holdId: row.hold_id, kind: row.kind, itemId: row.item_id, from: row.from_on, until: row.until_on, graceDays: row.grace_days, madeAt: row.made_at, currency: row.currency,
    covered: covered.get(row.hold_id) ?? null, instalments: instalments.get(row.hold_id) ?? [], ...saidOf(row, events.get(row.hold_id) ?? []),
  }));
}

async function loadEvents(t: Tenant, ids: readonly string[]): Promise<Map<string, HoldEvent[]>> {
  const rows = await t.rows<HoldEvent>(t.sql`
    select f.facts ->> 'hold' as hold, e.kind, ${ms(t, t.sql`e.at`)} as at, f.facts ->> 'on' as on, f.facts ->> 'outcome' as outcome, f.facts ->> 'amountBefore' as amount_before,
      f.facts ? 'amountBefore' as says_amount
    from ${t.from('event')} e cross join lateral (select e.body::jsonb -> 'facts' as facts) f
    where e.kind in ('hold.ended', 'hold.decided', 'hold.changed', 'hold.planAccepted') and e.subject = any(${ids.map((id) => `customer:${id}`)}::text[]) order by e.seq`);
  return grouped(rows, (row) => row.hold, (row) => row);
}

function saidOf(row: HoldRow, events: readonly HoldEvent[]): Pick<HoldHistory, 'amount' | 'accepted' | 'outcome' | 'ended'> {
  const ended = events.find(({ kind }) => kind === 'hold.ended');
  const acceptedBy = events.find(({ kind }) => kind === 'hold.planAccepted');
  const endedOn = row.by_itself ? null : row.ended_on;
  return {
    amount: amounts(row, events), outcome: outcomes(row, events), accepted: row.accepted_on === null ? null : { at: acceptedBy?.at ?? ALWAYS, value: row.accepted_on },
    ended: endedOn === null ? [{ at: ALWAYS, value: null }] : [{ at: ALWAYS, value: null }, { at: ended?.at ?? ALWAYS, value: endedOn }],
  };
}

function amounts(row: HoldRow, events: readonly HoldEvent[]): Dated<bigint | null>[] {
  const dated: Dated<bigint | null>[] = [];
  let at = ALWAYS;
  for (const event of events) {
    if (!event.says_amount) continue;
    dated.push({ at, value: event.amount_before === null ? null : BigInt(event.amount_before) });
    at = event.at;
  }
  return [...dated, { at, value: row.amount === null ? null : BigInt(row.amount) }];
}

function outcomes(row: HoldRow, events: readonly HoldEvent[]): HoldHistory['outcome'] {
  const decided = events.filter(({ kind }) => kind === 'hold.decided');
  if (decided.length === 0) return [{ at: ALWAYS, value: row.outcome === null || row.outcome_on === null ? null : { outcome: row.outcome, on: row.outcome_on } }];
  const said = decided.map(({ at, outcome, on }) => ({ at, value: outcome === null || on === null ? null : { outcome, on } }));
  return [{ at: ALWAYS, value: null }, ...said];
}

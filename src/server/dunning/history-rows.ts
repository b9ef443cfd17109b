import type { At, Dated, Span } from '#core/dunning/history.ts';
import { ALWAYS } from '#core/dunning/history.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, ContactId, CustomerId, HoldId, ItemId } from '#core/kernel/id.ts';
import type { Language } from '#core/kernel/text.ts';
import type { CustomerKind } from '#core/dunning/facts.ts';
import type { Purpose } from '#core/dunning/decision.ts';
import type { Channel, ContactRole } from '#core/dunning/scenario.ts';
import type { DisputeOutcome } from '#core/holds/dispute.ts';
import type { HoldKind } from '#core/holds/hold-state.ts';
import type { Segment } from '#core/risk/segment.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/** An instant as milliseconds since 1970: what histories are compared by. */
export const ms = (t: Tenant, instant: SqlPiece): SqlPiece => t.sql`(extract(epoch from ${instant}) * 1000)::float8`;

/** A span of knowledge as rows give it; null from: always. */
export const spanOf = (from: At | null, until: At | null): Span => ({ from: from ?? ALWAYS, until });

/** Rows by a key, each list in their order. */
export function grouped<Row, Value>(rows: readonly Row[], keyOf: (row: Row) => string, valueOf: (row: Row) => Value): Map<string, Value[]> {
  const found = new Map<string, Value[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const list = found.get(key);
    if (list === undefined) found.set(key, [valueOf(row)]);
    else list.push(valueOf(row));
  }
  return found;
}

/** A customer as it is now. */
export type CustomerRow = {
  customer_id: CustomerId; code: string; name: string; kind: CustomerKind; language: Language; country: string; postal_code: string | null; has_address: boolean; scenario_code: string | null;
  in_legal_case: boolean; from_at: At | null; until_at: At | null;
};

/** What a row was before a change; null: it was not there. */
export type BeforeRow = { relation: 'customer' | 'contact' | 'item'; row_id: string; before: { readonly [column: string]: unknown } | null; at: At };

/** A change of segment. */
export type SegmentRow = { customer_id: string; segment: Segment | null; because: string; at: At };

/** A debit or credit item. */
export type ItemRow = {
  item_id: ItemId; customer_id: string; side: 'debit' | 'credit'; kind: string; document: string | null; label: string | null; currency: Currency; amount: string; issued_on: Day; due_on: Day | null;
  first_seen_on: Day; estimated: boolean; scenario_code: string | null; from_at: At | null; until_at: At | null;
};

/** An allocation with the kind of its credit. */
export type AllocationRow = { allocation_id: string; debit_item_id: ItemId; credit_item_id: ItemId; amount: string; effective_on: Day; at: At; reverses: string | null; kind: string };

/** A hold as it is now. */
export type HoldRow = {
  hold_id: HoldId; customer_id: string; kind: HoldKind; item_id: ItemId | null; currency: Currency | null; amount: string | null; from_on: Day; until_on: Day | null; grace_days: number; made_at: At;
  accepted_on: Day | null; outcome: DisputeOutcome | null; outcome_on: Day | null; ended_on: Day | null; by_itself: boolean;
};

/** A contact as it is now. */
export type ContactRow = {
  contact_id: ContactId; customer_id: string; roles: ContactRole[]; email: string | null; phone: string | null; refused_channels: Channel[]; from_at: At | null; until_at: At | null; bounced_at: At | null;
};

/** An action with what became of it. */
export type ActionRow = {
  action_id: ActionId; customer_id: string; run_id: string; proposed_on: Day; proposed_at: At; purpose: Purpose; channel: Channel; currency: Currency; step: number; code: string; version: number;
  anchor_item_id: ItemId; formal_notice: boolean; needs_approval: boolean; approved_on: Day | null; state: string; state_at: At; sent_on: Day | null; accepted_at: At | null;
};

/** An item of an action. */
export type ListedRow = { action_id: string; item_id: ItemId; credited_step: number | null; credited_offset: number | null; credited_key: string | null };

/** What rows were before each change, oldest first. */
export async function loadBefore(t: Tenant, relation: BeforeRow['relation'], ids: readonly string[]): Promise<Map<string, BeforeRow[]>> {
  return grouped(await t.rows<BeforeRow>(t.sql`
    select b.relation, b.row_id::text, b.before, ${ms(t, t.sql`b.changed_at`)} as at from ${t.from('fact_before')} b
    where b.relation = ${relation} and b.row_id = any(${ids}::bigint[]) order by b.changed_at, b.fact_before_id`), (row) => row.row_id, (row) => row);
}

/** Values in force one after the other, from what each was before its next change and what it is now. */
export function datedFrom<Value>(changes: readonly BeforeRow[], read: (before: NonNullable<BeforeRow['before']>) => Value, now: Value): Dated<Value>[] {
  const dated: Dated<Value>[] = [];
  let at = ALWAYS;
  for (const change of changes) {
    if (change.before !== null) dated.push({ at, value: read(change.before) });
    at = change.at;
  }
  dated.push({ at, value: now });
  return dated;
}

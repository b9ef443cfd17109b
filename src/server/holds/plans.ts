import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, HoldId, ItemId } from '#core/kernel/id.ts';
import { money } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { GRACE_DAYS } from '#core/holds/grace.ts';
import { holdProblem } from '#core/holds/hold-problems.ts';
import { planTotal } from '#core/holds/plan.ts';
import type { PlanInstalment } from '#core/holds/plan.ts';
import { buildPlan, planFault } from '#core/holds/plan-builder.ts';
import type { PlanPeriod } from '#core/holds/plan-builder.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { endHold, lockCustomer } from './holds.ts';
import type { By } from './holds.ts';

/** Items and instalments of a plan as a person enters them; amounts are minor units of the items' currency. */
export type NewPlan = {
  readonly customerId: CustomerId; readonly items: readonly ItemId[]; readonly instalments: readonly PlanInstalment[]; readonly from: Day; readonly graceDays?: number;
  /** Already agreed: by whom. Null: it is proposed, and suspends nothing until it is accepted. */
  readonly acceptedBy: string | null; readonly note: string | null;
  /** The plan whose place it takes, which ends with it. */
  readonly replaces?: HoldId;
};

/** An item as a plan covers it: what is open of it is in the plan. */
export type PlanItem = { readonly itemId: ItemId; readonly document: string; readonly dueOn: Day; readonly issuedOn: Day; readonly amount: bigint; readonly open: bigint; readonly currency: Currency };

/** What the plan of these items would be spread over: those of the customer that are open, oldest first, in one currency. */
export async function plannableItems(t: Tenant, customerId: CustomerId, items: readonly ItemId[]): Promise<Result<{ currency: Currency; total: bigint; items: readonly PlanItem[] }, Problem>> {
  const rows = await t.rows<{ item_id: ItemId; document: string; due_on: Day; issued_on: Day; amount: string; open: string; currency: Currency }>(t.sql`
    select i.item_id, coalesce(i.document, i.label, i.item_id::text) as document, i.due_on, i.issued_on, i.amount, (i.amount - i.allocated)::text as open, i.currency from ${t.from('item')} i
    where i.customer_id = ${customerId}::bigint and i.item_id = any(${items}::bigint[]) and i.side = 'debit' and i.voided_at is null order by i.due_on, i.item_id for share`);
  const [first] = rows;
  if (first === undefined || rows.length < new Set(items).size) return err(holdProblem('planItems', {}));
  if (rows.some((row) => row.currency !== first.currency)) return err(holdProblem('planCurrencies', {}));
  const open = rows.map((row): PlanItem => ({
    itemId: row.item_id, document: row.document, dueOn: row.due_on, issuedOn: row.issued_on, amount: BigInt(row.amount), open: BigInt(row.open), currency: row.currency,
  })).filter((item) => item.open > 0n);
  return open.length === 0 ? err(holdProblem('planNothing', {})) : ok({ currency: first.currency, total: open.reduce((sum, item) => sum + item.open, 0n), items: open });
}

/** Instalments for what is open of the items, to be shown before anything is kept. */
export async function previewPlan(t: Tenant, of: { customerId: CustomerId; items: readonly ItemId[]; count: number; firstOn: Day; period: PlanPeriod }): Promise<Result<{ currency: Currency; total: bigint; instalments: readonly PlanInstalment[] }, Problem>> {
  const found = await plannableItems(t, of.customerId, of.items);
  if (!found.ok) return found;
  const built = buildPlan({ total: found.value.total, count: of.count, firstOn: of.firstOn, period: of.period });
  return built.ok ? ok({ currency: found.value.currency, total: found.value.total, instalments: built.value }) : built;
}

/** Keeps a plan, proposed or agreed. Its instalments must sum to what is open of its items now, to the cent; the plan it replaces ends. */
export async function addPlan(t: Tenant, plan: NewPlan, by: By): Promise<Result<HoldId, Problem>> {
  await lockCustomer(t, plan.customerId);
  const found = await plannableItems(t, plan.customerId, plan.items);
  if (!found.ok) return found;
  const { currency, total, items } = found.value;
  const fault = planFault(plan.instalments, { open: money(total, currency), from: plan.from });
  if (fault !== null) return err(fault);
  const other = await plannedAlready(t, items, plan.replaces ?? null);
  if (other !== null) return err(holdProblem('planTwice', { document: other }));
  if (plan.replaces !== undefined && !(await endHold(t, plan.replaces, { on: plan.from, reason: 'replanned', by }))) return err(holdProblem('planGone', {}));
  const last = plan.instalments.at(-1);
  const row = await t.one<{ hold_id: HoldId }>(t.sql`
    ${t.into('hold', 'customer_id, kind, amount, currency, from_on, until_on, grace_days, note, created_at, actor, covers_items, accepted_on, accepted_by, state, replaces')}
    values (${t.org}, ${plan.customerId}::bigint, 'plan', ${total}::bigint, ${currency}, ${plan.from}::date, ${last?.dueOn ?? null}::date, ${plan.graceDays ?? GRACE_DAYS}, ${plan.note},
      ${by.clock.now()}::timestamptz, ${by.actor}, true, ${plan.acceptedBy === null ? null : plan.from}::date, ${plan.acceptedBy}, ${plan.acceptedBy === null ? 'proposed' : 'current'}, ${plan.replaces ?? null}::bigint)
    returning hold_id`);
  if (row === null) throw new Error('no hold row');
  await t.run(t.sql`
    ${t.into('hold_item', 'hold_id, item_id, open_amount')}
    select ${t.org}, ${row.hold_id}::bigint, n.item_id, n.open_amount from unnest(${items.map((item) => item.itemId)}::bigint[], ${items.map((item) => String(item.open))}::bigint[]) as n(item_id, open_amount)`);
  await t.run(t.sql`
    ${t.into('hold_instalment', 'hold_id, ordinal, due_on, amount')}
    select ${t.org}, ${row.hold_id}::bigint, n.ordinal, n.due_on, n.amount
    from unnest(${plan.instalments.map(({ dueOn }) => dueOn)}::date[], ${plan.instalments.map(({ minor }) => String(minor))}::bigint[]) with ordinality as n(due_on, amount, ordinal)`);
  await record(t, {
    at: by.clock.now(), actor: by.actor, kind: plan.acceptedBy === null ? 'hold.planProposed' : 'hold.added', subject: `customer:${plan.customerId}`,
    facts: {
      hold: row.hold_id, kind: 'plan', items: items.map((item) => item.itemId), amount: String(total), currency, from: plan.from, until: last?.dueOn ?? null,
      instalments: plan.instalments.map(({ dueOn, minor }) => `${dueOn} ${minor}`), replaces: plan.replaces ?? null,
    },
  });
  return ok(row.hold_id);
}

/** A document among the items that another plan in force, proposed or agreed, covers already. */
async function plannedAlready(t: Tenant, items: readonly PlanItem[], except: HoldId | null): Promise<string | null> {
  const row = await t.one<{ item_id: ItemId }>(t.sql`
    select x.item_id from ${t.from('hold_item')} x join ${t.from('hold')} h on h.hold_id = x.hold_id
    where h.kind = 'plan' and h.ended_on is null and h.accepted_on is not null and x.item_id = any(${items.map((item) => item.itemId)}::bigint[])
      and h.hold_id is distinct from ${except}::bigint limit 1`);
  return row === null ? null : (items.find((item) => item.itemId === row.item_id)?.document ?? row.item_id);
}

/** A document of an accepted plan that another accepted plan in force covers too; null when there is none. */
export async function otherPlanOf(t: Tenant, holdId: HoldId): Promise<string | null> {
  const row = await t.one<{ document: string }>(t.sql`
    select coalesce(i.document, i.label, i.item_id::text) as document from ${t.from('hold_item')} x join ${t.from('item')} i on i.item_id = x.item_id
    join ${t.from('hold_item')} y on y.item_id = x.item_id and y.hold_id <> x.hold_id join ${t.from('hold')} h on h.hold_id = y.hold_id
    where x.hold_id = ${holdId}::bigint and h.kind = 'plan' and h.ended_on is null and h.accepted_on is not null limit 1`);
  return row?.document ?? null;
}

/**
 * Notes that a proposed plan was agreed, on a day, by somebody at the customer's: its items are out of dunning from then. Refused when
 * what is open of them is not what the plan was made on any more, or when they are in another plan: it is then to be proposed again.
 */
export async function acceptPlan(t: Tenant, holdId: HoldId, of: { on: Day; acceptedBy: string; by: By }): Promise<Result<true, Problem>> {
  const plan = await t.one<{ customer_id: CustomerId; amount: string; currency: Currency }>(t.sql`
    select h.customer_id, h.amount, h.currency from ${t.from('hold')} h where h.hold_id = ${holdId}::bigint and h.kind = 'plan' and h.covers_items and h.ended_on is null and h.accepted_on is null`);
  if (plan === null) return err(holdProblem('planGone', {}));
  await lockCustomer(t, plan.customer_id);
  const covered = await t.rows<{ item_id: ItemId }>(t.sql`select x.item_id from ${t.from('hold_item')} x where x.hold_id = ${holdId}::bigint`);
  const found = await plannableItems(t, plan.customer_id, covered.map((row) => row.item_id));
  if (!found.ok) return found;
  if (found.value.total !== BigInt(plan.amount)) return err(holdProblem('planStale', {}));
  const other = await plannedAlready(t, found.value.items, holdId);
  if (other !== null) return err(holdProblem('planTwice', { document: other }));
  const done = await t.run(t.sql`
    ${t.update('hold', 'h')} set accepted_on = ${of.on}::date, accepted_by = ${of.acceptedBy}, state = 'current', state_on = ${of.on}::date
    where ${t.own('h')} and h.hold_id = ${holdId}::bigint and h.accepted_on is null and h.ended_on is null`);
  if (done !== 1) return err(holdProblem('planGone', {}));
  await record(t, {
    at: of.by.clock.now(), actor: of.by.actor, kind: 'hold.planAccepted', subject: `customer:${plan.customer_id}`, facts: { hold: holdId, on: of.on, amount: plan.amount },
  });
  return ok(true);
}

/** Sum of instalments as they were kept, for the plan's letter and its checks. */
export async function readInstalments(t: Tenant, holdId: HoldId): Promise<{ instalments: readonly PlanInstalment[]; total: bigint }> {
  const rows = await t.rows<{ due_on: Day; amount: string }>(t.sql`select p.due_on, p.amount from ${t.from('hold_instalment')} p where p.hold_id = ${holdId}::bigint order by p.ordinal`);
  const instalments = rows.map((row): PlanInstalment => ({ dueOn: row.due_on, minor: BigInt(row.amount) }));
  return { instalments, total: planTotal(instalments) };
}

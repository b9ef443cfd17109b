import type { ProposedAction } from '#core/dunning/decision.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, RunId } from '#core/kernel/id.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { RunningTests } from './hold-outs.ts';
import type { ActionLine, DecisionLine } from './run.ts';
import type { StoredScenario } from './scenario-store.ts';

type Proposal = { runId: RunId; today: Day; now: Instant; scenarios: ReadonlyMap<string, StoredScenario>; tests: RunningTests; test: boolean };

/**
 * Keeps proposed actions with the items they list. The unique key refuses a second live intent for the same step: an
 * action that already stands is left as it is. Gives the ids of the new ones by key.
 */
export async function insertActions(t: Tenant, of: Proposal, actions: readonly ActionLine[]): Promise<Map<string, ActionId>> {
  const originals = await insertRows(t, of, { actions: actions.filter(({ proposed }) => proposed.copyOf === null), originals: new Map() });
  // The copies of a message that stands already stand too, or were decided on when it was.
  const copies = actions.filter(({ proposed }) => proposed.copyOf !== null && originals.has(proposed.copyOf));
  return new Map([...originals, ...(await insertRows(t, of, { actions: copies, originals }))]);
}

/** The row of the version an action was made under: the one in force, or what a control group keeps. */
function scenarioIdOf({ scenarios, tests }: Proposal, { scenarioCode, scenarioVersion }: ProposedAction): StoredScenario['id'] {
  const current = scenarios.get(scenarioCode);
  if (current?.scenario.version === scenarioVersion) return current.id;
  const kept = tests.tests.find(({ former }) => former.code === scenarioCode && former.version === scenarioVersion);
  if (kept === undefined) throw new Error(`action of an unknown scenario ${scenarioCode} ${scenarioVersion}`);
  return kept.formerId;
}

type Inserting = { readonly actions: readonly ActionLine[]; readonly originals: ReadonlyMap<string, ActionId> };

async function insertRows(t: Tenant, of: Proposal, { actions, originals }: Inserting): Promise<Map<string, ActionId>> {
  if (actions.length === 0) return new Map();
  const rows = actions.map(({ proposed, to, state, approvals }) => {
    return {
      action_key: proposed.key, customer_id: proposed.customerId, contact_id: proposed.contactId, channel: proposed.channel, recipient: to,
      scenario_id: scenarioIdOf(of, proposed), step: proposed.step, offset_days: proposed.offsetDays, role: proposed.role, anchor_item_id: proposed.anchorItemId,
      template_code: proposed.template, tone: proposed.tone, currency: proposed.currency, total: String(proposed.total),
      firmer: proposed.firmer, formal_notice: proposed.formalNotice, charges_allowed: proposed.chargesAllowed,
      unallocated_credits: String(proposed.unallocatedCredits), needs_approval: state === 'proposed', approvals_needed: approvals, state,
      purpose: proposed.purpose, copy_of: proposed.copyOf === null ? null : (originals.get(proposed.copyOf) ?? null),
    };
  });
  const made = await t.rows<{ action_id: ActionId; action_key: string }>(t.sql`
    ${t.into('action', `run_id, today, action_key, customer_id, contact_id, channel, recipient, scenario_id, step, offset_days, role, anchor_item_id,
      template_code, tone, currency, total, firmer, formal_notice, charges_allowed, unallocated_credits, needs_approval, approvals_needed, test, state, purpose, copy_of,
      state_at, approved_by, approved_on`)}
    select ${t.org}, ${of.runId}::bigint, ${of.today}::date, n.action_key, n.customer_id, n.contact_id, n.channel, n.recipient, n.scenario_id, n.step,
      n.offset_days, n.role, n.anchor_item_id, n.template_code, n.tone, n.currency, n.total, n.firmer, n.formal_notice, n.charges_allowed,
      n.unallocated_credits, n.needs_approval, n.approvals_needed, ${of.test}, n.state, n.purpose, n.copy_of, ${of.now}::timestamptz,
      case when n.state = 'approved' then 'scenario' end, case when n.state = 'approved' then ${of.today}::date end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(
      action_key text, customer_id bigint, contact_id bigint, channel text, recipient text, scenario_id bigint, step smallint, offset_days smallint,
      role text, anchor_item_id bigint, template_code text, tone text, currency text, total bigint, firmer boolean, formal_notice boolean,
      charges_allowed boolean, unallocated_credits bigint, needs_approval boolean, approvals_needed smallint, state text, purpose text, copy_of bigint)
    on conflict do nothing
    returning action_id, action_key`);
  const ids = new Map(made.map((row) => [row.action_key, row.action_id]));
  await insertItems(t, { actions, ids });
  return ids;
}

type NewItems = { actions: readonly ActionLine[]; ids: ReadonlyMap<string, ActionId> };

async function insertItems(t: Tenant, { actions, ids }: NewItems): Promise<void> {
  const columns = { action: [] as string[], item: [] as string[], step: [] as (number | null)[], key: [] as (string | null)[], offset: [] as (number | null)[], amount: [] as string[], due: [] as string[] };
  for (const { proposed } of actions) {
    const id = ids.get(proposed.key);
    if (id === undefined) continue;
    for (const item of proposed.items) {
      columns.action.push(id);
      columns.item.push(item.itemId);
      columns.step.push(item.creditedStep);
      columns.key.push(item.creditedKey);
      columns.offset.push(item.creditedOffset);
      columns.amount.push(String(item.amount));
      columns.due.push(item.dueOn);
    }
  }
  await t.run(t.sql`
    ${t.into('action_item', 'action_id, item_id, credited_step, credited_key, credited_offset, listed_amount, due_on')}
    select ${t.org}, n.* from unnest(${columns.action}::bigint[], ${columns.item}::bigint[], ${columns.step}::smallint[], ${columns.key}::text[], ${columns.offset}::smallint[],
      ${columns.amount}::bigint[], ${columns.due}::date[]) as n`);
}

/** Rows of one insert; arrays of parameters beyond this cost more memory than the round trips they save. */
const DECISIONS_PER_INSERT = 10_000;

/** Keeps the decisions of a run. */
export async function insertDecisions(t: Tenant, runId: RunId, lines: readonly DecisionLine[]): Promise<void> {
  for (let start = 0; start < lines.length; start += DECISIONS_PER_INSERT) {
    const part = lines.slice(start, start + DECISIONS_PER_INSERT);
    await t.run(t.sql`
      ${t.into('decision', 'run_id, item_id, customer_id, acts, reason, step, until_on, action_id, facts')}
      select ${t.org}, ${runId}::bigint, n.* from unnest(
        ${part.map(({ decision }) => decision.itemId)}::bigint[], ${part.map(({ decision }) => decision.customerId)}::bigint[],
        ${part.map(({ decision }) => decision.do === 'act')}::boolean[], ${part.map(({ decision }) => decision.reason)}::text[],
        ${part.map(({ decision }) => decision.step)}::smallint[], ${part.map(({ decision }) => decision.until)}::date[],
        ${part.map(({ actionId }) => actionId)}::bigint[], ${part.map(({ decision }) => JSON.stringify(decision.facts))}::text[]) as n`);
  }
}

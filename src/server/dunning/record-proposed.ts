import type { Instant } from '#core/kernel/clock.ts';
import type { ActionId, RunId } from '#core/kernel/id.ts';
import { recordFirstOfActions } from '#server/audit/record-each.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Actions whose events are read and written at a time. */
const PAGE = 5_000;

type Row = {
  action_id: ActionId; customer_id: string; contact_id: string | null; channel: string; step: number; scenario: string; version: number; template_code: string; tone: string; purpose: string;
  currency: string; total: string; state: string; approvals_needed: number; formal_notice: boolean; test: boolean;
};

/**
 * An event for each action that a run proposed: what is to be said, to which contact, on which items and amounts, and the
 * reason, the step and the hash of the facts of each decision behind it. Written at the end of the run, because the head of the
 * chain stays locked from here on. `first` is the smallest number among them.
 */
export async function recordProposed(t: Tenant, of: { runId: RunId; at: Instant; actor: string; first: ActionId }): Promise<void> {
  for (let from = BigInt(of.first); ;) {
    const rows = await t.rows<Row>(t.sql`
      select a.action_id, a.customer_id, a.contact_id, a.channel, a.step, s.code as scenario, s.version, a.template_code, a.tone, a.purpose, a.currency, a.total, a.state,
        a.approvals_needed, a.formal_notice, a.test
      from ${t.from('action')} a join ${t.from('scenario')} s on s.scenario_id = a.scenario_id
      where a.run_id = ${of.runId}::bigint and a.action_id >= ${from}::bigint order by a.action_id limit ${PAGE}`);
    const listed = await readListed(t, { runId: of.runId, actions: rows.map((row) => row.action_id) });
    await recordFirstOfActions(t, { at: of.at, actor: of.actor, kind: 'action.proposed' }, rows.map((row) => ({
      action: row.action_id,
      facts: {
        run: of.runId, customer: row.customer_id, contact: row.contact_id, channel: row.channel, step: row.step, scenario: row.scenario, scenarioVersion: row.version,
        template: row.template_code, tone: row.tone, purpose: row.purpose, currency: row.currency, total: row.total, state: row.state, approvals: row.approvals_needed,
        formalNotice: row.formal_notice, ...listedOf(listed, row.action_id), ...(row.test ? { test: true } : {}),
      },
    })));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    from = BigInt(last.action_id) + 1n;
  }
}

type Listed = { readonly items: ReadonlyMap<string, readonly { item_id: string; line: string }[]>; readonly decisions: ReadonlyMap<string, string> };

/** Items and decisions by number, each by its key: the rows are new, and no statistics say how many they are, so that joins would be loops over all of them. */
async function readListed(t: Tenant, { runId, actions }: { runId: RunId; actions: readonly ActionId[] }): Promise<Listed> {
  const items = await t.rows<{ action_id: string; item_id: string; line: string }>(t.sql`
    select x.action_id, x.item_id, x.item_id || ' ' || x.listed_amount || ' ' || x.due_on as line from ${t.from('action_item')} x
    where x.action_id = any(${actions}::bigint[]) order by x.action_id, x.item_id`);
  const decisions = await t.rows<{ item_id: string; line: string }>(t.sql`
    select d.item_id, d.item_id || ' ' || d.reason || ' ' || coalesce(d.step::text, '-') || ' ' || encode(sha256(convert_to(d.facts, 'UTF8')), 'hex') as line
    from ${t.from('decision')} d where d.run_id = ${runId}::bigint and d.item_id = any(${items.map((row) => row.item_id)}::bigint[])`);
  return { items: Map.groupBy(items, (row) => row.action_id), decisions: new Map(decisions.map((row) => [row.item_id, row.line])) };
}

function listedOf({ items, decisions }: Listed, action: ActionId): { items: string[]; decisions: string[] } {
  const mine = items.get(action) ?? [];
  return { items: mine.map(({ line }) => line), decisions: mine.flatMap(({ item_id: item }) => decisions.get(item) ?? []) };
}

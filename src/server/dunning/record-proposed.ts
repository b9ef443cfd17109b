import type { Instant } from '#core/kernel/clock.ts';
import type { ActionId, RunId } from '#core/kernel/id.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Actions whose events are read and written at a time. */
const PAGE = 5_000;

type Row = {
  action_id: ActionId; customer_id: string; contact_id: string | null; channel: string; step: number; scenario: string; version: number; template_code: string; tone: string; purpose: string;
  currency: string; total: string; state: string; approvals_needed: number; formal_notice: boolean; test: boolean; items: string[]; decisions: string[];
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
        a.approvals_needed, a.formal_notice, a.test,
        array(select x.item_id || ' ' || x.listed_amount || ' ' || x.due_on from ${t.from('action_item')} x where x.action_id = a.action_id order by x.item_id) as items,
        array(select x.item_id || ' ' || d.reason || ' ' || coalesce(d.step::text, '-') || ' ' || encode(sha256(convert_to(d.facts, 'UTF8')), 'hex') from ${t.from('action_item')} x
          join ${t.from('decision')} d on d.run_id = a.run_id and d.item_id = x.item_id where x.action_id = a.action_id order by x.item_id) as decisions
      from ${t.from('action')} a join ${t.from('scenario')} s on s.scenario_id = a.scenario_id
      where a.run_id = ${of.runId}::bigint and a.action_id >= ${from}::bigint order by a.action_id limit ${PAGE}`);
    await recordOfActions(t, { at: of.at, actor: of.actor, kind: 'action.proposed' }, rows.map((row) => ({
      action: row.action_id,
      facts: {
        run: of.runId, customer: row.customer_id, contact: row.contact_id, channel: row.channel, step: row.step, scenario: row.scenario, scenarioVersion: row.version,
        template: row.template_code, tone: row.tone, purpose: row.purpose, currency: row.currency, total: row.total, state: row.state, approvals: row.approvals_needed,
        formalNotice: row.formal_notice, items: row.items, decisions: row.decisions, ...(row.test ? { test: true } : {}),
      },
    })));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    from = BigInt(last.action_id) + 1n;
  }
}

import { explanation } from '#core/dunning/explain.ts';
import type { Explained } from '#core/dunning/explain.ts';
import type { Decision } from '#core/dunning/decision.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** A past decision as it was taken: its reason, the sentence for it, and the facts of that day. */
export type Explanation = {
  readonly today: Day;
  readonly customer: string;
  readonly itemId: string;
  readonly document: string;
  readonly do: 'act' | 'wait';
  readonly reason: Decision['reason'];
  readonly step: number | null;
  readonly until: Day | null;
  readonly actionId: string | null;
  readonly text: Bilingual;
  readonly facts: Decision['facts'];
};

type Row = {
  today: Day; customer: string; item_id: string; document: string; acts: boolean; reason: Decision['reason']; step: number | null; until_on: Day | null;
  action_id: string | null; facts: string;
};

/** Decisions one explanation goes back to; a year of daily runs of one document. */
const DECISIONS_MAX = 400;

/** Why a document, or the items of a customer, were chased or not, newest day first; of several runs on a day the last one. */
export async function explainDecisions(t: Tenant, of: { document?: string; customer?: string; upTo: Day; limit?: number }): Promise<Explanation[]> {
  const rows = await t.rows<Row>(t.sql`
    select * from (
      select distinct on (r.today, d.item_id) r.today, c.code as customer, d.item_id, coalesce(i.document, i.label, i.item_id::text) as document,
        d.acts, d.reason, d.step, d.until_on, d.action_id, d.facts
      from ${t.from('decision')} d
      join ${t.from('run')} r on r.run_id = d.run_id
      join ${t.from('item')} i on i.item_id = d.item_id
      join ${t.from('customer')} c on c.customer_id = i.customer_id
      where r.today <= ${of.upTo}::date
        and (${of.document ?? null}::text is null or i.document = ${of.document ?? null})
        and (${of.customer ?? null}::text is null or c.code = ${of.customer ?? null})
      order by r.today desc, d.item_id, r.run_id desc
    ) latest order by today desc, document limit ${of.limit ?? DECISIONS_MAX}`);
  return rows.map((row) => {
    const facts = JSON.parse(row.facts) as Decision['facts'];
    const decision: Explained = { document: row.document, reason: row.reason, step: row.step, until: row.until_on, facts };
    return {
      today: row.today, customer: row.customer, itemId: row.item_id, document: row.document, do: row.acts ? 'act' : 'wait', reason: row.reason, step: row.step,
      until: row.until_on, actionId: row.action_id, text: explanation(decision), facts,
    };
  });
}

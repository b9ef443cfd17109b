import { chooseScenario } from '#core/dunning/assignment.ts';
import type { Assignment, AssignmentSubject } from '#core/dunning/assignment.ts';
import type { CustomerKind } from '#core/dunning/facts.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId } from '#core/kernel/id.ts';
import type { Language } from '#core/kernel/text.ts';
import type { Segment } from '#core/risk/segment.ts';
import { itemsAsOf } from '#server/ledger/store.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Customers that something holds for, and how many of them have a debit open. */
export type Caught = { customers: number; withOpenItems: number };

/** Whom rules would take: each rule in order, what persons chose, what is left for the default; and customers by the scenario they end up with. */
export type Catches = { readonly rules: readonly Caught[]; readonly chosen: Caught; readonly standard: Caught; readonly scenarios: ReadonlyMap<string, Caught>; readonly customers: number };

/** The rules to try, and the scenario of who is left. */
export type Trying = { readonly assignment: Assignment; readonly standard: string; readonly today: Day };

/** Customers read at a time: bounds the memory, however many there are. */
const PAGE = 20_000;

type Row = {
  customer_id: CustomerId; code: string; kind: CustomerKind; language: Language; country: string; scenario_code: string | null; segment: Segment | null;
  totals: Readonly<Record<string, string>> | null;
};

const none = (): Caught => ({ customers: 0, withOpenItems: 0 });

/** Tries rules on every customer as of today and counts whom each takes; nothing is kept. */
export async function countCatches(t: Tenant, { assignment, standard, today }: Trying): Promise<Catches> {
  const rules = assignment.rules.map(none);
  const [chosen, left, scenarios] = [none(), none(), new Map<string, Caught>()];
  let customers = 0;
  for (let after = '0'; ;) {
    const rows = await readSubjects(t, { after, today });
    for (const row of rows) {
      const { code, choice } = chooseScenario(assignment, subjectOf(row), { chosen: row.scenario_code, standard });
      const by = choice.by === 'rule' ? rules[choice.rule - 1] : choice.by === 'default' ? left : chosen;
      const own = scenarios.get(code) ?? none();
      scenarios.set(code, own);
      for (const one of [by, own]) {
        if (one === undefined) throw new Error('a rule that was not asked about');
        one.customers += 1;
        if (row.totals !== null) one.withOpenItems += 1;
      }
    }
    customers += rows.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return { rules, chosen, standard: left, scenarios, customers };
    after = last.customer_id;
  }
}

function subjectOf(row: Row): AssignmentSubject {
  const { segment, kind, language, country, code: account, totals } = row;
  return { segment, kind, language, country, account, openTotal: (currency: Currency) => BigInt(totals?.[currency] ?? '0') };
}

/** A page of customers with what rules are compared with; one customer when it is named. */
function readSubjects(t: Tenant, of: { after: string; today: Day; customer?: CustomerId }): Promise<Row[]> {
  const only = of.customer ?? null;
  return t.rows<Row>(t.sql`
    with page as (
      select c.customer_id, c.code, c.kind, c.language, c.country, c.scenario_code, coalesce(c.segment_override, c.segment) as segment
      from ${t.from('customer')} c
      where c.voided_at is null and c.customer_id > ${of.after}::bigint and (${only}::bigint is null or c.customer_id = ${only}::bigint)
      order by c.customer_id limit ${PAGE}
    ), sums as (
      select i.customer_id, i.currency, sum(i.open)::text as open from (${itemsAsOf(t, of.today)}) i
      where i.side = 'debit' and i.open > 0 and (${only}::bigint is null or i.customer_id = ${only}::bigint) group by i.customer_id, i.currency
    )
    select p.*, o.totals from page p left join (
      select s.customer_id, jsonb_object_agg(s.currency, s.open) as totals from sums s group by s.customer_id
    ) o on o.customer_id = p.customer_id order by p.customer_id`);
}

/** What chooses the scenario of one customer today; null when there is no such customer. */
export async function choiceOf(t: Tenant, customer: CustomerId, { assignment, standard, today }: Trying): Promise<(ReturnType<typeof chooseScenario> & { readonly own: string | null }) | null> {
  const [row] = await readSubjects(t, { after: '0', today, customer });
  return row === undefined ? null : { ...chooseScenario(assignment, subjectOf(row), { chosen: row.scenario_code, standard }), own: row.scenario_code };
}

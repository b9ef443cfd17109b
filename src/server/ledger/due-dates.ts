import type { Day } from '#core/kernel/day.ts';
import { dueDate, parseTerms } from '#core/ledger/terms.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Terms that apply when neither the customer nor the entity says anything: the statutory 30 days (C. com. L441-10 I). */
const STATUTORY_TERMS = '30d';

/**
 * Fills the temporary table stage_due with the due day of every (terms, invoice day) that stage_keyed needs; terms are
 * computed by `core`, once per distinct pair, not per line.
 */
export async function dueDates(t: Tenant, given: string | null): Promise<void> {
  await t.run(t.sql`
    create temporary table stage_due (terms text not null, standard text not null, issued_on date not null, due_on date not null) on commit drop`);
  const entity = await t.one<{ default_terms: string }>(t.sql`select e.default_terms from ${t.from('entity')} e order by e.entity_id limit 1`);
  const standard = given ?? entity?.default_terms ?? STATUTORY_TERMS;
  const pairs = await t.rows<{ terms: string; issued_on: Day }>(t.sql`
    select distinct coalesce(c.terms, ${standard}) as terms, k.issued_on
    from stage_keyed k join ${t.from('customer')} c on c.code = k.code and c.voided_at is null
    where k.side = 'debit' and k.due_on is null`);
  const terms: string[] = [];
  const issued: string[] = [];
  const due: string[] = [];
  for (const pair of pairs) {
    const steps = parseTerms(pair.terms);
    if (!steps.ok) throw new Error(`stored payment terms cannot be read: ${pair.terms}`);
    terms.push(pair.terms);
    issued.push(pair.issued_on);
    due.push(dueDate(pair.issued_on, steps.value));
  }
  await t.run(t.sql`
    insert into stage_due select u.terms, ${standard}, u.issued_on, u.due_on
    from unnest(${terms}::text[], ${issued}::date[], ${due}::date[]) as u(terms, issued_on, due_on)`);
}

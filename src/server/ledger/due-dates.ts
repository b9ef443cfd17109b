import type { Day } from '#core/kernel/day.ts';
import { dueDate, parseTerms } from '#core/ledger/terms.ts';
import type { CustomerId, ImportId } from '#core/kernel/id.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

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

/**
 * Moves the due days that were computed from terms when the terms of their customers changed; a day given by a file or a
 * person stays. `customers` gives customer_id. Under an import the former days are kept beside it, for undo. Gives how many moved.
 */
export async function moveDueDays(t: Tenant, customers: SqlPiece, importId: ImportId | null): Promise<number> {
  const entity = await t.one<{ default_terms: string }>(t.sql`select e.default_terms from ${t.from('entity')} e order by e.entity_id limit 1`);
  const standard = entity?.default_terms ?? STATUTORY_TERMS;
  const pairs = await t.rows<{ terms: string; issued_on: Day }>(t.sql`
    select distinct coalesce(c.terms, ${standard}) as terms, i.issued_on
    from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id
    where i.side = 'debit' and i.due_source = 'terms' and i.voided_at is null and i.customer_id in (${customers})`);
  if (pairs.length === 0) return 0;
  const due = pairs.map((pair) => {
    const steps = parseTerms(pair.terms);
    if (!steps.ok) throw new Error(`stored payment terms cannot be read: ${pair.terms}`);
    return dueDate(pair.issued_on, steps.value);
  });
  await t.run(t.sql`
    create temporary table stage_moved on commit drop as
    select i.item_id, i.due_on as former, u.due_on
    from unnest(${pairs.map((pair) => pair.terms)}::text[], ${pairs.map((pair) => pair.issued_on)}::date[], ${due}::date[]) as u(terms, issued_on, due_on)
    join ${t.from('customer')} c on coalesce(c.terms, ${standard}) = u.terms
    join ${t.from('item')} i on i.customer_id = c.customer_id and i.issued_on = u.issued_on
    where i.side = 'debit' and i.due_source = 'terms' and i.voided_at is null and i.due_on <> u.due_on and i.customer_id in (${customers})`);
  if (importId !== null) {
    await t.run(t.sql`
      ${t.into('import_change', 'import_id, relation, row_id, before')}
      select ${t.org}, ${importId}::bigint, 'item', m.item_id, jsonb_build_object('due_on', m.former) from stage_moved m
      where not exists (select from ${t.from('item')} i where i.item_id = m.item_id and i.import_id = ${importId}::bigint)
      on conflict (organisation_id, import_id, relation, row_id) do update set before = excluded.before || import_change.before`);
  }
  const moved = await t.run(t.sql`
    ${t.update('item', 'i')} set due_on = m.due_on from stage_moved m where ${t.own('i')} and i.item_id = m.item_id`);
  await t.run(t.sql`drop table stage_moved`);
  return moved;
}

/** Due day of one document by the terms of its customer, else of the entity, else the statutory ones. */
export async function dueDayOf(t: Tenant, customer: CustomerId, issuedOn: Day): Promise<Day> {
  const row = await t.one<{ terms: string | null }>(t.sql`
    select coalesce((select c.terms from ${t.from('customer')} c where c.customer_id = ${customer}::bigint),
      (select e.default_terms from ${t.from('entity')} e order by e.entity_id limit 1)) as terms`);
  const steps = parseTerms(row?.terms ?? STATUTORY_TERMS);
  if (!steps.ok) throw new Error(`stored payment terms cannot be read: ${row?.terms}`);
  return dueDate(issuedOn, steps.value);
}

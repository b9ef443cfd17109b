import type { Day } from '#core/kernel/day.ts';
import type { HoldId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Result } from '#core/kernel/result.ts';
import { claimDeadline } from '#core/holds/insolvency.ts';
import type { ClaimDeadline } from '#core/holds/insolvency.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By } from './holds.ts';

/** The last day to file the claim, from the day of publication and where the company itself is; a problem when one of them is not known. */
export async function deadlineOf(t: Tenant, publishedOn: Day | null): Promise<Result<ClaimDeadline, Problem>> {
  const entity = await t.one<{ country: string; postal_code: string | null }>(t.sql`select e.country, e.postal_code from ${t.from('entity')} e order by e.entity_id limit 1`);
  return claimDeadline({ publishedOn, creditor: { country: entity?.country ?? '', postalCode: entity?.postal_code ?? null } });
}

/** Raises the task to file the claim (déclaration de créance), once for a customer's proceedings, with its deadline or why it is not known. */
export async function raiseClaim(t: Tenant, holdId: HoldId, of: { customerId: string; publishedOn: Day | null; by: By }): Promise<void> {
  const earlier = await t.one(t.sql`
    select 1 as found from ${t.from('hold')} h where h.customer_id = ${of.customerId}::bigint and h.kind = 'insolvency' and h.ended_on is null and h.hold_id <> ${holdId}::bigint limit 1`);
  if (earlier !== null) return;
  const deadline = await deadlineOf(t, of.publishedOn);
  await record(t, {
    at: of.by.clock.now(), actor: of.by.actor, kind: 'hold.claimRaised', subject: `customer:${of.customerId}`,
    facts: { hold: holdId, published: of.publishedOn, deadline: deadline.ok ? deadline.value.on : null, article: deadline.ok ? deadline.value.rule.article : null, problem: deadline.ok ? null : deadline.error.code },
  });
}

/** What a person learns of proceedings later: the day of publication, or that the claim was filed. False when there is no such hold in force. */
export async function changeInsolvency(t: Tenant, holdId: HoldId, of: { publishedOn: Day | null; claimFiledOn: Day | null; by: By }): Promise<boolean> {
  const row = await t.one<{ customer_id: string }>(t.sql`
    ${t.update('hold', 'h')} set published_on = ${of.publishedOn}::date, claim_filed_on = ${of.claimFiledOn}::date
    where ${t.own('h')} and h.hold_id = ${holdId}::bigint and h.kind = 'insolvency' and h.ended_on is null returning h.customer_id`);
  if (row === null) return false;
  const deadline = await deadlineOf(t, of.publishedOn);
  await record(t, {
    at: of.by.clock.now(), actor: of.by.actor, kind: 'hold.changed', subject: `customer:${row.customer_id}`,
    facts: { hold: holdId, published: of.publishedOn, claimFiled: of.claimFiledOn, deadline: deadline.ok ? deadline.value.on : null },
  });
  return true;
}

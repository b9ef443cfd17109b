import type { CustomerId, OrganisationId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By } from './apply.ts';
import { conflict, invalid, unknown } from './faults.ts';
import { inTurn } from './in-turn.ts';
import { learnRefusal } from './learn.ts';
import type { BankLineId, LineKey } from './line-keys.ts';
import { loadWaiting, readOffers, whyGone } from './place.ts';
import { likelyCustomer } from './propose.ts';
import type { Offers } from './propose.ts';
import type { Waiting } from './waiting.ts';

/** The line of a key; a credit stands on a customer's account, so nobody can say it is nobody's. */
function lineOf(key: LineKey): BankLineId {
  if (key.kind === 'bankLine') return key.line;
  throw invalid('line', 'Un crédit du compte est déjà à un client : il se lettre, ou reste sur son compte.', 'A credit of the account is a customer’s already: it is matched, or stays on its account.');
}

async function lockWaiting(t: Tenant, key: LineKey): Promise<BankLineId> {
  const line = lineOf(key);
  await t.run(t.sql`select l.bank_line_id from ${t.from('bank_line')} l where l.bank_line_id = ${line}::bigint for update`);
  if ((await loadWaiting(t, key)) === null) throw await whyGone(t, key);
  return line;
}

/** A person says that a line is no customer's money: it is no longer proposed, and nobody's reminders wait for it. */
export async function dismissLine(database: Database, organisation: OrganisationId, of: { readonly key: LineKey; readonly reason: string; readonly note: string | null; readonly by: By }): Promise<void> {
  const { by, reason, note } = of;
  await inTurn(database, organisation, async (t) => {
    const line = await lockWaiting(t, of.key);
    await t.run(t.sql`
      ${t.update('bank_line', 'l')} set dismissed_at = ${by.now}::timestamptz, dismissed_by = ${by.actor}, dismissed_reason = ${reason}, dismissed_note = ${note}, likely_customer_id = null
      where ${t.own('l')} and l.bank_line_id = ${line}::bigint`);
    await record(t, { at: by.now, actor: by.actor, kind: 'bankLine.dismissed', subject: `bankLine:${line}`, facts: { reason } });
  });
}

/** A line set aside is to be placed again. */
export async function restoreLine(database: Database, organisation: OrganisationId, of: { readonly key: LineKey; readonly by: By }): Promise<void> {
  const { key, by } = of;
  const line = lineOf(key);
  await inTurn(database, organisation, async (t) => {
    const done = await t.run(t.sql`
      ${t.update('bank_line', 'l')} set dismissed_at = null, dismissed_by = null, dismissed_reason = null, dismissed_note = null
      where ${t.own('l')} and l.bank_line_id = ${line}::bigint and l.dismissed_at is not null and l.voided_at is null`);
    if (done === 0) {
      const there = await t.one(t.sql`select 1 as found from ${t.from('bank_line')} l where l.bank_line_id = ${line}::bigint and l.voided_at is null`);
      throw there === null ? unknown('Cette ligne n’existe pas ou plus.', 'This line does not exist or no longer does.') : conflict('Cette ligne n’est pas écartée : elle est à placer, ou déjà placée.', 'This line is not set aside: it is to be placed, or placed already.');
    }
    await record(t, { at: by.now, actor: by.actor, kind: 'bankLine.restored', subject: `bankLine:${line}`, facts: {} });
  });
  await noteLikely(database, organisation, key);
}

/**
 * A person says that a line is not of a customer: that one is not proposed for it again, and for its payer it fades. Gives what is proposed
 * now; null when the line was placed meanwhile.
 */
export async function refuseCustomer(database: Database, organisation: OrganisationId, of: { readonly key: LineKey; readonly customer: CustomerId; readonly by: By }): Promise<{ waiting: Waiting; offers: Offers } | null> {
  const { key, customer, by } = of;
  await inTurn(database, organisation, async (t) => {
    const line = await lockWaiting(t, key);
    const known = await t.one(t.sql`select 1 as found from ${t.from('customer')} c where c.customer_id = ${customer}::bigint and c.voided_at is null`);
    if (known === null) throw invalid('customer', 'Ce client n’existe pas ou plus.', 'This customer does not exist or no longer does.');
    const fresh = await t.run(t.sql`
      ${t.update('bank_line', 'l')} set refused_customers = l.refused_customers || ${customer}::bigint, likely_customer_id = nullif(l.likely_customer_id, ${customer}::bigint)
      where ${t.own('l')} and l.bank_line_id = ${line}::bigint and not ${customer}::bigint = any(l.refused_customers)`);
    const waiting = await loadWaiting(t, key);
    // Said twice of one line is said once.
    if (fresh === 0 || waiting === null) return;
    await learnRefusal(t, waiting.incoming, { customer, today: by.today });
    await record(t, { at: by.now, actor: by.actor, kind: 'bankLine.customerRefused', subject: `bankLine:${line}`, facts: { customer } });
  });
  return noteLikely(database, organisation, key);
}

/** Notes whose money a line now seems to be, so that the right reminders wait. It changes nothing that matching reads. */
async function noteLikely(database: Database, organisation: OrganisationId, key: LineKey): Promise<{ waiting: Waiting; offers: Offers } | null> {
  const found = await readOffers(database, organisation, key);
  if (found === null || key.kind !== 'bankLine') return found;
  const likely = likelyCustomer(found.offers);
  await database.inTenant(organisation, (t) => t.run(t.sql`
    ${t.update('bank_line', 'l')} set likely_customer_id = ${likely}::bigint
    where ${t.own('l')} and l.bank_line_id = ${key.line}::bigint and l.item_id is null and l.dismissed_at is null and l.likely_customer_id is distinct from ${likely}::bigint`));
  return { ...found, waiting: { ...found.waiting, likely } };
}

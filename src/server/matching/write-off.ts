import type { Currency } from '#core/kernel/currency.ts';
import type { CustomerId, ItemId, OrganisationId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By, MatchId } from './apply.ts';
import { unknown } from './faults.ts';
import { inTurn } from './in-turn.ts';
import { lockItems } from './lock-items.ts';
import { readAmount } from './place.ts';
import { splitByVat } from './vat-store.ts';

/** What a person lets go of a debt, without money; the amount is a decimal text in its currency. */
export type LettingGo = { readonly item: ItemId; readonly amount: string; readonly reason: string; readonly note: string | null };

/** Lets go of what is open of a debt, or of a part of it, from today on; undone like a match. Throws a `MatchingFault`. */
export async function writeOff(database: Database, organisation: OrganisationId, of: { readonly asked: LettingGo; readonly by: By }): Promise<MatchId> {
  return inTurn(database, organisation, (t) => letGo(t, of.asked, of.by));
}

async function letGo(t: Tenant, asked: LettingGo, by: By): Promise<MatchId> {
  const debt = await t.one<{ customer: CustomerId; currency: Currency }>(t.sql`
    select i.customer_id as customer, i.currency from ${t.from('item')} i where i.item_id = ${asked.item}::bigint and i.side = 'debit' and i.voided_at is null`);
  if (debt === null) throw unknown('Cette pièce n’existe pas ou plus.', 'This document does not exist or no longer does.');
  const minor = readAmount(asked.amount, 'amount', debt.currency);
  (await lockItems(t, [asked.item])).take({ item: asked.item, minor }, { side: 'debit', ...debt });
  // Named after the debt, and numbered: it may be let go of in several pieces. The lock on the debt keeps the number ours.
  const credit = await t.one<{ id: ItemId }>(t.sql`
    ${t.into('item', 'customer_id, side, kind, label, issued_on, first_seen_on, currency, amount, natural_key')}
    select ${t.org}, i.customer_id, 'credit', 'writeOff', ${asked.reason}, greatest(i.issued_on, ${by.today}::date), ${by.today}::date, i.currency, ${String(minor)}::bigint,
      'writeOff|item-' || i.item_id || '|' || (select count(*) + 1 from ${t.from('item')} o where o.customer_id = i.customer_id and o.kind = 'writeOff' and o.natural_key like 'writeOff|item-' || i.item_id || '|%')
    from ${t.from('item')} i where i.item_id = ${asked.item}::bigint returning item_id as id`);
  const made = credit === null ? null : await t.one<{ match: MatchId }>(t.sql`
    ${t.into('match', 'credit_item_id, write_off_item_id, customer_id, automatic, confidence, evidence, note, made_at, actor')}
    values (${t.org}, ${credit.id}::bigint, ${credit.id}::bigint, ${debt.customer}::bigint, false, null, '[]'::jsonb, ${asked.note}, ${by.now}::timestamptz, ${by.actor}) returning match_id as match`);
  if (credit === null || made === null) throw new Error('a write-off was not recorded');
  await t.run(t.sql`
    ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, origin, match_id, recorded_at, actor')}
    select ${t.org}, ${asked.item}::bigint, c.item_id, c.amount, c.issued_on, 'person', ${made.match}::bigint, ${by.now}::timestamptz, ${by.actor}
    from ${t.from('item')} c where c.item_id = ${credit.id}::bigint`);
  await splitByVat(t, [made.match]);
  await record(t, {
    at: by.now, actor: by.actor, kind: 'match.writtenOff', subject: `match:${made.match}`,
    facts: { item: asked.item, minor: String(minor), currency: debt.currency, reason: asked.reason, customer: debt.customer },
  });
  return made.match;
}

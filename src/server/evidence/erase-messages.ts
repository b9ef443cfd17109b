import { messageRetention } from '#core/ledger/retention-fr.ts';
import type { KeptMessage } from '#core/ledger/retention-fr.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import type { By } from '#server/dunning/actions.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/** A message of an erased contact that is kept, and until when: null while what it asks for is owed, or where no rule is known (`because`). */
export type KeptEvidence = { readonly action: ActionId; readonly until: Day | null; readonly article: string | null; readonly because: Bilingual | null };

/** What became of messages: erased, or kept as evidence. */
export type MessagesErased = { readonly erased: readonly ActionId[]; readonly kept: readonly KeptEvidence[] };

type Row = { action_id: ActionId; state: string; test: boolean; kind: KeptMessage['kind']; country: string; sent_on: Day; due_on: Day[]; open: boolean };

/** States in which a message is evidence of a claim: it left, or may have. */
const EVIDENCE: ReadonlySet<string> = new Set(['sent', 'delivered', 'bounced', 'replied', 'unknown', 'claimed']);

/** The messages of contacts (a condition on alias `k`) that are not erased yet. */
export async function messagesOf(t: Tenant, contacts: SqlPiece): Promise<Row[]> {
  return t.rows<Row>(t.sql`
    select m.action_id, a.state, a.test, c.kind, c.country, coalesce(a.sent_on, m.composed_at::date) as sent_on,
      array(select x.due_on::text from ${t.from('action_item')} x where x.action_id = a.action_id order by x.due_on) as due_on,
      exists (select from ${t.from('action_item')} x join ${t.from('item')} i on i.item_id = x.item_id where x.action_id = a.action_id and i.voided_at is null and i.allocated < i.amount) as open
    from ${t.from('message')} m join ${t.from('action')} a on a.action_id = m.action_id join ${t.from('customer')} c on c.customer_id = a.customer_id
    where m.erased_at is null and exists (select from ${t.from('contact')} k where k.contact_id = a.contact_id and (${contacts})) order by m.action_id`);
}

/**
 * Erases the messages that need not be kept: those that never reached anybody, and those whose time is over. The events stay, and with them what they
 * committed to; the values and their salts are gone.
 */
export async function eraseMessages(t: Tenant, of: { contacts: SqlPiece; today: Day; by: By }): Promise<MessagesErased> {
  const { today, by } = of;
  const kept: KeptEvidence[] = [];
  const over: { action: ActionId; article: string | null; until: Day | null }[] = [];
  for (const row of await messagesOf(t, of.contacts)) {
    const action = row.action_id;
    if (row.test || !EVIDENCE.has(row.state)) {
      over.push({ action, article: null, until: null });
      continue;
    }
    const found = messageRetention({ kind: row.kind, country: row.country, sentOn: row.sent_on, dueOn: row.due_on, open: row.open });
    if (!found.ok) kept.push({ action, until: null, article: null, because: found.error.message });
    else if (found.value.until === null || found.value.until >= today) kept.push({ action, until: found.value.until, article: found.value.rule.article, because: null });
    else over.push({ action, article: found.value.rule.article, until: found.value.until });
  }
  const erased = over.map(({ action }) => action);
  if (erased.length === 0) return { erased, kept };
  const now = by.clock.now();
  await t.run(t.sql`select erase_messages(${erased}::bigint[], ${now}::timestamptz)`);
  await t.run(t.sql`${t.update('action', 'a')} set recipient = null where ${t.own('a')} and a.action_id = any(${erased}::bigint[])`);
  await t.run(t.sql`${t.update('send_attempt', 's')} set response = null where ${t.own('s')} and s.action_id = any(${erased}::bigint[])`);
  await t.run(t.sql`
    ${t.update('action', 'a')} set state_reason = 'erased' where ${t.own('a')} and a.action_id = any(${erased}::bigint[]) and a.state_reason like '% %'`);
  await recordOfActions(t, { at: now, actor: by.actor, kind: 'message.erased' }, over.map(({ action, article, until }) => ({ action, facts: { article, until } })));
  return { erased, kept };
}

/** Erases what has been kept long enough of contacts that were erased before; gives how many messages that were. */
export async function eraseDue(t: Tenant, of: { today: Day; by: By }): Promise<number> {
  return (await eraseMessages(t, { ...of, contacts: t.sql`k.erased_at is not null` })).erased.length;
}

import type { Day } from '#core/kernel/day.ts';
import type { ActionId, ContactId, CustomerId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { rememberContacts } from '#server/audit/fact-before.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import { record } from '#server/audit/record.ts';
import type { By } from '#server/dunning/actions.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';
import { eraseMessages } from './erase-messages.ts';
import type { MessagesErased } from './erase-messages.ts';

/** Whom to erase, why, on which business day, by whom. */
export type Erasing = { readonly customer: CustomerId; readonly contact: ContactId; readonly reason: string; readonly today: Day; readonly by: By };

/** What an erasure did, and what of the person is still there and why. */
export type Erased = MessagesErased & {
  readonly contact: ContactId;
  /** Reminders that were waiting, cancelled. */
  readonly cancelled: readonly ActionId[];
  /** Texts of people that named the person, and no longer do. */
  readonly texts: number;
};

/** What stands for a bounced address that was erased; the table wants one in lower case. */
const ERASED_ADDRESS = 'erased@erased.invalid';
/** What stands in texts for what was erased. */
const ERASED_WORD = '[effacé]';
/** Shorter words would be found in others. */
const WORD_MIN = 3;

type ContactRow = { name: string | null; email: string | null; phone: string | null; erased: boolean };

const refusal = (code: string, fr: string, en: string): Result<never, Problem> => err({ line: 0, severity: 'error', code: `erasure.${code}`, message: { fr, en } });

/**
 * Erases a contact: nothing goes to it from this moment, its name, address and number are gone from every row that need not keep them, and no import
 * brings it back. Messages that are evidence of a claim stay until their day (docs/law/retention-fr.md).
 */
export async function eraseContact(t: Tenant, erasing: Erasing): Promise<Result<Erased, Problem>> {
  const { customer, contact, today, by } = erasing;
  const now = by.clock.now();
  await t.run(t.sql`select from ${t.from('customer')} c where c.customer_id = ${customer}::bigint for update`);
  const row = await t.one<ContactRow>(t.sql`
    select k.name, k.email, k.phone, k.erased_at is not null as erased from ${t.from('contact')} k
    where k.customer_id = ${customer}::bigint and k.contact_id = ${contact}::bigint for update`);
  if (row === null) return refusal('unknown', `Ce client n’a pas de contact n° ${contact}.`, `This customer has no contact no. ${contact}.`);
  if (row.erased) return refusal('already', `Le contact n° ${contact} est déjà effacé.`, `Contact no. ${contact} is erased already.`);
  const leaving = await t.one(t.sql`select 1 as found from ${t.from('action')} a where a.contact_id = ${contact}::bigint and a.state = 'claimed' limit 1`);
  if (leaving !== null) return refusal('leaving', 'Un message part en ce moment à ce contact : recommencez dans une minute.', 'A message is leaving to this contact just now: try again in a minute.');
  const cancelled = await cancelWaiting(t, contact, by);
  await rememberContacts(t, t.sql`k.contact_id = ${contact}::bigint`, now);
  await suppress(t, row, now);
  const texts = await eraseTexts(t, row);
  await t.run(t.sql`
    ${t.update('contact', 'k')} set name = null, email = null, phone = null, removed_at = coalesce(k.removed_at, ${now}::timestamptz), erased_at = ${now}::timestamptz, erased_because = ${erasing.reason}
    where ${t.own('k')} and k.contact_id = ${contact}::bigint`);
  const messages = await eraseMessages(t, { contacts: t.sql`k.contact_id = ${contact}::bigint`, today, by });
  await t.run(t.sql`
    ${t.update('action', 'a')} set recipient = null
    where ${t.own('a')} and a.contact_id = ${contact}::bigint and not exists (select from ${t.from('message')} m where m.action_id = a.action_id and m.erased_at is null)`);
  await record(t, {
    at: now, actor: by.actor, kind: 'contact.erased', subject: `customer:${customer}`,
    facts: { contact, cancelled: cancelled.length, texts, messagesErased: messages.erased.length, messagesKept: messages.kept.length },
  });
  return ok({ contact, cancelled, texts, ...messages });
}

async function cancelWaiting(t: Tenant, contact: ContactId, by: By): Promise<ActionId[]> {
  const rows = await t.rows<{ action_id: ActionId }>(t.sql`
    ${t.update('action', 'a')} set state = 'cancelled', state_reason = 'contactErased', state_at = ${by.clock.now()}::timestamptz
    where ${t.own('a')} and a.contact_id = ${contact}::bigint and a.state in ('proposed', 'approved') returning a.action_id`);
  const cancelled = rows.map((row) => row.action_id).toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  await recordOfActions(t, { at: by.clock.now(), actor: by.actor, kind: 'action.cancelled' }, cancelled.map((action) => ({ action, facts: { reason: 'contactErased' } })));
  return cancelled;
}

/** Keeps what knows the address again without being it, so that no import brings it back; a dead address needs no row of its own any more. */
async function suppress(t: Tenant, { email, phone }: ContactRow, now: string): Promise<void> {
  await t.run(t.sql`
    ${t.into('erased_address', 'key, erased_at')}
    select ${t.org}, address_key(n.kind, n.value), ${now}::timestamptz from unnest(${['email', 'phone']}::text[], ${[email, phone]}::text[]) as n(kind, value)
    where n.kind = 'email' and n.value is not null or n.kind = 'phone' and n.value ~ '[0-9]' on conflict do nothing`);
  if (email === null) return;
  await t.run(t.sql`
    ${t.update('bounce', 'b')} set address = ${ERASED_ADDRESS}, diagnostic = '', lifted_reason = case when b.lifted_reason is not null then ${ERASED_WORD} end
    where ${t.own('b')} and b.address = ${email.toLowerCase()}`);
}

/** A pattern of PostgreSQL that finds these words, as they are; null when there is none to look for. */
function patternOf(words: readonly (string | null)[], written: (word: string) => string): string | null {
  const found = words.filter((word): word is string => word !== null && word.trim().length >= WORD_MIN);
  return found.length === 0 ? null : found.map((word) => written(word).replaceAll(/[^\p{L}\p{N} ]/gu, '\\$&')).join('|');
}

/** Takes the person's name, address and number out of what people wrote and of what imports kept to show; gives how many rows named them. */
async function eraseTexts(t: Tenant, { name, email, phone }: ContactRow): Promise<number> {
  const pattern = patternOf([name, email, phone], (word) => word);
  const inJson = patternOf([name, email, phone], (word) => JSON.stringify(word).slice(1, -1));
  if (pattern === null || inJson === null) return 0;
  const cut = (column: SqlPiece): SqlPiece => t.sql`regexp_replace(${column}, ${pattern}, ${ERASED_WORD}, 'gi')`;
  const holds = await t.run(t.sql`
    ${t.update('hold', 'h')} set note = ${cut(t.sql`h.note`)}, promised_by = ${cut(t.sql`h.promised_by`)}, accepted_by = ${cut(t.sql`h.accepted_by`)}, ended_reason = ${cut(t.sql`h.ended_reason`)},
      owner_name = ${cut(t.sql`h.owner_name`)}, owner_email = case when h.owner_email ~* ${pattern} then null else h.owner_email end
    where ${t.own('h')} and concat_ws(' ', h.note, h.promised_by, h.accepted_by, h.owner_name, h.owner_email, h.ended_reason) ~* ${pattern}`);
  const calls = await t.run(t.sql`${t.update('contact_made', 'm')} set note = ${cut(t.sql`m.note`)} where ${t.own('m')} and m.note ~* ${pattern}`);
  const tasks = await t.run(t.sql`${t.update('action', 'a')} set task_note = ${cut(t.sql`a.task_note`)} where ${t.own('a')} and a.task_note ~* ${pattern}`);
  const imports = await t.run(t.sql`
    ${t.update('import', 'i')} set summary = regexp_replace(i.summary::text, ${inJson}, ${ERASED_WORD}, 'gi')::jsonb where ${t.own('i')} and i.summary::text ~* ${inJson}`);
  const row = await t.one<{ found: string }>(t.sql`select erase_words(${pattern})::text as found`);
  return holds + calls + tasks + imports + Number(row?.found ?? 0);
}

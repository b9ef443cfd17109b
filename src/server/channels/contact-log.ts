import type { Channel } from '#core/dunning/scenario.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ContactId, CustomerId } from '#core/kernel/id.ts';
import { rememberContacts } from '#server/audit/fact-before.ts';
import { record } from '#server/audit/record.ts';
import type { By } from '#server/dunning/actions.ts';
import { readPolicy } from '#server/dunning/policy.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** A contact that a person made: a call, a visit, a letter posted by hand. */
export type HandContact = { readonly customer: CustomerId; readonly channel: Channel | 'visit'; readonly on: Day; readonly note: string | null };

/** A contact as noted, and how many the customer had in the window of the budget up to that day, this one included. */
export type NotedContact = { readonly id: string; readonly contacts: number; readonly contactsMax: number | null };

/** Locks a customer of the organisation: what counts in its budget changes only under that lock. False when there is none. */
async function lockCustomer(t: Tenant, customer: CustomerId): Promise<boolean> {
  return (await t.one(t.sql`select c.customer_id from ${t.from('customer')} c where c.customer_id = ${customer}::bigint and c.voided_at is null for update`)) !== null;
}

/** Notes a contact made by hand: from now on it counts in the customer's budget as one that was sent. Null when there is no such customer. */
export async function noteContact(t: Tenant, made: HandContact, of: { by: By; today: Day }): Promise<NotedContact | null> {
  const { by, today } = of;
  if (!(await lockCustomer(t, made.customer))) return null;
  const row = await t.one<{ contact_made_id: string }>(t.sql`
    ${t.into('contact_made', 'customer_id, channel, made_on, note, recorded_at, actor')}
    values (${t.org}, ${made.customer}::bigint, ${made.channel}, ${made.on}::date, ${made.note}, ${by.clock.now()}::timestamptz, ${by.actor})
    returning contact_made_id`);
  if (row === null) throw new Error('a contact was not kept');
  await record(t, {
    at: by.clock.now(), actor: by.actor, kind: 'customer.contactMade', subject: `customer:${made.customer}`,
    facts: { contact: row.contact_made_id, channel: made.channel, on: made.on },
  });
  const { contactCap } = (await readPolicy(t, today)).facts;
  const since = addDays(today, 1 - (contactCap?.windowDays ?? 1));
  const seen = await t.one<{ count: number }>(t.sql`
    select ((select count(*) from ${t.from('action')} a where a.customer_id = ${made.customer}::bigint and a.sent_on between ${since}::date and ${today}::date)
      + (select count(*) from ${t.from('contact_made')} m
        where m.customer_id = ${made.customer}::bigint and m.made_on between ${since}::date and ${today}::date and m.voided_at is null))::int as count`);
  return { id: row.contact_made_id, contacts: seen?.count ?? 0, contactsMax: contactCap?.contacts ?? null };
}

/** Takes back a contact that was noted by mistake. */
export async function voidContact(t: Tenant, of: { customer: CustomerId; id: string; by: By }): Promise<boolean> {
  const { customer, id, by } = of;
  if (!(await lockCustomer(t, customer))) return false;
  const touched = await t.run(t.sql`
    ${t.update('contact_made', 'm')} set voided_at = ${by.clock.now()}::timestamptz
    where ${t.own('m')} and m.contact_made_id = ${id}::bigint and m.customer_id = ${customer}::bigint and m.voided_at is null`);
  if (touched !== 1) return false;
  await record(t, { at: by.clock.now(), actor: by.actor, kind: 'customer.contactMadeVoided', subject: `customer:${customer}`, facts: { contact: id } });
  return true;
}

/**
 * Says which channels a contact refuses, from this moment: what is not handed over yet is asked again under the same lock. Refusing
 * e-mail is of the address: every contact that bears it refuses, those removed included, so that an import cannot bring it back.
 */
export async function refuseChannels(t: Tenant, of: { customer: CustomerId; contact: ContactId; channels: readonly Channel[]; by: By }): Promise<boolean> {
  const { customer, contact, channels, by } = of;
  if (!(await lockCustomer(t, customer))) return false;
  await rememberContacts(t, t.sql`k.contact_id = ${contact}::bigint or lower(k.email) = (select lower(o.email) from ${t.from('contact')} o where o.contact_id = ${contact}::bigint)`, by.clock.now());
  const row = await t.one<{ email: string | null }>(t.sql`
    ${t.update('contact', 'k')} set refused_channels = ${[...new Set(channels)]}::text[]
    where ${t.own('k')} and k.contact_id = ${contact}::bigint and k.customer_id = ${customer}::bigint and k.removed_at is null returning k.email`);
  if (row === null) return false;
  const refused = channels.includes('email');
  await t.run(t.sql`
    ${t.update('contact', 'k')} set refused_channels = array_remove(k.refused_channels, 'email') || case when ${refused} then '{email}'::text[] else '{}'::text[] end
    where ${t.own('k')} and lower(k.email) = lower(${row.email}) and ('email' = any(k.refused_channels)) <> ${refused}`);
  await record(t, {
    at: by.clock.now(), actor: by.actor, kind: 'customer.channelsRefused', subject: `customer:${customer}`, facts: { contact, channels: [...new Set(channels)] },
  });
  return true;
}

import type { z } from 'zod';
import type { Instant } from '#core/kernel/clock.ts';
import type { ContactId, CustomerId } from '#core/kernel/id.ts';
import { parseTerms } from '#core/ledger/terms.ts';
import { rememberContacts, rememberCustomers, rememberItems, rememberNewContact } from '#server/audit/fact-before.ts';
import { record } from '#server/audit/record.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import { scenariosInUse } from '#server/dunning/scenario-store.ts';
import type { By } from '#server/dunning/actions.ts';
import { moveDueDays } from '#server/ledger/due-dates.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { contactBody, customerBody } from './contracts/customer-shapes.ts';
import { Refusal, invalid, notFound } from './refusal.ts';
import { notErased } from '#server/intake/not-erased.ts';

type CustomerChange = z.output<typeof customerBody>;
type ContactChange = z.output<typeof contactBody>;

/** Contacts of one customer: a mailing list belongs in one address. */
const CONTACTS_MAX = 50;

const noCustomer = (): Refusal => notFound('Ce client n’existe pas ou plus.', 'This customer does not exist or no longer does.');

/** Locks a customer for a change: a message being claimed sees it either before or after. */
async function lockCustomer(t: Tenant, id: CustomerId): Promise<{ terms: string | null }> {
  const row = await t.one<{ terms: string | null }>(t.sql`
    select c.terms from ${t.from('customer')} c where c.customer_id = ${id}::bigint and c.voided_at is null for update`);
  if (row === null) throw noCustomer();
  return row;
}

async function checkCustomer(t: Tenant, change: CustomerChange): Promise<string | null> {
  if (change.scenario !== null && !(await scenariosInUse(t)).has(change.scenario)) {
    throw invalid('customer.scenario', 'Ce scénario n’existe pas : choisissez-en un de la liste.', 'This scenario does not exist: choose one of the list.');
  }
  if (!/^[A-Z]{2}$/.test(change.country)) throw invalid('customer.country', 'Le pays s’écrit en deux lettres (FR, BE…).', 'The country is two letters (FR, BE…).');
  const siren = change.siren?.replaceAll(/\s/g, '') ?? null;
  if (siren !== null && !/^\d{9}$/.test(siren)) throw invalid('customer.siren', 'Le SIREN a neuf chiffres : corrigez-le, ou laissez-le vide.', 'The SIREN has nine digits: correct it, or leave it empty.');
  return siren;
}

/** Changes a customer's record; new payment terms move the due days that were computed from the old ones. Gives how many. */
export async function changeCustomer(t: Tenant, of: { id: CustomerId; change: CustomerChange; by: By }): Promise<number> {
  const { id, change, by } = of;
  const before = await lockCustomer(t, id);
  const siren = await checkCustomer(t, change);
  const terms = change.terms === null ? null : parseTerms(change.terms);
  if (terms !== null && !terms.ok) throw new Refusal(422, 'customer.terms', terms.error.message);
  await rememberCustomers(t, t.sql`c.customer_id = ${id}::bigint`, by.clock.now());
  if (change.terms !== before.terms) await rememberItems(t, t.sql`i.customer_id = ${id}::bigint and i.due_source = 'terms' and i.voided_at is null and i.allocated < i.amount`, by.clock.now());
  await t.run(t.sql`
    ${t.update('customer', 'c')} set name = ${change.name}, kind = ${change.kind}, language = ${change.language}, siren = ${siren}, vat_number = ${change.vatNumber},
      address = ${change.address.filter((line) => line !== '')}::text[], postal_code = ${change.postalCode}, city = ${change.city}, country = ${change.country},
      terms = ${change.terms}, scenario_code = ${change.scenario}, payer_group = ${change.payerGroup}
    where ${t.own('c')} and c.customer_id = ${id}::bigint`);
  const moved = change.terms === before.terms ? 0 : await moveDueDays(t, t.sql`select ${id}::bigint`, null);
  await record(t, {
    at: by.clock.now(), actor: by.actor, kind: 'customer.changed', subject: `customer:${id}`,
    facts: { kind: change.kind, terms: change.terms, scenario: change.scenario, payerGroup: change.payerGroup, dueDays: moved },
  });
  return moved;
}

function checkedEmail(text: string | null): string | null {
  if (text === null) return null;
  const email = parseRecipient(text.toLowerCase());
  if (email.ok) return email.value;
  throw new Refusal(422, 'contact.email', { fr: `« ${text.slice(0, 60)} » n’est pas une adresse e-mail simple (nom@domaine.fr) : corrigez-la.`, en: `"${text.slice(0, 60)}" is not one plain e-mail address (name@domain.com): correct it.` });
}

async function addContact(t: Tenant, of: { customer: CustomerId; change: ContactChange; email: string | null; at: Instant }): Promise<number> {
  const { customer, change, email, at } = of;
  const row = await t.one<{ contact_id: string }>(t.sql`
    ${t.into('contact', 'customer_id, name, email, phone, roles')} values (${t.org}, ${customer}::bigint, ${change.name}, ${email}, ${change.phone}, ${change.roles}::text[]) returning contact_id`);
  if (row !== null) await rememberNewContact(t, row.contact_id, at);
  return row === null ? 0 : 1;
}

/** Adds a contact, or changes one. An address that had bounced is given another chance when it is changed. */
export async function saveContact(t: Tenant, of: { customer: CustomerId; contact: ContactId | null; change: ContactChange; by: By }): Promise<void> {
  const { customer, contact, change, by } = of;
  await lockCustomer(t, customer);
  const email = checkedEmail(change.email);
  if (email === null && change.phone === null) throw invalid('contact.email', 'Donnez une adresse e-mail ou un téléphone.', 'Give an e-mail address or a phone number.');
  const others = await t.rows<{ contact_id: string; email: string | null }>(t.sql`
    select k.contact_id, k.email from ${t.from('contact')} k where k.customer_id = ${customer}::bigint and k.removed_at is null`);
  if (email !== null && others.some((one) => one.email === email && one.contact_id !== contact)) {
    throw invalid('contact.email', 'Ce client a déjà un contact avec cette adresse.', 'This customer already has a contact with this address.');
  }
  const erased = await t.one(t.sql`select 1 as found where not ${await notErased(t, { email: t.sql`${email}::text`, phone: t.sql`${change.phone}::text` })}`);
  if (erased !== null) {
    throw invalid('contact.erased', 'Cette adresse ou ce numéro est d’une personne qui a fait effacer ses données : il ne peut pas être saisi de nouveau.', 'This address or number is of a person whose data were erased: it cannot be entered again.');
  }
  if (contact === null && others.length >= CONTACTS_MAX) throw invalid('contact.tooMany', `Un client a au plus ${CONTACTS_MAX} contacts.`, `A customer has at most ${CONTACTS_MAX} contacts.`);
  if (contact !== null) await rememberContacts(t, t.sql`k.contact_id = ${contact}::bigint`, by.clock.now());
  const touched = contact === null
    ? await addContact(t, { customer, change, email, at: by.clock.now() })
    : await t.run(t.sql`
        ${t.update('contact', 'k')} set name = ${change.name}, email = ${email}, phone = ${change.phone}, roles = ${change.roles}::text[],
          bounced_at = case when k.email is not distinct from ${email} then k.bounced_at end
        where ${t.own('k')} and k.contact_id = ${contact}::bigint and k.customer_id = ${customer}::bigint and k.removed_at is null`);
  if (touched !== 1) throw notFound('Ce contact n’existe plus.', 'This contact no longer exists.');
  await record(t, { at: by.clock.now(), actor: by.actor, kind: 'customer.contactSaved', subject: `customer:${customer}`, facts: { contact, roles: change.roles, email: email !== null } });
}

/** Removes a contact: nothing is sent to it from now on. */
export async function removeContact(t: Tenant, of: { customer: CustomerId; contact: ContactId; by: By }): Promise<void> {
  const { customer, contact, by } = of;
  await lockCustomer(t, customer);
  const touched = await t.run(t.sql`
    ${t.update('contact', 'k')} set removed_at = ${by.clock.now()}::timestamptz
    where ${t.own('k')} and k.contact_id = ${contact}::bigint and k.customer_id = ${customer}::bigint and k.removed_at is null`);
  if (touched !== 1) throw notFound('Ce contact n’existe plus.', 'This contact no longer exists.');
  await record(t, { at: by.clock.now(), actor: by.actor, kind: 'customer.contactRemoved', subject: `customer:${customer}`, facts: { contact } });
}

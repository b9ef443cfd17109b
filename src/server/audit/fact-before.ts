import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

/**
 * Keeps what the facts that dunning decides on are, just before they are changed, so that a past day can be explained by the facts of then.
 * Only what decides is kept: that an address exists, never which. `which` is a condition on alias `c`, `k` or `i`, `at` the instant of the change.
 */
export async function rememberCustomers(t: Tenant, which: SqlPiece, at: string): Promise<void> {
  await t.run(t.sql`
    ${t.into('fact_before', 'relation, row_id, before, changed_at')}
    select ${t.org}, 'customer', c.customer_id, jsonb_build_object('kind', c.kind, 'language', c.language, 'country', c.country, 'postal_code', c.postal_code, 'scenario_code', c.scenario_code,
      'has_address', cardinality(c.address) > 0 and c.postal_code is not null and c.city is not null), ${at}::timestamptz
    from ${t.from('customer')} c where ${which}`);
}

/** The same for contacts. */
export async function rememberContacts(t: Tenant, which: SqlPiece, at: string): Promise<void> {
  await t.run(t.sql`
    ${t.into('fact_before', 'relation, row_id, before, changed_at')}
    select ${t.org}, 'contact', k.contact_id, jsonb_build_object('roles', k.roles, 'email', k.email is not null, 'phone', k.phone is not null, 'refused_channels', k.refused_channels), ${at}::timestamptz
    from ${t.from('contact')} k where ${which}`);
}

/** A contact that a person adds was not there before. */
export async function rememberNewContact(t: Tenant, contact: string, at: string): Promise<void> {
  await t.run(t.sql`
    ${t.into('fact_before', 'relation, row_id, before, changed_at')} values (${t.org}, 'contact', ${contact}::bigint, null, ${at}::timestamptz)`);
}

/** The same for items: the day they are due, the scenario a person chose. */
export async function rememberItems(t: Tenant, which: SqlPiece, at: string): Promise<void> {
  await t.run(t.sql`
    ${t.into('fact_before', 'relation, row_id, before, changed_at')}
    select ${t.org}, 'item', i.item_id, jsonb_build_object('due_on', i.due_on, 'scenario_code', i.scenario_code), ${at}::timestamptz
    from ${t.from('item')} i where ${which}`);
}

/** The same for the settings of dunning and sending. */
export async function rememberSettings(t: Tenant, at: string): Promise<void> {
  await t.run(t.sql`
    ${t.into('fact_before', 'relation, row_id, before, changed_at')}
    select ${t.org}, 'profile', 0, jsonb_build_object('dunning', p.dunning, 'sending', p.sending - 'testAddress'), ${at}::timestamptz from ${t.from('profile')} p`);
}

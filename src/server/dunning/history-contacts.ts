import type { ContactFacts } from '#core/dunning/facts.ts';
import type { ContactHistory, Span } from '#core/dunning/history.ts';
import type { Channel } from '#core/dunning/scenario.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { datedFrom, grouped, loadBefore, ms, spanOf } from './history-rows.ts';
import type { BeforeRow, ContactRow } from './history-rows.ts';

/** What a contact's address of then was is not kept, only that there was one; the one of now stands for it. */
const ADDRESS_OF_THEN = '(address of then)';

/** Contacts of customers with their changes, those removed since included. */
export async function loadContactHistories(t: Tenant, ids: readonly string[]): Promise<Map<string, ContactHistory[]>> {
  const rows = await t.rows<ContactRow>(t.sql`
    select k.contact_id, k.customer_id, k.roles, k.email, k.phone,
      case when not 'email' = any(k.refused_channels) and exists (
        select from ${t.from('contact')} o where lower(o.email) = lower(k.email) and 'email' = any(o.refused_channels)
      ) then k.refused_channels || '{email}' else k.refused_channels end as refused_channels,
      ${ms(t, t.sql`p.applied_at`)} as from_at, ${ms(t, t.sql`k.removed_at`)} as until_at, ${ms(t, t.sql`k.bounced_at`)} as bounced_at
    from ${t.from('contact')} k left join ${t.from('import')} p on p.import_id = k.import_id where k.customer_id = any(${ids}::bigint[]) order by k.contact_id`);
  const before = await loadBefore(t, 'contact', rows.map((row) => row.contact_id));
  const bounces = await loadBounces(t, ids);
  return grouped(rows, (row) => row.customer_id, (row): ContactHistory => {
    const changes = before.get(row.contact_id) ?? [];
    const added = changes.find((change) => change.before === null);
    const spans = row.email === null ? [] : (bounces.get(row.email.toLowerCase()) ?? []);
    return {
      contactId: row.contact_id, known: spanOf(row.from_at ?? added?.at ?? null, row.until_at), facts: datedFrom(changes, (one) => factsBefore(row, one), factsNow(row)),
      bounced: row.bounced_at === null ? spans : [...spans, { from: row.bounced_at, until: null }],
    };
  });
}

const factsNow = (row: ContactRow): ContactFacts => ({
  contactId: row.contact_id, roles: row.roles, email: row.email, phone: row.phone, hasPostalAddress: false, refusedChannels: row.refused_channels, bouncedChannels: [],
});

function factsBefore(row: ContactRow, before: NonNullable<BeforeRow['before']>): ContactFacts {
  return {
    ...factsNow(row), roles: before['roles'] as ContactFacts['roles'], refusedChannels: before['refused_channels'] as Channel[],
    email: before['email'] === true ? (row.email ?? ADDRESS_OF_THEN) : null, phone: before['phone'] === true ? (row.phone ?? ADDRESS_OF_THEN) : null,
  };
}

/** The times an address did not work: from the report until a person lifted it. */
async function loadBounces(t: Tenant, ids: readonly string[]): Promise<Map<string, Span[]>> {
  const rows = await t.rows<{ address: string; from_at: number; until_at: number | null }>(t.sql`
    select b.address, ${ms(t, t.sql`b.reported_at`)} as from_at, ${ms(t, t.sql`b.lifted_at`)} as until_at from ${t.from('bounce')} b
    where b.kind in ('hard', 'complaint') and b.address in (select lower(k.email) from ${t.from('contact')} k where k.customer_id = any(${ids}::bigint[])) order by b.bounce_id`);
  return grouped(rows, (row) => row.address, (row) => spanOf(row.from_at, row.until_at));
}

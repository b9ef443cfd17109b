import { Allowance, SLOT_MINUTES } from '#core/channels/allowance.ts';
import type { Rates } from '#core/channels/allowance.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** First key of the lock by which claims of one organisation count its e-mails in turn; the second is the organisation. */
const RATE_LOCK = 4_180_008;

/** Until the transaction ends no other claim of the organisation counts: two workers cannot both take the last place. Taken before any row lock. */
export async function lockRates(t: Tenant): Promise<void> {
  await t.run(t.sql`select pg_advisory_xact_lock(${RATE_LOCK}, hashtext(${t.organisation}))`);
}

/** What may leave now under the rates. Every try counts, accepted or not, because servers count tries; one that was released never began. */
export async function readAllowance(t: Tenant, rates: Rates | null, now: Instant): Promise<Allowance> {
  if (rates === null) return new Allowance(null, new Map());
  const rows = await t.rows<{ domain: string; slot: number; hour: number; day: number }>(t.sql`
    select s.domain, (count(*) filter (where s.claimed_at > ${now}::timestamptz - make_interval(mins => ${SLOT_MINUTES})))::int as slot,
      (count(*) filter (where s.claimed_at > ${now}::timestamptz - interval '1 hour'))::int as hour, count(*)::int as day
    from ${t.from('send_attempt')} s
    where s.domain is not null and s.claimed_at > ${now}::timestamptz - interval '1 day' and s.outcome is distinct from 'released'
    group by s.domain`);
  return new Allowance(rates, new Map(rows.map(({ domain, slot, hour, day }) => [domain, { slot, hour, day }])));
}

import type { BounceView, RefusalView, SendingPage } from '#core/api/sending.ts';
import { BOUNCES_PER_THOUSAND_MAX, COMPLAINTS_PER_HUNDRED_THOUSAND_MAX } from '#core/dunning/breaker.ts';
import type { Day } from '#core/kernel/day.ts';
import { mailRecord, openHalt } from '#server/channels/halts.ts';
import { followedAccounts } from '#server/dunning/bank-freshness.ts';
import { readSending } from '#server/dunning/sending-settings.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** How sending is set and how it stands. */
export async function readSendingPage(t: Tenant, today: Day): Promise<SendingPage> {
  const settings = await readSending(t);
  const halt = await openHalt(t);
  const profile = await t.one<{ country: string }>(t.sql`select p.country from ${t.from('profile')} p`);
  const place = { country: profile?.country ?? 'FR', postalCode: null };
  return {
    settings, latest: await mailRecord(t),
    halt: halt === null ? null : { cause: halt.cause, openedAt: halt.openedAt, mails: halt.mails, bounces: halt.bounces, complaints: halt.complaints },
    accounts: await followedAccounts(t, { today, place, settings }),
    bounds: { bouncesPerThousand: BOUNCES_PER_THOUSAND_MAX, complaintsPerHundredThousand: COMPLAINTS_PER_HUNDRED_THOUSAND_MAX },
  };
}

/** What came back is listed newest first; a list longer than this is a breaker that is open. */
const BOUNCES_MAX = 500;

type BounceRow = {
  bounce_id: string; action_id: string | null; address: string; kind: string; status: string | null; diagnostic: string; source: string; reported_at: string;
  lifted_at: string | null;
};

/** The latest things that came back. */
export async function listBounces(t: Tenant): Promise<BounceView[]> {
  const rows = await t.rows<BounceRow>(t.sql`
    select b.bounce_id, b.action_id, b.address, b.kind, b.status, b.diagnostic, b.source, b.reported_at, b.lifted_at
    from ${t.from('bounce')} b order by b.bounce_id desc limit ${BOUNCES_MAX}`);
  return rows.map((row) => ({
    id: row.bounce_id, actionId: row.action_id, address: row.address, kind: row.kind, status: row.status, diagnostic: row.diagnostic, source: row.source,
    reportedAt: row.reported_at, liftedAt: row.lifted_at,
  }));
}

/** Refusals listed at once; a list longer than this is for an export. */
const REFUSALS_MAX = 1000;

type RefusalRow = { customer_id: string; customer_name: string; contact_id: string; name: string | null; email: string | null; phone: string | null; refused_channels: string[] };

/** Contacts that refuse a channel, by the name of their customer. */
export async function listRefusals(t: Tenant): Promise<RefusalView[]> {
  const rows = await t.rows<RefusalRow>(t.sql`
    select k.customer_id, c.name as customer_name, k.contact_id, k.name, k.email, k.phone, k.refused_channels
    from ${t.from('contact')} k join ${t.from('customer')} c on c.customer_id = k.customer_id and c.voided_at is null
    where k.removed_at is null and cardinality(k.refused_channels) > 0 order by c.name, k.contact_id limit ${REFUSALS_MAX}`);
  return rows.map((row) => ({
    customerId: row.customer_id, customerName: row.customer_name, contactId: row.contact_id, name: row.name, email: row.email, phone: row.phone, channels: row.refused_channels,
  }));
}

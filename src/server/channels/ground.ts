import type { AccountFacts, ContactMade } from '#core/dunning/facts.ts';
import type { Channel } from '#core/dunning/scenario.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { loadAccounts } from '#server/dunning/facts-store.ts';
import { readPolicy } from '#server/dunning/policy.ts';
import type { Policy } from '#server/dunning/policy.ts';
import { latestScenarios } from '#server/dunning/scenario-store.ts';
import { dayAt } from '#server/plumbing/clock.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { LockedAction } from './claim.ts';
import { openHalt } from './halts.ts';

/** A contact with a customer as the claim sees it: made, or handed over and not yet settled. */
export type ContactAtClaim = ContactMade & {
  /** It was approved on an earlier day than it left. */
  readonly leftOver: boolean;
};

/** What re-checking some actions rests on, read once for all of them under their locks. Contacts grow with every action let go. */
export type Ground = {
  readonly policy: Policy;
  readonly accounts: ReadonlyMap<string, AccountFacts>;
  readonly contacts: Map<string, readonly ContactAtClaim[]>;
  /** The breaker is open: no e-mail leaves. */
  readonly halted: boolean;
  /** The instant hours are judged by; null on a day set by hand, whose hours are nobody's. */
  readonly at: Instant | null;
};

/** Reads what re-checking these actions rests on. */
export async function readGround(t: Tenant, actions: readonly LockedAction[], { today, now }: { today: Day; now: Instant }): Promise<Ground> {
  const policy = await readPolicy(t, today);
  const accounts = new Map<string, AccountFacts>();
  const windowDays = Math.max(policy.facts.contactCap?.windowDays ?? 1, 1);
  const customerIds = actions.map((action) => action.customerId);
  const batches = loadAccounts(t, {
    today, scenarios: await latestScenarios(t), standardScenario: policy.settings.scenario, contactWindowDays: windowDays, customerIds,
  });
  for await (const batch of batches) for (const account of batch) accounts.set(account.customer.id, account);
  const contacts = await readContacts(t, customerIds, { since: addDays(today, -windowDays), today, timeZone: policy.timeZone });
  return { policy, accounts, contacts, halted: (await openHalt(t)) !== null, at: dayAt(policy.timeZone, now) === today ? now : null };
}

type ContactRow = { customer_id: string; channel: Channel; on: Day; currency: Currency | null; left_over: boolean };

/**
 * Every contact with these customers in the window: what was sent, what another worker has in hand or nobody knows the end of,
 * what people did by hand, and what the send journal told of and has no action yet, its documents not being here. Customers are locked, so none can be added meanwhile.
 */
async function readContacts(t: Tenant, customers: readonly string[], of: { since: Day; today: Day; timeZone: string }): Promise<Map<string, readonly ContactAtClaim[]>> {
  const rows = await t.rows<ContactRow>(t.sql`
    select n.customer_id, n.channel, n.on, n.currency, coalesce(n.approved_on < n.on, false) as left_over from (
      select a.customer_id, a.channel, a.currency, a.approved_on,
        case when a.sent_on is not null then a.sent_on when a.state = 'claimed' then ${of.today}::date else (a.state_at at time zone ${of.timeZone})::date end as on
      from ${t.from('action')} a
      where a.customer_id = any(${customers}::bigint[]) and not a.test and a.channel <> 'check' and (a.sent_on >= ${of.since}::date or a.state in ('claimed', 'unknown'))
      union all
      select m.customer_id, m.channel, null, null, m.made_on from ${t.from('contact_made')} m
      where m.customer_id = any(${customers}::bigint[]) and m.made_on >= ${of.since}::date and m.voided_at is null
      union all
      select c.customer_id, e.send ->> 'channel', e.send ->> 'currency', null, (e.send ->> 'day')::date from ${t.from('sent_elsewhere')} e join ${t.from('customer')} c on c.code = e.send ->> 'customer'
      where c.customer_id = any(${customers}::bigint[]) and e.placed_at is null and e.action_id is null and (e.send ->> 'day')::date >= ${of.since}::date
    ) n`);
  const found = new Map<string, ContactAtClaim[]>();
  for (const row of rows) {
    const contact = { channel: row.channel, on: row.on, currency: row.currency, leftOver: row.left_over };
    const list = found.get(row.customer_id);
    if (list === undefined) found.set(row.customer_id, [contact]);
    else list.push(contact);
  }
  return found;
}

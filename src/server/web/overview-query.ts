import type { Overview } from '#core/api/overview.ts';
import type { SendingPage } from '#core/api/sending.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { decimal, money } from '#core/kernel/money.ts';
import { RECONCILED } from '#server/dunning/place-sends.ts';
import { readPolicy } from '#server/dunning/policy.ts';
import { BUCKETS, ageing, currenciesInUse, itemsAsOf } from '#server/ledger/store.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { countFailedWebhooks } from '#server/channels/webhooks/webhooks.ts';
import { readSendingPage } from './sending-query.ts';

/** Customers shown as the largest overdue ones. */
const LARGEST = 5;

type Sides = Overview['currencies'][number];

async function currencyOverview(t: Tenant, today: Day, currency: Currency): Promise<Sides> {
  // By segment: three rows at most, whatever the number of customers.
  const rows = await ageing(t, today, { currency, by: 'segment' });
  const sum = (pick: (row: (typeof rows)[number]) => bigint): bigint => rows.reduce((total, row) => total + pick(row), 0n);
  const text = (minor: bigint): string => decimal(money(minor, currency));
  const buckets = BUCKETS.map(({ key }) => ({ key, minor: sum((row) => row.amounts[key]) }));
  const outstanding = buckets.reduce((total, { minor }) => total + minor, 0n);
  const credits = sum((row) => row.credits);
  const notDue = buckets.find(({ key }) => key === 'notDue')?.minor ?? 0n;
  return {
    currency, outstanding: text(outstanding), overdue: text(outstanding - notDue), credits: text(credits), balance: text(outstanding - credits),
    buckets: buckets.map(({ key, minor }) => ({ key, amount: text(minor) })),
  };
}

async function countActions(t: Tenant, today: Day): Promise<Overview['actions']> {
  const rows = await t.rows<{ state: string; total: number; today: number }>(t.sql`
    select a.state, count(*)::int as total, (count(*) filter (where a.sent_on = ${today}::date))::int as today from ${t.from('action')} a group by a.state`);
  const count = (state: string): number => rows.find((row) => row.state === state)?.total ?? 0;
  return {
    proposed: count('proposed'), approved: count('approved'), claimed: count('claimed'), unknown: count('unknown'), failed: count('failed'),
    sentToday: rows.reduce((sum, row) => sum + row.today, 0),
  };
}

async function countCustomers(t: Tenant, today: Day): Promise<Overview['customers']> {
  const row = await t.one<{ total: number; overdue: number; mute: number }>(t.sql`
    select count(*)::int as total, (count(*) filter (where late.customer_id is not null))::int as overdue,
      (count(*) filter (where late.customer_id is not null and reachable.customer_id is null))::int as mute
    from ${t.from('customer')} c
    left join (select distinct i.customer_id from (${itemsAsOf(t, today)}) i where i.side = 'debit' and i.open > 0 and i.due_on < ${today}::date) late
      on late.customer_id = c.customer_id
    left join (select distinct k.customer_id from ${t.from('contact')} k where k.email is not null and k.removed_at is null and k.bounced_at is null) reachable
      on reachable.customer_id = c.customer_id
    where c.voided_at is null`);
  return { total: row?.total ?? 0, overdue: row?.overdue ?? 0, overdueWithoutEmail: row?.mute ?? 0 };
}

type LargeRow = { customer_id: string; name: string; overdue: string; days_late: number };

async function largestOverdue(t: Tenant, today: Day, currency: Currency): Promise<Overview['largest']> {
  const rows = await t.rows<LargeRow>(t.sql`
    select i.customer_id, c.name, sum(i.open)::text as overdue, (${today}::date - min(i.due_on))::int as days_late
    from (${itemsAsOf(t, today)}) i join ${t.from('customer')} c on c.customer_id = i.customer_id
    where i.side = 'debit' and i.open > 0 and i.due_on < ${today}::date and i.currency = ${currency}
    group by i.customer_id, c.name order by sum(i.open) desc, i.customer_id limit ${LARGEST}`);
  return rows.map((row) => ({ id: row.customer_id, name: row.name, overdue: decimal(money(BigInt(row.overdue), currency)), currency, daysLate: row.days_late }));
}

type EntityRow = { iban: boolean; email: boolean; address: boolean };

async function missingDetails(t: Tenant): Promise<EntityRow> {
  const row = await t.one<EntityRow>(t.sql`
    select e.iban is null as iban, e.email is null as email, cardinality(e.address) = 0 or e.city is null as address
    from ${t.from('entity')} e order by e.entity_id limit 1`);
  return row ?? { iban: true, email: true, address: true };
}

/** The account that is furthest behind. */
function bankOf({ accounts, settings }: SendingPage): Overview['bank'] {
  const [last] = accounts.toSorted((a, b) => b.ageDays - a.ageDays);
  if (last === undefined || settings.bankLimitDays === null) return null;
  return { account: last.key, lastOn: last.lastOn, ageDays: last.ageDays, limitDays: settings.bankLimitDays, stale: last.ageDays > settings.bankLimitDays };
}

/** Everything the first screen shows, in one snapshot. */
export async function readOverview(t: Tenant, today: Day, senderSet: boolean): Promise<Overview> {
  const policy = await readPolicy(t, today);
  const currencies = await currenciesInUse(t);
  const overviews: Sides[] = [];
  for (const currency of currencies) overviews.push(await currencyOverview(t, today, currency));
  const lastImport = await t.one<{ applied_on: Day; file_name: string }>(t.sql`
    select i.applied_on, i.file_name from ${t.from('import')} i where i.status = 'applied' order by i.applied_on desc, i.import_id desc limit 1`);
  const lastRun = await t.one<{ today: Day; action_count: string; stopped: string | null }>(t.sql`
    select r.today, r.action_count, r.stopped from ${t.from('run')} r where r.stopped is distinct from ${RECONCILED} order by r.run_id desc limit 1`);
  const missing = await missingDetails(t);
  const sending = await readSendingPage(t, today);
  const { ageDays, limitDays } = policy.facts.ledger;
  return {
    today, currencies: overviews, customers: await countCustomers(t, today), actions: await countActions(t, today),
    ledger: { importedOn: lastImport?.applied_on ?? null, fileName: lastImport?.file_name ?? null, ageDays, limitDays, stale: ageDays === null || ageDays > limitDays },
    lastRun: lastRun === null ? null : { today: lastRun.today, actions: Number(lastRun.action_count), stopped: lastRun.stopped },
    largest: currencies[0] === undefined ? [] : await largestOverdue(t, today, currencies[0]),
    missing: { iban: missing.iban, senderEmail: missing.email && !senderSet, address: missing.address },
    globalStop: policy.settings.globalStop, testAddress: sending.settings.testAddress, halt: sending.halt, webhooksOff: await countFailedWebhooks(t), bank: bankOf(sending),
  };
}

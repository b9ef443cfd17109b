import type { MemoryChange } from '#core/matching/memory.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Writes what the core says changed of the payer memory; of several changes of one key the last one counts. */
export async function storeMemory(t: Tenant, changes: readonly MemoryChange[], today: Day): Promise<void> {
  const seen = new Map<string, Extract<MemoryChange, { kind: 'iban' | 'label' }>>();
  const refusals = new Map<string, Extract<MemoryChange, { kind: 'refused' }>>();
  for (const change of changes) {
    if (change.kind === 'refused') refusals.set(change.key, change);
    else seen.set(`${change.kind} ${change.key} ${change.customer}`, change);
  }
  // In one order everywhere: two people who teach the same payers never wait for each other.
  const sorted = [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
  const kept = sorted.filter(({ times }) => times > 0);
  const gone = sorted.filter(({ times }) => times === 0);
  if (kept.length > 0) {
    await t.run(t.sql`
      ${t.into('payer_memory', 'kind, key, customer_id, times, last_on')}
      select ${t.org}, n.kind, n.key, n.customer, n.times, ${today}::date
      from unnest(${kept.map((one) => one.kind)}::text[], ${kept.map((one) => one.key)}::text[], ${kept.map((one) => one.customer)}::bigint[], ${kept.map((one) => one.times)}::int[])
        as n(kind, key, customer, times)
      on conflict (organisation_id, kind, key, customer_id) do update set times = excluded.times, last_on = excluded.last_on`);
  }
  for (const one of gone) {
    await t.run(t.sql`${t.deleteFrom('payer_memory', 'm')} where ${t.own('m')} and m.kind = ${one.kind} and m.key = ${one.key} and m.customer_id = ${one.customer}::bigint`);
  }
  for (const { key, refused } of [...refusals.values()].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    if (refused === null) await t.run(t.sql`${t.deleteFrom('payer_refusal', 'r')} where ${t.own('r')} and r.key = ${key}`);
    else {
      await t.run(t.sql`
        ${t.into('payer_refusal', 'key, times, last_on')} values (${t.org}, ${key}, ${refused.times}, ${refused.lastOn}::date)
        on conflict (organisation_id, key) do update set times = excluded.times, last_on = excluded.last_on`);
    }
  }
}

import { expect } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import { verify } from '#server/audit/verify.ts';
import { listItems } from '#server/ledger/store.ts';
import type { Database } from '#server/plumbing/database.ts';

/** Open items as one text each: customer, side, document (or label), open amount. */
export async function openLines(database: Database, organisation: OrganisationId, asOf = '2027-12-31'): Promise<string[]> {
  const items = await database.inTenant(organisation, (t) => listItems(t, day(asOf)));
  return items.map((item) => `${item.customer} ${item.side} ${item.document ?? item.label} ${decimalMinor(BigInt(item.open), 2)}${item.estimated ? ' estimated' : ''}`);
}

/** Every named invariant holds. */
export async function verified(database: Database, organisation: OrganisationId): Promise<void> {
  expect((await database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
}

import { planInBulk } from '#server/plumbing/tenant.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** First key of the lock that imports, undoing and hand-offs of one organisation take; the second is the organisation. */
const IMPORT_LOCK = 4_180_004;

/** Waits until no other import (or undo) of the organisation is under way, so that what one reads of the ledger still holds when it writes. The statements of a file of many lines are planned in bulk; those of one document are not, they look a few rows up. */
export async function lockImports(t: Tenant, size: 'bulk' | 'single' = 'bulk'): Promise<void> {
  if (size === 'bulk') await planInBulk(t);
  await t.run(t.sql`select pg_advisory_xact_lock(${IMPORT_LOCK}, hashtext(${t.organisation}))`);
}

/** How long a person's change waits for an import that is under way before it is asked to come again. */
const TURN_WAIT_MS = 15_000;

/** Waits until no import is under way and keeps imports away until the transaction ends; several may hold them off at once. Fails with `lock_not_available` after 15 seconds. */
export async function waitForImports(t: Tenant): Promise<void> {
  await t.run(t.sql`select set_config('lock_timeout', ${String(TURN_WAIT_MS)}, true)`);
  await t.run(t.sql`select pg_advisory_xact_lock_shared(${IMPORT_LOCK}, hashtext(${t.organisation}))`);
}

/**
 * Keeps imports away until the transaction ends; false when one is under way. A hand-off locks a customer and then its
 * items, an import items and then customers: side by side they could wait for each other for ever.
 */
export async function holdImportsOff(t: Tenant): Promise<boolean> {
  const row = await t.one<{ held: boolean }>(t.sql`select pg_try_advisory_xact_lock_shared(${IMPORT_LOCK}, hashtext(${t.organisation})) as held`);
  return row?.held === true;
}

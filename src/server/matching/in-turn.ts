import type { OrganisationId } from '#core/kernel/id.ts';
import { waitForImports } from '#server/intake/import-lock.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { conflict } from './faults.ts';

/** Times a change is tried when PostgreSQL ended it for the sake of another one; each try sees what that one did. */
const TRIES_MAX = 4;
/** Deadlock detected, serialisation failure. */
const TRY_AGAIN: ReadonlySet<string> = new Set(['40P01', '40001']);
/** A lock was not to be had in time: an import is under way. */
const LOCK_NOT_AVAILABLE = '55P03';

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : '';
}

/**
 * A person's change of the lettrage as one transaction beside which no import runs. Throws a conflict when an import takes longer than a
 * person waits; what ends in a deadlock is tried again from its beginning.
 */
export async function inTurn<T>(database: Database, organisation: OrganisationId, work: (t: Tenant) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await database.inTenant(organisation, async (t) => {
        await waitForImports(t);
        return work(t);
      });
    } catch (error) {
      const code = codeOf(error);
      if (TRY_AGAIN.has(code) && tries < TRIES_MAX) continue;
      if (code !== LOCK_NOT_AVAILABLE && !TRY_AGAIN.has(code)) throw error;
      throw conflict(
        'Un import ou un autre lettrage est en cours : rien n’a changé, réessayez dans un instant.', 'An import or another match is under way: nothing has changed, try again in a moment.');
    }
  }
}

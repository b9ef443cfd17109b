import type { PoolClient } from 'pg';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Database } from '#server/plumbing/database.ts';

/** First keys of the session locks under which one worker alone takes files in; the second is the organisation. */
const INBOX_LOCKS = { folder: 4_180_006, mailbox: 4_180_007 } as const;

/**
 * Does `work` while no other worker does the same for the organisation; false when another one is at it. The lock lives on a
 * connection of its own, so that PostgreSQL frees it the moment this process is gone: what it left half-way is then known to be nobody's.
 */
export async function aloneInInbox(database: Database, of: { what: keyof typeof INBOX_LOCKS; organisation: OrganisationId }, work: () => Promise<void>): Promise<boolean> {
  const client: PoolClient = await database.pool.connect();
  let lost: Error | undefined;
  // A connection lost while it only holds the lock would otherwise end the process. Work goes on: imports are applied once whoever does them.
  const onLost = (error: Error): void => {
    lost = error;
  };
  client.on('error', onLost);
  const key = [INBOX_LOCKS[of.what], of.organisation];
  try {
    const got = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as held', key);
    if (got.rows[0]?.held !== true) return false;
    try {
      await work();
    } finally {
      if (lost === undefined) {
        await client.query('select pg_advisory_unlock($1, hashtext($2))', key).catch((error: Error) => {
          lost = error;
        });
      }
    }
    return true;
  } finally {
    client.off('error', onLost);
    client.release(lost);
  }
}

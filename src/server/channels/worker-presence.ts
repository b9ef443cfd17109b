import type { PoolClient } from 'pg';
import { systemRandom } from '#server/plumbing/random.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** First key of the advisory locks by which workers show that they live. */
const PRESENCE_LOCK = 4_180_005;
const ID_MAX = 2 ** 31 - 1;

/** A worker as the others see it: it holds a session lock on its number, which PostgreSQL frees the moment its connection is gone. */
export type WorkerPresence = {
  readonly id: string;
  /** Whether the worker of this number still holds its connection. */
  isAlive(t: Tenant, worker: string): Promise<boolean>;
  leave(): Promise<void>;
};

/** Takes a number and holds it on a connection of its own until `leave`, or until this process dies. */
export async function joinWorkers(database: Database): Promise<WorkerPresence> {
  const client: PoolClient = await database.pool.connect();
  let lost: Error | undefined;
  // A connection lost while it only waits would otherwise end the process; what this worker claimed is then parked by the others.
  const onLost = (error: Error): void => {
    lost = error;
  };
  client.on('error', onLost);
  const id = systemRandom.between(1, ID_MAX);
  await client.query('select pg_advisory_lock($1, $2)', [PRESENCE_LOCK, id]);
  return {
    id: String(id),
    isAlive: async (t, worker) => {
      const row = await t.one<{ free: boolean }>(t.sql`select pg_try_advisory_xact_lock(${PRESENCE_LOCK}, ${Number(worker)}) as free`);
      return row?.free !== true;
    },
    leave: async () => {
      if (lost === undefined) await client.query('select pg_advisory_unlock($1, $2)', [PRESENCE_LOCK, id]);
      client.off('error', onLost);
      client.release(lost);
    },
  };
}

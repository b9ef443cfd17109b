import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { systemRandom } from '#server/plumbing/random.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** First key of the advisory locks by which workers show that they live. */
export const PRESENCE_LOCK = 4_180_005;
const ID_MAX = 2 ** 31 - 1;
/** Between two tries to show again that one lives: a database that restarts is back within seconds, and nothing is sent while it is away. */
const REJOIN_MS = 500;

/** A worker as the others see it: it holds a session lock on its number, which PostgreSQL frees the moment its connection is gone. */
export type WorkerPresence = {
  readonly id: string;
  /** Whether the worker of this number still holds its connection. */
  isAlive(t: Tenant, worker: string): Promise<boolean>;
  leave(): Promise<void>;
};

/**
 * Takes a number and holds it on a connection of its own until `leave`, or until this process dies. A connection that is lost, by a restart of the database
 * or a cut, is replaced under the same number: without it the others would take this worker for dead for ever, and park what it is handing over.
 */
export async function joinWorkers(database: Database): Promise<WorkerPresence> {
  const id = systemRandom.between(1, ID_MAX);
  const held: { client: PoolClient | null; left: boolean } = { client: null, left: false };
  const take = async (): Promise<void> => {
    const client = await database.pool.connect();
    // Listened to for as long as there is this connection: a loss that nobody hears of would end the process.
    client.on('error', () => {
      if (held.client !== client) return;
      held.client = null;
      client.release(true);
      void rejoin();
    });
    try {
      await client.query('select pg_advisory_lock($1, $2)', [PRESENCE_LOCK, id]);
    } catch (error) {
      client.release(true);
      throw error;
    }
    if (held.left) client.release(true);
    else held.client = client;
  };
  // Nobody waits for this: what is claimed meanwhile is fenced, whoever thinks this worker gone.
  const rejoin = async (): Promise<void> => {
    while (!held.left && held.client === null) {
      await sleep(REJOIN_MS, undefined, { ref: false });
      // The database is still away: the next try follows.
      if (!held.left) await take().catch(() => null);
    }
  };
  await take();
  return {
    id: String(id),
    isAlive: async (t, worker) => {
      const row = await t.one<{ free: boolean }>(t.sql`select pg_try_advisory_xact_lock(${PRESENCE_LOCK}, ${Number(worker)}) as free`);
      return row?.free !== true;
    },
    leave: async () => {
      held.left = true;
      const { client } = held;
      held.client = null;
      if (client === null) return;
      // Given back by name: with a connection alone it goes a moment later, in which the others would think this worker alive. One that is lost has freed it.
      await client.query('select pg_advisory_unlock($1, $2)', [PRESENCE_LOCK, id]).catch(() => null);
      client.release(true);
    },
  };
}

import pg from 'pg';
import type { PoolClient } from 'pg';
import type { OrganisationId } from '#core/kernel/id.ts';
import { Tenant } from './tenant.ts';
import type { TenantNets } from './tenant.ts';

/** Connections of one process; an embedded server allows 100 in all. */
const POOL_MAX = 8;
/** A request that holds a connection longer than this is a bug or an attack; imports and runs set their own. */
const STATEMENT_TIMEOUT_MS = 5 * 60_000;
/** A process that was stopped in the middle of a transaction (a suspended machine) must not keep its locks, and every other writer waiting, until it wakes. */
const IDLE_IN_TRANSACTION_MS = 5 * 60_000;

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (oid === pg.types.builtins.DATE) return (text: string) => text;
    if (oid === pg.types.builtins.TIMESTAMPTZ) return (text: string) => new Date(text).toISOString();
    return pg.types.getTypeParser(oid, format);
  },
};

/**
 * How a unit of work runs. `keepPlans`: connections keep the plans of its statements, for work that finds single rows and is done thousands of times,
 * of which planning is half; work on whole ledgers must be planned each time for what it finds.
 */
export type WorkOptions = { readonly isolation?: 'read committed' | 'repeatable read'; readonly readOnly?: boolean; readonly keepPlans?: boolean };

/** The login role's connections. All tenant data is reached through `inTenant`. */
export class Database {
  readonly pool: pg.Pool;
  readonly #nets: TenantNets;

  constructor(config: pg.PoolConfig, nets: TenantNets = { filter: true }) {
    this.#nets = nets;
    this.pool = new pg.Pool({
      max: POOL_MAX, types, application_name: 'acquit', statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS, ...config,
    });
    // A connection lost while idle is replaced at the next use; without a listener it would end the process.
    this.pool.on('error', () => undefined);
    // One lost in the middle of a transaction, between two statements, is told by the next statement; here, too, the process would end.
    this.pool.on('connect', (client) => void client.on('error', () => undefined));
  }

  /** One transaction on one organisation; commits when `work` returns, rolls back when it throws. */
  async inTenant<T>(organisation: OrganisationId, work: (t: Tenant) => Promise<T>, options: WorkOptions = {}): Promise<T> {
    return this.inTransaction(async (client) => {
      await client.query(`select set_config('acquit.organisation_id', $1, true)`, [organisation]);
      return work(new Tenant(client, organisation, { ...this.#nets, keepPlans: options.keepPlans === true }));
    }, options);
  }

  /** One transaction on the directory tables (organisations, users, sessions); it sees no tenant's rows. */
  async inTransaction<T>(work: (client: PoolClient) => Promise<T>, options: WorkOptions = {}): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query(`begin isolation level ${options.isolation ?? 'read committed'}${options.readOnly === true ? ' read only' : ''}`);
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

import type { PoolClient } from 'pg';
import { seededRandom } from '#core/kernel/random.ts';
import type { Database } from '#server/plumbing/database.ts';

/** How a database fails a transaction that did nothing wrong: another one was in its way. */
const FAULTS = [
  { code: '40001', message: 'could not serialize access due to concurrent update' },
  { code: '40P01', message: 'deadlock detected' },
] as const;

const raising = ({ code, message }: (typeof FAULTS)[number]): string => `do $$ begin raise exception using errcode = '${code}', message = '${message}'; end $$`;

/** Statements of a transaction among which a deadlock comes; the commit is where a serialisation failure does. */
const STATEMENTS = 6;

/**
 * Lets a share of the transactions of a database fail, half at the commit and half in the middle. The server itself raises the error, so the
 * transaction is as dead as a real one.
 */
export function injectFaults(database: Database, of: { share: number; seed: number }): void {
  const random = seededRandom(of.seed);
  const { pool } = database;
  const connect = pool.connect.bind(pool);
  const connectOne = (): Promise<PoolClient> => connect();
  const query = pool.query.bind(pool) as (...given: unknown[]) => unknown;
  const wrap = (client: PoolClient): PoolClient => {
    // Counts the statements left until the one that fails; null: none of this transaction does.
    let left: number | null = null;
    let doomed: 'commit' | 'middle' | null = null;
    const ask = client.query.bind(client) as (...given: unknown[]) => unknown;
    const asked = (...given: unknown[]): unknown => {
      const [text] = given;
      if (typeof text === 'string' && text.startsWith('begin')) {
        doomed = random.chance(of.share) ? random.pick(['commit', 'middle'] as const) : null;
        left = random.between(1, STATEMENTS);
        return ask(...given);
      }
      if (text === 'rollback') doomed = null;
      if (doomed === 'commit' && text === 'commit') return ask(raising(FAULTS[0]));
      if (doomed === 'middle' && left !== null) {
        left -= 1;
        if (left === 0 || text === 'commit') return ask(raising(FAULTS[1]));
      }
      return ask(...given);
    };
    return new Proxy(client, {
      get: (target, key) => {
        if (key === 'query') return asked;
        const found: unknown = Reflect.get(target, key, target);
        return typeof found === 'function' ? (found.bind(target) as unknown) : found;
      },
    });
  };
  // The pool itself asks for a connection with a callback, everybody else with a promise.
  Object.defineProperty(pool, 'connect', {
    configurable: true,
    value: (taken?: Parameters<typeof connect>[0]) => (taken === undefined ? connectOne().then(wrap) : connect(taken)),
  });
  // Notes are one statement, which commits by itself.
  Object.defineProperty(pool, 'query', {
    configurable: true,
    value: (...given: unknown[]) => (random.chance(of.share) ? query(raising(random.pick(FAULTS))) : query(...given)),
  });
}

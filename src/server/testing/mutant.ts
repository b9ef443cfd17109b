import type { PoolClient } from 'pg';
import type { Database } from '#server/plumbing/database.ts';

/**
 * Plants a bug in what a database's connections are asked: each statement whose text has `from` is asked with `to` in its place. Throws
 * when the bug is taken out and no statement had it: a proof by a bug that was never there proves nothing.
 */
export function plantInSql(database: Database, bugs: readonly { readonly from: string; readonly to: string }[]): { remove(): void } {
  const { pool } = database;
  const connect = pool.connect.bind(pool);
  const seen = new Set<string>();
  const changed = (text: string): string => bugs.reduce((before, { from, to }) => {
    if (before.includes(from)) seen.add(from);
    return before.replaceAll(from, to);
  }, text);
  // A statement whose plan is kept loses its name with the bug: the sound text may be kept under it, and the bug must not stay behind.
  const asked = (query: unknown): unknown => {
    if (typeof query === 'string') return changed(query);
    if (typeof query !== 'object' || query === null || !('text' in query) || typeof query.text !== 'string') return query;
    const text = changed(query.text);
    return text === query.text ? query : { ...query, name: undefined, text };
  };
  const wrap = (client: PoolClient): PoolClient => new Proxy(client, {
    get: (target, key) => {
      const found: unknown = Reflect.get(target, key, target);
      if (typeof found !== 'function') return found;
      const own = found.bind(target) as (...given: unknown[]) => unknown;
      return key !== 'query' ? own : (text: unknown, ...rest: unknown[]) => own(asked(text), ...rest);
    },
  });
  // The pool itself asks for a connection with a callback, everybody else with a promise.
  type Taken = (error: Error | undefined, client: PoolClient | undefined, release: (broken?: Error | boolean) => void) => void;
  const value = (taken?: Taken): Promise<PoolClient> | void =>
    (taken === undefined ? connect().then(wrap) : connect((error, client, release) => taken(error, client === undefined ? undefined : wrap(client), release)));
  Object.defineProperty(pool, 'connect', { configurable: true, value });
  return {
    remove: () => {
      Reflect.deleteProperty(pool, 'connect');
      const absent = bugs.find(({ from }) => !seen.has(from));
      if (absent !== undefined) throw new Error(`no statement has the text ${absent.from}: nothing was planted`);
    },
  };
}

import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import pg from 'pg';
import { Database } from '#server/plumbing/database.ts';
import { migrate } from '#server/plumbing/migrate.ts';

/** Whose tables they are: a superuser's, as in the embedded database, or a role's that row policies hold for, as on most servers. */
export type Ownership = 'superuser' | 'plain owner';

/** A database without a table, its owner, and how to be rid of both. */
export type EmptyDatabase = {
  readonly config: pg.ClientConfig;
  /** The same as DATABASE_URL. */
  readonly url: string;
  /** Connections of the login that owns nothing, once tables are there. */
  login(): Database;
  /** Runs statements as the server's superuser, above all row policies. */
  rows<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
};

const PASSWORD = 'only-for-tests';

/** Creates an empty database on the server of the test run. */
export async function emptyDatabase(ownership: Ownership): Promise<EmptyDatabase> {
  const name = `acquit_test_${randomBytes(6).toString('hex')}`;
  const superuser = inject('ownerConfig');
  const inMaintenance = async (statements: readonly string[]): Promise<void> => {
    const client = new pg.Client({ ...superuser, database: 'postgres' });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const role = ownership === 'superuser' ? null : `owner_${name}`;
  await inMaintenance(role === null ? [`create database ${name}`] : [`create role ${role} login password '${PASSWORD}'`, `create database ${name} owner ${role}`]);
  const config: pg.ClientConfig = { ...superuser, database: name, ...(role === null ? {} : { user: role, password: PASSWORD }) };
  const password = inject('loginPassword');
  const opened: Database[] = [];
  return {
    config,
    url: urlOf(config),
    login: () => {
      const database = new Database({ ...superuser, database: name, user: inject('loginUser'), ...(password === null ? {} : { password }) });
      opened.push(database);
      return database;
    },
    rows: async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) => {
      const client = new pg.Client({ ...superuser, database: name });
      await client.connect();
      try {
        return (await client.query<Row>(sql, [...values])).rows;
      } finally {
        await client.end();
      }
    },
    drop: async () => {
      await Promise.all(opened.map((database) => database.close()));
      await inMaintenance([`drop database if exists ${name} with (force)`, `drop role if exists acquit_login_${name}`, ...(role === null ? [] : [`drop role ${role}`])]);
    },
  };
}

function urlOf({ host, port, user, password, database }: pg.ClientConfig): string {
  const who = `${encodeURIComponent(user ?? 'postgres')}${typeof password === 'string' ? `:${encodeURIComponent(password)}` : ''}`;
  return `postgres://${who}@localhost:${port ?? 5432}/${database ?? ''}?host=${encodeURIComponent(host ?? 'localhost')}`;
}

/** An empty database brought to the program's version. */
export async function migratedDatabase(ownership: Ownership): Promise<EmptyDatabase> {
  const made = await emptyDatabase(ownership);
  const owner = new pg.Client(made.config);
  await owner.connect();
  await migrate(owner);
  await owner.end();
  return made;
}

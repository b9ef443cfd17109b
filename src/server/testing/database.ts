import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import pg from 'pg';
import { Database } from '#server/plumbing/database.ts';
import type { TenantNets } from '#server/plumbing/tenant.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection of the role that owns the template database of the run. */
    ownerConfig: pg.ClientConfig;
    loginUser: string;
    loginPassword: string | null;
    templateDatabase: string;
  }
}

/** A database of one test file's own: a copy of the migrated template, dropped by `drop`. */
export type TestDatabase = {
  readonly database: Database;
  readonly name: string;
  /** A new connection of the owner, who bypasses the row policies only where it is a superuser. */
  owner(): Promise<pg.Client>;
  /** The login role's connections with one of the two nets switched off. */
  withNets(nets: TenantNets): Database;
  drop(): Promise<void>;
};

/** Copies the template (100-300 ms) and connects to the copy as the login role. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `acquit_test_${randomBytes(6).toString('hex')}`;
  const ownerConfig = inject('ownerConfig');
  const maintenance = new pg.Client({ ...ownerConfig, database: 'postgres' });
  await maintenance.connect();
  await maintenance.query(`create database ${name} template ${inject('templateDatabase')}`);
  await maintenance.end();
  const password = inject('loginPassword');
  const login = { ...ownerConfig, database: name, user: inject('loginUser'), ...(password === null ? {} : { password }) };
  const opened: Database[] = [];
  const open = (nets?: TenantNets): Database => {
    const database = new Database(login, nets);
    opened.push(database);
    return database;
  };
  return {
    database: open(),
    name,
    owner: async () => {
      const client = new pg.Client({ ...ownerConfig, database: name });
      await client.connect();
      return client;
    },
    withNets: open,
    drop: async () => {
      await Promise.all(opened.map((database) => database.close()));
      const dropper = new pg.Client({ ...ownerConfig, database: 'postgres' });
      await dropper.connect();
      await dropper.query(`drop database if exists ${name} with (force)`);
      await dropper.end();
    },
  };
}

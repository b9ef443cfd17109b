import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { Database } from '#server/plumbing/database.ts';
import type { TestDatabase } from './database.ts';

/** A test database as it was at a moment: what a backup holds. */
export type Backup = {
  /** Makes a database of it; another one each time. */
  restore(): Promise<TestDatabase>;
  drop(): Promise<void>;
};

async function copy(from: string, to: string): Promise<void> {
  const maintenance = new pg.Client({ ...inject('ownerConfig'), database: 'postgres' });
  await maintenance.connect();
  try {
    // A template must be used by nobody; the pools of the test connect again.
    await maintenance.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [from]);
    await maintenance.query(`create database ${to} template ${from}`);
  } finally {
    await maintenance.end();
  }
}

async function drop(name: string): Promise<void> {
  const maintenance = new pg.Client({ ...inject('ownerConfig'), database: 'postgres' });
  await maintenance.connect();
  await maintenance.query(`drop database if exists ${name} with (force)`);
  await maintenance.end();
}

const newName = (): string => `acquit_copy_${randomBytes(6).toString('hex')}`;

/** Backs a test database up, as a dump would. Nothing of the test may be under way in it. */
export async function backUp(test: TestDatabase): Promise<Backup> {
  const kept = newName();
  await copy(test.name, kept);
  return {
    restore: async () => {
      const name = newName();
      await copy(kept, name);
      const password = inject('loginPassword');
      const login = { ...inject('ownerConfig'), database: name, user: inject('loginUser'), ...(password === null ? {} : { password }) };
      const opened: Database[] = [];
      const open: TestDatabase['withNets'] = (nets) => {
        const database = new Database(login, nets);
        opened.push(database);
        return database;
      };
      return {
        database: open({ filter: true }), name, withNets: open,
        owner: async () => {
          const client = new pg.Client({ ...inject('ownerConfig'), database: name });
          await client.connect();
          return client;
        },
        drop: async () => {
          await Promise.all(opened.map((database) => database.close()));
          await drop(name);
        },
      };
    },
    drop: () => drop(kept),
  };
}

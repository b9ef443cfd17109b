import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Client, ClientBase } from 'pg';

const FOLDER = fileURLToPath(new URL('../../../db/migrations/', import.meta.url));
const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;
/** Any two processes that migrate one database take this lock in turn. */
export const MIGRATION_LOCK = 4_180_001;
/** The migrations a database has had. */
const REGISTER = 'create table if not exists schema_migration (version int primary key, applied_at timestamptz not null default now())';

/** The migrations of this version, in order. */
export async function listMigrations(): Promise<{ version: number; file: string }[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).toSorted();
  return files.map((file, index) => {
    const version = Number(FILE_NAME.exec(file)?.[1]);
    if (version !== index + 1) throw new Error(`migration ${file} is out of order`);
    return { version, file };
  });
}

/**
 * Brings the database of an owner's connection up to this version, each migration in its own transaction; gives the
 * versions applied now. Throws when the database is newer than the program.
 */
export async function migrate(owner: Client): Promise<number[]> {
  await owner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
  try {
    await owner.query(REGISTER);
    const done = await owner.query<{ version: number }>('select version from schema_migration order by version');
    const migrations = await listMigrations();
    const newest = done.rows.at(-1)?.version ?? 0;
    if (newest > migrations.length) throw new Error(`the database is at version ${newest}, this program knows ${migrations.length}: upgrade it`);
    const applied: number[] = [];
    for (const { version, file } of migrations.slice(done.rows.length)) {
      await applyOne(owner, version, await readFile(FOLDER + file, 'utf8'));
      applied.push(version);
    }
    return applied;
  } finally {
    await owner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  }
}

/**
 * Applies the migrations after one version up to another inside the caller's transaction, which holds `MIGRATION_LOCK`: a database is then of the
 * version asked for, or untouched. `after` 0 begins in a database that has no tables.
 */
export async function migrateWithin(client: ClientBase, { after, until }: { after: number; until: number }): Promise<void> {
  if (after === 0) await client.query(REGISTER);
  for (const { version, file } of (await listMigrations()).slice(after, until)) {
    await client.query(await readFile(FOLDER + file, 'utf8'));
    await client.query('insert into public.schema_migration (version) values ($1)', [version]);
    // What a commit between two migrations would check is checked here; a table with checks outstanding cannot be altered by the next.
    await client.query('set constraints all immediate; set constraints all deferred');
  }
}

async function applyOne(owner: Client, version: number, sql: string): Promise<void> {
  await owner.query('begin');
  try {
    await owner.query(sql);
    await owner.query('insert into schema_migration (version) values ($1)', [version]);
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}

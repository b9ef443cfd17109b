import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { timed } from './figure.ts';

/** The foreign keys of a table, so that the floor pays for them too. */
async function foreignKeys(owner: pg.Client, table: string): Promise<string[]> {
  const found = await owner.query<{ definition: string }>(`select pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = $1::regclass and contype = 'f'`, [table]);
  return found.rows.map((row) => row.definition);
}

async function makeTables(owner: pg.Client, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    await owner.query(`create table floor_${table} (like ${table} including all)`);
    for (const key of await foreignKeys(owner, table)) await owner.query(`alter table floor_${table} add ${key}`);
  }
}

/** Seconds to write the rows of some tables again by one `insert … select` each, into tables with the same keys and indexes. */
export async function insertFloor(owner: pg.Client, tables: readonly string[]): Promise<number> {
  await makeTables(owner, tables);
  const seconds = await timed(async () => {
    await owner.query('begin');
    for (const table of tables) await owner.query(`insert into floor_${table} overriding system value select * from ${table}`);
    await owner.query('commit');
  });
  for (const table of tables) await owner.query(`drop table floor_${table}`);
  return seconds;
}

/** Seconds to load the rows of some tables again by COPY from files that COPY wrote, into tables with the same keys and indexes. `folder` is emptied by the caller. */
export async function copyFloor(owner: pg.Client, tables: readonly string[], folder: string): Promise<number> {
  await makeTables(owner, tables);
  for (const table of tables) await pipeline(owner.query(copyTo(`copy ${table} to stdout`)), createWriteStream(join(folder, table)));
  const seconds = await timed(async () => {
    await owner.query('begin');
    for (const table of tables) await pipeline(createReadStream(join(folder, table)), owner.query(copyFrom(`copy floor_${table} from stdin`)));
    await owner.query('commit');
  });
  for (const table of tables) await owner.query(`drop table floor_${table}`);
  return seconds;
}

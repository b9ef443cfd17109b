import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { must } from '#core/kernel/result.ts';
import { restoreBackup } from '#server/backup/restore-backup.ts';
import { freezeRestored } from '#server/channels/journal/installation.ts';
import { takeBackup } from '#server/backup/take-backup.ts';
import { migrate } from '#server/plumbing/migrate.ts';
import { CLOCK, givenCompany, layOut } from '../data.ts';
import { timed } from '../figure.ts';
import type { Figure } from '../figure.ts';
import type { Bench, Measure } from './measure.ts';

/** Tables that hold nearly every row of such a ledger, each after those it refers to. */
const TABLES = ['import', 'customer', 'contact', 'item', 'allocation'];
/** Of a hundred items eighty are settled by a receipt each, and an allocation between them. */
const SETTLED_SHARE = 0.4;
const ITEMS_OF_A_CUSTOMER = 50;
const MIB = 1024 * 1024;

async function fresh(owner: pg.Client, name: string): Promise<pg.ClientConfig> {
  const { host, port, user, password } = owner;
  const config = { host, port, ...(user === undefined ? {} : { user }), ...(typeof password === 'string' ? { password } : {}), database: name };
  await owner.query(`create database ${owner.escapeIdentifier(name)}`);
  return config;
}

async function copyOut(owner: pg.Client, folder: string): Promise<number> {
  let bytes = 0;
  for (const table of TABLES) {
    await pipeline(owner.query(copyTo(`copy ${table} to stdout`)), createWriteStream(join(folder, table)));
    bytes += (await stat(join(folder, table))).size;
  }
  return bytes;
}

/** The same rows into the same tables of a migrated database, row by row into every key and index, as anybody would who has only COPY. */
async function copyBack(owner: pg.Client, { name, folder, organisation }: { name: string; folder: string; organisation: string }): Promise<number> {
  const target = new pg.Client(await fresh(owner, name));
  await target.connect();
  try {
    await migrate(target);
    await target.query('insert into organisation (organisation_id, code, created_at) overriding system value values ($1, $2, now())', [organisation, 'bench']);
    await target.query('alter table allocation disable trigger user');
    return await timed(async () => {
      await target.query('begin');
      for (const table of TABLES) await pipeline(createReadStream(join(folder, table)), target.query(copyFrom(`copy ${table} from stdin`)));
      await target.query('commit');
    });
  } finally {
    await target.end();
    await owner.query(`drop database ${owner.escapeIdentifier(name)} with (force)`);
  }
}

async function measure({ database, owner, size }: Bench): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'acquit-bench-backup-'));
  try {
    const organisation = await givenCompany(database);
    const settled = Math.floor(size * SETTLED_SHARE);
    await layOut(owner, { organisation, items: size - 2 * settled, settled, customers: Math.max(1, Math.floor(size / ITEMS_OF_A_CUSTOMER)) });
    const { host, port, user, password, database: name } = owner;
    const config = { host, port, ...(user === undefined ? {} : { user }), ...(typeof password === 'string' ? { password } : {}), ...(name === undefined ? {} : { database: name }) };
    let plainBytes = 0;
    const out = await timed(async () => {
      plainBytes = await copyOut(owner, folder);
    });
    const take = (file: string, passphrase: string | null): Promise<number> =>
      timed(async () => must(await takeBackup(config, { file: join(folder, file), passphrase, force: true, clock: CLOCK, program: 'bench' })));
    const taken = await take('all.acquit', null);
    const sealed = await take('sealed.acquit', 'a passphrase of the benchmark');
    const bytes = (await stat(join(folder, 'all.acquit'))).size;
    const back = await copyBack(owner, { name: `${name ?? 'bench'}_back`, folder, organisation });
    const target = await fresh(owner, `${name ?? 'bench'}_restored`);
    const restored = await timed(async () => must(await restoreBackup(target, { file: join(folder, 'all.acquit'), passphrase: null, clock: CLOCK, actor: 'bench', freeze: freezeRestored })));
    const grown = await owner.query<{ mib: number }>(`select (pg_database_size($1) / ${MIB})::int as mib`, [target.database]);
    await owner.query(`drop database ${owner.escapeIdentifier(target.database ?? '')} with (force)`);
    const floor = { what: 'COPY of the large tables to files', seconds: out };
    const note = `${Math.round(bytes / MIB)} MiB of ${Math.round(plainBytes / MIB)} MiB of text`;
    return [
      { name: 'backup, read back and verified', size, unit: 'items', seconds: taken, floor, goal: null, note },
      { name: 'backup, encrypted', size, unit: 'items', seconds: sealed, floor, goal: null },
      { name: 'restore, read back and compared', size, unit: 'items', seconds: restored, floor: { what: 'COPY of the large tables from files', seconds: back }, goal: null, note: `database of ${grown.rows[0]?.mib ?? 0} MiB` },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A backup and its restore, against COPY of the same rows to files and back. */
export const backupMeasure: Measure = { about: 'backup and restore against COPY', sizeMax: 5_000_000, measure };

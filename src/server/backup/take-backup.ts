import { link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Clock } from '#core/kernel/clock.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { listMigrations, MIGRATION_LOCK } from '#server/plumbing/migrate.ts';
import { ArchiveWriter } from './archive-writer.ts';
import type { WriteOptions } from './archive-writer.ts';
import { checkArchive } from './archive-reader.ts';
import type { Checked } from './archive-reader.ts';
import type { Manifest, SectionName } from './archive-format.ts';
import { fixSettings, LEFT_OUT, lookAt, readSequences, readTables } from './catalog.ts';
import type { TableShape } from './catalog.ts';
import { BackupFault } from './backup-fault.ts';
import { codeOf, diskProblem } from './disk-problem.ts';

/** Two backups of one database at once would write one `.part`; the second is refused. */
const BACKUP_LOCK = 4_180_010;

/** How far a backup or a restore is: the table it is at, rows and bytes so far. */
export type Progress = { readonly table: string; readonly rows: number; readonly bytes: number };

/** What a backup needs to know. */
export type BackupOptions = WriteOptions & {
  readonly file: string;
  /** Replaces the file when it is there. */
  readonly force: boolean;
  readonly clock: Clock;
  /** Version of the program, for whoever restores. */
  readonly program: string;
  readonly progress?: (at: Progress) => void | Promise<void>;
  /** Stops it; nothing is left of the file. */
  readonly signal?: AbortSignal;
};

const refuse = (fr: string, en: string): Result<never, Bilingual> => err({ fr, en });

/**
 * Backs up a database while others work in it: one snapshot of every table, written to FILE.part, read back and compared, then named FILE.
 * `owner` is the connection of the role that owns the tables; row policies hold for it, hence an organisation at a time.
 */
export async function takeBackup(owner: pg.ClientConfig, options: BackupOptions): Promise<Result<Checked, Bilingual>> {
  const file = resolve(options.file);
  const there = await stat(file).then((found) => (found.isFile() ? 'file' : 'other'), () => null);
  if (there === 'other') return refuse(`${options.file} n'est pas un fichier : donnez un autre nom.`, `${options.file} is no file: give another name.`);
  if (there === 'file' && !options.force) return alreadyThere(options.file);
  const client = new pg.Client(owner);
  await client.connect();
  try {
    const taken = await client.query<{ free: boolean }>('select pg_try_advisory_lock($1) as free', [BACKUP_LOCK]);
    if (taken.rows[0]?.free !== true) return refuse('Une autre sauvegarde de cette base est en cours : attendez sa fin.', 'Another backup of this database is under way: wait until it ends.');
    return await writeAndCheck(client, { ...options, file });
  } catch (error) {
    const problem = error instanceof BackupFault ? error.said : diskProblem(error, options.file);
    if (problem === null) throw error;
    return err(problem);
  } finally {
    await client.end();
  }
}

const alreadyThere = (file: string): Result<never, Bilingual> =>
  refuse(`${file} existe déjà : donnez un autre nom, ou --force pour le remplacer.`, `${file} is there already: give another name, or --force to replace it.`);

async function writeAndCheck(client: pg.Client, options: BackupOptions): Promise<Result<Checked, Bilingual>> {
  const part = `${options.file}.part`;
  // What a killed backup left; nobody else writes it, the lock is ours.
  await rm(part, { force: true });
  try {
    const begun = await beginSnapshot(client);
    if (!begun.ok) return begun;
    await writeAll(client, begun.value, { ...options, file: part });
    const checked = await checkArchive(part, options.passphrase);
    options.signal?.throwIfAborted();
    if (!(await nameIt(part, options))) return alreadyThere(options.file);
    return ok(checked);
  } finally {
    await rm(part, { force: true });
  }
}

/** Gives the whole file its name, without replacing another unless told to; false when a file of this name has come meanwhile. */
async function nameIt(part: string, options: BackupOptions): Promise<boolean> {
  try {
    if (options.force) await rename(part, options.file);
    else await link(part, options.file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // Some file systems have no links: what may come between the look and the renaming is then not seen.
    if (options.force || !['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error))) throw error;
    if (await stat(options.file).then(() => true, () => false)) return false;
    await rename(part, options.file);
  }
  const folder = await open(dirname(options.file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return true;
}

type Snapshot = { readonly tables: readonly TableShape[]; readonly version: number };

/**
 * Begins the snapshot while no migration is under way, and locks every table against a change of its shape, not of its rows. A migration that starts
 * later waits for the backup; everybody else works on.
 */
async function beginSnapshot(client: pg.Client): Promise<Result<Snapshot, Bilingual>> {
  await client.query('select pg_advisory_lock_shared($1)', [MIGRATION_LOCK]);
  await client.query('begin isolation level repeatable read read only');
  await fixSettings(client);
  const known = await client.query<{ found: boolean }>(`select to_regclass('public.schema_migration') is not null as found`);
  if (known.rows[0]?.found !== true) return refuse('Cette base ne contient rien d\'Acquit : rien à sauvegarder.', 'This database holds nothing of Acquit: nothing to back up.');
  const version = (await client.query<{ version: number }>('select coalesce(max(version), 0) as version from public.schema_migration')).rows[0]?.version ?? 0;
  const newest = (await listMigrations()).length;
  if (version === 0) return refuse('Cette base ne contient rien d\'Acquit : rien à sauvegarder.', 'This database holds nothing of Acquit: nothing to back up.');
  if (version > newest) {
    return refuse(`La base est à la version ${version}, ce programme connaît la ${newest} : sauvegardez avec le programme qui l'utilise.`,
      `The database is at version ${version}, this program knows ${newest}: back up with the program that uses it.`);
  }
  const tables = await readTables(client);
  await client.query(`lock table ${tables.map(({ name }) => `public.${client.escapeIdentifier(name)}`).join(', ')} in access share mode`);
  await client.query('select pg_advisory_unlock_shared($1)', [MIGRATION_LOCK]);
  return ok({ tables, version });
}

async function manifestOf(client: pg.Client, { tables, version }: Snapshot, options: BackupOptions): Promise<Manifest> {
  const organisations = await client.query<{ id: string; code: string }>('select organisation_id::text as id, code from public.organisation order by organisation_id');
  // A database of before version 12 has no epoch; the installation stands for it.
  const installation = await client.query<{ id: string; epoch: string | null }>(`select i.installation_id::text as id, to_jsonb(i) ->> 'epoch' as epoch from public.installation i`);
  const postgres = await client.query<{ server_version: string }>('show server_version');
  const id = installation.rows[0]?.id ?? '';
  return {
    schemaVersion: version, program: options.program, postgres: postgres.rows[0]?.server_version ?? '', madeAt: options.clock.now(), installation: id,
    epoch: installation.rows[0]?.epoch ?? id, organisations: organisations.rows, tables: tables.map(({ name, perOrganisation, columns }) => ({ name, perOrganisation, columns: [...columns] })),
    sequences: await readSequences(client), leftOut: [...LEFT_OUT],
  };
}

async function writeAll(client: pg.Client, snapshot: Snapshot, options: BackupOptions): Promise<void> {
  const writer = await ArchiveWriter.create(options.file, options);
  try {
    const manifest = await manifestOf(client, snapshot, options);
    await writer.manifest(manifest);
    const done = { rows: 0, bytes: 0 };
    for (const table of snapshot.tables) {
      for (const organisation of table.perOrganisation ? manifest.organisations.map((one) => one.id) : [null]) {
        if (organisation !== null) await lookAt(client, organisation);
        const counted = await writeSection(client, writer, { table, organisation, signal: options.signal });
        done.rows += counted.rows;
        done.bytes += counted.bytes;
        await options.progress?.({ table: table.name, ...done });
      }
    }
    await writer.finish();
    await client.query('commit');
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

type Part = { readonly table: TableShape; readonly organisation: string | null; readonly signal: AbortSignal | undefined };

/** Copies the rows of a table, of one organisation if it is kept so; a table without rows leaves no trace in the file. */
async function writeSection(client: pg.Client, writer: ArchiveWriter, { table, organisation, signal }: Part): Promise<{ rows: number; bytes: number }> {
  const name: SectionName = { table: table.name, organisation };
  let begun = false;
  for await (const bytes of client.query(copyTo(table.copyOut)) as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    if (!begun) await writer.begin(name);
    begun = true;
    await writer.rows(bytes);
  }
  return begun ? writer.end() : { rows: 0, bytes: 0 };
}

import { createHash } from 'node:crypto';
import pg from 'pg';
import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Clock, Instant } from '#core/kernel/clock.ts';
import { parseId } from '#core/kernel/id.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { record } from '#server/audit/record.ts';
import { Database } from '#server/plumbing/database.ts';
import { listMigrations, MIGRATION_LOCK, migrateWithin } from '#server/plumbing/migrate.ts';
import { Tenant } from '#server/plumbing/tenant.ts';
import { rowsIn, sectionKey } from './archive-format.ts';
import type { ArchiveIndex, Counted, Manifest, SectionName } from './archive-format.ts';
import { readArchive } from './archive-reader.ts';
import { BackupFault } from './backup-fault.ts';
import { fixSettings, LEFT_OUT, lookAt, readTables } from './catalog.ts';
import type { TableShape } from './catalog.ts';
import { CopyInto } from './copy-into.ts';
import { diskProblem } from './disk-problem.ts';
import { takeOff } from './load-shape.ts';
import type { Progress } from './take-backup.ts';

/** What a restore needs to know. */
export type RestoreOptions = {
  readonly file: string;
  readonly passphrase: string | null;
  readonly clock: Clock;
  readonly actor: string;
  /** Freezes what was restored, in the same transaction: what was sent after the backup is unknown here, so nothing leaves until a person has reconciled it. */
  readonly freeze: (client: PoolClient, by: { readonly at: Instant; readonly actor: string }) => Promise<void>;
  readonly progress?: (at: Progress) => void;
  /** Stops it; the database stays empty. */
  readonly signal?: AbortSignal;
};

/** What was restored. */
export type Restored = { readonly manifest: Manifest; readonly index: ArchiveIndex; readonly sha256: string; readonly size: number };

/** A restore that is refused for what the database says of it; rolls back. */
class Refused extends Error {
  readonly said: Bilingual;
  constructor(fr: string, en: string) {
    super(en);
    this.said = { fr, en };
  }
}

/**
 * Restores a backup into a database that has no table yet, in one transaction: whatever happens on the way, a kill included, the database is empty or
 * it is the one that was backed up, checked row by row, brought to the program's version, frozen, with nobody signed in.
 */
export async function restoreBackup(owner: pg.ClientConfig, options: RestoreOptions): Promise<Result<Restored, Bilingual>> {
  const database = new Database({ ...owner, max: 1, statement_timeout: 0 });
  try {
    return ok(await database.inTransaction((client) => restoreWithin(client, options)));
  } catch (error) {
    const problem = problemOf(error, options.file);
    if (problem === null) throw error;
    return err(problem);
  } finally {
    await database.close();
  }
}

function problemOf(error: unknown, file: string): Bilingual | null {
  if (error instanceof BackupFault || error instanceof Refused) return error.said;
  if (error instanceof pg.DatabaseError) {
    // Class 22 and 23: rows that do not fit their columns or break a constraint. The server's detail would quote them.
    const rows = /^2[23]/.test(error.code ?? '');
    const what = [error.table, error.constraint].filter((one) => one !== undefined).join(', ');
    if (rows) return { fr: `La base refuse les lignes de la sauvegarde (${what || error.code}) : rien n'est restauré.`, en: `The database refuses the rows of the backup (${what || error.code}): nothing is restored.` };
    if (error.code === '53100') return { fr: 'Le disque de la base est plein : rien n\'est restauré.', en: 'The disk of the database is full: nothing is restored.' };
    return null;
  }
  return diskProblem(error, file);
}

async function restoreWithin(client: PoolClient, options: RestoreOptions): Promise<Restored> {
  await fixSettings(client);
  // Every program that opens the database waits here until the restore is over.
  await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  await refuseUnlessEmpty(client);
  const newest = (await listMigrations()).length;
  const loaded = await load(client, options, newest);
  const { manifest, index } = loaded;
  await compareRows(client, loaded, options);
  await compareDirectory(client, loaded);
  await continueSequences(client, manifest);
  for (const statement of loaded.forced) await client.query(statement);
  await migrateWithin(client, { after: manifest.schemaVersion, until: newest });
  await nobodySignedIn(client);
  await options.freeze(client, { at: options.clock.now(), actor: options.actor });
  await recordRestore(client, manifest, options);
  return { manifest, index, sha256: loaded.sha256, size: loaded.size };
}

/** Nothing of anybody's in the schema, but what extensions bring. */
async function refuseUnlessEmpty(client: PoolClient): Promise<void> {
  const found = await client.query<{ name: string }>(`
    select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    union all
    select p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') limit 1`);
  const [first] = found.rows;
  if (first === undefined) return;
  throw new Refused(
    `La base n'est pas vide (elle contient « ${first.name} ») : on ne restaure que dans une base vide. Donnez un nouveau dossier (--data DOSSIER), ou une base neuve dans DATABASE_URL.`,
    `The database is not empty (it holds "${first.name}"): a restore goes into an empty one only. Give a new folder (--data DIR), or a new database in DATABASE_URL.`,
  );
}

type Loaded = {
  readonly manifest: Manifest; readonly index: ArchiveIndex; readonly sha256: string; readonly size: number; readonly tables: ReadonlyMap<string, TableShape>;
  /** Puts the row policies back on the owner; the rest is back already. */
  readonly forced: readonly string[];
};

/** Reads the file into fresh tables of its version; what the file cannot prove of itself at its end has then not happened. */
async function load(client: PoolClient, options: RestoreOptions, newest: number): Promise<Loaded> {
  let begun: { manifest: Manifest; tables: ReadonlyMap<string, TableShape>; back: readonly string[] } | null = null;
  let copy: CopyInto | null = null;
  const done = { table: '', rows: 0, bytes: 0 };
  try {
    for await (const piece of readArchive(options.file, options.passphrase)) {
      options.signal?.throwIfAborted();
      if (piece.kind === 'manifest') begun = { manifest: piece.manifest, ...(await prepare(client, piece, newest)) };
      if (piece.kind === 'section' || piece.kind === 'end') {
        await copy?.end();
        copy = null;
        if (begun !== null && piece.kind === 'section') copy = new CopyInto(client, statementOf(begun.tables, piece));
        if (piece.kind === 'section') done.table = piece.section.table;
        options.progress?.({ ...done });
      }
      if (piece.kind === 'rows') {
        await copy?.write(piece.bytes);
        done.rows += rowsIn(piece.bytes);
        done.bytes += piece.bytes.length;
      }
      if (piece.kind === 'end' && begun !== null) {
        const isForce = (statement: string): boolean => statement.endsWith(' force row level security');
        for (const statement of begun.back.filter((one) => !isForce(one))) await client.query(statement);
        await client.query('analyze');
        return { manifest: begun.manifest, tables: begun.tables, index: piece.index, sha256: piece.sha256, size: piece.size, forced: begun.back.filter(isForce) };
      }
    }
  } catch (error) {
    await copy?.abandon();
    throw error;
  }
  throw new Error('a file ended without an end');
}

function statementOf(tables: ReadonlyMap<string, TableShape>, piece: { section: SectionName; at: number }): string {
  const table = tables.get(piece.section.table);
  if (table === undefined) throw new BackupFault('backup.inconsistent', piece.at, piece.section.table);
  return table.copyIn;
}

/** Makes the tables of the file's version and holds the manifest against them: names are looked up in the catalog, never used as they stand. */
async function prepare(client: PoolClient, { manifest, at }: { manifest: Manifest; at: number }, newest: number): Promise<{ tables: ReadonlyMap<string, TableShape>; back: readonly string[] }> {
  if (manifest.schemaVersion > newest) throw new BackupFault('backup.newerFormat', at, `${manifest.program}, ${manifest.schemaVersion} > ${newest}`);
  await migrateWithin(client, { after: 0, until: manifest.schemaVersion });
  const shapes = await readTables(client);
  const shapeOf = (one: { name: string; perOrganisation: boolean; columns: TableShape['columns'] }): string =>
    JSON.stringify([one.name, one.perOrganisation, one.columns.map(({ name, type }) => [name, type])]);
  const wanted = new Set(shapes.map(shapeOf));
  const odd = manifest.tables.find((one) => !wanted.has(shapeOf(one)));
  if (odd !== undefined || manifest.tables.length !== shapes.length) throw new BackupFault('backup.inconsistent', at, odd?.name ?? 'tables');
  const back = await takeOff(client);
  // Rows that the migrations themselves wrote; the backup has them as they were.
  for (const { name } of shapes) await client.query(`delete from public.${client.escapeIdentifier(name)}`);
  return { tables: new Map(shapes.map((one) => [one.name, one])), back };
}

/** Reads every section back from the tables: as many rows and the same bytes, and in no table a row more than the sections have. */
async function compareRows(client: PoolClient, { index, tables }: Loaded, options: RestoreOptions): Promise<void> {
  const told = new Map<string, number>();
  for (const section of index.sections) {
    options.signal?.throwIfAborted();
    const table = tables.get(section.table);
    if (table === undefined) throw new Error(`no table ${section.table}`);
    if (section.organisation !== null) await lookAt(client, section.organisation);
    const found = await readSection(client, table);
    options.progress?.({ table: section.table, rows: index.rows, bytes: index.bytes });
    if (found.rows !== section.rows || found.sha256 !== section.sha256) throw notTheSame(section);
    told.set(section.table, (told.get(section.table) ?? 0) + section.rows);
  }
  for (const { name } of tables.values()) {
    const counted = await client.query<{ rows: string }>(`select count(*)::text as rows from public.${client.escapeIdentifier(name)}`);
    if (Number(counted.rows[0]?.rows) !== (told.get(name) ?? 0)) throw notTheSame({ table: name, organisation: null });
  }
}

async function readSection(client: PoolClient, table: TableShape): Promise<Pick<Counted, 'rows' | 'sha256'>> {
  const hash = createHash('sha256');
  let rows = 0;
  for await (const bytes of client.query(copyTo(table.copyOut)) as AsyncIterable<Buffer>) {
    hash.update(bytes);
    rows += rowsIn(bytes);
  }
  return { rows, sha256: hash.digest('hex') };
}

const notTheSame = (section: SectionName): Refused => new Refused(
  `Relue dans la base, la table ${sectionKey(section).trim()} n'est pas celle de la sauvegarde : rien n'est restauré.`,
  `Read back from the database, table ${sectionKey(section).trim()} is not that of the backup: nothing is restored.`);

/** What the manifest says of versions and organisations is what the rows say. */
async function compareDirectory(client: PoolClient, { manifest }: Loaded): Promise<void> {
  const versions = await client.query<{ version: number }>('select version from public.schema_migration order by version');
  if (versions.rows.length !== manifest.schemaVersion || versions.rows.some((row, place) => row.version !== place + 1)) throw notTheSame({ table: 'schema_migration', organisation: null });
  const organisations = await client.query<{ id: string; code: string }>('select organisation_id::text as id, code from public.organisation order by organisation_id');
  if (JSON.stringify(organisations.rows) !== JSON.stringify(manifest.organisations.map(({ id, code }) => ({ id, code })))) throw notTheSame({ table: 'organisation', organisation: null });
  const installation = await client.query<{ id: string }>('select installation_id::text as id from public.installation');
  if (installation.rows.length !== 1 || installation.rows[0]?.id !== manifest.installation) throw notTheSame({ table: 'installation', organisation: null });
}

/** Numbers go on where they stood, and never below a row that is there: an id that was given and lost is not given again. */
async function continueSequences(client: PoolClient, manifest: Manifest): Promise<void> {
  const named = await client.query<{ key: string; statement: string }>(`
    select c.relname || ' ' || a.attname as key, format($f$
      select setval(pg_get_serial_sequence(%L, %L), greatest($1::bigint, coalesce(max(%I), 0)), $2::boolean or coalesce(max(%I), 0) >= $1::bigint) from public.%I$f$,
      'public.' || quote_ident(c.relname), a.attname, a.attname, a.attname, c.relname) as statement
    from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relnamespace = 'public'::regnamespace and a.attidentity <> ''`);
  const statements = new Map(named.rows.map(({ key, statement }) => [key, statement]));
  for (const { table, column, last, called } of manifest.sequences) {
    const statement = statements.get(`${table} ${column}`);
    if (statement === undefined) throw notTheSame({ table, organisation: null });
    await client.query(statement, [last, called]);
    statements.delete(`${table} ${column}`);
  }
  const [forgotten] = statements.keys();
  if (forgotten !== undefined) throw notTheSame({ table: forgotten, organisation: null });
}

async function nobodySignedIn(client: PoolClient): Promise<void> {
  for (const name of LEFT_OUT) {
    const left = await client.query(`select from public.${client.escapeIdentifier(name)} limit 1`);
    if (left.rowCount !== 0) throw new Error(`${name} is not empty after a restore`);
  }
}

/** Each organisation's chain says that it goes on from a backup: events that others may have seen after it are gone. */
async function recordRestore(client: PoolClient, manifest: Manifest, options: RestoreOptions): Promise<void> {
  for (const { id } of manifest.organisations) {
    const organisation = parseId<'organisation'>(id);
    if (organisation === null) throw new Error(`organisation ${id}`);
    await lookAt(client, id);
    await record(new Tenant(client, organisation), {
      at: options.clock.now(), actor: options.actor, kind: 'installation.restored', subject: `organisation:${id}`,
      facts: { madeAt: manifest.madeAt, schemaVersion: manifest.schemaVersion },
    });
  }
}

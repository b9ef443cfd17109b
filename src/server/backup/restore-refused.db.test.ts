import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import { freezeRestored } from '#server/channels/journal/installation.ts';
import { migrate } from '#server/plumbing/migrate.ts';
import { givenDebtors } from '#server/testing/outbox.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { checkArchive } from './archive-reader.ts';
import { restoreBackup } from './restore-backup.ts';
import { takeBackup } from './take-backup.ts';
import { emptyDatabase, migratedDatabase } from './testing/empty-database.ts';
import type { EmptyDatabase } from './testing/empty-database.ts';
import { BACKUP_CLOCK } from './testing/lived-in.ts';
import { rewritten } from './testing/rewritten.ts';
import type { Rewriting } from './testing/rewritten.ts';

let source: EmptyDatabase;
let target: EmptyDatabase;
let file = '';
beforeAll(async () => {
  source = await migratedDatabase('plain owner');
  const database = source.login();
  for (const code of ['C1', 'C2']) await givenDebtors(database, [{ code, email: 'a@b.example' }]);
  file = join(await scratchFolder(), 'all.acquit');
  must(await takeBackup(source.config, { file, passphrase: null, force: false, clock: BACKUP_CLOCK, program: '0.1.0' }));
}, 60_000);
afterAll(() => source.drop());
beforeEach(async () => {
  target = await emptyDatabase('plain owner');
});
afterEach(() => target.drop());

const restore = (path: string): ReturnType<typeof restoreBackup> => restoreBackup(target.config, { file: path, passphrase: null, clock: BACKUP_CLOCK, actor: 'test', freeze: freezeRestored });
const left = (): Promise<unknown[]> => target.rows(`select relname from pg_class where relnamespace = 'public'::regnamespace union all select proname from pg_proc where pronamespace = 'public'::regnamespace`);

/** Files that hold in themselves and are no backup of this product's tables: what each says, and what the refusal names. */
const LIES: Readonly<Record<string, { of: Rewriting; names: string }>> = {
  'rows of one organisation in the section of another': { names: 'customer', of: { rows: ({ table, organisation }, rows) => (table === 'customer' && organisation === '2' ? rows.replaceAll(/^2\t/gm, '1\t') : rows) } },
  'an organisation that no manifest names': { names: 'organisation', of: { rows: ({ table }, rows) => (table === 'organisation' ? `${rows}77\tghost\t2026-01-01 00:00:00+00\n` : rows) } },
  'an organisation of another code': { names: 'organisation', of: { manifest: (of) => ({ ...of, organisations: of.organisations.map((one) => (one.id === '1' ? { ...one, code: 'other' } : one)) }) } },
  'rows after the end mark of COPY': { names: '', of: { rows: ({ table, organisation }, rows) => (table === 'item' && organisation === '1' ? `${rows}\\.\n${rows}` : rows) } },
  'the same row twice': { names: 'customer_pkey', of: { rows: ({ table, organisation }, rows) => (table === 'customer' && organisation === '1' ? rows + rows : rows) } },
  'items of customers that are not there': { names: 'item_organisation_id_customer_id_fkey', of: { rows: ({ table }, rows) => (table === 'contact' || table === 'customer' ? null : rows) } },
  'an amount below zero': { names: 'item_allocated_fits', of: { rows: ({ table }, rows) => (table === 'item' ? rows.replaceAll('\t12000\t', '\t-12000\t') : rows) } },
  'a table forgotten': { names: 'tables', of: { manifest: (of) => ({ ...of, tables: of.tables.filter((one) => one.name !== 'bounce') }) } },
  'a column forgotten': { names: 'customer', of: { manifest: (of) => ({ ...of, tables: of.tables.map((one) => (one.name === 'customer' ? { ...one, columns: one.columns.slice(0, -1) } : one)) }) } },
  'a table that is none of ours': { names: 'pg_authid', of: { manifest: (of) => ({ ...of, tables: of.tables.map((one) => (one.name === 'bounce' ? { ...one, name: 'pg_authid' } : one)) }) } },
  'signed-in people': { names: 'tables', of: { manifest: (of) => ({ ...of, tables: [...of.tables, of.tables[0] as (typeof of.tables)[number]] }) } },
  'a newer database': { names: '9000', of: { manifest: (of) => ({ ...of, schemaVersion: 9000 }) } },
  'versions that do not follow each other': { names: 'schema_migration', of: { rows: ({ table }, rows) => (table === 'schema_migration' ? rows.replace(/^2\t/m, '99\t') : rows) } },
  'a sequence forgotten': { names: 'customer', of: { manifest: (of) => ({ ...of, sequences: of.sequences.filter((one) => one.table !== 'customer') }) } },
  'two installations': { names: 'installation', of: { rows: ({ table }, rows) => (table === 'installation' ? null : rows) } },
};

test.each(Object.entries(LIES))('%s: refused, and the database is as empty as before', { timeout: 30_000 }, async (_, { of, names }) => {
  const path = await rewritten(file, of);
  await checkArchive(path, null);
  const refused = await restore(path);
  expect(refused).toMatchObject({ ok: false, error: { fr: expect.stringContaining(names), en: expect.stringContaining(names) } });
  expect(await left()).toEqual([]);
});

test('the same road restores a file that tells the truth, and numbers never fall below a row though the file says so', async () => {
  const low = await rewritten(file, { manifest: (of) => ({ ...of, sequences: of.sequences.map((one) => ({ ...one, last: '1', called: false })) }) });
  must(await restore(low));
  const [next] = await target.rows<{ n: string; top: string }>(`select nextval(pg_get_serial_sequence('item', 'item_id'))::text as n, max(item_id)::text as top from item`);
  expect(Number(next?.n)).toBe(Number(next?.top) + 1);
});

test('a second restore into the same database is refused; a program that starts meanwhile waits and finds a whole one', async () => {
  const starting = new pg.Client(target.config);
  await starting.connect();
  const meanwhile: Promise<unknown>[] = [];
  const progress = (): void => {
    if (meanwhile.length === 0) meanwhile.push(migrate(starting), restore(file));
  };
  must(await restoreBackup(target.config, { file, passphrase: null, clock: BACKUP_CLOCK, actor: 'test', freeze: freezeRestored, progress }));
  expect(await Promise.all(meanwhile)).toEqual([[], { ok: false, error: { fr: expect.stringContaining('pas vide'), en: expect.stringContaining('not empty') } }]);
  await starting.end();
  expect(await target.rows('select count(*)::int as n from organisation')).toEqual([{ n: 2 }]);
});

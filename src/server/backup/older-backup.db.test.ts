import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import { freezeRestored } from '#server/channels/journal/installation.ts';
import { listMigrations, migrateWithin } from '#server/plumbing/migrate.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { checkArchive } from './archive-reader.ts';
import { restoreBackup } from './restore-backup.ts';
import { takeBackup } from './take-backup.ts';
import { emptyDatabase, migratedDatabase } from './testing/empty-database.ts';
import type { EmptyDatabase } from './testing/empty-database.ts';
import { SCHEMA } from './testing/schema-lines.ts';
import { BACKUP_CLOCK, broken, livedIn } from './testing/lived-in.ts';

const FOLDER = fileURLToPath(new URL('../../../fixtures/backup/', import.meta.url));
/** Files of former programs, plain and encrypted; each is kept for ever, with what was true of its companies. */
const KEPT = ['schema-12'] as const;
const PASSPHRASE = 'une phrase pour les essais';

/** What no migration may change of a company: who it is, its evidence before the restore, its money and what was sent. */
const FACTS = `
  select o.code, (select encode(e.hash, 'hex') from event e where e.organisation_id = o.organisation_id and e.kind not in ('installation.restored', 'sending.frozen') order by e.seq desc limit 1) as chain,
    (select count(*)::int from customer c where c.organisation_id = o.organisation_id) as customers,
    (select coalesce(sum(case i.side when 'debit' then i.amount - i.allocated else i.allocated - i.amount end), 0)::text from item i where i.organisation_id = o.organisation_id and i.voided_at is null) as open,
    (select count(*)::int from action a where a.organisation_id = o.organisation_id and a.state = 'sent') as sent,
    (select encode(sha256(string_agg(coalesce(m.mime_sha256, m.pdf_sha256), '' order by m.action_id)), 'hex') from message m where m.organisation_id = o.organisation_id) as messages
  from organisation o order by o.organisation_id`;

/** Writes the files of the program as it is (WRITE_BACKUP_FIXTURE=schema-13 vitest run --project database src/server/backup/older-backup): once for each change of the format, before it. */
async function write(name: string): Promise<void> {
  const source = await migratedDatabase('superuser');
  await mkdir(FOLDER, { recursive: true });
  await livedIn(source.login(), 3);
  for (const [ending, passphrase] of [['.acquit', null], ['-sealed.acquit', PASSPHRASE]] as const) {
    const file = `${FOLDER}${name}${ending}`;
    await rm(file, { force: true });
    must(await takeBackup(source.config, { file, passphrase, force: false, clock: BACKUP_CLOCK, program: '0.1.0' }));
  }
  await writeFile(`${FOLDER}${name}.json`, `${JSON.stringify(await source.rows(FACTS), null, 1)}\n`);
  await source.drop();
}

async function restored<T>(file: string, passphrase: string | null, look: (target: EmptyDatabase) => Promise<T>): Promise<T> {
  const target = await emptyDatabase('plain owner');
  try {
    must(await restoreBackup(target.config, { file, passphrase, clock: BACKUP_CLOCK, actor: 'test', freeze: freezeRestored }));
    return await look(target);
  } finally {
    await target.drop();
  }
}

test.each(KEPT)('a backup of %s restores into this program, whole, and at its version', { timeout: 120_000 }, async (name) => {
  if (process.env['WRITE_BACKUP_FIXTURE'] === name) await write(name);
  const facts = JSON.parse(await readFile(`${FOLDER}${name}.json`, 'utf8')) as object[];
  expect(facts.length).toBe(3);
  for (const [file, passphrase] of [[`${FOLDER}${name}.acquit`, null], [`${FOLDER}${name}-sealed.acquit`, PASSPHRASE]] as const) {
    expect((await checkArchive(file, passphrase)).manifest.schemaVersion).toBe(Number(name.replace('schema-', '')));
    await restored(file, passphrase, async (target) => {
      expect(await target.rows(FACTS)).toEqual(facts);
      expect(await broken(target.login())).toEqual([]);
      expect(await target.rows('select max(version) as version, count(*)::int as rows from schema_migration')).toEqual([{ version: (await listMigrations()).length, rows: (await listMigrations()).length }]);
      expect(await target.rows('select frozen_because from installation')).toEqual([{ frozen_because: 'restored' }]);
    });
  }
});

/** One company as a database of any version can hold it. */
const COMPANY = [
  `insert into organisation (code, created_at) values ('old', '2026-01-01')`,
  `insert into event_head (organisation_id, seq, hash) values (1, 0, sha256('acquit:old'))`,
  `insert into profile (organisation_id, name) values (1, 'Old')`,
  `insert into customer (organisation_id, code, name) values (1, 'C1', 'Client')`,
  `insert into item (organisation_id, customer_id, side, kind, document, issued_on, first_seen_on, due_on, currency, amount, natural_key) values (1, 1, 'debit', 'invoice', 'FA1', '2026-01-01', '2026-01-01', '2026-02-01', 'EUR', 12000, 'k1')`,
  `insert into hold (organisation_id, customer_id, item_id, kind, amount, from_on, until_on, created_at, actor) values (1, 1, 1, 'promise', 12000, '2026-02-02', '2026-12-10', '2026-02-02', 'test')`,
];

test.each([1, 5, 11])('a database left at version %i is backed up as it is and restored at the version of the program, its holds carried on', { timeout: 60_000 }, async (version) => {
  const source = await emptyDatabase('plain owner');
  const file = join(await scratchFolder(), 'old.acquit');
  try {
    const owner = new pg.Client(source.config);
    await owner.connect();
    await owner.query('begin');
    await migrateWithin(owner, { after: 0, until: version });
    await owner.query('commit');
    await owner.end();
    for (const statement of COMPANY) await source.rows(statement);
    if (version >= 6) await source.rows('insert into hold_item (organisation_id, hold_id, item_id, open_amount) values (1, 1, 1, 12000)');
    const { manifest } = must(await takeBackup(source.config, { file, passphrase: null, force: false, clock: BACKUP_CLOCK, program: '0.0.1' }));
    expect(manifest.schemaVersion).toBe(version);
    expect(await source.rows('select max(version) as version from schema_migration')).toEqual([{ version }]);
  } finally {
    await source.drop();
  }
  await restored(file, null, async (target) => {
    expect(await target.rows('select max(version) as version from schema_migration')).toEqual([{ version: (await listMigrations()).length }]);
    expect(await target.rows('select open_amount::int as open from hold_item')).toEqual([{ open: 12_000 }]);
    expect(await target.rows('select frozen_because from installation')).toEqual([{ frozen_because: 'restored' }]);
    expect(await broken(target.login())).toEqual([]);
    const fresh = await migratedDatabase('plain owner');
    expect(await target.rows(SCHEMA)).toEqual(await fresh.rows(SCHEMA));
    await fresh.drop();
  });
});

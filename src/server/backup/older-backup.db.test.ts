import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import { listMigrations } from '#server/plumbing/migrate.ts';
import { checkArchive } from './archive-reader.ts';
import { restoreBackup } from './restore-backup.ts';
import { takeBackup } from './take-backup.ts';
import { emptyDatabase, migratedDatabase } from './testing/empty-database.ts';
import type { EmptyDatabase } from './testing/empty-database.ts';
import { BACKUP_CLOCK, broken, livedIn } from './testing/lived-in.ts';

const FOLDER = fileURLToPath(new URL('../../../fixtures/backup/', import.meta.url));
/** Files of former programs, plain and encrypted; each is kept for ever, with what was true of its companies. */
const KEPT = ['schema-12'] as const;
const PASSPHRASE = 'une phrase pour les essais';

/** What no migration may change of a company: who it is, its evidence before the restore, its money and what was sent. */
const FACTS = `
  select o.code, (select encode(e.hash, 'hex') from event e where e.organisation_id = o.organisation_id and e.kind <> 'installation.restored' order by e.seq desc limit 1) as chain,
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
    must(await restoreBackup(target.config, { file, passphrase, clock: BACKUP_CLOCK, actor: 'test' }));
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

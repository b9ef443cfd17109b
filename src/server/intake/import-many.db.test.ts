import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { camt053Of } from '#server/testing/bank-files.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation } from '#server/testing/given.ts';
import { ublOf } from '#server/testing/invoice-files.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { importPath } from './import-many.ts';
import { packArchive } from './read-xlsx-archive.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const STATEMENT = camt053Of({ from: '2026-03-02', until: '2026-03-02', opening: 0, movements: [{ on: '2026-03-02', cents: 5_00 }] });
const INVOICE = ublOf({ number: 'FA-1', on: '2026-03-02', due: '2026-04-02', cents: 5_00, buyer: 'Roux' });
const LEDGER = fecOf([{ code: 'C1', piece: 'FA9', on: '2026-01-10', debit: '100,00' }]);

async function reports(organisation: OrganisationId, path: string): Promise<string[]> {
  const found: string[] = [];
  const options = { organisation, path, fileName: 'envoi', today: day('2026-06-30'), clock: clockAt('2026-06-30'), actor: 'test' };
  for await (const one of importPath(db.database, options)) {
    found.push([one.file, one.format, one.status, ...one.problems.filter((problem) => problem.severity === 'error').map((problem) => problem.code)].join(' '));
  }
  return found;
}

const zip = (parts: Record<string, string | Buffer>): Buffer => packArchive(new Map(Object.entries(parts).map(([name, content]) => [name, Buffer.from(content)])));

test('a folder with folders, an archive and a file that is nothing of ours: each file by itself, in the order of names', async () => {
  const organisation = await givenOrganisation(db.database);
  const folder = await scratchFolder();
  await mkdir(join(folder, 'banque'));
  await writeFile(join(folder, 'banque', 'releve.xml'), STATEMENT);
  await writeFile(join(folder, '000000000FEC20261231.txt'), LEDGER);
  await writeFile(join(folder, '.DS_Store'), 'x');
  await writeFile(join(folder, 'factures.zip'), zip({ 'a/FA-1.xml': INVOICE, '__MACOSX/x': 'x', 'lisez.moi': 'bonjour' }));
  expect(await reports(organisation, folder)).toEqual([
    'envoi/000000000FEC20261231.txt fec applied', 'envoi/banque/releve.xml camt053 applied',
    'envoi/factures.zip › a/FA-1.xml ubl applied', 'envoi/factures.zip › lisez.moi  refused intake.formatUnknown',
  ]);
  expect((await reports(organisation, folder)).map((line) => line.split(' ').at(-1))).toEqual(['unchanged', 'unchanged', 'unchanged', 'intake.formatUnknown']);
});

test.each([
  ['an empty archive', zip({}), 'intake.archiveEmpty'],
  ['an archive cut short', zip({ 'a.xml': INVOICE }).subarray(0, 400), 'intake.archiveBroken'],
  ['S3-014: an archive inside an archive', zip({ 'b.zip': zip({ 'a.xml': INVOICE }) }), 'intake.archiveNested'],
  ['S3-005: a name that climbs', zip({ '../../etc/cron.d/x': INVOICE }), 'intake.archiveUnsafe'],
  ['S3-003: too many entries', zip(Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`f${index}`, 'x']))), 'intake.archiveTooLarge'],
])('%s is refused with its reason and nothing is applied', async (_name, bytes, code) => {
  const organisation = await givenOrganisation(db.database);
  const path = join(await scratchFolder(), 'envoi.zip');
  await writeFile(path, bytes);
  const [line = '', ...others] = await reports(organisation, path);
  expect(others).toEqual([]);
  expect(line.split(' ').at(-1)).toBe(code);
  expect(await db.database.inTenant(organisation, (t) => t.rows(t.sql`select from ${t.from('import')} i`))).toEqual([]);
});

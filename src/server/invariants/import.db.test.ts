import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrganisationId } from '#core/kernel/id.ts';
import { undoImport } from '#server/intake/undo-import.ts';
import type { Database } from '#server/plumbing/database.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, givenOrganisation } from '#server/testing/given.ts';
import { before, booksOf, CAUGHT, daysBeforeEnd, finds, HOLDS, importBooks, linesOf, rewritten, same, seeds, smallCompany } from '#server/testing/books.ts';

let db: TestDatabase;
let mutant: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  mutant = await testDatabase();
});
afterAll(async () => {
  await db.drop();
  await mutant.drop();
});

const RUNS = 12;
const events = async (database: Database, organisation: OrganisationId): Promise<string> =>
  (await database.inTenant(organisation, (t) => t.one<{ seq: string }>(t.sql`select h.seq from ${t.from('event_head')} h`)))?.seq ?? '?';

/** F2: the same content again changes nothing; the same bytes do not even leave an event. */
const againChangesNothing = (database: Database): fc.IAsyncPropertyWithHooks<[number]> => fc.asyncProperty(seeds, async (seed) => {
  const organisation = await givenOrganisation(database);
  const text = booksOf(smallCompany(seed));
  await importBooks(database, organisation, text);
  const first = await linesOf(database, organisation);
  const seen = await events(database, organisation);
  const again = await importBooks(database, organisation, text);
  const quiet = again.status === 'unchanged' && (await events(database, organisation)) === seen;
  await importBooks(database, organisation, text.replaceAll('\r\n', '\n'));
  return quiet && same(first, await linesOf(database, organisation));
});

test('F2: the same file again changes nothing', async () => {
  expect(await finds(againChangesNothing(db.database), RUNS)).toEqual(HOLDS);
});

test('F2, planted bug: keys that say nothing of what the line is are found', async () => {
  const owner = await mutant.owner();
  await owner.query(`create function forget_key() returns trigger language plpgsql as $$ begin new.natural_key := gen_random_uuid()::text; return new; end $$`);
  await owner.query('create trigger item_forgets before insert on item for each row execute function forget_key()');
  try {
    expect(await finds(againChangesNothing(mutant.database), RUNS)).toMatchObject(CAUGHT);
  } finally {
    await owner.query('drop trigger item_forgets on item');
    await owner.end();
  }
});

/** F3: an export of June gives the same ledger whether or not that of May was imported before it. */
test('F3: exports that overlap end in the same state as the last alone', async () => {
  const property = fc.asyncProperty(seeds, daysBeforeEnd, async (seed, days) => {
    const company = smallCompany(seed);
    const [straight, stepwise] = [await givenOrganisation(db.database), await givenOrganisation(db.database)];
    await importBooks(db.database, straight, booksOf(company));
    await importBooks(db.database, stepwise, booksOf(company, before(days)));
    await importBooks(db.database, stepwise, booksOf(company));
    return same(await linesOf(db.database, straight), await linesOf(db.database, stepwise));
  });
  expect(await finds(property, RUNS)).toEqual(HOLDS);
});

type Forget = (database: Database, organisation: OrganisationId) => Promise<void>;

/** F4: an older export after a newer one changes nothing that the newer one knew. */
const olderChangesNothing = (database: Database, forget: Forget): fc.IAsyncPropertyWithHooks<[number, number]> =>
  fc.asyncProperty(seeds, daysBeforeEnd, async (seed, days) => {
    const company = smallCompany(seed);
    const organisation = await givenOrganisation(database);
    await importBooks(database, organisation, booksOf(company));
    const newer = await linesOf(database, organisation);
    await forget(database, organisation);
    await importBooks(database, organisation, booksOf(company, before(days)));
    return same(newer, await linesOf(database, organisation));
  });

test('F4: an older export never reopens, un-pays or removes', async () => {
  expect(await finds(olderChangesNothing(db.database, async () => undefined), RUNS)).toEqual(HOLDS);
});

test('F4, planted bug: an import that forgot how far the earlier one reached is found', async () => {
  const forget: Forget = (database, organisation) => database.inTenant(organisation, async (t) => {
    await t.run(t.sql`${t.update('import', 'i')} set covers_until = '1990-01-01' where ${t.own('i')}`);
  });
  expect(await finds(olderChangesNothing(db.database, forget), RUNS)).toMatchObject(CAUGHT);
});

type Shape = { readonly name: string; readonly bytes: (text: string) => Uint8Array | string };
const SHAPES: readonly Shape[] = [
  { name: 'LF', bytes: (text) => text.replaceAll('\r\n', '\n') },
  { name: 'CR', bytes: (text) => text.replaceAll('\r\n', '\r') },
  { name: 'pipes', bytes: (text) => text.replaceAll('\t', '|') },
  { name: 'semicolons, quoted', bytes: (text) => text.split('\r\n').map((line) => (line === '' ? '' : line.split('\t').map((cell) => `"${cell}"`).join(';'))).join('\r\n') },
  { name: 'byte order mark', bytes: (text) => `\ufeff${text}` },
  { name: 'Windows-1252', bytes: (text) => iconv.encode(text, 'win1252') },
  { name: 'UTF-16 with its mark', bytes: (text) => iconv.encode(text, 'utf16le', { addBOM: true }) },
  { name: 'decimal points', bytes: (text) => text.replaceAll(/(\t\d+),(\d{2})(?=\t)/g, '$1.$2').replaceAll(/(\t\d+),(\d{2})(?=\t)/g, '$1.$2') },
  { name: 'no last line end', bytes: (text) => text.replace(/\r\n$/, '') },
];

/** F5: however the file is written, the ledger says the same. */
const shapeDoesNotMatter = (shapes: readonly Shape[]): fc.IAsyncPropertyWithHooks<[number, Shape]> =>
  fc.asyncProperty(seeds, fc.constantFrom(...shapes), async (seed, shape) => {
    const text = booksOf(smallCompany(seed));
    const [plain, shaped] = [await givenOrganisation(db.database), await givenOrganisation(db.database)];
    await importBooks(db.database, plain, text);
    await importBooks(db.database, shaped, shape.bytes(text));
    return same(await linesOf(db.database, plain), await linesOf(db.database, shaped));
  });

test('F5: encoding, separator and line ends do not matter', async () => {
  for (const shape of SHAPES) expect([shape.name, await finds(shapeDoesNotMatter([shape]), 2)]).toEqual([shape.name, HOLDS]);
});

test('F5, planted bug: a reader that loses accents is found', async () => {
  const lossy: Shape = { name: 'accents lost', bytes: (text) => iconv.encode(text, 'ascii') };
  expect(await finds(shapeDoesNotMatter([lossy]), RUNS)).toMatchObject(CAUGHT);
});

type Undo = (organisation: OrganisationId, importId: string) => Promise<void>;

/** E6, F10: an import taken back leaves the ledger as it was before it. */
const undoneIsBefore = (undo: Undo): fc.IAsyncPropertyWithHooks<[number, number]> => fc.asyncProperty(seeds, daysBeforeEnd, async (seed, days) => {
  const company = smallCompany(seed);
  const organisation = await givenOrganisation(db.database);
  await importBooks(db.database, organisation, booksOf(company, before(days)));
  const first = await linesOf(db.database, organisation);
  const report = await importBooks(db.database, organisation, booksOf(company));
  await undo(organisation, report.importId ?? '');
  return same(first, await linesOf(db.database, organisation));
});

const undo: Undo = async (organisation, importId) => {
  const result = await undoImport(db.database, { organisation, importId: importId as never, clock: clockAt('2026-07-01'), actor: 'test' });
  if (result.status !== 'undone') throw new Error(result.status);
};

test('E6, F10: an import undone leaves the state before it, and can be applied again to the state after it', async () => {
  expect(await finds(undoneIsBefore(undo), RUNS)).toEqual(HOLDS);
  const company = smallCompany(77);
  const organisation = await givenOrganisation(db.database);
  const report = await importBooks(db.database, organisation, booksOf(company));
  const after = await linesOf(db.database, organisation);
  await undo(organisation, report.importId ?? '');
  expect(await linesOf(db.database, organisation)).toEqual([]);
  await importBooks(db.database, organisation, booksOf(company));
  expect(await linesOf(db.database, organisation)).toEqual(after);
});

test('E6, F10: the same when the import removed entries, undid letterings and renamed customers', async () => {
  const property = fc.asyncProperty(seeds, fc.nat(500), async (seed, choice) => {
    const text = booksOf(smallCompany(seed));
    const organisation = await givenOrganisation(db.database);
    await importBooks(db.database, organisation, text);
    const first = await linesOf(db.database, organisation);
    const report = await importBooks(db.database, organisation, rewritten(text, choice));
    const changed = !same(first, await linesOf(db.database, organisation));
    await undo(organisation, report.importId ?? '');
    return changed && same(first, await linesOf(db.database, organisation));
  });
  expect(await finds(property, RUNS)).toEqual(HOLDS);
});

test('E6, planted bug: an undo that leaves allocations standing is found', async () => {
  const careless: Undo = (organisation, importId) => db.database.inTenant(organisation, async (t) => {
    await t.run(t.sql`${t.update('item', 'i')} set voided_at = now() where ${t.own('i')} and i.import_id = ${importId}::bigint`);
    await t.run(t.sql`${t.update('import', 'i')} set status = 'undone' where ${t.own('i')} and i.import_id = ${importId}::bigint`);
  });
  expect(await finds(undoneIsBefore(careless), RUNS)).toMatchObject(CAUGHT);
});

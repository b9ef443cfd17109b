import { afterAll, beforeAll, expect, test } from 'vitest';
import { fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import type { ShortLine } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { openLines, verified } from './given-ledger.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const LINES: readonly ShortLine[] = [
  { code: 'C1', piece: 'FA1', on: '2026-01-02', debit: '100,00', letter: 'AA' },
  { code: 'C2', piece: 'FA2', on: '2026-01-02', debit: '40,00' },
  { code: 'C1', piece: 'FA3', on: '2026-02-10', debit: '50,00', letter: 'AA' },
  { code: 'C1', piece: 'RC1', on: '2026-03-01', credit: '150,00', letter: 'AA' },
  { code: 'C2', piece: 'RC2', on: '2026-03-15', credit: '10,00' },
];

test.each([
  ['its first half', (lines: readonly ShortLine[]) => lines.slice(0, 3)],
  ['its second half, in which a lettering group is cut', (lines: readonly ShortLine[]) => lines.slice(2)],
  ['the receipts alone', (lines: readonly ShortLine[]) => lines.slice(3)],
  ['a part that begins and ends on the same days', (lines: readonly ShortLine[]) => [lines[0], lines[3], lines[4]].filter((line) => line !== undefined)],
  ['the lines in reverse order', (lines: readonly ShortLine[]) => lines.toReversed()],
])('a ledger already applied: %s changes nothing', async (_name, part) => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: fecOf(LINES) });
  const before = await openLines(db.database, organisation);
  expect(before).toEqual(['C2 debit FA2 40.00', 'C2 credit RC2 10.00']);
  const report = await importText(db.database, organisation, { text: fecOf(part(LINES)) });
  expect(report).toMatchObject({ status: 'applied', created: { customers: 0, debits: 0, credits: 0, allocations: 0 } });
  expect(await openLines(db.database, organisation)).toEqual(before);
  await verified(db.database, organisation);
});

test('a ledger without lettering, written another way, adds nothing: the estimate stands', async () => {
  const organisation = await givenOrganisation(db.database);
  const text = fecOf(LINES.map(({ letter: _letter, ...line }) => line));
  await importText(db.database, organisation, { text });
  const before = await openLines(db.database, organisation);
  const again = await importText(db.database, organisation, { text: text.replaceAll('\r\n', '\n') });
  expect(again).toMatchObject({ status: 'applied', created: { allocations: 0 } });
  expect(await openLines(db.database, organisation)).toEqual(before);
});

test('a ledger without lettering gives the same open items whatever the order of its lines', async () => {
  const lines: ShortLine[] = [
    { code: 'C1', piece: 'FA9', on: '2026-01-02', debit: '100,00' }, { code: 'C1', piece: 'FA1', on: '2026-01-02', debit: '100,00' },
    { code: 'C1', piece: 'RC1', on: '2026-03-01', credit: '100,00' },
  ];
  const [straight, reversed] = [await givenOrganisation(db.database), await givenOrganisation(db.database)];
  await importText(db.database, straight, { text: fecOf(lines) });
  await importText(db.database, reversed, { text: fecOf(lines.toReversed()) });
  expect(await openLines(db.database, reversed)).toEqual(await openLines(db.database, straight));
});

test('two receipts alike, one of them lettered, shuffled: nothing is reversed', async () => {
  const lines: ShortLine[] = [
    { code: 'C1', piece: 'FA1', on: '2026-01-02', debit: '100,00', letter: 'AA' },
    { code: 'C1', piece: 'VIR', on: '2026-02-01', credit: '100,00', letter: 'AA' }, { code: 'C1', piece: 'VIR', on: '2026-03-01', credit: '100,00' },
  ];
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: fecOf(lines) });
  const report = await importText(db.database, organisation, { text: fecOf(lines.toReversed()) });
  expect(report).toMatchObject({ created: { debits: 0, credits: 0, allocations: 0 } });
});

test('a date mistyped far in the future does not make every later export an old one', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: fecOf([...LINES, { code: 'C3', piece: 'FA9', on: '2062-03-15', debit: '1,00' }]) });
  const report = await importText(db.database, organisation, { text: fecOf([...LINES, { code: 'C3', piece: 'FA9', on: '2026-03-15', debit: '1,00' }, { code: 'C3', piece: 'FA10', on: '2026-04-15', debit: '2,00' }]) });
  expect(report.problems.map((one) => one.code)).not.toContain('intake.olderFile');
  expect(await openLines(db.database, organisation)).toContain('C3 debit FA10 2.00');
});

test('the ledger of another company is refused by the SIREN of its name', async () => {
  const organisation = await givenOrganisation(db.database);
  const report = await importText(db.database, organisation, { text: fecOf(LINES), name: '732829320FEC20261231.txt' });
  expect(report).toMatchObject({ status: 'refused', problems: [{ code: 'intake.fecOtherSiren' }] });
  expect(await openLines(db.database, organisation)).toEqual([]);
});

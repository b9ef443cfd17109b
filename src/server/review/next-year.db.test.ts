import { afterAll, beforeAll, expect, test } from 'vitest';
import { fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { openLines, verified } from './given-ledger.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const YEAR = fecOf([
  { code: 'C1', piece: 'FA1', on: '2026-10-10', debit: '100,00' },
  { code: 'C2', piece: 'FA2', on: '2026-10-12', debit: '50,00' },
]);
const name = '000000000FEC20271231.txt';

test('what was paid between the last export of a year and its closing is not owed any more in the next year', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: YEAR });
  const report = await importText(db.database, organisation, {
    name, today: '2027-02-01', text: fecOf([{ code: 'C2', piece: 'FA2', on: '2027-01-01', pieceOn: '2026-10-12', debit: '50,00', journal: 'AN' }]),
  });
  expect(report.problems.map((one) => one.code)).toContain('intake.fecOpeningDiffers');
  expect(await openLines(db.database, organisation)).toEqual([
    'C1 debit FA1 100.00', "C1 credit Écart d'à-nouveau 100.00 estimated", 'C2 debit FA2 50.00',
  ]);
  await verified(db.database, organisation);
});

test('an opening difference is estimated, follows a corrected opening, and goes when it is gone', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: YEAR });
  const opening = (amount: string): string => fecOf([
    { code: 'C1', piece: 'AN', on: '2027-01-01', debit: amount, journal: 'AN', label: 'A nouveau' },
    { code: 'C2', piece: 'AN', on: '2027-01-01', debit: '50,00', journal: 'AN', label: 'A nouveau' },
  ]);
  await importText(db.database, organisation, { text: opening('130,00'), name, today: '2027-02-01' });
  expect(await openLines(db.database, organisation)).toContain("C1 debit Écart d'à-nouveau 30.00 estimated");
  await importText(db.database, organisation, { text: opening('110,00'), name, today: '2027-02-02' });
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA1 100.00', "C1 debit Écart d'à-nouveau 10.00 estimated", 'C2 debit FA2 50.00']);
  await importText(db.database, organisation, { text: opening('100,00'), name, today: '2027-02-03' });
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA1 100.00', 'C2 debit FA2 50.00']);
  await verified(db.database, organisation);
});

test('what the next year letters with an opening balance in one line pays the oldest invoices behind it', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: YEAR });
  await importText(db.database, organisation, {
    name, today: '2027-02-20', text: fecOf([
      { code: 'C1', piece: 'AN', on: '2027-01-01', debit: '100,00', journal: 'AN', label: 'A nouveau', letter: 'AA' },
      { code: 'C2', piece: 'AN', on: '2027-01-01', debit: '50,00', journal: 'AN', label: 'A nouveau' },
      { code: 'C1', piece: 'RC1', on: '2027-02-15', credit: '100,00', letter: 'AA' },
    ]),
  });
  expect(await openLines(db.database, organisation)).toEqual(['C2 debit FA2 50.00']);
  await verified(db.database, organisation);
});

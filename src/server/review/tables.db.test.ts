import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { ImportId } from '#core/kernel/id.ts';
import { undoImport } from '#server/intake/undo-import.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { readPolicy } from '#server/dunning/policy.ts';
import { openLines, verified } from './given-ledger.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const HEAD = 'Code client;Nom client;N° facture;Date facture;Échéance;Montant TTC;Reste dû;Devise';
const listOf = (...rows: string[]): string => [HEAD, ...rows, ''].join('\n');
const FA1 = 'C1;Alpha;FA1;15/01/2026;14/02/2026;1 200,00;1 200,00;EUR';
const FA2 = 'C1;Alpha;FA2;20/02/2026;22/03/2026;300,00;300,00;EUR';

test('a later list whose newest invoice was paid is not an older list: what it no longer shows is settled', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: listOf(FA1, FA2), name: 'postes.csv', today: '2026-03-01' });
  const report = await importText(db.database, organisation, { text: listOf(FA1), name: 'postes.csv', today: '2026-04-01' });
  expect(report.problems.map((one) => one.code)).not.toContain('intake.olderFile');
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA1 1200.00']);
  await verified(db.database, organisation);
});

test('an invoice known from a list is the same invoice in the ledger that comes after', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: listOf(FA1, FA2), name: 'postes.csv', today: '2026-03-01' });
  const report = await importText(db.database, organisation, {
    today: '2026-03-02', text: fecOf([
      { code: 'C1', piece: 'FA1', on: '2026-01-15', debit: '1200,00', letter: 'A' }, { code: 'C1', piece: 'FA2', on: '2026-02-20', debit: '300,00' },
      { code: 'C1', piece: 'RC1', on: '2026-03-01', credit: '1200,00', letter: 'A' },
    ]),
  });
  expect(report).toMatchObject({ created: { debits: 0, credits: 1, allocations: 1 } });
  expect(report.problems.map((one) => one.code)).not.toContain('intake.fecBalanceDiffers');
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA2 300.00']);
  await verified(db.database, organisation);
});

test('the instalments of an invoice that the ledger has in one line do not make it owed twice', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { today: '2026-02-01', text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-15', debit: '1200,00' }]) });
  const report = await importText(db.database, organisation, {
    name: 'postes.csv', today: '2026-03-01', text: listOf(FA1.replaceAll('1 200,00', '600,00'), FA1.replaceAll('1 200,00', '600,00').replace('14/02', '14/03')),
  });
  expect(report.problems.map((one) => one.code)).toContain('intake.duplicateKnown');
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA1 1200.00']);
});

test('an import cannot be undone under a later list that confirms its invoices', async () => {
  const organisation = await givenOrganisation(db.database);
  const first = await importText(db.database, organisation, { today: '2026-02-01', text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-15', debit: '1200,00' }]) });
  const list = await importText(db.database, organisation, { text: listOf(FA1), name: 'postes.csv', today: '2026-03-01' });
  const undo = (importId: ImportId | null) => undoImport(db.database, { organisation, importId: importId ?? ('0' as ImportId), clock: clockAt('2026-05-01'), actor: 'test' });
  expect(await undo(first.importId)).toMatchObject({ status: 'blocked', blocking: [{ code: 'undo.laterImport' }] });
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA1 1200.00']);
  expect((await undo(list.importId)).status).toBe('undone');
  expect((await undo(first.importId)).status).toBe('undone');
  expect(await openLines(db.database, organisation)).toEqual([]);
});

test('a list of customers does not make the ledger fresh', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { today: '2026-01-05', text: listOf(FA1), name: 'postes.csv' });
  await importText(db.database, organisation, { today: '2026-03-02', text: 'Code client;Nom du client;E-mail\nC1;Alpha;compta@alpha.example\n', name: 'clients.csv' });
  const policy = await db.database.inTenant(organisation, (t) => readPolicy(t, day('2026-03-02')));
  expect(policy.facts.ledger.ageDays).toBe(40);
});

test('a list of 20,000 invoices is keyed in a time that grows with its rows, not with their square', { timeout: 60_000 }, async () => {
  const organisation = await givenOrganisation(db.database);
  const rows = Array.from({ length: 20_000 }, (_, index) => `C${index % 500};Client ${index % 500};FA${index};15/01/2026;14/02/2026;10,00;10,00;EUR`);
  const started = performance.now();
  expect(await importText(db.database, organisation, { text: listOf(...rows), name: 'postes.csv', today: '2026-03-01' })).toMatchObject({ status: 'applied', created: { debits: 20_000 } });
  expect(performance.now() - started).toBeLessThan(10_000);
});

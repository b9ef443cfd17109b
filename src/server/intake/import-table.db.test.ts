import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { ImportId, OrganisationId } from '#core/kernel/id.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import { verify } from '#server/audit/verify.ts';
import { listItems } from '#server/ledger/store.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { undoImport } from './undo-import.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

async function open(organisation: OrganisationId, asOf = '2026-12-31'): Promise<string[]> {
  const items = await db.database.inTenant(organisation, (t) => listItems(t, day(asOf)));
  return items.map((item) => `${item.customer} ${item.side} ${item.document ?? item.label} ${item.due_on ?? '-'} ${decimalMinor(BigInt(item.open), 2)} ${item.currency}`);
}

const verified = async (organisation: OrganisationId): Promise<void> => {
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
};

const undo = (organisation: OrganisationId, importId: ImportId | null) =>
  undoImport(db.database, { organisation, importId: importId ?? ('0' as ImportId), clock: clockAt('2026-05-01'), actor: 'test' });

const FIRST = [
  'Code client;Nom client;N° facture;Date facture;Échéance;Montant TTC;Reste dû;Devise;E-mail',
  'C1;Alpha;FA1;15/01/2026;14/02/2026;1 200,00;1 200,00;EUR;compta@alpha.example',
  'C1;Alpha;FA2;20/01/2026;19/02/2026;300,00;100,00;EUR;',
  'C2;Bêta;FA3;25/01/2026;24/02/2026;80,50;80,50;USD;ap@beta.example', '',
].join('\n');

test('a list of open items: amounts, part payments, two currencies and contacts come out', async () => {
  const organisation = await givenOrganisation(db.database);
  const report = await importText(db.database, organisation, { text: FIRST, name: 'postes.csv', today: '2026-03-01' });
  expect(report).toMatchObject({ status: 'applied', format: 'csv', lines: 3, created: { customers: 2, debits: 3, credits: 1, allocations: 1 }, changed: { contacts: 2 } });
  expect(await open(organisation)).toEqual(['C1 debit FA1 2026-02-14 1200.00 EUR', 'C1 debit FA2 2026-02-19 100.00 EUR', 'C2 debit FA3 2026-02-24 80.50 USD']);
  await verified(organisation);
});

test('a newer list settles what it no longer shows and what shrank; an older one never reopens', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: FIRST, name: 'postes.csv', today: '2026-03-01' });
  const second = [
    FIRST.split('\n')[0] ?? '', 'C1;Alpha;FA1;15/01/2026;14/02/2026;1 200,00;700,00;EUR;compta@alpha.example',
    'C3;Gamma;FA9;26/02/2026;28/03/2026;10,00;10,00;EUR;', '',
  ].join('\n');
  await importText(db.database, organisation, { text: second, name: 'postes.csv', today: '2026-04-01' });
  const after = ['C1 debit FA1 2026-02-14 700.00 EUR', 'C3 debit FA9 2026-03-28 10.00 EUR'];
  expect(await open(organisation)).toEqual(after);
  const again = await importText(db.database, organisation, { text: `${FIRST}\n`, name: 'postes.csv', today: '2026-04-02' });
  expect(again.problems.map((one) => one.code)).toEqual(expect.arrayContaining(['intake.olderFile', 'intake.tableOpenHigher']));
  expect(await open(organisation)).toEqual(after);
  expect(await open(organisation, '2026-03-15')).toEqual([
    'C1 debit FA1 2026-02-14 1200.00 EUR', 'C1 debit FA2 2026-02-19 100.00 EUR', 'C2 debit FA3 2026-02-24 80.50 USD', 'C3 debit FA9 2026-03-28 10.00 EUR',
  ]);
  await verified(organisation);
});

test('a document known from the ledger is that item, with its own due day from the table', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-15', debit: '1200,00' }]), today: '2026-02-01' });
  const report = await importText(db.database, organisation, { text: FIRST, name: 'postes.csv', today: '2026-03-01' });
  expect(report).toMatchObject({ created: { customers: 1, debits: 2 }, changed: { dueDays: 0 } });
  expect(await open(organisation)).toHaveLength(3);
  await verified(organisation);
});

test('undo gives back exactly what was before, latest first; what rests on an import blocks it by name', async () => {
  const organisation = await givenOrganisation(db.database);
  const fec = await importText(db.database, organisation, { text: fecOf([
    { code: 'C1', piece: 'FA1', on: '2026-01-15', debit: '1200,00' }, { code: 'C1', piece: 'FA0', on: '2026-01-02', debit: '10,00', letter: 'A' },
    { code: 'C1', piece: 'RC0', on: '2026-01-20', credit: '10,00', letter: 'A' },
  ]), today: '2026-02-01' });
  const before = await open(organisation);
  const first = await importText(db.database, organisation, { text: FIRST, name: 'postes.csv', today: '2026-03-01' });
  const middle = await open(organisation);
  const newer = await importText(db.database, organisation, { text: FIRST.replace('15/01/2026;14/02/2026;1 200,00;1 200,00', '15/01/2026;01/03/2026;1 200,00;500,00'), name: 'postes.csv', today: '2026-04-01' });
  expect(await open(organisation)).not.toEqual(middle);
  expect(await undo(organisation, first.importId)).toMatchObject({ status: 'blocked', blocking: [{ code: 'undo.laterImport' }] });
  expect(await undo(organisation, newer.importId)).toEqual({ status: 'undone', blocking: [] });
  expect(await open(organisation)).toEqual(middle);
  expect(await undo(organisation, first.importId)).toEqual({ status: 'undone', blocking: [] });
  expect(await open(organisation)).toEqual(before);
  expect(await undo(organisation, first.importId)).toMatchObject({ status: 'unknown' });
  const again = await importText(db.database, organisation, { text: FIRST, name: 'postes.csv', today: '2026-03-01' });
  expect(again.status).toBe('applied');
  expect(await open(organisation)).toEqual(middle);
  await undo(organisation, again.importId);
  await undo(organisation, fec.importId);
  expect(await open(organisation)).toEqual([]);
  await verified(organisation);
});

test('undo of a newer ledger brings back the lettering it had taken away', async () => {
  const organisation = await givenOrganisation(db.database);
  const lines = [
    { code: 'C1', piece: 'FA1', on: '2026-01-10', debit: '100,00', letter: 'AA' }, { code: 'C1', piece: 'FA2', on: '2026-01-11', debit: '5,00' },
    { code: 'C1', piece: 'RC1', on: '2026-02-01', credit: '100,00', letter: 'AA' },
  ];
  await importText(db.database, organisation, { text: fecOf(lines) });
  const before = await open(organisation);
  const bounced = await importText(db.database, organisation, {
    text: fecOf([...lines.filter((line) => line.piece !== 'FA2').map(({ letter: _letter, ...line }) => line), { code: 'C1', piece: 'FA5', on: '2026-03-01', debit: '7,00', letter: 'AB' },
      { code: 'C1', piece: 'RC5', on: '2026-03-02', credit: '7,00', letter: 'AB' }]),
  });
  expect(await open(organisation)).toEqual(['C1 debit FA1 2026-02-09 100.00 EUR', 'C1 credit RC1 - 100.00 EUR']);
  await undo(organisation, bounced.importId);
  expect(await open(organisation)).toEqual(before);
  await verified(organisation);
});

test('a list of customers with their terms moves the due days that were computed, not those that a file gave; undo moves them back', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: fecOf([{ code: 'C1', piece: 'FA0', on: '2026-01-15', debit: '10,00' }]), today: '2026-02-01' });
  await importText(db.database, organisation, { text: FIRST, name: 'postes.csv', today: '2026-03-01' });
  const before = await open(organisation);
  const report = await importText(db.database, organisation, { text: 'Code client;Nom client;Conditions de paiement\nC1;Alpha;45 jours fin de mois\n', name: 'clients.csv', today: '2026-03-02' });
  expect(report).toMatchObject({ status: 'applied', changed: { dueDays: 1, customers: 1 } });
  expect((await open(organisation)).toSorted()).toEqual(before.map((line) => line.replace('FA0 2026-02-14', 'FA0 2026-03-31')).toSorted());
  await undo(organisation, report.importId);
  expect(await open(organisation)).toEqual(before);
});

test('a table that cannot be understood is refused with its rows, applied once mapped by a person, and understood from then on', async () => {
  const organisation = await givenOrganisation(db.database);
  const text = 'Qui;Papier;Quand;Combien\nC1;FA1;03/02/2026;1.234\nC2;FA2;04/02/2026;2.500\n';
  const refused = await importText(db.database, organisation, { text, name: 'x.csv' });
  expect(refused.status).toBe('refused');
  expect(refused.understood?.sample[1]).toEqual(['C1', 'FA1', '03/02/2026', '1.234']);
  expect(refused.problems.some((one) => one.severity === 'error')).toBe(true);
  const mapping = { headerLine: 1, columns: { customerCode: 0, document: 1, issuedOn: 2, amount: 3 }, decimalStyle: 'comma', dayOrder: 'dmy' } as const;
  const applied = await importText(db.database, organisation, { text, name: 'x.csv', mapping });
  expect(applied).toMatchObject({ status: 'applied', created: { debits: 2 } });
  expect(await open(organisation)).toEqual(['C1 debit FA1 2026-03-05 1234.00 EUR', 'C2 debit FA2 2026-03-06 2500.00 EUR']);
  const next = await importText(db.database, organisation, { text: text.replace('FA2', 'FA3'), name: 'y.csv' });
  expect(next).toMatchObject({ status: 'applied', understood: { remembered: true }, created: { debits: 1 } });
  const other = await importText(db.database, organisation, { text: text.replace('Qui;Papier', 'Quoi;Truc'), name: 'z.csv' });
  expect(other).toMatchObject({ status: 'refused', understood: { remembered: false } });
});

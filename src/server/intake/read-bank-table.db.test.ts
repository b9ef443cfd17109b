import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import { verify } from '#server/audit/verify.ts';
import { listItems } from '#server/ledger/store.ts';
import { givenOrganisation, importText } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const fixture = (path: string): Promise<Uint8Array> => readFile(join(import.meta.dirname, '../../../fixtures', path));

const lines = (organisation: OrganisationId): Promise<string[]> => db.database.inTenant(organisation, async (t) => {
  const rows = await t.rows<{ booked_on: string; amount: string; currency: string; label: string; account_key: string }>(t.sql`
    select l.booked_on, l.amount::text, l.currency, l.label, b.account_key from ${t.from('bank_line')} l
    join ${t.from('bank_account')} b on b.bank_account_id = l.bank_account_id where l.voided_at is null order by l.booked_on, l.amount`);
  return rows.map((row) => `${row.account_key} ${row.booked_on} ${decimalMinor(BigInt(row.amount), 2)} ${row.currency} ${row.label}`);
});

async function open(organisation: OrganisationId): Promise<string[]> {
  const items = await db.database.inTenant(organisation, (t) => listItems(t, day('2026-12-31')));
  return items.map((item) => `${item.customer} ${item.side} ${item.document ?? item.label} ${item.due_on ?? '-'} ${decimalMinor(BigInt(item.open), 2)}`);
}

const verified = async (organisation: OrganisationId): Promise<void> => {
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
};

test('a bank export is taken in as a statement, named, and once only', async () => {
  const organisation = await givenOrganisation(db.database);
  const report = await importText(db.database, organisation, { text: await fixture('bank-csv/credit_mutuel.csv'), name: 'releve.csv', today: '2026-10-07' });
  expect(report).toMatchObject({
    status: 'applied', created: { bankLines: 3, debits: 0, customers: 0 }, totals: { credit: '1520.50', debit: '120.00', balance: '2400.50' },
    understood: { profile: { key: 'creditMutuel', name: { fr: 'Crédit Mutuel ou CIC' } }, mapping: { kind: 'bank' } },
  });
  const expected = [
    'creditMutuel 2026-10-02 1440.00 EUR VIR HOTEL DU LAC FA-112', 'creditMutuel 2026-10-05 -120.00 EUR PRLV ASSURANCE', 'creditMutuel 2026-10-06 80.50 EUR REMISE CHEQUE',
  ];
  expect(await lines(organisation)).toEqual(expected);
  const more = `${new TextDecoder('latin1').decode(await fixture('bank-csv/credit_mutuel.csv'))}07/10/2026;07/10/2026;;1,00;VIR ROUX;2401,50\n`;
  const again = await importText(db.database, organisation, { text: more, name: 'releve2.csv', today: '2026-10-08' });
  expect(again).toMatchObject({ status: 'applied', created: { bankLines: 1 }, changed: { known: 3 } });
  expect(await lines(organisation)).toEqual([...expected, 'creditMutuel 2026-10-07 1.00 EUR VIR ROUX']);
  await verified(organisation);
});

test('the statement of an account that is not ours is refused, with how it was understood', async () => {
  const organisation = await givenOrganisation(db.database);
  const report = await importText(db.database, organisation, { text: await fixture('bank-csv/qonto.csv'), name: 'qonto.csv', today: '2026-10-16' });
  expect(report).toMatchObject({ status: 'refused', understood: { profile: { key: 'qonto' } } });
  expect(report.problems.map((one) => one.code)).toContain('intake.bankAccountForeign');
  expect(await lines(organisation)).toEqual([]);
});

test('a wrong guess is put right in both directions, and remembered', async () => {
  const organisation = await givenOrganisation(db.database);
  const receivables = 'Date;Description;Montant;Contrepartie\n13/03/2026;Chantier;100,00;Lac SA\n';
  expect(await importText(db.database, organisation, { text: receivables, name: 'a.csv' })).toMatchObject({ understood: { mapping: { kind: 'bank' } } });
  const items = { kind: 'items', headerLine: 1, columns: { issuedOn: 0, label: 1, amount: 2, customerName: 3 }, decimalStyle: 'comma', dayOrder: 'dmy' } as const;
  const other = await givenOrganisation(db.database);
  expect(await importText(db.database, other, { text: receivables, name: 'a.csv', mapping: items })).toMatchObject({ status: 'applied', created: { debits: 1, bankLines: 0 } });
  expect(await importText(db.database, other, { text: receivables.replace('100,00', '250,00'), name: 'b.csv' })).toMatchObject({ status: 'applied', understood: { remembered: true }, created: { debits: 1, bankLines: 0 } });
  expect(await lines(other)).toEqual([]);
  const movements = 'Client;Date;Montant\nVIR LAC;13/03/2026;100,00\n';
  const third = await givenOrganisation(db.database);
  const bank = { kind: 'bank', headerLine: 1, columns: { label: 0, bookedOn: 1, amount: 2 }, decimalStyle: 'comma', dayOrder: 'dmy' } as const;
  expect(await importText(db.database, third, { text: movements, name: 'c.csv', mapping: bank })).toMatchObject({ status: 'applied', created: { debits: 0, bankLines: 1 } });
  expect(await importText(db.database, third, { text: movements.replace('13/', '14/'), name: 'd.csv' })).toMatchObject({ status: 'applied', understood: { remembered: true }, created: { bankLines: 1 } });
  expect(await open(third)).toEqual([]);
});

test('a customer account query: what is lettered is settled by its payment, the rest is owed', async () => {
  const organisation = await givenOrganisation(db.database);
  const report = await importText(db.database, organisation, { text: await fixture('accounting/sage100_interrogation.csv'), name: 'tiers.csv', today: '2026-10-01' });
  expect(report).toMatchObject({ status: 'applied', created: { customers: 2, debits: 3, credits: 2, allocations: 1 }, understood: { profile: { key: 'sage100.accountQuery' } } });
  expect(await open(organisation)).toEqual([
    '411DUPONT debit FA-101 2026-10-20 1200.00', '411MARTIN debit FA-103 2026-10-27 80.50', '411MARTIN credit AV-9 - 20.50',
  ]);
  await verified(organisation);
});

test('an invoice lettered with a payment outside the period is settled; the payment of one outside it is used up; a group that does not balance stays open', async () => {
  const organisation = await givenOrganisation(db.database);
  const head = 'N° tiers;Intitulé;Date;Code journal;N° pièce;N° facture;Libellé écriture;Date échéance;Débit;Crédit;Lettrage;Solde';
  const text = [head,
    '411A;Alpha;05/09/2026;VTE;1;FA-1;Facture;20/10/2026;100,00;;AA;', '411A;Alpha;06/09/2026;BQ;2;;Virement;;;40,00;AB;',
    '411A;Alpha;13/09/2026;VTE;3;FA-3;Facture;20/10/2026;50,00;;AC;', '411A;Alpha;14/09/2026;BQ;4;;Virement;;;30,00;AC;', ''].join('\n');
  const report = await importText(db.database, organisation, { text, name: 'tiers.csv', today: '2026-10-01' });
  expect(report.problems.map((one) => one.code)).toContain('intake.tableLetteringOpen');
  expect(await open(organisation)).toEqual(['411A debit FA-3 2026-10-20 50.00', '411A credit Virement - 30.00']);
  await verified(organisation);
});

test('an invoice known as open is settled when a newer query shows it lettered with its payment', async () => {
  const organisation = await givenOrganisation(db.database);
  const head = 'N° tiers;Intitulé;Date;Code journal;N° pièce;N° facture;Libellé écriture;Date échéance;Débit;Crédit;Lettrage;Solde';
  await importText(db.database, organisation, { text: `${head}\n411A;Alpha;15/09/2026;VTE;1;FA-1;Facture;20/10/2026;100,00;;;\n`, name: 'a.csv', today: '2026-10-01' });
  expect(await open(organisation)).toEqual(['411A debit FA-1 2026-10-20 100.00']);
  await importText(db.database, organisation, {
    text: `${head}\n411A;Alpha;15/09/2026;VTE;1;FA-1;Facture;20/10/2026;100,00;;AA;\n411A;Alpha;16/10/2026;BQ;2;;Virement;;;100,00;AA;\n`, name: 'b.csv', today: '2026-10-20',
  });
  expect(await open(organisation)).toEqual([]);
  await verified(organisation);
});

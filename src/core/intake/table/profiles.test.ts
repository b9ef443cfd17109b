import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BANK_PROFILES } from '../bank/table-profiles.ts';
import { bucketColumns } from './aged-columns.ts';
import { applyMapping } from './apply-mapping.ts';
import { createCsvReader, detectDelimiter } from './csv.ts';
import { guessMapping } from './guess-mapping.ts';
import { ITEM_PROFILES } from './item-profiles.ts';
import type { TableRow } from './table-row.ts';

function rowsOf(text: string): TableRow[] {
  const rows: TableRow[] = [];
  const reader = createCsvReader(detectDelimiter(text) ?? ';', (row) => rows.push(row) > 0);
  reader.push(text);
  reader.end();
  return rows;
}

test('keys are unique and every proof can be met by titles that fold to themselves', () => {
  const all = [...ITEM_PROFILES, ...BANK_PROFILES];
  expect(new Set(all.map((one) => one.key)).size).toBe(all.length);
  expect(all.flatMap((one) => one.proof.flat()).filter((title) => !/^[a-z0-9]*$/u.test(title))).toEqual([]);
});

test.each<[string, string[], number[]]>([
  ['French', ['Client', 'Non échu', '0-30 j', '31 à 60 jours', '> 90', 'Total'], [1, 2, 3, 4]],
  ['English', ['Customer', 'Current', '1 - 30', '31 - 60', '91 and over', 'Total'], [1, 2, 3, 4]],
  ['with words', ['Échu de 1 à 30 jours', 'Échu depuis plus de 90 jours'], [0, 1]],
  ['years and lone columns are none', ['2025-2026', '1-30'], []],
  ['no aged balance', ['Client', 'Montant TTC', 'Échéance'], []],
])('ageing columns: %s', (_name, headers, expected) => expect(bucketColumns(headers)).toEqual(expected));

test.each<[string, string, 'bank' | 'items']>([
  ['a day, a text and an amount', 'Date;Libellé;Montant', 'bank'], ['debit and credit', 'Date;Libellé;Débit;Crédit', 'bank'], ['English', 'Date,Description,Amount,Balance', 'bank'],
  ['an account number', 'Account number,Date,Description,Amount', 'bank'], ['a customer', 'Client;Date;Libellé;Montant', 'items'], ['a document', 'Date;Libellé;Pièce;Débit;Crédit', 'items'],
  ['a due day', 'Date;Libellé;Échéance;Montant', 'items'], ['lettering', 'Date;Libellé;Débit;Crédit;Lettrage', 'items'], ['no text', 'Date;Montant', 'items'],
])('a table with %s', (_name, titles, kind) => {
  const sample = titles.split(/[;,]/u).map((title) => (/date|éch/iu.test(title) ? '13/03/2026' : /montant|débit|amount|balance/iu.test(title) ? '1,50' : /crédit|lettrage/iu.test(title) ? '' : 'X1'));
  const { mapping } = guessMapping(rowsOf(`${titles.replaceAll(',', ';')}\n${sample.join(';')}\n`));
  expect(mapping.kind ?? 'items').toBe(kind);
});

test.each<[string, string, readonly [string, string]]>([
  ['code and name in one cell', '411DUP  Dupont SA;;;', ['411DUP', 'Dupont SA']], ['with a dash', '411DUP - Dupont SA;;;', ['411DUP', 'Dupont SA']], ['in two cells', '411DUP;Dupont SA;;', ['411DUP', 'Dupont SA']],
  ['a code of digits alone', '41100123;;;', ['41100123', '41100123']], ['digits and a name', '41100123;Dupont SA;;', ['41100123', 'Dupont SA']], ['a name alone', 'Dupont & fils;;;', ['Dupont & fils', 'Dupont & fils']],
  ['after a word', 'Compte n° 411DUP : Dupont SA;;;', ['411DUP', 'Dupont SA']], ['after a word and a colon', 'Client : Dupont SA;;;', ['Dupont SA', 'Dupont SA']],
])('a heading that names the customer: %s', (_name, heading, customer) => {
  const rows = rowsOf(`Date;N° facture;Échéance;Montant TTC\n${heading}\n13/03/2026;FA-1;;10,00\n`);
  const { items: found, summary } = applyMapping({ mapping: { headerLine: 1, columns: { issuedOn: 0, document: 1, dueOn: 2, amount: 3 }, decimalStyle: 'comma', dayOrder: 'dmy', groups: 'customer' }, currency: 'EUR' }, rows);
  expect([summary.problems, found.map((item) => [item.customerCode, item.customerName === '' ? item.customerCode : item.customerName])]).toEqual([[], [customer]]);
});

type Item = { readonly customer: number; readonly cents: number };
const items: fc.Arbitrary<Item[]> = fc.array(fc.record({ customer: fc.integer({ min: 1, max: 3 }), cents: fc.integer({ min: 1, max: 9_999_999 }) }), { minLength: 1, maxLength: 10 });

/** A customer account query with a heading and a total for each customer, and a total of all. */
function write(list: readonly Item[], extra: boolean): string {
  const number = (cents: number): string => `${Math.floor(cents / 100)},${String(cents % 100).padStart(2, '0')}`;
  const rows = ['Date;Code journal;N° pièce;N° facture;Libellé écriture;Date échéance;Débit;Crédit;Lettrage;Solde'];
  for (const customer of [1, 2, 3]) {
    const own = list.filter((item) => item.customer === customer);
    if (own.length === 0) continue;
    rows.push(`411C${customer}  Client ${customer};;;;;;;;;`);
    for (const [index, item] of own.entries()) rows.push(`15/09/2026;VTE;12;FA-${customer}-${index};Facture;20/10/2026;${number(item.cents)};;;9,99`);
    rows.push(`Total 411C${customer};;;;;;${number(own.reduce((sum, item) => sum + item.cents, 0))};0,00;;`);
  }
  rows.push(`Total général;;;;;;${number(list.reduce((sum, item) => sum + item.cents, 0))};0,00;;`);
  return `${rows.map((row, index) => (extra ? `${row};${index === 0 ? 'Libre' : ''}` : row)).join('\n')}\n`;
}

type Reader = (rows: readonly TableRow[]) => string;
const real: Reader = (rows) => {
  const { items: found, summary } = applyMapping({ mapping: guessMapping(rows).mapping, currency: 'EUR' }, rows);
  const sums = new Map<string, bigint>();
  for (const item of found) sums.set(item.customerCode, (sums.get(item.customerCode) ?? 0n) + item.amount);
  return JSON.stringify([[...sums].map(([code, sum]) => [code, `${sum}`]), found.length, summary.problems.some((one) => one.code === 'intake.tableTotalDiffers')]);
};

const invariant = (reader: Reader): void => fc.assert(fc.property(items, fc.boolean(), (list, extra) => {
  const sums = [1, 2, 3].map((customer) => [`411C${customer}`, list.filter((item) => item.customer === customer).reduce((sum, item) => sum + item.cents, 0)] as const);
  return reader(rowsOf(write(list, extra))) === JSON.stringify([sums.filter(([, sum]) => sum > 0).map(([code, sum]) => [code, `${sum}`]), list.length, false]);
}), { numRuns: 200, seed: 20_261_122 });

test('every row of an export with headings and totals comes out once, under its customer', () => expect(() => invariant(real)).not.toThrow());

/** Readers with one fault each; the property must tell every one from the real reader. */
const PLANTED: Readonly<Record<string, Reader>> = {
  'reads total rows as items': (rows) => real(rows.map((row) => (typeof row.cells[0] === 'string' && row.cells[0].startsWith('Total') ? { ...row, cells: ['30/09/2026', ...row.cells.slice(1)] } : row))),
  'leaves headings out': (rows) => real(rows.filter((row) => typeof row.cells[0] !== 'string' || !/^411C[23]/u.test(row.cells[0]))),
  'takes the running balance for what is open': (rows) => {
    const { mapping } = guessMapping(rows);
    const { items: found } = applyMapping({ mapping: { ...mapping, columns: { ...mapping.columns, openAmount: 9 } }, currency: 'EUR' }, rows);
    return JSON.stringify(found.map((item) => `${item.openAmount}`));
  },
};

test.each(Object.keys(PLANTED))('a reader that %s is found out', (name) => {
  const faulty = PLANTED[name];
  if (faulty === undefined) throw new Error(`no such reader: ${name}`);
  expect(() => invariant(faulty)).toThrow(/Property failed/u);
});

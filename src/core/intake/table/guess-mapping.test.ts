import { expect, test } from 'vitest';
import { createCsvReader, detectDelimiter } from './csv.ts';
import { guessMapping } from './guess-mapping.ts';
import type { TableGuess } from './guess-mapping.ts';
import { matchTitle, sourceKeyOf } from './header-row.ts';
import type { TableRow } from './table-row.ts';

function rowsOf(text: string): TableRow[] {
  const delimiter = detectDelimiter(text);
  if (delimiter === null) throw new Error('no delimiter');
  const rows: TableRow[] = [];
  const reader = createCsvReader(delimiter, (row) => rows.push(row) > 0);
  reader.push(text);
  reader.end();
  return rows;
}

const guess = (text: string): TableGuess => guessMapping(rowsOf(text));
const codes = (found: TableGuess): string[] => found.uncertain.map((problem) => problem.code.replace('intake.', ''));

test('a French export with preamble, blank lines and a total', () => {
  const found = guess([
    'Balance âgée clients;;;;;', 'Société Exemple;;édité le 31/12/2025;;;', '',
    'Code client;Raison sociale;N° facture;Date de facture;Date d\'échéance;Montant TTC;Reste dû;E-mail', 'C1;Dupont;F1;13/11/2025;13/12/2025;1 234,56;1 234,56;a@b.fr', 'Total;;;;;1 234,56;1 234,56;',
  ].join('\r\n'));
  expect(found.mapping).toEqual({
    headerLine: 4, decimalStyle: 'comma', dayOrder: 'dmy',
    columns: { customerCode: 0, customerName: 1, document: 2, issuedOn: 3, dueOn: 4, amount: 5, openAmount: 6, email: 7 },
  });
  expect(found.guesses.map((one) => one.confidence)).toEqual(['certain', 'certain', 'certain', 'certain', 'certain', 'certain', 'certain', 'certain']);
  expect(found.uncertain).toEqual([]);
});

test('an English export, comma-separated, month first', () => {
  const found = guess('Customer ID,Customer Name,Invoice Number,Invoice Date,Due Date,Total Amount,Amount Due,Currency\nC1,Acme,INV-1,01/15/2026,02/14/2026,"1,234.56",1000.00,USD\n');
  expect(found.mapping).toMatchObject({ headerLine: 1, decimalStyle: 'point', dayOrder: 'mdy' });
  expect(found.mapping.columns).toEqual({ customerCode: 0, customerName: 1, document: 2, issuedOn: 3, dueOn: 4, amount: 5, openAmount: 6, currency: 7 });
});

test('debit and credit columns, titles that are only near', () => {
  const found = guess('Compte;Intitulé;Pièce;Date;Libellé;Débit;Crédit\n411DUP;Dupont;12;31/01/2026;Facture;100,00;\n411DUP;Dupont;13;01/02/2026;Avoir;;20,00\n');
  expect(found.mapping.columns).toEqual({ customerCode: 0, customerName: 1, document: 2, issuedOn: 3, label: 4, debit: 5, credit: 6 });
  expect(found.guesses.find((one) => one.field === 'customerCode')).toMatchObject({ confidence: 'likely', header: 'Compte' });
  expect(codes(found)).toEqual(['tableFieldUncertain', 'tableFieldUncertain', 'tableFieldUncertain']);
});

test('a title whose values do not fit is not believed', () => {
  const found = guess('Client;Montant TTC;Total\nDupont;à voir;100,00\nMartin;en attente;20,50\n');
  expect(found.mapping.columns).toEqual({ customerName: 0, amount: 2 });
  expect(codes(found)).toEqual(['tableColumnUnbelieved', 'tableFieldUncertain']);
});

test.each([
  ['N° facture', 'document'], ['n°  FACTURE', 'document'], ['Numéro de facture', 'document'], ['Échéance', 'dueOn'], ['Date d’échéance', 'dueOn'], ['Due date', 'dueOn'],
  ['Montant TTC (EUR)', 'amount'], ['Montant TTC €', 'amount'], ['Reste dû', 'openAmount'], ['Restant dû', 'openAmount'], ['Amount due', 'openAmount'], ['Invoice number', 'document'],
  ['Code postal', 'postalCode'], ['CP', 'postalCode'], ['N° TVA intracommunautaire', 'vatNumber'], ['SIRET', 'siren'], ['Tél.', 'phone'], ['Adresse e-mail', 'email'],
  ['Conditions de règlement', 'terms'], ['Payé le', 'paidOn'], ['Langue', 'language'], ['Pays', 'country'], ['Ville', 'city'], ['Adresse 2', 'addressLine2'], ['Type de pièce', 'kind'],
])('%s means %s', (title, field) => expect(matchTitle(title)?.field).toBe(field));

test.each(['', 'HT', 'Montant HT', 'TVA', 'constructor', '__proto__', 'toString'])('%j means nothing', (title) => expect(matchTitle(title)).toBeNull());

test('1.234 alone asks for the number format; a proof anywhere in the file settles it for all', () => {
  const rows = ['Client;Montant TTC;Date', ...Array.from({ length: 200 }, (_, index) => `C${index};1.234;31/01/2026`)];
  const open = guess(rows.join('\n'));
  expect(open.mapping.decimalStyle).toBeNull();
  expect(open.uncertain).toContainEqual(expect.objectContaining({ code: 'intake.tableDecimalUnproven', line: 2, severity: 'error' }));
  expect(guess([...rows, 'Z;12,5;31/01/2026'].join('\n')).mapping.decimalStyle).toBe('comma');
  expect(guess([...rows, 'Z;12.5;31/01/2026'].join('\n')).mapping.decimalStyle).toBe('point');
  const mixed = guess([...rows, 'Z;12.5;31/01/2026', 'Z;12,5;31/01/2026'].join('\n'));
  expect(mixed.mapping.decimalStyle).toBeNull();
  expect(codes(mixed)).toContain('tableDecimalMixed');
});

test('02/03/2026 alone asks for the order of dates; a proof anywhere settles it', () => {
  const rows = ['Client;Montant TTC;Échéance', ...Array.from({ length: 60 }, () => 'C;5,00;02/03/2026')];
  const open = guess(rows.join('\n'));
  expect(open.mapping.dayOrder).toBeNull();
  expect(codes(open)).toContain('tableDayOrderUnproven');
  expect(guess([...rows, 'C;5,00;13/03/2026'].join('\n')).mapping.dayOrder).toBe('dmy');
  expect(guess([...rows, 'C;5,00;03/13/2026'].join('\n')).mapping.dayOrder).toBe('mdy');
  expect(codes(guess([...rows, 'C;5,00;13/03/2026', 'C;5,00;03/13/2026'].join('\n')))).toContain('tableDayOrderMixed');
});

test('a table without titles, without customer or amount says what is missing', () => {
  expect(codes(guess('a;b\nc;d\n'))).toEqual(['tableHeaderMissing', 'tableFieldMissing', 'tableFieldMissing']);
  expect(codes(guess('N° facture;Échéance\nF1;31/01/2026\n'))).toEqual(['tableFieldMissing', 'tableFieldMissing']);
  expect(codes(guess('Client;Montant TTC\n'))).toEqual(['tableNoRows']);
});

test.each([[';', 'Client;Montant\nA, B et C;1,5\n'], [',', 'Client,Amount\n"A; B",1.5\n'], ['\t', 'Client\tMontant\nA, B\t1,5\n'], ['|', 'Client|Montant\nA, B|1,5\n']])(
  'delimiter %j is found though others occur',
  (delimiter, text) => expect(detectDelimiter(text)).toBe(delimiter),
);

test('text without columns has no delimiter', () => expect(detectDelimiter('bonjour\nau revoir\n')).toBeNull());

test('the fingerprint of titles ignores case and accents, not order', () => {
  expect(sourceKeyOf(['N° Facture', 'Échéance'])).toBe(sourceKeyOf(['n facture', 'ECHEANCE']));
  expect(sourceKeyOf(['A', 'B'])).not.toBe(sourceKeyOf(['B', 'A']));
  expect(sourceKeyOf(['A', 'B'])).toMatch(/^columns-2-[0-9a-f]{16}$/u);
});

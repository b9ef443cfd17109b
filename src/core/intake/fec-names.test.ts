import { expect, test } from 'vitest';
import { customerOf, embeddedCustomer, isOpening, receivableClass } from './fec-customer.ts';
import { documentNumber } from './fec-document.ts';
import { parseFecFileName } from './fec-file-name.ts';
import { INTAKE_PROBLEMS, quoted } from './problems.ts';

test.each([
  ['732829320FEC20251231.txt', '732829320', '2025-12-31', null],
  ['732829320FEC20251231_01.txt', '732829320', '2025-12-31', 1],
  ['732829320fec20251231.TXT', '732829320', '2025-12-31', null],
  ['export/732829320FEC20240630.csv', '732829320', '2024-06-30', null],
  ['copie de 732829320 FEC 20251231 (2).txt', '732829320', '2025-12-31', null],
])('%s names its company and closing day', (...[name, siren, closingOn, part]) => expect(parseFecFileName(name)).toEqual({ siren, closingOn, part }));

test.each(['fec.txt', '73282932FEC20251231.txt', '7328293201FEC20251231.txt', '732829320FEC20251331.txt', '732829320FEC202512311.txt', '', `${'9'.repeat(5000)}FEC20251231.txt`])(
  '%s names nothing',
  (name) => expect(parseFecFileName(name)).toBeNull(),
);

test.each([
  ['411000', ''], ['411', ''], ['4110000000', ''], ['411100', ''], ['4117', ''], ['411DUPONT', '411DUPONT'], ['41100012', '41100012'], ['411C0001', '411C0001'],
  ['416000', ''], ['416DUPONT', '416DUPONT'], ['419100', ''], ['4191DUPONT', '4191DUPONT'],
])('%s embeds %j', (account, customer) => expect(embeddedCustomer(account)).toBe(customer));

test.each([['411', 'customer'], ['4130', 'bill'], ['416', 'doubtful'], ['41910', 'depositReceived'], ['4181', null], ['419800', null], ['512', null], ['', null]])(
  'account %s is %s',
  (account, found) => expect(receivableClass(account)).toBe(found),
);

test('the auxiliary account wins over an embedded one, which wins over the name', () => {
  const columns = { account: '411DUPONT', accountLabel: 'Dupont', auxiliary: 'C1', auxiliaryName: 'Dupont SARL' };
  expect(customerOf(columns)).toEqual({ code: 'C1', name: 'Dupont SARL', from: 'auxiliary' });
  expect(customerOf({ ...columns, auxiliary: '' })).toEqual({ code: '411DUPONT', name: 'Dupont SARL', from: 'account' });
  expect(customerOf({ ...columns, auxiliary: '', auxiliaryName: '' })).toEqual({ code: '411DUPONT', name: 'Dupont', from: 'account' });
  expect(customerOf({ ...columns, account: '411000', auxiliary: '' })).toEqual({ code: 'Dupont SARL', name: 'Dupont SARL', from: 'name' });
});

test.each<[string, string, string, boolean]>([
  ['AN', '', '', true], ['RAN', '', '', true], ['ano', '', '', true], ['A NOUVEAU', '', '', true], ['A-NOUVEAUX', '', '', true], ['00', 'À-nouveaux', '', true],
  ['00', 'Report à nouveau', '', true], ['OD', '', 'A nouveaux', true], ['OD', '', 'Solde antérieur', true], ['VT', 'Ventes', 'Facture ANTOINE', false],
  ['BAN', 'Banque', '', false], ['VT', 'Ventes à nouveaux clients', 'Nouveau client', false],
])('journal %s %s, label %s is an opening: %s', (...[journal, journalLabel, label, opening]) => expect(isOpening(journal, journalLabel, label)).toBe(opening));

test.each([
  ['FA2025-0001', 'whatever', 'FA2025-0001'], ['12', '', '12'], ['-', 'Facture FA2025-0001 Dupont', 'FA2025-0001'], ['AN', 'AN FA2024-0087 Œillet', 'FA2024-0087'],
  ['', 'Facture n° 2024/123 Dupont', '2024/123'], ['', 'Invoice #4711', '4711'], ['', 'FACT. N°000123', '000123'], ['0', 'Avoir AV-2025-12', 'AV-2025-12'],
  ['', 'VT/24/00012 Martin', 'VT/24/00012'], ['', 'A nouveaux', ''], ['AN', 'Solde au 31/12', ''], ['', 'Dupont SARL', ''], ['A nouveau', 'F2024-55', 'F2024-55'],
  ['', '', ''],
])('piece %j with label %j is document %j', (piece, label, number) => expect(documentNumber(piece, label)).toBe(number));

test('a hostile label is searched in time that grows with its length only', () => {
  const label = `facture ${'A-1'.repeat(10_000)}`;
  const started = performance.now();
  documentNumber('', label);
  documentNumber('', `fact${' '.repeat(30_000)}`);
  expect(performance.now() - started).toBeLessThan(200);
});

test('messages show control and direction characters as dots and are cut', () => {
  expect(quoted('a\r\nb\u202ec')).toBe('a··b·c');
  expect(quoted('x'.repeat(100))).toBe(`${'x'.repeat(60)}…`);
});

test('every problem speaks both languages', () => {
  for (const entry of Object.values(INTAKE_PROBLEMS)) expect(['error', 'warning']).toContain(entry.severity);
});

import { expect, test } from 'vitest';
import { commaAmount, EXAMPLE_LEDGER, exampleFec } from './example-ledger.ts';
import type { ExampleDialect } from './example-ledger.ts';
import { meaningOf, readFec } from './fec-reading.ts';

const clean = readFec(exampleFec());

test('the example ledger, line by line', () => {
  const { summary, lines } = clean;
  expect(summary).toMatchObject({
    accepted: true, separator: 'tab', amountStyle: 'debitCredit', lines: 15, receivableLines: 6, entries: 6, unbalancedEntries: 0,
    totalDebit: 1_592_099n, totalCredit: 1_592_099n, firstEntryOn: '2025-01-01', lastEntryOn: '2025-12-31', lettered: true, problems: [], extraColumns: [],
  });
  const short = lines.map((line) => [line.line, line.customerCode, line.customerCodeFrom, line.documentNumber, line.debit - line.credit, line.lettrage, line.opening]);
  expect(short).toEqual([
    [2, 'C0001', 'auxiliary', 'FA2024-0087', 240_000n, '', true],
    [4, 'C0002', 'auxiliary', 'FA2025-0001', 120_050n, 'AA', false],
    [7, '411DUPONT', 'account', 'FA2025-0002', 999_999n, '', false],
    [11, 'C0002', 'auxiliary', 'VIR123', -120_050n, 'AA', false],
    [14, '411DUPONT', 'account', 'AV2025-0001', -12_000n, '', false],
    [16, 'C0001', 'auxiliary', 'FA2024-0087', -100_000n, 'a', false],
  ]);
  expect(lines[1]).toMatchObject({
    receivable: 'customer', journal: 'VT', journalLabel: 'Ventes', entryNumber: '2', entryOn: '2025-01-15', account: '411000', accountLabel: 'Clients',
    customerName: 'Librairie L’Été — 100 € offerts', piece: 'FA2025-0001', pieceOn: '2025-01-15', label: 'Facture FA2025-0001', debit: 120_050n, credit: 0n,
    lettrageOn: '2025-03-20', validOn: '2025-12-31', currencyAmount: null, currency: null, dueOn: null,
  });
  expect(lines[2]?.customerName).toBe('Dupont Frères');
});

const padded = (cents: number): string => (cents === 0 ? '0,00' : ` ${commaAmount(cents).padStart(18, '0')}`);
const grouped = (space: string) => (cents: number): string => commaAmount(cents).replace(/\B(?=(\d{3})+,)/gu, space);
const dashed = (text: string): string => `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
const slashed = (text: string): string => `${text.slice(6)}/${text.slice(4, 6)}/${text.slice(0, 4)}`;
const ACCENTED: Readonly<Record<string, string>> = { EcritureDate: 'ÉcritureDate', PieceRef: 'PièceRef', CompteNum: 'COMPTENUM', CompAuxNum: 'CompteAuxNum', CompAuxLib: 'CompteAuxLib', Debit: 'Débit', Credit: 'Crédit' };

test.each<[string, ExampleDialect]>([
  ['pipe, LF', { separator: '|', lineEnd: '\n' }],
  ['CR only', { lineEnd: '\r' }],
  ['no end of line at the end', { lastLineEnd: false }],
  ['byte order mark', { byteOrderMark: true }],
  ['semicolon, all quoted (spreadsheet)', { separator: ';', quoted: true }],
  ['semicolon, not quoted', { separator: ';' }],
  ['tab, all quoted', { quoted: true }],
  ['titles with accents and other case', { title: (field) => ACCENTED[field] ?? field }],
  ['titles in upper case', { title: (field) => field.toUpperCase() }],
  ['columns the other way round', { reversedColumns: true }],
  ['21 fields (agricultural profits, cash basis)', { extra: ['DateRglt', 'ModeRglt', 'NatOp'] }],
  ['22 fields (non-commercial profits, cash basis)', { extra: ['DateRglt', 'ModeRglt', 'NatOp', 'IdClient'] }],
  ['editor\'s own columns', { extra: ['CodeAnalytique', 'Utilisateur'] }],
  ['amount and side D/C', { side: ['D', 'C'] }],
  ['amount and side +1/-1', { side: ['+1', '-1'] }],
  ['zero-padded with a leading space', { amount: padded }],
  ['decimal point', { amount: (cents) => commaAmount(cents).replace(',', '.') }],
  ['thousands with U+00A0', { amount: grouped('\u00a0') }],
  ['thousands with U+202F', { amount: grouped('\u202f') }],
  ['thousands with points', { amount: grouped('.') }],
  ['empty instead of 0,00', { amount: (cents) => (cents === 0 ? '' : commaAmount(cents)) }],
  ['dates AAAA-MM-JJ', { day: dashed }],
  ['dates JJ/MM/AAAA', { day: slashed }],
])('%s gives the same ledger', (_, dialect) => {
  const { problems, ...rest } = readFec(exampleFec(dialect)).summary;
  expect(problems).toEqual([]);
  expect(rest.accepted).toBe(true);
  expect(meaningOf(readFec(exampleFec(dialect)))).toBe(meaningOf(clean));
});

test.each<[string, (cents: number) => string]>([
  ['sign in front', (cents) => commaAmount(cents)],
  ['sign behind', (cents) => (cents < 0 ? `${commaAmount(-cents)}-` : commaAmount(cents))],
  ['brackets', (cents) => (cents < 0 ? `(${commaAmount(-cents)})` : commaAmount(cents))],
])('negative amounts with %s move to the other side, with a warning', (_, amount) => {
  const text = exampleFec({ amount }, EXAMPLE_LEDGER.map((line) => ({ ...line, debit: -line.credit, credit: -line.debit })));
  const { lines, summary } = readFec(text);
  expect(lines.map((line) => [line.debit, line.credit])).toEqual(clean.lines.map((line) => [line.debit, line.credit]));
  expect(summary).toMatchObject({ accepted: true, totalDebit: -1_592_099n, totalCredit: -1_592_099n });
  expect(new Set(summary.problems.map((problem) => problem.code))).toEqual(new Set(['intake.fecNegativeAmount']));
});

test('lines in reverse order give the same lines and totals', () => {
  const reversed = readFec(exampleFec({}, EXAMPLE_LEDGER.toReversed()));
  expect(reversed.summary).toMatchObject({ accepted: true, problems: [], totalDebit: clean.summary.totalDebit, entries: 6 });
  const amounts = (lines: typeof clean.lines): string[] => lines.map((line) => `${line.customerCode} ${line.debit} ${line.credit} ${line.lettrage}`).sort();
  expect(amounts(reversed.lines)).toEqual(amounts(clean.lines));
});

test('lines of an entry scattered over the file still balance', () => {
  const scattered = [...EXAMPLE_LEDGER.filter((_, index) => index % 2 === 0), ...EXAMPLE_LEDGER.filter((_, index) => index % 2 === 1)];
  expect(readFec(exampleFec({}, scattered)).summary).toMatchObject({ accepted: true, unbalancedEntries: 0, problems: [] });
});

test('blank lines, a repeated header, trailing separators and an old end-of-file mark change nothing', () => {
  const rows = exampleFec({ lineEnd: '\n' }).split('\n');
  const [header = '', ...data] = rows;
  const { summary, lines } = readFec(['', header, '', ...data.slice(0, 3).map((row) => `${row}\t`), header, `\ufeff${header}`, '\t\t\t\t', ...data.slice(3).map((row) => (row === '' ? row : `${row}\t`)), '\u001a'].join('\n'));
  expect(summary).toMatchObject({ accepted: true, lines: 15, totalDebit: clean.summary.totalDebit });
  expect(lines.length).toBe(6);
  expect(summary.problems.map((problem) => [problem.code, problem.line])).toEqual([['intake.fecHeaderRepeated', 7], ['intake.fecHeaderRepeated', 8]]);
});

test('due days and foreign amounts when the file has them', () => {
  const rows = exampleFec({ lineEnd: '\n', extra: ['DateEcheance'] }).split('\n').map((row) => row.split('\t'));
  const invoice = rows[3];
  if (invoice === undefined) throw new Error('the example has an invoice on its fourth line');
  invoice.splice(16, 3, '-1296,54', 'USD', '20250215');
  const { lines, summary } = readFec(rows.map((row) => row.join('\t')).join('\n'));
  expect(summary.problems).toEqual([]);
  expect(lines[1]).toMatchObject({ dueOn: '2025-02-15', currency: 'USD', currencyAmount: 129_654n });
});

test('accounts that are receivable, each in its class', () => {
  const base = EXAMPLE_LEDGER[0];
  if (base === undefined) throw new Error('the example has lines');
  const accounts = ['411000', '413000', '416000', '419100', '418100', '409100', '401000', '4110001', '41100012', 'X411'];
  const text = exampleFec({}, accounts.flatMap((account, index) => [{ ...base, account, entry: `${index}` }, { ...base, entry: `${index}`, account: '706000', debit: 0, credit: base.debit }]));
  expect(readFec(text).lines.map((line) => [line.account, line.receivable])).toEqual([
    ['411000', 'customer'], ['413000', 'bill'], ['416000', 'doubtful'], ['419100', 'depositReceived'], ['4110001', 'customer'], ['41100012', 'customer'],
  ]);
});

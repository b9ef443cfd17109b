import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const TABLE = readFileSync(join(ROOT, 'docs', 'proof.md'), 'utf8');

/** Rows of the table of proofs; the first two are its head. */
const rowsOf = (table: string): string[] => table.split('\n').filter((line) => line.startsWith('|')).slice(2);

/** What is wrong with a table: rows that name no test or no bug, files that are not there, titles that no test of theirs has. */
function faultsOf(table: string): string[] {
  return rowsOf(table).flatMap((row) => {
    const cells = row.split(' | ').map((cell) => cell.replaceAll(/^\||\|$/g, '').trim());
    const [, file = '', title = ''] = /^`([^`]+)`: `([^`]+)`$/.exec(cells[2] ?? '') ?? [];
    if (file === '' || (cells[3] ?? '') === '') return [`names no test or no bug: ${row}`];
    if (!existsSync(join(ROOT, file))) return [`no such file: ${file}`];
    const said = readFileSync(join(ROOT, file), 'utf8');
    return said.includes(`'${title}`) ? [] : [`${file} has no title that begins: ${title}`];
  });
}

test('every promise names a test that exists and the bug it was shown to find', () => {
  expect(rowsOf(TABLE).length).toBeGreaterThan(25);
  expect(faultsOf(TABLE)).toEqual([]);
});

test('planted: a file that is gone, a title that was changed, a promise without a bug', () => {
  const [row = ''] = rowsOf(TABLE);
  expect(faultsOf(TABLE.replace('chasing.db.test.ts', 'gone.db.test.ts'))).toEqual(['no such file: src/server/invariants/gone.db.test.ts']);
  expect(faultsOf(TABLE.replace('`A1: paid between', '`A1: it was paid between'))).toEqual([expect.stringContaining('has no title that begins')]);
  expect(faultsOf(TABLE.replace(row, row.replace(/\| [^|]* \|$/, '|  |')))).toEqual([expect.stringContaining('names no test or no bug')]);
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PLANTED } from '#server/simulator/planted.ts';
import { PLANTED_IN_TESTS } from '../../../tools/planted-bugs.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');
const TABLE = read('docs', 'proof.md');
const PAGE = read('docs', 'promises.md');

/** What is wrong with a test that a page names; null when its file is there and has a title that begins so. */
function faultOf(file: string, title: string): string | null {
  if (!existsSync(join(ROOT, file))) return `no such file: ${file}`;
  return read(file).includes(`'${title}`) ? null : `${file} has no title that begins: ${title}`;
}

/** Rows of the table of proofs; the first two are its head. */
const rowsOf = (table: string): string[] => table.split('\n').filter((line) => line.startsWith('|')).slice(2);

/** What is wrong with a table: rows that name no test or no bug, files that are not there, titles that no test of theirs has. */
function faultsOf(table: string): string[] {
  return rowsOf(table).flatMap((row) => {
    const cells = row.split(' | ').map((cell) => cell.replaceAll(/^\||\|$/g, '').trim());
    const [, file = '', title = ''] = /^`([^`]+)`: `([^`]+)`$/.exec(cells[2] ?? '') ?? [];
    return file === '' || (cells[3] ?? '') === '' ? [`names no test or no bug: ${row}`] : (faultOf(file, title) ?? []);
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

/** Bugs that could not be planted any more: their text is not in their file, or not once. */
const lostBugs = (bugs: readonly { what: string; file: string; from: string }[]): string[] => bugs.filter(({ file, from }) => read(file).split(from).length !== 2).map(({ what }) => what);

test('every bug that is planted in the product has its place still, and the test that must find it is there', () => {
  expect(lostBugs(PLANTED_IN_TESTS)).toEqual([]);
  expect(PLANTED_IN_TESTS.flatMap(({ test: { file, title } }) => faultOf(file, title) ?? [])).toEqual([]);
  expect(PLANTED.flatMap((bug) => [bug, ...(bug.also === undefined ? [] : [{ what: bug.what, ...bug.also }])]).filter(({ file, from }) => !read('src', file).includes(from)).map(({ what }) => what)).toEqual([]);
  const moved = PLANTED_IN_TESTS.slice(0, 1).map((bug) => ({ ...bug, from: `${bug.from} moved` }));
  expect(lostBugs(moved)).toEqual(moved.map(({ what }) => what));
});

/** Promises at the core have three bugs each, in the simulator or in tests. */
const CORE_BUGS = 3;
test('every core promise has three planted bugs', () => {
  const of = (code: string): number => PLANTED.filter(({ promise }) => promise === code).length + PLANTED_IN_TESTS.filter(({ promise }) => promise === code).length;
  expect(PROMISED.filter((code) => of(code) < CORE_BUGS).map((code) => `${code}: ${of(code)}`)).toEqual([]);
});

/** What is printed as promised; each has its section. */
const PROMISED = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'B4', 'B8', 'C2', 'D1', 'D2', 'E1', 'E2', 'E3', 'E9', 'F2', 'G1', 'G2'];

/** What is wrong with the page of promises: one without a section, a section without a test, its limits or its command, anything named that is not there. */
function pageFaults(page: string): string[] {
  const [first = '', ...sections] = page.split(/^## /mu);
  const missing = PROMISED.filter((code) => !sections.some((section) => (section.split('. ')[0] ?? '').split(', ').includes(code))).map((code) => `no section: ${code}`);
  const incomplete = sections.flatMap((section) => {
    const [codes = ''] = section.split('. ');
    const named = [...section.matchAll(/^- `([^`]+)`: `([^`]+)`$/gmu)];
    return [
      ...(named.length === 0 ? [`names no test: ${codes}`] : named.flatMap(([, file = '', title = '']) => faultOf(file, title) ?? [])),
      ...(section.includes('\nLimits: ') ? [] : [`says no limits: ${codes}`]),
      ...(section.includes(`\n    node tools/promise.ts ${codes.split(', ')[0] ?? ''}\n`) ? [] : [`has no command: ${codes}`]),
    ];
  });
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const commands = [...[first, ...sections].join('').matchAll(/(?:npm run ([\w:]+)|node (tools\/[\w-]+\.ts))/gu)];
  const unknown = commands.flatMap(([, script, file]) => (script === undefined ? existsSync(join(ROOT, file ?? '')) : Object.hasOwn(scripts, script)) ? [] : [`no such command: ${script ?? file ?? ''}`]);
  const links = [...page.matchAll(/\]\(([^)#]+)\)/gu)].flatMap(([, to = '']) => (existsSync(join(ROOT, 'docs', to)) ? [] : [`leads nowhere: ${to}`]));
  return [...missing, ...incomplete, ...unknown, ...links];
}

test('the page of promises: each has its tests, its limits and a command, and all that is named is there', () => {
  expect(pageFaults(PAGE)).toEqual([]);
});

test.each<[string, (page: string) => string, string]>([
  ['a promise that is left out', (page) => page.replace('## C2. ', '## Cx. '), 'no section: C2'], ['a file that is gone', (page) => page.replace('money.db.test.ts', 'gone.db.test.ts'), 'no such file: src/server/invariants/gone.db.test.ts'],
  ['a title that was changed', (page) => page.replace('`F2: the same file', '`F2: a same file'), 'src/server/invariants/import.db.test.ts has no title that begins: F2: a same file again changes nothing'],
  ['no limits', (page) => page.replace('Limits: Acquit reads no register', 'Acquit reads no register'), 'says no limits: A6'], ['no command', (page) => page.replace('tools/promise.ts G2', 'tools/promise.ts G1'), 'has no command: G2'],
  ['a script that is gone', (page) => page.replace('npm run tampers', 'npm run tamper'), 'no such command: tamper'], ['a link to nothing', (page) => page.replace('(evidence.md)', '(gone.md)'), 'leads nowhere: gone.md'],
])('planted: %s', (_name, planted, fault) => {
  expect(pageFaults(planted(PAGE))).toContain(fault);
});

import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import iconv from 'iconv-lite';
import { z } from 'zod';
import { createFecReader } from '#core/intake/fec.ts';
import type { FecLine, FecSummary } from '#core/intake/fec-line.ts';
import type { OpenItemRow } from '#core/intake/table/open-item-row.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { readCsvFile, readTextFile, surveyCsvFile } from './read-text.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acquit-read-text-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const OPEN_ITEM = z.object({ client: z.string(), name: z.string(), piece: z.string(), pieceDate: z.string(), journal: z.string(), label: z.string(), signed: z.string() });
/** What is expected of a FEC: totals, balance of each customer's 411 lines, and the lines not lettered. */
const EXPECTED = z.object({
  lines: z.number(), entries: z.number(), totalDebit: z.string(), totalCredit: z.string(),
  openItems411: z.array(OPEN_ITEM), balanceByCustomer411: z.record(z.string(), z.string()),
});
type Expected = z.infer<typeof EXPECTED>;
type Case = { readonly name: string; readonly path: string; readonly expected: Expected };

async function casesOf(directory: string): Promise<Case[]> {
  const parsed = z.union([EXPECTED, z.record(z.string(), EXPECTED)]).parse(JSON.parse(await readFile(join(directory, 'expected.json'), 'utf8')));
  const single = EXPECTED.safeParse(parsed);
  if (single.success) return [{ name: SINGLE_FILE, path: join(directory, SINGLE_FILE), expected: single.data }];
  return Object.entries(z.record(z.string(), EXPECTED).parse(parsed)).map(([name, expected]) => ({ name, path: join(directory, name), expected }));
}

/** A folder whose expectations are those of one file. */
const SINGLE_FILE = 'FEC.txt';

// The larger collection is read too wherever it stands beside the checkout.
const directories = [join(root, 'fixtures/fec'), ...['fec', 'synthetic_ar'].map((name) => join(root, '../shared/samples', name))].filter((path) => existsSync(join(path, 'expected.json')));
const cases = (await Promise.all(directories.map(casesOf))).flat();

async function readFecFile(path: string): Promise<{ lines: FecLine[]; summary: FecSummary; problems: readonly Problem[] }> {
  const lines: FecLine[] = [];
  const reader = createFecReader({ line: (line) => lines.push(line) }, { fileName: path });
  const problems = await readTextFile(path, (text) => reader.push(text));
  return { lines, summary: reader.end(), problems };
}

test.each(cases)('$name: totals, customer balances and open lines are those expected', async ({ path, expected }) => {
  const { lines, summary, problems } = await readFecFile(path);
  expect([problems, summary.problems, summary.accepted]).toEqual([[], [], true]);
  expect([summary.lines, summary.entries, decimalMinor(summary.totalDebit, 2), decimalMinor(summary.totalCredit, 2)]).toEqual([
    expected.lines, expected.entries, expected.totalDebit, expected.totalCredit,
  ]);
  const customers = lines.filter((line) => line.receivable === 'customer');
  const balances = new Map<string, bigint>();
  for (const line of customers) balances.set(line.customerCode, (balances.get(line.customerCode) ?? 0n) + line.debit - line.credit);
  const shown = [...balances].filter(([code, balance]) => balance !== 0n || code in expected.balanceByCustomer411);
  expect(Object.fromEntries(shown.map(([code, balance]) => [code, decimalMinor(balance, 2)]))).toEqual(expected.balanceByCustomer411);
  const open = customers.filter((line) => line.lettrage === '').map((line) => ({
    client: line.customerCode, name: line.customerName, piece: line.piece, pieceDate: (line.pieceOn ?? '').replaceAll('-', ''), journal: line.journal, label: line.label,
    signed: decimalMinor(line.debit - line.credit, 2),
  }));
  // A single-byte file may hold "?" where its writer could not encode a character; that is what is written there.
  const written = path.includes('iso8859') ? (text: string): string => iconv.decode(iconv.encode(text, 'iso-8859-15'), 'iso-8859-15') : (text: string): string => text;
  expect(open).toEqual(expected.openItems411.map((item) => ({ ...item, name: written(item.name), label: written(item.label) })));
});

test.each([
  ['open_items_fr_cp1252.csv', [[4, 'C001', 'FA2025-101', 'invoice', 120_000n, '2025-12-13'], [5, 'C001', 'AV2025-007', 'creditNote', 20_000n, null], [6, 'C002', 'FA2025-102', 'invoice', 35_040n, '2025-12-31']], ['intake.tableTotalSkipped']],
  ['invoices_en_utf8.csv', [[2, 'C1', 'INV-1', 'invoice', 123_456n, '2026-02-14'], [3, 'C2', 'INV-2', 'invoice', 9_990n, '2026-03-02'], [4, 'C2', 'CN-1', 'creditNote', 990n, null]], []],
])('%s is understood without help', async (name, expected, codes) => {
  const path = join(root, 'fixtures/csv', name);
  const guess = await surveyCsvFile(path);
  if (!guess.ok) throw new Error('the fixture is readable');
  expect(guess.value.uncertain).toEqual([]);
  const items: OpenItemRow[] = [];
  const summary = await readCsvFile({ path, delimiter: guess.value.delimiter }, { mapping: guess.value.mapping, currency: 'EUR' }, { item: (item) => items.push(item) });
  expect(items.map((item) => [item.line, item.customerCode, item.document, item.kind, item.amount, item.dueOn])).toEqual(expected);
  expect([summary.accepted, summary.problems.map((problem) => problem.code)]).toEqual([true, codes]);
});

test('the project\'s own FEC files are all expected', () => {
  expect(cases.length).toBeGreaterThanOrEqual(5);
  const own = readdirSync(join(root, 'fixtures/fec')).filter((name) => name.endsWith('.txt'));
  expect(cases.map((one) => one.name)).toEqual(expect.arrayContaining(own));
});

test.each([
  ['NUL', Buffer.from('a;b\nc\0;d\n'), 'nulByte'],
  ['mixed', Buffer.concat([Buffer.from('Société;1\n'), iconv.encode('Société;1\n', 'windows-1252')]), 'encodingMixed'],
  ['empty', Buffer.alloc(0), 'fileEmpty'],
])('%s bytes are refused before any text is given', async (name, bytes, code) => {
  let given = 0;
  const problems = await readTextFile(await write(name, bytes), () => (given += 1) > 0);
  expect([given, problems.map((problem) => problem.code)]).toEqual([0, [`intake.${code}`]]);
});

test('a long file comes in pieces, progress grows to its size, and reading stops when no more is wanted', async () => {
  const path = await write('long.csv', 'Société;1234,56\n'.repeat(20_000));
  const seen: number[] = [];
  let text = '';
  await readTextFile(path, (piece) => (text += piece) !== '', (bytes, total) => seen.push(bytes / total));
  expect(text).toBe(await readFile(path, 'utf8'));
  expect(seen.length).toBeGreaterThan(3);
  expect(seen.at(-1)).toBe(1);
  let pieces = 0;
  await readTextFile(path, () => (pieces += 1) < 2);
  expect(pieces).toBe(2);
});

const CSV = 'Export;;;;\r\n;;;;\r\nCode client;Client;N° facture;Échéance;Montant TTC\r\nC1;Société Œil;F1;31/01/2026;1 234,56\r\nC2;"Dupont; Fils";F2;28/02/2026;-10,00\r\n';

test.each(['utf-8', 'utf-16le', 'windows-1252', 'iso-8859-15'])('a CSV in %s is surveyed and read', async (encoding) => {
  const path = await write(`${encoding}.csv`, iconv.encode(CSV, encoding, { addBOM: encoding.startsWith('utf-16') }));
  const guess = await surveyCsvFile(path);
  expect(guess).toMatchObject({ ok: true, value: { delimiter: ';', uncertain: [], rows: 2, mapping: { headerLine: 3, decimalStyle: 'comma', dayOrder: 'dmy' } } });
  if (!guess.ok) return;
  const items: OpenItemRow[] = [];
  const summary = await readCsvFile({ path, delimiter: guess.value.delimiter }, { mapping: guess.value.mapping, currency: 'EUR' }, { item: (item) => items.push(item) });
  expect(summary).toMatchObject({ accepted: true, rows: 2, items: 2, problems: [], totals: [{ currency: 'EUR', debit: 123_456n, credit: 1_000n, open: 122_456n }] });
  expect(items.map((item) => [item.line, item.customerName, item.kind, item.dueOn])).toEqual([[4, 'Société Œil', 'invoice', '2026-01-31'], [5, 'Dupont; Fils', 'creditNote', '2026-02-28']]);
});

test('an unclosed quote refuses a CSV with its line', async () => {
  const path = await write('quote.csv', 'Client;Montant TTC\nA;1,50\nB;"2,50\n');
  expect(await surveyCsvFile(path)).toMatchObject({ ok: false, error: [{ code: 'intake.quoteUnclosed', line: 3 }] });
});

test('text without columns is no table', async () => {
  expect(await surveyCsvFile(await write('prose.csv', 'bonjour\n'))).toMatchObject({ ok: false, error: [{ code: 'intake.tableHeaderMissing' }] });
});

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleFec } from '#core/intake/example-ledger.ts';
import { createFecReader } from '#core/intake/fec.ts';
import { meaningOf, readFec } from '#core/intake/fec-reading.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { readTextFile, surveyCsvFile } from '../read-text.ts';
import { decoded } from './read-decoded.ts';
import { readRows, tableOutcome } from './subjects-table.ts';

const FEC = exampleFec();
const TABLE = 'Code client;Client;N° facture;Date facture;Échéance;Montant TTC\nC1;Lac;FA-1;31/01/2026;28/02/2026;10,50\nC2;Mer;FA-2;31/01/2026;28/02/2026;20,00\n';
const [TITLES = '', FIRST = '', SECOND = ''] = TABLE.split('\n');

const codes = (problems: readonly Problem[]): string[] => problems.map(({ line, code }) => `${line} ${code.replace('intake.', '')}`);
const fec = (text: string): string => meaningOf(readFec(text));
const table = (text: string): { accepted: boolean; money: readonly bigint[]; problems: readonly string[] } => {
  const { accepted, sums, problems } = tableOutcome(readRows(decoded(Buffer.from(text))));
  return { accepted, money: sums.map(({ given }) => given), problems: codes(problems) };
};
const CLEAN = table(TABLE);

test('the clean files, which the others are compared with, are read without a word', () => {
  expect(CLEAN).toEqual({ accepted: true, money: [3050n, 0n, 3050n, 2n], problems: [] });
  expect(readFec(FEC).summary).toMatchObject({ accepted: true, lines: 15, problems: [] });
});

const mixedEnds = (text: string): string => text.split(/\r?\n/u).map((line, index) => line + (['\r\n', '\n', '\r'][index % 3] ?? '')).join('');

test.each<[string, (text: string) => string]>([
  ['S1-020 CR only', (text) => text.replaceAll(/\r?\n/gu, '\r')], ['S1-021 LF only', (text) => text.replaceAll('\r\n', '\n')], ['S1-022 CRLF', (text) => text.replaceAll(/\r?\n/gu, '\r\n')],
  ['S1-023 mixed line ends', mixedEnds], ['S1-024 last line without its end', (text) => text.replace(/\r?\n$/u, '')], ['S1-033 blank lines between', (text) => text.replaceAll(/\r?\n/gu, (end) => end + end)],
])('%s: the same state as the clean file', (_, rewrite) => {
  expect(fec(rewrite(FEC))).toBe(fec(FEC));
  expect(table(rewrite(TABLE))).toEqual(CLEAN);
});

describe('one refusal that names its line', () => {
  test('S1-027 a quote that is never closed', () => {
    expect(table(TABLE.replace('Lac', '"Lac'))).toEqual({ accepted: false, money: [], problems: ['2 quoteUnclosed'] });
    const quoted = exampleFec({ separator: ';', quoted: true });
    const open = readFec(quoted.replace(/"\r\n$/u, '\r\n')).summary;
    expect([open.accepted, codes(open.problems)]).toEqual([false, expect.arrayContaining([expect.stringMatching(/^16 quoteUnclosed$/u)])]);
  });

  test('S1-029 separators mixed in one file', () => {
    for (const mark of [',', '\t', '|']) expect(table([TITLES, FIRST, SECOND.replaceAll(';', mark), ''].join('\n'))).toMatchObject({ accepted: false, problems: ['3 tableAmountMissing'] });
    const mixed = readFec(FEC.split('\r\n').map((line, index) => (index === 2 ? line.replaceAll('\t', ';') : line)).join('\r\n')).summary;
    expect([mixed.accepted, codes(mixed.problems)[0]]).toEqual([false, '3 fecFieldCount']);
  });

  test('S1-030 an empty file, S1-031 titles without a line', () => {
    expect([codes(readFec('').summary.problems), table('').problems]).toEqual([['0 fileEmpty'], ['0 fileEmpty']]);
    expect([codes(readFec(FEC.slice(0, FEC.indexOf('\n') + 1)).summary.problems), table(`${TITLES}\n`).problems]).toEqual([['0 fecNoLines'], ['0 tableNoRows']]);
    expect([readFec('').summary.accepted, table('').accepted, table(`${TITLES}\n`).accepted]).toEqual([false, false, false]);
  });
});

test('S1-028 a quote inside an unquoted field is a character of it', () => {
  const [line] = readFec(FEC.replace('AN FA2024-0087', 'AN "24" FA2024-0087')).lines;
  expect(line?.label).toBe('AN "24" FA2024-0087 Œillet');
  expect(table(TABLE.replace('Lac', 'L"ac'))).toEqual(CLEAN);
});

test('S1-032 titles that come twice are told and are no line', () => {
  const titles = FEC.slice(0, FEC.indexOf('\n') + 1);
  const twice = readFec(titles + FEC);
  expect([twice.summary.accepted, codes(twice.summary.problems)]).toEqual([true, ['2 fecHeaderRepeated']]);
  expect(meaningOf(twice)).toBe(fec(FEC));
  expect(table([TITLES, FIRST, TITLES, SECOND, ''].join('\n'))).toEqual({ ...CLEAN, problems: ['3 tableHeaderRepeated'] });
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acquit-hostile-'));
});
afterAll(() => rm(folder, { recursive: true }));

const MEGABYTE = 1_048_576;
/** Memory a reading may add; the file alone has 100 MB. */
const GROWN_MB_MAX = 250;
const LAG_MS_MAX = 50;

async function write(name: string, pieces: Iterable<string>): Promise<string> {
  const path = join(folder, name);
  const out = createWriteStream(path);
  for (const piece of pieces) if (!out.write(piece)) await once(out, 'drain');
  out.end();
  await once(out, 'finish');
  return path;
}

function* pieces(head: string, piece: string, count: number): Generator<string> {
  yield head;
  for (let index = 0; index < count; index += 1) yield piece;
}

type Watched<T> = { readonly value: T; readonly lagMs: number; readonly grownMb: number };

/** Runs a reading; says how long the event loop stood still at worst but one in a hundred, and how much memory it took. */
async function watched<T>(work: () => Promise<T>): Promise<Watched<T>> {
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  await sleep(20);
  const value = await work();
  await sleep(20);
  lag.disable();
  clearInterval(timer);
  return { value, lagMs: lag.percentile(99) / 1e6, grownMb: (Math.max(most, process.memoryUsage().rss) - before) / MEGABYTE };
}

function expectBounded({ lagMs, grownMb }: Watched<unknown>): void {
  expect(lagMs).toBeLessThanOrEqual(LAG_MS_MAX);
  expect(grownMb).toBeLessThanOrEqual(GROWN_MB_MAX);
}

const readLedger = async (path: string): Promise<string[]> => {
  const reader = createFecReader({ line: () => undefined });
  const found = await readTextFile(path, (text) => reader.push(text));
  return codes([...found, ...reader.end().problems]);
};
const survey = async (path: string): Promise<string[]> => {
  const found = await surveyCsvFile(path);
  return found.ok ? ['read'] : codes(found.error);
};

test('S1-025 a single line of 100 MB is refused at its place without being held, and the event loop goes on', { timeout: 120_000 }, async () => {
  const titles = FEC.slice(0, FEC.indexOf('\n') + 1);
  const ledger = await watched(() => write('fec.txt', pieces(titles, 'A'.repeat(MEGABYTE), 100)).then(readLedger));
  expect(ledger.value[0]).toBe('2 lineTooLong');
  const rows = await watched(() => write('table.csv', pieces(`${TITLES}\n`, 'A;'.repeat(MEGABYTE / 2), 100)).then(survey));
  expect(rows.value).toEqual([expect.stringMatching(/^2 (?:tooManyColumns|lineTooLong)$/u)]);
  for (const one of [ledger, rows]) expectBounded(one);
});

test('S1-026 a line of 1,000,000 columns is refused at its place, and the event loop goes on', { timeout: 60_000 }, async () => {
  const rows = await watched(() => write('columns.csv', pieces(`${TITLES}\n${FIRST}\n`, 'a;'.repeat(10_000), 100)).then(survey));
  expect(rows.value).toEqual(['3 tooManyColumns']);
  const titles = await watched(() => write('titles.csv', pieces('', 'a;'.repeat(10_000), 100)).then(survey));
  expect(titles.value).toEqual(['0 tableHeaderMissing']);
  const ledger = await watched(() => write('fec-columns.txt', pieces(FEC, 'a\t'.repeat(10_000), 100)).then(readLedger));
  expect(ledger.value[0]).toMatch(/^17 (?:lineTooLong|fecFieldCount)$/u);
  for (const one of [rows, titles, ledger]) expectBounded(one);
});

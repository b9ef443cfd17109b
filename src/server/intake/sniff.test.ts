import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exampleFec } from '#core/intake/example-ledger.ts';
import { packArchive } from './read-xlsx-archive.ts';
import { describeFile, sniffBytes, sniffFile } from './sniff.ts';
import type { Sniffed } from './sniff.ts';

const sniff = (bytes: Buffer | string, name = 'file'): Sniffed => {
  const head = Buffer.from(bytes);
  return sniffBytes({ head, tail: head, whole: true }, name);
};
const workbook = packArchive(new Map([['xl/workbook.xml', Buffer.from('<workbook/>')]]));
const html = '<!doctype html><html></html>';

test.each<[string, Buffer | string, string]>([
  ['FEC', exampleFec(), 'fec'],
  ['FEC with a mark', exampleFec({ byteOrderMark: true, separator: ';', quoted: true }), 'fec'],
  ['FEC in UTF-16', Buffer.from(`\ufeff${exampleFec()}`, 'utf16le'), 'fec'],
  ['CSV', 'Client;Montant\nA;1,50\n', 'csv'],
  ['CSV in Latin-1', Buffer.from('Société;Montant\nA;1,50\n', 'latin1'), 'csv'],
  ['workbook', workbook, 'xlsx'],
  ['zip of files', packArchive(new Map([['a.txt', Buffer.from('a')]])), 'zip'],
  ['old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'unknown'],
  ['PDF', '%PDF-1.7', 'facturx'],
  ['PDF after a line of junk', 'junk\n%PDF-1.7', 'facturx'],
  ['S3-035: PDF and page at once', '<html>%PDF-1.7', 'unknown'],
  ['S3-036: PDF and zip at once', Buffer.concat([Buffer.from('%PDF-1.7\n'), workbook]), 'unknown'],
  ['HTML', html, 'unknown'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'unknown'],
  ['PHP', '<?php echo 1;', 'unknown'],
  ['PNG', Buffer.from('89504e470d0a1a0a', 'hex'), 'unknown'],
  ['prose', 'bonjour\n', 'unknown'],
  ['NUL bytes', 'a;b\0\n', 'unknown'],
  ['blank', ' \r\n', 'unknown'],
  ['empty', '', 'unknown'],
])('%s is %s by its bytes', (_, bytes, format) => {
  const found = sniff(bytes);
  expect(found.format).toBe(format);
  expect(found.reason.fr.length).toBeGreaterThan(5);
  expect(found.reason.en.length).toBeGreaterThan(5);
});

test.each([
  ['data.xlsx', 'Client;Montant\nA;1\n', 'csv', 1], ['data.CSV', 'Client;Montant\nA;1\n', 'csv', 0], ['data', 'Client;Montant\nA;1\n', 'csv', 0],
  ['ledger.txt', exampleFec(), 'fec', 0], ['book.csv', workbook, 'xlsx', 1], ['book.XLSX', workbook, 'xlsx', 0], ['macro.xlsm', workbook, 'xlsx', 0],
  ['list.csv.exe', 'Client;Montant\nA;1\n', 'csv', 1], ['list․csv', 'Client;Montant\nA;1\n', 'csv', 0],
])('%s: the content decides, and the name only warns', (...[name, bytes, format, warnings]) => {
  expect(sniff(bytes, name)).toMatchObject({ format, warnings: Array.from({ length: warnings }, () => ({ code: 'intake.nameDisagrees' })) });
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acquit-sniff-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a long file whose head ends inside a character or line is recognised', async () => {
  for (const [name, end, encoding] of [['utf8', '\n', 'utf8'], ['utf16', '\n', 'utf16le'], ['cr', '\r', 'latin1']] as const) {
    for (let shift = 0; shift < 4; shift += 1) {
      const path = join(folder, `${name}${shift}.csv`);
      const row = `Société${'x'.repeat(shift)};élé${end}`;
      await writeFile(path, Buffer.from((encoding === 'utf16le' ? '\ufeff' : '') + `Client;Montant${end}` + row.repeat(9_000), encoding));
      expect(await sniffFile(path, path)).toBe('csv');
    }
  }
});

test('a workbook larger than the head is recognised by its end', async () => {
  const path = join(folder, 'big.xlsx');
  await writeFile(path, packArchive(new Map([['xl/media.bin', Buffer.alloc(200_000, 1)], ['xl/workbook.xml', Buffer.from('<workbook/>')]])));
  expect(await describeFile(path, path)).toMatchObject({ format: 'xlsx', warnings: [] });
});

test('an unknown file is a problem that says why and what to do', async () => {
  const path = join(folder, 'x.png');
  await writeFile(path, Buffer.from('89504e470d0a1a0a', 'hex'));
  const fr: unknown = expect.stringContaining('PNG');
  expect(await sniffFile(path, 'x.png')).toMatchObject({ code: 'intake.formatUnknown', severity: 'error', line: 0, message: { fr } });
});

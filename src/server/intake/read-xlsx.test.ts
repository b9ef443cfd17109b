import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import writeXlsxFile from 'write-excel-file/node';
import { expect, test } from 'vitest';
import { applyMapping } from '#core/intake/table/apply-mapping.ts';
import { guessMapping } from '#core/intake/table/guess-mapping.ts';
import type { TableRow } from '#core/intake/table/table-row.ts';
import { MAX_ARCHIVE_ENTRIES, packArchive, unpackArchive } from './read-xlsx-archive.ts';
import { readXlsx, readXlsxFile } from './read-xlsx.ts';

const xml = (body: string): Buffer => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';

type Sheet = { readonly name: string; readonly data: string; readonly state?: string };
type Book = { readonly sheets: readonly Sheet[]; readonly date1904?: boolean; readonly shared?: readonly string[]; readonly more?: Readonly<Record<string, Buffer>> };

/** The parts of a workbook written by hand, to say exactly what a spreadsheet program never would. */
function bookParts({ sheets, date1904, shared, more }: Book): Map<string, Buffer> {
  const entries = sheets.map((sheet, index) => `<sheet name="${sheet.name}" sheetId="${index + 1}"${sheet.state === undefined ? '' : ` state="${sheet.state}"`} r:id="rId${index + 1}"/>`);
  const relations = sheets.map((_, index) => `<Relationship Id="rId${index + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`);
  const strings = '<Relationship Id="rId90" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId91" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>';
  return new Map([
    ['[Content_Types].xml', xml('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')],
    ['xl/workbook.xml', xml(`<workbook ${MAIN}>${date1904 === true ? '<workbookPr date1904="1"/>' : ''}<sheets>${entries.join('')}</sheets></workbook>`)],
    ['xl/_rels/workbook.xml.rels', xml(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations.join('')}${strings}</Relationships>`)],
    ['xl/styles.xml', xml(`<styleSheet ${MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`)],
    ['xl/sharedStrings.xml', xml(`<sst ${MAIN}>${(shared ?? []).map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`)],
    ...sheets.map((sheet, index): [string, Buffer] => [`xl/worksheets/sheet${index + 1}.xml`, xml(`<worksheet ${MAIN}>${sheet.data}</worksheet>`)]),
    ...Object.entries(more ?? {}),
  ]);
}
const book = (parts: Book): Buffer => packArchive(bookParts(parts));
const text = (at: string, value: string): string => `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
const sheetOf = (...rows: readonly string[]): string => `<sheetData>${rows.map((cells, index) => `<row r="${index + 1}">${cells}</row>`).join('')}</sheetData>`;
const SIMPLE: Sheet = { name: 'Clients', data: sheetOf(text('A1', 'Client') + text('B1', 'Montant TTC'), `${text('A2', 'Dupont')}<c r="B2"><v>12.5</v></c>`) };
const SIMPLE_ROWS = [{ line: 1, cells: ['Client', 'Montant TTC'] }, { line: 2, cells: ['Dupont', { number: '12.5' }] }];

const codeOf = async (bytes: Buffer): Promise<string> => {
  const read = await readXlsx(bytes);
  return read.ok ? 'read' : read.error.code.replace('intake.', '');
};
const rowsOf = async (bytes: Buffer): Promise<readonly TableRow[]> => {
  const read = await readXlsx(bytes);
  if (!read.ok) throw new Error(read.error.message.en);
  return read.value.rows;
};

test('a workbook written by a library is read and understood', async () => {
  const data = [
    ['Balance au 31/12'],
    ['N° facture', 'Client', 'Échéance', 'Montant TTC', 'Reste dû', 'SIREN'],
    ['F1', 'Dupont & Fils', new Date(Date.UTC(2026, 0, 31)), 1234.56, 0.1 + 0.2, '012345678'],
  ].map((row) => row.map((value) => (value instanceof Date ? { value, type: Date, format: 'dd/mm/yyyy' } : { value })));
  const bytes = await writeXlsxFile([{ data, sheet: 'Postes' }]).toBuffer();
  const rows = await rowsOf(bytes);
  const { mapping, uncertain } = guessMapping(rows);
  expect(uncertain).toEqual([]);
  const { items, summary } = applyMapping({ mapping, currency: 'EUR' }, rows);
  expect(summary).toMatchObject({ accepted: true, problems: [] });
  expect(items).toMatchObject([{ line: 3, document: 'F1', customerName: 'Dupont & Fils', dueOn: '2026-01-31', amount: 123_456n, openAmount: 30n, customer: { siren: '012345678' } }]);
});

test('typed cells: numbers as stored, days, both date systems, shared and inline text, truth values', async () => {
  const cells = `<c r="A1" t="s"><v>0</v></c>${text('B1', '00123')}<c r="C1"><v>1234.5600000000001</v></c><c r="D1" s="1"><v>46053</v></c><c r="E1" t="b"><v>1</v></c><c r="F1"><v>1E3</v></c>`;
  const data = sheetOf(cells);
  expect((await rowsOf(book({ sheets: [{ name: 'A', data }], shared: ['Société &amp; Cie'] })))[0]?.cells).toEqual([
    'Société & Cie', '00123', { number: '1234.5600000000001' }, { day: '2026-01-31' }, 'VRAI', { number: '1E3' },
  ]);
  expect((await rowsOf(book({ sheets: [{ name: 'A', data }], shared: ['x'], date1904: true })))[0]?.cells[3]).toEqual({ day: '2030-02-01' });
});

test('serial day 0 is no day', async () => {
  const [row] = await rowsOf(book({ sheets: [{ name: 'A', data: sheetOf('<c r="A1" s="1"><v>0</v></c>') }] }));
  expect(row?.cells[0]).toBe('1899-12-30');
});

test('the first visible sheet with data is read, and the choice is said', async () => {
  const hidden: Sheet = { name: 'Cachée', data: sheetOf(text('A1', 'secret')), state: 'hidden' };
  const veryHidden: Sheet = { ...hidden, name: 'Très', state: 'veryHidden' };
  const empty: Sheet = { name: 'Vide', data: sheetOf('') };
  const fr: unknown = expect.stringContaining('« Clients » est lue, 4 autre(s)');
  const read = await readXlsx(book({ sheets: [hidden, veryHidden, empty, SIMPLE, { ...SIMPLE, name: 'Autre' }] }));
  expect(read).toMatchObject({ ok: true, value: { sheet: 'Clients', rows: SIMPLE_ROWS, warnings: [{ code: 'intake.sheetChosen', severity: 'warning', message: { fr } }] } });
  expect(await codeOf(book({ sheets: [hidden, empty] }))).toBe('sheetsEmpty');
});

test('styled empty cells to the last column and a boundless dimension tag cost nothing', async () => {
  const data = `<dimension ref="A1:XFD1048576"/>${SIMPLE.data.replace('</row>', '<c r="XFD1" s="1"/></row>')}`;
  expect(await rowsOf(book({ sheets: [{ name: 'A', data }] }))).toEqual(SIMPLE_ROWS);
});

test.each([['XFD1', 'tooManyColumns'], ['A1048576', 'tooManyLines'], ['ZZZZ9999999999', 'tooManyColumns']])('a value at %s is refused before room is made for it', async (at, code) => {
  expect(await codeOf(book({ sheets: [{ name: 'A', data: sheetOf(`<c r="${at}"><v>1</v></c>`) }] }))).toBe(code);
});

test('formulas are not evaluated: their last saved value is read and said', async () => {
  const data = sheetOf(`${text('A1', 'Client')}<c r="B1"><f>1+1</f><v>3</v></c>`);
  expect(await readXlsx(book({ sheets: [{ name: 'A', data }] }))).toMatchObject({ ok: true, value: { rows: [{ cells: ['Client', { number: '3' }] }], warnings: [{ code: 'intake.formulasRead' }] } });
});

test('macros and external links are said and left alone', async () => {
  const more = { 'xl/vbaProject.bin': Buffer.from('macro'), 'xl/externalLinks/externalLink1.xml': xml('<externalLink/>') };
  expect(await readXlsx(book({ sheets: [SIMPLE], more }))).toMatchObject({ ok: true, value: { rows: SIMPLE_ROWS, warnings: [{ code: 'intake.macrosIgnored' }] } });
});

test.each(['__proto__', 'constructor', 'toString'])('a sheet and a cell named %s change nothing elsewhere', async (name) => {
  expect(await rowsOf(book({ sheets: [{ name, data: sheetOf(text('A1', name)) }] }))).toEqual([{ line: 1, cells: [name] }]);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test.each([
  ['empty', Buffer.alloc(0), 'fileEmpty'],
  ['text', Buffer.from('a;b\n'), 'notXlsx'],
  ['PDF named .xlsx', Buffer.from('%PDF-1.7\n'), 'notXlsx'],
  ['password-protected (OLE)', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]), 'xlsxProtected'],
  ['zip without a workbook', packArchive(new Map([['a.txt', Buffer.from('x')]])), 'notXlsx'],
  ['cut archive', book({ sheets: [SIMPLE] }).subarray(0, 400), 'notXlsx'],
  ['data after the end', Buffer.concat([book({ sheets: [SIMPLE] }), Buffer.from('tail')]), 'notXlsx'],
  ['missing sheet part', packArchive(new Map([...bookParts({ sheets: [SIMPLE] })].filter(([name]) => !name.includes('worksheets')))), 'notXlsx'],
  ['DOCTYPE', book({ sheets: [SIMPLE], more: { 'xl/sharedStrings.xml': Buffer.from('<!DOCTYPE x [<!ENTITY a "b">]><sst/>') } }), 'archiveUnsafe'],
  ['climbing name', book({ sheets: [SIMPLE], more: { '../../etc/cron.d/x': Buffer.from('x') } }), 'archiveUnsafe'],
  ['absolute name', book({ sheets: [SIMPLE], more: { '/absolute': Buffer.from('x') } }), 'archiveUnsafe'],
  ['drive name', book({ sheets: [SIMPLE], more: { 'C:\\x': Buffer.from('x') } }), 'archiveUnsafe'],
  ['name of 65,535 bytes', book({ sheets: [SIMPLE], more: { ['n'.repeat(65_535)]: Buffer.from('x') } }), 'archiveUnsafe'],
  ['too many entries', book({ sheets: [SIMPLE], more: Object.fromEntries(Array.from({ length: MAX_ARCHIVE_ENTRIES }, (_, index) => [`e${index}`, Buffer.alloc(0)])) }), 'archiveTooLarge'],
])('%s is refused', async (_, bytes, code) => expect(await codeOf(bytes)).toBe(code));

/** An archive of one deflated entry whose directory says what it is told to say. */
function bomb(content: Buffer, declared: number): Buffer {
  const packed = deflateRawSync(content);
  const bytes = packArchive(new Map([['xl/workbook.xml', packed]]));
  const central = bytes.indexOf(Buffer.from('504b0102', 'hex'));
  bytes.writeUInt16LE(8, central + 10);
  bytes.writeUInt32LE(crc32(content), central + 16);
  bytes.writeUInt32LE(declared, central + 24);
  return bytes;
}

test.each<[string, number, number, string]>([
  ['declares more than the cap', 1000, 60 * 1024 * 1024, 'archiveTooLarge'],
  ['declares a ratio of a thousand', 20_000_000, 20_000_000, 'archiveTooLarge'],
  ['declares little and unpacks to much', 80_000_000, 500_000, 'archiveTooLarge'],
  ['declares 2^32 - 1 (zip64)', 1000, 0xffffffff, 'archiveTooLarge'],
  ['declares too much of what it holds', 1000, 1001, 'notXlsx'],
])('a bomb that %s is refused within a second', async (...[, size, declared, code]) => {
  const bytes = bomb(Buffer.alloc(size, 0x20), declared);
  const started = performance.now();
  expect(await codeOf(bytes)).toBe(code);
  expect(performance.now() - started).toBeLessThan(1000);
});

test('overlapping, doubled, encrypted and linked entries are refused', async () => {
  const bytes = book({ sheets: [SIMPLE] });
  const first = bytes.indexOf(Buffer.from('504b0102', 'hex'));
  const second = bytes.indexOf(Buffer.from('504b0102', 'hex'), first + 4);
  const patched = (change: (copy: Buffer) => void): Buffer => {
    const copy = Buffer.from(bytes);
    change(copy);
    return copy;
  };
  expect(await codeOf(patched((copy) => copy.writeUInt32LE(copy.readUInt32LE(first + 42), second + 42)))).toBe('archiveUnsafe');
  expect(await codeOf(patched((copy) => copy.writeUInt16LE(1, first + 8)))).toBe('xlsxProtected');
  expect(await codeOf(patched((copy) => copy.writeUInt32LE((0o120777 << 16) >>> 0, first + 38)))).toBe('archiveUnsafe');
  const name = 'xl/styles.xml';
  const twice = Buffer.from(book({ sheets: [SIMPLE], more: { 'xl/stylez.xml': xml('<x/>') } }).toString('latin1').replaceAll('xl/stylez.xml', name), 'latin1');
  expect(await codeOf(twice)).toBe('archiveUnsafe');
});

test('what is packed unpacks to the same, and a changed byte is noticed', () => {
  const parts = bookParts({ sheets: [SIMPLE] });
  expect(unpackArchive(packArchive(parts), () => true)).toEqual({ ok: true, value: parts });
  const damaged = packArchive(parts);
  damaged[damaged.indexOf('Clients')] = 0x58;
  expect(unpackArchive(damaged, () => true)).toMatchObject({ ok: false, error: { code: 'intake.notXlsx' } });
});

test('a file on disk is read the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'acquit-xlsx-'));
  const path = join(folder, 'a.xlsx');
  await writeFile(path, book({ sheets: [SIMPLE] }));
  expect(await readXlsxFile(path)).toMatchObject({ ok: true, value: { rows: SIMPLE_ROWS } });
  await rm(folder, { recursive: true });
});

const LONG = 300_000;
test.each([
  ['an attribute', `<sheetData><row r="1" x="${'&#65;'.repeat(LONG / 5)}">${text('A1', 'Client')}</row></sheetData>`],
  ['an attribute full of signs', `<sheetData><row r="1" x="${'>\'<'.repeat(LONG / 3)}">${text('A1', 'Client')}</row></sheetData>`],
  ['a comment', `<!--${'<a>'.repeat(LONG / 3)}-->${sheetOf(text('A1', 'Client'))}`],
  ['a section', `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[${'<a>'.repeat(LONG / 3)}]]></t></is></c></row></sheetData>`],
  ['a text', sheetOf(text('A1', 'a'.repeat(LONG)))],
  ['a tag that never ends', `${sheetOf(text('A1', 'Client'))}<row x="${'a'.repeat(LONG)}`],
])('a sheet with %s longer than any cell is refused before it is read', async (_, data) => {
  expect(await codeOf(book({ sheets: [{ name: 'S', data }] }))).toBe('archiveTooLarge');
});

test('a shared text longer than any cell is refused, the longest one that a cell holds is read', async () => {
  const data = sheetOf('<c r="A1" t="s"><v>0</v></c>');
  expect(await codeOf(book({ sheets: [{ name: 'S', data }], shared: ['a'.repeat(LONG)] }))).toBe('archiveTooLarge');
  expect(await rowsOf(book({ sheets: [{ name: 'S', data }], shared: ['&amp;'.repeat(32_767)] }))).toEqual([{ line: 1, cells: ['&'.repeat(32_767)] }]);
});

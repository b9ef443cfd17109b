import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { archiveProblem, isMember } from '../import-many.ts';
import { MAX_ARCHIVE_ENTRIES, unpackArchive } from '../read-xlsx-archive.ts';
import { readXlsx } from '../read-xlsx.ts';
import type { SheetRows } from '../read-xlsx.ts';

/** An entry as an archive may lie about it; what is left out is true. */
type Entry = {
  readonly name: string; readonly content?: Buffer; readonly stored?: boolean; readonly declared?: number; readonly declaredPacked?: number; readonly flags?: number; readonly mode?: number;
  /** Place of the local entry instead of its own. */
  readonly at?: number;
};

/** Writes an archive of these entries, byte by byte, so that its directory can say anything. */
function zip(entries: readonly Entry[], after: Buffer = Buffer.alloc(0)): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content = Buffer.from('x'), stored = false, declared, declaredPacked, flags = 0, mode = 0, at: place } of entries) {
    const packed = stored ? content : deflateRawSync(content);
    const nameBytes = Buffer.from(name);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(flags, 2);
    head.writeUInt16LE(stored ? 0 : 8, 4);
    head.writeUInt32LE(crc32(content), 10);
    head.writeUInt32LE(declaredPacked ?? packed.length, 14);
    head.writeUInt32LE(declared ?? content.length, 18);
    head.writeUInt16LE(nameBytes.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(mode * 0x10000, 6);
    tail.writeUInt32LE(place ?? at, 10);
    const local = [Buffer.from('504b0304', 'hex'), head, nameBytes, packed];
    bodies.push(...local);
    directory.push(Buffer.from('504b01021400', 'hex'), head, tail, nameBytes);
    at += Buffer.concat(local).length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length & 0xffff, 8);
  end.writeUInt16LE(entries.length & 0xffff, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, central, end, after]);
}

/** What becomes of an archive of files, and how long it takes. */
function unpacked(bytes: Buffer): { said: string; ms: number } {
  const started = process.cpuUsage();
  const result = unpackArchive(bytes, isMember);
  const { user, system } = process.cpuUsage(started);
  return { said: result.ok ? `read ${[...result.value.keys()].join(' ')}` : archiveProblem(result.error).code.replace('intake.', ''), ms: (user + system) / 1000 };
}

const zeros = (bytes: number): Buffer => Buffer.alloc(bytes);
const MEGABYTE = 1_048_576;
const SECOND_MS = 1000;
const LINK = 0o120777;

test('an honest archive is read', () => {
  expect(unpacked(zip([{ name: 'a.xml' }, { name: 'b/c.xml', stored: true }])).said).toBe('read a.xml b/c.xml');
});

test.each<[string, () => Buffer, string]>([
  ['S3-001 many archives inside each other, each small: one inside is not opened', () => zip([{ name: 'lib 0.zip', content: zip([{ name: '0.dll', content: zeros(4 * MEGABYTE) }]) }]), 'read lib 0.zip'],
  ['S3-002 one entry that unpacks to a thousand times its size', () => zip([{ name: 'a.csv', content: zeros(40 * MEGABYTE) }]), 'archiveTooLarge'],
  ['S3-003 more entries than are taken', () => zip(Array.from({ length: MAX_ARCHIVE_ENTRIES + 1 }, (_, index) => ({ name: `${index}` }))), 'archiveTooLarge'],
  ['S3-004 two entries over the same bytes', () => zip([{ name: 'a', content: Buffer.from('x'.repeat(500)), stored: true }, { name: 'b', content: Buffer.from('x'.repeat(500)), stored: true, at: 10 }]), 'archiveUnsafe'],
  ['S3-005 a name that climbs', () => zip([{ name: '../../etc/cron.d/x' }]), 'archiveUnsafe'],
  ['S3-006 an absolute name', () => zip([{ name: '/absolute' }]), 'archiveUnsafe'],
  ['S3-007 a name with a drive', () => zip([{ name: 'C:\\x' }]), 'archiveUnsafe'],
  ['S3-008 a link', () => zip([{ name: 'a.xml', content: Buffer.from('/etc/passwd'), mode: LINK }]), 'archiveUnsafe'],
  ['S3-009 a name of 65,535 bytes', () => zip([{ name: 'n'.repeat(65_535) }]), 'archiveUnsafe'],
  ['S3-010 one name twice', () => zip([{ name: 'a.xml' }, { name: 'a.xml' }]), 'archiveUnsafe'],
  ['S3-011 a directory that says fewer bytes than there are', () => zip([{ name: 'a.csv', content: zeros(30 * MEGABYTE), declared: 100 }]), 'archiveTooLarge'],
  ['S3-012 encrypted', () => zip([{ name: 'a.xml', flags: 1 }]), 'archiveEncrypted'],
  ['S3-013 sizes that only zip64 could say', () => zip([{ name: 'a.xml', declared: 0xffffffff, declaredPacked: 0xffffffff }]), 'archiveTooLarge'],
  ['S3-015 bytes after the end', () => zip([{ name: 'a.xml' }], Buffer.from('<html>')), 'archiveBroken'],
])('%s', (_, make, expected) => {
  const { said, ms } = unpacked(make());
  expect(said).toBe(expected);
  expect(ms).toBeLessThan(SECOND_MS);
});

test('S3-014 archives ten deep: the one inside is given as a file and not opened', () => {
  let inner = zip([{ name: 'a.xml' }]);
  for (let depth = 0; depth < 10; depth += 1) inner = zip([{ name: `${depth}.zip`, content: inner, stored: true }]);
  expect(unpacked(inner).said).toBe('read 9.zip');
});

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const TYPE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const inline = (at: string, text: string): string => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
const rowsXml = (...rows: readonly string[]): string => `<sheetData>${rows.map((cells, index) => `<row r="${index + 1}">${cells}</row>`).join('')}</sheetData>`;

/** A workbook of one sheet, or of several by name; parts given replace or join its own. */
function book(sheets: Readonly<Record<string, { readonly data: string; readonly state?: string }>>, parts: Readonly<Record<string, Buffer | string>> = {}): Buffer {
  const names = Object.entries(sheets);
  const xml = (body: string): string => `<?xml version="1.0" encoding="UTF-8"?>${body}`;
  const own: Record<string, Buffer | string> = {
    '[Content_Types].xml': xml('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    'xl/workbook.xml': xml(`<workbook ${MAIN}><sheets>${names.map(([name, { state }], index) => `<sheet name="${name}" sheetId="${index + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="rId${index + 1}"/>`).join('')}</sheets></workbook>`),
    'xl/_rels/workbook.xml.rels': xml(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${names.map((_, index) => `<Relationship Id="rId${index + 1}" Type="${TYPE}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`).join('')}`
      + `<Relationship Id="rId90" Type="${TYPE}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId91" Type="${TYPE}/styles" Target="styles.xml"/></Relationships>`),
    'xl/styles.xml': xml(`<styleSheet ${MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`),
    'xl/sharedStrings.xml': xml(`<sst ${MAIN}><si><t>partagé</t></si></sst>`),
    ...Object.fromEntries(names.map(([, { data }], index) => [`xl/worksheets/sheet${index + 1}.xml`, xml(`<worksheet ${MAIN}>${data}</worksheet>`)])),
  };
  return zip(Object.entries({ ...own, ...parts }).map(([name, content]) => ({ name, content: Buffer.from(content) })));
}

const SIMPLE = rowsXml(inline('A1', 'Client') + inline('B1', 'Montant TTC'), `${inline('A2', 'Dupont')}<c r="B2"><v>12.5</v></c>`);
const one = (data: string, parts: Readonly<Record<string, Buffer | string>> = {}): Buffer => book({ Clients: { data } }, parts);

async function sheet(bytes: Buffer): Promise<SheetRows> {
  const read = await readXlsx(bytes);
  if (!read.ok) throw new Error(read.error.message.en);
  return read.value;
}
const cells = async (bytes: Buffer): Promise<unknown[]> => (await sheet(bytes)).rows.map((row) => row.cells);
const warned = async (bytes: Buffer): Promise<string[]> => (await sheet(bytes)).warnings.map(({ code }) => code.replace('intake.', ''));
const refused = async (bytes: Buffer): Promise<string> => {
  const read = await readXlsx(bytes);
  return read.ok ? 'read' : read.error.code.replace('intake.', '');
};
const SIMPLE_CELLS = [['Client', 'Montant TTC'], ['Dupont', { number: '12.5' }]];

describe('workbooks are bounded', () => {
  test('S3-016 shared texts that unpack beyond the cap', async () => {
    expect(await refused(one(SIMPLE, { 'xl/sharedStrings.xml': zeros(60 * MEGABYTE) }))).toBe('archiveTooLarge');
  });

  test('S3-017 a dimension of the whole sheet is not believed; a row, a cell or a rectangle that far out is refused before room is made', async () => {
    expect(await cells(one(`<dimension ref="A1:XFD1048576"/>${SIMPLE}`))).toEqual(SIMPLE_CELLS);
    const row = (number: string): Buffer => one(`<sheetData><row r="${number}"><c><v>1</v></c></row></sheetData>`);
    expect([await refused(row('1048576')), await refused(row('99999999999999999999')), await refused(row('1e9')), await refused(row('&#57;99999999')), await refused(row('1.5'))]).toEqual(['tooManyLines', 'notXlsx', 'notXlsx', 'notXlsx', 'notXlsx']);
    expect(await refused(one('<sheetData><row r=\'1\'><c r = "XFD1"><v>1</v></c></row></sheetData>'))).toBe('tooManyColumns');
    const rectangle = '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="OJ1"><v>1</v></c></row><row r="500000"><c r="A500000"><v>1</v></c></row></sheetData>';
    expect(await refused(one(rectangle))).toBe('archiveTooLarge');
  });

  test('S3-018 1,000,000 styles cost time in proportion and change nothing', { timeout: 60_000 }, async () => {
    const styles = `<?xml version="1.0"?><styleSheet ${MAIN}><cellXfs count="1000000">${'<xf numFmtId="0"/>'.repeat(1_000_000)}</cellXfs></styleSheet>`;
    // Repeated a million times they are a bomb by their ratio; told apart they are only many.
    expect(await refused(one(SIMPLE, { 'xl/styles.xml': styles }))).toBe('archiveTooLarge');
    const various = `<?xml version="1.0"?><styleSheet ${MAIN}><cellXfs>${Array.from({ length: 1_000_000 }, (_, index) => `<xf numFmtId="0" fontId="${(index * 7919) % 1_000_003}"/>`).join('')}</cellXfs></styleSheet>`;
    expect(await cells(one(SIMPLE, { 'xl/styles.xml': various }))).toEqual(SIMPLE_CELLS);
  });

});

describe('of a workbook only saved values are read', () => {
  test('S3-019 an external link, S3-020 a DDE link, S3-021 macros under another name: told, none followed, the cells are what was saved', async () => {
    const dde = `<sheetData><row r="1"><c r="A1"><f>cmd|'/C calc'!A0</f><v>7</v></c></row></sheetData>`;
    expect(await warned(one(SIMPLE, { 'xl/externalLinks/externalLink1.xml': '<externalLink/>' }))).toEqual(['macrosIgnored']);
    expect([await cells(one(dde, { 'xl/externalLinks/externalLink1.xml': '<externalLink><ddeLink ddeService="cmd" ddeTopic="/C calc"/></externalLink>' })), await warned(one(dde))]).toEqual([[[{ number: '7' }]], ['formulasRead']]);
    expect(await warned(one(SIMPLE, { 'xl/vbaProject.bin': 'macro' }))).toEqual(['macrosIgnored']);
  });

  test('S3-022 a formula is not evaluated: its saved value is read and said', async () => {
    const bytes = one(rowsXml('<c r="A1"><f>1+1</f><v>99</v></c>'));
    expect([await cells(bytes), await warned(bytes)]).toEqual([[[{ number: '99' }]], ['formulasRead']]);
  });

  test('S3-023 days of the system of 1904', async () => {
    const workbook = `<?xml version="1.0"?><workbook ${MAIN}><workbookPr date1904="1"/><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`;
    const day = rowsXml('<c r="A1" s="1"><v>44591</v></c>');
    expect([await cells(one(day)), await cells(one(day, { 'xl/workbook.xml': workbook }))]).toEqual([[[{ day: '2022-01-30' }]], [[{ day: '2026-01-31' }]]]);
  });

  test('S3-024 and S3-025: __proto__ in a note and as the name of a sheet changes nothing elsewhere', async () => {
    const comments = '<?xml version="1.0"?><comments><commentList><comment ref="__proto__"><text><t>polluted</t></text></comment></commentList></comments>';
    expect(await cells(one(SIMPLE, { 'xl/comments1.xml': comments }))).toEqual(SIMPLE_CELLS);
    for (const name of ['__proto__', 'constructor']) {
      const named = await sheet(book({ [name]: { data: SIMPLE } }));
      expect([named.sheet, named.rows.map((row) => row.cells)]).toEqual([name, SIMPLE_CELLS]);
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('polluted' in {}).toBe(false);
  });

});

describe('cells of a workbook', () => {
  test('S3-026 a merged cell over the titles: its text stands in its first cell', async () => {
    const merged = `${rowsXml(inline('A1', 'Balance'), inline('A2', 'Client') + inline('B2', 'Montant TTC'), `${inline('A3', 'Dupont')}<c r="B3"><v>1</v></c>`)}<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>`;
    expect((await cells(one(merged)))[0]).toEqual(['Balance', '']);
  });

  test('S3-027 data on a hidden sheet is not read in the place of the visible one', async () => {
    const hidden = { data: rowsXml(inline('A1', 'secret')), state: 'hidden' };
    expect((await sheet(book({ Caché: hidden, Visible: { data: SIMPLE } }))).sheet).toBe('Visible');
    expect(await refused(book({ Caché: hidden }))).toBe('sheetsEmpty');
  });

  test('S3-028 a number stored as text stays text, with its zeros', async () => {
    expect(await cells(one(rowsXml(inline('A1', '0012') + inline('B1', '1 234,56') + '<c r="C1"><v>12</v></c>')))).toEqual([['0012', '1 234,56', { number: '12' }]]);
  });

  test('S3-029 a cell of more characters than a cell may have', async () => {
    const long = 'A'.repeat(32_768);
    const [[cell]] = (await cells(one(rowsXml(inline('A1', long))))) as [[string]];
    expect(cell).toHaveLength(32_768);
  });

  test('S3-030 shared, inline and plain texts mixed in one row', async () => {
    expect(await cells(one(rowsXml(`<c r="A1" t="s"><v>0</v></c>${inline('B1', 'en ligne')}<c r="C1" t="str"><f>A1</f><v>calculé</v></c><c r="D1"><v>1</v></c>`)))).toEqual([['partagé', 'en ligne', 'calculé', { number: '1' }]]);
  });
});

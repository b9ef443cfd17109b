import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { MAX_INVOICE_PDF_BYTES, MAX_INVOICE_XML_BYTES } from '#core/intake/einvoice/einvoice-limits.ts';
import { readEInvoiceFile } from './read-einvoice.ts';
import type { ReadEInvoice } from './read-einvoice.ts';
import { firstExtra, pdfWith } from './testing/pdf-bytes.ts';
import type { Embedded, Extras } from './testing/pdf-bytes.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures');
const INVOICE = readFileSync(join(fixtures, 'cii/invoice_basicwl.xml'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'acquit-einvoice-'));

afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const readText = async (content: Buffer | string): Promise<ReadEInvoice> => readEInvoiceFile(written('a.xml', content), 'xml');
const readPdf = async (files: readonly Embedded[], extras: Extras = {}): Promise<ReadEInvoice> => readEInvoiceFile(written('a.pdf', pdfWith(files, extras)), 'pdf');
const codesOf = ({ problems }: ReadEInvoice): string[] => problems.map(({ code }) => code.replace('intake.', ''));

describe('XML files', () => {
  test('an invoice comes with its bytes', async () => {
    const read = await readText(INVOICE);
    expect(read).toMatchObject({ syntax: 'cii', message: null, problems: [], reading: { invoice: { number: 'F2026-0101' } } });
    expect(Buffer.from(read.xml ?? []).toString('utf8')).toBe(INVOICE);
  });

  test('a life-cycle message too', async () => {
    expect(await readEInvoiceFile(join(fixtures, 'cdar/207_en_litige.xml'), 'xml')).toMatchObject({ syntax: 'cdar', reading: null, message: { identification: 'F2026-0103_207' } });
  });

  test('a mark of byte order and UTF-16 do not matter', async () => {
    const clean = await readText(INVOICE);
    for (const content of [Buffer.from(`\uFEFF${INVOICE}`, 'utf8'), Buffer.from(`\uFEFF${INVOICE.replace('UTF-8', 'UTF-16')}`, 'utf16le')]) {
      expect((await readText(content)).reading).toEqual(clean.reading);
    }
  });

  test('an invoice of a megabyte is read in the thread, to the same end', async () => {
    const long = INVOICE.replace('<ram:IncludedNote>', `<!-- ${'x'.repeat(90_000)} -->`.repeat(12) + '<ram:IncludedNote>');
    const read = await readText(long);
    expect(read.reading?.invoice).toEqual((await readText(INVOICE)).reading?.invoice);
    expect(read.xml?.length).toBe(Buffer.byteLength(long));
  });

  test.each([
    ['S2-024 another root', '<html><body/></html>', 'einvoiceUnknownRoot'],
    ['S2-004 an entity that reads a file', INVOICE.replace('<rsm:Cross', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><rsm:Cross'), 'xmlDoctype'],
    ['S2-026 cut in the middle', INVOICE.slice(0, 3_000), 'xmlMalformed'],
    ['S2-025 two roots', INVOICE + INVOICE.slice(INVOICE.indexOf('<rsm:Cross')), 'xmlMalformed'],
    ['an empty file', '', 'fileEmpty'],
  ])('%s is refused', async (_, content, code) => {
    const read = await readText(content);
    expect(read).toMatchObject({ syntax: null, reading: null, message: null });
    expect(codesOf(read)).toContain(code);
  });

  test('sizes are checked before anything is read', async () => {
    for (const [kind, limit] of [['xml', MAX_INVOICE_XML_BYTES], ['pdf', MAX_INVOICE_PDF_BYTES]] as const) {
      const path = written('large', INVOICE);
      truncateSync(path, limit + 1);
      expect(codesOf(await readEInvoiceFile(path, kind))).toEqual(['fileTooLarge']);
    }
  });
});

describe('PDF files', () => {
  test('a Factur-X of the FNFE reads as its XML says', async () => {
    const path = join(fixtures, 'facturx/fnfe_Facture_FR_BASICWL.pdf');
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
    const read = await readEInvoiceFile(path, 'pdf');
    expect(read.reading?.invoice).toMatchObject({ number: 'FA-2017-0010', issuedOn: '2017-11-13', dueDates: [{ on: '2017-12-13' }], buyer: { siren: '787878784' }, totals: { gross: 67_115n, prepaid: 20_100n, due: 47_015n } });
    // The file is kept as it came.
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(hash);
  });

  test('a ZUGFeRD 1.0 reads as its XML says; this one calls itself a test', async () => {
    const read = await readEInvoiceFile(join(fixtures, 'facturx/ZUGFeRD_1p0_COMFORT_Rabatte.pdf'), 'pdf');
    expect(read.reading).toMatchObject({
      contradictions: ['intake.einvoiceTest'],
      invoice: { number: '471102', issuedOn: '2013-06-05', dueDates: [{ on: '2013-07-04' }], totals: { gross: 21_514n, prepaid: 5_000n, due: 16_514n }, references: { order: '2013-471331' }, payments: [{ reference: 'GE2020211-471102' }] },
    });
  });

  test('S2-056 two XML invoices that differ are held, the current standard first', async () => {
    const other = INVOICE.replaceAll('1000.00', '9000.00').replaceAll('1440.00', '9440.00');
    const read = await readPdf([{ name: 'ZUGFeRD-invoice.xml', content: other }, { name: 'factur-x.xml', content: INVOICE }]);
    expect(read.reading?.invoice?.totals.due).toBe(100_000n);
    expect(read.reading?.contradictions).toEqual(['intake.pdfTwoInvoices']);
    expect(read.problems[0]?.message.en).toContain('"factur-x.xml" and "ZUGFeRD-invoice.xml"');
  });

  test('S2-056 the same invoice twice is one', async () => {
    const read = await readPdf([{ name: 'factur-x.xml', content: INVOICE }, { name: 'xrechnung.xml', content: INVOICE }]);
    expect(read.reading).toMatchObject({ contradictions: [], problems: [] });
  });

  test('another XML beside the invoice is none of our business', async () => {
    const read = await readPdf([{ name: 'donnees.xml', content: INVOICE.replaceAll('F2026', 'X') }, { name: 'factur-x.xml', content: INVOICE }]);
    expect(read.reading).toMatchObject({ contradictions: [], invoice: { number: 'F2026-0101' } });
  });

});

describe('names and announcements of a PDF', () => {
  test('an invoice under another name is read and told; two of those are held', async () => {
    const named = await readPdf([{ name: 'style.xml', content: '<a/>' }, { name: 'facture.xml', content: INVOICE }]);
    expect(named.reading).toMatchObject({ contradictions: [], invoice: { number: 'F2026-0101' } });
    expect(codesOf(named)).toEqual(['pdfOddName']);
    const two = await readPdf([{ name: 'b.xml', content: INVOICE.replace('F2026-0101', 'F2026-0102') }, { name: 'facture.xml', content: INVOICE }]);
    expect(two.reading?.contradictions).toEqual(['intake.pdfTwoInvoices']);
  });

  test('a PDF whose XML is no invoice holds none', async () => {
    expect(codesOf(await readPdf([{ name: 'style.xml', content: '<a/>' }]))).toEqual(['pdfWithoutInvoice']);
    expect(codesOf(await readPdf([]))).toEqual(['pdfWithoutInvoice']);
  });

  test('a fault in the XML under its proper name is told as such', async () => {
    expect(codesOf(await readPdf([{ name: 'factur-x.xml', content: '<a>' }]))).toEqual(['xmlMalformed']);
    expect(codesOf(await readPdf([{ name: 'factur-x.xml', content: '<!DOCTYPE a><a/>' }]))).toEqual(['xmlDoctype']);
  });

  const announcing = (values: string): Extras => ({
    catalogue: `/Metadata ${firstExtra(1)} 0 R`,
    objects: [{ dictionary: '/Type /Metadata /Subtype /XML', stream: Buffer.from(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">${values}</rdf:Description></rdf:RDF></x:xmpmeta>`) }],
  });

  test('S2-055 what the PDF announces and its XML does not say is told: profile, file, kind of document', async () => {
    const file = { name: 'factur-x.xml', content: INVOICE };
    const right = '<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName><fx:ConformanceLevel>BASIC WL</fx:ConformanceLevel>';
    expect(codesOf(await readPdf([file], announcing(right)))).toEqual([]);
    for (const [said, other] of [['BASIC WL', 'EXTENDED'], ['INVOICE', 'ORDER'], ['factur-x.xml', 'other.xml']] as const) {
      const read = await readPdf([file], announcing(right.replace(said, other)));
      expect(codesOf(read)).toEqual(['pdfProfileDiffers']);
      expect(read.problems[0]?.message.fr).toContain(other);
    }
    // A profile nobody knows, whatever it is called, is no difference.
    expect(codesOf(await readPdf([file], announcing(right.replace('BASIC WL', 'constructor'))))).toEqual([]);
  });
});

/** Hostile rows that this slice answers for: meaning and texts of invoices, and PDFs. */
const ROWS = [
  'S2-051', 'S2-052', 'S2-053', 'S2-054', 'S2-055', 'S2-056', 'S2-058', 'S2-059', 'S2-060', 'S2-061', 'S2-062', 'S2-063', 'S2-064', 'S2-065',
  ...Array.from({ length: 15 }, (_, index) => `S2-0${28 + index}`),
  ...Array.from({ length: 15 }, (_, index) => `S3-0${42 + index}`),
];

test('every hostile row about invoices and PDFs has an assertion of its own', () => {
  const root = join(import.meta.dirname, '../../..');
  const sources = ['src/core/intake/einvoice/contradictions.test.ts', 'src/core/intake/einvoice/einvoice-hostile.test.ts', 'src/server/intake/pdf-attachments.test.ts', 'src/server/intake/read-einvoice.test.ts'];
  const titles = sources.flatMap((path) => readFileSync(join(root, path), 'utf8').split('\n').filter((line) => /test(?:\.each)?\(|(?:rule|what): '|\['S\d/.test(line))).join('\n');
  expect(ROWS.filter((id) => !titles.includes(id))).toEqual([]);
  const catalogue = resolve(root, '../shared/hostile_inputs.jsonl');
  if (!existsSync(catalogue)) return;
  const listed = readFileSync(catalogue, 'utf8').split('\n').flatMap((line) => /"id": "(S\d-\d{3})".*"family": "(?:pdf|text in fields|value typing)"/.exec(line)?.[1] ?? []);
  expect(listed.filter((id) => id.startsWith('S2') || id.startsWith('S3')).filter((id) => !ROWS.includes(id))).toEqual([]);
});

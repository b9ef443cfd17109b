import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createDeflate } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPdfAttachments } from './pdf-attachments.ts';
import type { PdfContent } from './pdf-attachments.ts';
import { firstExtra, packed, pdfOf, pdfWith } from './testing/pdf-bytes.ts';
import type { PdfObject } from './testing/pdf-bytes.ts';

const INVOICE = readFileSync(join(import.meta.dirname, '../../../fixtures/cii/invoice_basicwl.xml'));
const FILE = { name: 'factur-x.xml', content: INVOICE };

/** What a reading gives, in words: names of the XML files, or the code of its problem. The bytes are a copy, as those of a file are. */
async function outcome(pdf: Buffer): Promise<string> {
  const read = await readPdfAttachments(new Uint8Array(pdf));
  return read.ok ? read.value.files.map(({ name }) => name).join(', ') : read.error.code;
}

async function contentOf(pdf: Buffer): Promise<PdfContent> {
  const read = await readPdfAttachments(new Uint8Array(pdf));
  if (!read.ok) throw new Error(read.error.message.en);
  return read.value;
}

/** The outcome, once read within 50 ms of lag for the caller; a loaded machine gets three attempts. */
async function calmOutcome(pdf: Buffer): Promise<{ outcome: string; lag: number }> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  let found = '';
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3 && least >= 50; attempt += 1) {
    const bytes = new Uint8Array(pdf);
    await new Promise((done) => setTimeout(done, 20));
    delay.reset();
    delay.enable();
    const read = await readPdfAttachments(bytes);
    delay.disable();
    found = read.ok ? read.value.files.map(({ name }) => name).join(', ') : read.error.code;
    least = Math.min(least, delay.percentile(99) / 1e6);
  }
  return { outcome: found, lag: least };
}

let connections = 0;
const listener = createServer((_, response) => response.end());
listener.on('connection', () => (connections += 1));
let address = '';

beforeAll(async () => {
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const at = listener.address();
  address = typeof at === 'object' && at !== null ? `http://127.0.0.1:${at.port}/` : '';
});

afterAll(async () => {
  await new Promise((done) => listener.close(done));
});

describe('the embedded invoice', () => {
  test('comes out byte for byte', async () => {
    const content = await contentOf(pdfWith([FILE]));
    expect(content).toMatchObject({ named: true, others: 0, metadata: { fileName: null, documentType: null, profile: null } });
    expect(Buffer.from(content.files[0]?.xml ?? []).equals(INVOICE)).toBe(true);
  });

  test.each(['factur-x.xml', 'FACTUR-X.XML', 'xrechnung.xml', 'ZUGFeRD-invoice.xml', 'zugferd-invoice.xml'])('under the name %s', async (name) => {
    expect(await outcome(pdfWith([{ name, content: INVOICE }]))).toBe(name);
  });

  test('is looked for before other XML files, and orders are none', async () => {
    expect(await outcome(pdfWith([{ name: 'annexe.xml', content: '<a/>' }, FILE, { name: 'order-x.xml', content: '<b/>' }]))).toBe('factur-x.xml');
    expect(await outcome(pdfWith([{ name: 'order-x.xml', content: '<b/>' }]))).toBe('intake.pdfWithoutInvoice');
    expect(await contentOf(pdfWith([{ name: 'facture.xml', content: INVOICE }]))).toMatchObject({ named: false, files: [{ name: 'facture.xml' }] });
  });

  test('two under names of the standards are both given, the current standard first, also when their keys in the PDF differ from their names', async () => {
    const pdf = pdfWith([{ name: 'ZUGFeRD-invoice.xml', content: '<old/>', key: 'a' }, { name: 'factur-x.xml', content: INVOICE, key: 'b' }, { name: 'factur-x.xml', content: '<other/>', key: 'c' }]);
    expect(await outcome(pdf)).toBe('factur-x.xml, factur-x.xml, ZUGFeRD-invoice.xml');
  });

  test('a PDF without any says how many other files it has', async () => {
    const read = await readPdfAttachments(new Uint8Array(pdfWith([{ name: 'photo.png', content: 'x' }])));
    expect(read.ok ? null : read.error).toMatchObject({ code: 'intake.pdfWithoutInvoice', message: { en: expect.stringContaining('1 other file') } });
    expect(await outcome(pdfWith([]))).toBe('intake.pdfWithoutInvoice');
  });

  test('the metadata says what it announces, whatever its prefix', async () => {
    const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:zz="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"><zz:DocumentType>INVOICE</zz:DocumentType><zz:DocumentFileName>factur-x.xml</zz:DocumentFileName><zz:Version>1.0</zz:Version><zz:ConformanceLevel>BASIC WL</zz:ConformanceLevel></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
    const pdf = pdfWith([FILE], { catalogue: `/Metadata ${firstExtra(1)} 0 R`, objects: [{ dictionary: '/Type /Metadata /Subtype /XML', stream: Buffer.from(xmp) }] });
    expect((await contentOf(pdf)).metadata).toEqual({ fileName: 'factur-x.xml', documentType: 'INVOICE', profile: 'BASIC WL' });
  });
});

describe('what is no PDF', () => {
  test.each([
    ['S3-054 zero bytes', Buffer.alloc(0), 'intake.fileEmpty'],
    ['S3-054 one zero byte', Buffer.alloc(1), 'intake.pdfNotPdf'],
    ['S3-032 HTML under the name of a PDF', Buffer.from('<html>%PD F</html>'), 'intake.pdfNotPdf'],
    ['a header and nothing', Buffer.from('%PDF-1.7\n'), 'intake.pdfDamaged'],
    ['a header and noise', Buffer.concat([Buffer.from('%PDF-1.7\n'), createHash('sha512').update('noise').digest()]), 'intake.pdfDamaged'],
  ])('%s', async (_, bytes, code) => {
    expect(await outcome(bytes)).toBe(code);
  });

  test('S3-035 a PDF that is also HTML before its header is read as the PDF it is', async () => {
    expect(await outcome(Buffer.concat([Buffer.from('<html><script>1</script></html>\n'), pdfWith([FILE])]))).toBe('factur-x.xml');
  });
});

describe('what a PDF may do to its reader', () => {
  test('S3-042 JavaScript does not run', async () => {
    const script = `app.launchURL("${address}", true); this.submitForm("${address}"); while(true){}`;
    const action = `<< /S /JavaScript /JS (${script.replaceAll(/[()\\]/g, '\\$&')}) >>`;
    const pdf = pdfWith([FILE], { catalogue: `/OpenAction ${firstExtra(1)} 0 R /AA << /WC ${firstExtra(1)} 0 R >>`, objects: [action] });
    const before = connections;
    expect(await calmOutcome(pdf)).toEqual({ outcome: 'factur-x.xml', lag: expect.any(Number) });
    expect(connections).toBe(before);
  });

  test('S3-043 an OpenAction opens no address', async () => {
    const before = connections;
    const uri = pdfWith([FILE], { catalogue: `/OpenAction << /S /URI /URI (${address}) >> /URI << /Base (${address}) >>` });
    expect(await outcome(uri)).toBe('factur-x.xml');
    expect(await outcome(pdfWith([FILE], { catalogue: `/OpenAction << /S /GoToR /F << /FS /URL /F (${address}x.pdf) >> /D [0] >>` }))).toBe('factur-x.xml');
    expect(await outcome(pdfWith([FILE], { catalogue: '/OpenAction << /S /Launch /F (/bin/sh) >>' }))).toBe('factur-x.xml');
    expect(connections).toBe(before);
  });

  test('S3-044 an embedded program is counted and never opened', async () => {
    const pdf = pdfWith([{ name: 'setup.exe', content: 'MZ' }, FILE, { name: '../../etc/cron.d/x', content: '* * * * * root' }]);
    expect(await contentOf(pdf)).toMatchObject({ others: 2, files: [{ name: 'factur-x.xml' }] });
    // A file elsewhere is no embedded file.
    const remote = pdfOf(['<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(factur-x.xml) 4 0 R] >> >> >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1 1] >>', `<< /Type /Filespec /FS /URL /F (${address}factur-x.xml) /UF (factur-x.xml) >>`]);
    const before = connections;
    expect(await outcome(remote)).toBe('intake.pdfWithoutInvoice');
    expect(connections).toBe(before);
  });

  test('S3-045 a password is asked for by name, not guessed', async () => {
    const keys = `/O <${'11'.repeat(32)}> /U <${'22'.repeat(32)}>`;
    const pdf = pdfWith([FILE], { trailer: `/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 ${keys} >> /ID [<${'00'.repeat(16)}> <${'00'.repeat(16)}>]` });
    expect(await outcome(pdf)).toBe('intake.pdfEncrypted');
  });

});

describe('what a PDF may cost its reader', () => {
  test('S3-046 a million objects are read without being built', async () => {
    const objects: PdfObject[] = Array.from({ length: 1_000_000 }, () => '0');
    const pdf = pdfWith([FILE], { objects });
    expect(pdf.length).toBeLessThan(52_428_800);
    const read = await calmOutcome(pdf);
    expect(read.outcome).toBe('factur-x.xml');
    expect(read.lag).toBeLessThan(50);
  });

  test('S3-047 tables that point at each other end', async () => {
    const pdf = pdfWith([FILE]);
    const start = pdf.lastIndexOf('xref\n0');
    const loop = Buffer.from(pdf.toString('latin1').replace('/Root 1 0 R', `/Root 1 0 R /Prev ${start}`), 'latin1');
    const read = await calmOutcome(loop);
    expect(read.outcome).toBe('factur-x.xml');
    expect(read.lag).toBeLessThan(50);
    // A table that stands for itself, and names that contain themselves.
    expect(await outcome(Buffer.from(pdf.toString('latin1').replace(/startxref\n\d+/, 'startxref\n0'), 'latin1'))).toBe('factur-x.xml');
    const names = pdfOf(['<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 4 0 R >> >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1 1] >>', '<< /Kids [5 0 R] >>', '<< /Kids [4 0 R] >>']);
    expect(await outcome(names)).toBe('intake.pdfDamaged');
  });

  test('S3-048 pages that contain themselves end', async () => {
    const pdf = pdfOf(['<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(factur-x.xml) 4 0 R] >> >> >>', '<< /Type /Pages /Kids [3 0 R] /Count 2 >>', '<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 2 >>', '<< /Type /Filespec /UF (factur-x.xml) /EF << /F 5 0 R >> >>', packed('/Type /EmbeddedFile', INVOICE)]);
    const read = await calmOutcome(pdf);
    expect(read.outcome).toBe('factur-x.xml');
    expect(read.lag).toBeLessThan(50);
  });

  test('S3-049 an invoice of a gigabyte in a megabyte is stopped by its memory, and the next file is read', async () => {
    const pdf = pdfOf(['<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(factur-x.xml) 4 0 R] >> >> >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1 1] >>', '<< /Type /Filespec /UF (factur-x.xml) /EF << /F 5 0 R >> >>', { dictionary: '/Type /EmbeddedFile /Filter /FlateDecode', stream: await zerosPacked(1024) }]);
    expect(pdf.length).toBeLessThan(2_000_000);
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
    const read = await calmOutcome(pdf);
    clearInterval(watch);
    expect(read.outcome).toBe('intake.readingMemory');
    expect(read.lag).toBeLessThan(50);
    // The limit of 256 MB, the last doubling of a buffer, and what was unpacked before the next look.
    expect(most - before).toBeLessThan(600_000_000);
    expect(await outcome(pdfWith([FILE]))).toBe('factur-x.xml');
  });

  test('S3-049 an invoice of 30 MB is refused by its size', async () => {
    const read = await readPdfAttachments(new Uint8Array(pdfWith([{ name: 'factur-x.xml', content: Buffer.alloc(30_000_000, 0x20) }])));
    expect(read.ok ? null : read.error).toMatchObject({ code: 'intake.pdfAttachmentTooLarge', message: { fr: expect.stringContaining('20971520') } });
  });

});

describe('what else a PDF may hold', () => {
  test('S3-050 ten thousand pages are not opened', async () => {
    const first = firstExtra(1);
    const pages = Array.from({ length: 10_000 }, () => `<< /Type /Page /Parent ${first} 0 R /MediaBox [0 0 595 842] >>`);
    const tree = `<< /Type /Pages /Count 10000 /Kids [${pages.map((_, index) => `${first + 1 + index} 0 R`).join(' ')}] >>`;
    const pdf = Buffer.from(pdfWith([FILE], { objects: [tree, ...pages] }).toString('latin1').replace('/Pages 2 0 R', `/Pages ${first} 0 R`), 'latin1');
    const read = await calmOutcome(pdf);
    expect(read.outcome).toBe('factur-x.xml');
    expect(read.lag).toBeLessThan(50);
  });

  test('S3-051 code in a font is not reached: no font is loaded', async () => {
    const first = firstExtra(1);
    const font = `<< /Type /Font /Subtype /Type1 /BaseFont /X /FontMatrix [1 2 3 4 5 (0\\); process.exit\\(3)] /FontDescriptor ${first + 1} 0 R >>`;
    const pdf = Buffer.from(pdfWith([FILE], { objects: [font, `<< /Type /FontDescriptor /FontName /X /FontFile ${first + 2} 0 R >>`, { dictionary: '/Length1 10', stream: Buffer.from('%!PS-AdobeFont') }] })
      .toString('latin1').replace('/MediaBox [0 0 595 842]', `/MediaBox [0 0 595 842] /Resources << /Font << /F1 ${first} 0 R >> >>`), 'latin1');
    expect(await outcome(pdf)).toBe('factur-x.xml');
    expect(await outcome(pdfWith([FILE]))).toBe('factur-x.xml');
  });

  test('S3-052 an XFA form is neither run nor asked', async () => {
    const xdp = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "${address}">]><xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform><event activity="initialize"><script contentType="application/x-javascript">xfa.host.gotoURL("${address}")</script></event></subform></template>&e;</xdp:xdp>`;
    const before = connections;
    const pdf = pdfWith([FILE], { catalogue: `/AcroForm << /Fields [] /XFA ${firstExtra(1)} 0 R >>`, objects: [packed('', xdp)] });
    expect(await outcome(pdf)).toBe('factur-x.xml');
    expect(connections).toBe(before);
  });

  test('S3-055 a title of 5 MB stays in the thread', async () => {
    const pdf = pdfWith([FILE], { objects: [`<< /Title (${'x'.repeat(5_000_000)}) >>`], trailer: `/Info ${firstExtra(1)} 0 R` });
    const read = await calmOutcome(pdf);
    expect(read.outcome).toBe('factur-x.xml');
    expect(read.lag).toBeLessThan(50);
    const content = await contentOf(pdf);
    expect(JSON.stringify({ ...content, files: [] }).length).toBeLessThan(1_000);
  });

  test('S3-053 S3-056 a second revision replaces the first, signed or not: the last one counts, as in every viewer', async () => {
    const signed = pdfWith([FILE], { catalogue: `/AcroForm << /SigFlags 3 /Fields [${firstExtra(1)} 0 R] >>`, objects: ['<< /FT /Sig /T (s) /V << /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 10 20 30] /Contents <00> >> >>'] });
    const changed = INVOICE.toString('utf8').replace('F2026-0101', 'F2026-0999');
    const revised = revision(signed, { number: 5, content: changed });
    expect((await contentOf(signed)).files[0]?.xml).toEqual(new Uint8Array(INVOICE));
    expect(Buffer.from((await contentOf(revised)).files[0]?.xml ?? []).toString('utf8')).toBe(changed);
  });
});

/** A revision appended to a PDF: one stream replaced, with a table that points back to the former one. */
function revision(pdf: Buffer, { number, content }: { number: number; content: string }): Buffer {
  const text = pdf.toString('latin1');
  const former = /startxref\n(\d+)/.exec(text)?.[1] ?? '0';
  const size = /\/Size (\d+)/.exec(text)?.[1] ?? '0';
  const bytes = Buffer.from(content, 'utf8');
  const entry = Buffer.concat([Buffer.from(`${number} 0 obj\n<< /Type /EmbeddedFile /Length ${bytes.length} >>\nstream\n`, 'latin1'), bytes, Buffer.from('\nendstream\nendobj\n', 'latin1')]);
  const table = `xref\n${number} 1\n${pdf.length.toString().padStart(10, '0')} 00000 n \ntrailer\n<< /Size ${size} /Root 1 0 R /Prev ${former} >>\nstartxref\n${pdf.length + entry.length}\n%%EOF\n`;
  return Buffer.concat([pdf, entry, Buffer.from(table, 'latin1')]);
}

/** So many megabytes of zeros, packed without being held. */
async function zerosPacked(megabytes: number): Promise<Buffer> {
  const deflate = createDeflate({ level: 9 });
  const parts: Buffer[] = [];
  deflate.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise((done) => deflate.on('end', done));
  const megabyte = Buffer.alloc(1_048_576);
  for (let index = 0; index < megabytes; index += 1) if (!deflate.write(megabyte)) await new Promise((done) => deflate.once('drain', done));
  deflate.end();
  await ended;
  return Buffer.concat(parts);
}

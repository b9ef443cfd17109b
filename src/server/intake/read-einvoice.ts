import { readFile, stat } from 'node:fs/promises';
import { MAX_INVOICE_PDF_BYTES, MAX_INVOICE_XML_BYTES } from '#core/intake/einvoice/einvoice-limits.ts';
import { problem, quoted } from '#core/intake/problems.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { readPdfAttachments } from './pdf-attachments.ts';
import type { PdfContent } from './pdf-attachments.ts';
import { readInvoiceXml } from './read-einvoice-xml.ts';
import type { InvoiceXml } from './read-einvoice-xml.ts';
import { readInThread } from './reading-worker-pool.ts';

/** What a file says, and the XML it says it in (of a PDF the embedded one); `xml` is null when nothing was found. */
export type ReadEInvoice = InvoiceXml & { readonly xml: Uint8Array | null };

/** XML up to that size is read at once, in a few milliseconds; a longer one in the reading thread. */
const AT_ONCE_BYTES = 262_144;

/** Reads an electronic invoice or life-cycle message from an XML file, or the invoice embedded in a PDF (Factur-X). The file is left as it is. */
export async function readEInvoiceFile(path: string, kind: 'xml' | 'pdf'): Promise<ReadEInvoice> {
  const limit = kind === 'xml' ? MAX_INVOICE_XML_BYTES : MAX_INVOICE_PDF_BYTES;
  const { size } = await stat(path);
  if (size === 0) return refused(problem('fileEmpty', 0, {}));
  if (size > limit) return refused(problem('fileTooLarge', 0, { bytes: size, limit }));
  const bytes = new Uint8Array(await readFile(path));
  return kind === 'xml' ? readXml(bytes) : readPdf(bytes);
}

const refused = (...problems: readonly Problem[]): ReadEInvoice => ({ syntax: null, reading: null, message: null, xml: null, problems });

async function readXml(bytes: Uint8Array): Promise<ReadEInvoice> {
  if (bytes.length <= AT_ONCE_BYTES) return { ...readInvoiceXml(bytes), xml: bytes };
  const read = await readInThread('invoiceXml', new Uint8Array(bytes));
  return read.ok ? { ...read.value, xml: bytes } : refused(read.error);
}

async function readPdf(bytes: Uint8Array): Promise<ReadEInvoice> {
  const content = await readPdfAttachments(bytes);
  if (!content.ok) return refused(content.error);
  const { files, named, others } = content.value;
  const candidates: (ReadEInvoice & { readonly name: string })[] = [];
  for (const { name, xml } of files) candidates.push({ name, ...(await readXml(xml)) });
  // Under other names a PDF may carry any XML; only what is an invoice counts. Under the standards' names a fault must be told.
  const invoices = named ? candidates : candidates.filter(({ syntax }) => syntax === 'cii' || syntax === 'ubl');
  const [first] = invoices;
  if (first === undefined) return refused(problem('pdfWithoutInvoice', 0, { others: others + files.length }));
  const { name, ...read } = first;
  const odd = named ? [] : [problem('pdfOddName', 0, { name: quoted(name) })];
  return withDoubts(read, [...odd, ...otherInvoice(first, invoices), ...metadataDoubts(content.value, first)]);
}

/** Two invoices of different content: which one counts is for a person to say. */
function otherInvoice(first: ReadEInvoice & { readonly name: string }, invoices: readonly (ReadEInvoice & { readonly name: string })[]): readonly Problem[] {
  const own = Buffer.from(first.xml ?? []);
  const other = invoices.find((each) => !own.equals(each.xml ?? new Uint8Array()));
  return other === undefined ? [] : [problem('pdfTwoInvoices', 0, { first: quoted(first.name), second: quoted(other.name) })];
}

/** Doubts about the PDF go to the problems of the invoice inside; two invoices keep it for review. */
function withDoubts(read: ReadEInvoice, doubts: readonly Problem[]): ReadEInvoice {
  const held = doubts.filter(({ code }) => code === 'intake.pdfTwoInvoices').map(({ code }) => code);
  const problems = [...doubts, ...read.problems];
  const reading = read.reading === null ? null : { ...read.reading, contradictions: [...held, ...read.reading.contradictions], problems };
  return { ...read, reading, problems };
}

/** Profiles as the metadata calls them, and as the guideline of the XML (BT-24) ends or contains them. */
const PROFILES: ReadonlyMap<string, RegExp> = new Map([
  ['minimum', /:minimum$/i], ['basicwl', /:basicwl$/i], ['basic', /[:#]basic$/i], ['en16931', /en16931(?::2017)?$|:comfort$/i],
  ['comfort', /:comfort$|en16931(?::2017)?$/i], ['extended', /extended/i], ['xrechnung', /xrechnung/i],
]);

/** What the metadata announces and the XML does not say. The printed page itself is not read. */
function metadataDoubts({ metadata }: PdfContent, first: ReadEInvoice & { readonly name: string }): readonly Problem[] {
  const doubts: Problem[] = [];
  const differ = (announced: string, found: string): number => doubts.push(problem('pdfProfileDiffers', 0, { first: quoted(announced), second: quoted(found) }));
  const { fileName, documentType, profile } = metadata;
  if (fileName !== null && fileName.toLowerCase() !== first.name.toLowerCase()) differ(fileName, first.name);
  if (documentType !== null && !/^(?:invoice|credit ?note)$/i.test(documentType)) differ(documentType, 'INVOICE');
  const guideline = first.reading?.invoice?.profile ?? null;
  const expected = profile === null ? undefined : PROFILES.get(profile.toLowerCase().replaceAll(/[\s_-]/g, ''));
  if (profile !== null && guideline !== null && expected !== undefined && !expected.test(guideline)) differ(profile, guideline);
  return doubts;
}

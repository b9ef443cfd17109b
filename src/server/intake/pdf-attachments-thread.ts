import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { MAX_INVOICE_XML_BYTES } from '#core/intake/einvoice/einvoice-limits.ts';
import type { PdfContent, PdfFault, PdfMetadata } from './pdf-attachments.ts';

/** Names the standards give the embedded invoice, the current one first: Factur-X and ZUGFeRD 2.1, XRechnung, ZUGFeRD 2.0 and 1.0. */
const INVOICE_NAMES: readonly string[] = ['factur-x.xml', 'xrechnung.xml', 'zugferd-invoice.xml'];

/** Embedded orders and delivery notes of the Order-X and Deliver-X standards. */
const OTHER_STANDARDS: ReadonlySet<string> = new Set(['order-x.xml', 'deliver-x.xml', 'cida.xml']);

/** Embedded files looked at; invoices carry a handful. */
const ATTACHMENTS_MAX = 1_000;

/** XML files unpacked: the invoices, and others only when none has a known name. */
const XML_FILES_MAX = 10;

/** Characters kept of a name or a metadata value. */
const TEXT_MAX = 200;

/** Reads the embedded XML files of a PDF. Nothing is rendered, no script of the document runs, no address is fetched. Runs in the reading thread. */
export async function readAttachments(bytes: Uint8Array): Promise<PdfContent | PdfFault> {
  const loading = getDocument({
    data: bytes, verbosity: 0, stopAtErrors: true, enableXfa: false, disableFontFace: true, useSystemFonts: false, fontExtraProperties: false,
    useWorkerFetch: false, useWasm: false, disableAutoFetch: true, disableRange: true, disableStream: true, isOffscreenCanvasSupported: false, isImageDecoderSupported: false,
  });
  try {
    const document = await loading.promise;
    return await readContent(document);
  } catch (error) {
    return faultOf(error);
  } finally {
    await loading.destroy();
  }
}

/** Names of the errors of pdf.js when a password is needed or wrong. */
const faultOf = (error: unknown): PdfFault => ({ fault: error instanceof Error && error.name === 'PasswordException' ? 'encrypted' : 'damaged' });

type Listed = { readonly id: string; readonly name: string };

async function readContent(document: PDFDocumentProxy): Promise<PdfContent | PdfFault> {
  const listed = listedIn(await document.getAttachments());
  const chosen = chooseXml(listed);
  const files: { name: string; xml: Uint8Array }[] = [];
  for (const { id, name } of chosen.slice(0, XML_FILES_MAX)) {
    const content: unknown = await document.getAttachmentContent(id);
    if (!(content instanceof Uint8Array)) continue;
    if (content.length > MAX_INVOICE_XML_BYTES) return { fault: 'attachmentTooLarge', name };
    // A copy of its own: the original is a view on the whole document.
    files.push({ name, xml: new Uint8Array(content) });
  }
  const named = files.length > 0 && INVOICE_NAMES.includes(files[0]?.name.toLowerCase() ?? '');
  return { files, named, others: listed.length - files.length, metadata: await readMetadata(document) };
}

/** pdf.js gives a map from the key of each embedded file to its names, or nothing. */
function listedIn(attachments: unknown): readonly Listed[] {
  if (!(attachments instanceof Map)) return [];
  return [...attachments.entries()].slice(0, ATTACHMENTS_MAX).flatMap(([id, value]: [unknown, unknown]): Listed[] => {
    if (typeof id !== 'string' || typeof value !== 'object' || value === null) return [];
    const name = 'filename' in value && typeof value.filename === 'string' && value.filename !== 'unnamed' ? value.filename : id;
    return [{ id, name: name.slice(0, TEXT_MAX) }];
  });
}

/** The files of a known name, the current standard first; without any, every other XML file. */
function chooseXml(listed: readonly Listed[]): readonly Listed[] {
  const rank = ({ name }: Listed): number => INVOICE_NAMES.indexOf(name.toLowerCase());
  const known = listed.filter((each) => rank(each) >= 0).toSorted((a, b) => rank(a) - rank(b));
  if (known.length > 0) return known;
  return listed.filter(({ name }) => name.toLowerCase().endsWith('.xml') && !OTHER_STANDARDS.has(name.toLowerCase()));
}

/** What the XMP metadata says of the embedded invoice; a document without readable metadata says nothing. */
async function readMetadata(document: PDFDocumentProxy): Promise<PdfMetadata> {
  const nothing: PdfMetadata = { fileName: null, documentType: null, profile: null };
  const found: unknown = await document.getMetadata().catch(() => null);
  if (typeof found !== 'object' || found === null || !('metadata' in found)) return nothing;
  const { metadata } = found;
  if (typeof metadata !== 'object' || metadata === null || !(Symbol.iterator in metadata)) return nothing;
  const values = new Map<string, string>();
  for (const entry of metadata as Iterable<unknown>) {
    const [key, value] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
    // The prefix is "fx", "zf" or whatever the writer chose: the local name decides.
    if (typeof key === 'string' && typeof value === 'string') values.set(key.slice(key.indexOf(':') + 1).toLowerCase(), value.slice(0, TEXT_MAX));
  }
  return { fileName: values.get('documentfilename') ?? null, documentType: values.get('documenttype') ?? null, profile: values.get('conformancelevel') ?? null };
}

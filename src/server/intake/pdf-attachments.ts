import { MAX_INVOICE_XML_BYTES } from '#core/intake/einvoice/einvoice-limits.ts';
import { problem, quoted } from '#core/intake/problems.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, never, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { readInThread } from './reading-worker-pool.ts';

/** What the metadata of a PDF says of its embedded invoice (Factur-X 1.0, XMP extension), as written. */
export type PdfMetadata = { readonly fileName: string | null; readonly documentType: string | null; readonly profile: string | null };

/** The XML files of a PDF that may be its invoice. `named`: they bear a name of the standards. */
export type PdfContent = {
  readonly files: readonly { readonly name: string; readonly xml: Uint8Array }[];
  readonly named: boolean;
  /** Embedded files of other names, never opened. */
  readonly others: number;
  readonly metadata: PdfMetadata;
};

/** Why a PDF gives nothing. */
export type PdfFault = { readonly fault: 'encrypted' | 'damaged' } | { readonly fault: 'attachmentTooLarge'; readonly name: string };

/** The header stands in the first kilobyte (ISO 32000-1, note 13 of annex H). */
const HEADER = '%PDF-';
const HEADER_WITHIN = 1024;

/**
 * Finds the XML files embedded in a PDF, in a thread of its own with limits; the bytes are handed over. Errors: `pdfNotPdf`, `pdfDamaged`,
 * `pdfEncrypted`, `pdfAttachmentTooLarge`, `pdfWithoutInvoice` and those of `ReadingWorker`.
 */
export async function readPdfAttachments(bytes: Uint8Array): Promise<Result<PdfContent, Problem>> {
  if (bytes.length === 0) return err(problem('fileEmpty', 0, {}));
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(HEADER_WITHIN, bytes.length)).includes(HEADER)) return err(problem('pdfNotPdf', 0, {}));
  const read = await readInThread('pdfAttachments', bytes);
  if (!read.ok) return read;
  if ('fault' in read.value) return err(problemOf(read.value));
  return read.value.files.length === 0 ? err(problem('pdfWithoutInvoice', 0, { others: read.value.others })) : ok(read.value);
}

function problemOf(found: PdfFault): Problem {
  switch (found.fault) {
    case 'encrypted':
      return problem('pdfEncrypted', 0, {});
    case 'damaged':
      return problem('pdfDamaged', 0, {});
    case 'attachmentTooLarge':
      return problem('pdfAttachmentTooLarge', 0, { name: quoted(found.name), limit: MAX_INVOICE_XML_BYTES });
    default:
      return never(found);
  }
}

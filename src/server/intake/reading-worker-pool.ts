import type { Problem } from '#core/kernel/problem.ts';
import { ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { PdfContent, PdfFault } from './pdf-attachments.ts';
import type { InvoiceXml } from './read-einvoice-xml.ts';
import { ReadingWorker } from './reading-worker.ts';

/** What each named reading of the thread gives. */
export type Readings = { readonly pdfAttachments: PdfContent | PdfFault; readonly invoiceXml: InvoiceXml };

/** Ten seconds and 256 MB: the largest invoices read in under one second and 60 MB. */
const LIMITS = { millis: 10_000, heapMegabytes: 256, bufferMegabytes: 256 };

const worker = new ReadingWorker({ entry: new URL('reading-worker-thread.ts', import.meta.url), limits: LIMITS });

/** Runs a reading of our own thread file on bytes that are handed over. Errors are those of `ReadingWorker`. */
export async function readInThread<Name extends keyof Readings>(name: Name, bytes: Uint8Array): Promise<Result<Readings[Name], Problem>> {
  const read = await worker.run(name, bytes);
  // The thread runs our own file, whose readings have these types; what libraries gave it was checked there.
  return read.ok ? ok(read.value as Readings[Name]) : read;
}

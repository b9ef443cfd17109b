import type { Problem } from '#core/kernel/problem.ts';
import { ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { PdfContent, PdfFault } from './pdf-attachments.ts';
import type { InvoiceXml } from './read-einvoice-xml.ts';
import type { SheetRows } from './read-xlsx.ts';
import { ReadingWorker } from './reading-worker.ts';

/** What each named reading of the thread gives. */
export type Readings = { readonly pdfAttachments: PdfContent | PdfFault; readonly invoiceXml: InvoiceXml };

const ENTRY = new URL('reading-worker-thread.ts', import.meta.url);

/** Ten seconds and 256 MB: the largest invoices read in under one second and 60 MB. */
const worker = new ReadingWorker({ entry: ENTRY, limits: { millis: 10_000, heapMegabytes: 256, bufferMegabytes: 256 } });

/** Workbooks have a thread of their own: 500,000 rows of a ledger take some 20 seconds and 700 MB, and no invoice waits for them. */
const workbooks = new ReadingWorker({ entry: ENTRY, limits: { millis: 60_000, heapMegabytes: 1_024, bufferMegabytes: 512 } });

/** Reads a workbook apart. The value is what `readXlsx` gives. */
export async function readWorkbookInThread(bytes: Uint8Array): Promise<Result<Result<SheetRows, Problem>, Problem>> {
  const read = await workbooks.run('workbook', bytes);
  return read.ok ? ok(read.value as Result<SheetRows, Problem>) : read;
}

/** Runs a reading of our own thread file on bytes that are handed over. Errors are those of `ReadingWorker`. */
export async function readInThread<Name extends keyof Readings>(name: Name, bytes: Uint8Array): Promise<Result<Readings[Name], Problem>> {
  const read = await worker.run(name, bytes);
  // The thread runs our own file, whose readings have these types; what libraries gave it was checked there.
  return read.ok ? ok(read.value as Readings[Name]) : read;
}

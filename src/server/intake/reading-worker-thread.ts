import { parentPort } from 'node:worker_threads';
import type { ReadingAnswer } from './reading-worker.ts';

/** The readings this thread knows; each loads only what it needs. */
const READINGS: Readonly<Record<string, (bytes: Uint8Array) => Promise<unknown>>> = {
  pdfAttachments: async (bytes) => (await import('./pdf-attachments-thread.ts')).readAttachments(bytes),
  workbook: async (bytes) => (await import('./read-xlsx.ts')).readXlsx(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
  invoiceXml: async (bytes) => (await import('./read-einvoice-xml.ts')).readInvoiceXml(bytes),
};

async function answer(asked: { readonly name: string; readonly bytes: Uint8Array }): Promise<ReadingAnswer> {
  const reading = READINGS[asked.name];
  if (reading === undefined) return { failed: 'unknown reading' };
  try {
    return { value: await reading(asked.bytes) };
  } catch (error) {
    return { failed: error instanceof Error ? error.name : 'unknown' };
  }
}

parentPort?.on('message', (asked: { readonly name: string; readonly bytes: Uint8Array }) => {
  void answer(asked).then((given) => parentPort?.postMessage(given, []));
});

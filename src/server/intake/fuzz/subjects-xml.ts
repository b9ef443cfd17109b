import { createCamtReader } from '#core/intake/bank/camt.ts';
import type { BankLine, BankStatement } from '#core/intake/bank/bank-line.ts';
import type { BankReading } from '#core/intake/bank/bank-text-reading.ts';
import type { EInvoice } from '#core/intake/einvoice/einvoice.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { readInvoiceXml } from '../read-einvoice-xml.ts';
import type { InvoiceXml } from '../read-einvoice-xml.ts';
import { readXmlBytes } from '../read-xml.ts';
import { CAMT_AMOUNTS, drawPair } from './balanced-statements.ts';
import { bankOutcome } from './bank-outcome.ts';
import type { GivenSum, Outcome } from './outcome.ts';
import { seedFiles } from './seeds.ts';
import { drawText } from './subject.ts';
import type { Subject } from './subject.ts';
import { xmlShape } from './text-shape.ts';

/** Reads a camt as `readCamtBytes` does and keeps what it gives. */
export function readCamtKept(bytes: Buffer): BankReading & { readonly before: readonly Problem[] } {
  const lines: BankLine[] = [];
  const statements: BankStatement[] = [];
  const reader = createCamtReader({ line: (line) => lines.push(line), statement: (statement) => statements.push(statement) });
  const read = readXmlBytes(bytes, reader);
  return { summary: reader.end(read.ok ? null : read.error), lines, statements, before: read.ok ? read.value : [] };
}

const ENTRY = /<(?:[A-Za-z_][\w.-]*:)?Ntry[\s>]/gu;

function camtOutcome(bytes: Buffer, reading: ReturnType<typeof readCamtKept>): Outcome {
  const outcome = bankOutcome(reading, { before: reading.before, recognised: null });
  const entries = new Set(reading.lines.map((line, index) => (line.batch === null ? -1 - index : line.batch.entry))).size;
  const text = bytes.toString('latin1');
  // A comment may hold whole entries, and an element of another vocabulary is none of ours.
  const hidden = text.includes('<!--') || text.includes('<![CDATA[') || text.includes('SplmtryData');
  return { ...outcome, given: entries, recognised: hidden ? null : (text.match(ENTRY)?.length ?? 0) };
}

/** An invoice that contradicts nothing adds up: BR-CO-15 and BR-CO-16 of EN 16931. */
function invoiceSums(invoice: EInvoice): GivenSum[] {
  const { net, tax, gross, prepaid, rounding, due } = invoice.totals;
  // MINIMUM leaves out what was prepaid, EXTENDED has further parts.
  const isPlain = !/:minimum$|extended/iu.test(invoice.profile ?? '');
  const sums: GivenSum[] = [];
  if (net !== null && tax !== null && gross !== null) sums.push({ what: 'total with tax', said: gross, given: net + tax });
  if (gross !== null && isPlain) sums.push({ what: 'amount due', said: due, given: gross - (prepaid ?? 0n) + (rounding ?? 0n) });
  return sums;
}

/** What is said of an XML document, as it is judged: an invoice or a message, or why it is neither. */
export function invoiceOutcome({ reading, message, problems }: InvoiceXml): Outcome {
  const invoice = reading?.invoice ?? null;
  const held = (reading?.contradictions.length ?? 0) > 0;
  const breaches = held && reading?.contradictions.some((code) => !problems.some((one) => one.code === `intake.${code}` || one.code === code)) === true ? ['a contradiction that no problem tells'] : [];
  return {
    accepted: invoice !== null || message !== null, problems, sums: invoice === null || held ? [] : invoiceSums(invoice), balanced: [],
    given: invoice === null ? (message?.documents.length ?? 0) : 1, recognised: null, breaches,
  };
}

/** How the two kinds of XML are read, so that faulty readers can stand in their place. */
export type XmlReaders = { readonly camt: typeof readCamtKept; readonly invoice: (bytes: Buffer) => InvoiceXml };

const REAL: XmlReaders = { camt: readCamtKept, invoice: readInvoiceXml };

/** camt, CII, UBL and CDAR. */
export function xmlSubjects(readers: XmlReaders = REAL): readonly Subject[] {
  const seeds = (fixtures: readonly string[], samples: readonly string[]): Buffer[] => seedFiles({ fixtures, samples, ends: /\.xml$/u });
  const invoices: readonly (readonly [string, Buffer[]])[] = [
    ['cii', seeds(['cii'], [])], ['ubl', seeds(['ubl'], [])], ['cdar', seeds(['cdar'], ['fr_lifecycle_cdar'])],
  ];
  return [
    { name: 'camt', draw: drawText(seeds(['camt'], ['camt052', 'camt053', 'camt054']), xmlShape), read: (bytes) => camtOutcome(bytes, readers.camt(bytes)), pair: drawPair(CAMT_AMOUNTS) },
    ...invoices.map(([name, files]): Subject => ({ name, draw: drawText(files, xmlShape), read: (bytes) => invoiceOutcome(readers.invoice(bytes)) })),
  ];
}

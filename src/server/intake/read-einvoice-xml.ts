import type { EInvoiceReading, LifecycleMessage } from '#core/intake/einvoice/einvoice.ts';
import { readCdar } from '#core/intake/einvoice/read-cdar.ts';
import { readCii } from '#core/intake/einvoice/read-cii.ts';
import { readUbl } from '#core/intake/einvoice/read-ubl.ts';
import { recogniseInvoice } from '#core/intake/einvoice/recognise-invoice.ts';
import type { InvoiceSyntax } from '#core/intake/einvoice/recognise-invoice.ts';
import { problem, quoted } from '#core/intake/problems.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { never } from '#core/kernel/result.ts';
import { readXmlTree } from './read-xml.ts';

/** What an XML document says: an invoice, a life-cycle message, or why it is neither. */
export type InvoiceXml = {
  readonly syntax: InvoiceSyntax | null;
  readonly reading: EInvoiceReading | null;
  readonly message: LifecycleMessage | null;
  readonly problems: readonly Problem[];
};

/** Reads the bytes of an XML document as an invoice or a life-cycle message. */
export function readInvoiceXml(bytes: Uint8Array): InvoiceXml {
  const nothing: InvoiceXml = { syntax: null, reading: null, message: null, problems: [] };
  const root = readXmlTree(bytes);
  if (!root.ok) return { ...nothing, problems: [root.error] };
  const syntax = recogniseInvoice(root.value);
  switch (syntax) {
    case 'cii':
    case 'ubl': {
      const reading = syntax === 'cii' ? readCii(root.value) : readUbl(root.value);
      return { ...nothing, syntax, reading, problems: reading.problems };
    }
    case 'cdar': {
      const { message, problems } = readCdar(root.value);
      return { ...nothing, syntax, message, problems };
    }
    case null:
      return { ...nothing, problems: [problem('einvoiceUnknownRoot', root.value.line, { root: quoted(root.value.name) })] };
    default:
      return never(syntax);
  }
}

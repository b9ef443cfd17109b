import type { EInvoice, EInvoiceReading, LifecycleReading } from '../einvoice/einvoice.ts';
import { readCdar } from '../einvoice/read-cdar.ts';
import { readCii } from '../einvoice/read-cii.ts';
import { readUbl } from '../einvoice/read-ubl.ts';
import { recogniseInvoice } from '../einvoice/recognise-invoice.ts';
import { xmlFromText } from './xml-from-text.ts';

/** Reads an invoice in whatever syntax its root says; throws when it is none. */
export function readInvoiceText(text: string): EInvoiceReading {
  const root = xmlFromText(text);
  const syntax = recogniseInvoice(root);
  if (syntax === 'cii') return readCii(root);
  if (syntax === 'ubl') return readUbl(root);
  throw new Error(`no invoice: ${root.name}`);
}

/** Same, when there must be an invoice. */
export function invoiceOf(text: string): EInvoice {
  const { invoice, problems } = readInvoiceText(text);
  if (invoice === null) throw new Error(problems.map(({ message }) => message.en).join('\n'));
  return invoice;
}

/** Reads a life-cycle message. */
export const readCdarText = (text: string): LifecycleReading => readCdar(xmlFromText(text));

/** A text with one passage replaced; throws when it is not there, so that a test cannot lose its change. */
export function altered(text: string, passage: string | RegExp, by: string): string {
  const changed = text.replace(passage, by);
  if (changed === text) throw new Error(`nothing to alter: ${String(passage)}`);
  return changed;
}

/** Codes of the problems without their prefix, in order. */
export const codesOf = ({ problems }: { readonly problems: EInvoiceReading['problems'] }): string[] => problems.map(({ code }) => code.replace('intake.', ''));

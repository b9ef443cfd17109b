import type { Day } from '#core/kernel/day.ts';
import { dueDate, parseTerms } from '../../ledger/terms.ts';
import { quoted } from '../problems.ts';
import type { EInvoice } from './einvoice.ts';
import type { InvoiceValues } from './invoice-values.ts';
import { termsProposal } from './terms-proposal.ts';

/** The due date that the terms propose for an invoice without one; says so, or that there is none. Only for documents that ask to be paid. */
export function proposeDueDay(invoice: EInvoice, values: InvoiceValues, line: number): Day | null {
  if (invoice.dueDates.length > 0 || invoice.kind === 'creditNote' || invoice.totals.due <= 0n) return null;
  const text = invoice.termsText;
  if (text === null) {
    values.problems.add('einvoiceDueMissing', line, {});
    return null;
  }
  const printed = termsProposal(text);
  const terms = printed === null ? null : parseTerms(printed);
  if (printed === null || terms?.ok !== true) {
    values.problems.add('einvoiceTermsUnread', line, { text: quoted(text) });
    return null;
  }
  const day = dueDate(invoice.issuedOn, terms.value);
  values.problems.add('einvoiceTermsProposed', line, { text: quoted(text), terms: printed, day });
  return day;
}

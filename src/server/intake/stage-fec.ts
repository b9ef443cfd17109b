import type { FecLine } from '#core/intake/fec-line.ts';
import { CopyWriter } from '#server/plumbing/copy.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

const COLUMNS = 'line, account, code, name, entry_on, issued_on, due_on, document, label, kind, side, amount, lettrage, lettrage_on, opening, currency, open_amount, paid_on';

/** Temporary table of the transaction that receives the customer lines of one file. */
export async function createStage(t: Tenant): Promise<CopyWriter> {
  await t.run(t.sql`
    create temporary table stage_line (
      line bigint not null, account text not null, code text not null, name text not null, entry_on date not null, issued_on date not null,
      due_on date, document text not null, label text not null, kind text not null, side text not null, amount bigint not null,
      lettrage text not null, lettrage_on date, opening boolean not null, currency text not null, open_amount bigint, paid_on date
    ) on commit drop`);
  return new CopyWriter(t.connection, `stage_line (${COLUMNS})`);
}

const CREDIT_NOTE = /\b(avoir|credit note|note de crédit)\b/i;
/** A label that begins with the means of payment is a payment, whatever it deducts ("VIR DUPONT FA12 AVOIR DEDUIT"). */
const PAID_BY = /^\W*(?:vir(?:ement)?|ch(?:è|e)?q(?:ue)?|pr(?:é|e)?l(?:è|e)?v(?:ement)?|cb|carte|remise|encaissement|r(?:è|e)glement|versement|transfer|payment|sepa)\b/iu;
const DEPOSIT = /\b(acompte|deposit)\b/i;
const REFUND = /\b(rejet|impayé|rembours|refund|chargeback)/i;

/** What a ledger line is, from its journal and its words; the side is certain, the kind is only how it is called. */
export function kindOf(line: FecLine, side: 'debit' | 'credit'): string {
  if (line.opening && line.documentNumber === '') return 'opening';
  if (side === 'debit') {
    if (REFUND.test(line.label)) return 'refund';
    return DEPOSIT.test(line.label) ? 'deposit' : 'invoice';
  }
  if (PAID_BY.test(line.label)) return 'receipt';
  return CREDIT_NOTE.test(line.label) || CREDIT_NOTE.test(line.piece) ? 'creditNote' : 'receipt';
}

/**
 * Adds a line of a customer account. An invoice counts from its document's day; a receipt from the day it was booked, because that is
 * when the money was there; what was carried over from the year before keeps the document's day.
 */
export function stageLine(writer: CopyWriter, line: FecLine): void {
  const side = line.debit > 0n ? 'debit' : 'credit';
  const amount = side === 'debit' ? line.debit : line.credit;
  if (amount === 0n) return;
  const fromDocument = side === 'debit' || line.opening;
  const issuedOn = fromDocument && line.pieceOn !== null && line.pieceOn <= line.entryOn ? line.pieceOn : line.entryOn;
  const code = line.customerCode === '' ? line.account : line.customerCode;
  const name = line.customerName === '' ? code : line.customerName;
  writer.row([
    String(line.line), line.account, code.slice(0, 80), name.slice(0, 300), line.entryOn, issuedOn, line.dueOn, line.documentNumber, line.label,
    kindOf(line, side), side, String(amount), line.lettrage, line.lettrageOn, line.opening ? 't' : 'f', 'EUR', null, null,
  ]);
}

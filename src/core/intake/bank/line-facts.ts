import type { BankLine } from './bank-line.ts';

/**
 * The facts by which a line is the same line in any later file of its format: days, amount, references and texts. Entry numbers are left
 * out, banks use them again; genuine twins have the same facts and are told apart by how many there are.
 */
export function lineFacts(line: BankLine): string {
  return [
    line.status, line.bookedOn, line.valueOn ?? '', String(line.minor), line.currency, line.bankReference ?? '', line.endToEndId ?? '', line.mandateId ?? '',
    line.counterparty.name ?? '', line.counterparty.iban ?? '', fold(line.label), fold(line.remittance),
  ].join('\u001f');
}

/** Blanks and case differ between two exports of one entry. */
const fold = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim().toLowerCase();

import type { EInvoice } from './einvoice.ts';

/** What an UNTDID 1001 code means for the customer account; `claim` is false when the document asks nobody to pay. */
export type DocumentKind = { readonly kind: EInvoice['kind']; readonly claim: boolean };

const INVOICE: DocumentKind = { kind: 'invoice', claim: true };
const DEPOSIT: DocumentKind = { kind: 'deposit', claim: true };
const DEBIT: DocumentKind = { kind: 'debitNote', claim: true };
const CREDIT: DocumentKind = { kind: 'creditNote', claim: true };
const NO_CLAIM: DocumentKind = { kind: 'invoice', claim: false };

/**
 * Type codes (BT-3) that may appear. Source: UNTDID 1001 as EN 16931 restricts it (code lists of the Connecting Europe Facility, subsets
 * "invoice" and "credit note"), and the self-billed, factored and prepayment codes that the French rule BR-FR-04 adds (471-473, 500-503).
 */
const KINDS: ReadonlyMap<string, DocumentKind> = new Map([
  // 380 commercial, 382 commission, 384 corrected, 385 consolidated, 387 hire, 388 tax, 389 self-billed, 390 delcredere, 393 factored,
  // 394 lease, 395 consignment; 326 partial, 331 with packing list, 456 debit advice, 575 insurer's, 623 forwarder's, 780 freight.
  ...['380', '382', '384', '385', '387', '388', '389', '390', '393', '394', '395', '326', '331', '456', '575', '623', '780'].map((code) => [code, INVOICE] as const),
  // Requests for payment of works and supplies: 71, 82 metered, 102, 202 to 204 valuations, 211, 218, 219, 295 price variation,
  // 633 port charges, 817 claim notification, 875 to 877 construction invoices.
  ...['71', '82', '102', '202', '203', '204', '211', '218', '219', '295', '633', '817', '875', '876', '877'].map((code) => [code, INVOICE] as const),
  // Corrected (471 self-billed, 472 factored, 473 both) and self-billed factored (501).
  ...['471', '472', '473', '501'].map((code) => [code, INVOICE] as const),
  // 751 carries the figures of an invoice whose printed form is the original: ZUGFeRD MINIMUM and BASIC WL use it.
  ['751', INVOICE],
  ...['386', '500'].map((code) => [code, DEPOSIT] as const),
  // 383 debit note, 80 for goods or services, 84 for financial adjustments, 527 self-billed, 458 reversal of a credit.
  ...['383', '80', '84', '527', '458'].map((code) => [code, DEBIT] as const),
  // 381 credit note, 81 goods or services, 83 financial adjustments, 261 self-billed, 262 consolidated, 296 price variation,
  // 308 delcredere, 396 factored, 420 OCR payment, 457 reversal of a debit, 502 self-billed factored, 503 of a deposit, 532 forwarder's.
  ...['381', '81', '83', '261', '262', '296', '308', '396', '420', '457', '502', '503', '532'].map((code) => [code, CREDIT] as const),
  // 130 data sheet, 325 pro forma, 553 discrepancy report, 870 consular, 935 customs.
  ...['130', '325', '553', '870', '935'].map((code) => [code, NO_CLAIM] as const),
]);

/** What a type code means; null for a code that EN 16931 and the French rules do not know. */
export const documentKind = (typeCode: string): DocumentKind | null => KINDS.get(typeCode) ?? null;

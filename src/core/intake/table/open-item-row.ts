import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';

/** The fields a column of a table may be mapped to; a closed list. */
export const TARGET_FIELDS = [
  'customerCode', 'customerName', 'document', 'kind', 'issuedOn', 'dueOn', 'amount', 'openAmount', 'debit', 'credit',
  'currency', 'email', 'phone', 'addressLine1', 'addressLine2', 'postalCode', 'city', 'country', 'siren', 'vatNumber',
  'terms', 'contactName', 'label', 'paidOn', 'language', 'lettering', 'status',
] as const;

/** One of `TARGET_FIELDS`. */
export type TargetField = (typeof TARGET_FIELDS)[number];

/** What a row is for the customer account. */
export type ItemKind = 'invoice' | 'deposit' | 'creditNote' | 'receipt' | 'opening' | 'other';

/** One row of a table of open items or invoices. Amounts are minor units of `currency`, never negative: `side` says which way. */
export type OpenItemRow = {
  /** Line of the file where the row starts (row of the sheet for a workbook), 1 being the first. */
  readonly line: number;
  /** As written; the customer's name when the table has no code column. Never ''. */
  readonly customerCode: string;
  readonly customerName: string;
  /** Document number as written, '' when the table gives none. */
  readonly document: string;
  readonly kind: ItemKind;
  /** `debit`: the customer owes it; `credit`: credit note, receipt. */
  readonly side: 'debit' | 'credit';
  readonly issuedOn: Day | null;
  readonly dueOn: Day | null;
  /** Total of the document including tax; the open amount when the table gives no other. */
  readonly amount: bigint;
  /** What is still due of it; null when the table does not say. */
  readonly openAmount: bigint | null;
  readonly currency: Currency;
  readonly paidOn: Day | null;
  readonly label: string;
  readonly terms: string;
  /** Code under which an accounting export letters rows of a customer against each other; '' when open, partly lettered or not said. */
  readonly lettering: string;
  readonly customer: OpenItemCustomer;
};

/** What a row says of its customer besides code and name; each '' when the table does not give it. */
export type OpenItemCustomer = {
  readonly email: string;
  readonly phone: string;
  readonly contactName: string;
  readonly addressLine1: string;
  readonly addressLine2: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
  readonly siren: string;
  readonly vatNumber: string;
  readonly language: string;
};

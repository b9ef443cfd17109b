import type { BankLine } from '#core/intake/bank/bank-line.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';

/**
 * What a bank line is, thousandths of all lines. Nobody publishes such shares: they are set so that a French business-to-business
 * account looks lived in, mostly plain references, and so that each rarer kind still has a few dozen of 5,000 lines.
 */
export const SHARES = {
  /** One document, its number whole. Most payers copy it: it is the field their accounting program fills by itself. */
  exact: 396,
  /** The structured reference (RF…) printed on the invoice, read by the payer's bank from the code. */
  creditorReference: 15,
  /** Our own direct debit: the end-to-end id is the number we gave. */
  directDebit: 25,
  /** Several documents in one transfer, each number whole: pay runs. */
  several: 95,
  /** Several documents, the numbers after the first cut to their end ("FA26-000123, 124 ET 127"). */
  listed: 15,
  /** The number without prefix or zeros. */
  short: 65,
  /** A space inside the number, where the bank's format cut the text into pieces. */
  broken: 15,
  /** One character wrong. */
  mistyped: 25,
  /** The payer's name and words that name nothing. */
  nameOnly: 55,
  /** Neither name nor words: only the account it came from, which paid before. */
  noText: 40,
  /** The payer writes its own order number. */
  ownNumber: 25,
  /** The payer's file still has the text of an earlier payment. */
  oldReference: 8,
  /** The number of another document that is open too: the line above in the payer's list. */
  otherDocument: 4,
  /** "Factures octobre": a period in words. */
  period: 10,
  /** Less than what is open, the rest later. */
  part: 35,
  /** A bank in between kept its fee. */
  fees: 12,
  /** Cents dropped or a round sum. */
  rounding: 15,
  /** Early-payment discount taken, sometimes too late. */
  discount: 18,
  /** A credit note taken off, named or not. */
  creditNote: 25,
  /** A company of the group pays for another, or for both at once. */
  group: 17,
  /** Somebody else pays: a director, an insurer, another customer. */
  otherPayer: 10,
  overpaid: 6,
  /** A document paid before is paid again. */
  paidTwice: 5,
  /** A customer with two open documents of one amount. */
  sameAmount: 18,
  /** A direct debit comes back: money out. */
  returned: 8,
  /** A deposit of cheques: one sum of several customers. */
  cheques: 5,
  /** Refunds of suppliers, interest, card settlements, tax: no customer's money. */
  stranger: 33,
} as const;

/** What a line is, and what is wrong with it. */
export type Mess = keyof typeof SHARES;

/**
 * How far a line says what it pays, judged without looking at any program's answer:
 * `text`: the words or structured references name every document (and credit note), by whole number, or by its end when the payer is told by
 * a unique name or an account that paid before and none of its other open documents ends so; and the amount is what is open on them, or less by a
 * discount still valid, by at most `SMALL_GAP` (fees, cents) or on one document alone (a part), or more (the excess stays).
 * `reasoned`: not `text`, but the payer is told, or documents are named, and what it has open (of the month named) explains the amount in one way only.
 * `unknowable`: nobody could tell from the line and the books (or it pays nothing that is open).
 */
export type Clarity = 'text' | 'reasoned' | 'unknowable';

/** Money set on an open item of the book, by its key. */
export type Part = { readonly item: string; readonly minor: bigint };

/** What really happened. `minor` of the line = parts − credits + left − writeOff; parts of money that went back are below zero. */
export type Truth = {
  readonly mess: Mess;
  readonly clarity: Clarity;
  /** Code of the customer that keeps what is left, and that paid; null when the money is no customer's, or of several. */
  readonly customer: string | null;
  readonly parts: readonly Part[];
  /** Open credits used up with it. */
  readonly credits: readonly Part[];
  /** Stays a credit of the customer, or for a stranger's line the whole amount. */
  readonly left: bigint;
  /** What the document loses without money: a fee, cents, a discount. */
  readonly writeOff: { readonly minor: bigint; readonly reason: 'bankFees' | 'rounding' | 'discount' } | null;
};

/** The fields of a bank line that come from the payer and its bank. */
export type StatementLine = Pick<BankLine,
  'bookedOn' | 'minor' | 'currency' | 'counterparty' | 'endToEndId' | 'mandateId' | 'bankReference' | 'creditorReference' | 'documents' | 'remittance' | 'label' | 'returned'>;

/** A bank line and the truth about it. */
export type SimulatedLine = { readonly id: string; readonly line: StatementLine; readonly truth: Truth };

/** A document or a loose credit of the books. */
export type BookItem = {
  readonly key: string;
  readonly number: string;
  readonly kind: 'invoice' | 'deposit' | 'creditNote' | 'receipt';
  /** Code of its customer. */
  readonly customer: string;
  readonly issuedOn: Day;
  /** Null for credits. */
  readonly dueOn: Day | null;
  readonly amount: bigint;
  readonly currency: Currency;
  /** Structured references printed on it. */
  readonly references: readonly string[];
  readonly discount: { readonly payable: bigint; readonly until: Day } | null;
  /** What is open; it changes when the next day is taken. */
  readonly left: bigint;
};

/** Money amounts up to which a difference is commonly put down to fees or cents without asking: 5.00. */
export const SMALL_GAP = 500n;

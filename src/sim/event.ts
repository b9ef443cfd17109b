import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Means, SimCustomer } from './customer.ts';

/** What a document is. */
export type DocumentKind = 'invoice' | 'deposit' | 'creditNote';

type Happened = { readonly on: Day; readonly customer: SimCustomer };

/** A movement of a customer's account; `id` is its rank in the company's life, `amount` euro cents above zero. */
type Movement = Happened & { readonly id: number; readonly number: string; readonly amount: bigint };

/** A document went out. `net` + `vat` = what it bills; a final invoice bills all and asks for `amount` = that less the deposit. */
export type Issued = Movement & {
  readonly kind: 'issued';
  readonly document: DocumentKind;
  /** Null for credit notes. */
  readonly dueOn: Day | null;
  readonly net: bigint;
  readonly vat: bigint;
  /** What deposits already billed of it, tax excluded and tax. */
  readonly deposit: { readonly net: bigint; readonly vat: bigint } | null;
  /** Amount in the customer's currency when that is not the euro. */
  readonly foreign: { readonly amount: bigint; readonly currency: Currency } | null;
  /** Number of the document it corrects or completes. */
  readonly about: string | null;
};

/** Money came in. `gain` is the exchange difference in euro cents: what the bank gave beyond `amount`, or less than it. */
export type Received = Movement & { readonly kind: 'received'; readonly means: Means; readonly gain: bigint; readonly foreign: Issued['foreign']; readonly about: readonly string[] };

/** Money went back: a direct debit or a cheque was rejected, or too much paid was returned. */
export type Returned = Movement & { readonly kind: 'returned'; readonly why: 'rejected' | 'refund'; readonly about: string };

/** The accountant marked lines as belonging together: `whole` ones sum to zero, the others are a part payment so far. */
export type Lettered = Happened & { readonly kind: 'lettered'; readonly code: string; readonly whole: boolean; readonly members: readonly number[] };

/** The customer contests a document, until a day. */
export type Disputed = Happened & { readonly kind: 'disputed'; readonly about: string; readonly reason: 'delivery' | 'price' | 'quality' | 'paperwork'; readonly until: Day };

/** The customer promised to pay a document by a day. */
export type Promised = Happened & { readonly kind: 'promised'; readonly about: string; readonly by: Day };

/** A court opened insolvency proceedings; nothing is paid after. */
export type Insolvent = Happened & { readonly kind: 'insolvent' };

/** Something that happened to the company on a day. */
export type CompanyEvent = Issued | Received | Returned | Lettered | Disputed | Promised | Insolvent;

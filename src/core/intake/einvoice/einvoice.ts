import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Problem } from '#core/kernel/problem.ts';

/** A party of an invoice. SIREN and SIRET are kept only when their check digits are right. */
export type InvoiceParty = {
  readonly name: string;
  readonly siren: string | null;
  readonly siret: string | null;
  readonly vatNumber: string | null;
  /** Electronic address and its scheme (0225 is the French directory). */
  readonly electronicAddress: { readonly scheme: string | null; readonly id: string } | null;
  readonly addressLines: readonly string[];
  readonly postalCode: string | null;
  readonly city: string | null;
  /** ISO 3166 alpha-2. */
  readonly country: string | null;
  readonly contactName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
};

/** An invoice or credit note of EN 16931, in the terms that getting it paid needs (BT and BG numbers are the standard's). */
export type EInvoice = {
  readonly syntax: 'cii' | 'ubl';
  /** BT-24, as written. */
  readonly profile: string | null;
  /** BT-1. */
  readonly number: string;
  /** BT-3. */
  readonly typeCode: string;
  readonly kind: 'invoice' | 'deposit' | 'debitNote' | 'creditNote';
  /** BT-2. */
  readonly issuedOn: Day;
  /** BT-9; several only in extended profiles, `minor` then says how much falls due (null: all of it). */
  readonly dueDates: readonly { readonly on: Day; readonly minor: bigint | null }[];
  /** BT-20. */
  readonly termsText: string | null;
  /** BT-5. */
  readonly currency: Currency;
  readonly totals: {
    /** BT-109, BT-110, BT-112, BT-113, BT-114, BT-115; null where the profile leaves them out. Signed as written. */
    readonly net: bigint | null;
    readonly tax: bigint | null;
    readonly gross: bigint | null;
    readonly prepaid: bigint | null;
    readonly rounding: bigint | null;
    readonly due: bigint;
  };
  /** BG-23: category, rate as written, base and tax. */
  readonly taxes: readonly { readonly category: string; readonly rate: string | null; readonly base: bigint; readonly tax: bigint }[];
  readonly seller: InvoiceParty;
  readonly buyer: InvoiceParty;
  /** BG-10, when someone else than the seller is to be paid (a factor). */
  readonly payee: InvoiceParty | null;
  /** BG-16, one per account to pay to or means named. */
  readonly payments: readonly {
    readonly meansCode: string | null;
    readonly iban: string | null;
    readonly account: string | null;
    readonly bic: string | null;
    /** BT-83. */
    readonly reference: string | null;
    /** BT-89, BT-90. */
    readonly mandateId: string | null;
    readonly creditorId: string | null;
  }[];
  readonly references: {
    /** BT-10, BT-13, BT-12, BT-11. */
    readonly buyer: string | null;
    readonly order: string | null;
    readonly contract: string | null;
    readonly project: string | null;
    /** BG-3: the invoices this one corrects or credits. */
    readonly preceding: readonly { readonly number: string; readonly issuedOn: Day | null }[];
  };
  /** BG-1; the French ones carry PMT, PMD, AAB or TXD. */
  readonly notes: readonly { readonly code: string | null; readonly text: string }[];
  readonly lines: number;
};

/** An invoice as read. It may be booked only when nothing in `contradictions` (they are among the problems too) asks a person to look. */
export type EInvoiceReading = {
  readonly invoice: EInvoice | null;
  /** Codes of problems because of which the invoice is kept for review instead of becoming an item. */
  readonly contradictions: readonly string[];
  /** Due date that the payment terms (BT-20) propose when there is no BT-9; a person or the customer's own terms decide. */
  readonly proposedDueOn: Day | null;
  readonly problems: readonly Problem[];
};

/** An amount that a status carries: what was paid or approved (MDT-207 type, MDT-215, MDT-219, MDT-224). */
export type LifecycleAmount = { readonly type: string; readonly minor: bigint; readonly currency: Currency; readonly on: Day | null; readonly percent: string | null };

/** Why a status was given (MDG-37). */
export type LifecycleReason = {
  /** MDT-113, as written. */
  readonly code: string | null;
  /** MDT-114. */
  readonly text: string | null;
  /** MDT-121, what is asked of us. */
  readonly action: string | null;
  /** MDT-126, and the data named wrong or awaited ("DIV BT-84: …"); never acted upon by a program. */
  readonly notes: readonly string[];
  readonly amounts: readonly LifecycleAmount[];
};

/** A life-cycle message (CDAR) about documents, nearly always one. */
export type LifecycleMessage = {
  /** MDT-4, the message itself. */
  readonly identification: string | null;
  /** MDT-77: 305 transmission phase, 23 treatment phase; null when missing or when the message mixes both. */
  readonly phase: string | null;
  /** MDT-8, when the message was made: its day, and "YYYY-MM-DDTHH:MM:SS" in the writer's time (no zone is stated). */
  readonly issuedAt: string | null;
  readonly issuedOn: Day;
  /** Who says it: the buyer's or a platform's SIREN and name. */
  readonly from: { readonly siren: string | null; readonly name: string | null; readonly role: string | null };
  readonly documents: readonly {
    /** Number of the invoice (MDT-87), its day (MDT-100), and the SIREN of who issued it (MDT-129). */
    readonly number: string;
    readonly issuedOn: Day | null;
    readonly issuerSiren: string | null;
    /** MDT-105: 200 Déposée … 213 Rejetée. Three digits; `lifecycleStatus` says what it means. */
    readonly status: string;
    /** MDT-78, when the status was given (MDT-8 when left out). */
    readonly statedOn: Day;
    readonly statedAt: string | null;
    readonly reasons: readonly LifecycleReason[];
    readonly line: number;
  }[];
};

/** A life-cycle message as read; no message when there is an error. */
export type LifecycleReading = { readonly message: LifecycleMessage | null; readonly problems: readonly Problem[] };

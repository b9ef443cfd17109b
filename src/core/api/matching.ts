import type { WriteOffReason } from '../matching/matching.ts';
import type { Bilingual } from '../kernel/text.ts';

/** A customer as a list names it. */
export type CustomerRef = { readonly id: string; readonly code: string; readonly name: string };

/** An item and what is taken of it. Amounts are decimal texts in the currency of the line. */
export type PartView = {
  readonly item: string; readonly customer: CustomerRef; readonly document: string | null; readonly label: string | null; readonly kind: string;
  readonly issuedOn: string; readonly dueOn: string | null; readonly open: string;
  /** What the proposal takes of it; equal to `open` where nothing is proposed. */
  readonly amount: string;
};

/** Why a person lets something go: what matching proposes, and what only a person can know. */
export const WRITE_OFF_REASONS = ['bankFees', 'rounding', 'discount', 'goodwill', 'lost'] as const satisfies readonly (WriteOffReason | 'goodwill' | 'lost')[];
/** One of them. */
export type PersonWriteOffReason = (typeof WRITE_OFF_REASONS)[number];

/** One way to use the money of a line. */
export type ProposalView = {
  readonly customer: CustomerRef;
  /** Debts paid, in order; empty: only whose money it is. They may be of other customers of the payer's group. */
  readonly parts: readonly PartView[];
  readonly credits: readonly PartView[];
  readonly writeOff: { readonly amount: string; readonly reason: WriteOffReason } | null;
  /** Stays a loose credit of the customer. */
  readonly left: string;
  readonly confidence: number;
  readonly evidence: readonly Bilingual[];
};

/** Money received, as the lettrage lists show it: a bank line, or a credit that stands loose on an account. */
export type LineView = {
  /** "line-12" or "credit-34". */
  readonly key: string;
  readonly kind: 'bankLine' | 'credit';
  readonly bookedOn: string;
  readonly amount: string;
  readonly currency: string;
  /** The bank account as people name it (its name, or its last four characters); null for a credit. */
  readonly account: string | null;
  readonly payer: string | null;
  /** Last four characters of the payer's IBAN. */
  readonly payerIban: string | null;
  readonly text: string;
  /** Structured references as written. */
  readonly references: readonly string[];
};

/** A line to be placed, with what may be done with it, best first. */
export type OpenLineView = LineView & {
  /** Known for a credit. */
  readonly customer: CustomerRef | null;
  /** Whose reminders wait until somebody has looked at this line. */
  readonly holdsBack: CustomerRef | null;
  readonly proposals: readonly ProposalView[];
  /** False: not every combination was tried. */
  readonly complete: boolean;
  /** Why it was not placed by itself. */
  readonly why: Bilingual | null;
  readonly notices: readonly Bilingual[];
};

/** A line somebody, or matching itself, has placed. */
export type PlacedView = LineView & {
  readonly match: string;
  readonly customers: readonly CustomerRef[];
  readonly documents: readonly { readonly document: string; readonly amount: string }[];
  readonly writeOff: { readonly amount: string; readonly reason: string } | null;
  /** Of the money, still loose today. */
  readonly left: string;
  readonly automatic: boolean;
  readonly confidence: number | null;
  readonly evidence: readonly Bilingual[];
  readonly madeAt: string;
  readonly actor: string;
  readonly undone: { readonly at: string; readonly actor: string; readonly reason: string } | null;
  /** Null when it can be taken back; else why not. */
  readonly fixed: Bilingual | null;
};

/** Why money is no customer's. */
export const DISMISS_REASONS = ['ownTransfer', 'loan', 'tax', 'interest', 'supplierRefund', 'otherIncome', 'other'] as const;
/** One of them. */
export type DismissReason = (typeof DISMISS_REASONS)[number];

/** A line that a person said is no customer's money. */
export type DismissedView = LineView & { readonly reason: string; readonly note: string | null; readonly at: string; readonly actor: string };

/** A page of lines; `next` asks for the following one. */
export type LinePage<Line> = { readonly lines: readonly Line[]; readonly next: string | null };

/** Where lettrage stands. */
export type MatchingSummary = {
  readonly open: { readonly lines: number; readonly credits: number; readonly sums: readonly { readonly currency: string; readonly amount: string }[] };
  readonly placed: number;
  readonly dismissed: number;
  /** Measured on this ledger: lines applied by themselves, and how many of them a person took back. */
  readonly automatic: { readonly applied: number; readonly undone: number; readonly since: string | null };
  /** No statement was ever imported. */
  readonly noBank: boolean;
};

/** What is open on one account in one currency, oldest due first. */
export type OpenAccount = { readonly customer: CustomerRef; readonly debits: readonly PartView[]; readonly credits: readonly PartView[]; readonly truncated: boolean };

/** What a person decides on a line: one or more uses, each on one customer's account. They must not exceed the line; what is left stays a loose credit of the first one. */
export type Placing = {
  readonly line: string;
  readonly uses: readonly {
    readonly customer: string;
    readonly parts: readonly { readonly item: string; readonly amount: string }[];
    readonly credits: readonly { readonly item: string; readonly amount: string }[];
    readonly writeOff: { readonly amount: string; readonly reason: PersonWriteOffReason; readonly note: string | null } | null;
  }[];
};

/** What was made of a line: the match that undoing takes back whole. */
export type Placed = { readonly match: string };

/** What carrying out the certain ones did. */
export type AutomaticResult = { readonly applied: number; readonly linked: number; readonly left: number };

/** A rule of the user on lines, as it is edited. Amounts are decimal texts. */
export type LineRuleView = {
  readonly name: string;
  readonly amountFrom: string | null; readonly amountTo: string | null; readonly currency: string | null;
  readonly words: readonly string[]; readonly without: readonly string[];
  readonly outcome: { readonly kind: 'match' | 'propose' | 'ignore' } | { readonly kind: 'customer'; readonly customer: string };
};

/** Settings of lettrage. */
export type MatchingSettings = {
  /** What is certain is placed after every import, without anybody asking. */
  readonly afterImport: boolean;
  readonly automaticFrom: number;
  /** Percent as decimal text ("1"), cap in whole units of each currency. */
  readonly tolerance: { readonly percent: string; readonly capUnits: number };
  readonly partPayments: 'automatic' | 'propose';
  readonly writeOffs: 'automatic' | 'propose';
  /** Times a payer must have been seen; null: remembered payers are only proposed. */
  readonly rememberedPayers: number | null;
  readonly imputation: 'principalFirst' | 'interestFirst';
  readonly oldestFirst: boolean;
  readonly earlyPayment: { readonly rate: string; readonly days: number; readonly on: 'both' | 'net' } | null;
  readonly lines: readonly LineRuleView[];
};

import type { Currency } from '../kernel/currency.ts';
import type { Day } from '../kernel/day.ts';
import type { CustomerId, ItemId } from '../kernel/id.ts';
import type { Rate } from '../kernel/rate.ts';
import type { Evidence } from './evidence.ts';

/** Money to be set against debts: a booked bank line, or a credit that stands loose on a customer's account. */
export type Incoming = {
  /** The caller's own key, given back in the proposal. */
  readonly id: string;
  readonly source: 'bankLine' | 'credit';
  /** The credit item itself when it stands on the account already, so that it is not taken in a second time; null for a bank line. */
  readonly item: ItemId | null;
  readonly bookedOn: Day;
  /** Above 0; anything else gets no candidate (`notReceived`). */
  readonly minor: bigint;
  readonly currency: Currency;
  /** Known for loose credits and where a person chose; null when the payer is to be found. */
  readonly customer: CustomerId | null;
  readonly payer: { readonly name: string | null; readonly iban: string | null; readonly ultimateName: string | null };
  readonly references: {
    readonly endToEndId: string | null;
    /** As written: with or without spaces, any case. */
    readonly creditorReference: string | null;
    readonly mandateId: string | null;
    /** Document numbers of structured remittance. */
    readonly documents: readonly string[];
  };
  /** Remittance and label as written, joined by a space. */
  readonly text: string;
};

/** Kinds of debits, as the ledger has them. */
export type DebitKind = 'invoice' | 'deposit' | 'debitNote' | 'refund' | 'opening' | 'other';

/** Kinds of credits, as the ledger has them. */
export type CreditKind = 'creditNote' | 'receipt' | 'opening' | 'other';

/** A debit that is open: `open` is what is left of `amount`, both above 0. Items that are paid are left out (or have `open` 0 and are passed over). */
export type OpenDebit = {
  readonly item: ItemId;
  readonly customer: CustomerId;
  readonly document: string | null;
  readonly kind: DebitKind;
  readonly currency: Currency;
  readonly open: bigint;
  readonly amount: bigint;
  readonly issuedOn: Day;
  readonly dueOn: Day;
  /** What our letters, QR codes and payment links print for this debt: RF references, other structured references, an order number. */
  readonly references: readonly string[];
  /** Early-payment discount offered: `payable` settles what is open when it comes by `until` (included). Null when none was. */
  readonly discount: { readonly payable: bigint; readonly until: Day } | null;
};

/** A credit of which `open` is not set against a debit yet: a credit note, a receipt, an opening credit. */
export type OpenCredit = {
  readonly item: ItemId;
  readonly customer: CustomerId;
  readonly document: string | null;
  readonly kind: CreditKind;
  readonly currency: Currency;
  readonly open: bigint;
  readonly issuedOn: Day;
};

/** A customer as matching knows it. `group` is shared by customers that pay for one another; null when it pays for itself alone. */
export type KnownCustomer = {
  readonly id: CustomerId;
  readonly code: string;
  readonly name: string;
  readonly siren: string | null;
  /** Electronic form. */
  readonly ibans: readonly string[];
  readonly group: string | null;
};

/** How often a payer's key was seen to pay for a customer. */
export type Remembered = { readonly customer: CustomerId; readonly times: number };

/** How often and when last a person refused that a payer's key stands for a customer. */
export type Refused = { readonly times: number; readonly lastOn: Day };

/**
 * What earlier decisions taught, never what was guessed. Keys come from `payerKeys` (memory.ts): electronic IBANs, folded payer names and
 * mandates; `refused` is keyed by `refusalKey`.
 */
export type PayerMemory = {
  readonly ibans: ReadonlyMap<string, readonly Remembered[]>;
  readonly labels: ReadonlyMap<string, readonly Remembered[]>;
  readonly refused: ReadonlyMap<string, Refused>;
};

/** Which lines a rule of the user speaks of; null or an empty list asks nothing. Words are whole words without case or accents, "toto*" any word that begins so. */
export type LineFilter = {
  /** Minor units of `currency`, bounds included. */
  readonly amountFrom: bigint | null;
  readonly amountTo: bigint | null;
  readonly currency: Currency | null;
  /** All of them stand in the text, the payer's name or a reference. */
  readonly words: readonly string[];
  /** None of them does. */
  readonly without: readonly string[];
};

/** A rule of the user. The first one whose filter fits decides and the others are not asked. */
export type LineRule = {
  readonly name: string;
  readonly when: LineFilter;
  /** `match` as usual; `propose` but never by itself; `ignore` is no customer's money; `customer` says whose it is. */
  readonly outcome: { readonly kind: 'match' | 'propose' | 'ignore' } | { readonly kind: 'customer'; readonly customer: CustomerId };
};

/** Settings of an organisation (rules.ts has the ones it starts with). */
export type MatchingRules = {
  /** What may be missing from a payment and be written off: at most `percent` of what was owed and at most the cap of the currency (minor units). Never upward. */
  readonly tolerance: { readonly percent: Rate; readonly capMinor: (currency: Currency) => bigint };
  /** Confidence from which a candidate that may be automatic is, 0 to 100. */
  readonly automaticFrom: number;
  /** A payment below the one document it names. */
  readonly partPayments: 'automatic' | 'propose';
  /** A payment short by no more than the tolerance, of documents it names. */
  readonly writeOffs: 'automatic' | 'propose';
  /** An account seen `times` times or more that pays exactly one item without naming it; null: always proposed only. */
  readonly rememberedPayers: { readonly times: number } | null;
  /** Order inside a debt, for `imputation.ts`. */
  readonly imputation: 'principalFirst' | 'interestFirst';
  /** Whether paying the oldest debts is proposed when nothing else explains the money; otherwise it is proposed as a loose credit. */
  readonly oldestFirst: boolean;
  readonly lines: readonly LineRule[];
};

/** An amount of an item: above 0, at most what is open of it. */
export type Part = { readonly item: ItemId; readonly minor: bigint };

/** Why less than what was owed settles it. */
export type WriteOffReason = 'bankFees' | 'rounding' | 'discount';

/**
 * One way to use the money. It adds up exactly: incoming + Σ credits + writeOff = Σ parts + left. With several reasons to let something
 * go there are several candidates, never one that mixes them.
 */
export type Candidate = {
  /** Whose account the money goes to. `parts` may be of other customers of its group. */
  readonly customer: CustomerId;
  /** Debits paid, in the order they are paid; empty when only the customer is known. */
  readonly parts: readonly Part[];
  /** Credits taken in. */
  readonly credits: readonly Part[];
  /** Stays a loose credit of the customer, 0 or more. */
  readonly left: bigint;
  /** Counted inside `parts`: the parts settle their items, this much of it was never received. */
  readonly writeOff: { readonly minor: bigint; readonly reason: WriteOffReason } | null;
  /** 0 to 100. */
  readonly confidence: number;
  /** Never empty; what names the debts and the payer first, then what explains the amount. */
  readonly evidence: readonly Evidence[];
};

/** Why nothing is done by itself. Sentences: `whyWords` (evidence-words.ts). */
export type NotAutomatic =
  | 'notReceived' | 'ignoredByRule' | 'noCandidate' | 'otherCurrency' | 'rulePropose' | 'equalCandidates' | 'noTextEvidence' | 'mistyped'
  | 'payerDiffers' | 'severalCustomers' | 'someOfNamed' | 'notNamed' | 'amountNotExplained' | 'partPaymentRule' | 'writeOffRule' | 'belowThreshold';

/** What is proposed for one incoming amount. */
export type Proposal = {
  readonly incoming: string;
  /** Best first, at most `CANDIDATES_MAX`. */
  readonly candidates: readonly Candidate[];
  /** False when another set of as few items may make the amount: not every combination was tried, or the search stopped at the second that does. Of what the text names nothing else is sought. */
  readonly complete: boolean;
  /** The first candidate when it may be carried out without a person; null otherwise, and `why` says why. */
  readonly automatic: Candidate | null;
  readonly why: NotAutomatic | null;
  /** Seen and not used: debts named or fitting in another currency. */
  readonly notices: readonly Evidence[];
};

/** What a matcher is built from: one organisation. */
export type MatchingFacts = {
  readonly debits: readonly OpenDebit[];
  readonly credits: readonly OpenCredit[];
  readonly customers: readonly KnownCustomer[];
  readonly memory: PayerMemory;
};

/** Indexes built once, asked for each incoming amount. The order of the facts changes no answer. */
export type Matcher = {
  propose(incoming: Incoming): Proposal;
  /** Lowers what is open by what a candidate uses, so that the next incoming amount is not set against the same debts. Throws when it is no longer open. */
  take(candidate: Pick<Candidate, 'parts' | 'credits'>): void;
};

/** Candidates of a proposal: more than a screen shows helps nobody choose. */
export const CANDIDATES_MAX = 5;

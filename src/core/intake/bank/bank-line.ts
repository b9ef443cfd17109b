import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Problem } from '#core/kernel/problem.ts';

/** Formats that bring bank lines. */
export type BankFormat = 'camt053' | 'camt054' | 'camt052' | 'cfonb120' | 'cfonb240' | 'mt940' | 'ofx' | 'table';

/** The account a statement speaks of, as the file names it. */
export type BankAccount = {
  /** Electronic form, check digits right; null when the file has none or it is wrong (then it stands in `other`). */
  readonly iban: string | null;
  /** Any other identification, as written: bank, branch and account of a CFONB file, `:25:` of MT940, `ACCTID` of OFX. */
  readonly other: string | null;
  readonly bic: string | null;
  readonly name: string | null;
  readonly currency: Currency;
};

/** A balance: positive when the bank owes us. `on` is null where the file gives no day. */
export type BankBalance = { readonly minor: bigint; readonly on: Day | null };

/** One statement of a file, known whole once its last line was read. */
export type BankStatement = {
  /** Position in the file from 0, the one its lines carry. */
  readonly ordinal: number;
  /** Line of the file where it starts. */
  readonly line: number;
  readonly account: BankAccount;
  /** What the bank calls it: `Stmt/Id`, `:20:`; null when it has no name. */
  readonly identification: string | null;
  /** Electronic or legal sequence number as text (`:28C:`, `ElctrncSeqNb`); null when there is none. */
  readonly sequence: string | null;
  readonly from: Day | null;
  readonly until: Day | null;
  /** Null where the format has no balances (camt.054, CFONB 240) or the file leaves them out. */
  readonly opening: BankBalance | null;
  readonly closing: BankBalance | null;
  /** Booked lines only. */
  readonly lines: number;
  readonly pending: number;
  /** Sum of booked lines, signed. */
  readonly movement: bigint;
  /** `opening + movement = closing`; null when a balance is missing. A statement that is not balanced is kept for a person to look at. */
  readonly balanced: boolean | null;
};

/** Why a payment came back: ISO 20022 reason code (AC04, AM04, MD06…) or the bank's own, and its words. */
export type BankReturn = { readonly code: string | null; readonly text: string | null };

/** One entry of a statement, or one transaction of a batched entry. Every format gives this shape. */
export type BankLine = {
  /** `ordinal` of its statement. */
  readonly statement: number;
  /** Line of the file where it starts, from 1. */
  readonly line: number;
  /** Pending and information-only entries are shown and never allocated. */
  readonly status: 'booked' | 'pending' | 'info';
  readonly bookedOn: Day;
  readonly valueOn: Day | null;
  /** Signed minor units: positive is money that came in. */
  readonly minor: bigint;
  readonly currency: Currency;
  /** Amount and currency before conversion; null when there was none. */
  readonly original: { readonly minor: bigint; readonly currency: Currency } | null;
  readonly counterparty: {
    readonly name: string | null;
    /** Electronic form, check digits right. */
    readonly iban: string | null;
    /** Account as written when it is no valid IBAN. */
    readonly account: string | null;
    readonly bic: string | null;
    /** The party behind it (UltmtDbtr, NPO): who really owed. */
    readonly ultimateName: string | null;
  };
  readonly endToEndId: string | null;
  readonly mandateId: string | null;
  /** The bank's own reference (AcctSvcrRef, FITID, `//ref`, CFONB reference field). */
  readonly bankReference: string | null;
  /** Structured creditor reference (RF…, Belgian, QR) as written. */
  readonly creditorReference: string | null;
  /** Document numbers named in structured remittance. */
  readonly documents: readonly string[];
  /** Free remittance text, pieces joined by one space (or nothing where the format cuts words). */
  readonly remittance: string;
  /** The entry's own label or additional information. */
  readonly label: string;
  /** Kind of transaction as the file says it: `PMNT/RCDT/ESCT`, `NTRF`, interbank code, `CREDIT`. */
  readonly transactionCode: string | null;
  /** Set when this is a returned or rejected payment, ours or theirs. */
  readonly returned: BankReturn | null;
  /** True when the entry reverses one that was booked before (`RvslInd`, RC/RD). */
  readonly reversal: boolean;
  /** A transaction of a batched entry: the batch's position in the file from 0 and how many it has; null for a lone entry. */
  readonly batch: { readonly entry: number; readonly count: number } | null;
  /** The source text, or for XML the values of the entry as `Path=value` lines; at most `MAX_RAW_CHARS`. */
  readonly raw: string;
};

/** Receives lines as they come, then each statement once it is whole. They count only when the summary accepts. */
export type BankSink = { line(line: BankLine): void; statement(statement: BankStatement): void };

/** What a whole file held. `lines` counts booked lines, `credit` and `debit` their unsigned sums in the currency of the first statement. */
export type BankSummary = {
  readonly accepted: boolean;
  readonly statements: number;
  readonly lines: number;
  readonly pending: number;
  readonly credit: bigint;
  readonly debit: bigint;
  readonly currency: Currency | null;
  readonly problems: readonly Problem[];
};

/** Reads a bank file given as text in pieces cut anywhere. */
export type BankReader = {
  /** False when the rest of the file would not be read. */
  push(text: string): boolean;
  end(): BankSummary;
};

import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Problem } from '#core/kernel/problem.ts';

/** Which customer account a FEC line moves: 411, 413 (bills receivable), 416 (doubtful) or 4191 (deposits received). */
export type ReceivableClass = 'customer' | 'bill' | 'doubtful' | 'depositReceived';

/** Where a line's customer code was found: its own column, the account number, the auxiliary name, or nowhere. */
export type CustomerCodeSource = 'auxiliary' | 'account' | 'name' | 'none';

/** One receivable line of a FEC, as typed as the file allows. Amounts are minor units of EUR, never negative, one of the two is 0n. */
export type FecLine = {
  /** Line of the file, the header being 1. */
  readonly line: number;
  readonly receivable: ReceivableClass;
  readonly journal: string;
  readonly journalLabel: string;
  readonly entryNumber: string;
  readonly entryOn: Day;
  readonly account: string;
  readonly accountLabel: string;
  /** Auxiliary account, third party embedded in the account number, or auxiliary name; '' when the line names nobody. */
  readonly customerCode: string;
  readonly customerCodeFrom: CustomerCodeSource;
  readonly customerName: string;
  /** PieceRef as written. */
  readonly piece: string;
  readonly pieceOn: Day | null;
  readonly label: string;
  readonly debit: bigint;
  readonly credit: bigint;
  /** Lettering code as written; '' when open. Lower case is partial lettering by habit of the big editors. */
  readonly lettrage: string;
  readonly lettrageOn: Day | null;
  readonly validOn: Day | null;
  /** Amount in `currency`, in its minor units, signed as debit − credit; null when the file gives none. */
  readonly currencyAmount: bigint | null;
  readonly currency: Currency | null;
  /** From an extra column (DateEcheance…); a FEC by the book has no due date. */
  readonly dueOn: Day | null;
  /** True for an opening balance carried from the year before (à-nouveau). */
  readonly opening: boolean;
  /** The document's number: PieceRef, or the one found in the label when PieceRef is empty, "-" or "AN"; '' when none. */
  readonly documentNumber: string;
};

/** What the amounts columns are: one debit and one credit, or an amount with a side (D/C or +1/-1). */
export type FecAmountStyle = 'debitCredit' | 'amountSide';

/** Who receives what a FEC contains, line by line, in the order of the file. */
export type FecSink = {
  /** Called once per line on a receivable account. */
  line(line: FecLine): void;
};

/** SIREN and closing day that a FEC's file name declares. */
export type FecFileName = { readonly siren: string; readonly closingOn: Day; readonly part: number | null };

/** What a whole FEC was: its dialect, its control totals and all that is wrong or doubtful in it. */
export type FecSummary = {
  /** False when any problem is an error: the file must not be applied. */
  readonly accepted: boolean;
  readonly separator: 'tab' | 'pipe' | 'semicolon' | 'comma' | null;
  readonly amountStyle: FecAmountStyle | null;
  /** Canonical field to header text as written, in column order. */
  readonly columns: readonly { readonly field: string; readonly header: string; readonly index: number }[];
  /** Columns whose header is not one of ours; they are not read. */
  readonly extraColumns: readonly string[];
  /** Data lines (header and blank lines not counted). */
  readonly lines: number;
  readonly receivableLines: number;
  /** Runs of lines with the same journal and entry number. */
  readonly entries: number;
  readonly unbalancedEntries: number;
  /** Over all lines of the file, EUR minor units. */
  readonly totalDebit: bigint;
  readonly totalCredit: bigint;
  readonly firstEntryOn: Day | null;
  readonly lastEntryOn: Day | null;
  readonly fileName: FecFileName | null;
  /** True when at least one receivable line is lettered. */
  readonly lettered: boolean;
  readonly problems: readonly Problem[];
};

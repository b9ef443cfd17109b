import type { Bilingual } from '../kernel/text.ts';
import type { ProblemView } from './faults.ts';

/** How a table is read: which column (from 0) is which field, and how numbers and dates are written. */
export type MappingView = {
  readonly headerLine: number;
  readonly columns: Readonly<Record<string, number>>;
  readonly decimalStyle: string | null;
  readonly dayOrder: string | null;
  /** `items` (absent: the same) or `bank`. */
  readonly kind?: string | undefined;
  /** What rows standing alone are: `customer` or `ignored`. */
  readonly groups?: string | undefined;
  /** Columns of an aged balance. */
  readonly buckets?: readonly number[] | undefined;
  /** Bank table whose amounts are charged with a plus. */
  readonly inverseSign?: boolean | undefined;
  /** Bank table whose last row is the balance. */
  readonly lastRowBalance?: boolean | undefined;
};

/** What was understood of a table. */
export type UnderstoodView = {
  readonly headers: readonly string[];
  readonly sample: readonly (readonly string[])[];
  readonly mapping: MappingView;
  readonly notes: readonly { readonly column: number; readonly field: string | null; readonly confidence: string; readonly reason: Bilingual }[];
  readonly remembered: boolean;
  /** The export recognised, of an accounting program or a bank. */
  readonly profile?: { readonly key: string; readonly name: Bilingual } | null | undefined;
};

/** What became of a file. `toConfirm`: it was only read; a person says whether the columns are right. */
export type ImportOutcome = {
  readonly stage: 'toConfirm' | 'applied' | 'unchanged' | 'refused';
  readonly importId: string | null;
  readonly fileName: string;
  readonly format: string | null;
  readonly lines: number;
  readonly created: CreatedView;
  readonly changed: Readonly<Record<string, number>>;
  /** Decimal texts of the file's main currency. */
  readonly totals: { readonly debit: string; readonly credit: string; readonly balance: string };
  /** The first ones, errors before warnings. */
  readonly problems: readonly ProblemView[];
  readonly problemsTotal: number;
  readonly errors: number;
  readonly understood: UnderstoodView | null;
  /** What the books say of it; null when it brought nothing to them. */
  readonly found: FoundView | null;
  /** When and by whom the same content was imported before; null unless `unchanged`. */
  readonly before: { readonly at: string; readonly by: string } | null;
  /** Refused because it is of a bank account that nobody said is the company's. */
  readonly foreignAccount: boolean;
};

/** What was matched by itself after imports: placed by evidence, booked in the ledger already, and bank lines left to a person. `fault`: it failed, the imports stand. */
export type MatchedView = { readonly applied: number; readonly linked: number; readonly left: number; readonly fault: Bilingual | null };

/** What an import added. */
export type CreatedView = { readonly customers: number; readonly debits: number; readonly credits: number; readonly allocations: number; readonly bankLines: number };

/** A customer that a file speaks of. */
export type NamedCustomer = { readonly id: string; readonly name: string };

/** What a file is about, as the books hold it after the import; amounts are decimal texts. */
export type FoundView =
  | { readonly kind: 'ledger'; readonly from: string | null; readonly until: string | null }
  | {
    readonly kind: 'bank';
    readonly accounts: readonly {
      readonly account: string; readonly name: string | null; readonly currency: string; readonly from: string | null; readonly until: string | null;
      readonly closing: string | null; readonly lines: number; readonly toReview: boolean;
    }[];
  }
  | {
    readonly kind: 'invoice'; readonly number: string; readonly type: string; readonly customer: NamedCustomer | null; readonly buyer: string; readonly currency: string;
    readonly due: string; readonly issuedOn: string; readonly dueOn: string | null; readonly status: string | null; readonly toReview: boolean;
  }
  | {
    readonly kind: 'status'; readonly total: number;
    readonly statuses: readonly { readonly number: string; readonly status: string; readonly on: string; readonly customer: NamedCustomer | null }[];
  };

/** One import of the history. */
export type ImportView = {
  readonly id: string; readonly fileName: string; readonly format: string; readonly lines: number; readonly status: 'applied' | 'undone';
  readonly appliedAt: string; readonly appliedOn: string; readonly actor: string;
  /** Name of the person, or what else it was (`cli`). */
  readonly by: string;
  readonly problems: number;
  readonly created: CreatedView;
  readonly balance: string | null;
};

/** What became of taking an import back. */
export type UndoOutcome = { readonly status: 'undone' | 'blocked'; readonly blocking: readonly { readonly code: string; readonly message: Bilingual }[] };

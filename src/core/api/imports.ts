import type { Bilingual } from '../kernel/text.ts';
import type { ProblemView } from './faults.ts';

/** How a table is read: which column (from 0) is which field, and how numbers and dates are written. */
export type MappingView = {
  readonly headerLine: number;
  readonly columns: Readonly<Record<string, number>>;
  readonly decimalStyle: string | null;
  readonly dayOrder: string | null;
};

/** What was understood of a table. */
export type UnderstoodView = {
  readonly headers: readonly string[];
  readonly sample: readonly (readonly string[])[];
  readonly mapping: MappingView;
  readonly notes: readonly { readonly column: number; readonly field: string | null; readonly confidence: string; readonly reason: Bilingual }[];
  readonly remembered: boolean;
};

/** What became of a file. `toConfirm`: it was only read; a person says whether the columns are right. */
export type ImportOutcome = {
  readonly stage: 'toConfirm' | 'applied' | 'unchanged' | 'refused';
  /** What to name when the same file is read again with another mapping; null once it is gone. */
  readonly upload: string | null;
  readonly importId: string | null;
  readonly fileName: string;
  readonly format: string | null;
  readonly lines: number;
  readonly created: { readonly customers: number; readonly debits: number; readonly credits: number; readonly allocations: number };
  readonly changed: Readonly<Record<string, number>>;
  /** Decimal texts of the file's main currency. */
  readonly totals: { readonly debit: string; readonly credit: string; readonly balance: string };
  readonly problems: readonly ProblemView[];
  readonly problemsTotal: number;
  readonly understood: UnderstoodView | null;
};

/** One import of the history. */
export type ImportView = {
  readonly id: string; readonly fileName: string; readonly format: string; readonly lines: number; readonly status: 'applied' | 'undone';
  readonly appliedAt: string; readonly appliedOn: string; readonly actor: string; readonly problems: number;
  readonly created: { readonly customers: number; readonly debits: number; readonly credits: number; readonly allocations: number };
  readonly balance: string | null;
};

/** What became of taking an import back. */
export type UndoOutcome = { readonly status: 'undone' | 'blocked'; readonly blocking: readonly { readonly code: string; readonly message: Bilingual }[] };

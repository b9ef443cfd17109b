import type { Bilingual } from '../kernel/text.ts';

type Kept = { readonly id: string; readonly importId: string; readonly fileName: string; readonly reasons: readonly Bilingual[]; readonly currency: string };

/** A bank statement set aside: nothing of it is allocated until a person has looked at it. Amounts are decimal texts. */
export type StatementReview = Kept & {
  readonly kind: 'statement'; readonly account: string; readonly name: string | null; readonly from: string | null; readonly until: string | null;
  readonly opening: string | null; readonly movement: string; readonly closing: string | null;
  /** Closing less opening and movements; null when a balance is missing. */
  readonly difference: string | null;
  readonly lines: number;
};

/** An invoice set aside: nothing is owed of it until a person has looked at it. */
export type DocumentReview = Kept & {
  readonly kind: 'document'; readonly number: string; readonly buyer: string; readonly issuedOn: string; readonly dueOn: string | null; readonly gross: string | null; readonly due: string;
  readonly files: readonly FileView[];
};

/** Something that waits for a person's word. */
export type ReviewView = StatementReview | DocumentReview;

/** A file of a document that can be saved. */
export type FileView = { readonly id: string; readonly document: string; readonly type: 'pdf' | 'xml' };

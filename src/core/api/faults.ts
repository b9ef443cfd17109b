import type { Bilingual } from '../kernel/text.ts';

/** What every refused request answers: a stable code and a sentence that says what to do. */
export type Fault = { readonly code: string; readonly message: Bilingual };

/** A problem of a file or of a message as it travels: where, how bad, and the sentence. */
export type ProblemView = { readonly line: number; readonly severity: 'error' | 'warning'; readonly code: string; readonly message: Bilingual };

/** An amount as it travels: plain decimal text with the currency's digits ("1234.50"). */
export type AmountView = { readonly amount: string; readonly currency: string };

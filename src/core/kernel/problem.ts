import type { Bilingual } from './text.ts';

/** What is wrong or doubtful in something given to us: where, which rule, and a sentence that says what to do. */
export type Problem = {
  /** Line of the file (1 is the first line, its header); 0 when it is about the whole file. */
  readonly line: number;
  readonly severity: 'error' | 'warning';
  /** Stable code, `slice.case` in lower camel case. */
  readonly code: string;
  readonly message: Bilingual;
};

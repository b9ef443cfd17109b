import type { Problem } from '#core/kernel/problem.ts';

/** A sum that a reading announces and the same sum made again from what it gave; minor units. */
export type GivenSum = { readonly what: string; readonly said: bigint; readonly given: bigint };

/** What one reading said, in the terms in which every reader can be judged. */
export type Outcome = {
  readonly accepted: boolean;
  readonly problems: readonly Problem[];
  /** Judged only when the file was accepted. */
  readonly sums: readonly GivenSum[];
  /** `balanced` of each statement; empty for files that are none. */
  readonly balanced: readonly (boolean | null)[];
  /** Records given (lines, entries, items, documents). */
  readonly given: number;
  /** Records that a search by the mark of a record finds in the text; null where that proves nothing. */
  readonly recognised: number | null;
  /** What the reader itself must never do and did: unsafe names, more bytes than its cap. */
  readonly breaches: readonly string[];
};

/** A reading judged: empty when it behaved, else what it broke. `counted`: nothing was done to the text that moves records out of the reader's sight. */
export function faultsOf(outcome: Outcome, counted: boolean): string[] {
  return [...problemFaults(outcome.problems), ...verdictFaults(outcome), ...(counted ? countFaults(outcome) : []), ...outcome.breaches];
}

function problemFaults(problems: readonly Problem[]): string[] {
  const faults: string[] = [];
  for (const { line, code, message } of problems) {
    if (!Number.isInteger(line) || line < 0) faults.push(`${code}: line ${line}`);
    if (!/^[a-z]\w*\.[a-z]\w*$/u.test(code)) faults.push(`"${code}" is no code`);
    for (const [language, sentence] of Object.entries(message)) {
      if (sentence.trim() === '' || /\bundefined\b|\[object /u.test(sentence)) faults.push(`${code}: no sentence in ${language}: ${sentence.slice(0, 200)}`);
    }
    if (message.fr === message.en) faults.push(`${code}: one sentence for both languages: ${message.fr.slice(0, 200)}`);
  }
  return faults;
}

function verdictFaults({ accepted, problems, sums, balanced }: Outcome): string[] {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const faults: string[] = [];
  if (accepted && errors.length > 0) faults.push(`accepted with an error: ${errors[0]?.code ?? ''}`);
  if (!accepted && errors.length === 0) faults.push('refused without an error');
  if (accepted) for (const { what, said, given } of sums) if (said !== given) faults.push(`${what}: ${said} said, ${given} given`);
  const unbalanced = balanced.some((one) => one === false) && !problems.some(({ code }) => code === 'intake.statementUnbalanced' || code === 'intake.moreWarnings');
  if (accepted && unbalanced) faults.push('a statement that does not balance is not told');
  return faults;
}

/** Nothing is cut in silence: every record that can be seen is given or has its problem; beyond a number of problems they are only counted. */
function countFaults({ accepted, problems, given, recognised }: Outcome): string[] {
  if (!accepted || recognised === null || problems.some(({ code }) => code === 'intake.moreWarnings')) return [];
  return given + problems.length >= recognised ? [] : [`${recognised} records seen, ${given} given and ${problems.length} problems`];
}

import type { Problem } from '#core/kernel/problem.ts';
import { MAX_PROBLEMS_PER_CODE } from './limits.ts';
import { problem } from './problems.ts';
import type { FactsOf, IntakeCase } from './problems.ts';

/** A bounded collection of problems: the first of each code are kept, the rest are counted in one final problem. */
export class ProblemList {
  readonly #kept: Problem[] = [];
  readonly #counts = new Map<string, number>();
  #droppedErrors = 0;
  #droppedWarnings = 0;
  #errors = 0;

  /** True when at least one error was added. */
  get refused(): boolean {
    return this.#errors > 0;
  }

  /** Adds a case of the catalogue at a line (0: the whole file). */
  add<C extends IntakeCase>(name: C, line: number, facts: FactsOf<C>): void {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    if (count <= MAX_PROBLEMS_PER_CODE) {
      this.put(problem(name, line, facts));
      return;
    }
    if (isError(problem(name, line, facts))) {
      this.#errors += 1;
      this.#droppedErrors += 1;
    } else this.#droppedWarnings += 1;
  }

  /** Adds a problem built elsewhere, never counted out. */
  put(found: Problem): void {
    this.#kept.push(found);
    if (isError(found)) this.#errors += 1;
  }

  /** How many of a case were added, kept or not. */
  count(name: IntakeCase): number {
    return this.#counts.get(name) ?? 0;
  }

  /** All kept problems in the order found, then one that counts the others when there are any. */
  list(): readonly Problem[] {
    const rest: Problem[] = [];
    if (this.#droppedErrors > 0) rest.push(problem('moreErrors', 0, { count: this.#droppedErrors }));
    if (this.#droppedWarnings > 0) rest.push(problem('moreWarnings', 0, { count: this.#droppedWarnings }));
    return [...this.#kept, ...rest];
  }
}

const isError = (found: Problem): boolean => found.severity === 'error';

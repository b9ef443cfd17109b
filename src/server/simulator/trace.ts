import { createHash } from 'node:crypto';

/** What happened in a seed, in order: two runs of one seed that differ anywhere have different hashes. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #kept: string[] | null;
  lines = 0;

  /** Lines are kept only to be shown. */
  constructor(keep: boolean) {
    this.#kept = keep ? [] : null;
  }

  note(line: string): void {
    this.lines += 1;
    this.#hash.update(line).update('\n');
    this.#kept?.push(line);
  }

  get kept(): readonly string[] {
    return this.#kept ?? [];
  }

  /** Of everything up to now. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}

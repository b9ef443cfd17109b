import { MinorSum } from './amounts.ts';
import { MAX_OPEN_ENTRIES } from './limits.ts';
import { amountText } from './problems.ts';
import type { ProblemList } from './problem-list.ts';

type OpenEntry = { readonly journal: string; readonly entry: string; readonly line: number; balance: bigint };

/**
 * Follows the balance of each entry (same journal and number). Only entries that do not balance yet are kept, so that a
 * ledger whose lines come entry by entry takes no memory and one whose lines are scattered is still judged exactly.
 */
export class EntryBalances {
  readonly #problems: ProblemList;
  readonly #open = new Map<string, OpenEntry>();
  readonly #running = new MinorSum();
  #journal = '';
  #entry = '';
  #day = '';
  #line = 0;
  #twoDays = false;
  #runs = 0;
  #scattered = false;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  /** Runs of consecutive lines with the same journal and number. */
  get runs(): number {
    return this.#runs;
  }

  /** Adds a line: debit minus credit in minor units. */
  add(line: { readonly journal: string; readonly entry: string; readonly day: string; readonly number: number; readonly signed: number }): void {
    if (this.#runs === 0 || line.entry !== this.#entry || line.journal !== this.#journal) {
      this.#close();
      this.#runs += 1;
      this.#journal = line.journal;
      this.#entry = line.entry;
      this.#day = line.day;
      this.#line = line.number;
      this.#twoDays = false;
    } else if (line.day !== this.#day && !this.#twoDays) {
      this.#twoDays = true;
      this.#problems.add('fecEntryTwoDays', line.number, { journal: line.journal, entry: line.entry });
    }
    this.#running.add(line.signed);
  }

  #close(): void {
    if (this.#runs === 0) return;
    if (this.#running.isZero() && this.#open.size === 0) return;
    const key = `${this.#journal}\u0000${this.#entry}`;
    const before = this.#open.get(key);
    const balance = (before?.balance ?? 0n) + this.#running.value();
    this.#running.reset();
    if (balance === 0n) this.#open.delete(key);
    else if (before !== undefined) before.balance = balance;
    else if (this.#open.size < MAX_OPEN_ENTRIES) this.#open.set(key, { journal: this.#journal, entry: this.#entry, line: this.#line, balance });
    else this.#scattered = true;
  }

  /** Reports what does not balance and returns how many entries that is; 0 when the lines were too scattered to tell. */
  end(): number {
    this.#close();
    if (this.#scattered) {
      this.#problems.add('fecEntriesScattered', 0, { limit: MAX_OPEN_ENTRIES });
      return 0;
    }
    for (const { journal, entry, line, balance } of this.#open.values()) {
      const difference = amountText(balance < 0n ? -balance : balance);
      this.#problems.add('fecEntryUnbalanced', line, { journal, entry, difference });
    }
    return this.#open.size;
  }
}

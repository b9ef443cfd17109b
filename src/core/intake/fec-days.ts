import type { Day } from '#core/kernel/day.ts';
import { dayEvidence, readDay } from './days.ts';
import { trimSpaces } from './fold.ts';
import { MAX_CACHED_DAYS } from './limits.ts';
import { quoted } from './problems.ts';
import type { ProblemList } from './problem-list.ts';

/** What some editors write for "no date". */
const NO_DAY = /^[0/.\s-]*$/u;

/**
 * Reads the dates of a FEC, AAAAMMJJ by the book. Dates with slashes are day first, as in any French document, provided that
 * one date of the file proves it; the proof may come anywhere, so the verdict is given at the end.
 */
export class FecDays {
  readonly #problems: ProblemList;
  readonly #closingOn: Day | null;
  readonly #known = new Map<string, Day | null>();
  #slashed = 0;
  #proven = false;
  #first: Day | null = null;
  #last: Day | null = null;
  #lastText = '';
  #lastDay: Day | null = null;
  #afterClosing = false;

  constructor(problems: ProblemList, closingOn: Day | null) {
    this.#problems = problems;
    this.#closingOn = closingOn;
  }

  /** Earliest entry day. */
  get first(): Day | null {
    return this.#first;
  }

  /** Latest entry day. */
  get last(): Day | null {
    return this.#last;
  }

  /** Day of an entry; null when unreadable (the caller says so). */
  entry(text: string, line: number): Day | null {
    if (text === this.#lastText && text !== '') return this.#lastDay;
    const found = this.#read(text);
    this.#lastText = text;
    this.#lastDay = found;
    if (found === null) return null;
    if (this.#first === null || found < this.#first) this.#first = found;
    if (this.#last === null || found > this.#last) this.#last = found;
    if (this.#closingOn !== null && found > this.#closingOn && !this.#afterClosing) {
      this.#afterClosing = true;
      this.#problems.add('fecDayAfterClosing', line, { day: found, closing: this.#closingOn });
    }
    return found;
  }

  /** A day that due dates depend on: null when empty, an error when unreadable. */
  needed(text: string, column: string, line: number): Day | null {
    if (text === '') return null;
    const found = this.#read(text);
    if (found === null) this.#problems.add('fecDayUnreadable', line, { column, text: quoted(text) });
    return found;
  }

  /** A day nothing depends on: null when empty, zeros or unreadable, the last with a warning. */
  spare(text: string, column: string, line: number): Day | null {
    if (NO_DAY.test(text)) return null;
    const found = this.#read(text);
    if (found === null) this.#problems.add('fecDayIgnored', line, { column, text: quoted(text) });
    return found;
  }

  #read(text: string): Day | null {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const trimmed = trimSpaces(text);
    const evidence = dayEvidence(trimmed);
    if (evidence === 'dmy') this.#proven = true;
    if (evidence === 'ambiguous') this.#slashed += 1;
    const read = readDay(trimmed, 'dmy');
    const found = read.ok ? read.value : null;
    if (this.#known.size < MAX_CACHED_DAYS) this.#known.set(text, found);
    return found;
  }

  /** Refuses a file whose dates could be month first. */
  end(): void {
    if (this.#slashed > 0 && !this.#proven) this.#problems.add('fecDayOrderUnproven', 0, { count: this.#slashed });
  }
}

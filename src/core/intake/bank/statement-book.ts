import type { Currency } from '#core/kernel/currency.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import { earlier, later } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import type { BankAccount, BankBalance, BankLine, BankSink, BankStatement, BankSummary } from './bank-line.ts';

/** What is known of a statement when it starts; the rest is added as it is read. */
export type StatementStart = Pick<BankStatement, 'line' | 'account' | 'identification' | 'sequence'> & { readonly opening: BankBalance | null };

type Open = {
  readonly start: StatementStart;
  readonly ordinal: number;
  lines: number;
  pending: number;
  movement: bigint;
  first: Day | null;
  last: Day | null;
};

/**
 * Keeps the sums of the statements of one file: every format's reader gives it lines and balances, it gives the sink the lines, the
 * statements with their balance check, and at the end the summary.
 */
export class StatementBook {
  readonly #sink: BankSink;
  readonly #problems: ProblemList;
  readonly #format: string;
  #open: Open | null = null;
  #statements = 0;
  #lines = 0;
  #pending = 0;
  #credit = 0n;
  #debit = 0n;
  #currency: Currency | null = null;

  constructor(options: { readonly sink: BankSink; readonly problems: ProblemList; readonly format: string }) {
    this.#sink = options.sink;
    this.#problems = options.problems;
    this.#format = options.format;
  }

  /** True between `begin` and `end`. */
  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** The account of the statement being read; null outside one. */
  get account(): BankAccount | null {
    return this.#open?.start.account ?? null;
  }

  /** Starts a statement; the one before must have ended. */
  begin(start: StatementStart): void {
    if (this.#open !== null) throw new Error('the statement before has not ended');
    this.#open = { start, ordinal: this.#statements, lines: 0, pending: 0, movement: 0n, first: null, last: null };
    this.#statements += 1;
    this.#currency ??= start.account.currency;
  }

  /** Position in the file of the statement being read, which its lines carry. */
  get ordinal(): number {
    return this.#opened().ordinal;
  }

  /** Adds a line of the open statement and passes it on. Only booked lines in the currency of the account move its balance. */
  add(line: Omit<BankLine, 'statement'>): void {
    this.give({ ...line, statement: this.ordinal });
  }

  /** The same for a line built with the `ordinal` of the open statement: in large files copying each line is felt. */
  give(line: BankLine): void {
    const open = this.#opened();
    if (line.statement !== open.ordinal) throw new Error('a line of another statement');
    if (line.status === 'booked') {
      open.lines += 1;
      this.#lines += 1;
      if (line.currency === open.start.account.currency) open.movement += line.minor;
      if (line.bookedOn !== open.last) {
        open.first = open.first === null ? line.bookedOn : earlier(open.first, line.bookedOn);
        open.last = open.last === null ? line.bookedOn : later(open.last, line.bookedOn);
      }
      if (line.currency === this.#currency) {
        if (line.minor >= 0n) this.#credit += line.minor;
        else this.#debit -= line.minor;
      }
    } else {
      open.pending += 1;
      this.#pending += 1;
    }
    this.#sink.line(line);
  }

  #opened(): Open {
    if (this.#open === null) throw new Error('a line outside a statement');
    return this.#open;
  }

  /** Ends the statement with what the file says of its end; warns when opening + movements is not the closing balance. */
  end(rest: { readonly closing: BankBalance | null; readonly from?: Day | null; readonly until?: Day | null; readonly opening?: BankBalance | null }): void {
    const open = this.#open;
    if (open === null) throw new Error('no statement to end');
    this.#open = null;
    const opening = rest.opening ?? open.start.opening;
    const { closing } = rest;
    const expected = opening === null ? null : opening.minor + open.movement;
    const balanced = expected === null || closing === null ? null : expected === closing.minor;
    const { account } = open.start;
    const statement: BankStatement = {
      ...open.start, ordinal: open.ordinal, opening, closing, lines: open.lines, pending: open.pending, movement: open.movement, balanced,
      from: rest.from ?? opening?.on ?? open.first, until: rest.until ?? closing?.on ?? open.last,
    };
    if (balanced === false && expected !== null && closing !== null) {
      this.#problems.add('statementUnbalanced', open.start.line, {
        statement: nameOf(open.start), expected: amount(expected, account.currency), found: amount(closing.minor, account.currency),
      });
    }
    this.#sink.statement(statement);
  }

  /** The summary of the file; refused when it held no statement at all. */
  summary(): BankSummary {
    if (this.#statements === 0 && !this.#problems.refused) this.#problems.add('bankFileEmpty', 0, { format: this.#format });
    return {
      accepted: !this.#problems.refused, statements: this.#statements, lines: this.#lines, pending: this.#pending, credit: this.#credit,
      debit: this.#debit, currency: this.#currency, problems: this.#problems.list(),
    };
  }
}

const nameOf = (start: StatementStart): string => quoted(start.identification ?? start.sequence ?? start.account.iban ?? start.account.other ?? '?');

function amount(minor: bigint, currency: Currency): Bilingual {
  const text = `${decimalMinor(minor, currencyDigits(currency))} ${currency}`;
  return { fr: text.replace('.', ','), en: text };
}

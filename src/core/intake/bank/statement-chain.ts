import type { Currency } from '#core/kernel/currency.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import type { BankSink, BankStatement } from './bank-line.ts';

/** Most statements of one file: 500 accounts with a statement every working day of a year are 125,000. */
export const MAX_STATEMENTS = 200_000;

/** An amount of a currency as a message writes it in each language. */
export function bankAmountText(minor: bigint, currency: Currency): Bilingual {
  const text = `${decimalMinor(minor, currencyDigits(currency))} ${currency}`;
  return { fr: text.replace('.', ','), en: text };
}

/**
 * Compares the statements of one account within a file, in the order of their days: each opens where the one before closed, else a page
 * is missing; and none stands there twice, because its lines would count double.
 */
export class StatementChain {
  readonly #problems: ProblemList;
  readonly #accounts = new Map<string, BankStatement[]>();
  #count = 0;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  /** True when the file has more statements than `MAX_STATEMENTS`: it is refused and not read further. */
  get full(): boolean {
    return this.#count > MAX_STATEMENTS;
  }

  /** A sink that passes everything on and remembers the statements. */
  watch(sink: BankSink): BankSink {
    return {
      line: (line) => sink.line(line),
      statement: (statement) => {
        this.#count += 1;
        if (this.#count === MAX_STATEMENTS + 1) this.#problems.add('statementsTooMany', statement.line, { limit: MAX_STATEMENTS });
        if (this.full) return;
        const key = chainKey(statement);
        const known = this.#accounts.get(key);
        if (known === undefined) this.#accounts.set(key, [statement]);
        else known.push(statement);
        sink.statement(statement);
      },
    };
  }

  /** Adds a problem for each gap and each statement that is there twice; to be called once, at the end of the file. */
  report(): void {
    for (const statements of this.#accounts.values()) {
      this.#reportTwins(statements);
      const inOrder = statements.toSorted((a, b) => compareDays(a, b) || a.ordinal - b.ordinal);
      for (const [index, next] of inOrder.entries()) {
        const before = inOrder[index - 1];
        if (before !== undefined) this.#reportGap(before, next);
      }
    }
  }

  #reportTwins(statements: readonly BankStatement[]): void {
    const seen = new Map<string, BankStatement>();
    for (const statement of statements) {
      if (statement.movement === 0n || statement.opening === null || statement.closing === null) continue;
      const { opening, closing, movement, lines } = statement;
      const key = [opening.minor, opening.on, closing.minor, closing.on, movement, lines].join('|');
      const first = seen.get(key);
      if (first === undefined) seen.set(key, statement);
      else this.#problems.add('statementTwice', statement.line, { statement: nameOf(statement), first: first.line });
    }
  }

  #reportGap(before: BankStatement, next: BankStatement): void {
    const { closing } = before;
    const { opening } = next;
    if (closing === null || opening === null || closing.on === null || opening.on === null || opening.on < closing.on || closing.minor === opening.minor) return;
    const { currency } = next.account;
    this.#problems.add('statementGap', next.line, {
      statement: nameOf(next), from: closing.on, until: opening.on, closing: bankAmountText(closing.minor, currency), opening: bankAmountText(opening.minor, currency),
    });
  }
}

const nameOf = ({ identification, sequence, account }: BankStatement): string => quoted(sequence ?? identification ?? account.iban ?? account.other ?? '?');

const chainKey = ({ account }: BankStatement): string => `${account.iban ?? ''}|${account.other ?? ''}|${account.currency}`;

function compareDays(a: BankStatement, b: BankStatement): number {
  const left = [a.opening?.on ?? '', a.closing?.on ?? ''].join('|');
  const right = [b.opening?.on ?? '', b.closing?.on ?? ''].join('|');
  return left < right ? -1 : Number(left > right);
}

import type { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import type { BankSink, BankStatement } from './bank-line.ts';

/** Statement number and page of a `:28C:` field ("00004/00001"). */
export function numberOf(sequence: string | null): { readonly number: number; readonly page: number } | null {
  const match = /^(\d{1,15})(?:\/(\d{1,15}))?$/u.exec((sequence ?? '').replaceAll(' ', ''));
  return match === null ? null : { number: Number(match[1]), page: Number(match[2] ?? 1) };
}

/**
 * Follows the numbers of the statements of each account in a file: one taken twice, or one left out where the balance does not carry on
 * either. Banks that number by days or not at all (0) would else be suspected every week.
 */
export class StatementNumbers {
  readonly #problems: ProblemList;
  readonly #last = new Map<string, BankStatement>();
  readonly #taken = new Map<string, number>();

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  /** A sink that passes everything on and looks at the numbers of statements. */
  watch(sink: BankSink): BankSink {
    return {
      line: (line) => sink.line(line),
      statement: (statement) => {
        this.#look(statement);
        sink.statement(statement);
      },
    };
  }

  #look(statement: BankStatement): void {
    const numbered = numberOf(statement.sequence);
    if (numbered === null || numbered.number === 0) return;
    const account = `${statement.account.iban ?? statement.account.other ?? ''}|${statement.account.currency}`;
    const before = this.#last.get(account);
    this.#last.set(account, statement);
    // Numbers begin again each year.
    const key = `${account}|${numbered.number}|${numbered.page}|${(statement.until ?? statement.from ?? '').slice(0, 4)}`;
    const first = this.#taken.get(key);
    if (first === undefined) this.#taken.set(key, statement.line);
    else this.#problems.add('mt940NumberTwice', statement.line, { statement: quoted(statement.sequence ?? ''), first });
    const former = numberOf(before?.sequence ?? null);
    if (former === null || numbered.number <= former.number + 1) return;
    if (before?.closing?.minor !== statement.opening?.minor) {
      this.#problems.add('mt940NumberGap', statement.line, { statement: quoted(statement.sequence ?? ''), before: quoted(before?.sequence ?? '') });
    }
  }
}

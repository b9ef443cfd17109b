import type { BankReading } from '#core/intake/bank/bank-text-reading.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { GivenSum, Outcome } from './outcome.ts';

/** What is known of a bank file besides its reading: problems found before, and how many movements can be seen in its text. */
export type BankFileFacts = { readonly before: readonly Problem[]; readonly recognised: number | null };

/** A bank reading as it is judged: the sums of the summary and of each statement are made again from the lines given. */
export function bankOutcome({ summary, lines, statements }: BankReading, { before, recognised }: BankFileFacts): Outcome {
  const sums: GivenSum[] = [];
  const booked = lines.filter(({ status }) => status === 'booked');
  const own = booked.filter(({ currency }) => currency === summary.currency).map(({ minor }) => minor);
  sums.push({ what: 'money in', said: summary.credit, given: total(own.filter((minor) => minor > 0n)) });
  sums.push({ what: 'money out', said: summary.debit, given: -total(own.filter((minor) => minor < 0n)) });
  sums.push({ what: 'lines', said: BigInt(summary.lines), given: BigInt(booked.length) });
  sums.push({ what: 'pending lines', said: BigInt(summary.pending), given: BigInt(lines.length - booked.length) });
  sums.push({ what: 'statements', said: BigInt(summary.statements), given: BigInt(statements.length) });
  const movements = new Map<number, bigint>();
  for (const line of booked) {
    const account = statements[line.statement]?.account;
    if (account?.currency === line.currency) movements.set(line.statement, (movements.get(line.statement) ?? 0n) + line.minor);
  }
  const breaches: string[] = [];
  for (const { ordinal, movement, opening, closing, balanced } of statements) {
    const given = movements.get(ordinal) ?? 0n;
    sums.push({ what: `movement of statement ${ordinal}`, said: movement, given });
    const expected = opening === null || closing === null ? null : opening.minor + given === closing.minor;
    if (summary.accepted && balanced !== expected) breaches.push(`statement ${ordinal}: balanced is ${String(balanced)}, its lines say ${String(expected)}`);
  }
  const { accepted, problems } = summary;
  return { accepted: accepted && !before.some(({ severity }) => severity === 'error'), problems: [...before, ...problems], sums, balanced: statements.map((one) => one.balanced), given: lines.length, recognised, breaches };
}

const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, one) => sum + one, 0n);

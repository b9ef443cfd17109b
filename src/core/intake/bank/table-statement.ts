import type { Currency } from '#core/kernel/currency.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { ProblemList } from '../problem-list.ts';
import type { BankBalance } from './bank-line.ts';

/** One movement of a bank table, its currency settled. */
export type TableMove = {
  readonly line: number;
  readonly status: 'booked' | 'pending';
  readonly bookedOn: Day;
  /** Day and time as written when the file has both and they sort as text; null otherwise. */
  readonly bookedAt: string | null;
  readonly valueOn: Day | null;
  readonly minor: bigint;
  readonly currency: Currency;
  /** Balance of the account after it, null when the row gives none. */
  readonly balance: bigint | null;
  readonly account: string;
  readonly label: string;
  readonly detail: string;
  readonly counterparty: string;
  readonly counterpartyAccount: string;
  readonly reference: string;
  readonly raw: string;
};

/** Rows where the running balance is not the one before plus the movements since. */
function breaks(moves: readonly TableMove[]): { readonly move: TableMove; readonly expected: bigint; readonly found: bigint }[] {
  const found: { move: TableMove; expected: bigint; found: bigint }[] = [];
  let balance: bigint | null = null;
  for (const move of moves) {
    if (move.status !== 'booked') continue;
    const expected: bigint | null = balance === null ? null : balance + move.minor;
    if (move.balance !== null && expected !== null && move.balance !== expected) found.push({ move, expected, found: move.balance });
    balance = move.balance ?? expected;
  }
  return found;
}

/** Movements oldest first. Banks list them either way; on a single day the running balance tells which. */
export function oldestFirst(moves: readonly TableMove[]): readonly TableMove[] {
  if (moves.every((move) => move.bookedAt !== null)) return moves.toSorted((a, b) => (a.bookedAt ?? '').localeCompare(b.bookedAt ?? '', 'en'));
  const first = moves[0]?.bookedOn ?? '';
  const last = moves.at(-1)?.bookedOn ?? '';
  const reversed = moves.toReversed();
  if (first === last) return breaks(reversed).length < breaks(moves).length ? reversed : moves;
  return first > last ? reversed : moves;
}

/** The balance of an account at the time of the export, repeated on every row, is no running balance. */
function isConstant(moves: readonly TableMove[]): boolean {
  const balances = moves.flatMap((move) => move.balance ?? []);
  return balances.length > 1 && balances.every((balance) => balance === balances[0]) && moves.slice(1).some((move) => move.minor !== 0n);
}

/** Opening and closing balance as running balances say; a break between two rows is a warning with its line. `moves` stand oldest first. */
export function runningBalances(moves: readonly TableMove[], problems: ProblemList): { readonly opening: BankBalance | null; readonly closing: BankBalance | null } {
  const booked = moves.filter((move) => move.status === 'booked');
  const at = booked.findIndex((move) => move.balance !== null);
  const last = booked.at(-1);
  if (at < 0 || last === undefined || isConstant(booked)) return { opening: null, closing: null };
  for (const one of breaks(booked)) {
    problems.add('bankTableBalanceBreak', one.move.line, { expected: amount(one.expected, one.move.currency), found: amount(one.found, one.move.currency) });
  }
  const before = booked.slice(0, at + 1).reduce((sum, move) => sum + move.minor, 0n);
  return {
    opening: { minor: (booked[at]?.balance ?? 0n) - before, on: null },
    closing: last.balance === null ? null : { minor: last.balance, on: last.bookedOn },
  };
}

function amount(minor: bigint, currency: Currency): Bilingual {
  const text = `${decimalMinor(minor, currencyDigits(currency))} ${currency}`;
  return { fr: text.replace('.', ','), en: text };
}

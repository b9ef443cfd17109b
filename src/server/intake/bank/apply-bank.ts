import type { BankFormat, BankStatement, BankSummary } from '#core/intake/bank/bank-line.ts';
import { problem, quoted } from '#core/intake/problems.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import { earlier, later } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ImportId } from '#core/kernel/id.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { takeBackReturns } from '#server/ledger/receipts.ts';
import type { UnknownReturn } from '#server/ledger/receipts.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Applied, ImportOptions } from '../import-file.ts';
import { Refused } from '../refused.ts';
import { findForeignAccounts, storeAccounts } from './bank-accounts.ts';
import { checkStatements } from './check-statements.ts';
import { insertLines } from './insert-lines.ts';
import { readBankFile } from './read-bank-file.ts';
import { BankStage } from './stage-bank.ts';

type BankImport = ImportOptions & { readonly bankFormat: BankFormat };

/** Takes a bank file in: its accounts, statements and lines; lines known from any earlier file stay as they are, returns re-open what they paid. */
export async function applyBank(t: Tenant, importId: ImportId, options: BankImport): Promise<Applied> {
  const { path, bankFormat, progress } = options;
  return applyStaged(t, importId, {
    options, format: bankFormat, read: (sink) => readBankFile({ path, format: bankFormat, sink, ...(progress === undefined ? {} : { progress }) }),
  });
}

/** Same for a table that a mapping reads as a bank statement. */
export async function applyBankTable(t: Tenant, importId: ImportId, of: { options: ImportOptions; read: (sink: BankStage) => Promise<BankSummary> }): Promise<Applied> {
  return applyStaged(t, importId, { ...of, format: 'table' });
}

type Reading = { readonly options: ImportOptions; readonly format: BankFormat; readonly read: (sink: BankStage) => Promise<BankSummary> };

async function applyStaged(t: Tenant, importId: ImportId, of: Reading): Promise<Applied> {
  const { options, format } = of;
  const stage = await BankStage.open(t);
  const summary = await stage.fill(of.read);
  const { statements } = stage;
  const seen = { lines: summary.lines + summary.pending, totals: totalsOf(summary, statements) };
  if (!summary.accepted) throw new Refused(summary.problems, seen);
  const foreign = options.newAccount === true ? [] : await findForeignAccounts(t, statements);
  if (foreign.length > 0) throw new Refused([...foreign, ...summary.problems], seen);
  const ids = await storeAccounts(t, importId, statements);
  await storeStatements(t, importId, { statements, ids });
  const inserted = await insertLines(t, { importId, format, now: options.clock.now() });
  const checked = await checkStatements(t, importId);
  const returns = await takeBackReturns(t, { importId, now: options.clock.now(), actor: options.actor });
  return {
    source: sourceOf(statements), lines: seen.lines, totals: seen.totals, understood: null,
    created: { customers: 0, debits: returns.reopened, credits: 0, allocations: returns.reopened, bankLines: inserted.lines },
    changed: { known: inserted.known, superseded: inserted.superseded, takenBack: returns.linked },
    problems: [...summary.problems, ...checked, ...returns.unknown.map(returnProblem)],
    coversFrom: extreme(statements, (one) => one.from, earlier), coversUntil: extreme(statements, (one) => one.until, later),
  };
}

function returnProblem(one: UnknownReturn): Problem {
  const text = `${decimalMinor(BigInt(one.amount), currencyDigits(one.currency))} ${one.currency}`;
  return problem('returnUnknown', Number(one.line), { on: one.booked_on, amount: { fr: text.replace('.', ','), en: text }, label: quoted(one.label) });
}

/** The accounts a file speaks of; later files of the same ones are of the same source. */
function sourceOf(statements: readonly BankStatement[]): string {
  const keys = [...new Set(statements.map((one) => one.account.iban ?? one.account.other ?? '?'))].toSorted();
  return `bank:${keys.join(',')}`.slice(0, 200);
}

function extreme(statements: readonly BankStatement[], day: (one: BankStatement) => Day | null, pick: (a: Day, b: Day) => Day): Day | null {
  return statements.reduce<Day | null>((found, one) => {
    const next = day(one);
    if (next === null || found === null) return next ?? found;
    return pick(found, next);
  }, null);
}

/** Money in and out as the bank writes it (credit: came in); the balance is the last closing one of each account, or the movement where files have none. */
function totalsOf(summary: BankSummary, statements: readonly BankStatement[]): Applied['totals'] {
  const currency: Currency = summary.currency ?? 'EUR';
  const closing = new Map<string, bigint>();
  for (const one of statements) {
    if (one.account.currency === currency && one.closing !== null) closing.set(one.account.iban ?? one.account.other ?? '', one.closing.minor);
  }
  const text = (minor: bigint): string => decimalMinor(minor, currencyDigits(currency));
  const balance = closing.size === 0 ? summary.credit - summary.debit : [...closing.values()].reduce((sum, one) => sum + one, 0n);
  return { debit: text(summary.debit), credit: text(summary.credit), balance: text(balance) };
}

async function storeStatements(t: Tenant, importId: ImportId, of: { statements: readonly BankStatement[]; ids: readonly string[] }): Promise<void> {
  const { statements, ids } = of;
  await t.run(t.sql`
    ${t.into('bank_statement', `bank_account_id, import_id, ordinal, source_line, identification, sequence, from_on, until_on, currency, opening, closing, movement,
      line_count, pending_count, review`)}
    select ${t.org}, n.account, ${importId}::bigint, n.ordinal, n.line, n.identification, n.sequence, n.from_on, n.until_on, n.currency, n.opening, n.closing, n.movement,
      n.lines, n.pending, n.review
    from unnest(${ids}::bigint[], ${statements.map((one) => one.ordinal)}::int[], ${statements.map((one) => String(one.line))}::bigint[],
      ${statements.map((one) => cut(one.identification))}::text[], ${statements.map((one) => cut(one.sequence))}::text[], ${statements.map((one) => one.from)}::date[],
      ${statements.map((one) => one.until)}::date[], ${statements.map((one) => one.account.currency)}::text[], ${statements.map((one) => digits(one.opening?.minor))}::bigint[],
      ${statements.map((one) => digits(one.closing?.minor))}::bigint[], ${statements.map((one) => String(one.movement))}::bigint[], ${statements.map((one) => one.lines)}::int[],
      ${statements.map((one) => one.pending)}::int[], ${statements.map((one) => (one.balanced === false ? 'unbalanced' : null))}::text[]
    ) as n(account, ordinal, line, identification, sequence, from_on, until_on, currency, opening, closing, movement, lines, pending, review)`);
}

const digits = (minor: bigint | undefined): string | null => (minor === undefined ? null : String(minor));
const cut = (text: string | null): string | null => text?.slice(0, 200) ?? null;


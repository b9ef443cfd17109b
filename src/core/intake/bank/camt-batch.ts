import type { Money } from '#core/kernel/money.ts';
import { MAX_RAW_CHARS } from '../limits.ts';
import type { ProblemList } from '../problem-list.ts';
import { NO_PARTIES } from './camt-parties.ts';
import type { CamtParties } from './camt-parties.ts';
import type { CamtTransaction } from './camt-transaction.ts';
import { bankAmountText } from './statement-chain.ts';

/** A part of an entry and the transaction that explains it; the parts of an entry always sum up to it. */
export type CamtShare = { readonly transaction: CamtTransaction; readonly minor: bigint };

/** An entry as its batch sees it: the amount that counts, and how many transactions it says it has (0: it does not say). */
export type CamtBatched = { readonly amount: Money; readonly direction: 1n | -1n; readonly line: number; readonly announced: number };

/** Remittance texts of transactions that stay one line are kept together up to here: enough for some thirty references. */
const MAX_JOINED_CHARS = 4_000;

/** Document numbers kept for a batch that stays one line. */
const MAX_JOINED_DOCUMENTS = 200;

/**
 * Shares an entry among its transactions. A batch is only split when each transaction has its amount in the currency of the entry and
 * they sum up to it; otherwise it stays one line, with a warning when amounts were given. `count` is how many transactions there are.
 */
export function sharesOf(entry: CamtBatched, transactions: readonly CamtTransaction[], problems: ProblemList): { readonly shares: readonly CamtShare[]; readonly count: number } {
  const total = entry.direction * entry.amount.minor;
  const amounts = transactions.map((one) => shareOf(one, entry));
  const known = amounts.filter((amount) => amount !== null);
  const complete = known.length === transactions.length;
  const sum = known.reduce((sum, amount) => sum + amount, 0n);
  const [first] = transactions;
  if (transactions.length > 1 && complete && sum === total) {
    return { count: transactions.length, shares: transactions.map((transaction, index) => ({ transaction, minor: amounts[index] ?? 0n })) };
  }
  if (first !== undefined && complete && sum !== total) {
    const { currency } = entry.amount;
    problems.add('camtDetailsDiffer', entry.line, { entry: bankAmountText(total, currency), details: bankAmountText(sum, currency) });
  } else if (transactions.length > 1 && transactions.some(({ amounts }) => amounts.shares.length > 0)) {
    problems.add('camtDetailsOtherCurrency', entry.line, { currency: entry.amount.currency });
  }
  const transaction = transactions.length === 1 && first !== undefined ? first : together(transactions);
  return { count: entry.announced > 0 ? entry.announced : transactions.length, shares: [{ transaction, minor: total }] };
}

/** A transaction's signed amount in the currency of its entry; null when it has none. */
function shareOf(transaction: CamtTransaction, entry: CamtBatched): bigint | null {
  const amount = transaction.amounts.shares.find(({ currency }) => currency === entry.amount.currency);
  return amount === undefined ? null : (transaction.direction ?? entry.direction) * amount.minor;
}

const NO_TRANSACTION: CamtTransaction = {
  line: 0, direction: null, amounts: { shares: [], before: [] }, parties: NO_PARTIES, endToEndId: null, mandateId: null, bankReference: null,
  creditorReference: null, documents: [], remittance: '', label: null, code: { standard: null, own: null, comesBack: false }, returned: null, raw: '',
};

/** What can be said of all transactions of a batch that stays one line: what they have in common, and their remittance one after the other. */
function together(transactions: readonly CamtTransaction[]): CamtTransaction {
  if (transactions.length === 0) return NO_TRANSACTION;
  return {
    ...NO_TRANSACTION,
    parties: commonParties(transactions),
    endToEndId: common(transactions.map((one) => one.endToEndId)),
    mandateId: common(transactions.map((one) => one.mandateId)),
    bankReference: common(transactions.map((one) => one.bankReference)),
    creditorReference: common(transactions.map((one) => one.creditorReference)),
    documents: [...new Set(transactions.flatMap((one) => one.documents))].slice(0, MAX_JOINED_DOCUMENTS),
    remittance: joined(transactions.map((one) => one.remittance)),
    label: common(transactions.map((one) => one.label)),
    code: {
      standard: common(transactions.map((one) => one.code.standard)), own: common(transactions.map((one) => one.code.own)),
      comesBack: transactions.every((one) => one.code.comesBack),
    },
    returned: commonReturn(transactions),
    raw: firstRaw(transactions),
  };
}

/** The one value they all have; null when they differ. */
function common(values: readonly (string | null)[]): string | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

function commonParties(transactions: readonly CamtTransaction[]): CamtParties {
  const keys = transactions.map(({ parties }) => JSON.stringify(parties));
  return (common(keys) === null ? null : transactions[0]?.parties) ?? NO_PARTIES;
}

function commonReturn(transactions: readonly CamtTransaction[]): CamtTransaction['returned'] {
  if (transactions.some(({ returned }) => returned === null)) return null;
  return { code: common(transactions.map(({ returned }) => returned?.code ?? null)), text: common(transactions.map(({ returned }) => returned?.text ?? null)) };
}

function joined(texts: readonly string[]): string {
  let whole = '';
  for (const text of new Set(texts)) {
    if (text === '') continue;
    const next = whole === '' ? text : `${whole} ${text}`;
    if (next.length > MAX_JOINED_CHARS) break;
    whole = next;
  }
  return whole;
}

/** Raw values of the first transactions; the whole is cut to the same length anyway. */
function firstRaw(transactions: readonly CamtTransaction[]): string {
  let raw = '';
  for (const one of transactions) {
    if (raw.length > MAX_RAW_CHARS) break;
    raw += one.raw;
  }
  return raw;
}

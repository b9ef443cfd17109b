import type { Account, Accounts, Debit } from './accounts.ts';
import { compareDebits } from './accounts.ts';
import { draftOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { fitOf, openOf } from './fit.ts';
import type { Search } from './search.ts';
import { CANDIDATES_MAX } from './matching.ts';

/** Debits and whole accounts by amount, in each currency. */
export type AmountIndex = { readonly debits: ReadonlyMap<string, readonly Debit[]>; readonly totals: ReadonlyMap<string, readonly Account[]> };

const POINTS = { unique: 40, total: 42, several: 30 } as const;

const keyOf = (currency: string, minor: number): string => `${currency} ${minor}`;

/** Indexes what is open when the matcher is built; what was taken since is checked when asked. */
export function indexAmounts({ all }: Accounts): AmountIndex {
  const debits = Map.groupBy(all.flatMap((account) => account.debits), (debit) => keyOf(debit.account.currency, debit.open));
  const totals = Map.groupBy(all.filter((account) => account.debits.length > 1), (account) => keyOf(account.currency, openOf(account.debits)));
  return { debits, totals };
}

/** Debits of exactly this amount, and accounts that owe exactly this much in all, whoever paid. Never more than suggestions. */
export function amountDrafts(search: Search, index: AmountIndex): Draft[] {
  const { money } = search;
  const key = keyOf(money.currency, money.minor);
  const debits = (index.debits.get(key) ?? []).filter(({ open }) => open === money.minor);
  const totals = (index.totals.get(key) ?? []).filter((account) => openOf(account.debits) === money.minor);
  const ways = debits.length + totals.length;
  const first = [...debits].sort((a, b) => compareDebits(a.facts, b.facts)).slice(0, CANDIDATES_MAX);
  return [...first.map((debit) => ({ account: debit.account, debits: [debit], points: POINTS.unique })), ...totals.slice(0, CANDIDATES_MAX).map((account) => ({ account, debits: account.debits, points: POINTS.total }))].flatMap((one) => {
    const fit = fitOf(money, { debits: one.debits, credits: [] });
    if (fit === null) return [];
    const confidence = ways > 1 ? POINTS.several : one.points;
    return [draftOf(fit, { customer: one.account.customer, confidence, evidence: [{ code: 'amountAlone', facts: { count: one.debits.length, others: ways - 1 } }], blocked: 'noTextEvidence' })];
  });
}

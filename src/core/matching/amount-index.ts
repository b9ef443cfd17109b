import type { Currency } from '../kernel/currency.ts';
import type { Account, Accounts, Debit } from './accounts.ts';
import { compareDebits } from './accounts.ts';
import { draftOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { fitOf, openOf } from './fit.ts';
import type { Search } from './search.ts';
import { CANDIDATES_MAX } from './matching.ts';

/** Debits, oldest due first, and whole accounts by amount, in each currency. */
export type AmountIndex = ReadonlyMap<Currency, { readonly debits: ReadonlyMap<number, readonly Debit[]>; readonly totals: ReadonlyMap<number, readonly Account[]> }>;

const POINTS = { unique: 40, total: 42, several: 30 } as const;

/** Indexes what is open when the matcher is built; what was taken since is checked when asked. */
export function indexAmounts({ all }: Accounts): AmountIndex {
  const index = new Map<Currency, { debits: Map<number, Debit[]>; totals: Map<number, Account[]> }>();
  for (const account of all) {
    const of = index.get(account.currency) ?? { debits: new Map<number, Debit[]>(), totals: new Map<number, Account[]>() };
    index.set(account.currency, of);
    for (const debit of account.debits) addTo(of.debits, debit.open, debit);
    if (account.debits.length > 1) addTo(of.totals, openOf(account.debits), account);
  }
  for (const { debits } of index.values()) for (const list of debits.values()) if (list.length > 1) list.sort((a, b) => compareDebits(a.facts, b.facts));
  return index;
}

function addTo<T>(map: Map<number, T[]>, minor: number, value: T): void {
  const list = map.get(minor);
  if (list === undefined) map.set(minor, [value]);
  else list.push(value);
}

/** Debits of exactly this amount, and accounts that owe exactly this much in all, whoever paid. Never more than suggestions. */
export function amountDrafts(search: Search): Draft[] {
  const { money, amounts: index } = search;
  const of = index.get(money.currency);
  const debits = (of?.debits.get(money.minor) ?? []).filter(({ open }) => open === money.minor);
  const totals = (of?.totals.get(money.minor) ?? []).filter((account) => openOf(account.debits) === money.minor);
  const ways = debits.length + totals.length;
  const first = debits.slice(0, CANDIDATES_MAX);
  return [...first.map((debit) => ({ account: debit.account, debits: [debit], points: POINTS.unique })), ...totals.slice(0, CANDIDATES_MAX).map((account) => ({ account, debits: account.debits, points: POINTS.total }))].flatMap((one) => {
    const fit = fitOf(money, { debits: one.debits, credits: [] });
    if (fit === null) return [];
    const confidence = ways > 1 ? POINTS.several : one.points;
    return [draftOf(fit, { customer: one.account.customer, confidence, evidence: [{ code: 'amountAlone', facts: { count: one.debits.length, others: ways - 1 } }], blocked: 'noTextEvidence' })];
  });
}

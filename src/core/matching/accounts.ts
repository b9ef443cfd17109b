import type { Currency } from '../kernel/currency.ts';
import type { Day } from '../kernel/day.ts';
import type { CustomerId, ItemId } from '../kernel/id.ts';
import type { Candidate, KnownCustomer, MatchingFacts, OpenCredit, OpenDebit } from './matching.ts';

/** An open debit while matching, its days as numbers (20260531) that compare as days do. Amounts are exact whole numbers: `indexAccounts` leaves out what would not be. */
export type Debit = { readonly facts: OpenDebit; readonly account: Account; open: number; readonly due: number; readonly issued: number; readonly discount: Discount | null };

/** An early-payment discount: so much less by a day, as long as nothing of `on` is paid. */
export type Discount = { readonly less: number; readonly on: number; readonly until: Day };

/** An open credit while matching. */
export type Credit = { readonly facts: OpenCredit; readonly account: Account; open: number };

/** The open items of one customer in one currency. */
export type Account = {
  readonly customer: CustomerId;
  readonly currency: Currency;
  /** First due first, then first issued, document and item. */
  readonly debits: Debit[];
  /** First issued first. */
  readonly credits: Credit[];
};

/** All accounts, and who pays for whom. */
export type Accounts = {
  /** Every account, by customer and currency. */
  readonly all: readonly Account[];
  /** Currencies in which something was open when they were indexed. */
  readonly currencies: ReadonlySet<Currency>;
  of(customer: CustomerId, currency: Currency): Account | null;
  /** Accounts of a customer in other currencies. */
  others(customer: CustomerId, currency: Currency): readonly Account[];
  /** Open accounts of the customers that pay with this one, without it. */
  partners(customer: CustomerId, currency: Currency): readonly Account[];
  /** A key that customers of one group share. */
  partyOf(customer: CustomerId): string;
  customer(id: CustomerId): KnownCustomer | null;
  take(candidate: Pick<Candidate, 'parts' | 'credits'>): void;
};

/** Above this a sum of minor units is no exact number any more; an account that reaches it is a mistake in the data, and is left out. */
const EXACT_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** Shorter texts first, then by character: ids in the order of their numbers. */
export const compareIds = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The digits of a day as one number: 20260531. */
export function digitsOf(day: Day): number {
  let number = 0;
  for (let at = 0; at < day.length; at += 1) if (at !== 4 && at !== 7) number = number * 10 + day.charCodeAt(at) - 0x30;
  return number;
}

/** First due first, then first issued, document and item: never two alike. */
export function compareDebits(a: OpenDebit, b: OpenDebit): number {
  return compareTexts(a.dueOn, b.dueOn) || compareTexts(a.issuedOn, b.issuedOn) || compareTexts(a.document ?? '', b.document ?? '') || compareIds(a.item, b.item);
}

const compareCredits = (a: OpenCredit, b: OpenCredit): number => compareTexts(a.issuedOn, b.issuedOn) || compareIds(a.item, b.item);

/** Groups open items by customer and currency. Items of customers that are not among `customers` keep their account and have no name. */
export function indexAccounts(facts: MatchingFacts): Accounts {
  const accounts = new Map<string, Account>();
  const reach = (customer: CustomerId, currency: Currency): Account => {
    const key = `${customer} ${currency}`;
    const known = accounts.get(key);
    if (known !== undefined) return known;
    const made: Account = { customer, currency, debits: [], credits: [] };
    accounts.set(key, made);
    return made;
  };
  const inexact = inexactKeys(facts);
  const usable = (one: OpenDebit | OpenCredit): boolean => one.open > 0n && !inexact.has(`${one.customer} ${one.currency}`);
  for (const one of facts.debits.filter(usable).sort(compareDebits)) {
    const account = reach(one.customer, one.currency);
    account.debits.push({ facts: one, account, open: Number(one.open), due: digitsOf(one.dueOn), issued: digitsOf(one.issuedOn), discount: discountOf(one) });
  }
  for (const one of facts.credits.filter(usable).sort(compareCredits)) {
    const account = reach(one.customer, one.currency);
    account.credits.push({ facts: one, account, open: Number(one.open) });
  }
  return access([...accounts.values()], facts.customers);
}

/** The offer when it is one: something less than what is open, and not for nothing. */
function discountOf({ discount, open }: OpenDebit): Discount | null {
  if (discount === null || discount.payable >= open || discount.payable <= 0n) return null;
  return { less: Number(open - discount.payable), on: Number(open), until: discount.until };
}

/** Accounts whose sums would not be exact. */
function inexactKeys({ debits, credits }: MatchingFacts): ReadonlySet<string> {
  const sums = new Map<string, bigint>();
  for (const { customer, currency, open } of [...debits, ...credits]) {
    const key = `${customer} ${currency}`;
    sums.set(key, (sums.get(key) ?? 0n) + open);
  }
  return new Set([...sums].filter(([, sum]) => sum > EXACT_MAX).map(([key]) => key));
}

function access(all: readonly Account[], customers: readonly KnownCustomer[]): Accounts {
  const byCustomer = Map.groupBy([...all].sort((a, b) => compareIds(a.customer, b.customer) || compareTexts(a.currency, b.currency)), ({ customer }) => customer);
  const known = new Map(customers.map((one) => [one.id, one]));
  const members = Map.groupBy([...customers].filter(({ group }) => group !== null).sort((a, b) => compareIds(a.id, b.id)), ({ group }) => group);
  const of = (customer: CustomerId, currency: Currency): Account | null => byCustomer.get(customer)?.find((account) => account.currency === currency) ?? null;
  const debits = new Map<ItemId, Debit>();
  const credits = new Map<ItemId, Credit>();
  for (const account of all) {
    for (const debit of account.debits) debits.set(debit.facts.item, debit);
    for (const credit of account.credits) credits.set(credit.facts.item, credit);
  }
  const parties = new Map(customers.map(({ id, group }) => [id, group === null ? `customer ${id}` : `group ${group}`]));
  const groupOf = (customer: CustomerId): string | null => known.get(customer)?.group ?? null;
  return {
    all, of, currencies: new Set(all.map(({ currency }) => currency)),
    others: (customer, currency) => (byCustomer.get(customer) ?? []).filter((account) => account.currency !== currency),
    partners: (customer, currency) => {
      const group = groupOf(customer);
      const partners = group === null ? [] : (members.get(group) ?? []);
      return partners.flatMap(({ id }) => (id === customer ? [] : (of(id, currency) ?? [])));
    },
    partyOf: (customer) => parties.get(customer) ?? `customer ${customer}`,
    customer: (id) => known.get(id) ?? null,
    take: (candidate) => {
      for (const { item, minor } of candidate.parts) lower(debits.get(item), minor);
      for (const { item, minor } of candidate.credits) lower(credits.get(item), minor);
    },
  };
}

function lower(entry: Debit | Credit | undefined, minor: bigint): void {
  const taken = Number(minor);
  if (entry === undefined || taken <= 0 || taken > entry.open) throw new Error('a candidate uses more than what is open');
  entry.open -= taken;
  if (entry.open > 0) return;
  // What is used up leaves the account, so that no later search meets it.
  const { debits, credits } = entry.account;
  const [at, credit] = [debits.findIndex((one) => one === entry), credits.findIndex((one) => one === entry)];
  if (at >= 0) debits.splice(at, 1);
  if (credit >= 0) credits.splice(credit, 1);
}

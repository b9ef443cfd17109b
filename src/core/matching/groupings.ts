import { dayNumber, endOfMonth } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { Credit, Debit } from './accounts.ts';
import type { Evidence, EvidenceCode } from './evidence.ts';
import { openOf } from './fit.ts';
import type { Chosen } from './fit.ts';

/** A way in which people choose what to pay, that makes the amount exactly. `cost` is what it takes from the confidence of a single item. */
export type Grouping = Chosen & { readonly evidence: Evidence; readonly cost: number; readonly ways: 'one' | 'several' };

const COST = { allOpen: 3, allDue: 3, sameDueDay: 5, monthIssued: 6, stretch: 9, allDueExcept: 12 } as const;
/** What taking credits in costs besides. */
const CREDITS_COST = 2;
/** Single credits tried with each grouping; all of them together are tried too. */
const SINGLE_CREDITS_MAX = 4;

/**
 * Groupings of an account that make `minor` exactly: everything, everything due, one due day, one month, a stretch without gap, everything due but one.
 * Each is tried without credits, with all of them, and with each of the oldest few. Work grows with the number of items.
 */
export function groupingsOf(of: { debits: readonly Debit[]; credits: readonly Credit[]; minor: number; on: Day }): Grouping[] {
  const { debits, credits, minor, on } = of;
  if (debits.length === 0) return [];
  const due = debits.filter(({ facts }) => facts.dueOn <= on);
  return creditChoices(credits).flatMap((taken) => {
    const target = minor + openOf(taken);
    const cost = taken.length === 0 ? 0 : CREDITS_COST;
    const found: Grouping[] = [];
    const add = (code: keyof typeof COST, chosen: readonly Debit[], more: { facts?: Evidence['facts']; several?: boolean } = {}): void => {
      const facts = { count: chosen.length, credits: taken.length, ...more.facts };
      found.push({ debits: chosen, credits: taken, evidence: { code: code satisfies EvidenceCode, facts }, cost: COST[code] + cost, ways: more.several === true ? 'several' : 'one' });
    };
    if (openOf(debits) === target && debits.length + taken.length > 1) add('allOpen', debits);
    if (due.length > 1 && due.length < debits.length && openOf(due) === target) add('allDue', due, { facts: { on } });
    for (const group of sumsOf(debits, ({ facts }) => facts.dueOn, target)) add('sameDueDay', group.debits, { facts: { dueOn: group.key } });
    for (const group of sumsOf(debits, ({ facts }) => endOfMonth(facts.issuedOn), target)) add('monthIssued', group.debits, { facts: { month: group.key.slice(0, 7) } });
    const stretch = stretchOf(debits, target);
    if (stretch !== null) add('stretch', stretch.debits, { facts: { from: stretch.debits[0]?.facts.document ?? '', to: stretch.debits.at(-1)?.facts.document ?? '' }, several: stretch.several });
    const except = exceptOne(due, target);
    if (except !== null) add('allDueExcept', except.debits, { facts: { without: except.without.facts.document ?? '' }, several: except.several });
    return found;
  });
}

function creditChoices(credits: readonly Credit[]): Credit[][] {
  if (credits.length === 0) return [[]];
  const single = credits.length > 1 ? credits.slice(0, SINGLE_CREDITS_MAX).map((credit) => [credit]) : [];
  return [[], [...credits], ...single];
}

/** Groups of two items or more, of one key, that make the amount. */
function sumsOf(debits: readonly Debit[], keyFor: (debit: Debit) => string, target: number): { key: string; debits: Debit[] }[] {
  const sums = new Map<string, number>();
  for (const debit of debits) {
    const key = keyFor(debit);
    sums.set(key, (sums.get(key) ?? 0) + debit.open);
  }
  const keys = [...sums].flatMap(([key, sum]) => (sum === target ? [key] : []));
  return keys.map((key) => ({ key, debits: debits.filter((debit) => keyFor(debit) === key) })).filter((group) => group.debits.length > 1);
}

/** The oldest run of consecutive items, by due day or else by issue day, that makes the amount; two items at least. */
function stretchOf(debits: readonly Debit[], target: number): { debits: Debit[]; several: boolean } | null {
  const byIssue = debits.map((debit, at) => ({ debit, at, day: dayNumber(debit.facts.issuedOn) })).sort((a, b) => a.day - b.day || a.at - b.at).map(({ debit }) => debit);
  return windowOf(debits, target) ?? windowOf(byIssue, target);
}

/** All amounts are above 0: a window that grows at one end and shrinks at the other meets every run once. */
function windowOf(debits: readonly Debit[], target: number): { debits: Debit[]; several: boolean } | null {
  let from = 0;
  let sum = 0;
  let first: Debit[] | null = null;
  for (const [to, debit] of debits.entries()) {
    sum += debit.open;
    while (sum > target) {
      sum -= debits[from]?.open ?? 0;
      from += 1;
    }
    if (sum !== target || to === from) continue;
    if (first !== null) return { debits: first, several: true };
    first = debits.slice(from, to + 1);
  }
  return first === null ? null : { debits: first, several: false };
}

/** Everything due but one item, as those pay who dispute it; three items due at least. */
function exceptOne(due: readonly Debit[], target: number): { debits: Debit[]; without: Debit; several: boolean } | null {
  const missing = openOf(due) - target;
  const fitting = due.length < 3 || missing <= 0 ? [] : due.filter(({ open }) => open === missing);
  const without = fitting.at(-1);
  return without === undefined ? null : { debits: due.filter((debit) => debit !== without), without, several: fitting.length > 1 };
}

import type { Day } from '../kernel/day.ts';
import { digitsOf } from './accounts.ts';
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
 * `debits` come oldest due first. Each is tried without credits, with all of them, and with each of the oldest few. Work grows with the number of items.
 */
export function groupingsOf(of: { debits: readonly Debit[]; credits: readonly Credit[]; minor: number; on: Day }): Grouping[] {
  const { debits, credits, minor, on } = of;
  if (debits.length === 0 || openOf(debits) < minor) return [];
  const sums = sumsOf(debits, on);
  return creditChoices(credits).flatMap((taken) => groupingsFor(sums, { taken, target: minor + openOf(taken), on }));
}

/** Debits with what any target is compared with: sums of all, of those due, and of each due day and month that has two or more. */
type Sums = {
  readonly debits: readonly Debit[];
  readonly due: readonly Debit[];
  readonly all: number;
  readonly allDue: number;
  readonly days: readonly { readonly from: number; readonly to: number; readonly sum: number }[];
  readonly months: readonly { readonly month: number; readonly count: number; readonly sum: number }[];
  /** The debits by issue day; null when they stand so already. */
  byIssue: readonly Debit[] | null;
};

function sumsOf(debits: readonly Debit[], on: Day): Sums {
  const today = digitsOf(on);
  const due = debits.filter((debit) => debit.due <= today);
  const inOrder = debits.every(({ issued }, at) => (debits[at - 1]?.issued ?? 0) <= issued);
  return { debits, due, all: openOf(debits), allDue: openOf(due), days: daysOf(debits), months: monthsOf(debits), byIssue: inOrder ? null : [...debits].sort((a, b) => a.issued - b.issued) };
}

/** Runs of one due day, of two items or more: debits come in the order of their due days. */
function daysOf(debits: readonly Debit[]): { from: number; to: number; sum: number }[] {
  const days: { from: number; to: number; sum: number }[] = [];
  let from = 0;
  let sum = 0;
  for (const [at, { due, open }] of debits.entries()) {
    sum += open;
    if (debits[at + 1]?.due === due) continue;
    if (at > from) days.push({ from, to: at + 1, sum });
    [from, sum] = [at + 1, 0];
  }
  return days;
}

/** The month of an item as a number: 202605 for May 2026. */
const monthOf = ({ issued }: Debit): number => Math.floor(issued / 100);

function monthsOf(debits: readonly Debit[]): { month: number; count: number; sum: number }[] {
  const months = new Map<number, { month: number; count: number; sum: number }>();
  for (const debit of debits) {
    const month = monthOf(debit);
    const known = months.get(month);
    if (known === undefined) {
      months.set(month, { month, count: 1, sum: debit.open });
      continue;
    }
    known.count += 1;
    known.sum += debit.open;
  }
  return [...months.values()].filter(({ count }) => count > 1);
}

function groupingsFor(sums: Sums, { taken, target, on }: { taken: readonly Credit[]; target: number; on: Day }): Grouping[] {
  const { debits, due } = sums;
  if (sums.all < target) return [];
  const cost = taken.length === 0 ? 0 : CREDITS_COST;
  const found: Grouping[] = [];
  const add = (code: keyof typeof COST, chosen: readonly Debit[], more: { facts?: Evidence['facts']; several?: boolean } = {}): void => {
    const facts = { count: chosen.length, credits: taken.length, ...more.facts };
    found.push({ debits: chosen, credits: taken, evidence: { code: code satisfies EvidenceCode, facts }, cost: COST[code] + cost, ways: more.several === true ? 'several' : 'one' });
  };
  if (sums.all === target && debits.length + taken.length > 1) add('allOpen', debits);
  if (sums.allDue === target && due.length > 1 && due.length < debits.length) add('allDue', due, { facts: { on } });
  for (const { from, to, sum } of sums.days) if (sum === target) add('sameDueDay', debits.slice(from, to), { facts: { dueOn: debits[from]?.facts.dueOn ?? '' } });
  for (const { month, sum } of sums.months) {
    if (sum !== target) continue;
    const issued = debits.filter((debit) => monthOf(debit) === month);
    add('monthIssued', issued, { facts: { month: issued[0]?.facts.issuedOn.slice(0, 7) ?? '' } });
  }
  const stretch = windowOf(debits, target) ?? (sums.byIssue === null ? null : windowOf(sums.byIssue, target));
  if (stretch !== null) add('stretch', stretch.debits, { facts: { from: stretch.debits[0]?.facts.document ?? '', to: stretch.debits.at(-1)?.facts.document ?? '' }, several: stretch.several });
  const except = exceptOne(due, sums.allDue - target);
  if (except !== null) add('allDueExcept', except.debits, { facts: { without: except.without.facts.document ?? '' }, several: except.several });
  return found;
}

function creditChoices(credits: readonly Credit[]): (readonly Credit[])[] {
  if (credits.length === 0) return [[]];
  const single = credits.length > 1 ? credits.slice(0, SINGLE_CREDITS_MAX).map((credit) => [credit]) : [];
  return [[], credits, ...single];
}

/**
 * The oldest run of consecutive items that makes the amount; two items at least. All amounts are above 0: a window that grows at one end and
 * shrinks at the other meets every run once.
 */
function windowOf(debits: readonly Debit[], target: number): { debits: Debit[]; several: boolean } | null {
  let from = 0;
  let sum = 0;
  let first: Debit[] | null = null;
  for (let to = 0; to < debits.length; to += 1) {
    sum += debits[to]?.open ?? 0;
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
function exceptOne(due: readonly Debit[], missing: number): { debits: Debit[]; without: Debit; several: boolean } | null {
  const fitting = due.length < 3 || missing <= 0 ? [] : due.filter(({ open }) => open === missing);
  const without = fitting.at(-1);
  return without === undefined ? null : { debits: due.filter((debit) => debit !== without), without, several: fitting.length > 1 };
}

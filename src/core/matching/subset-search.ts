/** What a search found: sets of positions, fewest items first and among those the first (oldest) positions. At most two: a second one says that the first is not the only one. */
export type Subsets = { readonly sets: readonly (readonly number[])[]; readonly complete: boolean };

/** Up to this many amounts every combination is looked at: two halves of 2^12 sums meet in the middle, in about a millisecond. */
export const EVERY_COMBINATION_ITEMS = 24;
/** Above, sets of up to this many items: larger ones that add up by accident are so many that they prove nothing. */
const SET_ITEMS_MAX = 4;
/** Comparisons of one search: some milliseconds. Counted in steps so that the answer never depends on the machine. */
const STEPS_MAX = 2_000_000;

/**
 * Sets of whole amounts that add up to `target` exactly. Amounts may be negative (credits taken in) as long as there are at most
 * `EVERY_COMBINATION_ITEMS` of them; above, only amounts above 0 are searched, and `complete` is false unless nothing was left out.
 */
export function subsetsThatMake(amounts: readonly number[], target: number): Subsets {
  if (amounts.length <= EVERY_COMBINATION_ITEMS) return { sets: everyCombination(amounts, target), complete: true };
  return smallSets(amounts, target);
}

type Half = { readonly sums: Float64Array; readonly masks: number };

/** Sums of all subsets of a half; index = mask, bit 0 = first amount. */
function half(amounts: readonly number[]): Half {
  const masks = 1 << amounts.length;
  const sums = new Float64Array(masks);
  for (let mask = 1; mask < masks; mask += 1) sums[mask] = (sums[mask & (mask - 1)] ?? 0) + (amounts[lowestBit(mask)] ?? 0);
  return { sums, masks };
}

const lowestBit = (mask: number): number => 31 - Math.clz32(mask & -mask);

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** Negative when `a` is the better set of positions: fewer, or as many and the first difference is in its favour. */
function compareMasks(a: number, b: number): number {
  const fewer = bits(a) - bits(b);
  if (fewer !== 0 || a === b) return fewer;
  const difference = a ^ b;
  return (a & difference & -difference) === 0 ? 1 : -1;
}

type Pair = { readonly left: number; readonly right: number };

const comparePairs = (a: Pair, b: Pair): number => bits(a.left) + bits(a.right) - bits(b.left) - bits(b.right) || compareMasksAlike(a.left, b.left) || compareMasksAlike(a.right, b.right);

/** Of sets of one size: the first difference decides. */
function compareMasksAlike(a: number, b: number): number {
  if (a === b) return 0;
  const difference = a ^ b;
  return (a & difference & -difference) === 0 ? 1 : -1;
}

function everyCombination(amounts: readonly number[], target: number): number[][] {
  const cut = amounts.length >> 1;
  const left = half(amounts.slice(0, cut));
  const right = half(amounts.slice(cut));
  const bySum = new Map<number, number[]>();
  for (let mask = 0; mask < left.masks; mask += 1) keepBest(bySum, left.sums[mask] ?? 0, mask);
  let best: Pair[] = [];
  for (let mask = 0; mask < right.masks; mask += 1) {
    const fitting = bySum.get(target - (right.sums[mask] ?? 0));
    if (fitting === undefined) continue;
    for (const other of fitting) if (other !== 0 || mask !== 0) best = [...best, { left: other, right: mask }].sort(comparePairs).slice(0, 2);
  }
  return equalFirst(best.map((pair) => [...positions(pair.left, 0), ...positions(pair.right, cut)]));
}

/** The two best left halves of each sum: with any right half, no third one can be among the two best wholes. */
function keepBest(bySum: Map<number, number[]>, sum: number, mask: number): void {
  const kept = bySum.get(sum);
  if (kept === undefined) bySum.set(sum, [mask]);
  else if (kept.length < 2 || compareMasks(mask, kept[1] ?? 0) < 0) bySum.set(sum, [...kept, mask].sort(compareMasks).slice(0, 2));
}

function positions(mask: number, from: number): number[] {
  const list: number[] = [];
  for (let rest = mask; rest !== 0; rest &= rest - 1) list.push(from + lowestBit(rest));
  return list;
}

/** A second set counts only when it is as small as the first. */
const equalFirst = (sets: number[][]): number[][] => sets.filter((set) => set.length === sets[0]?.length);

/** Equal amounts as one value, with their positions in order. */
type Value = { readonly amount: number; readonly positions: readonly number[] };

type Search = { readonly values: readonly Value[]; steps: number; readonly found: (readonly number[])[] };

function smallSets(amounts: readonly number[], target: number): Subsets {
  const byAmount = new Map<number, number[]>();
  for (const [position, amount] of amounts.entries()) {
    if (amount <= 0 || amount > target) continue;
    const list = byAmount.get(amount);
    if (list === undefined) byAmount.set(amount, [position]);
    else list.push(position);
  }
  const values = [...byAmount].map(([amount, positions]): Value => ({ amount, positions })).sort((a, b) => a.amount - b.amount);
  const search: Search = { values, steps: STEPS_MAX, found: [] };
  for (let size = 1; size <= SET_ITEMS_MAX && search.found.length === 0 && search.steps > 0; size += 1) extend(search, { chosen: [], from: 0, size, target });
  return { sets: itemsOf(values, search.found), complete: search.steps > 0 && search.found.length > 0 };
}

/** Positions of the first sets of values found: the oldest item of each value. Another item of the same value is another way. */
function itemsOf(values: readonly Value[], sets: readonly (readonly number[])[]): number[][] {
  const listed = sets.map((chosen) => chosen.map((value, at) => values[value]?.positions[at - chosen.indexOf(value)] ?? 0).sort((a, b) => a - b));
  const first = sets[0];
  const spare = first?.find((value) => (values[value]?.positions.length ?? 0) > first.filter((other) => other === value).length);
  if (first === undefined || spare === undefined || listed.length > 1) return listed;
  const last = first.lastIndexOf(spare);
  const other = first.map((value, at) => values[value]?.positions[at - first.indexOf(value) + (at === last ? 1 : 0)] ?? 0).sort((a, b) => a - b);
  return [...listed, other];
}

type Partial = { readonly chosen: readonly number[]; readonly from: number; readonly size: number; readonly target: number };

/** Goes on with values at or after `from`, `size` of them, that make `target`; stops at two sets or when the steps are used up. */
function extend(search: Search, { chosen, from, size, target }: Partial): void {
  const { values } = search;
  if (size <= 2) {
    if (size === 1) findOne(search, { chosen, from, size, target });
    else findTwo(search, { chosen, from, size, target });
    return;
  }
  const last = values.at(-1)?.amount ?? 0;
  for (let at = from; at < values.length && search.steps > 0 && search.found.length < 2; at += 1) {
    const amount = values[at]?.amount ?? 0;
    search.steps -= 1;
    if (amount * size > target) return;
    if (amount + last * (size - 1) < target || !spareOf(search, chosen, at)) continue;
    extend(search, { chosen: [...chosen, at], from: at, size: size - 1, target: target - amount });
  }
}

/** Whether a value has an item left that is not chosen yet. */
function spareOf({ values }: Search, chosen: readonly number[], at: number): boolean {
  let used = 0;
  for (const one of chosen) if (one === at) used += 1;
  return used < (values[at]?.positions.length ?? 0);
}

function findOne(search: Search, { chosen, from, target }: Partial): void {
  const at = search.values.findIndex((value, index) => index >= from && value.amount === target);
  search.steps -= search.values.length;
  if (at >= 0) search.found.push([...chosen, at]);
}

/** Two values from both ends. */
function findTwo(search: Search, { chosen, from, target }: Partial): void {
  const { values } = search;
  let low = from;
  let high = values.length - 1;
  while (low <= high && search.steps > 0 && search.found.length < 2) {
    search.steps -= 1;
    const sum = (values[low]?.amount ?? 0) + (values[high]?.amount ?? 0);
    if (sum < target) low += 1;
    else if (sum > target) high -= 1;
    else {
      const free = low === high ? spareOf(search, [...chosen, low], high) : spareOf(search, chosen, low) && spareOf(search, chosen, high);
      if (free) search.found.push([...chosen, low, high]);
      low += 1;
      high -= 1;
    }
  }
}

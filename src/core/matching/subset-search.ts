/**
 * What a search found: sets of positions, the fewest items first and among those the first (oldest) positions. At most two: a second one, of as many
 * items, says that the first is not the only one. `complete`: no other set of as few items makes the target; when none was found, no set at all.
 */
export type Subsets = { readonly sets: readonly (readonly number[])[]; readonly complete: boolean };

/** Steps that may still be taken for one incoming amount, over all its searches, and how far each goes. Counted and never timed, so that the answer does not depend on the machine. */
export type Work = { left: number; readonly limits: SubsetLimits };

/** Up to this many amounts every combination is looked at: two halves of 2^12 sums meet in the middle. */
export const EVERY_COMBINATION_ITEMS = 24;
/** Above, sets of up to this many items: larger ones that add up by accident are so many that they prove nothing. */
export const SET_ITEMS_MAX = 4;
/** Comparisons of one search: some milliseconds. */
export const STEPS_MAX = 2_000_000;
/** Comparisons for one incoming amount: several people may have paid, each for itself or for its group. */
export const WORK_MAX = 4 * STEPS_MAX;

/** How far to go; other limits than the standard ones show on small cases what happens at their edge. */
export type SubsetLimits = { readonly everyCombination: number; readonly steps: number };

const STANDARD_LIMITS: SubsetLimits = { everyCombination: EVERY_COMBINATION_ITEMS, steps: STEPS_MAX };

/** Work for one incoming amount. */
export const freshWork = (limits: SubsetLimits = STANDARD_LIMITS): Work => ({ left: WORK_MAX, limits });

/**
 * Sets of whole amounts that add up to `target` (above 0) exactly. Amounts may be negative (credits taken in) as long as there are at most
 * `EVERY_COMBINATION_ITEMS` of them; above, only amounts above 0 are searched.
 */
export function subsetsThatMake(amounts: readonly number[], target: number, work: Work): Subsets {
  return amounts.length <= Math.min(work.limits.everyCombination, EVERY_COMBINATION_ITEMS) ? everyCombination(amounts, target, work) : smallSets(amounts, target, work);
}

/** Sums of all subsets of amounts; index = mask, bit 0 = first amount. Written over `sums`. */
function sumInto(sums: Float64Array, amounts: readonly number[], { from, to }: { from: number; to: number }): void {
  const masks = 1 << (to - from);
  for (let mask = 1; mask < masks; mask += 1) sums[mask] = (sums[mask & (mask - 1)] ?? 0) + (amounts[from + lowestBit(mask)] ?? 0);
}

const lowestBit = (mask: number): number => 31 - Math.clz32(mask & -mask);

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** Negative when `a` is the better set of positions: fewer, or as many and the first difference is in its favour. */
function compareMasks(a: number, b: number): number {
  return bits(a) - bits(b) || compareAlike(a, b);
}

/** Of sets of one size: the first difference decides. */
function compareAlike(a: number, b: number): number {
  if (a === b) return 0;
  const difference = a ^ b;
  return (a & difference & -difference) === 0 ? 1 : -1;
}

/** Sums of the larger half of as many amounts as are ever looked at whole. */
const HALF_SUMS_MAX = 2 ** Math.ceil(EVERY_COMBINATION_ITEMS / 2);

/**
 * Room in which one search after the other is made: asking for it anew takes longer than most searches. Left halves by their sum, the two best of
 * each, since with any right half no third one can be among the two best wholes. Masks are kept plus one; 0 is none.
 */
class Halves {
  readonly left = new Float64Array(HALF_SUMS_MAX);
  readonly right = new Float64Array(HALF_SUMS_MAX);
  readonly #sums = new Float64Array(HALF_SUMS_MAX * 2);
  readonly #first = new Int32Array(HALF_SUMS_MAX * 2);
  readonly #second = new Int32Array(HALF_SUMS_MAX * 2);
  #last = 0;
  #shift = 0;

  /** Takes the halves of these amounts, and forgets those before. */
  fill(amounts: readonly number[], cut: number): void {
    sumInto(this.left, amounts, { from: 0, to: cut });
    sumInto(this.right, amounts, { from: cut, to: amounts.length });
    const room = 2 << cut;
    this.#last = room - 1;
    this.#shift = 31 - cut;
    this.#first.fill(0, 0, room);
    this.#second.fill(0, 0, room);
    for (let mask = 0; mask < 1 << cut; mask += 1) this.#keep(this.left[mask] ?? 0, mask);
  }

  #keep(sum: number, mask: number): void {
    const at = this.placeOf(sum);
    const first = this.#first[at] ?? 0;
    const second = this.#second[at] ?? 0;
    this.#sums[at] = sum;
    if (first === 0) this.#first[at] = mask + 1;
    else if (compareMasks(mask, first - 1) < 0) [this.#first[at], this.#second[at]] = [mask + 1, first];
    else if (second === 0 || compareMasks(mask, second - 1) < 0) this.#second[at] = mask + 1;
  }

  /** Where a sum is kept, or would be. */
  placeOf(sum: number): number {
    let at = Math.imul(sum | 0, 0x9e3779b1) >>> this.#shift;
    while (this.#first[at] !== 0 && this.#sums[at] !== sum) at = (at + 1) & this.#last;
    return at;
  }

  firstAt(place: number): number {
    return this.#first[place] ?? 0;
  }

  secondAt(place: number): number {
    return this.#second[place] ?? 0;
  }
}

const halves = new Halves();

type Pair = { readonly left: number; readonly right: number; readonly count: number };

const comparePairs = (a: Pair, b: Pair): number => a.count - b.count || compareAlike(a.left, b.left) || compareAlike(a.right, b.right);

function everyCombination(all: readonly number[], target: number, work: Work): Subsets {
  const positions = usable(all, target);
  if (positions.length === 0) return { sets: [], complete: true };
  const amounts = positions.map((at) => all[at] ?? 0);
  const cut = amounts.length >> 1;
  const steps = (1 << cut) + (1 << (amounts.length - cut));
  if (work.left < steps) return { sets: [], complete: false };
  work.left -= steps;
  halves.fill(amounts, cut);
  let best: Pair[] = [];
  const offer = (left: number, mask: number): void => {
    if (left === 0 && mask === 0) return;
    const pair = { left, right: mask, count: bits(left) + bits(mask) };
    const last = best[1];
    if (last === undefined || comparePairs(pair, last) < 0) best = [...best, pair].sort(comparePairs).slice(0, 2);
  };
  const masks = 1 << (amounts.length - cut);
  for (let mask = 0; mask < masks; mask += 1) {
    const place = halves.placeOf(target - (halves.right[mask] ?? 0));
    const first = halves.firstAt(place);
    if (first === 0) continue;
    offer(first - 1, mask);
    const second = halves.secondAt(place);
    if (second !== 0) offer(second - 1, mask);
  }
  const sets = best.filter(({ count }) => count === best[0]?.count).map((pair) => [...bitsOf(pair.left, 0), ...bitsOf(pair.right, cut)].map((at) => positions[at] ?? 0));
  return { sets, complete: sets.length < 2 };
}

/** Positions of amounts that can be in any set at all: not above the target whatever is taken off, and nothing when all together do not reach it. */
function usable(amounts: readonly number[], target: number): number[] {
  let above = 0;
  let below = 0;
  for (const amount of amounts) {
    if (amount > 0) above += amount;
    else below += amount;
  }
  if (above < target) return [];
  return amounts.flatMap((amount, at) => (amount > target - below || (amount < 0 && amount < target - above) ? [] : [at]));
}

function bitsOf(mask: number, from: number): number[] {
  const list: number[] = [];
  for (let rest = mask; rest !== 0; rest &= rest - 1) list.push(from + lowestBit(rest));
  return list;
}

/** Different amounts, lowest first, each with how many positions have it. `found` holds places of values. */
type Search = { readonly values: readonly number[]; readonly counts: readonly number[]; readonly found: (readonly number[])[]; steps: number };

function smallSets(amounts: readonly number[], target: number, work: Work): Subsets {
  const fitting: number[] = [];
  let sum = 0;
  for (const amount of amounts) {
    if (amount <= 0 || amount > target) continue;
    fitting.push(amount);
    sum += amount;
  }
  if (sum < target) return { sets: [], complete: true };
  const values: number[] = [];
  const counts: number[] = [];
  for (const amount of Float64Array.from(fitting).sort()) {
    if (amount !== values.at(-1)) {
      values.push(amount);
      counts.push(0);
    }
    counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
  }
  const steps = Math.min(work.limits.steps, work.left);
  const search: Search = { values, counts, steps, found: [] };
  for (let size = 1; size <= SET_ITEMS_MAX && search.found.length === 0 && search.steps > 0; size += 1) extend(search, { chosen: [], from: 0, size, target });
  work.left -= steps - search.steps;
  const sets = positionsOf(amounts, search);
  return { sets, complete: search.steps > 0 && (sets.length === 1 || (sets.length === 0 && fitting.length <= SET_ITEMS_MAX)) };
}

/** Positions of the first sets of values found: the oldest item of each value. Another item of the same value is another way. */
function positionsOf(amounts: readonly number[], { values, counts, found }: Search): number[][] {
  const placed = (chosen: readonly number[], other: number | null): number[] => chosen.map((value, at) => {
    const positions = amounts.flatMap((amount, position) => (amount === values[value] ? [position] : []));
    return positions[at - chosen.indexOf(value) + (at === other ? 1 : 0)] ?? 0;
  }).sort((a, b) => a - b);
  const listed = found.map((chosen) => placed(chosen, null));
  const [first] = found;
  const spare = first?.find((value) => (counts[value] ?? 0) > first.filter((other) => other === value).length);
  if (first === undefined || spare === undefined || listed.length > 1) return listed;
  return [...listed, placed(first, first.lastIndexOf(spare))];
}

type Partial = { readonly chosen: readonly number[]; readonly from: number; readonly size: number; readonly target: number };

/** Goes on with values at or after `from`, `size` of them, that make `target`; stops at two sets or when the steps are used up. */
function extend(search: Search, { chosen, from, size, target }: Partial): void {
  const { values } = search;
  if (size === 1) findOne(search, { chosen, from, size, target });
  else if (size === 2) findTwo(search, { chosen, from, size, target }, values.length - 1);
  if (size <= 2) return;
  const largest = values.at(-1) ?? 0;
  // With a larger value taken first, the last two make less: what was too large for them stays so.
  let high = values.length - 1;
  for (let at = from; at < values.length && search.steps > 0 && search.found.length < 2; at += 1) {
    const amount = values[at] ?? 0;
    search.steps -= 1;
    if (amount * size > target) return;
    if (amount + largest * (size - 1) < target || !spareOf(search, chosen, at)) continue;
    const rest = { chosen: [...chosen, at], from: at, size: size - 1, target: target - amount };
    if (size > 3) {
      extend(search, rest);
      continue;
    }
    while (high > at && amount + (values[high] ?? 0) > rest.target) high -= 1;
    findTwo(search, rest, high);
  }
}

/** Whether a value has an item left that is not chosen yet. */
function spareOf({ counts }: Search, chosen: readonly number[], at: number): boolean {
  let used = 0;
  for (const one of chosen) if (one === at) used += 1;
  return used < (counts[at] ?? 0);
}

function findOne(search: Search, { chosen, from, target }: Partial): void {
  const at = search.values.indexOf(target, from);
  search.steps -= search.values.length;
  if (at >= 0) search.found.push([...chosen, at]);
}

/** Two values from both ends, none after `last`. */
function findTwo(search: Search, { chosen, from, target }: Partial, last: number): void {
  const { values } = search;
  let low = from;
  let high = last;
  let { steps } = search;
  while (low <= high && steps > 0 && search.found.length < 2) {
    steps -= 1;
    const sum = (values[low] ?? 0) + (values[high] ?? 0);
    if (sum < target) low += 1;
    else if (sum > target) high -= 1;
    else {
      const free = low === high ? spareOf(search, [...chosen, low], high) : spareOf(search, chosen, low) && spareOf(search, chosen, high);
      if (free) search.found.push([...chosen, low, high]);
      low += 1;
      high -= 1;
    }
  }
  search.steps = steps;
}

import type { Day } from '../kernel/day.ts';
import type { ItemId } from '../kernel/id.ts';

/** A debt of one customer, in minor units of one currency. */
export type Debt = {
  readonly item: ItemId;
  /** Left of the principal, 0 or more. */
  readonly principal: bigint;
  /** Interest and costs claimed on it, 0 or more. */
  readonly charges: bigint;
  readonly dueOn: Day;
  /** Bears interest, a penalty or a security: the debtor gains most by paying it. */
  readonly bearsInterest: boolean;
};

/** What a payment brings to one debt. */
export type Share = { readonly item: ItemId; readonly principal: bigint; readonly charges: bigint };

/** How a payment is imputed. `proRata`: the statutory end of the order, for debts alike in everything; `inOrder`: by item, as ledgers do. */
export type ImputationRule = {
  readonly on: Day;
  /** What the debtor said when paying, most wanted first; those debts come before all others. */
  readonly indicated: readonly ItemId[];
  readonly first: 'principalFirst' | 'interestFirst';
  readonly alike: 'proRata' | 'inOrder';
};

type Ranked = { readonly debt: Debt; readonly rank: readonly (number | string)[] };

/**
 * The order in which a payment meets debts (C. civ. 1342-10): the debtor's indication, else debts that are due, then those that bear
 * interest, then the oldest. Debts of one inner list are alike in everything.
 */
export function imputationOrder(debts: readonly Debt[], { on, indicated }: Pick<ImputationRule, 'on' | 'indicated'>): Debt[][] {
  const ranked = debts.map((debt): Ranked => {
    const wanted = indicated.indexOf(debt.item);
    if (wanted >= 0) return { debt, rank: [0, wanted] };
    return { debt, rank: [1, debt.dueOn <= on ? 0 : 1, debt.bearsInterest ? 0 : 1, debt.dueOn] };
  });
  const sorted = ranked.sort((a, b) => compareRanks(a.rank, b.rank) || a.debt.item.length - b.debt.item.length || (a.debt.item < b.debt.item ? -1 : 1));
  const groups: { rank: Ranked['rank']; debts: Debt[] }[] = [];
  for (const { debt, rank } of sorted) {
    const last = groups.at(-1);
    if (last !== undefined && compareRanks(last.rank, rank) === 0) last.debts.push(debt);
    else groups.push({ rank, debts: [debt] });
  }
  return groups.map((group) => group.debts);
}

function compareRanks(a: Ranked['rank'], b: Ranked['rank']): number {
  for (const [at, one] of a.entries()) {
    const other = b[at];
    if (other === undefined || one === other) continue;
    return one < other ? -1 : 1;
  }
  return 0;
}

/**
 * Shares a payment (minor units, 0 or more) among debts. `interestFirst`: inside each debt interest and costs before principal (C. civ. 1343-1).
 * `principalFirst`: all principals in order, then the charges in the same order. Gives one share for each debt that gets something, and what
 * is left when all are paid.
 */
export function impute(minor: bigint, debts: readonly Debt[], rule: ImputationRule): { shares: Share[]; left: bigint } {
  if (minor < 0n) throw new Error('a payment is not below 0');
  const order = imputationOrder(debts, rule);
  const groups = rule.alike === 'proRata' ? order : order.flat().map((debt) => [debt]);
  const paid = new Map<ItemId, { principal: bigint; charges: bigint }>(debts.map(({ item }) => [item, { principal: 0n, charges: 0n }]));
  let left = minor;
  const pay = (group: readonly Debt[], kinds: readonly ('principal' | 'charges')[]): void => {
    const parts = proRata(left, group.map((debt) => kinds.reduce((sum, kind) => sum + debt[kind], 0n)));
    for (const [at, debt] of group.entries()) {
      let part = parts[at] ?? 0n;
      left -= part;
      for (const kind of kinds) {
        const share = paid.get(debt.item);
        const here = part < debt[kind] ? part : debt[kind];
        if (share !== undefined) share[kind] += here;
        part -= here;
      }
    }
  };
  if (rule.first === 'interestFirst') for (const group of groups) pay(group, ['charges', 'principal']);
  else for (const kind of ['principal', 'charges'] as const) for (const group of groups) pay(group, [kind]);
  const shares = order.flat().flatMap(({ item }) => {
    const share = paid.get(item);
    return share === undefined || share.principal + share.charges === 0n ? [] : [{ item, ...share }];
  });
  return { shares, left };
}

/** At most `minor` in proportion to what each is owed. Rounded so that running sums are: no part is above what is owed, and all of it is given out. */
function proRata(minor: bigint, owed: readonly bigint[]): bigint[] {
  const sum = owed.reduce((total, one) => total + one, 0n);
  if (sum <= minor) return [...owed];
  let before = 0n;
  let given = 0n;
  return owed.map((one) => {
    before += one;
    const until = (minor * before) / sum;
    const part = until - given;
    given = until;
    return part;
  });
}

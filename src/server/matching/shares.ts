import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import type { Candidate, Part } from '#core/matching/matching.ts';

/** What is let go of a debt, and what a person says of it. */
export type LetGo = { readonly minor: bigint; readonly reason: string; readonly note: string | null };

/** What the account of one customer gets of the money: a receipt of its own, so that its balance stays the sum of its items. */
export type Share = { readonly customer: CustomerId; readonly parts: readonly Part[]; readonly credits: readonly Part[]; readonly writeOff: LetGo | null };

const sumOf = (parts: readonly Part[]): bigint => parts.reduce((sum, { minor }) => sum + minor, 0n);

/** The money a share takes: its debts, less the credits and what is let go of them. */
export const moneyOfShare = ({ parts, credits, writeOff }: Share): bigint => sumOf(parts) - sumOf(credits) - (writeOff?.minor ?? 0n);

/**
 * A candidate taken apart by customer, the one that keeps what is left first. Null when it cannot be: credits of one customer never pay the debts
 * of another, so a customer whose credits are above its debts would have to be paid out.
 */
export function sharesOf(candidate: Pick<Candidate, 'customer' | 'parts' | 'credits' | 'writeOff'> & { readonly left: bigint }, customerOf: (item: ItemId) => CustomerId | null): Share[] | null {
  const byCustomer = new Map<CustomerId, { parts: Part[]; credits: Part[] }>([[candidate.customer, { parts: [], credits: [] }]]);
  for (const side of ['parts', 'credits'] as const) {
    for (const part of candidate[side]) {
      const customer = customerOf(part.item);
      if (customer === null) return null;
      const share = byCustomer.get(customer) ?? { parts: [], credits: [] };
      share[side].push(part);
      byCustomer.set(customer, share);
    }
  }
  const { writeOff } = candidate;
  // What is missing is missing where there is room for it: the customer's own debts, else the first ones of another.
  const bearer = writeOff === null ? null : ([...byCustomer].find(([, { parts, credits }]) => sumOf(parts) - sumOf(credits) > writeOff.minor)?.[0] ?? null);
  if (writeOff !== null && bearer === null) return null;
  const shares = [...byCustomer].map(([customer, of]): Share => ({ customer, ...of, writeOff: customer === bearer && writeOff !== null ? { ...writeOff, note: null } : null }));
  const [own, ...others] = shares;
  if (own === undefined || moneyOfShare(own) < 0n || others.some((one) => moneyOfShare(one) <= 0n)) return null;
  const ownGets = moneyOfShare(own) + candidate.left > 0n;
  return ownGets || own.parts.length === 0 ? (ownGets ? shares : others) : null;
}

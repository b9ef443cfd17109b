import type { CustomerRef, OpenLineView, PartView, PersonWriteOffReason, Placing, ProposalView } from '#core/api/matching.ts';
import { readAmount, decimalOf } from '../../ui/typed-amount.ts';

/** What a proposal uses on one customer's account. */
export type Use = {
  readonly customer: CustomerRef; readonly parts: readonly PartView[]; readonly credits: readonly PartView[];
  readonly writeOff: { readonly amount: string; readonly reason: PersonWriteOffReason; readonly note: string | null } | null;
};

/** What identifies a proposal while it is chosen: the same money on the same items, whatever its place in the list. */
export function signatureOf(of: ProposalView): string {
  const rows = (parts: readonly PartView[]): string => parts.map((part) => `${part.item}=${part.amount}`).join(',');
  return [of.customer.id, rows(of.parts), rows(of.credits), of.writeOff === null ? '' : `${of.writeOff.reason}=${of.writeOff.amount}`].join('|');
}

/** The proposal that stands chosen before anybody has: the first one, or none (-1) when another is as good. */
export function firstChoice(proposals: readonly ProposalView[]): number {
  const [first, second] = proposals;
  if (first === undefined) return -1;
  return second !== undefined && second.confidence === first.confidence ? -1 : 0;
}

/** How a document is named; an item without a number goes by its label. */
export const nameOf = (part: PartView, kind: (code: string) => string): string => part.document ?? part.label ?? kind(part.kind);

const minorOf = (amount: string, currency: string): bigint => readAmount(amount, currency) ?? 0n;

const sumOf = (parts: readonly PartView[], currency: string): bigint => parts.reduce((sum, part) => sum + minorOf(part.amount, currency), 0n);

/** The account that carries the write-off: the proposal's own when it pays something, else the one that pays most. */
function bearerOf(of: ProposalView, uses: readonly Use[], currency: string): Use | undefined {
  const paying = uses.filter((use) => use.parts.length > 0);
  return paying.find((use) => use.customer.id === of.customer.id)
    ?? paying.toSorted((a, b) => (sumOf(b.parts, currency) > sumOf(a.parts, currency) ? 1 : -1))[0];
}

/**
 * A proposal as uses, one for each customer whose items it touches. The proposal's own customer comes first, since what is left stays with
 * it; it is left out when it neither pays, gives nor keeps anything.
 */
export function usesOf(of: ProposalView, currency: string): readonly Use[] {
  const customers = new Map<string, CustomerRef>([of.customer, ...of.parts.map((part) => part.customer), ...of.credits.map((part) => part.customer)].map((one) => [one.id, one]));
  const uses = [...customers.values()].map((customer): Use => ({
    customer, writeOff: null, parts: of.parts.filter((part) => part.customer.id === customer.id), credits: of.credits.filter((part) => part.customer.id === customer.id),
  }));
  const needed = uses.length === 1 ? uses : uses.filter((use) => use.parts.length + use.credits.length > 0 || minorOf(of.left, currency) > 0n);
  const { writeOff } = of;
  if (writeOff === null) return needed;
  const bearer = bearerOf(of, needed, currency);
  return needed.map((use) => (use === bearer ? { ...use, writeOff: { ...writeOff, note: null } } : use));
}

/** What travels when uses of a line are decided. */
export function placingOf(line: OpenLineView, uses: readonly Use[]): Placing {
  const rows = (parts: readonly PartView[]): { item: string; amount: string }[] => parts.map(({ item, amount }) => ({ item, amount }));
  return { line: line.key, uses: uses.map((use) => ({ customer: use.customer.id, parts: rows(use.parts), credits: rows(use.credits), writeOff: use.writeOff })) };
}

/** A proposal whose documents are settled whole: what was missing for that, on the account that misses it. */
export type Settling = { readonly amount: string; readonly uses: readonly Use[] };

/**
 * What has to be let go so that a proposal settles its documents; null when nothing is missing, when money is left over, or when several
 * customers are concerned (then it is said account by account, by hand).
 */
export function settlingOf(of: ProposalView, currency: string): Settling | null {
  const [use, ...others] = usesOf(of, currency);
  if (use === undefined || others.length > 0 || use.parts.length === 0 || minorOf(of.left, currency) > 0n) return null;
  const missing = use.parts.reduce((sum, part) => sum + minorOf(part.open, currency) - minorOf(part.amount, currency), 0n);
  const total = missing + (of.writeOff === null ? 0n : minorOf(of.writeOff.amount, currency));
  if (total <= 0n) return null;
  return { amount: decimalOf(total, currency), uses: [{ ...use, parts: use.parts.map((part) => ({ ...part, amount: part.open })), writeOff: null }] };
}

import type { CustomerId } from '../kernel/id.ts';
import { compareDebits, compareIds } from './accounts.ts';
import type { Credit, Debit } from './accounts.ts';
import type { Evidence } from './evidence.ts';
import type { Fit, Taken } from './fit.ts';
import type { Candidate, NotAutomatic } from './matching.ts';

/** A candidate on its way: with its items at hand and what keeps it from being carried out by itself. */
export type Draft = {
  readonly customer: CustomerId;
  readonly parts: readonly Taken<Debit>[];
  readonly credits: readonly Taken<Credit>[];
  readonly left: number;
  readonly writeOff: Fit['writeOff'];
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
  /** Null when nothing but the threshold and equal candidates stand against it. */
  readonly blocked: NotAutomatic | null;
};

/** Puts a fit under a customer. Confidence is kept within 1 and 100. */
export function draftOf(fit: Fit, of: Pick<Draft, 'customer' | 'confidence' | 'evidence' | 'blocked'>): Draft {
  const { parts, credits, left, writeOff } = fit;
  return { parts, credits, left, writeOff, ...of, confidence: Math.max(1, Math.min(100, of.confidence)), evidence: [...of.evidence, ...fit.evidence] };
}

/** Best first: confidence, then fewer items, then the oldest, then the customer. Never the order in which they were found. */
export function compareDrafts(a: Draft, b: Draft): number {
  return b.confidence - a.confidence || itemsOf(a) - itemsOf(b) || compareParts(a, b) || compareIds(a.customer, b.customer) || (keyOf(a) < keyOf(b) ? -1 : 1);
}

const itemsOf = ({ parts, credits }: Draft): number => parts.length + credits.length;

function compareParts(a: Draft, b: Draft): number {
  for (const [at, { of }] of a.parts.entries()) {
    const other = b.parts[at]?.of;
    const order = other === undefined ? 0 : compareDebits(of.facts, other.facts);
    if (order !== 0) return order;
  }
  return 0;
}

/** What a draft does, whatever speaks for it: two with one key are one. */
export function keyOf({ customer, parts, credits, writeOff, left }: Draft): string {
  const taken = (list: readonly Taken<Debit | Credit>[]): string => list.map(({ of, minor }) => `${of.facts.item}:${minor}`).sort().join(' ');
  return `${parts.length === 0 ? customer : ''}|${taken(parts)}|${taken(credits)}|${left}|${writeOff === null ? '' : writeOff.minor}`;
}

/** Best first, and of drafts that do the same the one that is surest. */
export function ranked(drafts: readonly Draft[]): readonly Draft[] {
  if (drafts.length < 2) return drafts;
  const best = new Map<string, Draft>();
  for (const draft of [...drafts].sort(compareDrafts)) {
    const key = keyOf(draft);
    if (!best.has(key)) best.set(key, draft);
  }
  return [...best.values()];
}

/** The candidate as callers see it. */
export function candidateOf({ customer, parts, credits, left, writeOff, confidence, evidence }: Draft): Candidate {
  const taken = <T extends Debit | Credit>(list: readonly Taken<T>[]): Candidate['parts'] => list.map(({ of, minor }) => ({ item: of.facts.item, minor: BigInt(minor) }));
  return {
    customer, parts: taken(parts), credits: taken(credits), left: BigInt(left), writeOff: writeOff === null ? null : { minor: BigInt(writeOff.minor), reason: writeOff.reason },
    confidence, evidence,
  };
}

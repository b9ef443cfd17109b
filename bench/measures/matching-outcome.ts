import type { Candidate, Part, Proposal } from '#core/matching/matching.ts';
import type { Part as TruePart, Truth } from '#sim/statement-line.ts';
import { customerIdOf } from './matching-facts.ts';

/**
 * What became of a line. `right`: applied by itself as it truly was, to the cent. `otherAmounts`: applied to the right items only, but not to the
 * cent (a fee taken for a part payment, a credit note left out). `wrong`: applied with any part on an item or customer that it
 * is not for, with money lost, or with more let go than was.
 * Not applied: the first proposal is right to the cent (`first`), a later one is (`listed`), or none is (`missed`).
 */
export const OUTCOMES = ['right', 'otherAmounts', 'wrong', 'first', 'listed', 'missed'] as const;

/** One of them. */
export type Outcome = (typeof OUTCOMES)[number];

/** A line judged; `firstRight`: the first proposal, applied or not, is the truth to the cent. */
export type Judged = { readonly outcome: Outcome; readonly firstRight: boolean };

/** Judges a proposal by the truth. */
export function judge(proposal: Proposal, truth: Truth): Judged {
  const [first] = proposal.candidates;
  const firstRight = first === undefined ? paysNothing(truth) : isTrue(first, truth);
  return { outcome: outcomeOf(proposal, truth), firstRight };
}

function outcomeOf({ automatic, candidates }: Proposal, truth: Truth): Outcome {
  if (automatic !== null) return isTrue(automatic, truth) ? 'right' : isHarmless(automatic, truth) ? 'otherAmounts' : 'wrong';
  const at = candidates.findIndex((candidate) => isTrue(candidate, truth));
  if (at > 0) return 'listed';
  return at === 0 || (candidates.length === 0 && paysNothing(truth)) ? 'first' : 'missed';
}

const sumOf = (parts: readonly { readonly minor: bigint }[]): bigint => parts.reduce((total, part) => total + part.minor, 0n);

/** The money of a line. */
const moved = (truth: Truth): bigint => sumOf(truth.parts) - sumOf(truth.credits) + truth.left - (truth.writeOff?.minor ?? 0n);

/** No customer's money at all: the right proposal is none. */
const paysNothing = (truth: Truth): boolean => truth.customer === null && truth.parts.length === 0;

function sameParts(ours: readonly Part[], theirs: readonly TruePart[]): boolean {
  const found = new Map(ours.map((part) => [String(part.item), part.minor]));
  return ours.length === theirs.length && theirs.every((part) => found.get(part.item) === part.minor);
}

/** The same items with the same amounts, and the rest left to the same customer. Parts name their customer by themselves. */
function isTrue(candidate: Candidate, truth: Truth): boolean {
  if (!sameParts(candidate.parts, truth.parts) || !sameParts(candidate.credits, truth.credits)) return false;
  return candidate.left === truth.left && (candidate.left === 0n || isOf(candidate, truth));
}

const isOf = (candidate: Candidate, truth: Truth): boolean => truth.customer !== null && candidate.customer === customerIdOf(truth.customer);

/**
 * Nothing of it is on an item or a customer that the money is not for, no money is lost on the way, and nothing is let go that was not let go:
 * a claim written off is as gone as one that somebody else is said to have paid.
 */
function isHarmless(candidate: Candidate, truth: Truth): boolean {
  if (sumOf(candidate.parts) - sumOf(candidate.credits) + candidate.left - (candidate.writeOff?.minor ?? 0n) !== moved(truth)) return false;
  if (candidate.writeOff !== null && candidate.writeOff.minor > (truth.writeOff?.minor ?? 0n)) return false;
  const items = new Set(truth.parts.map((part) => part.item));
  const credits = new Set(truth.credits.map((part) => part.item));
  if (!candidate.parts.every((part) => items.has(part.item)) || !candidate.credits.every((part) => credits.has(part.item))) return false;
  return candidate.left === 0n || isOf(candidate, truth) || (truth.customer === null && truth.parts.length > 0);
}

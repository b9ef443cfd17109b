import type { Candidate, Incoming, Proposal } from '#core/matching/matching.ts';

/** A worse matcher: what it makes of a right proposal. */
export type Planted = (proposal: Proposal, incoming: Incoming) => Proposal;

const applied = (proposal: Proposal, candidate: Candidate): Proposal => ({ ...proposal, candidates: [candidate, ...proposal.candidates.filter((one) => one !== candidate)], automatic: candidate, why: null });

/** An excess of at most 1 % and 5.00, which a tolerance may not swallow. */
const isSmallExcess = ({ left }: Candidate, { minor }: Incoming): boolean => left > 0n && left <= 500n && left * 100n <= minor;

/** Mistakes that matchers are known to make; each must miss a goal, or the goal proves nothing. */
export const PLANTED: Readonly<Record<string, Planted>> = {
  'amount alone applied': (proposal) => {
    const alone = proposal.candidates.find(({ evidence }) => evidence.some(({ code }) => code === 'amountOfOne' || code === 'amountAlone'));
    return proposal.automatic !== null || alone === undefined ? proposal : applied(proposal, alone);
  },
  'tolerance upward: a small excess written off': (proposal, incoming) => {
    const near = proposal.automatic ?? proposal.candidates[0];
    if (near === undefined || near.parts.length === 0 || !isSmallExcess(near, incoming)) return proposal;
    return applied(proposal, { ...near, left: 0n, writeOff: { minor: near.left, reason: 'rounding' } });
  },
  'first of two equal candidates applied': (proposal) => {
    const [first, second] = proposal.candidates;
    return first === undefined || second?.confidence !== first.confidence ? proposal : applied(proposal, first);
  },
  'oldest debts of the payer paid when nothing is named': (proposal) => {
    const oldest = proposal.candidates.find(({ evidence }) => evidence.some(({ code }) => code === 'oldestFirst'));
    return proposal.automatic !== null || oldest === undefined ? proposal : applied(proposal, oldest);
  },
  'everything left to a person': (proposal) => ({ ...proposal, automatic: null, why: 'belowThreshold' }),
  'last candidate first': (proposal) => (proposal.automatic === null ? { ...proposal, candidates: proposal.candidates.toReversed() } : proposal),
};

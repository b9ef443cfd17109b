import { never } from '#core/kernel/result.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { whyWords } from '#core/matching/evidence-words.ts';
import type { Candidate, Matcher, MatchingFacts, NotAutomatic, Proposal } from '#core/matching/matching.ts';
import { moneyOfShare, sharesOf } from './shares.ts';
import type { Share } from './shares.ts';
import type { Barred, Waiting } from './waiting.ts';

/** Why money waits for a person: what the matcher says, or what people said of this very money. */
export type WhyWaits = NotAutomatic | Barred | 'refusedHere';

/** A candidate, and what each customer's account would get. */
export type Offer = { readonly candidate: Candidate; readonly shares: readonly Share[] };

/** What is proposed for money that waits; offers are best first, `automatic` is the first one when it may go by itself. */
export type Offers = Pick<Proposal, 'complete' | 'notices'> & { readonly offers: readonly Offer[]; readonly automatic: Offer | null; readonly why: WhyWaits | null };

/** Whose item something is. */
export type CustomerOf = (item: ItemId) => CustomerId | null;

/** Whose items the facts speak of. */
export function customersOf({ debits, credits }: MatchingFacts): CustomerOf {
  const customers = new Map([...debits, ...credits].map(({ item, customer }) => [item, customer]));
  return (item) => customers.get(item) ?? null;
}

/** Asks the matcher, and leaves out what people said no to, what cannot be booked, and what would change nothing. */
export function offersFor(matcher: Pick<Matcher, 'propose'>, waiting: Waiting, customerOf: CustomerOf): Offers {
  const { incoming, refused, barred } = waiting;
  const { candidates, automatic, complete, why, notices } = matcher.propose(incoming);
  const offers = candidates.flatMap((candidate): Offer[] => {
    if (refused.includes(candidate.customer) || (incoming.source === 'credit' && candidate.parts.length === 0)) return [];
    const shares = sharesOf(candidate, customerOf);
    if (shares === null || (incoming.item !== null && shares.length !== 1)) return [];
    return shares.some(({ customer }) => refused.includes(customer)) ? [] : [{ candidate, shares }];
  });
  const [first] = offers;
  const stays = automatic !== null && first !== undefined && first.candidate === candidates[0];
  if (automatic === null) return { offers, complete, notices, automatic: null, why };
  if (barred !== null || !stays) return { offers, complete, notices, automatic: null, why: barred ?? 'refusedHere' };
  return { offers, complete, notices, automatic: first, why: null };
}

/** What an offer takes of the money itself. */
export const moneyOfOffer = ({ shares }: Offer): bigint => shares.reduce((sum, share) => sum + moneyOfShare(share), 0n);

/** Evidence that says nothing of who paid. */
const SAYS_NOT_WHO: ReadonlySet<string> = new Set(['amountAlone']);

/** The customer that money is likely of: of the first proposal for which something but the amount speaks, whatever amounts alone come before it. */
export function likelyCustomer({ offers }: Pick<Offers, 'offers'>): CustomerId | null {
  return offers.find(({ candidate }) => candidate.evidence.some(({ code }) => !SAYS_NOT_WHO.has(code)))?.candidate.customer ?? null;
}

/** Why money waits, in a sentence. */
export function whyWaitsWords(why: WhyWaits): Bilingual {
  switch (why) {
    case 'undoneBefore': return { fr: 'Quelqu’un a défait un lettrage de cet argent : il n’est plus placé de lui-même.', en: 'Somebody undid a match of this money: it is no longer placed by itself.' };
    case 'leftByPerson': return { fr: 'Quelqu’un a laissé ce crédit sur le compte : il n’est plus placé de lui-même.', en: 'Somebody left this credit on the account: it is no longer placed by itself.' };
    case 'refusedHere': return { fr: 'Vous avez écarté le client que le libellé désigne.', en: 'You refused the customer that the text names.' };
    case 'notReceived': case 'ignoredByRule': case 'noCandidate': case 'otherCurrency': case 'rulePropose': case 'equalCandidates': case 'noTextEvidence': case 'mistyped': case 'payerDiffers':
    case 'severalCustomers': case 'someOfNamed': case 'notNamed': case 'amountNotExplained': case 'partPaymentRule': case 'writeOffRule': case 'belowThreshold': return whyWords(why);
    default: return never(why);
  }
}

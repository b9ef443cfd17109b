import type { Accounts } from './accounts.ts';
import type { AmountIndex } from './amount-index.ts';
import type { Money } from './fit.ts';
import type { Incoming, MatchingRules } from './matching.ts';
import type { Payer } from './payers.ts';
import type { Reading } from './reading.ts';
import type { ReferenceIndex } from './reference-index.ts';
import type { Work } from './subset-search.ts';

/** All that is known while candidates for one incoming amount are sought. `complete` turns false when a search is cut off. */
export type Search = {
  readonly incoming: Incoming;
  readonly money: Money;
  readonly rules: MatchingRules;
  readonly accounts: Accounts;
  readonly references: ReferenceIndex;
  readonly amounts: AmountIndex;
  readonly reading: Reading;
  readonly payers: readonly Payer[];
  /** Shared by all searches for this amount. */
  readonly work: Work;
  complete: boolean;
};

/** Whether somebody of this party is among those who may have paid. */
export const agrees = ({ accounts, payers }: Search, party: string): boolean => payers.some(({ customer }) => accounts.partyOf(customer) === party);

/** Whether the payer is certain and is somebody else. */
export function differs({ accounts, payers }: Search, party: string): boolean {
  const certain = payers.filter((payer) => payer.certain);
  return certain.length > 0 && !certain.some(({ customer }) => accounts.partyOf(customer) === party);
}

/** Whether somebody was recognised, be it by a name alone, and nobody of this party. */
export const doubts = (search: Search, party: string): boolean => search.payers.length > 0 && !agrees(search, party);

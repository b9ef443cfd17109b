import type { Debit } from './accounts.ts';
import { draftOf } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Evidence } from './evidence.ts';
import { fitOf } from './fit.ts';
import { mistypedAs } from './mistyped.ts';
import type { Hit } from './reading.ts';
import { agrees } from './search.ts';
import type { Search } from './search.ts';

/** Debts looked at for one amount, oldest due first: where more are alike, the amount says nothing of any. */
const ALIKE_MAX = 200;
/** Debts proposed. */
const PROPOSED_MAX = 3;
/** One character from what is written is likelier than a number that is right for an amount that is not; a number quite different is not. */
const CONFIDENCE = { slipOfPayer: 88, slip: 78, other: 67, otherOfPayer: 77 } as const;

/**
 * Debts that the text does not name and that the amount pays exactly, while it does not fit those that are named: of the same accounts, or
 * of anybody when their number is one slip of the hand away. A wrong number on a right amount looks just like a part payment or an excess.
 */
export function elsewhere(search: Search, named: { readonly hits: readonly Hit[]; readonly debits: readonly Debit[]; readonly party: string }): Draft[] {
  const { money, accounts, amounts, incoming } = search;
  const written = named.hits.map(({ found }) => found);
  const alike = (amounts.get(money.currency)?.debits.get(money.minor) ?? []).slice(0, ALIKE_MAX).filter((debit) => debit.open === money.minor && !named.debits.includes(debit));
  const own = new Set(named.debits.map(({ account }) => account));
  return alike.flatMap((debit): Draft[] => {
    const slip = debit.facts.document === null ? null : mistypedAs(debit.facts.document, written);
    const party = accounts.partyOf(debit.account.customer);
    const allowed = own.has(debit.account) || (slip !== null && (incoming.customer === null || party === named.party));
    const fit = allowed ? fitOf(money, { debits: [debit], credits: [] }) : null;
    if (fit === null) return [];
    const payer = search.payers.find(({ customer }) => accounts.partyOf(customer) === party);
    const amount: Evidence = { code: 'amountOfOne', facts: { document: debit.facts.document ?? '' } };
    const evidence: Evidence[] = [...(slip === null ? [] : [{ code: 'documentMistyped' as const, facts: { document: debit.facts.document ?? '', found: slip } }]), ...(payer?.evidence ?? []), amount];
    const agreed = agrees(search, party);
    const confidence = slip === null ? CONFIDENCE[agreed ? 'otherOfPayer' : 'other'] : CONFIDENCE[agreed ? 'slipOfPayer' : 'slip'];
    return [draftOf(fit, { customer: debit.account.customer, confidence, evidence, blocked: slip === null ? 'noTextEvidence' : 'mistyped' })];
  }).slice(0, PROPOSED_MAX);
}

import type { AccountHistory, AllocationHistory } from './history.ts';
import { ALWAYS } from './history.ts';

const FOREVER = { from: ALWAYS, until: null } as const;

/**
 * The account as if everything had been learnt on the day it counts from: for the time before the ledger was here. What was taken out of the
 * ledger since never was, due days and choices are those of now, and bank lines that nobody placed say nothing of the past.
 */
export function asDated(history: AccountHistory): AccountHistory {
  const last = <Value>(dated: readonly { readonly value: Value }[]) => dated.slice(-1).map(({ value }) => ({ at: ALWAYS, value }));
  const learnt = (allocations: readonly AllocationHistory[]): AllocationHistory[] => allocations.map((one) => ({ ...one, at: ALWAYS }));
  return {
    ...history, known: { ...history.known, from: ALWAYS }, customer: last(history.customer), scenario: last(history.scenario), segment: last(history.segment), bank: [],
    items: history.items.filter(({ known }) => known.until === null).map((item) => ({
      ...item, known: FOREVER, firstSeenOn: item.issuedOn, dueOn: last(item.dueOn), scenario: last(item.scenario), allocations: learnt(item.allocations),
    })),
    credits: history.credits.filter(({ known }) => known.until === null).map((credit) => ({ ...credit, known: FOREVER, allocations: learnt(credit.allocations) })),
    contacts: history.contacts.filter(({ known }) => known.until === null).map((contact) => ({ ...contact, known: FOREVER, facts: last(contact.facts) })),
  };
}

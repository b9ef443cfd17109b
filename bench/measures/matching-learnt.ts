import type { CustomerId } from '#core/kernel/id.ts';
import type { Incoming, PayerMemory, Proposal } from '#core/matching/matching.ts';
import { accepted, corrected, NO_MEMORY, payerKeys, withChanges } from '#core/matching/memory.ts';
import type { MemoryChange } from '#core/matching/memory.ts';
import type { BookItem, SimulatedLine } from '#sim/statement-line.ts';
import type { EarlierPayment } from '#sim/statement.ts';
import { customerIdOf } from './matching-facts.ts';

/** An evening's decision: what was proposed, and what the accountant knew. */
export type Decided = { readonly line: SimulatedLine; readonly incoming: Incoming; readonly proposal: Proposal };

/** What a matcher remembers of payers while an accountant accepts and corrects its proposals. */
export class Learnt {
  memory: PayerMemory;

  /** Starts with the payers of earlier payments, whose documents the accountant had set off by hand. */
  constructor(earlier: readonly EarlierPayment[]) {
    let memory = NO_MEMORY;
    for (const { customer, iban, holder } of earlier) {
      const keys = payerKeys({ payer: { name: holder, iban, ultimateName: null }, references: { endToEndId: null, creditorReference: null, mandateId: null, documents: [] } });
      memory = withChanges(memory, accepted(memory, keys, customerIdOf(customer.code)));
    }
    this.memory = memory;
  }

  /** Accepts a day's lines that can be known, each for every customer whose debts it paid; a first proposal for another customer is corrected. */
  decide(decided: readonly Decided[], open: ReadonlyMap<string, BookItem>): void {
    const changes: MemoryChange[] = [];
    for (const { line, incoming, proposal } of decided) {
      if (line.truth.clarity === 'unknowable') continue;
      const keys = payerKeys(incoming);
      const owners = new Set(line.truth.parts.map((part): CustomerId => customerIdOf(open.get(part.item)?.customer ?? '')));
      const from = proposal.candidates[0]?.customer;
      for (const to of owners) changes.push(...(from === undefined || owners.has(from) ? accepted(this.memory, keys, to) : corrected(this.memory, keys, { from, to, on: incoming.bookedOn })));
    }
    this.memory = withChanges(this.memory, changes);
  }
}

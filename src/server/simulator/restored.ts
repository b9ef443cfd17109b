import type { TrueDebtor } from './truth.ts';

type Lost = { readonly tenant: string; readonly from: number; readonly until: number };

/** What the oracle knows of restores: which ledgers must stay shut, and what happened in the days that a ledger does not remember. */
export class Restored {
  /** Ledgers that must not let anything leave until somebody reconciles. */
  readonly shut = new Set<string>();
  /** By ledger that a person took over without proof, what people approved since: nothing else of it leaves, of automatic steps neither. */
  readonly approvedSince = new Map<string, Set<string>>();
  /** By ledger that another took over from while its processes worked: the messages that the journal held then. They may end; nothing else of it leaves. */
  readonly overtaken = new Map<string, ReadonlySet<string>>();
  #lost: Lost[] = [];

  /** People of a ledger approve actions, or let one leave again. */
  approves(ledger: string, actions: readonly string[]): void {
    const approved = this.approvedSince.get(ledger);
    for (const action of actions) approved?.add(action);
  }

  /** A company's ledger forgot the time between two instants. */
  loses(tenant: string, from: number, until: number): void {
    this.#lost.push({ tenant, from, until });
  }

  /** Whether something reached a debtor in a time that the ledger forgot: only the journal knows of it. */
  isLost(tenant: string, { reachedAt }: { readonly reachedAt?: number }): boolean {
    return reachedAt !== undefined && this.#lost.some((one) => one.tenant === tenant && reachedAt > one.from && reachedAt <= one.until);
  }

  /** A person answers for what nothing here proves: what reached the debtor in the lost time is on nobody else's account. */
  answersFor(tenant: string, debtors: Iterable<TrueDebtor>): void {
    const known = (one: { readonly reachedAt?: number }): boolean => !this.isLost(tenant, one);
    for (const debtor of debtors) {
      const kept = debtor.contacts.filter(known);
      debtor.contacts.splice(0, debtor.contacts.length, ...kept);
      for (const [document, steps] of debtor.steps) debtor.steps.set(document, steps.filter(known));
    }
  }
}

import type { Books, SeenAction } from './books.ts';

/** Parked actions of each ledger, and which of them a person settled, or a proof. */
export class ParkedWatch {
  readonly #parked = new Map<string, ReadonlySet<string>>();
  readonly #settled = new Set<string>();

  settles(ledger: string, action: string): void {
    this.#settled.add(`${ledger} ${action}`);
  }

  /** Those that are parked no more though nobody settled them. */
  async watch(ledger: string, books: Books): Promise<readonly SeenAction[]> {
    const now = new Set(await books.parked());
    const gone = await books.actionsOf([...(this.#parked.get(ledger) ?? [])].filter((one) => !now.has(one)));
    const wrong = gone.filter(({ id }) => !this.#settled.has(`${ledger} ${id}`));
    this.#parked.set(ledger, now);
    for (const id of now) this.#settled.delete(`${ledger} ${id}`);
    return wrong;
  }
}

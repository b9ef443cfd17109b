import type { JournalEnd } from '#core/channels/journal-lines.ts';
import type { SendFacts } from '#core/dunning/send-facts.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { Attempt, Note } from '../attempts.ts';
import type { SendLedger } from '../send-ledger.ts';
import type { Closed } from './guard.ts';

/** What the journal is to hold: starts about to leave, and the ends that came since the note before. */
export type JournalNote = { readonly starts: readonly SendFacts[]; readonly ends: readonly Omit<JournalEnd, 'k' | 'epoch'>[] };

/**
 * The notes of one call, each made durable in the order that survives a restore: in the database, then in the journal, then the first byte leaves. Ends are written with the
 * starts after them, and at the end of the call.
 */
export class JournalledNotes {
  readonly #ledger: Pick<SendLedger, 'note' | 'writeJournal' | 'unstart'>;
  readonly #time: () => { now: Instant; today: Day };
  readonly #facts = new Map<string, SendFacts>();
  #ends: Omit<JournalEnd, 'k' | 'epoch'>[] = [];
  #closed: Closed | null = null;

  constructor(ledger: Pick<SendLedger, 'note' | 'writeJournal' | 'unstart'>, time: () => { now: Instant; today: Day }) {
    this.#ledger = ledger;
    this.#time = time;
  }

  /** Why nothing more leaves in this call; null: it goes on. */
  get closed(): Closed | null {
    return this.#closed;
  }

  /** What the journal says of messages that were claimed. */
  expect(facts: ReadonlyMap<ActionId, SendFacts>): void {
    for (const [action, send] of facts) this.#facts.set(action, send);
  }

  /** Makes a note durable; gives the actions that may start. None once the journal failed. Several may be under way. */
  async note({ starting, ended }: Note): Promise<ReadonlySet<string>> {
    const at = this.#time();
    const asked = this.#closed === null ? starting : [];
    const open = await this.#ledger.note({ starting: asked, ended }, at);
    for (const { action, fence, outcome } of ended) {
      const send = this.#facts.get(action);
      // Ten thousand of them would be a tenth of the process.
      this.#facts.delete(action);
      if (send !== undefined) this.#ends.push({ organisation: send.organisation, action, fence, outcome: outcome.kind, at: at.now });
    }
    const ours = asked.filter(({ action }) => open.has(action));
    if (ours.length === 0) return new Set();
    if (this.#closed === null && (await this.#write(ours.map((attempt) => this.#factsOf(attempt))))) return open;
    // The journal does not hold them, so nothing of them left: they are released like those of a worker that is gone.
    await this.#ledger.unstart(ours, at.now);
    return new Set();
  }

  /** Writes the ends that no start came after. */
  async flush(): Promise<void> {
    if (this.#ends.length > 0 && this.#closed === null) await this.#write([]);
  }

  async #write(starts: readonly SendFacts[]): Promise<boolean> {
    const ends = this.#ends;
    this.#ends = [];
    const closed = await this.#ledger.writeJournal({ starts, ends }, this.#time().now);
    // A journal that failed once is not asked again in this call. What it took beside the note that failed is durable, and leaves.
    this.#closed ??= closed;
    return closed === null;
  }

  #factsOf({ action, fence }: Attempt): SendFacts {
    const send = this.#facts.get(action);
    if (send?.fence !== fence) throw new Error('a message is about to leave of which the journal knows nothing');
    return send;
  }
}

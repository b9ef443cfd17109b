import type { JournalEnd } from '#core/channels/journal-lines.ts';
import type { SendFacts } from '#core/dunning/send-facts.ts';
import type { Clock } from '#core/kernel/clock.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Attempt, Note } from '../attempts.ts';
import type { Closed, SendGuard } from './guard.ts';

/** What the notes of a call are made with. */
export type NotesParts = {
  readonly guard: SendGuard; readonly database: Database; readonly organisation: OrganisationId; readonly clock: Clock;
  /** Makes a note durable in the database, and gives the actions whose attempts were still ours. */
  readonly note: (note: Note) => Promise<ReadonlySet<string>>;
};

/**
 * The notes of one call, each made durable in the order that survives a restore: in the database, then in the journal, then the first byte leaves. Ends are written with the
 * starts after them, and at the end of the call.
 */
export class JournalledNotes {
  readonly #parts: NotesParts;
  readonly #facts = new Map<string, SendFacts>();
  #ends: Omit<JournalEnd, 'k' | 'epoch'>[] = [];
  #closed: Closed | null = null;

  constructor(parts: NotesParts) {
    this.#parts = parts;
  }

  /** Why nothing more leaves in this call; null: it goes on. */
  get closed(): Closed | null {
    return this.#closed;
  }

  /** What the journal says of messages that were claimed. */
  expect(facts: ReadonlyMap<ActionId, SendFacts>): void {
    for (const [action, send] of facts) this.#facts.set(action, send);
  }

  /** Makes a note durable; gives the actions that may start. None once the journal failed. */
  async note({ starting, ended }: Note): Promise<ReadonlySet<string>> {
    const { guard, database, clock, note } = this.#parts;
    const open = await note({ starting: this.#closed === null ? starting : [], ended });
    for (const { action, fence, outcome } of ended) {
      const send = this.#facts.get(action);
      if (send !== undefined) this.#ends.push({ organisation: send.organisation, action, fence, outcome: outcome.kind, at: clock.now() });
    }
    const ours = this.#closed === null ? starting.filter(({ action }) => open.has(action)) : [];
    if (ours.length === 0) return new Set();
    const written = await guard.write(database, { starts: ours.map((attempt) => this.#factsOf(attempt)), ends: this.#ends }, clock.now());
    this.#ends = [];
    if (written.ok) return open;
    this.#closed = guard.failed(written.error);
    await unstart(this.#parts, ours);
    return new Set();
  }

  /** Writes the ends that no start came after. */
  async flush(): Promise<void> {
    const { guard, database, clock } = this.#parts;
    if (this.#ends.length === 0 || this.#closed !== null) return;
    const written = await guard.write(database, { starts: [], ends: this.#ends }, clock.now());
    this.#ends = [];
    if (!written.ok) this.#closed = guard.failed(written.error);
  }

  #factsOf({ action, fence }: Attempt): SendFacts {
    const send = this.#facts.get(action);
    if (send?.fence !== fence) throw new Error('a message is about to leave of which the journal knows nothing');
    return send;
  }
}

/** Takes back that attempts started: the journal does not hold them, so that nothing of them left. They are released like those of a worker that is gone. */
async function unstart({ database, organisation }: NotesParts, attempts: readonly Attempt[]): Promise<void> {
  await database.inTenant(organisation, (t) => t.run(t.sql`
    ${t.update('send_attempt', 's')} set started_at = null
    from unnest(${attempts.map(({ action }) => action)}::bigint[], ${attempts.map(({ fence }) => fence)}::int[]) as n(action_id, fence)
    where ${t.own('s')} and s.action_id = n.action_id and s.fence = n.fence and s.outcome is null`));
}

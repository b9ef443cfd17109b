import type { Attempt, Note, Outcome } from './attempts.ts';
import type { Claimed } from './claim-batch.ts';

/** What a desk works with. */
export type DeskParts = {
  /** Makes a note durable and gives the actions whose attempts were still ours. */
  readonly note: (note: Note) => Promise<ReadonlySet<string>>;
  /** Whether a claim is young enough to be begun. */
  readonly isFresh: (claimed: Claimed) => boolean;
  /** Hands one message over; never throws. */
  readonly carry: (claimed: Claimed) => Promise<Outcome>;
};

/**
 * Hand-offs noted as started whose outcome is not yet durable, at most: what a killed worker leaves for a person to look at,
 * whatever the size of its chunks. Only a server that takes thousands a second gets so many; it takes them in some 30 ms.
 */
export const EXPOSED_MAX = 100;
/** Allowed at any pace: twice what small relays take at once, so that a note can be written while the others are under way. */
export const EXPOSED_LEAST = 10;

/** Share of the window that has ended before a quick server's next note, and hand-offs that must be under way meanwhile: one for each connection, and the next ones. */
const GATHERED_SHARE = 0.6;
const UNDER_WAY = 10;
/** Notes written at once: while one reaches the disks another takes what ended meanwhile. More would only make them smaller. */
const NOTES_AT_ONCE = 2;
/** With fewer than so many under way a second note begins: the connections are about to stand still. */
const RUNNING_DRY = UNDER_WAY / 2;

/** Exposed hand-offs a server's pace asks for: more only when it takes, while one note is written, more than can be under way beside it. */
function windowAfter(endedInOneNote: number): number {
  return Math.min(EXPOSED_LEAST + 3 * Math.max(endedInOneNote - EXPOSED_LEAST / 2, 0), EXPOSED_MAX);
}

type Waiting = { readonly claimed: Claimed; readonly attempt: Attempt; resolve(outcome: Outcome | null): void; reject(error: unknown): void };
type Ended = { readonly of: Waiting; readonly outcome: Outcome };

/**
 * Hands claimed messages over, a few at a time, in the one order that survives a kill: the start is durable, then the first
 * byte leaves; the outcome is durable, then the place is free. Whatever became ready while a note was being written goes into
 * the next one, so a quick server costs few notes and a slow one waits for none.
 */
export class Desk {
  readonly #parts: DeskParts;
  readonly #waiting: Waiting[] = [];
  readonly #ended: Ended[] = [];
  /** Started and not ended, as far as notes came back. */
  #exposed = 0;
  /** How many more each note under way makes them; fewer when it ends more than it starts. */
  readonly #writing = new Set<{ readonly more: number; readonly ended: number }>();
  /** Handed over, nothing known of the end yet. */
  #underWay = 0;
  /** How many may be exposed: enough for what the server takes while two notes are written, no more. */
  #window = EXPOSED_LEAST;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Hands one message over when its turn comes; null when its claim is too old or its attempt no longer ours, and nothing was handed over. Throws when its start could not be noted. */
  handOver(claimed: Claimed): Promise<Outcome | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ claimed, attempt: { action: claimed.action.actionId, fence: claimed.fence }, resolve, reject });
      this.#write();
    });
  }

  #write(): void {
    while (this.#writing.size < NOTES_AT_ONCE && !this.#mayGather()) {
      const ended = this.#ended.splice(0);
      this.#window = windowAfter(ended.length + [...this.#writing].reduce((sum, note) => sum + note.ended, 0));
      const starting = this.#next(this.#window - this.#exposedMost() + ended.length);
      if (ended.length + starting.length === 0) break;
      void this.#writeOne(starting, ended);
    }
  }

  /** The most that can be exposed, whichever of the notes under way is durable first. */
  #exposedMost(): number {
    let most = this.#exposed;
    for (const { more } of this.#writing) most += Math.max(more, 0);
    return most;
  }

  /**
   * Whether the next note can wait for more: each is a round trip that takes the processor from the hand-offs. Only with a server so quick
   * that the wait is a few milliseconds, or beside another note, and only while enough are under way; each of them asks again when it ends.
   */
  #mayGather(): boolean {
    if (this.#writing.size > 0) return this.#underWay >= RUNNING_DRY;
    return this.#window > EXPOSED_LEAST && this.#ended.length < this.#window * GATHERED_SHARE && this.#underWay >= UNDER_WAY;
  }

  async #writeOne(starting: readonly Waiting[], ended: readonly Ended[]): Promise<void> {
    const note = { more: starting.length - ended.length, ended: ended.length };
    this.#writing.add(note);
    let begun = 0;
    try {
      const open = await this.#parts.note({ starting: starting.map(({ attempt }) => attempt), ended: ended.map(({ of, outcome }) => ({ ...of.attempt, outcome })) });
      for (const one of starting) {
        if (open.has(one.attempt.action)) void this.#carry(one);
        else {
          one.resolve(null);
          continue;
        }
        begun += 1;
      }
    } catch (error) {
      // Nothing of these has left, nor will; they are released when they are found. Those behind them would fare no better.
      for (const one of [...starting, ...this.#waiting.splice(0)]) one.reject(error);
    }
    // An outcome that could not be noted is known all the same: it is written with the state of its action.
    for (const { of, outcome } of ended) of.resolve(outcome);
    this.#writing.delete(note);
    this.#exposed += begun - ended.length;
    this.#write();
  }

  /**
   * The first so many of those that wait. Claims among them that waited too long are not begun: nothing of theirs has left, and the next call finds
   * them released. Each is looked at when its turn comes, not all of them at each note: there are a thousand behind a quick server.
   */
  #next(places: number): Waiting[] {
    const next: Waiting[] = [];
    let looked = 0;
    for (const one of this.#waiting) {
      if (next.length >= places) break;
      looked += 1;
      if (this.#parts.isFresh(one.claimed)) next.push(one);
      else one.resolve(null);
    }
    this.#waiting.splice(0, looked);
    return next;
  }

  async #carry(one: Waiting): Promise<void> {
    this.#underWay += 1;
    const outcome = await this.#parts.carry(one.claimed);
    this.#underWay -= 1;
    this.#ended.push({ of: one, outcome });
    this.#write();
  }
}

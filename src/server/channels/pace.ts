import type { Clock } from '#core/kernel/clock.ts';

/** Actions of the first chunk: nothing is known yet of how quick the server and the composing are. */
const FIRST = 20;
/** Never fewer than connections a small relay takes at once. */
const LEAST = 5;
/** A chunk is at most so many times as large as the one before it: a chunk that waited or was cancelled took no time and says little. */
const GROWTH_MAX = 4;
/** Beyond this a chunk gains nothing any more: its statements are shared by enough messages. */
const MOST = 500;
/**
 * What one chunk should take, from claim to the last outcome. What was checked under lock is handed over within this time: a
 * payment booked after the check is overlooked for no longer; and customers stay locked for less than that.
 */
const CHUNK_MS = 500;

/** How many actions to claim at once, learnt from how long the chunks before took. */
export class Pace {
  readonly #clock: Clock;
  #size = FIRST;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#size;
  }

  /** Does a chunk of so many actions and learns from it. */
  async measure<T>(count: number, work: () => Promise<T>): Promise<T> {
    const started = Date.parse(this.#clock.now());
    const done = await work();
    const fitting = Math.round((count * CHUNK_MS) / Math.max(Date.parse(this.#clock.now()) - started, 1));
    this.#size = Math.min(Math.max(fitting, LEAST), this.#size * GROWTH_MAX, MOST);
    return done;
  }
}

import type { Random } from '#core/kernel/random.ts';
import type { WorkerPresence } from '#server/channels/worker-presence.ts';
import type { Meters } from './meters.ts';
import type { SimTime } from './sim-time.ts';
import type { Swarm } from './swarm.ts';
import type { Trace } from './trace.ts';

/** A working process: it may be killed, or stopped for a while and let go on; while it is `unseenUntil` a time, the others take it for dead. */
export type SimProcess = { readonly id: string; alive: boolean; stoppedUntil: number; unseenUntil: number; readonly presence: WorkerPresence;
  /** Calls that were begun and did not end. */
  calls: number; inFlight: number };

type Waiting = {
  readonly process: SimProcess; readonly label: string;
  /** It cannot end before: somebody else takes his time. */
  notBefore: number;
  readonly run: () => Promise<unknown>; readonly resolve: (value: never) => void; readonly reject: (error: Error) => void;
  /** Whether the database is asked: it may fail, and its answer may get lost. */
  readonly database: boolean;
};

const MINUTE_MS = 60_000;
/** Longest time a process is stopped. */
const STOPPED_MINUTES_MAX = 300;
/** Longest time until a process whose connection was cut is seen again. */
const UNSEEN_MINUTES_MAX = 30;
/** Time one step takes at most, when nothing holds it up. */
const STEP_MS_MAX = 40;

/**
 * The steps of all processes, one at a time, in an order drawn from the seed: between two steps of one, any number of steps of the others, and
 * of the world, may happen. A step is a whole transaction, or one act towards the mail server. What runs between two steps is the real code.
 */
export class Processes {
  readonly #waiting: Waiting[] = [];
  readonly #of: { random: Random; time: SimTime; swarm: Swarm; meters: Meters; trace: Trace };
  #next = 1;
  /** Faults are off in the second phase of a seed. */
  faults = true;

  constructor(of: { random: Random; time: SimTime; swarm: Swarm; meters: Meters; trace: Trace }) {
    this.#of = of;
  }

  start(): SimProcess {
    const id = String(this.#next);
    const made: SimProcess = { id, alive: true, stoppedUntil: 0, unseenUntil: 0, presence: { id, isAlive: async () => true, leave: async () => undefined }, calls: 0, inFlight: 0 };
    this.#next += 1;
    return made;
  }

  /** One step of a process, in so many milliseconds at the earliest: its promise never ends when the process dies before or during it. */
  step<T>(process: SimProcess, { label, database, after = 0 }: { label: string; database: boolean; after?: number }, run: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!process.alive) return;
      this.#waiting.push({ label, database, process, notBefore: after === 0 ? 0 : this.#of.time.ms + after, run, resolve, reject });
    });
  }

  /** Whether some process could go on now. */
  #ready(): Waiting[] {
    const { time } = this.#of;
    return this.#waiting.filter((one) => one.process.alive && readyAt(one) <= time.ms);
  }

  /** Goes on until every process waits for nothing, or for a later time, or is dead; `between` happens between two steps. */
  async pump(between: () => Promise<void>): Promise<void> {
    for (;;) {
      await settled();
      const ready = this.#ready();
      if (ready.length === 0) return;
      const chosen = this.#of.random.pick(ready);
      this.#waiting.splice(this.#waiting.indexOf(chosen), 1);
      await this.#take(chosen);
      // What the process does with the answer comes before what happens next in the world.
      await settled();
      await between();
    }
  }

  async #take(chosen: Waiting): Promise<void> {
    const { random, time, swarm: { rates }, meters, trace } = this.#of;
    const { process, label } = chosen;
    time.pass(random.between(1, STEP_MS_MAX));
    const dies = this.faults && random.chance(rates.crash);
    const afterwards = dies && random.chance(0.5);
    trace.note(`${process.id} ${label}${dies ? (afterwards ? ' then dies' : ' dies') : ''}`);
    if (dies && !afterwards) return this.kill(process);
    if (this.faults && random.chance(rates.unseen)) {
      process.unseenUntil = time.ms + random.between(1, UNSEEN_MINUTES_MAX) * MINUTE_MS;
      meters.note(process.inFlight > 0 ? 'taken for dead with a message under way' : 'taken for dead');
    }
    if (chosen.database && this.faults && random.chance(rates.databaseFailure)) {
      meters.note('transaction failed');
      return chosen.reject(new Error('could not serialize access'));
    }
    try {
      const value = await chosen.run();
      if (afterwards) return this.kill(process);
      if (chosen.database && this.faults && random.chance(rates.lostCommit)) {
        meters.note('commit lost');
        return chosen.reject(new Error('connection lost'));
      }
      if (this.faults && random.chance(rates.stopped)) {
        // Stopped as it is: what it has just learnt it acts on when it goes on.
        process.stoppedUntil = time.ms + random.between(1, STOPPED_MINUTES_MAX) * MINUTE_MS;
        meters.note('stopped');
        this.#waiting.push({ ...chosen, label: 'goes on', database: false, run: async () => value });
      } else chosen.resolve(value as never);
    } catch (error) {
      chosen.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** The clock was moved: what waits goes on after as long as it would have. */
  moved(byMs: number): void {
    for (const one of this.#waiting) if (one.notBefore > 0) one.notBefore += byMs;
    for (const process of new Set(this.#waiting.map((one) => one.process))) process.stoppedUntil += byMs;
  }

  kill(process: SimProcess): void {
    const { meters } = this.#of;
    meters.note('killed');
    if (process.inFlight > 0) meters.note('killed with a message under way');
    process.alive = false;
    for (let at = this.#waiting.length - 1; at >= 0; at -= 1) if (this.#waiting[at]?.process === process) this.#waiting.splice(at, 1);
  }

  /** The moment the first of what waits goes on again; null when nothing waits. */
  get resumesAt(): number | null {
    const times = this.#waiting.filter(({ process }) => process.alive).map(readyAt);
    return times.length === 0 ? null : Math.min(...times);
  }
}

const readyAt = ({ notBefore, process }: Waiting): number => Math.max(notBefore, process.stoppedUntil);

/** Everything that can run by itself has run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

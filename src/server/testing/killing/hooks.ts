import { Socket } from 'node:net';
import type { Carriers } from '#server/channels/send.ts';
import type { SendLedger } from '#server/channels/send-ledger.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import type { ChildPoint, Pause, WorkerWord } from './order.ts';

/** Bytes from which a write to the mail server is taken for content: commands are shorter, messages longer. */
const CONTENT_BYTES = 1000;

/** Holds, stops or tells at the point that was asked for. */
export class Hook {
  readonly #say: (word: WorkerWord) => void;
  #pause: Pause | null = null;
  #seen = 0;
  #silent = false;

  constructor(say: (word: WorkerWord) => void) {
    this.#say = say;
  }

  /** From now on; null: nowhere. */
  arm(pause: Pause | null): void {
    this.#pause = pause;
    this.#seen = 0;
  }

  /** Whether a point is the one. */
  wants(point: ChildPoint): boolean {
    return this.#pause?.point === point;
  }

  /** The process is at a point. What it does there it does before anything else can run. */
  hit(point: ChildPoint): void {
    const pause = this.#pause;
    if (pause?.point !== point) return;
    this.#seen += 1;
    if (this.#seen !== pause.nth) return;
    this.#say({ said: 'point', point });
    if (pause.does === 'hang') this.#silent = true;
    else if (pause.does === 'hold') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    else if (pause.does === 'stop') process.kill(process.pid, 'SIGSTOP');
  }

  /** What is asked of the database gets no answer once the process hangs; whatever does not wait for one goes on. */
  async answer(): Promise<void> {
    if (this.#silent) await Promise.withResolvers().promise;
  }
}

/** The ledger with its points; what it acknowledged as settled is told, so that it can be asked for later. */
export function hookedLedger(ledger: SendLedger, hook: Hook, say: (word: WorkerWord) => void): SendLedger {
  return {
    check: (now) => ledger.check(now),
    writeJournal: (note, now) => ledger.writeJournal(note, now),
    unstart: (attempts, at) => ledger.unstart(attempts, at),
    gate: (now) => ledger.gate(now),
    queue: (channels) => ledger.queue(channels),
    rescue: async (work) => {
      const done = await ledger.rescue(async (tx) => {
        const found = await work(tx);
        hook.hit('inRescue');
        return found;
      });
      say({ said: 'rescued' });
      return done;
    },
    claim: async (work) => {
      hook.hit('beforeClaim');
      const done = await ledger.claim(async (tx) => {
        const found = await work(tx);
        hook.hit('inClaim');
        return found;
      });
      hook.hit('afterClaim');
      return done;
    },
    note: async (note, at) => {
      if (note.starting.length > 0) {
        hook.hit('beforeStart');
        hook.hit('startUnanswered');
      }
      await hook.answer();
      const open = await ledger.note(note, at);
      if (note.ended.length > 0) hook.hit('afterEnd');
      if (note.starting.length > 0) hook.hit('afterStart');
      return open;
    },
    settle: async (work) => {
      hook.hit('beforeSettle');
      const moved: string[] = [];
      const done = await ledger.settle(async (tx) => {
        const found = await work({
          endOpen: (by, kept) => tx.endOpen(by, kept),
          recordBounces: (by, bounces) => tx.recordBounces(by, bounces),
          writeSettled: async (by, rows) => {
            const ours = await tx.writeSettled(by, rows);
            moved.push(...rows.filter((row) => row.state === 'sent' && ours.has(row.action)).map((row) => row.action));
            return ours;
          },
        });
        hook.hit('inSettle');
        return found;
      });
      say({ said: 'acknowledged', actions: moved });
      hook.hit('afterSettle');
      return done;
    },
  };
}

/** The carriers with their points. */
export function hookedCarriers({ mail, letter, findLetter }: Carriers, hook: Hook): Carriers {
  return {
    mail: mail === null ? null : {
      send: async (one, stillOurs) => {
        const outcome = await mail.send(one, stillOurs);
        hook.hit('afterAnswer');
        return outcome;
      },
    },
    ...(findLetter === undefined ? {} : { findLetter }),
    letter: letter === null ? null : async (one, stillOurs) => {
      hook.hit('writing');
      const place = await letter(one, stillOurs);
      hook.hit('afterLetter');
      return place;
    },
  };
}

/** The letter maker with its point. */
export const hookedLetters = (letters: LetterMaker, hook: Hook): LetterMaker => ({
  make: (model, message) => {
    hook.hit('drawing');
    return letters.make(model, message);
  },
  draw: (...given) => letters.draw(...given),
});

/** In the middle of the content: the first half of it is with the kernel, the second is written when the process goes on, if it does. */
export function hookSockets(hook: Hook, port: number): void {
  const write = Reflect.get(Socket.prototype, 'write') as (this: Socket, ...given: unknown[]) => boolean;
  Object.defineProperty(Socket.prototype, 'write', {
    configurable: true, writable: true,
    value(this: Socket, ...given: unknown[]): boolean {
      const [chunk, ...rest] = given;
      if (!hook.wants('content') || this.remotePort !== port || !(chunk instanceof Uint8Array) || chunk.length < CONTENT_BYTES) return write.apply(this, given);
      const half = chunk.length >> 1;
      write.call(this, chunk.subarray(0, half));
      hook.hit('content');
      return write.call(this, chunk.subarray(half), ...rest);
    },
  });
}

import { Worker } from 'node:worker_threads';
import { problem } from '#core/intake/problems.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';

/** What one reading may use before it is stopped. */
export type ReadingLimits = {
  /** Wall time. */
  readonly millis: number;
  /** JavaScript objects; beyond, the thread dies by itself. */
  readonly heapMegabytes: number;
  /** Byte buffers (what a stream unpacks to), which the heap limit does not see. */
  readonly bufferMegabytes: number;
};

/** The thread that reads, and its limits. `entry` answers `{ name, bytes }` with a `ReadingAnswer`. */
export type ReadingWorkerOptions = { readonly entry: URL; readonly limits: ReadingLimits };

/** What the thread answers: a value, or that its reading threw. */
export type ReadingAnswer = { readonly value: unknown } | { readonly failed: string };

/** Files waiting for the one thread; each takes at most ten seconds and most take a tenth of one. */
const WAITING_MAX = 200;

/** How often the buffers of a running reading are looked at: an unpacking bomb makes about 5 MB in that time. */
const BUFFER_WATCH_MILLIS = 25;

/** An idle thread is ended after that: it keeps 30 MB that nobody uses. */
const IDLE_MILLIS = 5_000;

/** Readings of one thread before it is replaced: whatever one file left behind does not stay. */
const READINGS_MAX = 100;

const MEGABYTE = 1_048_576;

type Waiting = { readonly name: string; readonly bytes: Uint8Array; readonly settle: (result: Result<unknown, Problem>) => void };
type Thread = { readonly worker: Worker; readings: number };

/**
 * Reads files that may be hostile, one at a time, in a thread that is stopped when it takes too long or too much memory. The caller's
 * event loop stays free; a thread that dies takes only its own reading with it.
 */
export class ReadingWorker {
  readonly #options: ReadingWorkerOptions;
  readonly #waiting: Waiting[] = [];
  #running = false;
  #thread: Thread | null = null;
  #idle: NodeJS.Timeout | null = null;

  constructor(options: ReadingWorkerOptions) {
    this.#options = options;
  }

  /**
   * Runs the named reading on these bytes, which are handed over and empty afterwards. Errors: `readingTime`, `readingMemory`,
   * `readingFailed` (the reading threw or its thread died), `readingBusy`.
   */
  async run(name: string, bytes: Uint8Array): Promise<Result<unknown, Problem>> {
    if (this.#waiting.length >= WAITING_MAX) return err(problem('readingBusy', 0, { waiting: WAITING_MAX }));
    return new Promise((settle) => {
      this.#waiting.push({ name, bytes, settle });
      void this.#next();
    });
  }

  /** Ends the thread; readings that wait still run, in a new one. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    if (this.#idle !== null) clearTimeout(this.#idle);
    await thread?.worker.terminate();
  }

  async #next(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let wanted = this.#waiting.shift(); wanted !== undefined; wanted = this.#waiting.shift()) {
      const result = await this.#read(wanted).catch(() => err(problem('readingFailed', 0, {})));
      wanted.settle(result);
    }
    this.#running = false;
    if (this.#thread === null) return;
    this.#idle = setTimeout(() => void this.close(), IDLE_MILLIS);
    this.#idle.unref();
  }

  #start(): Thread {
    if (this.#idle !== null) clearTimeout(this.#idle);
    if (this.#thread !== null) return this.#thread;
    const worker = new Worker(this.#options.entry, {
      env: {},
      // No native code, and nothing of what the parent was started with.
      execArgv: ['--no-addons'],
      resourceLimits: { maxOldGenerationSizeMb: this.#options.limits.heapMegabytes },
      // A library that warns must not write into the log; both are drained unread.
      stdout: true,
      stderr: true,
    });
    worker.stdout.resume();
    worker.stderr.resume();
    const thread = { worker, readings: 0 };
    worker.on('exit', () => {
      if (this.#thread === thread) this.#thread = null;
    });
    // Between two readings a fault only means that the next one starts a new thread.
    worker.on('error', () => (this.#thread = this.#thread === thread ? null : this.#thread));
    this.#thread = thread;
    return thread;
  }

  async #read(wanted: Waiting): Promise<Result<unknown, Problem>> {
    const thread = this.#start();
    const { worker } = thread;
    worker.ref();
    thread.readings += 1;
    const result = await readWithin(worker, wanted, this.#options.limits);
    worker.unref();
    if (result.fault || thread.readings >= READINGS_MAX) {
      this.#thread = null;
      await worker.terminate();
    }
    return result.fault ? err(result.problem) : ok(result.value);
  }
}

type Outcome = { readonly fault: false; readonly value: unknown } | { readonly fault: true; readonly problem: Problem };

/** One reading: the first of its answer, its death, the end of its time and too many bytes decides. */
async function readWithin(worker: Worker, wanted: Waiting, limits: ReadingLimits): Promise<Outcome> {
  const fault = (found: Problem): Outcome => ({ fault: true, problem: found });
  const memory = fault(problem('readingMemory', 0, { megabytes: limits.heapMegabytes }));
  const stops: (() => void)[] = [];
  const outcome = await new Promise<Outcome>((settle) => {
    const onMessage = (answer: ReadingAnswer): void => settle('value' in answer ? { fault: false, value: answer.value } : fault(problem('readingFailed', 0, {})));
    const onError = (error: unknown): void => settle(isOutOfMemory(error) ? memory : fault(problem('readingFailed', 0, {})));
    const onExit = (): void => settle(fault(problem('readingFailed', 0, {})));
    worker.once('message', onMessage).once('error', onError).once('exit', onExit);
    const timer = setTimeout(() => settle(fault(problem('readingTime', 0, { seconds: limits.millis / 1000 }))), limits.millis);
    const watch = setInterval(() => void overBuffers(worker, limits).then((over) => over && settle(memory)), BUFFER_WATCH_MILLIS);
    stops.push(() => clearTimeout(timer), () => clearInterval(watch), () => worker.off('message', onMessage).off('error', onError).off('exit', onExit));
    const buffer = bufferOf(wanted.bytes);
    worker.postMessage({ name: wanted.name, bytes: new Uint8Array(buffer) }, [buffer]);
  });
  for (const stop of stops) stop();
  return outcome;
}

/** The buffer of bytes that are all of it, else one of their own: handing over a part would empty its neighbours too. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength ? buffer : new Uint8Array(bytes).buffer;
}

const isOutOfMemory = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

/** Whether the buffers of a thread outgrew their limit; a thread that has just ended has none. */
async function overBuffers(worker: Worker, limits: ReadingLimits): Promise<boolean> {
  const statistics = await worker.getHeapStatistics().catch(() => null);
  return statistics !== null && statistics.external_memory > limits.bufferMegabytes * MEGABYTE;
}

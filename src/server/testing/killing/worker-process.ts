import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { WorkerCommand, WorkerOrder, WorkerWord } from './order.ts';
import type { KillBug } from './planted-bugs.ts';

const CHILD = fileURLToPath(new URL('./worker-child.ts', import.meta.url));
const PLANT = fileURLToPath(new URL('../../simulator/plant.ts', import.meta.url));
/** A process that says nothing for so long is broken, and so is the harness. */
const SILENCE_MS = 60_000;
const TELL_FD = 3;

/** What a worker's process is made of: the real send path, the naive one, or the real one with a bug. */
export type Breed = { readonly kind: 'real' | 'naive'; readonly bug?: KillBug };

/** A worker in a process of its own, as the harness holds it. */
export class WorkerProcess {
  /** What the mail server knows it by. */
  readonly name: string;
  /** Its number among the workers; empty until it is ready. */
  worker = '';
  readonly gone: Promise<void>;
  readonly acknowledged: string[] = [];
  readonly failures: Extract<WorkerWord, { said: 'failed' }>[] = [];
  readonly #child: ChildProcess;
  readonly #words: WorkerWord[] = [];
  #listener: (word: WorkerWord) => void = () => undefined;
  #wake: () => void = () => undefined;
  #ended = false;

  constructor(name: string, breed: Breed) {
    this.name = name;
    const planted = breed.bug === undefined ? [] : ['--import', PLANT];
    const environment = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('ACQUIT_') && key !== 'PLANTED_BUG'));
    this.#child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...planted, CHILD, breed.kind], {
      stdio: ['pipe', 'ignore', 'inherit', 'pipe'], env: { ...environment, ...(breed.bug === undefined ? {} : { PLANTED_BUG: JSON.stringify(breed.bug) }) },
    });
    this.gone = new Promise((resolve) => {
      this.#child.once('exit', () => {
        this.#ended = true;
        this.#wake();
        resolve();
      });
    });
    // Written to while it dies: it reads nothing any more, which is the point.
    this.#child.stdin?.on('error', () => undefined);
    const told = this.#child.stdio[TELL_FD];
    if (!(told instanceof Readable)) throw new Error('the worker has no pipe to tell by');
    createInterface({ input: told }).on('line', (line) => this.#hear(JSON.parse(line) as WorkerWord));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get alive(): boolean {
    return !this.#ended;
  }

  /** Every word is told at once. */
  listen(listener: (word: WorkerWord) => void): void {
    this.#listener = listener;
  }

  /** Gives it its order; returns when it is ready. */
  async order(order: WorkerOrder): Promise<void> {
    await this.next('loaded');
    this.#write({ ...order, smtp: { ...order.smtp, clientName: `${this.name}.kills.example` } });
    await this.next('ready');
  }

  command(command: WorkerCommand): void {
    this.#words.length = 0;
    this.#write(command);
  }

  /** The next word of a kind; null when the process ended before it. */
  async heard(...kinds: WorkerWord['said'][]): Promise<WorkerWord | null> {
    const until = performance.now() + SILENCE_MS;
    for (;;) {
      const at = this.#words.findIndex((word) => kinds.includes(word.said));
      if (at >= 0) return this.#words.splice(0, at + 1).at(-1) ?? null;
      if (this.#ended) return null;
      if (performance.now() > until) throw new Error(`${this.name} said nothing of ${kinds.join(', ')} for ${SILENCE_MS / 1000} s`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, SILENCE_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** The same; throws when the process ended. */
  async next(...kinds: WorkerWord['said'][]): Promise<WorkerWord> {
    const word = await this.heard(...kinds);
    if (word === null) throw new Error(`${this.name} ended before it said ${kinds.join(', ')}`);
    return word;
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    if (this.alive) this.#child.kill(signal);
  }

  /** Waits until the kernel has it stopped. */
  async stopped(): Promise<void> {
    const until = performance.now() + SILENCE_MS;
    while (performance.now() < until) {
      const stat = await readFile(`/proc/${this.pid}/stat`, 'utf8');
      if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')) return;
      await sleep(1);
    }
    throw new Error(`${this.name} does not stop`);
  }

  /** Lets it finish its call and leave; kills it when it does not. */
  async end(): Promise<void> {
    this.signal('SIGCONT');
    this.#write({ do: 'end' });
    const late = setTimeout(() => this.signal('SIGKILL'), SILENCE_MS);
    await this.gone;
    clearTimeout(late);
  }

  #write(what: WorkerOrder | WorkerCommand): void {
    this.#child.stdin?.write(`${JSON.stringify(what)}\n`);
  }

  #hear(word: WorkerWord): void {
    if (word.said === 'ready') this.worker = word.worker;
    if (word.said === 'acknowledged') this.acknowledged.push(...word.actions);
    if (word.said === 'failed') this.failures.push(word);
    this.#words.push(word);
    this.#listener(word);
    this.#wake();
  }
}

/** Workers that are made before they are needed: loading a program takes longer than most of them live. */
export class Nursery {
  readonly #breed: Breed;
  readonly #waiting: WorkerProcess[] = [];
  readonly #made: WorkerProcess[] = [];
  #count = 0;

  constructor(breed: Breed, ahead: number) {
    this.#breed = breed;
    for (let each = 0; each < ahead; each += 1) this.#waiting.push(this.#make());
  }

  /** Every worker so far. */
  get made(): readonly WorkerProcess[] {
    return this.#made;
  }

  /** A worker ready to work; the next one begins to load. */
  async take(orderFor: (name: string) => WorkerOrder): Promise<WorkerProcess> {
    this.#waiting.push(this.#make());
    const one = this.#waiting.shift() ?? this.#make();
    await one.order(orderFor(one.name));
    return one;
  }

  /** Kills what is left. */
  async close(): Promise<void> {
    for (const one of this.#made) one.signal('SIGKILL');
    await Promise.all(this.#made.map((one) => one.gone));
  }

  #make(): WorkerProcess {
    this.#count += 1;
    const one = new WorkerProcess(`w${this.#count}`, this.#breed);
    this.#made.push(one);
    return one;
  }
}

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { seededRandom } from '#core/kernel/random.ts';
import type { Random } from '#core/kernel/random.ts';
import { faultsOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { shrink } from './shrink.ts';
import type { FuzzCase, Subject } from './subject.ts';

/** Processor time that one small file may take; nothing that is read here has more than two megabytes. */
export const CASE_SECONDS_MAX = 2;
/** Memory a run may take beyond what the process had before it, MiB: what the collector leaves lying, not what one file needs. */
export const RUN_MIB_MAX = 600;

/** Share of the cases of a format with balances that change one amount of a statement that balances. */
const PAIR_SHARE = 0.2;

/** What a run is asked: cases `from` to `from + count` of a seed. The same numbers give the same cases, alone or in a longer run. */
export type FuzzOrder = {
  readonly subject: Subject;
  readonly seed: number;
  readonly from?: number;
  readonly count: number;
  /** Called every thousand cases with how many are done. */
  readonly progress?: (done: number) => void;
};

/** The first case that broke something: how to make it again, and where its smallest form is. */
export type FuzzFailure = { readonly parser: string; readonly seed: number; readonly index: number; readonly faults: readonly string[]; readonly changes: readonly string[]; readonly path: string; readonly bytes: Buffer };

/** What a run saw; a meter at zero means that it proved nothing of that. */
export type FuzzReport = {
  readonly cases: number;
  readonly accepted: number;
  readonly refused: number;
  readonly pairs: number;
  /** Pairs whose change could be read and was told. */
  readonly pairsTold: number;
  readonly changes: ReadonlyMap<string, number>;
  readonly codes: ReadonlySet<string>;
  readonly slowestSeconds: number;
  readonly grownMiB: number;
  readonly failure: FuzzFailure | null;
};

/** The draws of one case: they depend on the seed and its number alone. */
export const randomOfCase = (seed: number, index: number): Random => seededRandom(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(index + 1, 0xc2b2ae35));

type Read = { readonly outcome: Outcome | null; readonly threw: string | null; readonly seconds: number };

async function readTimed(subject: Subject, bytes: Buffer): Promise<Read> {
  const started = process.cpuUsage();
  const spent = (): number => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1_000_000;
  };
  try {
    const outcome = await subject.read(bytes);
    return { outcome, threw: null, seconds: spent() };
  } catch (error) {
    return { outcome: null, threw: error instanceof Error ? `${error.name}: ${error.message}` : String(error), seconds: spent() };
  }
}

function judge({ outcome, threw, seconds }: Read, counted: boolean): string[] {
  const slow = seconds > CASE_SECONDS_MAX ? [`took ${seconds.toFixed(1)} s`] : [];
  return outcome === null ? [`threw ${threw ?? ''}`, ...slow] : [...faultsOf(outcome, counted), ...slow];
}

/** Faults of the same kind: the numbers in them may differ while an input gets smaller. */
const kindOf = (fault: string): string => fault.replaceAll(/-?\d+/gu, '#').slice(0, 60);

class Run {
  readonly #order: FuzzOrder;
  readonly #changes = new Map<string, number>();
  readonly #codes = new Set<string>();
  readonly #rssBefore = process.memoryUsage().rss;
  #accepted = 0;
  #refused = 0;
  #pairs = 0;
  #pairsTold = 0;
  #slowest = 0;
  #rssMost = 0;

  constructor(order: FuzzOrder) {
    this.#order = order;
  }

  async run(): Promise<FuzzReport> {
    const { from = 0, count, progress } = this.#order;
    let failure: FuzzFailure | null = null;
    let cases = 0;
    for (let index = from; index < from + count && failure === null; index += 1) {
      failure = await this.#one(index);
      cases += 1;
      if (cases % 1_000 === 0) {
        this.#rssMost = Math.max(this.#rssMost, process.memoryUsage().rss);
        progress?.(cases);
        // What the decompressor lets go of goes when the event loop turns, as it does in the product after each file.
        await setImmediate();
      }
    }
    const grownMiB = Math.max(0, Math.round((Math.max(this.#rssMost, process.memoryUsage().rss) - this.#rssBefore) / 1_048_576));
    return {
      cases, accepted: this.#accepted, refused: this.#refused, pairs: this.#pairs, pairsTold: this.#pairsTold, changes: this.#changes, codes: this.#codes, slowestSeconds: this.#slowest, grownMiB, failure,
    };
  }

  async #one(index: number): Promise<FuzzFailure | null> {
    const { subject, seed } = this.#order;
    const random = randomOfCase(seed, index);
    if (subject.pair !== undefined && random.chance(PAIR_SHARE)) return this.#pair(index, random);
    const drawn = subject.draw(random);
    for (const name of drawn.names) this.#changes.set(name, (this.#changes.get(name) ?? 0) + 1);
    let read = await readTimed(subject, drawn.bytes);
    // The collector of garbage may have chosen this moment: a slow case must be slow twice.
    if (read.seconds > CASE_SECONDS_MAX) read = await readTimed(subject, drawn.bytes);
    this.#note(read);
    const faults = judge(read, drawn.counted);
    return faults.length === 0 ? null : this.#failure(index, { faults, drawn });
  }

  #note({ outcome, seconds }: Read): void {
    this.#slowest = Math.max(this.#slowest, seconds);
    if (outcome === null) return;
    if (outcome.accepted) this.#accepted += 1;
    else this.#refused += 1;
    for (const { code } of outcome.problems) this.#codes.add(code);
  }

  /** One amount of a balanced statement changed: the statement before balances, the one after never does. */
  async #pair(index: number, random: Random): Promise<FuzzFailure | null> {
    const { subject } = this.#order;
    const pair = subject.pair?.(random);
    if (pair === undefined) throw new Error(`${subject.name} has no pairs`);
    const before = await readTimed(subject, pair.before);
    const after = await readTimed(subject, pair.after);
    this.#pairs += 1;
    const faults = [...judge(before, true), ...judge(after, true)];
    if (!passes(before)) faults.push('a balanced statement is not read as one');
    if (passes(after)) faults.push('one amount was changed and the statement still balances');
    else this.#pairsTold += 1;
    return faults.length === 0 ? null : this.#failure(index, { faults, drawn: { bytes: pair.after, names: ['one amount'], counted: false } });
  }

  async #failure(index: number, { faults, drawn }: { faults: readonly string[]; drawn: FuzzCase }): Promise<FuzzFailure> {
    const { subject, seed } = this.#order;
    const kind = kindOf(faults[0] ?? '');
    const alike = async (candidate: Buffer): Promise<boolean> => judge(await readTimed(subject, candidate), drawn.counted).some((fault) => kindOf(fault) === kind);
    // What is wrong between two files is not wrong in one of them alone.
    const bytes = (await alike(drawn.bytes)) ? await shrink(drawn.bytes, alike) : drawn.bytes;
    const path = join(await mkdtemp(join(tmpdir(), 'acquit-fuzz-')), `${subject.name}-${seed}-${index}`);
    await writeFile(path, bytes);
    return { parser: subject.name, seed, index, faults, changes: drawn.names, path, bytes };
  }
}

const passes = ({ outcome }: Read): boolean => outcome !== null && outcome.accepted && outcome.balanced.length > 0 && outcome.balanced.every((one) => one === true);

/** Feeds changed files to a reader and judges every answer; ends at the first that breaks a rule. */
export const runFuzz = (order: FuzzOrder): Promise<FuzzReport> => new Run(order).run();

/** A failure in words: what broke, how to see it again, where its smallest form is. */
export function failureText({ parser, seed, index, faults, changes, path, bytes }: FuzzFailure): string {
  return `${parser}: ${faults.join('; ')}\n  changes: ${changes.join(', ')}\n  again: node src/server/intake/fuzz/run.ts --parser ${parser} --seed ${seed} --from ${index} --count 1\n  smallest input found (${bytes.length} bytes): ${path}`;
}

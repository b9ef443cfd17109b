import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '#core/kernel/random.ts';
import { audit } from './audit.ts';
import type { Count } from './audit.ts';
import { TODAY } from './company.ts';
import { install } from './installation.ts';
import type { Installation } from './installation.ts';
import type { WorkerOrder } from './order.ts';
import { decide, parkedList, standing } from './person.ts';
import { handOverRest } from './rest.ts';
import { Sink } from './sink.ts';
import { embeddedSite } from './sites.ts';
import type { SiteServer } from './sites.ts';
import { Nursery } from './worker-process.ts';
import type { WorkerProcess } from './worker-process.ts';

/** Until messages leave again after the database is back, in seconds. */
const RECOVERY_S_MAX = 30;
const PATIENCE_MS = 60_000;
const WORKERS = 2;
const LOOK_MS = 10;
const LOOKS_PER_COUNT = 100;
/** Longer than the server thinks of one message. */
const QUIET_MS = 300;
/** The server thinks long here: a run must outlast its faults. */
const THINKS_MS = { least: 60, most: 160 } as const;
/** Between two faults, from when messages leave again. */
const BETWEEN_MS = { least: 100, most: 500 } as const;

/** What a run found; `failures` are the distinct words with which workers said that the database failed them. */
export type FaultReport = { readonly name: string; readonly counts: Count[]; readonly figures: Record<string, number | string>; readonly failures: readonly string[] };

/** Answers of a database that is away, cut off, full or in somebody's way; anything else is a fault of the program. */
const DATABASE_WORDS = /terminat|shutting down|starting up|recovery mode|not yet accepting|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|could not serialize|deadlock|No space left|could not extend|could not write|disk|the connection|Connection|cannot connect|in failed sql transaction|cached plan/i;

class Run {
  readonly sink: Sink;
  readonly workers: WorkerProcess[] = [];
  readonly failures = new Map<string, number>();
  readonly #at: Installation;
  readonly #nursery: Nursery;
  readonly #faults: WorkerOrder['faults'];
  readonly #killed = new Set<WorkerProcess>();
  #port = 0;
  #parked = 0;

  constructor(at: Installation, of: { seed: number; faults?: number }) {
    const random = seededRandom(of.seed);
    this.#at = at;
    this.sink = new Sink({ thinks: (point) => (point === 'dot' ? random.between(THINKS_MS.least, THINKS_MS.most) : 0) });
    this.#nursery = new Nursery({ kind: 'real' }, WORKERS);
    this.#faults = of.faults === undefined ? undefined : { share: of.faults, seed: of.seed };
  }

  async begin(): Promise<void> {
    this.#port = await this.sink.open();
    for (let each = 0; each < WORKERS; each += 1) await this.hire();
  }

  /** One more worker. */
  async hire(): Promise<WorkerProcess> {
    const { organisation, dataDir } = this.#at;
    const faults = this.#faults === undefined ? {} : { faults: { ...this.#faults, seed: this.#faults.seed + this.workers.length } };
    const one = await this.#nursery.take((name) => ({ login: this.#at.loginOf(name), organisation, today: TODAY, smtp: { host: '127.0.0.1', port: this.#port }, dataDir, journal: this.#at.journal, ...faults }));
    this.workers.push(one);
    one.command({ do: 'work', turns: null });
    return one;
  }

  alive(): WorkerProcess[] {
    return this.workers.filter((one) => one.alive);
  }

  /** Waits for the next message that arrives; gives the seconds, or null when there is none left to come. */
  async nextTaken(): Promise<number | null> {
    const began = performance.now();
    const before = this.sink.taken.length;
    for (let looks = 1; performance.now() - began < PATIENCE_MS; looks += 1) {
      if (this.sink.taken.length > before) return (performance.now() - began) / 1000;
      await sleep(LOOK_MS);
      if (looks % LOOKS_PER_COUNT === 0 && ((await standing(this.#at)).get('approved') ?? 0) === 0) return null;
    }
    return PATIENCE_MS / 1000;
  }

  /** Whether nothing has been on its way for a while. Workers that live may begin what others took them to have left. */
  async #quiet(): Promise<boolean> {
    const still = (): boolean => this.alive().every((one) => this.sink.underWay(one.name).length === 0);
    const before = this.sink.taken.length;
    if (!still()) return false;
    await sleep(QUIET_MS);
    return still() && this.sink.taken.length === before;
  }

  /** Hands over the rest and counts. Only now does a person decide: what is parked while workers live may still be on its way. */
  async end(): Promise<Count[]> {
    const look = async (): Promise<void> => {
      if (!(await this.#quiet())) return;
      const decided = await decide(this.#at, this.sink, await parkedList(this.#at));
      this.#parked += decided.length;
    };
    const gaveUp = this.workers.filter((one) => !one.alive && !this.#killed.has(one)).length;
    await handOverRest(this.#at, this.alive(), look);
    const acknowledged = this.workers.flatMap((one) => one.acknowledged);
    const words = this.workers.flatMap((one) => one.failures);
    for (const { code, message } of words) {
      const word = `${code} ${message}`.trim().replaceAll(/\d{3,}/g, '…');
      this.failures.set(word, (this.failures.get(word) ?? 0) + 1);
    }
    const strange = [...this.failures.keys()].filter((word) => !DATABASE_WORDS.test(word) || word.includes('\n'));
    return [
      ...(await audit(this.#at, this.sink, acknowledged)),
      { name: 'failures that do not say what the database did', found: [String(strange.length), ...strange].join('; '), holds: strange.length === 0 },
      { name: 'workers that ended by themselves', found: String(gaveUp), holds: gaveUp === 0 },
    ];
  }

  /** Remembers whom the harness killed itself. */
  killed(ones: readonly WorkerProcess[]): void {
    for (const one of ones) this.#killed.add(one);
  }

  report(name: string, counts: Count[], figures: Record<string, number | string>): FaultReport {
    return { name, counts, figures: { ...figures, taken: this.sink.taken.length, parked: this.#parked }, failures: [...this.failures].map(([word, count]) => `${count} × ${word}`) };
  }

  async close(): Promise<void> {
    await this.#nursery.close();
    await this.sink.close();
  }
}

async function onRun(at: Installation, of: { seed: number; faults?: number }, work: (run: Run) => Promise<FaultReport>): Promise<FaultReport> {
  const run = new Run(at, of);
  try {
    await run.begin();
    return await work(run);
  } finally {
    await run.close();
  }
}

/** A share of all transactions fails as when another is in their way. */
export const failTransactions = (at: Installation, of: { seed: number; share: number }): Promise<FaultReport> =>
  onRun(at, { seed: of.seed, faults: of.share }, async (run) => {
    const began = performance.now();
    const counts = await run.end();
    const failed = run.workers.reduce((count, one) => count + one.failures.length, 0);
    return run.report('serialisation failures and deadlocks', [...counts, { name: 'calls that a failed transaction broke off', found: String(failed), holds: failed > 0, meter: true }], { share: of.share, seconds: Math.round((performance.now() - began) / 1000) });
  });

/** The database is crashed and started again, alone or with its workers, and connections are cut, again and again in the middle of the work. */
export const restartDatabase = (server: SiteServer, at: Installation, of: { seed: number; restarts: number }): Promise<FaultReport> =>
  onRun(at, { seed: of.seed }, async (run) => {
    const random = seededRandom(of.seed);
    const began = performance.now();
    const seen = { crashes: 0, together: 0, cuts: 0 };
    const recoveries: number[] = [];
    let dry = false;
    while (seen.crashes < of.restarts && !dry) {
      await sleep(random.between(BETWEEN_MS.least, BETWEEN_MS.most));
      // Between two crashes the connections of everybody are cut once.
      await at.owner("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like $1", [`acquit-${at.organisation}-%`]);
      seen.cuts += 1;
      await sleep(random.between(BETWEEN_MS.least, BETWEEN_MS.most));
      const victims = random.chance(0.4) ? run.alive() : [];
      run.killed(victims);
      await server.crash(victims.map((one) => one.pid));
      seen.crashes += 1;
      if (victims.length > 0) seen.together += 1;
      await Promise.all(victims.map((one) => one.gone));
      await server.start();
      for (const _ of victims) await run.hire();
      const recovery = await run.nextTaken();
      dry = recovery === null;
      if (recovery !== null) recoveries.push(recovery);
    }
    const counts = await run.end();
    const slowest = Math.max(0, ...recoveries);
    return run.report('restarts and cuts', [
      ...counts,
      { name: 'restarts in the middle of the work', found: `${recoveries.length} of ${of.restarts}`, holds: recoveries.length >= of.restarts, meter: true },
      { name: 'messages leave again after a restart, at most', found: `${slowest.toFixed(1)} s`, holds: slowest <= RECOVERY_S_MAX },
    ], { ...seen, recoveryMeanSeconds: Math.round((10 * recoveries.reduce((sum, one) => sum + one, 0)) / Math.max(recoveries.length, 1)) / 10, seconds: Math.round((performance.now() - began) / 1000) });
  });

/** Room for a database, its log and a small company, and not much more. */
const DISK_MB = 320;
const FULL_MS = 4000;
const BLOCK_BYTES = 1024 * 1024;

/** Fills what is left of a disk with one file; gives what removes it. */
async function fill(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'ballast');
  const file = await open(path, 'w');
  let block = BLOCK_BYTES;
  try {
    while (block >= 1) {
      try {
        const { bytesWritten } = await file.write(Buffer.alloc(block));
        if (bytesWritten < block) block = Math.floor(block / 2);
      } catch {
        // No room for so much: less may fit.
        block = Math.floor(block / 2);
      }
    }
  } finally {
    await file.close();
  }
  return () => rm(path);
}

/** The disk of the embedded database fills up, stays full for some seconds, and is cleared. Null when no small disk can be mounted: that takes root. */
export async function fillDisk(of: { seed: number; mails: number }): Promise<FaultReport | null> {
  const folder = mkdtempSync(join(tmpdir(), 'acquit-disk-'));
  chmodSync(folder, 0o711);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=0711`, 'tmpfs', folder]).status === 0;
  if (!mounted) {
    rmSync(folder, { recursive: true });
    return null;
  }
  try {
    const server = await embeddedSite(join(folder, 'data'));
    try {
      const at = await install(server.site, { mails: of.mails, letters: 0 });
      try {
        return await onRun(at, of, async (run) => {
          await run.nextTaken();
          const empty = await fill(folder);
          await sleep(FULL_MS);
          const refused = run.workers.reduce((count, one) => count + one.failures.length, 0);
          await empty();
          // A database that could not write its log has ended itself.
          const restarted = await server.start();
          const recovery = await run.nextTaken();
          const counts = await run.end();
          return run.report('disk full', [
            ...counts,
            { name: 'calls that the full disk broke off', found: String(refused), holds: refused > 0, meter: true },
            { name: 'messages leave again', found: recovery === null ? 'none was left' : `after ${recovery.toFixed(1)} s`, holds: recovery !== null && recovery <= RECOVERY_S_MAX },
          ], { diskMb: DISK_MB, fullSeconds: FULL_MS / 1000, startSeconds: Math.round(restarted * 10) / 10 });
        });
      } finally {
        await at.close();
      }
    } finally {
      await server.close();
    }
  } finally {
    spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

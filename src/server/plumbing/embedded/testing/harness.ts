import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isPostmaster, readPidFile } from '../pidfile.ts';
import type { Reply, Request } from './child.ts';

/** A process of its own that opens the embedded database; the test talks to it. */
export class Child {
  readonly #process: ChildProcess;
  readonly #replies: Reply[] = [];
  /** Numbers of the rows it reported as committed. */
  readonly committed: number[] = [];

  constructor(as: { uid?: number; gid?: number; script?: string; execPath?: string } = {}) {
    const { script = path.join(import.meta.dirname, 'child.ts'), ...options } = as;
    this.#process = fork(script, { ...options, execArgv: [], cwd: '/', env: { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir() } });
    this.#process.on('message', (reply: Reply) => {
      if (reply.kind === 'committed') this.committed.push(reply.row);
      else this.#replies.push(reply);
    });
  }

  /** Number of the process. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Sends without waiting for the answer. */
  tell(request: Request): void {
    this.#process.send(request);
  }

  /** The next answer. */
  async next(): Promise<Reply> {
    const limit = AbortSignal.timeout(30_000);
    for (;;) {
      const reply = this.#replies.shift();
      if (reply !== undefined) return reply;
      if (limit.aborted || this.#process.exitCode !== null) throw new Error(`no answer from the child (exit code ${this.#process.exitCode})`);
      await sleep(5);
    }
  }

  /** Sends and waits for the answer. */
  ask(request: Request): Promise<Reply> {
    this.tell(request);
    return this.next();
  }

  /** The rows of a query. */
  async rows(sql: string): Promise<readonly Record<string, unknown>[]> {
    const reply = await this.ask({ do: 'query', sql });
    if (reply.kind !== 'rows') throw new Error(JSON.stringify(reply));
    return reply.rows;
  }

  /** Opens and expects success. */
  async open(options: { dataDir: string; fsync?: boolean; binaries?: string; startTimeoutMs?: number }): Promise<Extract<Reply, { kind: 'opened' }>> {
    const reply = await this.ask({ do: 'open', options: { fsync: false, ...options } });
    if (reply.kind !== 'opened') throw new Error(JSON.stringify(reply));
    return reply;
  }

  /** Opens and expects a refusal. */
  async refusal(options: { dataDir: string; binaries?: string; startTimeoutMs?: number }): Promise<Extract<Reply, { kind: 'refused' }>> {
    const reply = await this.ask({ do: 'open', options: { fsync: false, ...options } });
    if (reply.kind !== 'refused') throw new Error(JSON.stringify(reply));
    return reply;
  }

  /** Closes the database; what it logged. */
  async close(): Promise<readonly string[]> {
    const reply = await this.ask({ do: 'close' });
    if (reply.kind !== 'closed') throw new Error(JSON.stringify(reply));
    return reply.log;
  }

  /** Ends the process as a power cut would, and waits for it. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await gone;
  }
}

/** The postmaster of a data folder, or null when none runs. */
export async function postmasterOf(dataDir: string): Promise<number | null> {
  const cluster = path.join(dataDir, 'postgres');
  const found = await readPidFile(cluster).catch(() => null);
  return found !== null && (await isPostmaster(found.pid, cluster)) ? found.pid : null;
}

/** A postmaster and its children. */
export async function familyOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return [pid, ...children.split(' ').filter((text) => text !== '').map(Number)];
}

/** Kills processes as a power cut would; those already gone do not matter. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** Folders and processes of one test, all removed by `clean`. */
export class Workshop {
  readonly #folders: string[] = [];
  readonly #data: string[] = [];
  readonly #children: Child[] = [];

  /** A new folder; `open` ones may be entered by every user. */
  async folder(kind: 'open' | 'private' = 'open'): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'acquit-embedded-'));
    await chmod(folder, kind === 'open' ? 0o755 : 0o700);
    this.#folders.push(folder);
    return folder;
  }

  /** A data folder, not yet made, in a new folder. */
  async dataDir(kind: 'open' | 'private' = 'open'): Promise<string> {
    return this.data(path.join(await this.folder(kind), 'data'));
  }

  /** Remembers a data folder, so that its server is stopped at the end. */
  data(dataDir: string): string {
    this.#data.push(dataDir);
    return dataDir;
  }

  /** A new process. */
  child(as: ConstructorParameters<typeof Child>[0] = {}): Child {
    const child = new Child(as);
    this.#children.push(child);
    return child;
  }

  /** Kills every process and server of the test and removes its folders. */
  async clean(): Promise<void> {
    for (const child of this.#children) await child.kill();
    for (const dataDir of this.#data) {
      const pid = await postmasterOf(dataDir);
      if (pid !== null) killAll(await familyOf(pid));
    }
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

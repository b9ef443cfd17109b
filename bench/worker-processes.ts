import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { OrganisationId } from '#core/kernel/id.ts';
import { verify } from '#server/audit/verify.ts';
import { PRESENCE_LOCK } from '#server/channels/worker-presence.ts';
import { TODAY } from './data.ts';
import type { Bench } from './measures/measure.ts';
import type { SinkOrder, SinkSays } from './recording-sink.ts';

const PROGRAM = fileURLToPath(new URL('../bin/acquit', import.meta.url));
const SINK = fileURLToPath(new URL('recording-sink.ts', import.meta.url));
const LOOK_MS = 100;
/** Without one more message for so long the workers are stuck: they look for work every ten seconds, and starting ten of them takes as long. */
const STUCK_MS = 60_000;
const KIB_PER_MIB = 1024;

/** What some workers did together: messages and seconds from when all their connections were open to the last answer; most memory one of them held. */
export type Handed = { readonly messages: number; readonly seconds: number; readonly rssMiB: number };

/** `folder`: the data folder that all workers on this database share, with its send journal; another one would be taken for a copy. */
export type Handing = { readonly organisation: OrganisationId; readonly workers: number; readonly folder: string; readonly sink: SinkOrder };

/** Lets worker processes hand over everything an organisation approved, and throws unless each message arrived once, none is missing and everything verifies. */
export async function handOverByWorkers(bench: Bench, of: Handing): Promise<Handed> {
  const { organisation, folder } = of;
  const approved = await recipients(bench, organisation, 'approved');
  const sink = fork(SINK, [JSON.stringify(of.sink)], { execArgv: [...process.execArgv] });
  const workers: ChildProcess[] = [];
  try {
    const [{ port }] = (await once(sink, 'message')) as [{ port: number }];
    await bench.database.pool.query(`update installation set frozen_at = now(), frozen_because = 'person'`);
    for (let each = 0; each < of.workers; each += 1) workers.push(startWorker(bench, { folder, port }));
    await untilPresent(bench, of.workers);
    await bench.database.pool.query('update installation set frozen_at = null, frozen_because = null');
    const { counted, seconds } = await untilTaken(sink, approved.length);
    const rssMiB = Math.max(...workers.map(peakMiB));
    await Promise.all(workers.map(stopped));
    await exactly(bench, { organisation, approved, taken: await allTaken(sink) });
    if (counted === 0) throw new Error('the workers were never all connected: more messages are needed');
    return { messages: counted, seconds, rssMiB };
  } finally {
    for (const each of [...workers, sink]) each.kill('SIGKILL');
  }
}

/** Work with a data folder that is gone after it. */
export async function withDataFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'acquit-bench-workers-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Recipients of the e-mails that stand in a state. */
async function recipients({ database }: Bench, organisation: OrganisationId, state: string): Promise<string[]> {
  const rows = await database.inTenant(organisation, (t) => t.rows<{ recipient: string }>(t.sql`
    select a.recipient from ${t.from('action')} a where a.channel = 'email' and a.state = ${state} order by a.recipient`));
  return rows.map((row) => row.recipient);
}

type Login = { readonly host?: string | undefined; readonly port?: number | undefined; readonly user?: string | undefined; readonly password?: unknown; readonly database?: string | undefined };

const addressOf = ({ host, port, user, password, database }: Login): string =>
  `postgres://${encodeURIComponent(user ?? '')}${typeof password === 'string' ? `:${encodeURIComponent(password)}` : ''}@localhost:${port ?? ''}/${database ?? ''}?host=${encodeURIComponent(host ?? '')}`;

/** `acquit worker` as anybody starts it, on the database of this figure, with nothing of this process's own settings. */
function startWorker({ database, owner }: Bench, at: { folder: string; port: number }): ChildProcess {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('ACQUIT_') && key !== 'DATABASE_URL'));
  return spawn(PROGRAM, ['worker', '--data', at.folder, '--today', TODAY], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...inherited, DATABASE_URL: addressOf(owner), ACQUIT_DATABASE_APP_URL: addressOf(database.pool.options),
      ACQUIT_SMTP_URL: `smtp://127.0.0.1:${at.port}`, ACQUIT_LOG_LEVEL: 'warn',
    },
  });
}

/** Waits until so many workers show that they live: starting ten of them takes longer than they need for what they are given. */
async function untilPresent({ database }: Bench, workers: number): Promise<void> {
  const began = performance.now();
  for (;;) {
    const { rows } = await database.pool.query<{ present: number }>(`
      select count(*)::int as present from pg_locks l join pg_database d on d.oid = l.database
      where d.datname = current_database() and l.locktype = 'advisory' and l.classid = $1 and l.granted`, [PRESENCE_LOCK]);
    const present = rows[0]?.present ?? 0;
    if (present >= workers) return;
    if (performance.now() - began > STUCK_MS) throw new Error(`${present} of ${workers} workers started`);
    await sleep(LOOK_MS);
  }
}

async function asked(sink: ChildProcess, what: 'count' | 'all'): Promise<SinkSays> {
  const answer = once(sink, 'message') as Promise<[SinkSays]>;
  sink.send(what);
  return (await answer)[0];
}

/** Waits until the mail server took so many; gives what it counted. */
async function untilTaken(sink: ChildProcess, wanted: number): Promise<{ counted: number; seconds: number }> {
  let [before, movedAt] = [-1, performance.now()];
  for (;;) {
    const said = await asked(sink, 'count');
    if (!('count' in said)) throw new Error('the mail server said something else');
    if (said.count >= wanted) return said;
    if (said.count > before) [before, movedAt] = [said.count, performance.now()];
    if (performance.now() - movedAt > STUCK_MS) throw new Error(`${said.count} of ${wanted} messages handed over, then nothing more`);
    await sleep(LOOK_MS);
  }
}

async function allTaken(sink: ChildProcess): Promise<readonly string[]> {
  const said = await asked(sink, 'all');
  if (!('all' in said)) throw new Error('the mail server said something else');
  return said.all;
}

/** Most memory a process ever held, MiB, as Linux counts it. */
function peakMiB(child: ChildProcess): number {
  const found = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${child.pid ?? ''}/status`, 'utf8'))?.[1];
  if (found === undefined) throw new Error('the process says nothing of its memory');
  return Math.round(Number(found) / KIB_PER_MIB);
}

async function stopped(worker: ChildProcess): Promise<void> {
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`a worker ended with status ${code}`);
}

async function exactly(bench: Bench, { organisation, approved, taken }: { organisation: OrganisationId; approved: readonly string[]; taken: readonly string[] }): Promise<void> {
  const to = taken.map((one) => one.split(' ').slice(1).join(' ')).toSorted();
  const sent = await recipients(bench, organisation, 'sent');
  const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((one, index) => one === b[index]);
  const inOrder = approved.toSorted();
  if (new Set(taken).size !== taken.length || !same(to, inOrder) || !same(sent.toSorted(), inOrder)) {
    throw new Error(`${approved.length} approved, ${taken.length} taken (${new Set(to).size} recipients), ${sent.length} noted as sent`);
  }
  const broken = (await bench.database.inTenant(organisation, (t) => verify(t))).filter((check) => !check.ok);
  if (broken.length > 0) throw new Error(`does not verify: ${broken.map(({ name, detail }) => `${name} ${detail}`).join(', ')}`);
}

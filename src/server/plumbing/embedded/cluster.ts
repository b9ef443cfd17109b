import { lstat, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { giveTo, giveTreeTo } from './account.ts';
import { reasonIn } from './log-file.ts';
import { isAlive } from './pidfile.ts';
import type { Place } from './place.ts';
import { problem, systemCode, textOf } from './problem.ts';
import type { EmbeddedProblem } from './problem.ts';
import { endingOf, startAs } from './program.ts';
import { initdbArguments } from './settings.ts';

/** A cluster is built in `postgres.new-<pid>-<random>` and gets its name when it is whole. */
const NEW_PREFIX = 'postgres.new-';

/** Longest output of initdb kept to explain a failure. */
const OUTPUT_CHARS_MAX = 16_384;

/** The lock the starter holds: its descriptor, and whether the kernel really guards it. */
export type HeldLock = { readonly fd: number; readonly guarded: boolean };

/** Removes half-built clusters: all of them under a guarded lock (nobody else can be building), else those whose builder is dead. */
async function sweep(place: Place, guarded: boolean): Promise<void> {
  for (const name of await readdir(place.dataDir)) {
    const builder = new RegExp(`^${NEW_PREFIX.replace('.', '\\.')}(\\d+)-`).exec(name)?.[1];
    if (builder === undefined || !(guarded || !isAlive(Number(builder)))) continue;
    place.log({ level: 'info', msg: 'removing a half-built database', folder: name });
    await rm(path.join(place.dataDir, name), { recursive: true, force: true });
  }
}

async function runInitdb(place: Place, folder: string, lock: HeldLock): Promise<string | null> {
  const command = { file: place.binaries.initdb, args: initdbArguments({ cluster: folder, fsync: place.fsync }) };
  const child = startAs(place.account, command, { output: 'pipe', lock: lock.fd });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-OUTPUT_CHARS_MAX);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const kill = (): boolean => child.kill('SIGKILL');
  place.deadline.addEventListener('abort', kill, { once: true });
  const ending = await endingOf(child);
  place.deadline.removeEventListener('abort', kill);
  if (ending.error !== null) return ending.error.message;
  if (place.deadline.aborted) return 'timeout';
  return ending.code === 0 ? null : reasonIn(output) || `initdb: ${ending.signal ?? ending.code}`;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives the new cluster its name; when another process was first, its cluster is the one and ours goes. */
async function settle(place: Place, folder: string): Promise<void> {
  try {
    await rename(folder, place.cluster);
    if (place.fsync) await syncFolder(place.dataDir);
  } catch (error) {
    const beaten = ['ENOTEMPTY', 'EEXIST'].includes(systemCode(error));
    await rm(folder, { recursive: true, force: true });
    if (!beaten) throw error;
  }
}

async function create(place: Place, lock: HeldLock): Promise<Result<null, EmbeddedProblem>> {
  const folder = await mkdtemp(path.join(place.dataDir, `${NEW_PREFIX}${process.pid}-`));
  await giveTo(place.account, folder);
  place.log({ level: 'info', msg: 'creating the database', cluster: place.cluster, user: place.account.name });
  const failure = await runInitdb(place, folder, lock);
  if (failure !== null) {
    await rm(folder, { recursive: true, force: true });
    return err(problem('embedded.creation', { where: place.cluster, detail: failure }));
  }
  await settle(place, folder);
  return ok(null);
}

/** True for a cluster, false when there is nothing or an empty folder, which a new cluster replaces. */
async function clusterExists(place: Place): Promise<boolean> {
  try {
    return (await readdir(place.cluster)).length > 0;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Makes sure there is a cluster of our major version, owned by the account; only the holder of the lock calls this. */
export async function ensureCluster(place: Place, lock: HeldLock): Promise<Result<null, EmbeddedProblem>> {
  try {
    await sweep(place, lock.guarded);
    if (!(await clusterExists(place))) {
      const created = await create(place, lock);
      if (!created.ok) return created;
    }
    await giveTreeTo(place.account, place.cluster);
    const version = (await readFile(path.join(place.cluster, 'PG_VERSION'), 'utf8')).trim();
    const expected = place.binaries.major;
    return version === expected ? ok(null) : err(problem('embedded.version', { where: place.cluster, who: expected, detail: version }));
  } catch (error) {
    return err(problem('embedded.creation', { where: place.cluster, detail: textOf(error) }));
  }
}

/** True when the cluster's folder is there, so that it may have a server. */
export const hasCluster = (place: Place): Promise<boolean> => lstat(place.cluster).then((found) => found.isDirectory(), () => false);

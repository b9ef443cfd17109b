import type { FileHandle } from 'node:fs/promises';
import { chmod, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { giveTo } from './account.ts';
import { ensureCluster } from './cluster.ts';
import type { HeldLock } from './cluster.ts';
import { openLog, reasonIn, tailSince } from './log-file.ts';
import { writeNote } from './lock.ts';
import { isAlive, isPostmaster, readPidFile } from './pidfile.ts';
import type { Place } from './place.ts';
import { knock } from './presence.ts';
import type { Address, Presence } from './presence.ts';
import { problem, textOf } from './problem.ts';
import type { EmbeddedProblem } from './problem.ts';
import { endingOf, startAs } from './program.ts';
import type { Ending } from './program.ts';
import { EMBEDDED_PORT, postgresArguments } from './settings.ts';
import { makeSocketFolder, socketFolderFor } from './socket-folder.ts';

/** Pause between two knocks at a server that is starting. */
export const POLL_MS = 50;

/** How an attempt to start ended: a server that answers, a server of somebody else met on the way (look again), or a problem. */
export type StartOutcome =
  | { readonly kind: 'present'; readonly presence: Presence; readonly address: Address }
  | { readonly kind: 'met' }
  | { readonly kind: 'problem'; readonly problem: EmbeddedProblem };

/**
 * Clears the way: a pid file whose number now belongs to some other program would stop PostgreSQL for ever (a container restarts with the same small
 * numbers). Under a guarded lock no server of ours lives, so it goes; a dead number is PostgreSQL's own business. True when a live postmaster was met.
 */
async function meetsPostmaster(place: Place, guarded: boolean): Promise<boolean> {
  const found = await readPidFile(place.cluster);
  if (found === null || !isAlive(found.pid)) return false;
  if (await isPostmaster(found.pid, place.cluster)) return true;
  if (guarded) {
    place.log({ level: 'warn', msg: 'removing a stale postmaster.pid: its number belongs to another program', pid: found.pid });
    await rm(path.join(place.cluster, 'postmaster.pid'), { force: true });
  }
  return false;
}

/**
 * The socket of a server that was killed, and its lock file: PostgreSQL refuses to start while the number in it is some process's,
 * were it only a killed server that nobody has reaped yet. Under a guarded lock no server of ours lives, so both go.
 */
async function removeStaleSocket(socketDir: string): Promise<void> {
  const socket = path.join(socketDir, `.s.PGSQL.${EMBEDDED_PORT}`);
  await rm(`${socket}.lock`, { force: true });
  await rm(socket, { force: true });
}

function failure(place: Place, reason: string): StartOutcome {
  return { kind: 'problem', problem: problem('embedded.startFailed', { where: place.logFile, detail: reason }) };
}

/** Waits until the new server answers, ends, or time is up (it is then left alone: it may be replaying its log). */
async function waitReady(place: Place, address: Address, ended: Promise<Ending>): Promise<StartOutcome | Ending> {
  for (;;) {
    const answer = await knock(address);
    if (answer.kind === 'present') return { kind: 'present', presence: answer.presence, address };
    const ending = await Promise.race([ended, sleep(POLL_MS, null)]);
    if (ending !== null) return ending;
    if (answer.kind === 'rejected') return { kind: 'problem', problem: problem('embedded.rejected', { where: place.cluster, detail: answer.detail }) };
    if (place.deadline.aborted) return { kind: 'problem', problem: problem('embedded.startSlow', { where: place.cluster, detail: place.logFile }) };
  }
}

async function explain(place: Place, ending: Ending, logged: number): Promise<StartOutcome> {
  if (ending.error !== null) return failure(place, ending.error.message);
  const tail = await tailSince(place.logFile, logged);
  if (tail.includes('lock file "postmaster.pid" already exists')) return { kind: 'met' };
  return failure(place, reasonIn(tail) || `postgres: ${ending.signal ?? ending.code ?? ''}`);
}

async function launch(place: Place, lock: HeldLock, socketDir: string): Promise<StartOutcome> {
  const output = await openLog(place.account, place.logFile);
  const logged = (await stat(place.logFile)).size;
  const args = postgresArguments({ cluster: place.cluster, socketDir, fsync: place.fsync });
  const child = startAs(place.account, { file: place.binaries.postgres, args }, { output: output.fd, lock: lock.fd });
  const ended = endingOf(child);
  child.unref();
  await output.close();
  const outcome = await waitReady(place, { socketDir, port: EMBEDDED_PORT }, ended);
  if (!('kind' in outcome)) return explain(place, outcome, logged);
  if (outcome.kind === 'present') {
    await writeNote(place.lockFile, 'running');
    place.log({ level: 'info', msg: 'database server started', pid: child.pid ?? 0, user: place.account.name, socketDir });
  }
  return outcome;
}

/** Creates what is missing and starts the server, with the lock in hand; the server inherits the lock, ours is closed on return. */
export async function startServer(place: Place, held: { handle: FileHandle; guarded: boolean }): Promise<StartOutcome> {
  const lock = { fd: held.handle.fd, guarded: held.guarded };
  try {
    await giveTo(place.account, place.lockFile);
    if (!lock.guarded) place.log({ level: 'warn', msg: 'no kernel lock here (flock is missing or refused): do not open this folder from two machines' });
    if (await meetsPostmaster(place, lock.guarded)) return { kind: 'met' };
    await writeNote(place.lockFile, 'starting');
    const cluster = await ensureCluster(place, lock);
    if (!cluster.ok) return { kind: 'problem', problem: cluster.error };
    await chmod(place.cluster, 0o700);
    const socket = await makeSocketFolder(place.account, await socketFolderFor(place.dataDir, place.cluster));
    if (!socket.ok) return { kind: 'problem', problem: socket.error };
    if (lock.guarded) await removeStaleSocket(socket.value);
    return await launch(place, lock, socket.value);
  } catch (error) {
    return failure(place, textOf(error));
  } finally {
    await held.handle.close();
  }
}

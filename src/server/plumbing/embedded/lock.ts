import { spawn } from 'node:child_process';
import { constants, open, readFile, readlink, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { endingOf, findProgram } from './program.ts';

/**
 * A kernel lock (flock) on `<data>/postgres.lock`, held first by the process that starts the server, then by every process of that server, which inherit
 * the descriptor. It frees itself at the very moment the last of them is gone, whatever killed them, and it is seen from other containers and through
 * NFS, where the process number in postmaster.pid means nothing.
 */
export type LockAttempt =
  | { readonly kind: 'taken'; readonly handle: FileHandle; readonly guarded: boolean }
  | { readonly kind: 'held'; readonly note: LockNote | null };

/** What the holder wrote into the lock file: where it runs, and whether it was still starting. */
export type LockNote = { readonly host: string; readonly realm: string; readonly phase: 'starting' | 'running' };

/** Exit code of flock(1) when somebody else holds the lock (util-linux and busybox alike). */
const HELD_CODE = 1;

/** Identifies this boot of this machine and this process-number space: inside it, process numbers can be trusted. */
export async function currentRealm(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const space = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${boot.trim()} ${space}`;
}

/** Reads a lock file's note; null when there is none or it is half written. */
export function parseNote(text: string): LockNote | null {
  const [host = '', realm = '', phase = ''] = text.split('\n');
  return phase === 'starting' || phase === 'running' ? { host, realm, phase } : null;
}

/** Writes who holds the lock; only the holder calls this. */
export async function writeNote(file: string, phase: LockNote['phase']): Promise<void> {
  await writeFile(file, `${hostname()}\n${await currentRealm()}\n${phase}\n`);
}

/** Asks the kernel through flock(1), which locks the open file we share with it; null when the program or the file system cannot. */
async function lockOpenFile(handle: FileHandle): Promise<'taken' | 'held' | null> {
  const flock = await findProgram('flock');
  if (flock === null) return null;
  const { code } = await endingOf(spawn(flock, ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', handle.fd] }));
  if (code === 0) return 'taken';
  return code === HELD_CODE ? 'held' : null;
}

/**
 * Tries to take the lock, without waiting. Where no kernel lock is to be had the attempt succeeds unguarded, and PostgreSQL's own postmaster.pid decides
 * alone. The caller closes the handle. Throws when the file cannot be opened for writing.
 */
export async function takeLock(file: string): Promise<LockAttempt> {
  const handle = await open(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  const outcome = await lockOpenFile(handle);
  if (outcome !== 'held') return { kind: 'taken', handle, guarded: outcome === 'taken' };
  await handle.close();
  return { kind: 'held', note: parseNote(await readFile(file, 'utf8')) };
}

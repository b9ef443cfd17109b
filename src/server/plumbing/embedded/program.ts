import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import type { Account } from './account.ts';

/** Folders searched after those of PATH: services are often started with a bare one. */
const SYSTEM_FOLDERS: readonly string[] = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** Environment of every program we start: nothing of ours leaks in (PGDATA, PGOPTIONS, a locale), messages are in English. */
const environment = (): Record<string, string> => ({ PATH: SYSTEM_FOLDERS.join(':'), LC_ALL: 'C', TZ: 'UTC' });

/** Full path of a system program, or null when it is not installed. */
export async function findProgram(name: string): Promise<string | null> {
  const folders = [...(process.env['PATH'] ?? '').split(':').filter((folder) => path.isAbsolute(folder)), ...SYSTEM_FOLDERS];
  for (const folder of folders) {
    const file = path.join(folder, name);
    const runs = await access(file, constants.X_OK).then(() => true, () => false);
    if (runs) return file;
  }
  return null;
}

/**
 * The command line that runs a program as the account. PostgreSQL checks its files with access(2), which ignores capabilities of an ordinary user
 * unless `no_setuid_fixup` is set; all other capabilities are dropped for good.
 */
export function commandAs(account: Account, file: string, args: readonly string[]): { file: string; args: string[]; ids: { uid?: number; gid?: number } } {
  if (account.way !== 'capability') {
    const ids = account.way === 'self' ? {} : { uid: account.uid, gid: account.gid };
    return { file, args: [...args], ids };
  }
  const only = `-all,+${account.capability}`;
  const privileges = [
    `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', '--no-new-privs', '--securebits=+no_setuid_fixup',
    `--inh-caps=${only}`, `--ambient-caps=+${account.capability}`, `--bounding-set=${only}`,
  ];
  return { file: account.setpriv, args: [...privileges, '--', file, ...args], ids: {} };
}

/** What a started program is given: the descriptors of its output and of the lock it keeps open while it lives. */
export type Descriptors = { readonly output: number | 'pipe'; readonly lock: number };

/** Starts a program as the account, in a session of its own so that neither Ctrl-C nor our death stops it. */
export function startAs(account: Account, command: { file: string; args: readonly string[] }, descriptors: Descriptors): ChildProcess {
  const { file, args, ids } = commandAs(account, command.file, command.args);
  const stdio = ['ignore' as const, descriptors.output, descriptors.output, descriptors.lock];
  return spawn(file, args, { cwd: '/', env: environment(), detached: true, stdio, ...ids });
}

/** How a child ended: its code or signal, or the error that kept it from starting. */
export type Ending = { readonly code: number | null; readonly signal: string | null; readonly error: Error | null };

/** Waits for the end of a child; never rejects. */
export function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('close', (code, signal) => resolve({ code, signal, error: null }));
  });
}

import { readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { EMBEDDED_PORT } from './settings.ts';
import { systemCode } from './problem.ts';

/** What `postmaster.pid` says; `socketDir` is empty when that server has no local socket. */
export type PidFile = { readonly pid: number; readonly port: number; readonly socketDir: string; readonly text: string };

/** Reads the lines of postmaster.pid (pid, folder, start, port, socket folder, …); null when not even a pid is there yet. */
export function parsePidFile(text: string): PidFile | null {
  const [pid = '', , , port = '', socketDir = ''] = text.split('\n').map((line) => line.trim());
  if (!/^\d{1,10}$/.test(pid)) return null;
  return { pid: Number(pid), port: /^\d{1,5}$/.test(port) ? Number(port) : EMBEDDED_PORT, socketDir, text };
}

/** The pid file of a cluster, or null when there is none. */
export async function readPidFile(cluster: string): Promise<PidFile | null> {
  try {
    return parsePidFile(await readFile(path.join(cluster, 'postmaster.pid'), 'utf8'));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return null;
    throw error;
  }
}

/** Whether a process of that number exists in our process space, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** Whether that process is the postmaster of this cluster: alive, and standing in the cluster's folder as PostgreSQL does. */
export async function isPostmaster(pid: number, cluster: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === cluster;
}

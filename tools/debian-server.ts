import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDER = '/usr/lib/postgresql';
/** Beside a server of the machine itself on 5432; the socket is in a folder of its own, so any number of them may run. */
const PORT = 5433;

/** A Debian PostgreSQL in a cluster of its own, reached through its socket by its superuser `postgres`. */
export type DebianServer = { readonly version: string; readonly url: string; stop(): void };

const idOf = (flag: string): number => Number(spawnSync('id', [flag, 'postgres']).stdout.toString().trim());

/** Starts the newest Debian PostgreSQL of this machine (apt-get install postgresql) with settings like `fsync=off`; null when there is none. `stop` removes it. */
export function startDebianServer(settings: readonly string[]): DebianServer | null {
  const [version] = existsSync(FOLDER) ? readdirSync(FOLDER).toSorted((a, b) => Number(b) - Number(a)) : [];
  if (version === undefined) return null;
  const bin = join(FOLDER, version, 'bin');
  const folder = mkdtempSync(join(tmpdir(), 'acquit-server-'));
  const data = join(folder, 'data');
  const root = process.getuid?.() === 0;
  if (root) chownSync(folder, idOf('-u'), idOf('-g'));
  const run = (command: readonly string[]): void => {
    const [program = '', ...words] = root ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    if (spawnSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) throw new Error(`${command[0] ?? ''} failed`);
  };
  const stop = (): void => {
    if (existsSync(join(data, 'postmaster.pid'))) run([join(bin, 'pg_ctl'), '-D', data, '-w', '-m', 'fast', 'stop']);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    run([join(bin, 'initdb'), '-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C']);
    const given = ["listen_addresses=''", ...settings].map((setting) => `-c ${setting}`).join(' ');
    run([join(bin, 'pg_ctl'), '-D', data, '-w', '-l', join(folder, 'log'), '-o', `-k ${folder} -p ${PORT} ${given}`, 'start']);
  } catch (error) {
    stop();
    throw error;
  }
  return { version, url: `postgres://postgres@localhost:${PORT}/postgres?host=${encodeURIComponent(folder)}`, stop };
}

import { access, constants, mkdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { userInfo } from 'node:os';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { findAccount } from './account.ts';
import type { Account } from './account.ts';
import { findBinaries } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import type { EmbeddedLog } from './event.ts';
import { problem, systemCode, textOf } from './problem.ts';
import type { EmbeddedProblem } from './problem.ts';

/** Everything about one embedded database that does not change while it is being opened. */
export type Place = {
  readonly dataDir: string;
  readonly cluster: string;
  readonly lockFile: string;
  readonly logFile: string;
  readonly binaries: Binaries;
  readonly account: Account;
  readonly fsync: boolean;
  readonly log: EmbeddedLog;
  /** Aborted once opening has lasted as long as it may. */
  readonly deadline: AbortSignal;
};

/** What a caller may choose. */
export type EmbeddedOptions = {
  readonly dataDir: string;
  readonly log: EmbeddedLog;
  /** Only throw-away clusters of tests turn it off. */
  readonly fsync?: boolean;
  readonly startTimeoutMs?: number;
  /** Folder holding `bin`, `lib` and `share` of PostgreSQL, when it is not the installed package's. */
  readonly binaries?: string;
};

/** Opening may last this long: creating a database takes seconds on a slow disk, replaying a full log after a cut a minute or two. */
const START_TIMEOUT_MS = 120_000;

/** Mode of a data folder we create: as root others must walk through it (not list it), so that the server's own user gets to its cluster. */
const folderMode = (): number => (process.geteuid?.() === 0 ? 0o711 : 0o700);

const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    // No entry in /etc/passwd: the number is all there is to say.
    return String(process.geteuid?.() ?? '');
  }
};

const isFolder = (folder: string): Promise<boolean> => stat(folder).then((found) => found.isDirectory(), () => false);

/** Makes a folder and those above it. Node's own recursive mkdir never returns below /proc, where making a folder says ENOENT for ever. */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  try {
    await mkdir(folder, { mode: folderMode() });
  } catch (error) {
    const parent = path.dirname(folder);
    const orphan = systemCode(error) === 'ENOENT' && !(await isFolder(parent));
    if (orphan) {
      await makeFolder(parent);
      await makeFolder(folder);
    } else if (!(await isFolder(folder))) throw error;
  }
}

async function makeDataFolder(given: string): Promise<Result<string, EmbeddedProblem>> {
  const folder = path.resolve(given);
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK | constants.X_OK);
    return ok(await realpath(folder));
  } catch (error) {
    return err(problem('embedded.dataFolder', { where: folder, who: userName(), detail: textOf(error) }));
  }
}

/** Finds the programs, the folder and the user; a problem for each that does not fit. */
export async function findPlace(options: EmbeddedOptions): Promise<Result<Place, EmbeddedProblem>> {
  const binaries = await findBinaries(options.binaries);
  if (!binaries.ok) return binaries;
  const folder = await makeDataFolder(options.dataDir);
  if (!folder.ok) return folder;
  const dataDir = folder.value;
  const cluster = path.join(dataDir, 'postgres');
  const { native } = binaries.value;
  const account = await findAccount({ cluster, dataDir, folders: ['bin', 'lib', 'share'].map((name) => path.join(native, name)) });
  if (!account.ok) return account;
  return ok({
    dataDir,
    cluster,
    lockFile: path.join(dataDir, 'postgres.lock'),
    logFile: path.join(dataDir, 'postgres.log'),
    binaries: binaries.value,
    account: account.value,
    fsync: options.fsync ?? true,
    log: options.log,
    deadline: AbortSignal.timeout(options.startTimeoutMs ?? START_TIMEOUT_MS),
  });
}

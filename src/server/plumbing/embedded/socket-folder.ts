import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { giveTo } from './account.ts';
import type { Account } from './account.ts';
import { problem, systemCode } from './problem.ts';
import type { EmbeddedProblem } from './problem.ts';
import { EMBEDDED_PORT } from './settings.ts';

/** Longest path of a socket: `sun_path` holds 108 bytes on Linux and 104 elsewhere, the final zero included. */
export const SOCKET_PATH_BYTES_MAX = 103;

/** Characters of the folder's hash in its name: 64 bits, beyond accident. */
const HASH_LENGTH = 16;

const fits = (folder: string): boolean => Buffer.byteLength(path.join(folder, `.s.PGSQL.${EMBEDDED_PORT}`)) <= SOCKET_PATH_BYTES_MAX;

/** The socket folder of a cluster: beside it, or when that path is too long, a folder of the temporary directory named after the cluster's path and inode. */
export async function socketFolderFor(dataDir: string, cluster: string): Promise<string> {
  const beside = path.join(dataDir, 'run');
  if (fits(beside)) return beside;
  const { dev, ino } = await stat(cluster);
  const hash = createHash('sha256').update(`${cluster}\n${dev}:${ino}`).digest('hex').slice(0, HASH_LENGTH);
  const short = path.join(tmpdir(), `acquit-${hash}`);
  return fits(short) ? short : path.join('/tmp', `acquit-${hash}`);
}

/** Makes the folder, 0700 and the account's own; refuses one that somebody else prepared, a link included. */
export async function makeSocketFolder(account: Account, folder: string): Promise<Result<string, EmbeddedProblem>> {
  const refused = (): Result<string, EmbeddedProblem> => err(problem('embedded.socketFolder', { where: folder, who: account.name }));
  try {
    await mkdir(folder, { mode: 0o700 });
    await giveTo(account, folder);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') return refused();
  }
  const found = await lstat(folder);
  if (found.isDirectory() && found.uid === 0 && account.way !== 'self') await giveTo(account, folder);
  else if (!found.isDirectory() || found.uid !== account.uid) return refused();
  if ((found.mode & 0o077) !== 0) await chmod(folder, 0o700);
  return ok(folder);
}

import { constants, open, rename, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { giveTo } from './account.ts';
import type { Account } from './account.ts';
import { systemCode } from './problem.ts';

/** The log is set aside (one old copy kept) at the start that finds it larger: years of warnings, and still opens in an editor. */
export const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** How much of the log is read back to find why a start failed. */
const TAIL_BYTES = 16 * 1024;

/** Opens the server's log for appending, private to the account, after setting a large one aside. */
export async function openLog(account: Account, file: string): Promise<FileHandle> {
  try {
    if ((await stat(file)).size > LOG_BYTES_MAX) await rename(file, `${file}.1`);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  const handle = await open(file, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  await giveTo(account, file);
  return handle;
}

/** What was appended to the log since it had this many bytes, at most its last 16 KiB. */
export async function tailSince(file: string, offset: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const from = Math.max(offset, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(0, size - from)), { position: from });
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}

/** The sentence that says why: the last FATAL, PANIC or error line without its time stamp, else the last line. */
export function reasonIn(tail: string): string {
  const lines = tail.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const fatal = lines.findLast((line) => /\b(?:FATAL|PANIC|error):/.test(line));
  return (fatal ?? lines.at(-1) ?? '').replace(/^.*?\b(?:FATAL|PANIC|error):\s*/, '');
}

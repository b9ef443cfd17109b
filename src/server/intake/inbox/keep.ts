import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Day } from '#core/kernel/day.ts';
import { codeOf } from './inbox-problems.ts';
import { numberedName, storedName } from './stored-name.ts';

/** Folder of what was taken, by month; of what was refused; of what is being taken just now. */
export const DONE_FOLDER = 'done';
/** See `DONE_FOLDER`. */
export const REFUSED_FOLDER = 'refused';
/** See `DONE_FOLDER`. */
export const WORKING_FOLDER = 'working';

/** Files of one name in one folder; beyond it somebody must empty the folder. */
const SAME_NAME_MAX = 10_000;

/** What is to be kept: the file at `path` (null: only its report), the name its sender gave it, the text of its report. */
export type Kept = { readonly path: string | null; readonly name: string; readonly text: string; readonly outcome: 'done' | 'refused'; readonly today: Day };

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Writes the report under a name nobody has; false when somebody has it. */
async function reserve(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(text);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Moves a file to `done/YYYY-MM/` or `refused/` with its report beside it, never over another one: the report, created only
 * if new, reserves the name for both. Gives the path inside the store. Throws what the file system throws; the file is then where it was.
 */
export async function keep(store: string, kept: Kept): Promise<string> {
  const folder = kept.outcome === 'done' ? join(DONE_FOLDER, kept.today.slice(0, 7)) : REFUSED_FOLDER;
  await mkdir(join(store, folder), { recursive: true });
  const base = storedName(kept.name);
  for (let number = 1; number <= SAME_NAME_MAX; number += 1) {
    const name = join(folder, numberedName(base, number));
    const report = join(store, `${name}.txt`);
    if ((await exists(join(store, name))) || !(await reserve(report, kept.text))) continue;
    if (kept.path === null) return `${name}.txt`;
    try {
      await rename(kept.path, join(store, name));
      return name;
    } catch (error) {
      await rm(report, { force: true });
      throw error;
    }
  }
  throw Object.assign(new Error(`more than ${SAME_NAME_MAX} files of one name`), { code: 'EEXIST' });
}

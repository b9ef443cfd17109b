import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './inbox-problems.ts';
import { DONE_FOLDER, REFUSED_FOLDER } from './keep.ts';

/** A report as it lies beside what was kept; `at` is when it was written, `path` is inside the folder. */
export type KeptReport = { readonly at: string; readonly outcome: 'done' | 'refused'; readonly path: string; readonly text: string };

/** Longest report shown: the reports we write stay far below; a text of somebody else's in these folders need not. */
const REPORT_CHARS_MAX = 100_000;

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function reportsIn(store: string, folder: string, outcome: KeptReport['outcome']): Promise<Omit<KeptReport, 'text'>[]> {
  const names = (await entriesOf(join(store, folder))).filter((entry) => entry.isFile()).map((entry) => entry.name);
  const kept = new Set(names);
  // A text with a report of its own is a file that was taken, not a report.
  const reports = names.filter((name) => name.endsWith('.txt') && !kept.has(`${name}.txt`));
  return Promise.all(reports.map(async (name) => {
    const path = join(folder, name);
    return { path, outcome, at: (await stat(join(store, path))).mtime.toISOString() };
  }));
}

/** The last reports of a folder of kept files, newest first. Throws what the file system throws, except that nothing was kept yet. */
export async function listKept(store: string, most: number): Promise<KeptReport[]> {
  const months = (await entriesOf(join(store, DONE_FOLDER))).filter((entry) => entry.isDirectory()).map((entry) => entry.name).toSorted().toReversed();
  const found = await reportsIn(store, REFUSED_FOLDER, 'refused');
  let done = 0;
  for (const month of months) {
    if (done >= most) break;
    const reports = await reportsIn(store, join(DONE_FOLDER, month), 'done');
    done += reports.length;
    found.push(...reports);
  }
  const newest = found.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, most);
  return Promise.all(newest.map(async (one) => ({ ...one, text: (await readFile(join(store, one.path), 'utf8')).slice(0, REPORT_CHARS_MAX).replaceAll('\r\n', '\n') })));
}

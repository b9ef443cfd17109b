import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { problem } from '#core/intake/problems.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Database } from '#server/plumbing/database.ts';
import { importFile } from './import-file.ts';
import type { ImportOptions, ImportReport } from './import-file.ts';
import { MAX_ARCHIVE_BYTES, unpackArchive } from './read-xlsx-archive.ts';
import { NO_TOTALS } from './refused.ts';
import { sniffFile } from './sniff.ts';

/** What became of one file of those that were named: a file itself, one of a folder, or one of an archive ("releves.zip › mars.xml"). */
export type FileReport = ImportReport & { readonly file: string };

/** Files of a folder taken by one command; beyond it the person names sub-folders. */
export const MAX_FOLDER_FILES = 100_000;

/**
 * Takes in a file, every file of a folder and of the folders in it, or every file of an archive; each is applied whole or not at all by
 * itself, in the order of their names. `named` is what the person called it. Reports come as files are done.
 */
export async function* importPath(database: Database, options: ImportOptions, named: string = options.fileName): AsyncGenerator<FileReport, void, undefined> {
  const found = await stat(options.path);
  if (!found.isDirectory()) {
    yield* importOne(database, options, named);
    return;
  }
  for (const file of await filesOf(options.path)) {
    yield* importOne(database, { ...options, path: join(options.path, file), fileName: basename(file) }, join(named, file));
  }
}

/** Files below a folder, hidden ones and links left out, in the order of their names. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  if (files.length > MAX_FOLDER_FILES) throw new Error(`more than ${MAX_FOLDER_FILES} files in ${basename(folder)}: name its sub-folders one by one`);
  return files.toSorted();
}

async function* importOne(database: Database, options: ImportOptions, file: string): AsyncGenerator<FileReport, void, undefined> {
  const archive = options.format === undefined || options.format === 'zip' ? await isArchive(options) : false;
  if (archive) yield* importArchive(database, options, file);
  else yield { ...(await importFile(database, options)), file };
}

async function isArchive(options: ImportOptions): Promise<boolean> {
  return (await sniffFile(options.path, options.fileName)) === 'zip';
}

const refused = (file: string, found: Problem): FileReport => ({
  file, importId: null, format: 'zip', sha256: '', status: 'refused', lines: 0, created: { customers: 0, debits: 0, credits: 0, allocations: 0, bankLines: 0 },
  changed: {}, totals: NO_TOTALS, problems: [found], understood: null,
});

/** The words of a workbook do not fit an archive of files. */
export function archiveProblem(found: Problem): Problem {
  if (found.code === 'intake.notXlsx') return problem('archiveBroken', 0, {});
  return found.code === 'intake.xlsxProtected' ? problem('archiveEncrypted', 0, {}) : found;
}

/** Members are written to a folder of ours under names of ours; the name in the archive is only shown. */
async function* importArchive(database: Database, options: ImportOptions, file: string): AsyncGenerator<FileReport, void, undefined> {
  const { size } = await stat(options.path);
  if (size > MAX_ARCHIVE_BYTES) {
    yield refused(file, problem('archiveTooLarge', 0, { limit: MAX_ARCHIVE_BYTES, what: { fr: 'octets', en: 'bytes' } }));
    return;
  }
  const unpacked = unpackArchive(await readFile(options.path), isMember);
  if (!unpacked.ok || unpacked.value.size === 0) {
    yield refused(file, unpacked.ok ? problem('archiveEmpty', 0, {}) : archiveProblem(unpacked.error));
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'acquit-archive-'));
  try {
    const members = [...unpacked.value].toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (const [index, [name, content]] of members.entries()) {
      const path = join(folder, String(index));
      await writeFile(path, content, { mode: 0o600 });
      yield { ...(await importFile(database, { ...options, path, fileName: basename(name) })), file: `${file} › ${name}` };
      await rm(path);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Folders, and what systems add to archives without being asked. */
export const isMember = (name: string): boolean => !name.endsWith('/') && !name.startsWith('__MACOSX/') && !basename(name).startsWith('.');

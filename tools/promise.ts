// Runs the proof of a promise of docs/promises.md again: `node tools/promise.ts B8`, or `all`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { provenBy } from './promises.ts';
import type { NamedTest } from './promises.ts';

const ROOT = join(import.meta.dirname, '..');
const VITEST = join(ROOT, 'node_modules', '.bin', 'vitest');

type Told = { readonly testResults: readonly { readonly name: string; readonly assertionResults: readonly { readonly title: string; readonly status: string }[] }[] };

/** Runs tests by their titles; gives those of which none ran or one failed. */
function failing(tests: readonly NamedTest[]): NamedTest[] {
  const folder = mkdtempSync(join(tmpdir(), 'acquit-promise-'));
  const file = join(folder, 'told.json');
  try {
    const words = ['run', '--project', 'alone', '--project', 'database', ...new Set(tests.map((one) => one.file)), '-t', tests.map(({ pattern }) => `(?:${pattern})`).join('|')];
    spawnSync(VITEST, [...words, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`], { cwd: ROOT, stdio: 'inherit' });
    const told = JSON.parse(readFileSync(file, 'utf8')) as Told;
    // A title that nothing matches is not green: it was not proven.
    return tests.filter((one) => {
      const ran = told.testResults.filter(({ name }) => name.endsWith(one.file)).flatMap(({ assertionResults }) => assertionResults).filter(({ title }) => new RegExp(`^${one.pattern}`, 'u').test(title));
      return ran.length === 0 || ran.some(({ status }) => status !== 'passed');
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const promises = provenBy(readFileSync(join(ROOT, 'docs', 'promises.md'), 'utf8'));
const asked = process.argv[2] ?? '';
const wanted = asked === 'all' ? [...promises.values()] : promises.get(asked.toUpperCase());
if (wanted === undefined) {
  process.stderr.write(`node tools/promise.ts PROMISE    runs its proof again: ${[...promises.keys()].join(' ')} or all (docs/promises.md)\n`);
  process.exitCode = 2;
} else {
  const tests = [...new Set(wanted.flat())];
  const failed = failing(tests);
  for (const { file, title } of failed) process.stdout.write(`not proven: ${file}: ${title}\n`);
  process.stdout.write(failed.length === 0 ? `${asked}: proven again by ${tests.length} tests\n` : `${asked}: NOT PROVEN\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

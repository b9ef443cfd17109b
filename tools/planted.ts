// Plants each bug of planted-bugs.ts in a copy of the project and runs the test of its promise, which must fail: `node tools/planted.ts [--only WORDS]`.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { PLANTED_IN_TESTS } from './planted-bugs.ts';
import type { PlantedInTests } from './planted-bugs.ts';
import { patternOf } from './promises.ts';

const ROOT = join(import.meta.dirname, '..');
/** What tests need of the project; the rest is installed, built or somebody's data. */
const NEEDED = ['src', 'db', 'tools', 'bench', 'docs', 'fixtures', 'package.json', 'vitest.config.ts', 'tsconfig.json', 'tsconfig.base.json', 'tsconfig.tests.json'];

type Told = { readonly testResults: readonly { readonly assertionResults: readonly { readonly title: string; readonly status: string; readonly failureMessages: readonly string[] }[] }[] };
type Cases = { readonly passed: number; readonly failed: number; readonly why: string };

function copyProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'acquit-planted-'));
  const there = new Set(readdirSync(ROOT));
  for (const name of NEEDED) if (there.has(name)) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Runs the cases of a test in a copy; gives how many passed and failed, and the first words of the first failure. */
async function run(copy: string, { file, title }: PlantedInTests['test']): Promise<Cases> {
  const out = mkdtempSync(join(tmpdir(), 'acquit-planted-told-'));
  const told = join(out, 'told.json');
  const words = ['run', '--project', 'alone', '--project', 'database', file, '-t', patternOf(title), '--reporter=json', `--outputFile.json=${told}`];
  await new Promise<void>((resolve, reject) => {
    const child = spawn(join(copy, 'node_modules', '.bin', 'vitest'), words, { cwd: copy, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
  try {
    const { testResults } = JSON.parse(readFileSync(told, 'utf8')) as Told;
    const cases = testResults.flatMap((one) => one.assertionResults).filter((one) => new RegExp(`^${patternOf(title)}`, 'u').test(one.title));
    const failed = cases.filter((one) => one.status === 'failed');
    return { passed: cases.filter((one) => one.status === 'passed').length, failed: failed.length, why: (failed[0]?.failureMessages[0] ?? '').split('\n', 1)[0] ?? '' };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Plants one bug, runs its test, takes the bug out again. Throws when there is nothing to put it in the place of. */
async function hunt(copy: string, bug: PlantedInTests): Promise<Cases> {
  const path = join(copy, bug.file);
  const sound = readFileSync(path, 'utf8');
  if (sound.split(bug.from).length !== 2) throw new Error(`${bug.file} does not have this text once: ${bug.from}`);
  writeFileSync(path, sound.replace(bug.from, () => bug.to));
  try {
    return await run(copy, bug.test);
  } finally {
    writeFileSync(path, sound);
  }
}

const { values } = parseArgs({ options: { only: { type: 'string' }, jobs: { type: 'string' } } });
const { only } = values;
const bugs = PLANTED_IN_TESTS.filter(({ promise, what }) => only === undefined || promise === only || what.includes(only));
const tests = [...new Map(bugs.map(({ test }) => [`${test.file} ${test.title}`, test])).values()];
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const found = { caught: 0, unsound: 0 };
let at = 0;

/** One copy each: first the tests without a bug, which must pass, then the bugs. */
async function lane(): Promise<void> {
  const copy = copyProject();
  try {
    for (let next = at; next < tests.length + bugs.length; next = at) {
      at += 1;
      const test = tests[next];
      const bug = bugs[next - tests.length];
      if (test !== undefined) {
        const { passed, failed } = await run(copy, test);
        if (failed > 0 || passed === 0) found.unsound += 1;
        if (failed > 0 || passed === 0) print(`     NOT SOUND without a bug: ${test.file}: ${test.title} (${passed} passed, ${failed} failed)`);
      } else if (bug !== undefined) {
        const { failed, why } = await hunt(copy, bug);
        if (failed > 0) found.caught += 1;
        print(`${bug.promise.padEnd(4)} ${bug.what}\n     ${failed > 0 ? `caught by "${bug.test.title}": ${why.slice(0, 160)}` : `NOT CAUGHT by ${bug.test.file}: ${bug.test.title}`}`);
      }
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

await Promise.all(Array.from({ length: Number(values.jobs ?? availableParallelism()) }, lane));
print(`${found.caught} of ${bugs.length} planted bugs caught by the test of the promise they break`);
process.exitCode = found.caught === bugs.length && found.unsound === 0 && bugs.length > 0 ? 0 : 1;

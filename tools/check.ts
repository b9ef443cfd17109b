import { spawnSync } from 'node:child_process';

/** Everything that is checked without running the product, each step named, all of them run even when one fails. */
const STEPS: readonly { name: string; command: readonly string[] }[] = [
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'tidy', command: ['node', 'tools/tidy.ts'] },
  { name: 'schema', command: ['node', 'tools/schema.ts', '--check'] },
];

const failed: string[] = [];
for (const { name, command } of STEPS) {
  const [program = '', ...words] = command;
  process.stdout.write(`\n── ${name}: ${command.join(' ')}\n`);
  const done = spawnSync(program, words, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.status !== 0) failed.push(name);
}
process.stdout.write(failed.length === 0 ? '\nall checks hold\n' : `\nfailed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

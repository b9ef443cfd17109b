import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The database tests on a Debian PostgreSQL server (apt-get install postgresql), in a cluster made for this run and removed after it.
const FOLDER = '/usr/lib/postgresql';
const [version] = existsSync(FOLDER) ? readdirSync(FOLDER).toSorted((a, b) => Number(b) - Number(a)) : [];
if (version === undefined) {
  process.stderr.write('no Debian PostgreSQL here: apt-get install postgresql, or set ACQUIT_TEST_DATABASE_URL and run vitest --project database\n');
  process.exit(1);
}
const bin = join(FOLDER, version, 'bin');
const folder = mkdtempSync(join(tmpdir(), 'acquit-server-'));
const root = process.getuid?.() === 0;
const idOf = (flag: string): number => Number(spawnSync('id', [flag, 'postgres']).stdout.toString().trim());
if (root) chownSync(folder, idOf('-u'), idOf('-g'));

function run(command: readonly string[]): void {
  const [program = '', ...words] = root ? ['runuser', '-u', 'postgres', '--', ...command] : command;
  const done = spawnSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (done.status !== 0) throw new Error(`${command[0] ?? ''} failed`);
}

const data = join(folder, 'data');
let status = 1;
try {
  run([join(bin, 'initdb'), '-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C']);
  run([join(bin, 'pg_ctl'), '-D', data, '-w', '-l', join(folder, 'log'), '-o', `-k ${folder} -p 5433 -c listen_addresses='' -c fsync=off`, 'start']);
  process.stdout.write(`PostgreSQL ${version}\n`);
  const url = `postgres://postgres@localhost:5433/postgres?host=${encodeURIComponent(folder)}`;
  const done = spawnSync('vitest', ['run', '--project', 'database', ...process.argv.slice(2)], {
    stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ACQUIT_TEST_DATABASE_URL: url },
  });
  status = done.status ?? 1;
} finally {
  if (existsSync(join(data, 'postmaster.pid'))) run([join(bin, 'pg_ctl'), '-D', data, '-w', '-m', 'fast', 'stop']);
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = status;

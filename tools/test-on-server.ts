import { spawnSync } from 'node:child_process';
import { startDebianServer } from './debian-server.ts';

// The database tests on a Debian PostgreSQL server (apt-get install postgresql), in a cluster made for this run and removed after it.
const server = startDebianServer(['fsync=off']);
if (server === null) {
  process.stderr.write('no Debian PostgreSQL here: apt-get install postgresql, or set ACQUIT_TEST_DATABASE_URL and run vitest --project database\n');
  process.exit(1);
}
let status = 1;
try {
  process.stdout.write(`PostgreSQL ${server.version}\n`);
  const done = spawnSync('vitest', ['run', '--project', 'database', ...process.argv.slice(2)], {
    stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ACQUIT_TEST_DATABASE_URL: server.url },
  });
  status = done.status ?? 1;
} finally {
  server.stop();
}
process.exitCode = status;

// Changes chains, heads and packs of a company in ten thousand ways, each of which must be found: `node tools/tampers.ts [HOW MANY]`.
import { spawnSync } from 'node:child_process';

const TAMPERS = '10000';

const done = spawnSync('vitest', ['run', '--project', 'database', 'src/server/invariants/tampers.db.test.ts'], { stdio: 'inherit', env: { ...process.env, TAMPERS: process.argv[2] ?? TAMPERS } });
process.exitCode = done.status ?? 1;

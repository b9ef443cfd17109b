import { spawnSync } from 'node:child_process';
import { requireChromium } from './chromium.ts';

// Everything: unit, database, and the journeys in a real browser. What npm does not bring is found or installed here, and said.
const chromium = requireChromium();
process.stdout.write(`browser: ${chromium}\n`);
const environment = { ...process.env, CHROMIUM_PATH: chromium, FORCE_COLOR: '0' };
const built = spawnSync('node', ['tools/build-web.ts'], { stdio: ['ignore', 'inherit', 'inherit'], env: environment });
if (built.status !== 0) process.exit(built.status ?? 1);
const done = spawnSync('vitest', ['run', ...process.argv.slice(2)], { stdio: ['ignore', 'inherit', 'inherit'], env: environment });
process.exitCode = done.status ?? 1;

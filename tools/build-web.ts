import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUILT = `${ROOT}dist/web/index.html`;

/** The latest change below a folder, in milliseconds. */
function newest(folder: string): number {
  return Math.max(0, ...readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => statSync(`${entry.parentPath}/${entry.name}`).mtimeMs));
}

// The web app is built from its sources when it is missing or older than them; a packaged product ships it built.
const stale = !existsSync(BUILT) || statSync(BUILT).mtimeMs < Math.max(newest(`${ROOT}src/web`), newest(`${ROOT}src/core`), statSync(`${ROOT}package-lock.json`).mtimeMs);
if (stale) {
  process.stderr.write('building the web app…\n');
  await build({ configFile: `${ROOT}vite.config.ts`, logLevel: 'warn' });
}

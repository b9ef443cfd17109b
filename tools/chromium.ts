import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Names under which a Chromium is installed, the free one first. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where macOS keeps applications. */
const APPLICATIONS = ['/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** A package manager that has not finished by then waits for an answer or for a network. */
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** Flags of every test browser: no window, no sandbox (containers have no user namespaces), nothing in the background. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** The Chromium of this machine: the one CHROMIUM_PATH names, else the first found; null when there is none. */
export function findChromium(environment: Readonly<Record<string, string | undefined>>): string | null {
  const named = environment['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return named;
    throw new Error(`CHROMIUM_PATH names ${named}, which is no program: correct it or leave it out.`);
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = [...NAMES.map((name) => `/usr/bin/${name}`), ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...APPLICATIONS];
  return places.find(isProgram) ?? null;
}

function run(program: string, words: readonly string[]): void {
  process.stderr.write(`chromium: ${program} ${words.join(' ')}\n`);
  const done = spawnSync(program, words, { stdio: ['ignore', 2, 2], timeout: INSTALL_TIMEOUT_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  if (done.status !== 0) throw new Error(`${program} ${words[0] ?? ''} ended with ${done.status ?? done.signal ?? 'an error'}: install Chromium by hand, or name one in CHROMIUM_PATH.`);
}

/** Finds a Chromium, or installs Debian's package when this is root on Debian; else says what to do. Never skips. */
export function requireChromium(): string {
  const found = findChromium(process.env);
  if (found !== null) return found;
  const root = process.getuid?.() === 0;
  if (!root || !isProgram('/usr/bin/apt-get')) {
    throw new Error('The browser tests need Chromium and found none. Install it (Debian: sudo apt-get install chromium) or name one in CHROMIUM_PATH.');
  }
  process.stderr.write('chromium: none found, installing Debian’s package\n');
  run('/usr/bin/apt-get', ['update', '-q']);
  run('/usr/bin/apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium']);
  const installed = findChromium(process.env);
  if (installed === null) throw new Error('Debian’s Chromium was installed and is not found: name it in CHROMIUM_PATH.');
  return installed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${requireChromium()}\n`);

import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SMTPServer } from 'smtp-server';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LEDGER = join(ROOT, '../shared/samples/synthetic_ar/FEC.txt');
const STANDARD = join(ROOT, 'fixtures/fec/000900019FEC20251231_tab_utf8.txt');

/** One command of the README and what it prints there. */
type Shown = { command: string; output: string };

/** The commands of the README's transcript: lines after "$ ", each with the lines up to the next one. */
function transcript(): Shown[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const block = /<!-- transcript -->\n\n```console\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  return block.split(/^\$ /m).slice(1).map((part) => {
    const end = part.indexOf('\n');
    return { command: part.slice(0, end), output: part.slice(end + 1) };
  });
}

let folder: string;
let sink: SMTPServer;
let port = 0;
const received: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'acquit-readme-'));
  mkdirSync(join(folder, 'synthetic_ar'));
  cpSync(existsSync(LEDGER) ? LEDGER : STANDARD, join(folder, 'synthetic_ar/FEC.txt'));
  sink = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false,
    onData: (stream, session, done) => {
      stream.on('end', () => {
        received.push(...session.envelope.rcptTo.map((one) => one.address));
        done();
      });
      stream.resume();
    },
  });
  await new Promise<void>((resolve) => {
    const server = sink.listen(0, '127.0.0.1', () => {
      const address = server.address();
      port = typeof address === 'object' && address !== null ? address.port : 0;
      resolve();
    });
  });
});

afterAll(async () => {
  await new Promise<void>((resolve) => {
    sink.close(() => resolve());
  });
  rmSync(folder, { recursive: true, force: true });
});

type Ran = { status: number | null; output: string };

function run(command: string): Promise<Ran> {
  const program = command.replace(/\bnpx acquit\b/, `${ROOT}bin/acquit`).replace('smtp://127.0.0.1:2525', `smtp://127.0.0.1:${port}`);
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ACQUIT_') && name !== 'DATABASE_URL'));
  const child = spawn('/bin/sh', ['-c', program], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on('close', (status) => resolve({ status, output }));
  });
}

/** Command lines of processes that still work in the folder; a process that ends while it is looked at has none. */
function running(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
    } catch (error) {
      if (error instanceof Error) return [];
      throw error;
    }
  }).filter((line) => line.includes(folder));
}

test('the transcript of the README is what the commands print', { timeout: 120_000 }, async () => {
  const shown = transcript();
  expect(shown.length).toBeGreaterThanOrEqual(8);
  const exact = existsSync(LEDGER);
  const said: Shown[] = [];
  const failed: string[] = [];
  for (const { command, output } of shown) {
    if (command.startsWith('cat ')) {
      writeFileSync(join(folder, command.slice('cat '.length)), output);
      said.push({ command, output });
      continue;
    }
    const ran = await run(command);
    said.push({ command, output: ran.output });
    // Without the sample ledger the same road is run on a fixture: every command must still end well.
    if (ran.status !== 0 && !/explain|charges/.test(command)) failed.push(`${command}: ${ran.status ?? 'killed'}\n${ran.output}`);
  }
  expect(failed).toEqual([]);
  if (process.env['UPDATE_README'] === '1' && exact) rewrite(said);
  const wanted = exact ? transcript() : said;
  expect(said).toEqual(wanted);
  expect(received.length).toBe(new Set(received).size);
  expect(running()).toEqual([]);
});

/** Writes what was printed into the README (`UPDATE_README=1 vitest run src/cli/readme.test.ts`), to be read before it is committed. */
function rewrite(said: readonly Shown[]): void {
  const path = join(ROOT, 'README.md');
  const text = said.map(({ command, output }) => `$ ${command}\n${output}`).join('');
  const readme = readFileSync(path, 'utf8');
  writeFileSync(path, readme.replace(/(<!-- transcript -->\n\n```console\n)[\s\S]*?```/, (_all, head: string) => `${head}${text}\`\`\``));
}

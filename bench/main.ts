import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { growth, jsonLine, table } from './figure.ts';
import type { Figure } from './figure.ts';
import { MEASURES } from './measures/all.ts';
import { openPlace, openServerPlace } from './place.ts';
import type { OpenPlace } from './place.ts';
import type { Order } from './work.ts';

const USAGE = `node bench/main.ts [--only ${Object.keys(MEASURES).join('|')}] [--sizes 10000,100000]
  Figures beside a floor measured in the same run, on an embedded PostgreSQL with fsync or on the server of DATABASE_URL (its superuser);
  workers: on that server, or a Debian PostgreSQL of its own.
  Times are of this machine; only the ratios mean something elsewhere. Nothing is asserted. One JSON line per figure follows the table.`;
const SIZES = '10000,100000';
const WORK = fileURLToPath(new URL('work.ts', import.meta.url));
/** What `bin/acquit` gives Node: figures are of the program as it is started. */
const HEAP_FLAGS = readFileSync(new URL('../bin/heap-flags', import.meta.url), 'utf8').trim().split(' ');

/** Measures one group at one size in a process of its own. */
async function measureApart(order: Order): Promise<Figure[]> {
  const child = spawn(process.execPath, [...HEAP_FLAGS, ...process.execArgv, WORK], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(order));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const said = await text(child.stdout);
  if ((await ended) !== 0) throw new Error(`${order.name} of ${order.size} failed`);
  return JSON.parse(said) as Figure[];
}

async function measureAll(asked: { readonly sizes: readonly number[] }, names: readonly string[], open: () => Promise<OpenPlace | null>): Promise<Figure[]> {
  if (names.length === 0) return [];
  const opened = await open();
  if (opened === null) {
    process.stderr.write(`not measured: ${names.join(', ')}. No Debian PostgreSQL here (apt-get install postgresql), and DATABASE_URL names no server.\n`);
    return [];
  }
  const figures: Figure[] = [];
  try {
    for (const name of names) {
      const max = MEASURES[name]?.sizeMax ?? 0;
      for (const size of new Set(asked.sizes.map((wanted) => Math.min(wanted, max)))) {
        process.stderr.write(`${name} of ${size} …\n`);
        figures.push(...(await measureApart({ place: opened.place, name, size })));
      }
    }
  } finally {
    await opened.close();
  }
  return figures;
}

function readArguments(): { names: string[]; sizes: number[] } | null {
  const { values } = parseArgs({ options: { only: { type: 'string' }, sizes: { type: 'string' }, help: { type: 'boolean' } } });
  const names = values.only === undefined ? Object.keys(MEASURES) : values.only.split(',');
  const sizes = (values.sizes ?? SIZES).split(',').map(Number);
  const wrong = names.some((name) => !Object.hasOwn(MEASURES, name)) || sizes.some((size) => !Number.isInteger(size) || size < 1);
  return values.help === true || wrong ? null : { names, sizes };
}

async function main(): Promise<number> {
  const asked = readArguments();
  if (asked === null) {
    process.stdout.write(`${USAGE}\n`);
    return 2;
  }
  const needsServer = (name: string): boolean => MEASURES[name]?.ownServer === true;
  const figures = [
    ...(await measureAll(asked, asked.names.filter((name) => !needsServer(name)), openPlace)),
    ...(await measureAll(asked, asked.names.filter(needsServer), openServerPlace)),
  ];
  process.stdout.write(`${table(figures)}\n\n${growth(figures).join('\n')}\n\n${figures.map(jsonLine).join('\n')}\n`);
  return 0;
}

process.exitCode = await main();

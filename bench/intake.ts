import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { Database } from '#server/plumbing/database.ts';
import { jsonLine, table } from './figure.ts';
import type { Figure } from './figure.ts';
import { camtApplyMeasure, camtMeasure } from './measures/intake-camt.ts';
import { documentsMeasure } from './measures/intake-documents.ts';
import { textMeasure } from './measures/intake-text.ts';
import type { Measure } from './measures/measure.ts';
import { createFresh, dropFresh, openPlace } from './place.ts';
import type { Place } from './place.ts';

/** Groups of figures by the name that `--only` takes. */
const MEASURES: Readonly<Record<string, Measure>> = { camt: camtMeasure, text: textMeasure, documents: documentsMeasure, apply: camtApplyMeasure };

const USAGE = `node bench/intake.ts [--only ${Object.keys(MEASURES).join('|')}] [--size 100000]
  Reading and taking in of files, beside floors measured in turn with it. Times are of this machine; only the ratios mean something elsewhere.
  Nothing is asserted. One JSON line per figure follows the table.`;
const SIZE = 100_000;
const KIB_PER_MIB = 1024;
const WORK = 'work';

type Order = { readonly place: Place; readonly name: string; readonly size: number };

/** Measures one group in a process of its own: the most memory it ever held is then its own. */
async function measureApart(order: Order): Promise<Figure[]> {
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), WORK], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(order));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const said = await text(child.stdout);
  if ((await ended) !== 0) throw new Error(`${order.name} of ${order.size} failed`);
  return JSON.parse(said) as Figure[];
}

async function work(): Promise<void> {
  const order = JSON.parse(await text(process.stdin)) as Order;
  const measure = MEASURES[order.name];
  if (measure === undefined) throw new Error(`no figures called ${order.name}`);
  const name = await createFresh(order.place);
  try {
    const database = new Database({ ...order.place.login, database: name, statement_timeout: 0 });
    const owner = new pg.Client({ ...order.place.owner, database: name });
    await owner.connect();
    try {
      const figures = await measure.measure({ database, owner, size: order.size });
      const rssMiB = Math.round(process.resourceUsage().maxRSS / KIB_PER_MIB);
      process.stdout.write(JSON.stringify(figures.map((figure): Figure => ({ ...figure, rssMiB }))));
    } finally {
      await owner.end();
      await database.close();
    }
  } finally {
    await dropFresh(order.place, name);
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, size: { type: 'string' }, help: { type: 'boolean' } } });
  const names = values.only === undefined ? Object.keys(MEASURES) : values.only.split(',');
  const size = Number(values.size ?? SIZE);
  if (values.help === true || !Number.isInteger(size) || size < 1 || names.some((name) => !Object.hasOwn(MEASURES, name))) {
    process.stdout.write(`${USAGE}\n`);
    return 2;
  }
  const opened = await openPlace();
  const figures: Figure[] = [];
  try {
    for (const name of names) {
      process.stderr.write(`${name} …\n`);
      figures.push(...(await measureApart({ place: opened.place, name, size: Math.min(size, MEASURES[name]?.sizeMax ?? 0) })));
    }
  } finally {
    await opened.close();
  }
  process.stdout.write(`${table(figures)}\n\n${figures.map(jsonLine).join('\n')}\n`);
  return 0;
}

if (process.argv[2] === WORK) await work();
else process.exitCode = await main();

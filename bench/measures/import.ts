import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { from as copyFrom } from 'pg-copy-streams';
import { importFile } from '#server/intake/import-file.ts';
import { fecFileName } from '#sim/fec.ts';
import { day } from '#core/kernel/day.ts';
import { CLOCK, givenCompany, TODAY } from '../data.ts';
import { timed } from '../figure.ts';
import type { Figure } from '../figure.ts';
import { copyFloor, insertFloor } from '../insert-floor.ts';
import type { Bench, Measure } from './measure.ts';

const GOAL_TIMES = 4;
const RSS_GOAL_MIB = 400;

const WRITER = fileURLToPath(new URL('../write-books.ts', import.meta.url));

/** Writes the books of a company with about so many lines, in a process of its own; gives how many there are. */
async function writeBooks(path: string, lines: number): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [WRITER, path, String(lines)]);
  return Number(stdout);
}

/** The same bytes by COPY into a table of 18 texts that has neither key nor index. */
async function copyBare({ owner }: Bench, path: string): Promise<void> {
  const columns = Array.from({ length: 18 }, (_, index) => `c${index + 1} text`).join(', ');
  await owner.query(`create table bare (${columns})`);
  await pipeline(createReadStream(path), owner.query(copyFrom(`copy bare from stdin with (format csv, header, delimiter E'\\t', quote E'\\x01')`)));
  await owner.query('drop table bare');
}

async function measure(bench: Bench): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'acquit-bench-fec-'));
  try {
    const path = join(folder, 'books.txt');
    const lines = await writeBooks(path, bench.size);
    const organisation = await givenCompany(bench.database);
    const floors = [await timed(() => copyBare(bench, path))];
    const fileName = fecFileName(day('2026-12-31'));
    const order = { organisation, path, fileName, today: TODAY, clock: CLOCK, actor: 'bench' };
    let applied = '';
    const seconds = await timed(async () => {
      const report = await importFile(bench.database, order);
      applied = report.status;
    });
    if (applied !== 'applied') throw new Error(`the books were ${applied}`);
    floors.push(await timed(() => copyBare(bench, path)));
    const again = await timed(() => importFile(bench.database, order));
    const bare = { what: 'COPY of the lines into 18 bare texts', seconds: Math.min(...floors) };
    const tables = ['item', 'allocation'];
    const copied = { what: 'COPY of the rows it made, keys and indexes included', seconds: await copyFloor(bench.owner, tables, folder) };
    const inserted = { what: 'insert … select of the rows it made', seconds: await insertFloor(bench.owner, tables) };
    const figure = { size: lines, unit: 'lines', seconds };
    return [
      { ...figure, name: 'FEC import', floor: copied, goal: { kind: 'atMost', value: GOAL_TIMES }, rssGoalMiB: RSS_GOAL_MIB },
      { ...figure, name: 'FEC import, against its insert', floor: inserted, goal: null },
      { ...figure, name: 'FEC import, against its bare text', floor: bare, goal: null },
      { name: 'FEC import, same file again', size: lines, unit: 'lines', seconds: again, floor: bare, goal: null },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A ledger taken in, against the bare loading of its lines. */
export const importMeasure: Measure = { about: 'FEC import against COPY', sizeMax: 5_000_000, measure };

import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { importFile } from '#server/intake/import-file.ts';
import { simulateCompany } from '#sim/company.ts';
import { fecFileName, toFec } from '#sim/fec.ts';
import { day } from '#core/kernel/day.ts';
import { CLOCK, givenCompany, TODAY } from '../data.ts';
import { timed } from '../figure.ts';
import type { Figure } from '../figure.ts';
import type { Bench, Measure } from './measure.ts';

/** Lines of a simulated company's FEC by customer and day. */
const LINES_PER_CUSTOMER = 97;
const DAYS = 548;
const GOAL_TIMES = 4;
const RSS_GOAL_MIB = 400;

/** Writes the books of a company with about so many lines; gives how many there are. */
async function writeBooks(path: string, lines: number): Promise<number> {
  const company = simulateCompany({ seed: 5, customers: Math.max(1, Math.round(lines / LINES_PER_CUSTOMER)), days: DAYS, until: TODAY });
  const file = await open(path, 'w');
  let count = 0;
  try {
    for (const piece of toFec(company)) {
      count += piece.split('\n').length - 1;
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
  return count - 1;
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
    const floor = { what: 'COPY into 18 bare texts', seconds: Math.min(...floors) };
    return [
      { name: 'FEC import', size: lines, unit: 'lines', seconds, floor, goal: { kind: 'atMost', value: GOAL_TIMES }, rssGoalMiB: RSS_GOAL_MIB },
      { name: 'FEC import, same file again', size: lines, unit: 'lines', seconds: again, floor, goal: null },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A ledger taken in, against the bare loading of its lines. */
export const importMeasure: Measure = { about: 'FEC import against COPY', sizeMax: 5_000_000, measure };

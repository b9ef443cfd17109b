import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { PoolConfig } from 'pg';
import { parseDay } from '#core/kernel/day.ts';
import { parseId } from '#core/kernel/id.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { importFile } from '#server/intake/import-file.ts';
import { clockOn } from '#server/plumbing/clock.ts';
import { Database } from '#server/plumbing/database.ts';

/** What the process that will be killed is told. `halves`: the planted bug, the file applied in two transactions. */
export type ChildOrder = { readonly login: PoolConfig; readonly organisation: string; readonly path: string; readonly fileName: string; readonly today: string; readonly halves: boolean };

/** Says one word to the parent; it has left this process when the promise ends. */
const say = (word: string): Promise<void> => new Promise((resolve) => void process.stdout.write(`${word}\n`, () => resolve()));

async function importOne(database: Database, order: ChildOrder, path: string): Promise<void> {
  const organisation: OrganisationId | null = parseId<'organisation'>(order.organisation);
  const today = parseDay(order.today);
  if (organisation === null || today === null) throw new Error('bad order');
  const report = await importFile(database, { organisation, path, fileName: order.fileName, today, clock: clockOn(today), actor: 'test' });
  if (report.status === 'refused') throw new Error(report.problems.map((one) => one.message.en).join(' '));
}

/** The two halves of a FEC between two entries, each with the header. */
async function halve(path: string): Promise<string[]> {
  const [header = '', ...lines] = (await readFile(path, 'utf8')).split('\r\n').filter((line) => line !== '');
  const entryOf = (index: number): string => lines[index]?.split('\t')[2] ?? '';
  let middle = Math.floor(lines.length / 2);
  while (middle > 0 && entryOf(middle) === entryOf(middle - 1)) middle -= 1;
  return Promise.all([lines.slice(0, middle), lines].map(async (part, index) => {
    const half = `${path}.${index}`;
    await writeFile(half, [header, ...part, ''].join('\r\n'));
    return half;
  }));
}

if (process.argv[2] === 'import') {
  const order = JSON.parse(await text(process.stdin)) as ChildOrder;
  const database = new Database(order.login);
  await database.pool.query('select 1');
  const paths = order.halves ? await halve(order.path) : [order.path];
  await say('start');
  for (const path of paths) await importOne(database, order, path);
  await say('done');
  await database.close();
}

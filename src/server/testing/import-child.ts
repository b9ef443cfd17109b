import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { PoolConfig } from 'pg';
import { parseDay } from '#core/kernel/day.ts';
import { parseId } from '#core/kernel/id.ts';
import { importPath } from '#server/intake/import-many.ts';
import type { ImportOptions } from '#server/intake/import-file.ts';
import { clockOn } from '#server/plumbing/clock.ts';
import { Database } from '#server/plumbing/database.ts';

/** How a file is applied in two transactions, the planted bug: a FEC between two entries, a camt between two movements, an invoice after its customer. */
export type Halving = 'fec' | 'camt' | 'customerFirst';

/** What the process that will be killed is told; `path` is a file or a folder. `halves`: the planted bug, null for the import as it is. */
export type ChildOrder = { readonly login: PoolConfig; readonly organisation: string; readonly path: string; readonly fileName: string; readonly today: string; readonly halves: Halving | null };

/** Says one word to the parent; it has left this process when the promise ends. */
const say = (word: string): Promise<void> => new Promise((resolve) => void process.stdout.write(`${word}\n`, () => resolve()));

function optionsOf(order: ChildOrder): ImportOptions {
  const organisation = parseId<'organisation'>(order.organisation);
  const today = parseDay(order.today);
  if (organisation === null || today === null) throw new Error('bad order');
  return { organisation, path: order.path, fileName: order.fileName, today, clock: clockOn(today), actor: 'test' };
}

async function importAll(database: Database, options: ImportOptions): Promise<void> {
  for await (const report of importPath(database, options)) {
    if (report.status === 'refused') throw new Error(`${report.file}: ${report.problems.map((one) => one.message.en).join(' ')}`);
  }
}

/** The two halves of a FEC between two entries, each with the header. */
function halvesOfFec(text: string): string[] {
  const [header = '', ...lines] = text.split('\r\n').filter((line) => line !== '');
  const entryOf = (index: number): string => lines[index]?.split('\t')[2] ?? '';
  let middle = Math.floor(lines.length / 2);
  while (middle > 0 && entryOf(middle) === entryOf(middle - 1)) middle -= 1;
  return [lines.slice(0, middle), lines].map((part) => [header, ...part, ''].join('\r\n'));
}

/** The statement with the first half of its movements, then all of it; the check of balances only warns. */
function halvesOfCamt(text: string): string[] {
  const entries = text.split('<Ntry>');
  const last = entries.at(-1) ?? '';
  const end = last.slice(last.indexOf('</Ntry>') + '</Ntry>'.length);
  return [[...entries.slice(0, Math.ceil(entries.length / 2)), ''].join('<Ntry>').replace(/<Ntry>$/u, end), text];
}

/** Applies what is to be imported in two transactions, as a careless program would. */
async function importHalved(database: Database, options: ImportOptions, halves: Halving): Promise<void> {
  if (halves === 'customerFirst') {
    for (const name of (await readdir(options.path)).toSorted()) {
      await database.inTenant(options.organisation, (t) => t.run(t.sql`${t.into('customer', 'code, name, account')} select ${t.org}, ${name}, ${name}, '411000'`));
      await importAll(database, { ...options, path: join(options.path, name), fileName: name });
    }
    return;
  }
  const whole = await readFile(options.path, 'utf8');
  const folder = await mkdtemp(join(dirname(options.path), 'halves-'));
  for (const [index, half] of (halves === 'fec' ? halvesOfFec(whole) : halvesOfCamt(whole)).entries()) {
    const path = join(folder, String(index));
    await writeFile(path, half);
    await importAll(database, { ...options, path });
  }
}

if (process.argv[2] === 'import') {
  const order = JSON.parse(await text(process.stdin)) as ChildOrder;
  const database = new Database(order.login);
  await database.pool.query('select 1');
  await say('start');
  if (order.halves === null) await importAll(database, optionsOf(order));
  else await importHalved(database, optionsOf(order), order.halves);
  await say('done');
  await database.close();
}

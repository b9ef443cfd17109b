import { text } from 'node:stream/consumers';
import pg from 'pg';
import { Database } from '#server/plumbing/database.ts';
import type { Figure } from './figure.ts';
import { MEASURES } from './measures/all.ts';
import { createFresh, dropFresh } from './place.ts';
import type { Place } from './place.ts';

/** What the process of one figure is told on its standard input. */
export type Order = { readonly place: Place; readonly name: string; readonly size: number };

const KIB_PER_MIB = 1024;

// A process of its own for each group of figures and each size: the most memory it ever held is then theirs.
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
    process.stdout.write(JSON.stringify(figures.map((figure): Figure => ({ rssMiB, ...figure }))));
  } finally {
    await owner.end();
    await database.close();
  }
} finally {
  await dropFresh(order.place, name);
}

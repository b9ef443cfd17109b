import { text } from 'node:stream/consumers';
import pg from 'pg';
import type { Figure } from '../figure.ts';
import { createFresh, dropFresh } from '../place.ts';
import type { Place } from '../place.ts';
import { measureLargeCustomer } from './matching-large.ts';
import { measureLargeBook, prepare } from './matching-speed.ts';
import type { Floors, WorkKind } from './matching-speed.ts';

/** What the process is told on its standard input: to simulate and measure SQL, or to match what the other one left in the file. */
export type SpeedOrder =
  | { readonly step: 'prepare'; readonly kind: WorkKind; readonly place: Place; readonly size: number; readonly file: string }
  | { readonly step: 'match'; readonly kind: WorkKind; readonly floors: Floors; readonly file: string }
  | { readonly step: 'largeCustomer' };

const KIB_PER_MIB = 1024;

async function prepared(order: Extract<SpeedOrder, { step: 'prepare' }>): Promise<Floors> {
  const name = await createFresh(order.place);
  try {
    const owner = new pg.Client({ ...order.place.owner, database: name });
    await owner.connect();
    const floors = await prepare({ owner, size: order.size }, order);
    await owner.end();
    return floors;
  } finally {
    await dropFresh(order.place, name);
  }
}

// A process of its own for each step: the most memory it ever held is then that of the step.
const withMemory = (figures: readonly Figure[]): Figure[] => figures.map((figure) => ({ ...figure, rssMiB: Math.round(process.resourceUsage().maxRSS / KIB_PER_MIB) }));
const order = JSON.parse(await text(process.stdin)) as SpeedOrder;
const done = order.step === 'prepare' ? await prepared(order) : withMemory(order.step === 'match' ? await measureLargeBook(order) : await measureLargeCustomer());
process.stdout.write(JSON.stringify(done));

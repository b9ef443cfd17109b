import { parseArgs } from 'node:util';
import type { Count } from './audit.ts';
import { failTransactions, fillDisk, restartDatabase } from './database-faults.ts';
import type { FaultReport } from './database-faults.ts';
import { install } from './installation.ts';
import type { Installation } from './installation.ts';
import { killNaive, killWorkers } from './kills.ts';
import { lieToWorker } from './lying.ts';
import { KILL_BUGS } from './planted-bugs.ts';
import { hunt } from './planted-hunt.ts';
import { openSite } from './sites.ts';
import type { SiteKind, SiteServer } from './sites.ts';
import { stopWorkers } from './stops.ts';

const help = `npm run kills -- [--kills 1000] [--mails 10000] [--workers 1|2|3]   kills workers in the middle of their work, and the naive control
npm run kills -- --stops 500                                        stops one of two workers for longer than its lease
npm run kills -- --lying                                            a mail server that lies
npm run kills -- --restarts 50                                      a database that restarts, fails transactions, has no room
npm run kills -- --planted                                          each planted bug must be found
Everywhere: [--database embedded|server] [--seed N] [--json]. Exit 1 when a promise does not hold, or when nothing was proved.
`;

/** The control must show so many extra copies in so many kills, or the harness is blind. */
const CONTROL = { kills: 100, mails: 1500, duplicatesLeast: 5 } as const;
/** Letters among e-mails. */
const MAILS_PER_LETTER = 20;
const MAILS_PER_STOP = 16;
/** A restart, its recovery and the pauses around it leave room for so many messages at most. */
const MAILS_PER_RESTART = 130;
const LYING_MAILS = 400;
const FAULT_MAILS = 1500;
const FAULT_SHARE = 0.2;
const DISK_MAILS = 600;

type Part = { readonly name: string; readonly counts: readonly Count[]; readonly figures: object };

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    kills: { type: 'string' }, mails: { type: 'string' }, workers: { type: 'string', default: '1' }, stops: { type: 'string' }, lying: { type: 'boolean', default: false }, restarts: { type: 'string' },
    planted: { type: 'boolean', default: false }, database: { type: 'string', default: 'embedded' }, seed: { type: 'string', default: '20261122' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
  },
});

/** A whole number of the command line. */
function count(given: string | undefined, otherwise: number): number {
  const value = given === undefined ? otherwise : Number(given);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(help);
  return value;
}

const seed = count(values.seed, 1);
const tell = (line: string): void => void process.stderr.write(`${line}\n`);
let companies = 0;

async function withCompany<T>(server: SiteServer, mails: number, work: (at: Installation) => Promise<T>): Promise<T> {
  companies += 1;
  const at = await install(server.site, { mails, letters: Math.ceil(mails / MAILS_PER_LETTER) }, `kills-${companies}`);
  try {
    return await work(at);
  } finally {
    await at.close();
  }
}

async function killing(server: SiteServer): Promise<Part[]> {
  const kills = count(values.kills, 1000);
  const workers = count(values.workers, 1);
  const naive = await withCompany(server, CONTROL.mails, (at) => killNaive(at, { kills: CONTROL.kills, seed }));
  const seen: Count = { name: 'extra copies that the control must show', found: `${naive.duplicates} in ${naive.kills} kills`, holds: naive.duplicates >= CONTROL.duplicatesLeast, meter: true };
  const control: Part = { name: 'control: a worker that sends inside its transaction', counts: [seen], figures: naive };
  if (!seen.holds) {
    print('The run is void: the harness does not see what the naive worker does.');
    return [control];
  }
  const report = await withCompany(server, count(values.mails, 10 * kills), (at) => killWorkers(at, { kills, workers, seed, breed: { kind: 'real' }, tell }));
  return [control, { name: `${kills} kills, ${workers} worker${workers > 1 ? 's' : ''}`, counts: report.counts, figures: { ...report.figures, points: report.points } }];
}

const partOf = ({ name, counts, figures, failures }: FaultReport): Part => ({ name, counts, figures: { ...figures, failures } });

async function faults(server: SiteServer): Promise<Part[]> {
  const restarts = count(values.restarts, 1);
  const parts = [
    partOf(await withCompany(server, FAULT_MAILS, (at) => failTransactions(at, { seed, share: FAULT_SHARE }))),
    partOf(await withCompany(server, restarts * MAILS_PER_RESTART, (at) => restartDatabase(server, at, { seed, restarts }))),
  ];
  if (values.database !== 'embedded') return parts;
  const disk = await fillDisk({ seed, mails: DISK_MAILS });
  if (disk === null) print('disk full: not done, a small disk of its own takes root to mount');
  return disk === null ? parts : [...parts, partOf(disk)];
}

async function planted(server: SiteServer): Promise<Part> {
  const counts: Count[] = [];
  for (const bug of KILL_BUGS) {
    const broken = await hunt(server.site, bug, seed);
    tell(`${broken.length > 0 ? 'caught' : 'NOT CAUGHT'}: ${bug.what}`);
    counts.push({ name: `${bug.part}: ${bug.what}`, found: broken.length === 0 ? 'NOT CAUGHT' : `caught: ${broken.join(' · ')}`, holds: broken.length > 0 });
  }
  return { name: 'planted bugs', counts, figures: { bugs: KILL_BUGS.length } };
}

async function partsOf(server: SiteServer): Promise<Part[]> {
  const parts: Part[] = [];
  const others = values.planted || values.lying || values.stops !== undefined || values.restarts !== undefined;
  if (values.kills !== undefined || !others) parts.push(...(await killing(server)));
  if (values.stops !== undefined) {
    const stops = count(values.stops, 1);
    parts.push({ name: `${stops} stops longer than a lease, 2 workers`, ...(await withCompany(server, stops * MAILS_PER_STOP, (at) => stopWorkers(at, { stops, seed, breed: { kind: 'real' }, tell }))) });
  }
  if (values.lying) parts.push({ name: 'a mail server that lies', ...(await withCompany(server, LYING_MAILS, (at) => lieToWorker(at, { mails: LYING_MAILS, seed, breed: { kind: 'real' } }))) });
  if (values.restarts !== undefined) parts.push(...(await faults(server)));
  if (values.planted) parts.push(await planted(server));
  return parts;
}

if (values.help) process.stdout.write(help);
else {
  if (values.database !== 'embedded' && values.database !== 'server') throw new Error(help);
  const kind: SiteKind = values.database;
  const server = await openSite(kind);
  try {
    const parts = await partsOf(server);
    for (const { name, counts, figures } of parts) {
      print(`\n${name} (${server.name}, seed ${seed})`);
      for (const one of counts) print(`${one.holds ? 'ok ' : 'NO '} ${one.name.padEnd(52)} ${one.found}`);
      print(JSON.stringify(figures));
    }
    if (values.json) print(JSON.stringify({ database: server.name, seed, parts }));
    process.exitCode = parts.every((part) => part.counts.every((one) => one.holds)) ? 0 : 1;
  } finally {
    await server.close();
  }
}

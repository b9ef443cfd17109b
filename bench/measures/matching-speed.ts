import type pg from 'pg';
import { day } from '#core/kernel/day.ts';
import { buildMatcher } from '#core/matching/matcher.ts';
import type { Incoming, MatchingFacts } from '#core/matching/matching.ts';
import { NO_MEMORY } from '#core/matching/memory.ts';
import { STANDARD_RULES } from '#core/matching/rules.ts';
import type { BookItem } from '#sim/statement-line.ts';
import { simulateStatement } from '#sim/statement.ts';
import { median, timed, timedTurns } from '../figure.ts';
import type { Figure } from '../figure.ts';
import { incomingOf, knownOf, openOf } from './matching-facts.ts';
import { readFacts, writeFacts } from './matching-file.ts';
import type { Bench } from './measure.ts';

/** Times the SQL that joins on the exact reference and writes what it found. */
const GOAL_TIMES = 8;
/** With fewer lines the goal is not asked: starting up is most of so short a work. */
const GOAL_LINES = 100_000;
const RSS_GOAL_MIB = 512;
const KIB_PER_MIB = 1024;
/** SQL is measured so often and the middle time taken: one turn is at the mercy of a checkpoint. */
const FLOOR_TURNS = 3;
const UNTIL = day('2026-11-20');

/** What both sides are given: lines, the items they are set against, and for the join the number each line would name. */
type Work = { readonly facts: MatchingFacts; readonly lines: readonly Incoming[]; readonly references: readonly string[] };

/** `plain`: each item is paid by one line that names it and its customer, the work that SQL can do too. `mess`: the lines of a year as they come. */
export type WorkKind = 'plain' | 'mess';

const TITLES = { plain: 'match, whole numbers', mess: 'match, all the mess' } as const satisfies Record<WorkKind, string>;

function workOf(size: number, kind: WorkKind): Work {
  const work = messOf(size);
  if (kind === 'mess') return work;
  const names = new Map(work.facts.customers.map((customer) => [customer.id, customer.name.toUpperCase()]));
  const lines = work.facts.debits.map((debit, at): Incoming => ({
    id: String(at), source: 'bankLine', item: null, bookedOn: UNTIL, minor: debit.open, currency: debit.currency, customer: null,
    payer: { name: names.get(debit.customer) ?? null, iban: null, ultimateName: null }, references: { endToEndId: 'NOTPROVIDED', creditorReference: null, mandateId: null, documents: [] },
    text: `FACTURE ${debit.document ?? ''} VIR SEPA RECU`,
  }));
  return { facts: work.facts, lines, references: work.facts.debits.map((debit) => debit.document ?? '') };
}

/** So many lines of a year, with all their mess, against so many documents of the same year, none of them paid yet. */
function messOf(size: number): Work {
  const statement = simulateStatement({ seed: 1, lines: size + Math.ceil(size / 20), until: UNTIL });
  const items = new Map<string, BookItem>();
  const lines: Incoming[] = [];
  const references: string[] = [];
  for (const today of statement) {
    for (const [key, item] of today.open) if (!items.has(key) && item.currency === 'EUR') items.set(key, { ...item, left: item.amount });
    for (const one of today.lines) {
      if (one.line.minor <= 0n || lines.length === size) continue;
      lines.push(incomingOf(one));
      const [part] = one.truth.parts;
      references.push(part === undefined ? one.line.remittance : (today.open.get(part.item)?.number ?? ''));
    }
  }
  const { debits, credits } = openOf(items.values());
  return { facts: { debits: debits.slice(0, size), credits, customers: statement.customers.map(knownOf), memory: NO_MEMORY }, lines, references };
}

/** The same rows in PostgreSQL: lines with the number they name, items with theirs, a table of matches with the keys and indexes it needs. */
async function layTables(owner: pg.Client, { facts, lines, references }: Work): Promise<void> {
  await owner.query(`create schema matching_floor`);
  await owner.query(`create table matching_floor.item (item_id bigint primary key, document text not null, open bigint not null)`);
  await owner.query(`create table matching_floor.line (line_id bigint primary key, reference text not null, minor bigint not null)`);
  await owner.query(`create table matching_floor.match (match_id bigint generated always as identity primary key, line_id bigint not null references matching_floor.line,
    item_id bigint not null references matching_floor.item, minor bigint not null check (minor > 0), unique (line_id, item_id))`);
  await owner.query('insert into matching_floor.item select * from unnest($1::bigint[], $2::text[], $3::bigint[])',
    [facts.debits.map((debit) => debit.item), facts.debits.map((debit) => debit.document), facts.debits.map((debit) => String(debit.open))]);
  await owner.query('insert into matching_floor.line select * from unnest($1::bigint[], $2::text[], $3::bigint[])',
    [lines.map((_, at) => at + 1), references, lines.map((line) => String(line.minor))]);
  await owner.query('create index on matching_floor.item (document)');
  await owner.query('create index on matching_floor.match (item_id)');
  await owner.query('analyze matching_floor.item, matching_floor.line');
}

const JOIN = `select l.line_id, i.item_id, least(l.minor, i.open) as minor from matching_floor.line l join matching_floor.item i on i.document = l.reference`;

/** Seconds of the join alone and with what it found written, and how many rows that were. */
export type Floors = { readonly join: number; readonly insert: number; readonly rows: number };

async function floorsOf(owner: pg.Client, work: Work): Promise<Floors> {
  await layTables(owner, work);
  const join = await timedTurns(FLOOR_TURNS, () => owner.query(`select count(*), sum(minor) from (${JOIN}) found`));
  let rows = 0;
  const seconds: number[] = [];
  for (let turn = 0; turn < FLOOR_TURNS; turn += 1) {
    await owner.query('truncate matching_floor.match');
    seconds.push(await timed(async () => {
      rows = (await owner.query(`insert into matching_floor.match (line_id, item_id, minor) ${JOIN}`)).rowCount ?? 0;
    }));
  }
  const insert = median(seconds);
  await owner.query('drop schema matching_floor cascade');
  return { join, insert, rows };
}

/** Simulates the work, measures SQL on it, and leaves it in a file for the process that matches: the simulator's memory is not the matcher's. */
export async function prepare(bench: Pick<Bench, 'owner' | 'size'>, of: { kind: WorkKind; file: string }): Promise<Floors> {
  const work = workOf(bench.size, of.kind);
  await writeFacts(of.file, work);
  return floorsOf(bench.owner, work);
}

/** Matches the lines of a file that `prepare` wrote; the floors are those it measured. */
export async function measureLargeBook({ file, floors, kind }: { file: string; floors: Floors; kind: WorkKind }): Promise<Figure[]> {
  const { facts, lines } = await readFacts(file);
  const before = Math.round(process.resourceUsage().maxRSS / KIB_PER_MIB);
  let automatic = 0;
  let incomplete = 0;
  let building = 0;
  const seconds = await timed(async () => {
    const started = performance.now();
    const matcher = buildMatcher(facts, STANDARD_RULES);
    building = (performance.now() - started) / 1000;
    for (const line of lines) {
      const proposal = matcher.propose(line);
      if (proposal.automatic !== null) automatic += 1;
      if (!proposal.complete) incomplete += 1;
    }
  });
  const figure = { name: TITLES[kind], size: lines.length, unit: 'lines', seconds };
  const note = `${facts.debits.length} items, index ${building.toFixed(2)} s, ${automatic} by itself, ${incomplete} cut off; ${before} MiB were held before the index`;
  return [
    { ...figure, floor: { what: `SQL join on the exact reference, written (${floors.rows})`, seconds: floors.insert }, goal: lines.length < GOAL_LINES ? null : { kind: 'atMost', value: GOAL_TIMES }, rssGoalMiB: RSS_GOAL_MIB, note },
    { ...figure, name: `${TITLES[kind]}, against the join alone`, floor: { what: 'SQL join on the exact reference', seconds: floors.join }, goal: null },
  ];
}

import { spawn } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { addDays, day, later } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { loadHistories } from '#server/dunning/history-store.ts';
import { runReplay } from '#server/dunning/replays.ts';
import { importFile } from '#server/intake/import-file.ts';
import { Database } from '#server/plumbing/database.ts';
import { simulateCompany } from '#sim/company.ts';
import type { Company } from '#sim/company.ts';
import { fecFileName, toFec } from '#sim/fec.ts';
import { toCustomerTable } from '#sim/tables.ts';
import { CLOCK, givenCompany, TODAY } from '../data.ts';
import { timed } from '../figure.ts';
import type { Figure } from '../figure.ts';
import type { Bench, Measure } from './measure.ts';

/** A year to replay, and what was still open at its beginning. */
const SIMULATED_DAYS = 450;
/** Ten thousand customers in a minute. */
const GOAL_PER_SECOND = 167;
const RSS_GOAL_MIB = 512;

async function measure({ database, owner, size }: Bench): Promise<Figure[]> {
  const organisation = await layApart(database, size);
  await spread(owner, organisation);
  let customers = 0;
  const read = await timed(() => database.inTenant(organisation, async (t) => {
    for await (const batch of loadHistories(t, { since: addDays(TODAY, -365) })) customers += batch.length;
  }, { isolation: 'repeatable read', readOnly: true }));
  let messages = 0;
  const seconds = await timed(async () => {
    const order = { code: 'standard', source: { version: 1 }, months: 12, basis: 'known', population: 'assigned' } as const;
    const { result } = must(await runReplay(database, order, { organisation, today: TODAY, clock: CLOCK, actor: 'bench' }));
    messages = result.steps.reduce((sum, { count }) => sum + count, 0);
    if (result.customers === 0 || messages === 0) throw new Error('nothing was replayed');
  });
  const note = `${customers} accounts, ${messages} messages`;
  return [
    { name: 'replay of 12 months', size, unit: 'customers', seconds, floor: null, goal: { kind: 'atLeast', value: GOAL_PER_SECOND }, rssGoalMiB: RSS_GOAL_MIB, note },
    { name: 'the same against its facts', size, unit: 'customers', seconds, floor: { what: 'reading the same facts', seconds: read }, goal: null },
  ];
}

/** The company is simulated and imported in a process of its own: the memory of this one is that of the replay. */
async function layApart(database: Database, size: number): Promise<OrganisationId> {
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { host, port, user, password, database: name } = database.pool.options;
  child.stdin.end(JSON.stringify({ login: { host, port, user, password, database: name, statement_timeout: 0 }, size }));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const said = await text(child.stdout);
  if ((await ended) !== 0) throw new Error('the company was not imported');
  return JSON.parse(said) as OrganisationId;
}

async function lay(): Promise<void> {
  const { login, size } = JSON.parse(await text(process.stdin)) as { login: pg.PoolConfig; size: number };
  const database = new Database(login);
  const organisation = await givenCompany(database);
  await importCompany(database, organisation, simulateCompany({ seed: 5, customers: size, days: SIMULATED_DAYS, until: addDays(TODAY, -1) }));
  await database.close();
  process.stdout.write(JSON.stringify(organisation));
}

async function importCompany(database: Database, organisation: OrganisationId, company: Company): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'acquit-bench-replay-'));
  const take = async (fileName: string, text: Iterable<string>): Promise<void> => {
    const path = join(folder, fileName);
    const file = await open(path, 'w');
    for (const piece of text) await file.writeFile(piece);
    await file.close();
    const report = await importFile(database, { organisation, path, fileName, today: TODAY, clock: CLOCK, actor: 'bench' });
    if (report.status !== 'applied') throw new Error(`${fileName} was ${report.status}`);
  };
  try {
    await take('clients.csv', [toCustomerTable(company)]);
    for (const year of ['2025', '2026']) {
      const closing = day(`${year}-12-31`);
      await take(fecFileName(closing), toFec(company, { from: later(company.from, day(`${year}-01-01`)), until: closing < company.until ? closing : company.until }));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As if the books had been imported every day: each item was learnt the day after it was issued, each allocation two days after its own. */
async function spread(owner: pg.Client, organisation: OrganisationId): Promise<void> {
  await owner.query('alter table allocation disable trigger user');
  await owner.query('update item set import_id = null, first_seen_on = issued_on + 1 where organisation_id = $1', [organisation]);
  await owner.query(`update allocation set recorded_at = effective_on + interval '2 days' where organisation_id = $1`, [organisation]);
  await owner.query('update customer set import_id = null where organisation_id = $1', [organisation]);
  await owner.query('update contact set import_id = null where organisation_id = $1', [organisation]);
  await owner.query(`insert into import (organisation_id, source, format, file_name, sha256, byte_size, line_count, covers_from, covers_until, status, summary, applied_at, applied_on, actor)
    select $1, 'fec:bench', 'fec', 'bench', sha256(convert_to(d::text, 'UTF8')), 1, 1, d - 30, d, 'applied', '{}', d + interval '7 hours', d, 'bench' from generate_series($2::date - 400, $2::date, interval '1 day') g(at), lateral (select g.at::date as d) x`, [organisation, TODAY]);
  await owner.query('alter table allocation enable trigger user');
  await owner.query('vacuum analyze');
}

/** A replay of twelve months; `size` is customers. */
export const replayMeasure: Measure = { about: 'replay of a scenario over twelve months', sizeMax: 10_000, measure };

if (process.argv[1] === fileURLToPath(import.meta.url)) await lay();

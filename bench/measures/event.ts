import { hash } from 'node:crypto';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import { eventBody, record } from '#server/audit/record.ts';
import type { NewEvent } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { CLOCK, givenCompany } from '../data.ts';
import { median, timed } from '../figure.ts';
import type { Figure } from '../figure.ts';
import type { Bench, Measure } from './measure.ts';

const EVENTS = 10_000;
/** Events of one transaction, as a worker that claims a chunk of actions writes them. */
const MANY = 100;
/** Transactions of each kind before the first that counts: plans, buffers and code are warm by then. */
const WARM_UP = 50;
const GOAL_TIMES = 1.3;

/** The event of one action handed over, of the size that they have. */
const eventOf = (action: number): NewEvent => ({
  at: CLOCK.now(), actor: 'bench', kind: 'action.settled', subject: `action:${action}`,
  facts: { action: String(action), after: null, outcome: 'accepted', fence: 1, response: hash('sha256', String(action)), day: '2026-11-23' },
});

/** A table with the keys and indexes of events and nothing else: no chain, no policies, no triggers. */
async function makeFloor({ owner, database }: Bench): Promise<void> {
  await owner.query('create table floor_event (like event including all)');
  await owner.query('alter table floor_event add foreign key (organisation_id) references organisation (organisation_id)');
  await owner.query(`grant insert on floor_event to ${owner.escapeIdentifier(String(database.pool.options.user))}`);
}

const SEALED = Buffer.alloc(32, 7);

/** The same row, its hashes given. */
async function bareInsert(t: Tenant, { seq, event }: { seq: number; event: NewEvent }): Promise<void> {
  await t.connection.query(
    'insert into floor_event (organisation_id, seq, at, actor, kind, subject, body, previous_hash, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [t.organisation, seq, event.at, event.actor, event.kind, event.subject, eventBody(event), SEALED, SEALED],
  );
}

/** Claims and settlements keep the plans of their statements; the floor keeps its own too. */
const KEPT = { keepPlans: true } as const;

/** Many rows by one statement. */
async function bareInsertMany(t: Tenant, from: number, events: readonly NewEvent[]): Promise<void> {
  await t.connection.query({
    name: 'floor_many',
    text: `insert into floor_event (organisation_id, seq, at, actor, kind, subject, body, previous_hash, hash)
     select $1::bigint, n.seq, n.at, n.actor, n.kind, n.subject, n.body, $7::bytea, $7::bytea
     from unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $8::text[]) as n(seq, at, actor, kind, subject, body)`,
    values: [t.organisation, events.map((_, index) => from + index), events.map(({ at }) => at), events.map(({ actor }) => actor), events.map(({ kind }) => kind), events.map(({ subject }) => subject), SEALED, events.map(eventBody)],
  });
}

type Pair = { readonly sealed: (turn: number) => Promise<unknown>; readonly bare: (turn: number) => Promise<unknown> };

/** Median seconds of one transaction of each kind, the two taking turns, and turns at being first. */
async function inTurns(turns: number, { sealed, bare }: Pair): Promise<{ sealed: number; bare: number }> {
  const seconds = { sealed: [] as number[], bare: [] as number[] };
  for (let turn = 0; turn < WARM_UP + turns; turn += 1) {
    const kinds = turn % 2 === 0 ? (['sealed', 'bare'] as const) : (['bare', 'sealed'] as const);
    for (const kind of kinds) {
      const took = await timed(() => (kind === 'sealed' ? sealed(turn) : bare(turn)));
      if (turn >= WARM_UP) seconds[kind].push(took);
    }
  }
  return { sealed: median(seconds.sealed), bare: median(seconds.bare) };
}

async function measureSingle(bench: Bench, organisation: OrganisationId, count: number): Promise<Figure> {
  const { database } = bench;
  const took = await inTurns(count, {
    sealed: (turn) => database.inTenant(organisation, (t) => record(t, eventOf(turn))),
    bare: (turn) => database.inTenant(organisation, (t) => bareInsert(t, { seq: turn + 1, event: eventOf(turn) })),
  });
  return {
    name: 'one event a transaction, sealed and chained', size: count, unit: 'events', seconds: took.sealed * count,
    floor: { what: 'insert of the same row, same transaction', seconds: took.bare * count }, goal: { kind: 'atMost', value: GOAL_TIMES }, note: 'medians of single transactions in turns',
  };
}

async function measureMany(bench: Bench, organisation: OrganisationId, count: number): Promise<Figure> {
  const { database } = bench;
  const turns = Math.ceil(count / MANY);
  const numbers = (turn: number): number[] => Array.from({ length: MANY }, (_, index) => 1_000_000 + turn * MANY + index);
  const took = await inTurns(turns, {
    sealed: (turn) => database.inTenant(organisation, (t) => recordOfActions(t, eventOf(0), numbers(turn).map((number) => ({ action: String(number) as ActionId, facts: eventOf(number).facts }))), KEPT),
    bare: (turn) => database.inTenant(organisation, (t) => bareInsertMany(t, 1_000_000 + turn * MANY, numbers(turn).map(eventOf)), KEPT),
  });
  return {
    name: `events of ${MANY} actions a transaction, sealed and chained`, size: turns * MANY, unit: 'events', seconds: took.sealed * turns,
    floor: { what: 'insert of the same rows, one statement', seconds: took.bare * turns }, goal: { kind: 'atMost', value: GOAL_TIMES }, note: 'medians of single transactions in turns',
  };
}

async function measure(bench: Bench): Promise<Figure[]> {
  const organisation = await givenCompany(bench.database);
  await makeFloor(bench);
  const count = Math.min(bench.size, EVENTS);
  return [await measureSingle(bench, organisation, count), await measureMany(bench, organisation, count)];
}

/** What sealing an event into the chain costs beside inserting it. */
export const eventMeasure: Measure = { about: 'a sealed, chained event against a bare insert', sizeMax: EVENTS, measure };

import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Random } from '#core/kernel/random.ts';
import { seededRandom } from '#core/kernel/random.ts';
import { record } from '#server/audit/record.ts';
import { verifyChain } from '#server/audit/verify.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, givenOrganisation } from '#server/testing/given.ts';

const EVENTS = 40;
const TAMPERS_OF_A_KIND = 60;

let db: TestDatabase;
let owner: pg.Client;
let organisation: OrganisationId;
beforeAll(async () => {
  db = await testDatabase();
  organisation = await givenOrganisation(db.database);
  const random = seededRandom(5);
  for (let count = 1; count < EVENTS; count += 1) {
    await db.database.inTenant(organisation, (t) => record(t, {
      at: clockAt('2026-03-02').now(), actor: `user:${random.between(1, 3)}`, kind: 'test.happened', subject: `item:${count}`, facts: { amount: String(random.between(1, 9999)) },
    }));
  }
  owner = await db.owner();
  await owner.query('alter table event disable trigger user');
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});

const checked = (): Promise<{ ok: boolean; detail: string }> => db.database.inTenant(organisation, verifyChain, { readOnly: true });

type Tamper = (random: Random) => Promise<string>;
const one = (sql: string, values: readonly (string | number | Buffer)[] = []): Promise<pg.QueryResult> => owner.query(sql, [organisation, ...values]);
const place = (random: Random): number => random.between(1, EVENTS);
const BODY_HASH = `sha256(previous_hash || convert_to(body, 'UTF8'))`;

/** What somebody who owns the tables may try; each keeps what it can consistent, and says what it did. */
const TAMPERS: Readonly<Record<string, Tamper>> = {
  'body changed': async (random) => {
    const seq = place(random);
    await one(`update event set body = replace(body, '"kind"', '"kind" ') where organisation_id = $1 and seq = $2`, [seq]);
    return `body ${seq}`;
  },
  'body changed and its hash made anew': async (random) => {
    const seq = random.between(1, EVENTS - 1);
    await one(`update event set body = body || ' ' where organisation_id = $1 and seq = $2`, [seq]);
    await one(`update event set hash = ${BODY_HASH} where organisation_id = $1 and seq = $2`, [seq]);
    return `body and hash ${seq}`;
  },
  'last body changed, its hash made anew': async () => {
    await one(`update event set body = body || ' ' where organisation_id = $1 and seq = $2`, [EVENTS]);
    await one(`update event set hash = ${BODY_HASH} where organisation_id = $1 and seq = $2`, [EVENTS]);
    return 'last';
  },
  'hash or link changed': async (random) => {
    const seq = place(random);
    const column = random.pick(['hash', 'previous_hash']);
    await one(`update event set ${column} = set_byte(${column}, $3, (get_byte(${column}, $3) + $4) % 256) where organisation_id = $1 and seq = $2`, [seq, random.between(0, 31), random.between(1, 255)]);
    return `${column} ${seq}`;
  },
  deleted: async (random) => {
    const seq = place(random);
    await one('delete from event where organisation_id = $1 and seq = $2', [seq]);
    return `deleted ${seq}`;
  },
  'deleted and closed up': async (random) => {
    const seq = random.between(1, EVENTS - 1);
    await one('delete from event where organisation_id = $1 and seq = $2', [seq]);
    for (let next = seq + 1; next <= EVENTS; next += 1) await one('update event set seq = seq - 1 where organisation_id = $1 and seq = $2', [next]);
    return `closed up ${seq}`;
  },
  inserted: async (random) => {
    const seq = place(random);
    for (let next = EVENTS; next >= seq; next -= 1) await one('update event set seq = seq + 1 where organisation_id = $1 and seq = $2', [next]);
    await one(`insert into event select organisation_id, $2, at, actor, kind, subject, body, previous_hash, hash from event where organisation_id = $1 and seq = $3`, [seq, seq === EVENTS ? 1 : EVENTS]);
    return `inserted ${seq}`;
  },
  swapped: async (random) => {
    const a = random.between(1, EVENTS - 1);
    const b = random.between(a + 1, EVENTS);
    await one('update event set seq = case seq when $2 then 1000000 when $3 then 1000001 end where organisation_id = $1 and seq in ($2, $3)', [a, b]);
    await one('update event set seq = case seq when 1000000 then $3::bigint else $2::bigint end where organisation_id = $1 and seq >= 1000000', [a, b]);
    return `swapped ${a} ${b}`;
  },
  truncated: async (random) => {
    const seq = place(random);
    await one('delete from event where organisation_id = $1 and seq >= $2', [seq]);
    return `truncated from ${seq}`;
  },
  'truncated, head\'s number put back': async (random) => {
    const seq = random.between(2, EVENTS);
    await one('delete from event where organisation_id = $1 and seq >= $2', [seq]);
    await one('update event_head set seq = $2::bigint - 1 where organisation_id = $1', [seq]);
    return `truncated from ${seq}, head moved`;
  },
  'beginning cut off': async (random) => {
    const seq = random.between(1, EVENTS - 1);
    await one('delete from event where organisation_id = $1 and seq <= $2', [seq]);
    await one('update event set seq = seq + 1000000 where organisation_id = $1', []);
    await one('update event set seq = seq - 1000000 - $2 where organisation_id = $1', [seq]);
    await one('update event_head set seq = seq - $2 where organisation_id = $1', [seq]);
    return `beginning to ${seq}`;
  },
  'head changed': async (random) => {
    await one(random.chance(0.5) ? 'update event_head set seq = seq + 1 where organisation_id = $1' : `update event_head set hash = set_byte(hash, 3, (get_byte(hash, 3) + 1) % 256) where organisation_id = $1`);
    return 'head';
  },
};

/** Tampers of which the chain found nothing; each is rolled back by its copy. */
async function unseen(tamper: Tamper, random: Random): Promise<string[]> {
  const missed: string[] = [];
  await owner.query('create temporary table kept_event as select * from event');
  await owner.query('create temporary table kept_head as select * from event_head');
  for (let count = 0; count < TAMPERS_OF_A_KIND; count += 1) {
    const said = await tamper(random);
    const check = await checked();
    if (check.ok) missed.push(said);
    await owner.query('delete from event');
    await owner.query('insert into event select * from kept_event');
    await owner.query('delete from event_head');
    await owner.query('insert into event_head select * from kept_head');
  }
  await owner.query('drop table kept_event, kept_head');
  return missed;
}

test('G2: the chain as it is holds', async () => {
  expect(await checked()).toEqual({ name: 'event chain', ok: true, detail: `${EVENTS} events` });
});

test.each(Object.keys(TAMPERS))('G2: %s is found every time', async (name) => {
  const tamper = TAMPERS[name];
  if (tamper === undefined) throw new Error(name);
  expect(await unseen(tamper, seededRandom(name.length))).toEqual([]);
  expect((await checked()).ok).toBe(true);
});

test('G2, planted bug: a walk that only looks at each event by itself misses swaps and deletions', async () => {
  const alone = async (): Promise<boolean> => {
    const found = await owner.query<{ bad: string }>(`select count(*)::text as bad from event where hash <> ${BODY_HASH}`);
    return found.rows[0]?.bad === '0';
  };
  await owner.query('begin');
  await TAMPERS['deleted and closed up']?.(seededRandom(1));
  expect(await alone()).toBe(true);
  await owner.query('rollback');
});

test('G2: an event cannot be changed, removed or emptied even by the owner while the triggers stand', async () => {
  await owner.query('alter table event enable trigger user');
  for (const sql of ['update event set body = body', 'delete from event', 'truncate event']) await expect(owner.query(sql)).rejects.toThrow(pg.DatabaseError);
  await owner.query('alter table event disable trigger user');
});

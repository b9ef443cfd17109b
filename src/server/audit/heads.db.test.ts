import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { clockAt, givenOrganisation } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { appendHeads, headLines, writeHead } from './heads.ts';
import type { HeadWritten } from './heads.ts';
import { parseHead } from './head-line.ts';
import { record } from './record.ts';
import { verify } from './verify.ts';

let db: TestDatabase;
let owner: pg.Client;
let organisation: OrganisationId;
beforeAll(async () => {
  db = await testDatabase();
  owner = await db.owner();
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});
beforeEach(async () => {
  organisation = await givenOrganisation(db.database);
});

const happen = (count: number, today = '2026-03-02'): Promise<void> => db.database.inTenant(organisation, async (t) => {
  for (let index = 0; index < count; index += 1) await record(t, { at: clockAt(today).now(), actor: 'test', kind: 'test.happened', subject: `item:${index}`, facts: {} });
});
const head = (today: string): Promise<HeadWritten> => writeHead(db.database, { organisation, now: clockAt(today).now(), day: day(today) });
const lines = (): Promise<string[]> => db.database.inTenant(organisation, headLines);
const said = async (exported: readonly string[] | null = null): Promise<string[]> => {
  const checks = await db.database.inTenant(organisation, (t) => verify(t, exported));
  return checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
};
/** What somebody who owns the tables does, undone afterwards. */
async function tampered(sql: string): Promise<string[]> {
  await owner.query('create temporary table kept as select * from event');
  await owner.query('create temporary table kept_head as select * from event_head');
  await owner.query('alter table event disable trigger user');
  await owner.query(sql);
  const found = await said();
  await owner.query('delete from event; insert into event select * from kept; delete from event_head; insert into event_head select * from kept_head; drop table kept, kept_head');
  await owner.query('alter table event enable trigger user');
  return found;
}

test('a head covers what happened since the one before, names it, and nothing new makes none', async () => {
  await happen(3);
  const first = await head('2026-03-02');
  expect(first).toMatchObject({ status: 'written', head: { day: '2026-03-02', from: 1, seq: 4, events: 4 } });
  expect(await head('2026-03-02')).toMatchObject({ status: 'unchanged' });
  await happen(5, '2026-03-03');
  expect(await head('2026-03-03')).toMatchObject({ status: 'written', head: { from: 5, seq: 9 } });
  expect((await lines()).map((line) => parseHead(line)?.seq)).toEqual([4, 9]);
  expect(await said(await lines())).toEqual([]);
});

test('many at once write each head once', async () => {
  await happen(3);
  const all = await Promise.all(Array.from({ length: 5 }, () => head('2026-03-02')));
  expect(all.map(({ status }) => status).toSorted()).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged', 'written']);
});

test('a chain that was rewritten or cut off, its own head with it, does not hold with the heads; and gets no new one', async () => {
  await happen(3);
  await head('2026-03-02');
  await happen(3, '2026-03-03');
  await head('2026-03-03');
  expect(await tampered(`
    delete from event where organisation_id = ${organisation} and seq > 6;
    update event_head set seq = 6, hash = (select hash from event where organisation_id = ${organisation} and seq = 6) where organisation_id = ${organisation}`))
    .toEqual(['event chain: the chain ends at event 6, the head of 2026-03-03 is at 7 (line 2)']);
  // The whole chain made anew from an event on, every hash with it.
  const rewritten = await tampered(`
    do $$ declare one record; before bytea; begin
      for one in select * from event where organisation_id = ${organisation} and seq >= 3 order by seq loop
        select hash into before from event where organisation_id = ${organisation} and seq = one.seq - 1;
        update event set body = case seq when 3 then replace(body, 'item:1', 'item:7') else body end, previous_hash = before,
          hash = sha256(before || convert_to(case seq when 3 then replace(body, 'item:1', 'item:7') else body end, 'UTF8')) where organisation_id = ${organisation} and seq = one.seq;
      end loop;
      update event_head h set hash = (select hash from event e where e.organisation_id = h.organisation_id and e.seq = h.seq) where organisation_id = ${organisation};
    end $$`);
  expect(rewritten[0]).toBe('event chain: event 4 is not the one that the head of 2026-03-02 names (line 1)');
  await happen(1, '2026-03-04');
  await owner.query('alter table event disable trigger user');
  await owner.query(`update event set body = body || ' ' where organisation_id = $1 and seq = 8`, [organisation]);
  expect(await head('2026-03-04')).toEqual({ status: 'broken', problem: 'breaks at event 8' });
  await owner.query('alter table event enable trigger user');
});

test('the file only grows, what a power cut left half is completed, what differs is named and left as it is', async () => {
  const path = join(await scratchFolder(), 'heads', 'main.jsonl');
  await happen(1);
  await head('2026-03-02');
  expect(await appendHeads(path, await lines())).toBeNull();
  await happen(1);
  await head('2026-03-03');
  expect(await appendHeads(path, await lines())).toBeNull();
  const whole = await readFile(path, 'utf8');
  expect(whole).toBe((await lines()).map((line) => `${line}\n`).join(''));
  expect((await stat(path)).mode & 0o077).toBe(0);
  for (const length of [whole.length - 1, whole.length - 40, (whole.indexOf('\n') + 1)]) {
    await truncate(path, length);
    expect(await appendHeads(path, await lines())).toBeNull();
    expect(await readFile(path, 'utf8')).toBe(whole);
  }
  expect((await appendHeads(path, (await lines()).slice(0, 1)))?.en).toBe('line 2 of the file is of a later day than anything in the database');
  await writeFile(path, whole.replace('"day":"2026-03-02"', '"day":"2026-03-01"'));
  expect((await appendHeads(path, await lines()))?.en).toBe('line 1 of the file is not that of the database');
  expect(await said(whole.replace('2026-03-03T', '2026-03-04T').trimEnd().split('\n'))).toEqual(['exported heads: line 2 of the file is not that of the database']);
});

test('a head is final, also for the owner of the tables', async () => {
  await happen(1);
  await head('2026-03-02');
  for (const sql of ['update head_line set line = line', 'delete from head_line', 'truncate head_line']) await expect(owner.query(sql)).rejects.toThrow(pg.DatabaseError);
});

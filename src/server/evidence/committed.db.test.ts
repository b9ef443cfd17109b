import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verify } from '#server/audit/verify.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { provenCompany } from '#server/testing/proven-company.ts';
import type { Fate, ProvenCompany } from '#server/testing/proven-company.ts';

let db: TestDatabase;
let company: ProvenCompany;
let owner: pg.Client;
beforeAll(async () => {
  db = await testDatabase();
  company = await provenCompany(db.database);
  owner = await db.owner();
  for (const table of ['message', 'send_attempt', 'action']) await owner.query(`alter table ${table} disable trigger user`);
}, 60_000);
afterAll(async () => {
  await owner.end();
  await db.drop();
});

const failing = async (): Promise<string[]> => (await db.database.inTenant(company.organisation, (t) => verify(t))).filter(({ ok }) => !ok).map(({ name }) => name);

/** What `verify` finds after somebody who owns the tables changed rows; the change is taken back. */
async function after(sql: string, fate: Fate): Promise<string[]> {
  await owner.query('create temporary table kept_message as select * from message');
  await owner.query('create temporary table kept_attempt as select * from send_attempt');
  const id = company.actions.get(fate);
  expect((await owner.query(sql, [id])).rowCount).toBe(1);
  const found = await failing();
  await owner.query('update message m set recipient = k.recipient, mime = k.mime, mime_sha256 = k.mime_sha256, pdf = k.pdf, pdf_sha256 = k.pdf_sha256, header_id = k.header_id, salt = k.salt from kept_message k where k.action_id = m.action_id');
  await owner.query('update send_attempt s set outcome = k.outcome, response = k.response from kept_attempt k where k.action_id = s.action_id and k.fence = s.fence');
  await owner.query('drop table kept_message, kept_attempt');
  return found;
}

const MESSAGES = 'messages are those their hand-offs committed to';
const ANSWERS = 'answers are those their hand-offs committed to';

test('G1: nothing is found where nothing was changed', async () => {
  expect(await failing()).toEqual([]);
});

test.each([
  { what: 'the recipient', sql: `update message set recipient = 'autre@autre.example' where action_id = $1`, fate: 'accepted', found: [MESSAGES] },
  { what: 'the bytes, and their hash with them', sql: `update message set mime = mime || 'x'::bytea, mime_sha256 = sha256(mime || 'x'::bytea) where action_id = $1`, fate: 'accepted', found: [MESSAGES] },
  { what: 'the pages, and their hash with them', sql: `update message set pdf = pdf || 'x'::bytea, pdf_sha256 = sha256(pdf || 'x'::bytea) where action_id = $1`, fate: 'printed', found: [MESSAGES] },
  { what: 'the Message-ID', sql: `update message set header_id = '<autre@autre.example>' where action_id = $1`, fate: 'accepted', found: [MESSAGES] },
  { what: 'the salt', sql: `update message set salt = substr(sha256('x'), 1, 16) where action_id = $1`, fate: 'accepted', found: [MESSAGES, ANSWERS] },
  { what: 'the answer', sql: `update send_attempt set response = '250 other' where action_id = $1`, fate: 'accepted', found: [ANSWERS] },
  { what: 'the outcome', sql: `update send_attempt set outcome = 'accepted' where action_id = $1`, fate: 'refused', found: [ANSWERS, 'sent messages have an accepted attempt, and only one'] },
] as const)('G1: what a message row says is what its event committed to; $what changed is found', async ({ sql, fate, found }) => {
  expect((await after(sql, fate)).toSorted()).toEqual([...found].toSorted());
});

test('G1, planted bug: hashes compared with the bytes beside them alone miss a message that was replaced whole', async () => {
  await owner.query('begin');
  await owner.query(`update message set mime = 'x'::bytea, mime_sha256 = sha256('x'::bytea) where action_id = $1`, [company.actions.get('accepted')]);
  const alone = await owner.query<{ bad: string }>(`select count(*)::text as bad from message where mime is not null and sha256(mime) <> mime_sha256`);
  await owner.query('rollback');
  expect(alone.rows[0]?.bad).toBe('0');
});

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { seededRandom } from '#core/kernel/random.ts';
import { verify } from '#server/audit/verify.ts';
import { approve } from '#server/dunning/actions.ts';
import { runDunning } from '#server/dunning/run.ts';
import { clockOn } from '#server/plumbing/clock.ts';
import { testDatabase } from '#server/testing/database.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { EXPOSED_MAX } from './desk.ts';
import type { SendingOrder } from './sending-child.ts';

const CHILD = fileURLToPath(new URL('./sending-child.ts', import.meta.url));
const TODAY = '2026-03-02';
const MAILS = 250;
/** Kills of one test. Every third one lands soon after the start, around the first claims; the others among the hand-offs. */
const KILLS = 9;
/** From a worker's start to a kill around its claims, at most. */
const CLAIMING_MS = 250;
/** Messages that a worker gets handed over before a kill among the hand-offs, at most. */
const HANDED_MOST = 30;
/** The server answers after so long, as real ones do: without it no kill would find a message under way. */
const ANSWER_MS = 8;
const GONE_MS = 5000;

let db: TestDatabase;
let mutant: TestDatabase;
let sink: SMTPServer;
let port: number;
let taken: string[] = [];
let journal: string;

beforeAll(async () => {
  journal = await scratchFolder();
  db = await testDatabase();
  mutant = await testDatabase();
  const owner = await mutant.owner();
  // The planted bug: the start of a hand-off is only written down with its end.
  await owner.query(`
    create function forget_start() returns trigger language plpgsql as $$
    begin new.started_at := case when new.outcome is null or new.outcome = 'released' then null else now() end; return new; end $$;
    create trigger forget_start before update on send_attempt for each row execute function forget_start()`);
  // Its end finds no start to belong to.
  await owner.query(`
    create or replace function note_attempts(of_organisation bigint, actions bigint[], fences int[], outcomes text[], responses text[], noted_at timestamptz, noted_on date)
      returns setof bigint language plpgsql as $$
      begin
        perform set_config('acquit.organisation_id', of_organisation::text, true);
        return query update send_attempt s set outcome = n.outcome, response = n.response, finished_at = case when n.outcome is null then null else noted_at end
          from unnest(actions, fences, outcomes, responses) as n(action_id, fence, outcome, response)
          where s.organisation_id = of_organisation and s.action_id = n.action_id and s.fence = n.fence and s.outcome is null returning s.action_id;
      end $$`);
  // The journal would see that bug at the next start: here it is forgotten between two workers.
  await owner.query(`
    create function forget_journal() returns trigger language plpgsql as $$ begin new.journal_server := null; return new; end $$;
    create trigger forget_journal before update on installation for each row execute function forget_journal()`);
  await owner.end();
  sink = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true,
    onData: (stream, session, done) => {
      stream.on('end', () => {
        taken.push(session.envelope.rcptTo[0]?.address ?? '');
        setTimeout(done, ANSWER_MS);
      });
      stream.resume();
    },
  });
  // A killed client's connection breaks off; that is the point of the test.
  sink.on('error', () => undefined);
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const address = sink.server.address();
  if (address === null || typeof address === 'string') throw new Error('the sink has no port');
  port = address.port;
});
afterAll(async () => {
  await new Promise<void>((resolve) => sink.close(() => resolve()));
  await db.drop();
  await mutant.drop();
});

async function givenApproved(of: TestDatabase): Promise<OrganisationId> {
  const by = { clock: clockOn(day(TODAY)), actor: 'test' };
  const organisation = await givenOrganisation(of.database);
  const codes = Array.from({ length: MAILS }, (_, index) => `C${String(index).padStart(4, '0')}`);
  await importText(of.database, organisation, { today: TODAY, text: fecOf(codes.map((code) => ({ code, piece: `FA${code}`, on: '2026-01-05', debit: '120,00' }))) });
  const contacts = codes.map((code) => `${code};Client ${code};compta@${code.toLowerCase()}.example`);
  await importText(of.database, organisation, { today: TODAY, name: 'clients.csv', text: ['Code client;Nom du client;E-mail', ...contacts, ''].join('\n') });
  await runDunning(of.database, { ...by, organisation, today: day(TODAY) });
  await of.database.inTenant(organisation, (t) => approve(t, 'all', by));
  return organisation;
}

function orderOf(of: TestDatabase, organisation: OrganisationId, journal: string): SendingOrder {
  const { host, port: databasePort, user, password, database } = of.database.pool.options;
  return {
    login: {
      ...(host === undefined ? {} : { host }), ...(databasePort === undefined ? {} : { port: databasePort }), ...(user === undefined ? {} : { user }),
      ...(typeof password === 'string' ? { password } : {}), database, application_name: `acquit-killed-${organisation}`,
    },
    organisation, today: TODAY, smtpPort: port, journal,
  };
}

/** Sends in a process of its own, killed when the time is ripe, or left to end when that is null. Returns when the database and the server have seen it go. */
async function sendAndKill(of: TestDatabase, organisation: OrganisationId, ripe: (() => Promise<void>) | null): Promise<void> {
  const child = spawn(process.execPath, [CHILD, 'send'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(orderOf(of, organisation, of === mutant ? await scratchFolder() : journal)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const begun = new Promise<true>((resolve) => createInterface({ input: child.stdout }).once('line', () => resolve(true)));
  if ((await Promise.race([begun, ended])) !== true) throw new Error('the sending never started');
  if (ripe === null) {
    if ((await ended) !== 0) throw new Error('the sending failed by itself');
    return;
  }
  await Promise.race([ripe(), ended]);
  child.kill('SIGKILL');
  await ended;
  await backendsGone(of, organisation);
  await sleep(2 * ANSWER_MS);
}

/** Waits until the server took so many messages in all, or too long: then there are not as many left. */
async function takenUntil(count: number): Promise<void> {
  for (let waited = 0; taken.length < count && waited < GONE_MS; waited += 1) await sleep(1);
}

async function backendsGone(of: TestDatabase, organisation: OrganisationId): Promise<void> {
  const owner = await of.owner();
  try {
    for (let waited = 0; waited < GONE_MS; waited += 20) {
      const left = await owner.query('select from pg_stat_activity where application_name = $1', [`acquit-killed-${organisation}`]);
      if (left.rowCount === 0) return;
      await sleep(20);
    }
    throw new Error('a backend of the killed process is still there');
  } finally {
    await owner.end();
  }
}

type Found = { duplicates: number; lost: number; parkedMost: number; released: number; killedUnderWay: number; sent: number; parked: number };

/** Kills workers again and again, lets the last one end, and counts what the server took against what the ledger says. */
async function killed(of: TestDatabase, seed: number): Promise<{ found: Found; organisation: OrganisationId }> {
  const organisation = await givenApproved(of);
  const random = seededRandom(seed);
  taken = [];
  const parkedNow = async (): Promise<number> => Number((await of.database.inTenant(organisation, (t) => t.one<{ n: string }>(t.sql`select count(*) as n from ${t.from('action')} a where a.state = 'unknown'`)))?.n);
  let parkedMost = 0;
  let killedUnderWay = 0;
  let before = 0;
  for (let kill = 0; kill <= KILLS; kill += 1) {
    const afterMs = random.between(10, CLAIMING_MS);
    const at = taken.length + random.between(1, HANDED_MOST);
    const ripe = kill % 3 === 2 ? () => sleep(afterMs) : () => takenUntil(at);
    await sendAndKill(of, organisation, kill === KILLS ? null : ripe);
    // What a kill left is parked by the worker after it, so it is counted one turn later.
    const parked = await parkedNow();
    parkedMost = Math.max(parkedMost, parked - before);
    if (parked > before) killedUnderWay += 1;
    before = parked;
  }
  const states = await of.database.inTenant(organisation, (t) => t.rows<{ recipient: string; state: string }>(t.sql`select a.recipient, a.state from ${t.from('action')} a`));
  const released = await of.database.inTenant(organisation, (t) => t.rows(t.sql`select s.action_id from ${t.from('send_attempt')} s where s.outcome = 'released'`));
  const copies = new Map([...Map.groupBy(taken, (to) => to)].map(([to, all]) => [to, all.length]));
  const found = {
    duplicates: [...copies.values()].filter((count) => count > 1).length,
    lost: states.filter(({ recipient, state }) => state !== 'unknown' && (state !== 'sent' || copies.get(recipient) === undefined)).length,
    parkedMost, released: released.length, killedUnderWay, sent: states.filter(({ state }) => state === 'sent').length, parked: before,
  };
  return { found, organisation };
}

test('workers killed again and again: no message twice, none lost, few for a person to look at', { timeout: 120_000 }, async () => {
  const { found, organisation } = await killed(db, 20_261_122);
  expect(found).toMatchObject({ duplicates: 0, lost: 0 });
  expect(found.sent + found.parked).toBe(MAILS);
  expect(found.parkedMost).toBeLessThanOrEqual(EXPOSED_MAX);
  // The kills must have hit something, or nothing is proved: messages under way, and claims that were not started.
  expect(found.killedUnderWay).toBeGreaterThanOrEqual(2);
  expect(found.released).toBeGreaterThan(0);
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
});

test('where the start is only written down with its end, the same kills find messages that arrive twice', { timeout: 120_000 }, async () => {
  expect((await killed(mutant, 20_261_122)).found.duplicates).toBeGreaterThan(0);
});

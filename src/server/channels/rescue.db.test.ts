import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Instant } from '#core/kernel/clock.ts';
import { day } from '#core/kernel/day.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { verify } from '#server/audit/verify.ts';
import { approve, listActions, resolveUnknown } from '#server/dunning/actions.ts';
import type { Resolved } from '#server/dunning/actions.ts';
import { runDunning } from '#server/dunning/run.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockOn } from '#server/plumbing/clock.ts';
import { fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testGuard } from '#server/testing/guard.ts';
import { noteAttempts } from './attempts.ts';
import type { Outcome } from './attempts.ts';
import { claimBatch } from './claim-batch.ts';
import type { Claimed } from './claim-batch.ts';
import type { StoredMail } from './mime.ts';
import { claimIn, rescueIn, settleIn } from './postgres-ledger.ts';
import { rescueOrphans } from './rescue.ts';
import { sendApproved } from './send.ts';
import type { Carriers, SendOptions, SendResult } from './send.ts';
import { settleBatch } from './settle.ts';
import { joinWorkers } from './worker-presence.ts';
import type { WorkerPresence } from './worker-presence.ts';

let db: TestDatabase;
let letters: LetterMaker;
beforeAll(async () => {
  db = await testDatabase();
  letters = must(await openLetterMaker());
});
afterAll(() => db.drop());

const TODAY = '2026-03-02';
/** True instants: whether a try is too recent is asked of the database's clock. */
const by = { clock: clockOn(day(TODAY)), actor: 'test' };
const ACCEPTED: Outcome = { kind: 'accepted', response: '250 2.0.0 taken' };

/** Approved e-mails to so many customers, one each. */
async function givenApproved(count: number): Promise<OrganisationId> {
  const organisation = await givenOrganisation(db.database);
  const codes = Array.from({ length: count }, (_, index) => `C${String(index).padStart(4, '0')}`);
  await importText(db.database, organisation, { today: TODAY, text: fecOf(codes.map((code) => ({ code, piece: `FA${code}`, on: '2026-01-05', debit: '120,00' }))) });
  const contacts = codes.map((code) => `${code};Client ${code};compta@${code.toLowerCase()}.example`);
  await importText(db.database, organisation, { today: TODAY, name: 'clients.csv', text: ['Code client;Nom du client;E-mail', ...contacts, ''].join('\n') });
  await runDunning(db.database, { ...by, organisation, today: day(TODAY) });
  await db.database.inTenant(organisation, (t) => approve(t, 'all', by));
  return organisation;
}

/** Everything that any worker handed over, in all. */
class Post {
  readonly taken: string[] = [];
  readonly carrier: NonNullable<Carriers['mail']>;
  constructor(answer: (mail: StoredMail, before: number) => Promise<Outcome> | Outcome = () => ACCEPTED) {
    this.carrier = {
      send: async (mail) => {
        this.taken.push(mail.to);
        return answer(mail, this.taken.length - 1);
      },
    };
  }
  get copiesMost(): number {
    return Math.max(0, ...[...Map.groupBy(this.taken, (to) => to).values()].map((copies) => copies.length));
  }
}

const optionsOf = (organisation: OrganisationId, worker: WorkerPresence, mail: Carriers['mail']): SendOptions => ({
  ...by, organisation, today: day(TODAY), worker, letters, carriers: { mail, letter: null }, sender: { from: 'relances@duval.example', instance: 'test' }, guard: testGuard(db.database),
});

async function send(organisation: OrganisationId, mail: Carriers['mail']): Promise<SendResult> {
  const worker = await joinWorkers(db.database);
  try {
    return await sendApproved(db.database, optionsOf(organisation, worker, mail));
  } finally {
    await worker.leave();
  }
}

const idsOf = async (organisation: OrganisationId): Promise<ActionId[]> => (await db.database.inTenant(organisation, (t) => listActions(t))).map((row) => row.action_id).toReversed();
const statesOf = async (organisation: OrganisationId): Promise<string[]> =>
  (await db.database.inTenant(organisation, (t) => listActions(t))).map((row) => `${row.state} ${row.state_reason ?? ''}`.trim()).toReversed();
const attemptsOf = (organisation: OrganisationId): Promise<{ fence: number; outcome: string | null }[]> =>
  db.database.inTenant(organisation, (t) => t.rows(t.sql`select s.fence, s.outcome from ${t.from('send_attempt')} s order by s.action_id, s.fence`));
const verified = async (organisation: OrganisationId): Promise<void> => {
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
};

type Held = { worker: WorkerPresence; options: SendOptions; claimed: Claimed[] };

/** A worker that claimed everything; where the test goes on from here, it dies. */
async function claimAll(organisation: OrganisationId): Promise<Held> {
  const worker = await joinWorkers(db.database);
  const options = optionsOf(organisation, worker, new Post().carrier);
  const ids = await idsOf(organisation);
  const { claimed } = await db.database.inTenant(organisation, (t) => claimBatch(claimIn(t), options, ids));
  expect(claimed).toHaveLength(ids.length);
  return { worker, options, claimed };
}

const attempt = (claimed: Claimed | undefined): { action: ActionId; fence: number } => {
  if (claimed === undefined) throw new Error('nothing was claimed');
  return { action: claimed.action.actionId, fence: claimed.fence };
};
const noting = (organisation: OrganisationId): Parameters<typeof noteAttempts>[2] => ({ organisation, now: by.clock.now(), today: day(TODAY) });

test('killed after the claim: nothing left, so all of it leaves with the next worker, at once and without counting as a try', async () => {
  const organisation = await givenApproved(8);
  const { worker } = await claimAll(organisation);
  await worker.leave();
  const post = new Post(() => ({ kind: 'refused', permanent: false, stage: 'message', response: '451 later' }));
  expect(await send(organisation, post.carrier)).toMatchObject({ sent: 0, unknown: 0, waiting: 8 });
  expect(post.taken).toHaveLength(8);
  expect(await attemptsOf(organisation)).toEqual(Array.from({ length: 8 }, () => [{ fence: 1, outcome: 'released' }, { fence: 2, outcome: 'refused' }]).flat());
  // Refused for now: only now does it wait for its time.
  expect(await send(organisation, post.carrier)).toMatchObject({ waiting: 0 });
  expect(post.taken).toHaveLength(8);
  await verified(organisation);
});

test('killed at each point after the claim: not started leaves again, started is parked, ended is believed', async () => {
  const organisation = await givenApproved(6);
  const { worker, claimed } = await claimAll(organisation);
  const [started, accepted, refused, unknown] = [1, 2, 3, 4].map((index) => attempt(claimed[index]));
  if (started === undefined || accepted === undefined || refused === undefined || unknown === undefined) throw new Error('six were claimed');
  expect([...(await noteAttempts(db.database, { starting: [started, accepted, refused, unknown], ended: [] }, noting(organisation)))].toSorted())
    .toEqual([started, accepted, refused, unknown].map(({ action }) => action).toSorted());
  await noteAttempts(db.database, {
    starting: [], ended: [
      { ...accepted, outcome: ACCEPTED }, { ...unknown, outcome: { kind: 'unknown', detail: 'cut' } },
      { ...refused, outcome: { kind: 'refused', permanent: true, stage: 'message', response: '550 no' } },
    ],
  }, noting(organisation));
  await worker.leave();
  const post = new Post();
  expect(await send(organisation, post.carrier)).toMatchObject({ sent: 3, unknown: 2, failed: 0, waiting: 1 });
  expect(post.taken.toSorted()).toEqual(['compta@c0000.example', 'compta@c0005.example']);
  expect(await statesOf(organisation)).toEqual(['sent', 'unknown workerLost', 'sent', 'approved 550 no', 'unknown cut', 'sent']);
  const sentOn = await db.database.inTenant(organisation, (t) => t.rows<{ sent_on: string }>(t.sql`select distinct a.sent_on from ${t.from('action')} a where a.state = 'sent'`));
  expect(sentOn).toEqual([{ sent_on: TODAY }]);
  await verified(organisation);
});

test('two calls of one worker at once, as when two persons press the same button: the second waits, and takes nothing of the first for abandoned', async () => {
  const organisation = await givenApproved(40);
  const worker = await joinWorkers(db.database);
  const post = new Post();
  const again: { call: Promise<SendResult> | null } = { call: null };
  const options = optionsOf(organisation, worker, {
    send: async (mail, stillOurs) => {
      again.call ??= sendApproved(db.database, options);
      await sleep(20);
      return post.carrier?.send(mail, stillOurs) ?? ACCEPTED;
    },
  });
  expect(await sendApproved(db.database, options)).toMatchObject({ sent: 40, unknown: 0 });
  expect(await again.call).toMatchObject({ sent: 0, unknown: 0, waiting: 0 });
  expect(post.copiesMost).toBe(1);
  await worker.leave();
  await verified(organisation);
});

test('of a message whose worker was lost a person can say at once that it arrived, and that it did not only once it cannot leave any more', async () => {
  const organisation = await givenApproved(2);
  const { worker, claimed } = await claimAll(organisation);
  const [first, second] = claimed.map(attempt);
  if (first === undefined || second === undefined) throw new Error('two were claimed');
  await noteAttempts(db.database, { starting: [first, second], ended: [] }, noting(organisation));
  await worker.leave();
  expect(await send(organisation, new Post().carrier)).toMatchObject({ unknown: 2 });
  const say = (action: ActionId, arrived: boolean, minutes: number): Promise<Resolved> => db.database.inTenant(organisation, (t) => resolveUnknown(t, action, {
    arrived, today: day(TODAY), by: { ...by, clock: { ...by.clock, now: () => new Date(Date.parse(claimed[0]?.at ?? '') + minutes * 60_000).toISOString() as Instant } },
  }));
  expect(await say(first.action, false, 2.2)).toEqual({ settled: false, minutes: 14 });
  expect(await say(first.action, true, 2.2)).toEqual({ settled: true });
  expect(await say(second.action, false, 15.6)).toEqual({ settled: false, minutes: 1 });
  expect(await say(second.action, false, 16.2)).toEqual({ settled: true });
  expect(await say(second.action, false, 16.2)).toEqual({ settled: false, minutes: null });
  expect(await statesOf(organisation)).toEqual(['sent confirmedByPerson', 'approved deniedByPerson']);
  await verified(organisation);
});

test('a worker that only seemed dead can start, note and settle nothing any more', async () => {
  const organisation = await givenApproved(3);
  const { worker, options, claimed } = await claimAll(organisation);
  const [first, second, third] = claimed.map(attempt);
  if (first === undefined || second === undefined || third === undefined) throw new Error('three were claimed');
  await noteAttempts(db.database, { starting: [first], ended: [] }, noting(organisation));
  await worker.leave();
  const post = new Post();
  expect(await send(organisation, post.carrier)).toMatchObject({ sent: 2, unknown: 1 });
  const late = await noteAttempts(db.database, { starting: [second, third], ended: [{ ...first, outcome: ACCEPTED }] }, noting(organisation));
  expect([...late]).toEqual([]);
  const before = await attemptsOf(organisation);
  expect(await db.database.inTenant(organisation, (t) => settleBatch(settleIn(t), options, claimed.map((one) => ({ claimed: one, outcome: ACCEPTED }))))).toEqual(['unknown', 'unknown', 'unknown']);
  expect(await attemptsOf(organisation)).toEqual(before);
  expect(await statesOf(organisation)).toEqual(['unknown workerLost', 'sent', 'sent']);
  await verified(organisation);
});

test('a start that comes while a rescue is being written waits for it, and loses', async () => {
  const organisation = await givenApproved(3);
  const { worker, options, claimed } = await claimAll(organisation);
  await worker.leave();
  const rescuer = await joinWorkers(db.database);
  const { late, rescued } = await db.database.inTenant(organisation, async (t) => {
    const before = await rescueOrphans(rescueIn(t, rescuer), { ...options, worker: rescuer, findLetter: null });
    const start = noteAttempts(db.database, { starting: claimed.map(attempt), ended: [] }, noting(organisation));
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { late: { start }, rescued: before };
  });
  expect(rescued).toMatchObject({ released: 3, parked: 0 });
  expect([...(await late.start)]).toEqual([]);
  await rescuer.leave();
});

test('two workers at once hand each message over once', async () => {
  const organisation = await givenApproved(150);
  const post = new Post(async () => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    return ACCEPTED;
  });
  const results = await Promise.all([send(organisation, post.carrier), send(organisation, post.carrier), send(organisation, post.carrier)]);
  expect(results.reduce((sum, one) => sum + one.sent, 0)).toBe(150);
  expect([post.taken.length, post.copiesMost]).toEqual([150, 1]);
  await verified(organisation);
});

test('a chunk in which the server does everything it can: each message is written down as what became of it', async () => {
  const organisation = await givenApproved(60);
  const post = new Post((_mail, before) => {
    switch (before % 6) {
      case 0: return { kind: 'unknown', detail: 'cut after the dot' };
      case 1: return { kind: 'refused', permanent: true, stage: 'message', response: '554 no' };
      case 2: return { kind: 'refused', permanent: false, stage: 'session', response: '421 later' };
      case 3: throw new Error('broken');
      default: return ACCEPTED;
    }
  });
  expect(await send(organisation, post.carrier)).toMatchObject({ sent: 20, unknown: 20, failed: 10, waiting: 10 });
  expect([...Map.groupBy(await statesOf(organisation), (state) => state)].map(([state, rows]) => `${rows.length} ${state}`).toSorted())
    .toEqual(['10 approved 421 later', '10 failed 554 no', '10 unknown channel failed: Error', '10 unknown cut after the dot', '20 sent']);
  expect(post.copiesMost).toBe(1);
  await verified(organisation);
});

test('a lease that ran out frees what was not started; what is being handed over since less than a lease is left alone', async () => {
  const organisation = await givenApproved(2);
  const { worker, claimed } = await claimAll(organisation);
  await noteAttempts(db.database, { starting: [attempt(claimed[0])], ended: [] }, noting(organisation));
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('action', 'a')} set lease_until = now() - interval '1 minute' where ${t.own('a')}`));
  const post = new Post();
  expect(await send(organisation, post.carrier)).toMatchObject({ sent: 1, unknown: 0 });
  expect(await statesOf(organisation)).toEqual(['claimed', 'sent']);
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('send_attempt', 's')} set started_at = now() - interval '1 hour' where ${t.own('s')} and s.outcome is null`));
  expect(await send(organisation, post.carrier)).toMatchObject({ sent: 0, unknown: 1 });
  expect(post.taken).toHaveLength(1);
  await worker.leave();
});

test('a claim of the version before says nothing of its start: it counts as started and is parked', async () => {
  const organisation = await givenApproved(1);
  const [id] = await idsOf(organisation);
  if (id === undefined) throw new Error('no action');
  await db.database.inTenant(organisation, async (t) => {
    await t.run(t.sql`${t.update('action', 'a')} set state = 'claimed', fence = 1, worker = '7', lease_until = now() + interval '20 minutes' where ${t.own('a')}`);
    await t.run(t.sql`${t.into('send_attempt', 'action_id, fence, worker, claimed_at')} values (${t.org}, ${id}::bigint, 1, '7', now())`);
  });
  const post = new Post();
  expect(await send(organisation, post.carrier)).toMatchObject({ sent: 0, unknown: 1 });
  expect(post.taken).toEqual([]);
});

test('what a call of one’s own left behind is taken up by the next one, not only by another worker', async () => {
  const organisation = await givenApproved(4);
  const { worker, claimed } = await claimAll(organisation);
  await noteAttempts(db.database, { starting: [attempt(claimed[0])], ended: [] }, noting(organisation));
  const post = new Post();
  expect(await sendApproved(db.database, optionsOf(organisation, worker, post.carrier))).toMatchObject({ sent: 3, unknown: 1 });
  await worker.leave();
  await verified(organisation);
});

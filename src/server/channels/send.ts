import type { Clock } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { claimBatch } from './claim-batch.ts';
import type { Claimed } from './claim-batch.ts';
import type { Sender } from './prepare.ts';
import { settleBatch } from './settle.ts';
import type { Outcome } from './settle.ts';
import type { SmtpOutcome } from './smtp-outcome.ts';
import type { StoredMail } from './mime.ts';
import type { WorkerPresence } from './worker-presence.ts';

/** Where messages are handed over. A channel that is null keeps its messages approved, in the outbox. */
export type Carriers = {
  readonly mail: { send(mail: StoredMail): Promise<SmtpOutcome> } | null;
  /** Puts a letter where the office prints from; the text names the place. Throws when it could not be written whole. */
  readonly letter: ((letter: { name: string; pdf: Buffer }) => Promise<string>) | null;
};

/** Whose approved actions are handed over, through what, and how many at most. */
export type SendOptions = {
  readonly organisation: OrganisationId;
  readonly today: Day;
  readonly clock: Clock;
  readonly actor: string;
  readonly worker: WorkerPresence;
  readonly carriers: Carriers;
  readonly sender: Sender;
  readonly letters: LetterMaker;
  readonly max?: number;
};

/** What became of the approved actions; `waiting` ones stay approved (no channel, closed day, cap, a try that is too recent). */
export type SendResult = {
  sent: number;
  failed: number;
  unknown: number;
  waiting: number;
  cancelled: { action: ActionId; reason: string }[];
};

/** Hand-offs of one batch, all at once: small relays refuse more connections, and each one in flight may have to be parked after a crash. */
const BATCH = 5;
/** Batches under way: while one is with the mail server, the other is claimed or written down. */
const LANES = 2;
/** Actions one call takes when no number is given; the worker calls again. */
const SEND_MAX = 10_000;
/** Wait after the first refused try; it doubles with each. */
const RETRY_MINUTES = 10;

/** Hands approved actions over, each at most once, and returns when there is none left to try now. */
export async function sendApproved(database: Database, given: SendOptions): Promise<SendResult> {
  const options = await withoutChannelsOfSample(database, given);
  const result: SendResult = { sent: 0, failed: 0, unknown: 0, waiting: 0, cancelled: [] };
  result.unknown += await parkOrphans(database, options);
  const { queue, waiting } = await database.inTenant(options.organisation, (t) => nextActions(t, options.carriers), { readOnly: true });
  result.waiting += waiting;
  let at = 0;
  let left = options.max ?? SEND_MAX;
  const work = async (): Promise<void> => {
    while (at < queue.length && left > 0) {
      const ids = queue.slice(at, at + Math.min(BATCH, left));
      at += ids.length;
      left -= ids.length;
      // What waits or is cancelled takes no place: those that wait for another day must not keep the others from leaving.
      left += ids.length - (await handOver(database, { options, result }, ids));
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, work));
  // One that fails must not tear the channel away from the others: they write down what became of theirs first.
  for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
  return result;
}

/** Of a sample company nothing ever leaves, whatever channels there are: its customers are made up, their addresses may not be. */
async function withoutChannelsOfSample(database: Database, options: SendOptions): Promise<SendOptions> {
  const profile = await database.inTenant(options.organisation, (t) => t.one<{ sample: boolean }>(t.sql`select p.sample from ${t.from('profile')} p`), { readOnly: true });
  return profile?.sample === true ? { ...options, carriers: { mail: null, letter: null } } : options;
}

type Queue = { queue: ActionId[]; waiting: number };

/** Approved actions whose channel there is, and how many wait for one that there is not. */
async function nextActions(t: Tenant, carriers: Carriers): Promise<Queue> {
  const channels = [...(carriers.mail === null ? [] : ['email']), ...(carriers.letter === null ? [] : ['letter', 'registeredLetter'])];
  const rows = await t.rows<{ action_id: ActionId }>(t.sql`
    select a.action_id from ${t.from('action')} a
    where a.state = 'approved' and a.channel = any(${channels}::text[])
      and (a.fence = 0 or a.state_at + make_interval(mins => (${RETRY_MINUTES} * 2 ^ (a.fence - 1))::int) <= now())
    order by a.action_id limit ${SEND_MAX}`);
  const closed = await t.one<{ count: number }>(t.sql`
    select count(*)::int as count from ${t.from('action')} a
    where a.state = 'approved' and a.channel in ('email', 'letter', 'registeredLetter') and not a.channel = any(${channels}::text[])`);
  return { queue: rows.map((row) => row.action_id), waiting: closed?.count ?? 0 };
}

type Work = { options: SendOptions; result: SendResult };

/** Claims a batch, hands it over, writes down what became of it. Gives how many were handed over, however that ended. */
async function handOver(database: Database, work: Work, ids: readonly ActionId[]): Promise<number> {
  const { options, result } = work;
  const { claimed, waiting, failed, cancelled } = await database.inTenant(options.organisation, (t) => claimBatch(t, options, ids));
  result.waiting += waiting;
  result.failed += failed;
  result.cancelled.push(...cancelled);
  if (claimed.length === 0) return 0;
  const outcomes = await Promise.all(claimed.map(async (one) => ({ claimed: one, outcome: await carrySafely(options, one) })));
  const written = await database.inTenant(options.organisation, (t) => settleBatch(t, options, outcomes));
  for (const state of written) result[state] += 1;
  return claimed.length;
}

/** A channel that throws may have handed the message over before it did: nobody knows, so a person decides. */
async function carrySafely(options: SendOptions, claimed: Claimed): Promise<Outcome> {
  try {
    return await carry(options, claimed);
  } catch (error) {
    return { kind: 'unknown', detail: `channel failed: ${error instanceof Error ? error.name : 'error'}` };
  }
}

async function carry(options: SendOptions, claimed: Claimed): Promise<Outcome> {
  const { mail, pdf, action } = claimed;
  if (mail !== null && options.carriers.mail !== null) return options.carriers.mail.send(mail);
  if (pdf !== null && options.carriers.letter !== null) {
    const name = `${action.customerCode.replaceAll(/[^A-Za-z0-9_-]/g, '_')}-${action.actionId}.pdf`;
    try {
      return { kind: 'accepted', response: await options.carriers.letter({ name, pdf }) };
    } catch (error) {
      const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null;
      return { kind: 'refused', permanent: false, stage: 'session', response: `print folder: ${typeof code === 'string' ? code : 'cannot be written'}` };
    }
  }
  return { kind: 'refused', permanent: true, stage: 'check', response: 'nothing to hand over' };
}

/** Parks the claims of workers that are gone: their hand-off may or may not have arrived, only a person can say. */
export async function parkOrphans(database: Database, options: Pick<SendOptions, 'organisation' | 'clock' | 'actor' | 'worker'>): Promise<number> {
  return database.inTenant(options.organisation, async (t) => {
    const claims = await t.rows<{ action_id: ActionId; fence: number; worker: string; expired: boolean }>(t.sql`
      select a.action_id, a.fence, a.worker, a.lease_until < now() as expired from ${t.from('action')} a
      where a.state = 'claimed' and a.worker <> ${options.worker.id} order by a.action_id for update skip locked`);
    let parked = 0;
    for (const one of claims) {
      if (!one.expired && (await options.worker.isAlive(t, one.worker))) continue;
      parked += 1;
      await t.run(t.sql`
        ${t.update('action', 'a')} set state = 'unknown', state_reason = 'workerLost', state_at = ${options.clock.now()}::timestamptz,
          worker = null, lease_until = null
        where ${t.own('a')} and a.action_id = ${one.action_id}::bigint and a.fence = ${one.fence}`);
      await t.run(t.sql`
        ${t.update('send_attempt', 's')} set outcome = 'unknown', response = 'worker lost', finished_at = ${options.clock.now()}::timestamptz
        where ${t.own('s')} and s.action_id = ${one.action_id}::bigint and s.fence = ${one.fence} and s.outcome is null`);
      await record(t, {
        at: options.clock.now(), actor: options.actor, kind: 'action.unknown', subject: `action:${one.action_id}`, facts: { fence: one.fence, reason: 'workerLost' },
      });
    }
    return parked;
  });
}

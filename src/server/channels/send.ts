import type { Clock } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import { holdImportsOff } from '#server/intake/import-lock.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { lockAction, recheck } from './claim.ts';
import type { LockedAction } from './claim.ts';
import { prepareMessage } from './prepare.ts';
import type { Sender } from './prepare.ts';
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
  readonly concurrency?: number;
};

/** What became of the approved actions; `waiting` ones stay approved (no channel, closed day, cap, a try that is too recent). */
export type SendResult = {
  sent: number;
  failed: number;
  unknown: number;
  waiting: number;
  cancelled: { action: ActionId; reason: string }[];
};

/** Hand-offs at once; small relays refuse more connections, and each one in flight may have to be parked after a crash. */
const CONCURRENCY = 5;
/** Actions one call takes when no number is given; the worker calls again. */
const SEND_MAX = 10_000;
/** A claim older than this belongs to nobody: longer than any hand-off may last (smtp-settings: 15 minutes). */
const LEASE_MINUTES = 20;
/** Tries refused for a passing reason before the action fails. */
const TRIES_MAX = 6;
/** Wait after the first refused try; it doubles with each. */
const RETRY_MINUTES = 10;

/** Hands approved actions over, each at most once, and returns when there is none left to try now. */
export async function sendApproved(database: Database, options: SendOptions): Promise<SendResult> {
  const result: SendResult = { sent: 0, failed: 0, unknown: 0, waiting: 0, cancelled: [] };
  result.unknown += await parkOrphans(database, options);
  const { queue, waiting } = await database.inTenant(options.organisation, (t) => nextActions(t, options.carriers), { readOnly: true });
  result.waiting += waiting;
  let at = 0;
  let left = options.max ?? SEND_MAX;
  const work = async (): Promise<void> => {
    for (let id = queue[at]; id !== undefined && left > 0; id = queue[at]) {
      at += 1;
      left -= 1;
      // What waits or is cancelled takes no place: those that wait for another day must not keep the others from leaving.
      if (!(await handOver(database, { options, result }, id))) left += 1;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(options.concurrency ?? CONCURRENCY, Math.max(queue.length, 1)) }, work));
  // One that fails must not tear the channel away from the others: they write down what became of theirs first.
  for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
  return result;
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
type Claimed = { action: LockedAction; fence: number; mail: StoredMail | null; pdf: Buffer | null; headerId: string };
type Outcome = SmtpOutcome | { kind: 'accepted'; response: string };

/** True when the action was handed over, however that ended. */
async function handOver(database: Database, work: Work, id: ActionId): Promise<boolean> {
  const { options, result } = work;
  const claimed = await database.inTenant(options.organisation, (t) => claim(t, work, id));
  if (claimed === null) return false;
  const outcome = await carry(options, claimed);
  const written = await database.inTenant(options.organisation, (t) => settle(t, options, { claimed, outcome }));
  if (written === 'sent') result.sent += 1;
  else if (written === 'failed') result.failed += 1;
  else if (written === 'unknown') result.unknown += 1;
  else result.waiting += 1;
  return true;
}

/** The claim transaction: lock, ask the engine again, store the bytes, take the fence. What it commits is handed over once. */
async function claim(t: Tenant, work: Work, id: ActionId): Promise<Claimed | null> {
  const { options, result } = work;
  if (!(await holdImportsOff(t))) return wait(result);
  const action = await lockAction(t, id);
  if (action === null) return null;
  const carrier = action.channel === 'email' ? options.carriers.mail : options.carriers.letter;
  const verdict = await recheck(t, action, options.today);
  if (verdict.go === 'cancel') return cancel(t, work, { action, reason: verdict.reason });
  // Nothing is composed before it can leave: the stored bytes never change, and would carry the day and the interest of today.
  if (verdict.go === 'later' || carrier === null) return wait(result);
  const prepared = await prepareMessage(t, action, { ...options, formalNoticeDays: verdict.policy.settings.formalNoticeDays });
  if (!prepared.ok) return cancel(t, work, { action, reason: prepared.error[0]?.code ?? 'cannotCompose', failed: true });
  const fence = action.fence + 1;
  await t.run(t.sql`
    ${t.update('action', 'a')} set state = 'claimed', state_reason = null, state_at = ${options.clock.now()}::timestamptz, fence = ${fence},
      worker = ${options.worker.id}, lease_until = now() + make_interval(mins => ${LEASE_MINUTES})
    where ${t.own('a')} and a.action_id = ${id}::bigint`);
  await t.run(t.sql`
    ${t.into('send_attempt', 'action_id, fence, worker, claimed_at')}
    values (${t.org}, ${id}::bigint, ${fence}, ${options.worker.id}, ${options.clock.now()}::timestamptz)`);
  await record(t, {
    at: options.clock.now(), actor: options.actor, kind: 'action.claimed', subject: `action:${id}`,
    facts: { fence, channel: action.channel, sha256: prepared.value.sha256, total: String(action.total), currency: action.currency },
  });
  return { action, fence, ...prepared.value };
}

function wait(result: SendResult): null {
  result.waiting += 1;
  return null;
}

async function cancel(t: Tenant, work: Work, of: { action: LockedAction; reason: string; failed?: boolean }): Promise<null> {
  const { options, result } = work;
  const state = of.failed === true ? 'failed' : 'cancelled';
  await t.run(t.sql`
    ${t.update('action', 'a')} set state = ${state}, state_reason = ${of.reason}, state_at = ${options.clock.now()}::timestamptz
    where ${t.own('a')} and a.action_id = ${of.action.actionId}::bigint`);
  await record(t, {
    at: options.clock.now(), actor: options.actor, kind: `action.${state}`, subject: `action:${of.action.actionId}`, facts: { reason: of.reason },
  });
  if (of.failed === true) result.failed += 1;
  else result.cancelled.push({ action: of.action.actionId, reason: of.reason });
  return null;
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

type Written = 'sent' | 'failed' | 'unknown' | 'waiting';

/** Writes the outcome if this claim is still ours (fence); one that was parked meanwhile stays parked for a person. */
async function settle(t: Tenant, options: SendOptions, of: { claimed: Claimed; outcome: Outcome }): Promise<Written> {
  const { claimed, outcome } = of;
  const { action, fence } = claimed;
  const response = outcome.kind === 'unknown' ? outcome.detail : outcome.response;
  const state = nextState(outcome, fence);
  const mine = await t.run(t.sql`
    ${t.update('action', 'a')} set state = ${state}, state_reason = ${state === 'sent' ? null : response.slice(0, 500)},
      state_at = ${options.clock.now()}::timestamptz, worker = null, lease_until = null,
      sent_on = case when ${state === 'sent'} then ${options.today}::date else a.sent_on end
    where ${t.own('a')} and a.action_id = ${action.actionId}::bigint and a.fence = ${fence} and a.state = 'claimed'`);
  if (mine === 0) return 'unknown';
  await t.run(t.sql`
    ${t.update('send_attempt', 's')} set outcome = ${outcome.kind}, response = ${response.slice(0, 500)}, finished_at = ${options.clock.now()}::timestamptz
    where ${t.own('s')} and s.action_id = ${action.actionId}::bigint and s.fence = ${fence} and s.outcome is null`);
  if (action.channel === 'email' && isBadAddress(outcome)) await markBounced(t, action, options.clock.now());
  await record(t, {
    at: options.clock.now(), actor: options.actor, kind: `action.${state === 'approved' ? 'refused' : state}`, subject: `action:${action.actionId}`,
    facts: { fence, outcome: outcome.kind, response: response.slice(0, 500), headerId: claimed.headerId },
  });
  return state === 'approved' ? 'waiting' : state;
}

/** Enhanced codes (RFC 3463) by which a server says that this address does not exist, moved or is closed; the plain 550 says too little. */
const BAD_ADDRESS = /(?:^|\s)5\.(?:1\.(?:[1-46]|10)|2\.1)(?!\d)/;

const isBadAddress = (outcome: Outcome): boolean => outcome.kind === 'refused' && outcome.permanent && BAD_ADDRESS.test(outcome.response);

/** Writes that a contact's address is dead, so that the next run does not choose it again every day. */
async function markBounced(t: Tenant, action: LockedAction, now: string): Promise<void> {
  await t.run(t.sql`
    ${t.update('contact', 'k')} set bounced_at = ${now}::timestamptz
    where ${t.own('k')} and k.contact_id = ${action.contactId}::bigint and k.email = ${action.recipient} and k.bounced_at is null`);
}

function nextState(outcome: Outcome, tries: number): 'sent' | 'failed' | 'unknown' | 'approved' {
  switch (outcome.kind) {
    case 'accepted': return 'sent';
    case 'unknown': return 'unknown';
    case 'refused': return outcome.permanent || tries >= TRIES_MAX ? 'failed' : 'approved';
  }
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

import type { Clock } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
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
  const queue = await database.inTenant(options.organisation, (t) => nextActions(t, options.max ?? SEND_MAX), { readOnly: true });
  let at = 0;
  const work = async (): Promise<void> => {
    for (let id = queue[at]; id !== undefined; id = queue[at]) {
      at += 1;
      await handOver(database, { options, result }, id);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency ?? CONCURRENCY, Math.max(queue.length, 1)) }, work));
  return result;
}

async function nextActions(t: Tenant, max: number): Promise<ActionId[]> {
  const rows = await t.rows<{ action_id: ActionId }>(t.sql`
    select a.action_id from ${t.from('action')} a
    where a.state = 'approved' and a.channel in ('email', 'letter', 'registeredLetter')
      and (a.fence = 0 or a.state_at + make_interval(mins => (${RETRY_MINUTES} * 2 ^ (a.fence - 1))::int) <= now())
    order by a.action_id limit ${max}`);
  return rows.map((row) => row.action_id);
}

type Work = { options: SendOptions; result: SendResult };
type Claimed = { action: LockedAction; fence: number; mail: StoredMail | null; pdf: Buffer | null; headerId: string };
type Outcome = SmtpOutcome | { kind: 'accepted'; response: string };

async function handOver(database: Database, work: Work, id: ActionId): Promise<void> {
  const { options, result } = work;
  const claimed = await database.inTenant(options.organisation, (t) => claim(t, work, id));
  if (claimed === null) return;
  const outcome = await carry(options, claimed);
  const written = await database.inTenant(options.organisation, (t) => settle(t, options, { claimed, outcome }));
  if (written === 'sent') result.sent += 1;
  else if (written === 'failed') result.failed += 1;
  else if (written === 'unknown') result.unknown += 1;
  else result.waiting += 1;
}

/** The claim transaction: lock, ask the engine again, store the bytes, take the fence. What it commits is handed over once. */
async function claim(t: Tenant, work: Work, id: ActionId): Promise<Claimed | null> {
  const { options, result } = work;
  const action = await lockAction(t, id);
  if (action === null) return null;
  const carrier = action.channel === 'email' ? options.carriers.mail : options.carriers.letter;
  const verdict = await recheck(t, action, options.today);
  if (verdict.go === 'cancel') return cancel(t, work, { action, reason: verdict.reason });
  const prepared = await prepareMessage(t, action, { ...options, formalNoticeDays: verdict.policy.settings.formalNoticeDays });
  if (!prepared.ok) return cancel(t, work, { action, reason: prepared.error[0]?.code ?? 'cannotCompose', failed: true });
  if (verdict.go === 'later' || carrier === null) {
    result.waiting += 1;
    return null;
  }
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
  await record(t, {
    at: options.clock.now(), actor: options.actor, kind: `action.${state === 'approved' ? 'refused' : state}`, subject: `action:${action.actionId}`,
    facts: { fence, outcome: outcome.kind, response: response.slice(0, 500), headerId: claimed.headerId },
  });
  return state === 'approved' ? 'waiting' : state;
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
